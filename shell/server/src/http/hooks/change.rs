//! `PATCH /api/v1/hooks/{id}`: what a webhook is told of, and whether. Answers [`Hooks`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{
    Refusal,
    api::{ChangeHook, Hooks},
};
use store::HookChange;

use crate::http::{App, body::Body, problem::Fault, who::Admin};

/// Changes it. One that said it is gone can be switched on again.
#[utoipa::path(
    patch, path = "/api/v1/hooks/{id}", operation_id = "changeHook", tag = "hooks",
    summary = "Change what a webhook is told of",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("id" = String, Path, description = "The webhook.")),
    request_body = ChangeHook,
    responses(
        (status = 200, description = "The webhooks as they are now.", body = Hooks),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Path(id): Path<String>,
    Body(wanted): Body<ChangeHook>,
) -> Result<Json<Hooks>, Fault> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let ChangeHook { rooms, calls, on } = wanted;
    if !app.store.change_hook(id, HookChange { rooms, calls, on }).await? {
        return Err(Refusal::NotFound.into());
    }
    tracing::info!(account.id = %admin.account.id, hook.id = %id, "webhook {id} was changed by account {}", admin.account.id);
    app.hooks.changed().await;
    Ok(Json(super::all(&app).await?))
}
