//! `DELETE /api/v1/invitations/{id}`: take a link back. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, who::Admin};

/// Takes it back.
#[utoipa::path(
    delete, path = "/api/v1/invitations/{id}", operation_id = "takeInvitationBack", tag = "invitations",
    summary = "Take an invitation back",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The invitation.")),
    responses(
        (status = 204, description = "Taken back."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    if !app.store.delete_invitation(&id).await? {
        return Err(Refusal::NotFound.into());
    }
    tracing::info!(account.id = %admin.account.id, "invitation taken back by account {}", admin.account.id);
    Ok(StatusCode::NO_CONTENT)
}
