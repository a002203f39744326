//! `GET /api/v1/hooks`: which webhooks there are. Answers [`Hooks`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Hooks;

use crate::http::{App, problem::Fault, who::Admin};

/// Lists them as they were named.
#[utoipa::path(
    get, path = "/api/v1/hooks", operation_id = "hooks", tag = "hooks",
    summary = "Which webhooks there are",
    security(("session" = ["admin"])),
    responses(
        (status = 200, description = "The webhooks, and the API keys that could sign.", body = Hooks),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, _: Admin) -> Result<Json<Hooks>, Fault> {
    Ok(Json(super::all(&app).await?))
}
