//! `DELETE /api/v1/rooms/{code}/bans/{person}`: those who lead a room let somebody come to its door again. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{Person, Refusal};

use super::{find_led, pardon};
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Keeps it, then tells the meeting.
#[utoipa::path(
    delete, path = "/api/v1/rooms/{code}/bans/{person}", operation_id = "pardon", tag = "rooms",
    summary = "Let somebody come back",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
        ("person" = String, Path, description = "Who."),
    ),
    responses(
        (status = 204, description = "May come back."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path((code, person)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let stored = find_led(&app, caller, me.account.id, &code).await?;
    let person: Person = person.parse().map_err(|_| Refusal::NotFound)?;
    if pardon(&app, &stored, person).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::NotFound.into()) }
}
