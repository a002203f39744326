//! `POST /api/v1/calls/looked`: I have looked at the calls that I missed. Answers 204.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use hub::Question;

use crate::http::{App, problem::Fault, rooms, who::Member};

/// Keeps that, then tells my other devices.
#[utoipa::path(
    post, path = "/api/v1/calls/looked", operation_id = "lookAtCalls", tag = "calls",
    summary = "I have looked at the calls that I missed",
    security(("session" = [])),
    responses(
        (status = 204, description = "None is counted as missed any more."),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<StatusCode, Fault> {
    app.store.look_at_calls(me.account.id).await?;
    rooms::ask(&app, Question::Looked(me.account.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
