//! `POST /api/v1/rooms/{code}/files?name=...`: give a file, its bytes as they are. Answers 201 with the [`File`], which a
//! line of the chat then names. Without one it is removed after an hour.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json,
    body::{Body, BodyDataStream},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
};
use futures_util::StreamExt as _;
use proto::{FileId, Refusal, api::File};
use serde::Deserialize;
use store::{AddFileError, StoredFile};
use tokio::time::timeout;

use crate::{
    clock,
    files::{Draft, LARGEST, ROOM_QUOTA, Refused, givers::Flow, name},
    http::{App, Caller, chat, problem::Fault, query::Query, who::Somebody},
    random,
};

/// What stands in the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// What to save it as.
    name: String,
}

/// Streams it to the disk, looks at it, and keeps it. What was answered survives a power cut.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/files", operation_id = "giveFile", tag = "chat",
    summary = "Give a file to the chat",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "bad_file", "storage_full", "too_large", "too_many"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
        ("name" = String, Query, description = "What to save it as."),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The file, kept for a line to name.", body = File),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
    query: Result<Query<Named>, Fault>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<File>), Fault> {
    let claimed = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let mut chunks = body.into_data_stream();
    let given = match query {
        Ok(Query(Named { name })) => give(&app, caller, &who, &code, &name::clean(&name), claimed, &mut chunks).await,
        Err(_) => Err(Fault::BadRequest),
    };
    if given.is_err() && claimed.is_none_or(|size| size <= DISCARDED) {
        discard(&mut chunks).await;
    }
    Ok((StatusCode::CREATED, Json(given?)))
}

async fn give(
    app: &App,
    caller: Caller,
    who: &Somebody,
    code: &str,
    name: &str,
    claimed: Option<u64>,
    chunks: &mut BodyDataStream,
) -> Result<File, Fault> {
    // Only a claim, but whoever claims too much need not send it.
    if claimed.is_some_and(|size| size > LARGEST) {
        return Err(Fault::TooLarge);
    }
    let person = who.person();
    app.writers.take(Instant::now(), &person)?;
    let place = chat::place(app, caller, &person, code).await?;
    let room = place.id();
    chat::writer(app, &place, &person, None, true).await?;
    let expected = claimed.unwrap_or(0);
    if app.store.files_size(room).await?.saturating_add(expected) > ROOM_QUOTA || !app.files.has_place(expected) {
        return Err(Refusal::StorageFull.into());
    }

    let id = FileId::from(u128::from_le_bytes(random::bytes()));
    let _given = app.files.givers.begin(&person, caller.group()).ok_or(Refusal::TooMany)?;
    let mut draft = app.files.begin(id).await.map_err(broken)?.ok_or(Refusal::ServerFull)?;
    receive(chunks, &mut draft).await?;
    if !app.files.has_place(draft.size()) {
        return Err(Refusal::StorageFull.into());
    }
    draft.settle().await.map_err(broken)?;
    let looked = app.files.inspect(&draft, name).await.map_err(broken)?;
    let inspected = looked.map_err(|Refused| Refusal::BadFile)?;
    let file = File { id, name: name.to_owned(), size: draft.size(), kind: inspected.kind, preview: inspected.preview };
    let stored = StoredFile { file, room, by: person, at: clock::unix_ms() };
    // The row first: a crash in between leaves a row that no line names, which is removed like any other; a file without
    // a row nobody would ever look for.
    match app.store.add_file(&stored, ROOM_QUOTA).await {
        Ok(()) => {}
        Err(AddFileError::Full) => return Err(Refusal::StorageFull.into()),
        Err(AddFileError::Write(error)) => return Err(error.into()),
    }
    draft.keep(stored.file.preview.is_some()).await.map_err(broken)?;
    Ok(stored.file)
}

async fn receive(chunks: &mut BodyDataStream, draft: &mut Draft) -> Result<(), Fault> {
    let mut flow = Flow::new(tokio::time::Instant::now());
    loop {
        let chunk = match timeout(STALLED, chunks.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break,
            // Whoever sent half of it and went away reads no answer.
            Ok(Some(Err(_))) | Err(_) => return Err(Fault::BadRequest),
        };
        if draft.size() + chunk.len() as u64 > LARGEST {
            return Err(Fault::TooLarge);
        }
        draft.write(&chunk).await.map_err(broken)?;
        if !flow.comes(tokio::time::Instant::now(), draft.size()) {
            return Err(Fault::BadRequest);
        }
    }
    if draft.size() == 0 { Err(Refusal::BadFile.into()) } else { Ok(()) }
}

/// Takes in what is still on its way and lets it fall: a connection that is closed over unread bytes is reset, and the
/// answer could be lost with it.
async fn discard(chunks: &mut BodyDataStream) {
    let mut size = 0;
    let rest = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            size += chunk.len() as u64;
            if size > DISCARDED {
                break;
            }
        }
    };
    // Whoever takes longer has to do without the answer.
    let _ = timeout(STALLED, rest).await;
}

fn broken(error: io::Error) -> Fault {
    if error.kind() == io::ErrorKind::StorageFull {
        tracing::error!("the disk is full: a file could not be kept");
        return Refusal::StorageFull.into();
    }
    tracing::error!(%error, "a file could not be kept");
    Fault::Internal
}

/// How long the sender may pause; then the place of the upload is for others.
const STALLED: Duration = Duration::from_secs(20);
/// What is read of a file that is not taken: beyond it, nobody could have thought that it would be.
const DISCARDED: u64 = 4 * LARGEST;
