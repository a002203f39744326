//! `DELETE /api/v1/me/passkeys/{id}`: sign in with it no more. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, who::Member};

/// Removes it. Passkeys of others are not found.
#[utoipa::path(
    delete, path = "/api/v1/me/passkeys/{id}", operation_id = "removePasskey", tag = "me",
    summary = "Remove a passkey",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The passkey.")),
    responses(
        (status = 204, description = "Removed."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    if !app.store.remove_passkey(me.account.id, &id).await? {
        return Err(Refusal::NotFound.into());
    }
    tracing::info!(account.id = %me.account.id, "account {} removed a passkey", me.account.id);
    Ok(StatusCode::NO_CONTENT)
}
