//! `PATCH /api/v1/conversations/{id}`: call a group otherwise. Answers the [`Conversation`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{
    Person,
    api::{Conversation, Deed, RenameConversation},
};

use super::{deed, mine, named, now, tell_line, tell_state};
use crate::http::{App, body::Body, problem::Fault, rooms::readable, who::Member};

/// Keeps it, and that I did it, and tells everybody in it.
#[utoipa::path(
    patch, path = "/api/v1/conversations/{id}", operation_id = "renameConversation", tag = "conversations",
    summary = "Rename a group",
    security(("session" = [])),
    extensions(("x-problems" = json!(["room_unknown", "not_allowed", "bad_name", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the conversation."),
    ),
    request_body = RenameConversation,
    responses(
        (status = 200, description = "The conversation as it is now.", body = Conversation),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(wanted): Body<RenameConversation>,
) -> Result<Json<Conversation>, Fault> {
    app.writers.take(Instant::now(), &Person::Account(me.account.id))?;
    let name = readable(&wanted.name)?;
    let talk = named(&app, &id, me.account.id).await?;
    talk.group()?;
    let id = talk.stored.id;
    let renamed = deed(&me.account, now(), Deed::Renamed { name: name.clone() });
    // What it is called already is not said again.
    if app.store.rename_conversation(id, &renamed, &name).await? {
        tell_line(&app, id, renamed.id).await?;
        if let Some(kept) = app.store.conversation(id).await? {
            tell_state(&app, &kept).await?;
        }
    }
    mine(&app, id, me.account.id).await.map(Json)
}
