//! `PUT /api/v1/me/presence`: say something of myself that others see, until I say something else. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{extract::State, http::StatusCode};
use hub::Question;
use proto::{Person, api::MyPresence};

use crate::http::{App, body::Body, problem::Fault, rooms, who::Member};

/// Keeps it, then tells others.
#[utoipa::path(
    put, path = "/api/v1/me/presence", operation_id = "choosePresence", tag = "me",
    summary = "Say something of myself",
    security(("session" = [])),
    request_body = MyPresence,
    responses(
        (status = 204, description = "Others see it now."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(MyPresence { chosen }): Body<MyPresence>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    app.store.choose(account, chosen).await?;
    rooms::ask(&app, Question::Choose { account, chosen }).await?;
    Ok(StatusCode::NO_CONTENT)
}
