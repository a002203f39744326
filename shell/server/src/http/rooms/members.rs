//! `GET /api/v1/rooms/{code}/members`: who belongs to a room, for those who lead it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::api::Member as View;

use super::find_led;
use crate::{
    account::views,
    http::{App, Caller, problem::Fault, who::Member},
};

/// Lists them, hosts first.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/members", operation_id = "roomMembers", tag = "rooms",
    summary = "Who belongs to a room",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 200, description = "Who belongs to the room, hosts first.", body = Vec<View>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
) -> Result<Json<Vec<View>>, Fault> {
    let stored = find_led(&app, caller, me.account.id, &code).await?;
    let members = app.store.room_members(stored.room.id).await?;
    Ok(Json(members.into_iter().map(|(member, role)| View { account: views::account(&member), role }).collect()))
}
