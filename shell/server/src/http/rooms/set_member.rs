//! `PUT /api/v1/rooms/{code}/members/{name}`: its owner makes somebody with an account a member or host of a room, or
//! changes that. Who was removed for good may come back. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::Question;
use proto::{Person, Refusal, Role, api::ChangeMember};

use super::{MEMBERS, ask, find_own, name};
use crate::http::{App, Caller, body::Body, problem::Fault, who::Member};

/// Keeps it, then tells the meeting.
#[utoipa::path(
    put, path = "/api/v1/rooms/{code}/members/{name}", operation_id = "setRoomMember", tag = "rooms",
    summary = "Add somebody to a room, or change what they are",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed", "not_found", "bad_setting", "too_many"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
        ("name" = String, Path, description = "The name to sign in with."),
    ),
    request_body = ChangeMember,
    responses(
        (status = 204, description = "Kept."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path((code, who)): Path<(String, String)>,
    Body(wanted): Body<ChangeMember>,
) -> Result<StatusCode, Fault> {
    let stored = find_own(&app, caller, me.account.id, &code).await?;
    if !matches!(wanted.role, Role::Host | Role::Member) {
        return Err(Refusal::BadSetting.into());
    }
    let account = app.store.account_by_name(&who).await?.filter(|account| !account.disabled);
    let account = account.ok_or(Refusal::NotFound)?;
    if stored.owner == Some(account.id) {
        return Err(Refusal::NotAllowed.into());
    }
    let room = stored.room.id;
    let members = app.store.room_members(room).await?;
    if members.len() >= MEMBERS && !members.iter().any(|(member, _)| member.id == account.id) {
        return Err(Refusal::TooMany.into());
    }
    let person = Person::Account(account.id);
    super::pardon(&app, &stored, person.clone()).await?;
    if !app.store.set_room_member(room, account.id, wanted.role).await? {
        return Err(Refusal::NotFound.into());
    }
    // An administrator is an owner everywhere, whatever the room says.
    let role = super::role(&app, &stored, &person).await?;
    ask(&app, Question::Changed { room: name(&stored.room)?, policy: None, role: Some((person, role)) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
