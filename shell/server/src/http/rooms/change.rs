//! `PATCH /api/v1/rooms/{code}`: its owner gives it another title, description or policy, or keeps it. Answers the [`Room`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
};
use hub::Question;
use proto::{
    Refusal,
    api::{ChangeRoom, Room},
};
use store::{ChangeRoomError, RoomChange};

use super::{OF_ONE, ask, description, find_own, name, readable};
use crate::{
    account::settings::Settings,
    http::{App, Caller, body::Body, problem::Fault, who::Member},
};

/// Keeps it, then tells the meeting.
#[utoipa::path(
    patch, path = "/api/v1/rooms/{code}", operation_id = "changeRoom", tag = "rooms",
    summary = "Change a room",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed", "bad_name", "bad_text", "too_many", "too_often"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = ChangeRoom,
    responses(
        (status = 200, description = "The room now.", body = Room),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
    Body(wanted): Body<ChangeRoom>,
) -> Result<Json<Room>, Fault> {
    let stored = find_own(&app, caller, me.account.id, &code).await?;
    let title = wanted.title.as_deref().map(readable).transpose()?;
    let description = wanted.description.as_deref().map(description).transpose()?;
    let id = stored.room.id;
    let _turn = app.changes.turn(id).await;
    // What is kept now, which no act changes before this is done.
    let kept = app.store.room_by_id(id).await?.ok_or(Refusal::RoomUnknown)?;
    let keeps = wanted.listed == Some(true) && !kept.listed;
    // It is a room more: one of a call was made by somebody who needed no leave for that.
    if keeps {
        if !Settings::read(&app.store).await?.may_create(Some(&me.account)) {
            return Err(Refusal::NotAllowed.into());
        }
        app.limits.rooms.take(Instant::now(), caller)?;
    }
    if keeps
        && let Some(owner) = kept.owner
        && app.store.rooms_kept(owner).await? >= u64::from(OF_ONE)
    {
        return Err(Refusal::TooMany.into());
    }
    let policy = wanted.policy.as_ref().map(|change| kept.policy.with(change));
    let change = RoomChange {
        title: title.as_deref(),
        description: description.as_deref(),
        policy: policy.as_ref(),
        listed: wanted.listed,
    };
    match app.store.change_room(id, &change).await {
        Ok(()) => {}
        Err(ChangeRoomError::Unknown) => return Err(Refusal::RoomUnknown.into()),
        Err(ChangeRoomError::Write(error)) => return Err(error.into()),
    }
    if wanted.policy.is_some() {
        ask(&app, Question::Changed { room: name(&stored.room)?, policy: wanted.policy, role: None }).await?;
    }
    Ok(Json(Room {
        title: title.unwrap_or(stored.room.title),
        description: description.unwrap_or(stored.room.description),
        ..stored.room
    }))
}
