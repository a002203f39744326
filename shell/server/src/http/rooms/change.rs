//! `PATCH /api/v1/rooms/{code}`: its owner gives it another title, description or policy. Answers the [`Room`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use hub::Question;
use proto::{
    Refusal,
    api::{ChangeRoom, Room},
};
use store::ChangeRoomError;

use super::{ask, description, find_own, name, readable};
use crate::http::{App, Caller, body::Body, problem::Fault, who::Member};

/// Keeps it, then tells the meeting.
#[utoipa::path(
    patch, path = "/api/v1/rooms/{code}", operation_id = "changeRoom", tag = "rooms",
    summary = "Change a room",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed", "bad_name", "bad_text"]))),
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
    let policy = wanted.policy;
    let id = stored.room.id;
    match app.store.change_room(id, title.as_deref(), description.as_deref(), policy.as_ref()).await {
        Ok(()) => {}
        Err(ChangeRoomError::Unknown) => return Err(Refusal::RoomUnknown.into()),
        Err(ChangeRoomError::Write(error)) => return Err(error.into()),
    }
    if policy.is_some() {
        ask(&app, Question::Changed { room: name(&stored.room)?, policy, role: None }).await?;
    }
    Ok(Json(Room {
        title: title.unwrap_or(stored.room.title),
        description: description.unwrap_or(stored.room.description),
        ..stored.room
    }))
}
