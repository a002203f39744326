//! `GET /api/v1/invitations`: the invitations that are still good. Answers a list of [`Invitation`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Invitation;

use super::view;
use crate::{
    clock,
    http::{App, problem::Fault, who::Admin},
};

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/invitations", operation_id = "listInvitations", tag = "invitations",
    summary = "The invitations that are still good",
    security(("session" = ["admin"])),
    responses(
        (status = 200, description = "Those that are still good.", body = Vec<Invitation>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Admin(_): Admin) -> Result<Json<Vec<Invitation>>, Fault> {
    let now = clock::unix_ms();
    let kept = app.store.invitations().await?;
    let good = kept.into_iter().filter(|invitation| invitation.uses_left > 0 && now < invitation.expires_at);
    Ok(Json(good.map(view).collect()))
}
