//! `GET /api/v1/me/presence`: what I say of myself. Answers [`MyPresence`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::MyPresence;

use crate::http::{App, problem::Fault, who::Member};

/// Reads it.
#[utoipa::path(
    get, path = "/api/v1/me/presence", operation_id = "myPresence", tag = "me",
    summary = "What I say of myself",
    security(("session" = [])),
    responses(
        (status = 200, description = "What others see of me, unless I am in a call or no device is there.", body = MyPresence),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<MyPresence>, Fault> {
    Ok(Json(app.store.chosen(me.account.id).await?))
}
