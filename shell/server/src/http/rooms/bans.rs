//! `GET /api/v1/rooms/{code}/bans`: who was removed from a room for good, for those who lead it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::api::Ban;

use super::{MEMBERS, find_led};
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Lists them, the last first.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/bans", operation_id = "roomBans", tag = "rooms",
    summary = "Who may not come back",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 200, description = "Who was removed for good, the last first.", body = Vec<Ban>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
) -> Result<Json<Vec<Ban>>, Fault> {
    let stored = find_led(&app, caller, me.account.id, &code).await?;
    let bans = app.store.bans(stored.room.id, MEMBERS as u32).await?;
    Ok(Json(bans.into_iter().map(|store::Ban { person, name, at }| Ban { person, name, at }).collect()))
}
