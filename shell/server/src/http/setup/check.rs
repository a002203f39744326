//! `POST /api/v1/setup/check`: whether a set-up code is right, before the rest is typed. Answers 204.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use proto::api::SetUpCode;

use super::check_code;
use crate::http::{App, Caller, body::Body, problem::Fault};

/// Checks it. The code stays good.
#[utoipa::path(
    post, path = "/api/v1/setup/check", operation_id = "checkSetUpCode", tag = "server",
    summary = "Whether a set-up code is right",
    security(()),
    extensions(("x-problems" = json!(["wrong_code", "too_often"]))),
    request_body = SetUpCode,
    responses(
        (status = 204, description = "The code is right."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<SetUpCode>,
) -> Result<StatusCode, Fault> {
    check_code(&app, caller, &wanted.code)?;
    Ok(StatusCode::NO_CONTENT)
}
