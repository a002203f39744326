//! `DELETE /api/v1/rooms/{code}`: its owner deletes it, with its chat and its files. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::Question;
use proto::Refusal;
use store::DeleteRoomError;

use super::{ask, find_own, name};
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Deletes it, ends its meeting, and takes its files from the disk.
#[utoipa::path(
    delete, path = "/api/v1/rooms/{code}", operation_id = "deleteRoom", tag = "rooms",
    summary = "Delete a room with its chat and files",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 204, description = "It is gone."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
) -> Result<StatusCode, Fault> {
    let stored = find_own(&app, caller, me.account.id, &code).await?;
    let id = stored.room.id;
    let files = match app.store.delete_room(id).await {
        Ok(files) => files,
        Err(DeleteRoomError::Unknown) => return Err(Refusal::RoomUnknown.into()),
        Err(DeleteRoomError::Write(error)) => return Err(error.into()),
    };
    tracing::info!(room.id = %id, "room {id} deleted");
    // First it is gone, then its meeting ends: nobody finds the way in again in between.
    ask(&app, Question::End { room: name(&stored.room)?, person: None }).await?;
    app.files.remove(&files).await;
    Ok(StatusCode::NO_CONTENT)
}
