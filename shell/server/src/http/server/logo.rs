//! `GET /api/v1/branding/logo`: the server's logo.

use std::sync::Arc;

use axum::{extract::State, response::Response};

use crate::{
    account::{pictures::Kind, settings::Settings},
    http::{
        App,
        picture::{Version, show},
        problem::Fault,
        query::Query,
    },
};

/// Shows it.
#[utoipa::path(
    get, path = "/api/v1/branding/logo", operation_id = "getLogo", tag = "server",
    summary = "The server's logo",
    security(()),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("v" = Option<String>, Query, description = "The version that the address names.")),
    responses(
        (status = 200, description = "The logo.", body = Vec<u8>, content_type = "image/*"),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Query(asked): Query<Version>) -> Result<Response, Fault> {
    let logo = Settings::read(&app.store).await?.logo;
    show(&app, Kind::Logo, logo.as_deref(), &asked).await
}
