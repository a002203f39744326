//! `POST /api/v1/conversations/{id}/people`: take people into a group. Answers the [`Conversation`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{
    Person, Refusal,
    api::{AddPeople, Conversation, Deed},
};
use store::AddMemberError;

use super::{PEOPLE, companions, deed, mine, named, now, tell_line, tell_state};
use crate::http::{App, body::Body, problem::Fault, who::Member};

/// Keeps it, and that I did it, and tells everybody in it. They read what is written from then on.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/people", operation_id = "addToConversation", tag = "conversations",
    summary = "Take people into a group",
    security(("session" = [])),
    extensions(("x-problems" = json!(["room_unknown", "not_allowed", "not_found", "too_many", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the conversation."),
    ),
    request_body = AddPeople,
    responses(
        (status = 200, description = "The conversation as it is now.", body = Conversation),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(wanted): Body<AddPeople>,
) -> Result<Json<Conversation>, Fault> {
    app.writers.take(Instant::now(), &Person::Account(me.account.id))?;
    let talk = named(&app, &id, me.account.id).await?;
    talk.group()?;
    let id = talk.stored.id;
    let mut people = companions(&app, me.account.id, &wanted.people).await?;
    people.retain(|account| talk.stored.people.iter().all(|talker| talker.account != account.id));
    if !people.is_empty() {
        let names = people.iter().map(|account| account.display_name.clone()).collect();
        let accounts: Vec<_> = people.iter().map(|account| account.id).collect();
        let added = deed(&me.account, now(), Deed::Added { names });
        match app.store.add_to_conversation(id, &accounts, &added, PEOPLE as u32).await {
            Ok(()) => {}
            Err(AddMemberError::Full) => return Err(Refusal::TooMany.into()),
            Err(AddMemberError::Write(error)) => return Err(error.into()),
        }
        if let Some(kept) = app.store.conversation(id).await? {
            tell_state(&app, &kept).await?;
        }
        tell_line(&app, id, added.id).await?;
    }
    mine(&app, id, me.account.id).await.map(Json)
}
