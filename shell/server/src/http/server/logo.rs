//! `GET /api/v1/branding/logo`: the server's logo.

use std::sync::Arc;

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    response::Response,
};

use crate::{
    account::{pictures::Kind, settings::Settings},
    http::{
        App,
        picture::{Version, show},
        problem::Fault,
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
pub async fn handle(
    State(app): State<Arc<App>>,
    asked: Result<Query<Version>, QueryRejection>,
) -> Result<Response, Fault> {
    let Query(asked) = asked.map_err(|_| Fault::BadRequest)?;
    let logo = Settings::read(&app.store).await?.logo;
    show(&app, Kind::Logo, logo.as_deref(), &asked).await
}
