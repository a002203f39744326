//! `DELETE /api/v1/rooms/{code}/messages/{id}`: delete a line of mine, or any as one who leads. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::Question;
use proto::Refusal;
use store::DeleteMessageError;

use super::{line, reader};
use crate::http::{
    App, Caller,
    problem::Fault,
    rooms::{ask, find_for, name},
    who::Somebody,
};

/// Deletes it with its file, then tells those in the meeting.
#[utoipa::path(
    delete, path = "/api/v1/rooms/{code}/messages/{id}", operation_id = "deleteMessage", tag = "chat",
    summary = "Delete a line",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
        ("id" = String, Path, description = "The id of the line."),
    ),
    responses(
        (status = 204, description = "It is gone."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path((code, id)): Path<(String, String)>,
) -> Result<StatusCode, Fault> {
    let person = who.person();
    app.writers.take(Instant::now(), &person)?;
    let stored = find_for(&app, caller, &person, &code).await?;
    let (from, role) = reader(&app, &stored, &person).await?;
    let message = line(&app, stored.room.id, &id, &person, from).await?;
    if message.from != person && !role.leads() {
        return Err(Refusal::NotAllowed.into());
    }
    let file = match app.store.delete_message(stored.room.id, message.id).await {
        Ok(file) => file,
        Err(DeleteMessageError::Unknown) => return Err(Refusal::NotFound.into()),
        Err(DeleteMessageError::Write(error)) => return Err(error.into()),
    };
    if let Some(file) = file {
        app.files.remove(&[file]).await;
    }
    ask(&app, Question::Erased { room: name(&stored.room)?, id: message.id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
