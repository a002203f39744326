//! `POST /api/v1/hooks`: name a webhook. Answers 201 with [`MadeHook`].

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    HookId, Refusal,
    api::{MadeHook, NewHook},
    id::IdSource,
};
use store::StoredHook;

use crate::{
    clock, hooks,
    http::{App, body::Body, problem::Fault, who::Admin},
    random,
};

/// Keeps it. From then on it is told what happens.
#[utoipa::path(
    post, path = "/api/v1/hooks", operation_id = "createHook", tag = "hooks",
    summary = "Name a webhook",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["bad_setting", "too_many"]))),
    request_body = NewHook,
    responses(
        (status = 201, description = "Named. Its secret is shown this once.", body = MadeHook),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Body(wanted): Body<NewHook>,
) -> Result<(StatusCode, Json<MadeHook>), Fault> {
    let NewHook { address, rooms, calls, api_key: signer } = wanted;
    let address = address.trim().to_owned();
    hooks::check(&app.outgoing, &app.keys, &address, signer.as_deref())?;
    let created_at = clock::unix_ms();
    let id: HookId = IdSource::new(random::seed()).next(created_at);
    let stored = StoredHook { id, address, rooms, calls, signer, stopped: None, created_at };
    if !app.store.add_hook(&stored, hooks::MOST).await? {
        return Err(Refusal::TooMany.into());
    }
    tracing::info!(account.id = %admin.account.id, hook.id = %id, "webhook {id} was named by account {}", admin.account.id);
    app.hooks.changed().await;
    let secret = stored.signer.is_none().then(|| hooks::secret(&app.keys, id));
    Ok((StatusCode::CREATED, Json(MadeHook { hook: super::view(&app, stored), secret })))
}
