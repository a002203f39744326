//! `POST /api/v1/voicemail/{id}/send`: deliver the message that I spoke, or make what I spoke my greeting. Answers 204 when it is
//! kept.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{AccountId, Refusal, VoicemailId};
use store::{Account, AddFileError, StoredVoicemail};

use super::greeting;
use crate::{
    clock,
    http::{App, problem::Fault, who::Member},
    voicemail::{Message, What, Whole},
};

/// Keeps it, then tells the devices of whoever it is for.
#[utoipa::path(
    post, path = "/api/v1/voicemail/{id}/send", operation_id = "sendVoicemail", tag = "voicemail",
    summary = "Send the message that I spoke, or make it my greeting",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "storage_full", "server_full"]))),
    params(
        ("id" = String, Path, description = "The id of the message, whose recording has ended."),
    ),
    responses(
        (status = 204, description = "It is theirs now; or my callers hear it from now on."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let id = super::named(&id)?;
    let me = &me.account;
    let Some(turn) = app.voicemail.turn(id, me.id) else { return again(&app, id, me.id) };
    let _turn = turn.lock().await;
    let Some((about, whole)) = app.voicemail.complete(id, me.id) else { return again(&app, id, me.id) };
    let whose = match about.what {
        What::Message(message) => leave(&app, id, me, message, &whole).await?,
        What::Greeting => {
            greeting::keep(&app, me.id, &whole).await?;
            Some(me.id)
        }
    };
    app.voicemail.was_delivered(Instant::now(), id, about);
    // It is theirs, whoever hears of it now.
    if let Some(whose) = whose
        && let Err(fault) = super::tell(&app, whose).await
    {
        tracing::warn!(?fault, "nobody was told of message {id}");
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What whoever did not hear that it was sent, and asks once more, is told: it is sent once.
fn again(app: &App, id: VoicemailId, me: AccountId) -> Result<StatusCode, Fault> {
    if app.voicemail.is_delivered(id, me) { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::NotFound.into()) }
}

/// Delivers a message. Whose devices are to be told of it: nobody's where whoever spoke it is blocked, who is told what everybody
/// is told.
async fn leave(
    app: &App,
    id: VoicemailId,
    me: &Account,
    Message { to, call: _, barred }: Message,
    whole: &Whole,
) -> Result<Option<AccountId>, Fault> {
    let barred = barred || app.store.blockers(me.id).await?.contains(&to);
    if !barred {
        deliver(app, id, me, to, whole).await?;
    }
    Ok((!barred).then_some(to))
}

async fn deliver(app: &App, id: VoicemailId, me: &Account, to: AccountId, whole: &Whole) -> Result<(), Fault> {
    let draft = super::write(app, whole).await?;
    let stored = StoredVoicemail {
        id,
        account: to,
        sender: me.id,
        name: me.display_name.clone(),
        avatar: None,
        at: clock::unix_ms(),
        ms: whole.ms,
        file: draft.id,
        size: whole.file.len() as u64,
        heard: false,
    };
    // The row first, as of files of chats: a file without one is looked for and removed.
    match app.store.add_voicemail(&stored, app.mailboxes.messages, app.mailboxes.bytes).await {
        Ok(()) => {}
        Err(AddFileError::Full) => return Err(Refusal::StorageFull.into()),
        Err(AddFileError::Write(error)) => return Err(error.into()),
    }
    if let Err(error) = draft.keep(false).await {
        // A message without its sound is none.
        app.store.delete_voicemail(to, id).await?;
        return Err(super::broken(&error));
    }
    tracing::info!(voicemail.id = %id, ms = whole.ms, "message {id} was left");
    Ok(())
}
