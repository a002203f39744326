//! `GET /api/v1/me`: the account that asks, or 401.

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Me;

use crate::{
    account::{settings::Settings, views},
    http::{App, problem::Fault, who::Member},
};

/// Says it.
#[utoipa::path(
    get, path = "/api/v1/me", operation_id = "getMe", tag = "me",
    summary = "The account that asks",
    security(("session" = [])),
    responses(
        (status = 200, description = "The account that asks.", body = Me),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Me>, Fault> {
    Ok(Json(views::me(&me.account, &Settings::read(&app.store).await?)))
}
