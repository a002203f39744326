//! `PATCH /api/v1/rooms/{code}/messages/{id}`: change a line of mine. Answers the [`Message`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{
    Refusal,
    api::{EditMessage, Message},
};

use super::{line, place, tell_changed, text, writer};
use crate::http::{App, Caller, body::Body, problem::Fault, who::Somebody};

/// Keeps it, then tells those whom it is for.
#[utoipa::path(
    patch, path = "/api/v1/rooms/{code}/messages/{id}", operation_id = "editMessage", tag = "chat",
    summary = "Change a line of mine",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found", "bad_text"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
        ("id" = String, Path, description = "The id of the line."),
    ),
    request_body = EditMessage,
    responses(
        (status = 200, description = "The line now.", body = Message),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path((code, id)): Path<(String, String)>,
    Body(wanted): Body<EditMessage>,
) -> Result<Json<Message>, Fault> {
    let person = who.person();
    app.writers.take(Instant::now(), &person)?;
    let place = place(&app, caller, &person, &code).await?;
    let writer = writer(&app, &place, &person, None, true).await?;
    let message = line(&app, place.id(), &id, &person, writer.from).await?;
    if message.from != person || message.deed.is_some() {
        return Err(Refusal::NotAllowed.into());
    }
    let text = text(&wanted.text, message.file.is_some())?;
    if !app.store.edit_message(place.id(), message.id, &text).await? {
        return Err(Refusal::NotFound.into());
    }
    tell_changed(&app, &place, message.id).await.map(Json)
}
