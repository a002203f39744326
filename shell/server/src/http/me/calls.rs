//! `GET /api/v1/me/calls`: what becomes of calls to me. Answers [`CallWishes`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::CallWishes;

use crate::http::{App, problem::Fault, who::Member};

/// Reads it.
#[utoipa::path(
    get, path = "/api/v1/me/calls", operation_id = "myCallWishes", tag = "me",
    summary = "What becomes of calls to me",
    security(("session" = [])),
    responses(
        (status = 200, description = "Where they go, and who rings all the same. Whom it names may be here no more; then \
                                      it counts as nobody.", body = CallWishes),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<CallWishes>, Fault> {
    Ok(Json(app.store.call_wishes(me.account.id).await?))
}
