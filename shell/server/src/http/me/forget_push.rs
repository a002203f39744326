//! `DELETE /api/v1/me/push`: wake this browser no more. Answers 204.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};

use crate::http::{App, problem::Fault, who::Member};

/// Forgets how, if it was known.
#[utoipa::path(
    delete, path = "/api/v1/me/push", operation_id = "forgetPush", tag = "me",
    summary = "Wake this browser no more",
    security(("session" = [])),
    responses(
        (status = 204, description = "It is not woken any more."),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<StatusCode, Fault> {
    app.store.remove_push(&me.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
