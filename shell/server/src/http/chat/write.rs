//! `POST /api/v1/rooms/{code}/messages`: write a line. Answers 201 with the [`Message`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use proto::{
    Refusal,
    api::{Message, WriteMessage},
    id::IdSource,
};
use store::AddMessageError;

use super::{line, place, tell, text, writer};
use crate::{
    clock,
    http::{App, Caller, body::Body, problem::Fault, who::Somebody},
    random,
};

/// Keeps it, then tells those whom it is for. What was answered survives a power cut.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/messages", operation_id = "writeMessage", tag = "chat",
    summary = "Write a line",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found", "bad_text"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
    ),
    request_body = WriteMessage,
    responses(
        (status = 201, description = "The line, kept.", body = Message),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
    Body(wanted): Body<WriteMessage>,
) -> Result<(StatusCode, Json<Message>), Fault> {
    let person = who.person();
    let text = text(&wanted.text, wanted.file.is_some())?;
    app.writers.take(Instant::now(), &person)?;
    let place = place(&app, caller, &person, &code).await?;
    let room = place.id();
    let writer = writer(&app, &place, &person, wanted.to.clone(), true).await?;
    if let Some(answered) = wanted.reply_to {
        let answered = line(&app, room, &answered.to_string(), &person, writer.from).await?;
        // An answer to what was said to one person alone stays between the two.
        if answered.to.is_some() && wanted.to.is_none() {
            return Err(Refusal::NotAllowed.into());
        }
    }
    let file = match wanted.file {
        Some(id) => {
            let file = app.store.file(room, id).await?.filter(|file| file.by == person);
            Some(file.ok_or(Refusal::NotFound)?.file)
        }
        None => None,
    };
    let at = clock::unix_ms();
    let message = Message {
        id: IdSource::new(random::seed()).next(at),
        from: person,
        name: writer.name,
        to: wanted.to,
        at,
        text,
        reply_to: wanted.reply_to,
        edited: false,
        file,
        reactions: Vec::new(),
        deed: None,
    };
    match app.store.add_message(room, &message).await {
        Ok(()) => {}
        Err(AddMessageError::RoomGone) => return Err(Refusal::RoomUnknown.into()),
        Err(AddMessageError::FileGone) => return Err(Refusal::NotFound.into()),
        Err(AddMessageError::Write(error)) => return Err(error.into()),
    }
    Ok((StatusCode::CREATED, Json(tell(&app, &place, message).await?)))
}
