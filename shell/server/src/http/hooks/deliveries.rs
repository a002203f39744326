//! `GET /api/v1/hooks/{id}/deliveries`: what a webhook was told of late. Answers a list of [`HookDelivery`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::api::HookDelivery;
use store::{StoredDelivery, Tried};

use crate::{
    hooks,
    http::{App, problem::Fault, who::Admin},
};

/// Lists the newest first: the last that are over, and as many of those that wait, first of all those that were tried.
#[utoipa::path(
    get, path = "/api/v1/hooks/{id}/deliveries", operation_id = "hookDeliveries", tag = "hooks",
    summary = "What a webhook was told of late",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The webhook.")),
    responses(
        (status = 200, description = "The last 50 that are over and up to 50 that wait, without what was told.", body = Vec<HookDelivery>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    _: Admin,
    Path(id): Path<String>,
) -> Result<Json<Vec<HookDelivery>>, Fault> {
    let hook = super::find(&app, &id).await?;
    let view = |stored: StoredDelivery| {
        let StoredDelivery { id, hook: _, event, body: _, at, tried } = stored;
        let Tried { due, tries, at: tried_at, status, trouble } = tried;
        HookDelivery { id, event, at, tries, due, tried_at, status, trouble }
    };
    Ok(Json(app.store.deliveries(hook.id, hooks::KEPT).await?.into_iter().map(view).collect()))
}
