//! `DELETE /api/v1/me/devices/{id}`: sign out there. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, rooms, who::Member};

/// Signs out there. Sessions of others are not found.
#[utoipa::path(
    delete, path = "/api/v1/me/devices/{id}", operation_id = "signOutDevice", tag = "me",
    summary = "Sign out elsewhere",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The device.")),
    responses(
        (status = 204, description = "Signed out there."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    if !app.store.close_session(me.account.id, &id).await? {
        return Err(Refusal::NotFound.into());
    }
    tracing::info!(account.id = %me.account.id, "account {} signed a device out", me.account.id);
    // Which of the devices in a meeting that was, no meeting knows: each comes back by the door, and that one does not.
    rooms::leave_all(&app, me.account.id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
