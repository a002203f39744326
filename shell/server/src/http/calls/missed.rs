//! `GET /api/v1/calls/missed`: how many calls I have missed and not looked at. Answers [`MissedCalls`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::MissedCalls;

use crate::http::{App, problem::Fault, who::Member};

/// Counts them, those included that ended a moment ago.
#[utoipa::path(
    get, path = "/api/v1/calls/missed", operation_id = "missedCalls", tag = "calls",
    summary = "How many calls I have missed",
    security(("session" = [])),
    responses(
        (status = 200, description = "How many, since I last looked, and how many messages I have not heard.", body = MissedCalls),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<MissedCalls>, Fault> {
    // What could not be written is not read; the rest is.
    super::settled(&app).await;
    let count = app.store.missed_calls(me.account.id).await?;
    Ok(Json(MissedCalls { count, unheard: app.store.unheard_voicemails(me.account.id).await? }))
}
