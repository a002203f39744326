//! `POST /api/v1/accounts/{id}/reset`: a link with which somebody who forgot their password sets a new one. Answers 201
//! with [`SecretLink`].

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use proto::{Refusal, api::SecretLink};
use store::Reset;

use super::parse;
use crate::{
    account::secret,
    clock,
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
    let secret = secret::draw();
    let expires_at = clock::unix_ms() + LIFE.as_millis() as u64;
    app.store.create_reset(&Reset { secret: secret::hash(&secret), account, expires_at }).await?;
    tracing::info!(account.id = %account, by = %admin.account.id, "reset link for account {account} made");
    Ok((StatusCode::CREATED, Json(SecretLink { path: format!("/reset#{secret}"), expires_at })))
}

/// A day: the link goes by telephone or by another mail, and is used when it arrives.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
