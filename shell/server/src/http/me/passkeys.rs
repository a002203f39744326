//! `GET /api/v1/me/passkeys`: the passkeys of this account. Answers a list of [`Passkey`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Passkey;

use crate::http::{App, problem::Fault, who::Member};

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/me/passkeys", operation_id = "listPasskeys", tag = "me",
    summary = "The account's passkeys",
    security(("session" = [])),
    responses(
        (status = 200, description = "The passkeys of this account.", body = Vec<Passkey>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<Passkey>>, Fault> {
    let kept = app.store.passkeys(me.account.id).await?;
    Ok(Json(kept.into_iter().map(view).collect()))
}

/// A passkey without what it is checked with.
pub(super) fn view(kept: store::Passkey) -> Passkey {
    Passkey { id: kept.id, name: kept.name, created_at: kept.created_at }
}
