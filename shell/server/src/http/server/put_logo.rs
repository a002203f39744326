//! `PUT /api/v1/settings/logo`: the server's logo, as the bytes of a PNG, JPEG or WebP. Answers with the new [`ServerView`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::api::ServerView;

use crate::{
    account::{
        pictures::Kind,
        settings::{Rows, Settings},
    },
    http::{App, Caller, picture::Sent, problem::Fault, who::Admin},
};

/// Keeps it.
#[utoipa::path(
    put, path = "/api/v1/settings/logo", operation_id = "putLogo", tag = "server",
    summary = "Give the server a logo",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["bad_file", "too_often"]))),
    request_body(content = Vec<u8>, content_type = "image/*", description = "A PNG, JPEG or WebP of at most 5 MB."),
    responses(
        (status = 200, description = "The settings now.", body = ServerView),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Admin(admin): Admin,
    Sent(bytes): Sent,
) -> Result<Json<ServerView>, Fault> {
    app.limits.pictures.take(Instant::now(), caller)?;
    let version = app.accounts.pictures.keep(Kind::Logo, bytes).await?;
    replace(&app, &version).await?;
    tracing::info!(account.id = %admin.account.id, "logo changed by account {}", admin.account.id);
    Ok(Json(Settings::read(&app.store).await?.view(true)))
}

/// Shows `version` from now on; the empty text shows none.
pub(super) async fn replace(app: &App, version: &str) -> Result<(), Fault> {
    let old = Settings::read(&app.store).await?.logo;
    app.store.set_settings(&Rows::default().logo(version).pairs()).await?;
    if let Some(old) = old {
        app.accounts.pictures.forget(Kind::Logo, &old).await;
    }
    Ok(())
}
