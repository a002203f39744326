//! `GET /api/v1/rooms`: my rooms, those that are kept first and then the newest, each with what goes on in it now.

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::MyRoom;

use super::{OF_ONE, with_meetings};
use crate::http::{App, problem::Fault, who::Member};

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/rooms", operation_id = "myRooms", tag = "rooms",
    summary = "My rooms",
    security(("session" = [])),
    responses(
        (status = 200, description = "My rooms, those that are kept first and then the newest.", body = Vec<MyRoom>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<MyRoom>>, Fault> {
    let rooms = app.store.rooms_of(me.account.id, OF_ONE).await?;
    with_meetings(&app, me.account.id, rooms).await.map(Json)
}
