//! `GET /api/v1/me/push`: how this browser is woken when it rings, and whether it is. Answers [`PushView`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::PushView;

use crate::http::{App, problem::Fault, who::Member};

/// Says it.
#[utoipa::path(
    get, path = "/api/v1/me/push", operation_id = "push", tag = "me",
    summary = "Whether this browser is woken for calls",
    security(("session" = [])),
    responses(
        (status = 200, description = "The server's key, and whether this browser is woken when no page of it is open.", body = PushView),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<PushView>, Fault> {
    let on = app.store.has_push(&me.session).await?;
    Ok(Json(PushView { key: app.push.vapid.public().to_owned(), on }))
}
