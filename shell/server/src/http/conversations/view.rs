//! `GET /api/v1/conversations/{id}`: a conversation of mine. Answers a [`Conversation`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::api::Conversation;

use crate::http::{App, problem::Fault, who::Member};

/// Looks at it.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}", operation_id = "conversation", tag = "conversations",
    summary = "A conversation of mine",
    security(("session" = [])),
    extensions(("x-problems" = json!(["room_unknown"]))),
    params(
        ("id" = String, Path, description = "The id of the conversation."),
    ),
    responses(
        (status = 200, description = "The conversation as it is now.", body = Conversation),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<Json<Conversation>, Fault> {
    let talk = super::named(&app, &id, me.account.id).await?;
    super::mine(&app, talk.stored.id, me.account.id).await.map(Json)
}
