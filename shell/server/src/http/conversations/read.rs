//! `PUT /api/v1/conversations/{id}/read`: I have read so far. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{
    Person,
    api::{Event, MarkRead},
};

use super::{named, tell};
use crate::http::{App, body::Body, problem::Fault, who::Member};

/// Keeps it, and tells my other devices.
#[utoipa::path(
    put, path = "/api/v1/conversations/{id}/read", operation_id = "markRead", tag = "conversations",
    summary = "I have read so far",
    security(("session" = [])),
    extensions(("x-problems" = json!(["room_unknown", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the conversation."),
    ),
    request_body = MarkRead,
    responses(
        (status = 204, description = "Kept, unless it was read before."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(MarkRead { message }): Body<MarkRead>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let id = named(&app, &id, account).await?.stored.id;
    if app.store.mark_read(id, account, message).await? {
        let unread = app.store.unread(id, account).await?;
        tell(&app, vec![account], Event::Read { conversation: id, message, unread }).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
