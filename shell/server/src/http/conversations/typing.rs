//! `POST /api/v1/conversations/{id}/typing`: I write in it at this moment. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{Person, api::Event};

use super::{named, tell};
use crate::http::{App, problem::Fault, who::Member};

/// Tells the others; nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/typing", operation_id = "typing", tag = "conversations",
    summary = "I write at this moment",
    security(("session" = [])),
    extensions(("x-problems" = json!(["room_unknown", "not_allowed", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the conversation."),
    ),
    responses(
        (status = 204, description = "The others are told. Say it again every few seconds for as long as it is so."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let talk = named(&app, &id, account).await?;
    talk.writes(&app).await?;
    let others = talk.others().into_iter().map(|talker| talker.account).collect();
    tell(&app, others, Event::Typing { conversation: talk.stored.id, account }).await?;
    Ok(StatusCode::NO_CONTENT)
}
