//! `GET /api/v1/me/app-passwords`: what programs of this account come in with. Answers a list of [`AppPassword`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::AppPassword;

use crate::http::{App, problem::Fault, who::Member};

/// Lists them, the oldest first.
#[utoipa::path(
    get, path = "/api/v1/me/app-passwords", operation_id = "listAppPasswords", tag = "me",
    summary = "What programs of the account come in with",
    security(("session" = [])),
    responses(
        (status = 200, description = "The app passwords of this account.", body = Vec<AppPassword>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<AppPassword>>, Fault> {
    let kept = app.store.app_passwords(me.account.id).await?;
    Ok(Json(kept.into_iter().map(view).collect()))
}

/// What its owner is shown of one.
pub(super) fn view(kept: store::AppPassword) -> AppPassword {
    AppPassword { id: kept.id, name: kept.name, created_at: kept.created_at, used_at: kept.used_at }
}
