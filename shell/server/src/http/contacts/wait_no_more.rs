//! `DELETE /api/v1/people/{id}/awaited`: do not tell me when they are free. Answers 204, waited for or not.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::Question;
use proto::{AccountId, Person, Refusal};

use crate::http::{App, problem::Fault, rooms, who::Member};

/// Takes it back on all my devices.
#[utoipa::path(
    delete, path = "/api/v1/people/{id}/awaited", operation_id = "awaitNoMore", tag = "calls",
    summary = "Do not tell me when somebody is free",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "too_often"]))),
    params(("id" = String, Path, description = "The account.")),
    responses(
        (status = 204, description = "I wait for them no longer."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let person: AccountId = id.parse().map_err(|_| Refusal::NotFound)?;
    rooms::ask(&app, Question::AwaitNoMore { account, person }).await?;
    Ok(StatusCode::NO_CONTENT)
}
