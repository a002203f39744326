//! `PATCH /api/v1/settings`: change the server's settings. Answers with the new [`ServerView`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::{ChangeSettings, ServerView};

use crate::{
    account::settings::{Rows, Settings},
    http::{App, body::Body, problem::Fault, who::Admin},
};

/// Changes them.
#[utoipa::path(
    patch, path = "/api/v1/settings", operation_id = "changeSettings", tag = "server",
    summary = "Change the server's settings",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["bad_name", "bad_setting"]))),
    request_body = ChangeSettings,
    responses(
        (status = 200, description = "The settings now.", body = ServerView),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Body(wanted): Body<ChangeSettings>,
) -> Result<Json<ServerView>, Fault> {
    let ChangeSettings { name, create, sign_up, accent } = wanted;
    let rows = Rows::default().name(name.as_deref())?.create(create).sign_up(sign_up).accent(accent.as_deref())?;
    app.store.set_settings(&rows.pairs()).await?;
    tracing::info!(account.id = %admin.account.id, "settings changed by account {}", admin.account.id);
    Ok(Json(Settings::read(&app.store).await?.view(true)))
}
