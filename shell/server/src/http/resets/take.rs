//! `POST /api/v1/resets`: set a new password with a reset link. Answers 204; every device is signed out.

use std::{sync::Arc, time::Instant};

use axum::{extract::State, http::StatusCode};
use proto::{Refusal, api::ResetPassword};

use crate::{
    account::{secret, weak},
    clock,
    http::{App, Caller, body::Body, problem::Fault, rooms},
};

/// Sets it, once. A link that is unknown, used or too old is answered alike, after the same work.
#[utoipa::path(
    post, path = "/api/v1/resets", operation_id = "takeReset", tag = "accounts",
    summary = "Set a new password by a link",
    security(()),
    extensions(("x-problems" = json!(["weak_password", "bad_link", "too_often"]))),
    request_body = ResetPassword,
    responses(
        (status = 204, description = "The password is set; every device is signed out."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<ResetPassword>,
) -> Result<StatusCode, Fault> {
    weak::refuse(&wanted.password, "")?;
    app.limits.secrets.take(Instant::now(), caller)?;
    let password = app.accounts.passwords.hash(wanted.password).await?;
    let taken = app.store.use_reset(&secret::hash(&wanted.secret), clock::unix_ms(), &password).await?;
    let account = taken.ok_or(Refusal::BadLink)?;
    app.limits.secrets.give_back(caller);
    tracing::info!(account.id = %account, "account {account} has a new password by a reset link");
    rooms::leave_all(&app, account, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
