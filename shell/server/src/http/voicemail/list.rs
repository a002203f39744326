//! `GET /api/v1/voicemail`: the messages that were spoken for me. Answers a list of [`Voicemail`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Voicemail;

use crate::{
    account::views,
    http::{App, problem::Fault, who::Member},
};

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/voicemail", operation_id = "voicemail", tag = "voicemail",
    summary = "The messages that were spoken for me",
    security(("session" = [])),
    responses(
        (status = 200, description = "All of them, the last first.", body = Vec<Voicemail>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<Voicemail>>, Fault> {
    let stored = app.store.voicemails(me.account.id).await?;
    let view = |one: store::StoredVoicemail| Voicemail {
        avatar: one.avatar.map(|version| views::avatar_path(one.sender, &version)),
        id: one.id,
        from: one.sender,
        name: one.name,
        at: one.at,
        ms: one.ms,
        heard: one.heard,
    };
    Ok(Json(stored.into_iter().map(view).collect()))
}
