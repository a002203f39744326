//! `GET /api/v1/conversations`: my conversations, the last written first. Answers a list of [`Conversation`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Conversation;

use crate::http::{App, problem::Fault, who::Member};

/// Lists them; one between two in which nothing was said is none yet.
#[utoipa::path(
    get, path = "/api/v1/conversations", operation_id = "conversations", tag = "conversations",
    summary = "My conversations",
    security(("session" = [])),
    responses(
        (status = 200, description = "All of them, the last written first.", body = Vec<Conversation>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<Conversation>>, Fault> {
    let seen = app.store.conversations_of(me.account.id, None).await?;
    let said = seen.into_iter().filter(|seen| seen.last.is_some() || seen.conversation.name.is_some());
    let mut list: Vec<Conversation> = said.map(|seen| super::view(seen, me.account.id)).collect();
    list.sort_by_key(|conversation| std::cmp::Reverse((conversation.at, conversation.id)));
    Ok(Json(list))
}
