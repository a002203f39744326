//! `POST /api/v1/conversations`: begin one. Answers 201 with the [`Conversation`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Person, Policy, Refusal, RoomId,
    api::{Conversation, Deed, NewConversation, Room},
    id::IdSource,
};
use store::{Account, MakeConversationError, StoredRoom};

use super::{OF_ONE, companions, deed, mine, now, tell_state};
use crate::{
    http::{App, body::Body, problem::Fault, rooms::readable, who::Member},
    random,
};

/// Makes it, unless it is the one between two and is there. Of a group, everybody in it is told.
#[utoipa::path(
    post, path = "/api/v1/conversations", operation_id = "makeConversation", tag = "conversations",
    summary = "Begin a conversation",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_name", "not_allowed", "not_found", "own_number", "too_many", "too_often"]))),
    request_body = NewConversation,
    responses(
        (status = 201, description = "The conversation. Between two, it may have been there before.", body = Conversation),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(wanted): Body<NewConversation>,
) -> Result<(StatusCode, Json<Conversation>), Fault> {
    let account = &me.account;
    app.writers.take(Instant::now(), &Person::Account(account.id))?;
    let name = wanted.name.as_deref().map(readable).transpose()?;
    if name.is_none() && wanted.people == [account.id] {
        return Err(Refusal::OwnNumber.into());
    }
    let others = companions(&app, account.id, &wanted.people).await?;
    let id = match (name, &others[..]) {
        (Some(name), _) => group(&app, account, name, &others).await?,
        (None, [other]) => between(&app, account, other).await?,
        (None, _) => return Err(Refusal::BadName.into()),
    };
    Ok((StatusCode::CREATED, Json(mine(&app, id, account.id).await?)))
}

async fn group(app: &App, me: &Account, name: String, others: &[Account]) -> Result<RoomId, Fault> {
    let stored = room(name.clone());
    let people: Vec<_> = std::iter::once(me.id).chain(others.iter().map(|account| account.id)).collect();
    let made = deed(me, stored.room.created_at, Deed::Made { name });
    match app.store.make_conversation(&stored, &people, Some(&made), OF_ONE).await {
        Ok(()) => {}
        Err(MakeConversationError::Write(error)) => return Err(error.into()),
        Err(MakeConversationError::Taken | MakeConversationError::Full) => return Err(Refusal::TooMany.into()),
    }
    if let Some(kept) = app.store.conversation(stored.room.id).await? {
        tell_state(app, &kept).await?;
    }
    Ok(stored.room.id)
}

/// The conversation between two, which is there once.
async fn between(app: &App, me: &Account, other: &Account) -> Result<RoomId, Fault> {
    if let Some(id) = app.store.conversation_between(me.id, other.id).await? {
        return Ok(id);
    }
    let stored = room(String::new());
    match app.store.make_conversation(&stored, &[me.id, other.id], None, OF_ONE).await {
        Ok(()) => Ok(stored.room.id),
        // The other began it in the same moment.
        Err(MakeConversationError::Taken) => {
            app.store.conversation_between(me.id, other.id).await?.ok_or(Refusal::NotFound.into())
        }
        Err(MakeConversationError::Full) => Err(Refusal::TooMany.into()),
        Err(MakeConversationError::Write(error)) => Err(error.into()),
    }
}

/// A room that no link leads to: its code is its id, and no code looks like that.
fn room(title: String) -> StoredRoom {
    let created_at = now();
    let id: RoomId = IdSource::new(random::seed()).next(created_at);
    StoredRoom {
        room: Room { id, code: id.to_string(), title, description: String::new(), created_at },
        owner: None,
        listed: false,
        policy: Policy { guests: false, locked: true, ..Policy::OWNED },
        used_at: created_at,
    }
}
