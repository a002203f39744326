//! `PUT /api/v1/me/presence`: say something of myself that others see, until I say something else. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{extract::State, http::StatusCode};
use hub::Question;
use proto::{Person, Refusal, api::MyPresence};

use crate::http::{App, body::Body, problem::Fault, rooms, who::Member};

/// Keeps it, then tells others.
#[utoipa::path(
    put, path = "/api/v1/me/presence", operation_id = "choosePresence", tag = "me",
    summary = "Say something of myself",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_text", "too_often"]))),
    request_body = MyPresence,
    responses(
        (status = 204, description = "Others see it now."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(said): Body<MyPresence>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let said = MyPresence { note: noted(&said.note)?, ..said };
    app.store.choose(account, &said).await?;
    rooms::ask(&app, Question::Choose { account, said }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A note, without blanks around it; it may be empty.
fn noted(note: &str) -> Result<String, Refusal> {
    let note = note.trim();
    let sound = note.chars().count() <= NOTE && !note.chars().any(char::is_control);
    sound.then(|| note.to_owned()).ok_or(Refusal::BadText)
}

/// The most characters of a note: what stands on one line beside a name.
const NOTE: usize = 100;
