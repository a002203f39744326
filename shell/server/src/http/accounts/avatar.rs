//! `GET /api/v1/accounts/{id}/avatar`: somebody's picture. Whoever meets them may see it, guests included.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use proto::Refusal;

use super::parse;
use crate::{
    account::pictures::Kind,
    http::{
        App,
        picture::{Version, show},
        problem::Fault,
        query::Query,
    },
};

/// Shows it.
#[utoipa::path(
    get, path = "/api/v1/accounts/{id}/avatar", operation_id = "getAvatar", tag = "accounts",
    summary = "Somebody's picture",
    security(()),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The account."), ("v" = Option<String>, Query, description = "The version that the address names.")),
    responses(
        (status = 200, description = "The picture.", body = Vec<u8>, content_type = "image/*"),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Version>,
) -> Result<Response, Fault> {
    let account = app.store.account(parse(&id)?).await?.ok_or(Refusal::NotFound)?;
    show(&app, Kind::Avatar, account.avatar.as_deref(), &asked).await
}
