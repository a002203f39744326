//! `DELETE /api/v1/hooks/{id}`: a webhook is told nothing more. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, who::Admin};

/// Forgets it, with what waits for it and its log.
#[utoipa::path(
    delete, path = "/api/v1/hooks/{id}", operation_id = "deleteHook", tag = "hooks",
    summary = "Remove a webhook",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The webhook.")),
    responses(
        (status = 204, description = "Removed, with what waited for it."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    if !app.store.remove_hook(id).await? {
        return Err(Refusal::NotFound.into());
    }
    tracing::info!(account.id = %admin.account.id, hook.id = %id, "webhook {id} was removed by account {}", admin.account.id);
    app.hooks.changed().await;
    Ok(StatusCode::NO_CONTENT)
}
