//! `POST /api/v1/hooks/{id}/test`: tell a webhook something, to see whether it is taken. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, who::Admin};

/// Queues an event named `test`, which is tried once, unless the webhook is switched off or too much waits for it.
#[utoipa::path(
    post, path = "/api/v1/hooks/{id}/test", operation_id = "testHook", tag = "hooks",
    summary = "Send a webhook a test",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found", "bad_setting", "too_many"]))),
    params(("id" = String, Path, description = "The webhook.")),
    responses(
        (status = 204, description = "On its way. The log says what became of it."),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, _: Admin, Path(id): Path<String>) -> Result<StatusCode, Fault> {
    let hook = super::find(&app, &id).await?;
    if hook.stopped.is_some() {
        return Err(Refusal::BadSetting.into());
    }
    if !app.hooks.test(hook.id).await {
        return Err(Refusal::TooMany.into());
    }
    Ok(StatusCode::NO_CONTENT)
}
