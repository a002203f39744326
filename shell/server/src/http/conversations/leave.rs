//! `POST /api/v1/conversations/{id}/leave`: leave a group. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{
    Person,
    api::{Deed, Event},
};

use super::{deed, named, now, tell, tell_line, tell_state};
use crate::http::{App, problem::Fault, who::Member};

/// Keeps it, and that I did it, and tells everybody in it and my own devices. With the last one it is gone, and all that was in it.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/leave", operation_id = "leaveConversation", tag = "conversations",
    summary = "Leave a group",
    security(("session" = [])),
    extensions(("x-problems" = json!(["room_unknown", "not_allowed", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the conversation."),
    ),
    responses(
        (status = 204, description = "I am in it no more."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    app.writers.take(Instant::now(), &Person::Account(me.account.id))?;
    let talk = named(&app, &id, me.account.id).await?;
    talk.group()?;
    let id = talk.stored.id;
    let left = deed(&me.account, now(), Deed::Left);
    app.store.leave_conversation(id, me.account.id, &left).await?;
    tell(&app, vec![me.account.id], Event::ConversationLeft { id }).await?;
    match app.store.conversation(id).await? {
        Some(kept) => {
            tell_line(&app, id, left.id).await?;
            tell_state(&app, &kept).await?;
        }
        None => {
            let files = app.store.forget_deserted(id).await?;
            app.files.remove(&files).await;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
