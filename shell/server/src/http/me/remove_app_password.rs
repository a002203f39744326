//! `DELETE /api/v1/me/app-passwords/{id}`: a program comes in no more. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, who::Member};

/// Removes it, and ends what came in with it. Those of others are not found.
#[utoipa::path(
    delete, path = "/api/v1/me/app-passwords/{id}", operation_id = "removeAppPassword", tag = "me",
    summary = "Let a program in no more",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The app password.")),
    responses(
        (status = 204, description = "Removed; its programs attend no more."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    if !app.store.remove_app_password(account, &id).await? {
        return Err(Refusal::NotFound.into());
    }
    tracing::info!(account.id = %account, "account {account} removed an app password");
    app.endings.tell(account);
    Ok(StatusCode::NO_CONTENT)
}
