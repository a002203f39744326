//! `POST /api/v1/attendance/{channel}/notify`: a message to one attendant. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::api::Notify;

use super::{Program, tell};
use crate::http::{App, body::Body, problem::Fault};

/// Sends it. 204 says that it waits for the program's network to take it, not that the program has read it. Programs of others
/// are not found.
#[utoipa::path(
    post, path = "/api/v1/attendance/{channel}/notify", operation_id = "notifyAttendant", tag = "attendance",
    summary = "Send a message to a program that attends",
    security(("session" = []), ("program" = [])),
    extensions(("x-problems" = json!(["wrong_password", "too_often", "bad_text", "not_found"]))),
    request_body = Notify,
    params(("channel" = String, Path, description = "The channel, from the list.")),
    responses(
        (status = 204, description = "It is on its way."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    program: Program,
    Path(channel): Path<String>,
    Body(wanted): Body<Notify>,
) -> Result<StatusCode, Fault> {
    tell(&app, &program, &channel, &wanted.message)?;
    Ok(StatusCode::NO_CONTENT)
}
