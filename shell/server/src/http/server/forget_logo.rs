//! `DELETE /api/v1/settings/logo`: do without a logo. Answers with the new [`ServerView`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::ServerView;

use super::put_logo::replace;
use crate::{
    account::settings::Settings,
    http::{App, problem::Fault, who::Admin},
};

/// Takes it away.
#[utoipa::path(
    delete, path = "/api/v1/settings/logo", operation_id = "forgetLogo", tag = "server",
    summary = "Do without a logo",
    security(("session" = ["admin"])),
    responses(
        (status = 200, description = "The settings now.", body = ServerView),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Admin(admin): Admin) -> Result<Json<ServerView>, Fault> {
    replace(&app, "").await?;
    tracing::info!(account.id = %admin.account.id, "logo taken away by account {}", admin.account.id);
    Ok(Json(Settings::read(&app.store).await?.view(true)))
}
