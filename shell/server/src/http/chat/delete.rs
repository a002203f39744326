//! `DELETE /api/v1/rooms/{code}/messages/{id}`: delete a line of mine, or any as one who leads. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::Question;
use proto::Refusal;
use store::DeleteMessageError;

use super::{Place, line, place, reader};
use crate::http::{
    App, Caller, conversations,
    problem::Fault,
    rooms::{ask, name},
    who::Somebody,
};

/// Deletes it with its file, then tells those in the meeting or conversation.
#[utoipa::path(
    delete, path = "/api/v1/rooms/{code}/messages/{id}", operation_id = "deleteMessage", tag = "chat",
    summary = "Delete a line",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
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
    let place = place(&app, caller, &person, &code).await?;
    let (from, role) = reader(&app, &place, &person).await?;
    let message = line(&app, place.id(), &id, &person, from).await?;
    // What was done is not undone by striking it out.
    if message.from != person && !role.leads() || message.deed.is_some() {
        return Err(Refusal::NotAllowed.into());
    }
    let file = match app.store.delete_message(place.id(), message.id).await {
        Ok(file) => file,
        Err(DeleteMessageError::Unknown) => return Err(Refusal::NotFound.into()),
        Err(DeleteMessageError::Write(error)) => return Err(error.into()),
    };
    if let Some(file) = file {
        app.files.remove(&[file]).await;
    }
    match &place {
        Place::Room(stored) => {
            ask(&app, Question::Erased { room: name(&stored.room)?, id: message.id }).await?;
        }
        Place::Conversation(talk) => conversations::tell_erased(&app, talk.stored.id, message.id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
