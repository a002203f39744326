//! `GET /api/v1/rooms/now`: the meetings that run now in rooms of mine.

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::MyRoom;

use super::{OF_ONE, with_meetings};
use crate::http::{App, problem::Fault, who::Member};

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/rooms/now", operation_id = "roomsNow", tag = "rooms",
    summary = "The meetings that run now",
    security(("session" = [])),
    responses(
        (status = 200, description = "The meetings that run now.", body = Vec<MyRoom>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<MyRoom>>, Fault> {
    let rooms = app.store.rooms_of(me.account.id, OF_ONE).await?;
    let mut rooms = with_meetings(&app, me.account.id, rooms).await?;
    rooms.retain(|room| room.since.is_some());
    Ok(Json(rooms))
}
