//! `/api/v1/voicemail/greeting`: what my callers hear before they speak a message; and `GET /api/v1/calls/{id}/greeting`: what I am
//! told after a call of mine that nobody answered.
//!
//! A greeting is spoken like a message, and begins to count when it is sent (`POST /api/v1/voicemail/{id}/send`).

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use proto::{
    AccountId, Person, Refusal,
    api::{Greeting, Recording},
};
use store::StoredGreeting;

use super::{audio, begin};
use crate::{
    clock,
    http::{App, problem::Fault, who::Member},
    voicemail::{About, What, Whole, voice},
};

/// Says whether there is one.
#[utoipa::path(
    get, path = "/api/v1/voicemail/greeting", operation_id = "greeting", tag = "voicemail",
    summary = "What my callers hear before the tone",
    security(("session" = [])),
    responses(
        (status = 200, description = "How long my own greeting is, where I have one.", body = Greeting),
    ),
)]
pub async fn view(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Greeting>, Fault> {
    let stored = app.store.greeting(me.account.id).await?;
    Ok(Json(Greeting { ms: stored.map(|greeting| greeting.ms) }))
}

/// Opens a room to speak in.
#[utoipa::path(
    post, path = "/api/v1/voicemail/greeting", operation_id = "beginGreeting", tag = "voicemail",
    summary = "Begin to speak my greeting",
    description = "It is ended, heard, kept and forgotten as a message is, by its id; to send it makes it my greeting.",
    security(("session" = [])),
    extensions(("x-problems" = json!(["storage_full", "server_full", "too_often"]))),
    responses(
        (status = 201, description = "Where to send the microphone. What was begun before is forgotten.", body = Recording),
    ),
)]
pub async fn begin(State(app): State<Arc<App>>, Member(me): Member) -> Result<(StatusCode, Json<Recording>), Fault> {
    app.calls.take(Instant::now(), &Person::Account(me.account.id))?;
    let about = About { by: me.account.id, what: What::Greeting };
    if !app.files.has_place(voice::largest(about.what.seconds()) as u64) {
        return Err(Refusal::StorageFull.into());
    }
    Ok((StatusCode::CREATED, Json(begin::open(&app, about).await?)))
}

/// Takes it back.
#[utoipa::path(
    delete, path = "/api/v1/voicemail/greeting", operation_id = "deleteGreeting", tag = "voicemail",
    summary = "Take my greeting back",
    security(("session" = [])),
    responses(
        (status = 204, description = "My callers hear the tone alone."),
    ),
)]
pub async fn remove(State(app): State<Arc<App>>, Member(me): Member) -> Result<StatusCode, Fault> {
    if let Some(file) = app.store.delete_greeting(me.account.id).await? {
        app.files.remove(&[file]).await;
        super::tell(&app, me.account.id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Reads mine.
#[utoipa::path(
    get, path = "/api/v1/voicemail/greeting/audio", operation_id = "greetingAudio", tag = "voicemail",
    summary = "The sound of my greeting",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    responses(
        (status = 200, description = "Ogg Opus (RFC 7845).", body = Vec<u8>, content_type = "audio/ogg"),
        (status = 206, description = "The part that was asked for by `range`.", body = Vec<u8>, content_type = "audio/ogg"),
    ),
)]
pub async fn audio(State(app): State<Arc<App>>, Member(me): Member, headers: HeaderMap) -> Result<Response, Fault> {
    sound(&app, me.account.id, &headers).await
}

/// Reads that of whoever did not answer my call: as long as I may speak to them, and the same whether they have blocked me or not.
#[utoipa::path(
    get, path = "/api/v1/calls/{id}/greeting", operation_id = "greetingOfCall", tag = "voicemail",
    summary = "What whoever did not answer has their callers told",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "not_allowed"]))),
    params(
        ("id" = String, Path, description = "The id of the call, after which I may speak a message."),
    ),
    responses(
        (status = 200, description = "Ogg Opus (RFC 7845).", body = Vec<u8>, content_type = "audio/ogg"),
        (status = 206, description = "The part that was asked for by `range`.", body = Vec<u8>, content_type = "audio/ogg"),
    ),
)]
pub async fn called(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(call): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let message = begin::offered(&app, &call, me.account.id).await?;
    sound(&app, message.to, &headers).await
}

async fn sound(app: &App, whose: AccountId, headers: &HeaderMap) -> Result<Response, Fault> {
    let stored = app.store.greeting(whose).await?.ok_or(Refusal::NotFound)?;
    Ok(audio::part(&audio::read(app, stored.file).await?, headers))
}

/// Keeps what was spoken in place of the greeting before.
pub(super) async fn keep(app: &App, me: AccountId, whole: &Whole) -> Result<(), Fault> {
    let draft = super::write(app, whole).await?;
    let (at, size) = (clock::unix_ms(), whole.file.len() as u64);
    let before = app.store.greeting(me).await?;
    let stored = StoredGreeting { account: me, at, ms: whole.ms, file: draft.id, size };
    // The row first: a file without one is looked for and removed.
    let former = app.store.set_greeting(&stored).await?;
    if let Err(error) = draft.keep(false).await {
        // The one before is still on the disk, and counts again.
        match before {
            Some(before) if former == Some(before.file) => app.store.set_greeting(&before).await.map(drop)?,
            _ => app.store.delete_greeting(me).await.map(drop)?,
        }
        return Err(super::broken(&error));
    }
    if let Some(former) = former {
        app.files.remove(&[former]).await;
    }
    Ok(())
}
