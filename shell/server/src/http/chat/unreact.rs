//! `DELETE /api/v1/rooms/{code}/messages/{id}/reactions/{emoji}`: take an emoji of mine from under a line.
//! Answers the [`Message`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::api::Message;

use super::set_reaction;
use crate::http::{App, Caller, problem::Fault, who::Somebody};

/// Keeps it, then tells those whom the line is for.
#[utoipa::path(
    delete, path = "/api/v1/rooms/{code}/messages/{id}/reactions/{emoji}", operation_id = "unreact", tag = "chat",
    summary = "Take an emoji from under a line",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found", "bad_text"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
        ("id" = String, Path, description = "The id of the line."),
        ("emoji" = String, Path, description = "The emoji."),
    ),
    responses(
        (status = 200, description = "The line now.", body = Message),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path((code, id, emoji)): Path<(String, String, String)>,
) -> Result<Json<Message>, Fault> {
    set_reaction(&app, caller, &who.person(), &code, &id, emoji, false).await.map(Json)
}
