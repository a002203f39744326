//! `DELETE /api/v1/voicemail/{id}`: delete a message that was spoken for me, or forget one that I spoke and did not send. Answers
//! 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::Refusal;

use crate::http::{App, problem::Fault, who::Member};

/// Takes it away, with its sound.
#[utoipa::path(
    delete, path = "/api/v1/voicemail/{id}", operation_id = "deleteVoicemail", tag = "voicemail",
    summary = "Delete a message",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(
        ("id" = String, Path, description = "The id of the message: one of mine, or one that I spoke and did not send."),
    ),
    responses(
        (status = 204, description = "It is gone."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let id = super::named(&id)?;
    if let Some(turn) = app.voicemail.turn(id, me.account.id) {
        let _turn = turn.lock().await;
        // It may have been sent meanwhile.
        app.voicemail.forget(id, me.account.id).then_some(()).ok_or(Refusal::NotFound)?;
        super::close(&app, id).await;
        return Ok(StatusCode::NO_CONTENT);
    }
    let file = app.store.delete_voicemail(me.account.id, id).await?.ok_or(Refusal::NotFound)?;
    app.files.remove(&[file]).await;
    super::tell(&app, me.account.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
