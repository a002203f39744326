//! `GET /api/v1/me/visibility`: who sees how I am to be found. Answers [`Visibility`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Visibility;

use crate::http::{App, problem::Fault, who::Member};

/// Reads it.
#[utoipa::path(
    get, path = "/api/v1/me/visibility", operation_id = "myVisibility", tag = "me",
    summary = "Who sees how I am to be found",
    security(("session" = [])),
    responses(
        (status = 200, description = "Everyone who is signed in, unless I chose otherwise.", body = Visibility),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Visibility>, Fault> {
    Ok(Json(Visibility { seen_by: app.store.seen_by(me.account.id).await? }))
}
