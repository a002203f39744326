//! `PUT /api/v1/me/visibility`: say who sees how I am to be found, until I say otherwise. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{extract::State, http::StatusCode};
use proto::{Person, api::Visibility};

use crate::http::{App, body::Body, contacts, problem::Fault, who::Member};

/// Keeps it, then tells the hub, which tells whoever sees me now and did not before, and the other way round.
#[utoipa::path(
    put, path = "/api/v1/me/visibility", operation_id = "putVisibility", tag = "me",
    summary = "Say who sees how I am to be found",
    security(("session" = [])),
    extensions(("x-problems" = json!(["too_often"]))),
    request_body = Visibility,
    responses(
        (status = 204, description = "It counts at once. Whoever does not see me finds me offline, and may call me."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(Visibility { seen_by }): Body<Visibility>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    // The hub hears of it with the phone book, and of the newest last.
    let turn = contacts::turn(&app, account).await?;
    app.store.show_to(account, seen_by).await?;
    turn.told().await?;
    Ok(StatusCode::NO_CONTENT)
}
