//! `GET /api/v1/rooms/{code}/meetings/{began}`: every minute of one meeting in numbers, for the owner of the room.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{Refusal, quality::Record};

use super::find_own;
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Lists them in the order of time.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/meetings/{began}", operation_id = "pastMeeting", tag = "rooms",
    summary = "One meeting of a room, minute by minute",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
        ("began" = String, Path, description = "When the meeting began, in milliseconds since 1970, as the list of meetings says it."),
    ),
    responses(
        (status = 200, description = "One record for each participant and minute. Kept for 90 days.", body = Vec<Record>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path((code, began)): Path<(String, String)>,
) -> Result<Json<Vec<Record>>, Fault> {
    let stored = find_own(&app, caller, me.account.id, &code).await?;
    let began = began.parse().map_err(|_| Refusal::NotFound)?;
    let records = app.store.quality(stored.room.id, began).await?;
    if records.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    Ok(Json(records))
}
