//! `GET /api/v1/server`: what any visitor may know.

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::ServerView;

use crate::{
    account::settings::Settings,
    http::{App, problem::Fault},
};

/// Says it.
#[utoipa::path(
    get, path = "/api/v1/server", operation_id = "getServer", tag = "server",
    summary = "What any visitor may know of the server",
    security(()),
    responses(
        (status = 200, description = "What any visitor may know.", body = ServerView),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>) -> Result<Json<ServerView>, Fault> {
    Ok(Json(Settings::read(&app.store).await?.view(app.accounts.set_up.is_done())))
}
