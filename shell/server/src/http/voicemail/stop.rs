//! `POST /api/v1/voicemail/{id}/stop`: I have spoken. Answers [`Recorded`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{Refusal, api::Recorded};

use crate::http::{App, problem::Fault, who::Member};

/// Ends the recording and its room.
#[utoipa::path(
    post, path = "/api/v1/voicemail/{id}/stop", operation_id = "stopVoicemail", tag = "voicemail",
    summary = "End the recording of a message",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(
        ("id" = String, Path, description = "The id of the message."),
    ),
    responses(
        (status = 200, description = "What was recorded. It waits a quarter of an hour to be sent.", body = Recorded),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<Json<Recorded>, Fault> {
    let id = super::named(&id)?;
    let whole = app.voicemail.stop(id, me.account.id).ok_or(Refusal::NotFound)?;
    super::close(&app, id).await;
    Ok(Json(Recorded { ms: whole.ms, kept: whole.is_long_enough() }))
}
