//! `DELETE /api/v1/rooms/{code}/members/{name}`: somebody belongs to a room no more. Its owner does that, or whoever wants
//! to leave it. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::Question;
use proto::{Person, Refusal, Role};

use super::{ask, find, name, role};
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Keeps it, then tells the meeting.
#[utoipa::path(
    delete, path = "/api/v1/rooms/{code}/members/{name}", operation_id = "removeRoomMember", tag = "rooms",
    summary = "Take somebody out of a room, or leave it",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
        ("name" = String, Path, description = "The name to sign in with."),
    ),
    responses(
        (status = 204, description = "Kept."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path((code, who)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let stored = find(&app, caller, &code).await?;
    let account = app.store.account_by_name(&who).await?;
    let myself = account.as_ref().is_some_and(|account| account.id == me.account.id);
    if !myself && role(&app, &stored, &Person::Account(me.account.id)).await? != Role::Owner {
        return Err(Refusal::NotAllowed.into());
    }
    let account = account.ok_or(Refusal::NotFound)?;
    if !app.store.remove_room_member(stored.room.id, account.id).await? {
        return Err(Refusal::NotFound.into());
    }
    let person = Person::Account(account.id);
    let left = role(&app, &stored, &person).await?;
    ask(&app, Question::Changed { room: name(&stored.room)?, policy: None, role: Some((person, left)) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
