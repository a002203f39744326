//! `GET /api/v1/rooms/{code}/messages?before=...`: a page of the chat, the oldest first.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{MessageId, api::History};
use serde::Deserialize;

use super::{PAGE, place, reader};
use crate::http::{App, Caller, problem::Fault, query::Query, who::Somebody};

/// What may stand in the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// The first line of the page that is there already.
    before: Option<String>,
}

/// Reads it.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/messages", operation_id = "messages", tag = "chat",
    summary = "A page of the chat",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
        ("before" = Option<String>, Query, description = "The first line of the page that is there already."),
    ),
    responses(
        (status = 200, description = "A page of lines, the oldest first.", body = History),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
    Query(Before { before }): Query<Before>,
) -> Result<Json<History>, Fault> {
    let before: Option<MessageId> = before.map(|id| id.parse()).transpose().map_err(|_| Fault::BadRequest)?;
    let person = who.person();
    let place = place(&app, caller, &person, &code).await?;
    let (from, _) = reader(&app, &place, &person).await?;
    // One more than a page tells whether there are more.
    let mut messages = app.store.history(place.id(), &person, from, before, PAGE as u32 + 1).await?;
    let more = messages.len() > PAGE;
    if more {
        messages.remove(0);
    }
    Ok(Json(History { messages, more }))
}
