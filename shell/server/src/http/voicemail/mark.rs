//! `PATCH /api/v1/voicemail/{id}`: whether I have heard a message. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{Refusal, api::MarkVoicemail};

use crate::http::{App, body::Body, problem::Fault, who::Member};

/// Keeps that, then tells all my devices.
#[utoipa::path(
    patch, path = "/api/v1/voicemail/{id}", operation_id = "markVoicemail", tag = "voicemail",
    summary = "Mark a message as heard, or not",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(
        ("id" = String, Path, description = "The id of the message."),
    ),
    request_body = MarkVoicemail,
    responses(
        (status = 204, description = "It counts so from now on."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(mark): Body<MarkVoicemail>,
) -> Result<StatusCode, Fault> {
    if !app.store.hear_voicemail(me.account.id, super::named(&id)?, mark.heard).await? {
        return Err(Refusal::NotFound.into());
    }
    super::tell(&app, me.account.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
