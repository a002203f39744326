//! `POST /api/v1/accounts/{id}/reset`: a link with which somebody who forgot their password sets a new one. Answers 201
//! with [`SecretLink`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use proto::{Refusal, api::SecretLink};

use super::parse;
use crate::{
    account::reset,
    http::{App, problem::Fault, who::Admin},
};

/// Makes it.
#[utoipa::path(
    post, path = "/api/v1/accounts/{id}/reset", operation_id = "resetAccount", tag = "accounts",
    summary = "Make a link that sets a new password",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The account.")),
    responses(
        (status = 201, description = "A link that sets a new password.", body = SecretLink),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<SecretLink>), Fault> {
    let account = app.store.account(parse(&id)?).await?.ok_or(Refusal::NotFound)?.id;
    let link = reset::link(&app.store, account).await?;
    tracing::info!(account.id = %account, by = %admin.account.id, "reset link for account {account} made");
    Ok((StatusCode::CREATED, Json(link)))
}
