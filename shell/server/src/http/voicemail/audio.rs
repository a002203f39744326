//! `GET /api/v1/voicemail/{id}/audio`: the sound of a message, whole or a part of it.

use std::{ops::Range, sync::Arc};

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use proto::Refusal;
use tokio::io::AsyncReadExt as _;

use crate::http::{App, files::INERT, problem::Fault, who::Member};

/// Reads it: from memory where I spoke it and did not send it yet, else from the disk.
#[utoipa::path(
    get, path = "/api/v1/voicemail/{id}/audio", operation_id = "voicemailAudio", tag = "voicemail",
    summary = "The sound of a message",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(
        ("id" = String, Path, description = "The id of the message: one of mine, or one that I spoke and did not send."),
    ),
    responses(
        (status = 200, description = "Ogg Opus (RFC 7845).", body = Vec<u8>, content_type = "audio/ogg"),
        (status = 206, description = "The part that was asked for by `range`.", body = Vec<u8>, content_type = "audio/ogg"),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id = super::named(&id)?;
    let sound = match app.voicemail.whole(id, me.account.id) {
        Some(whole) => whole.file,
        None => {
            let stored = app.store.voicemail(me.account.id, id).await?.ok_or(Refusal::NotFound)?;
            read(&app, stored.file).await?
        }
    };
    Ok(part(&sound, &headers))
}

/// A message is small: see [`crate::voicemail::voice::LARGEST`].
pub(super) async fn read(app: &App, file: proto::FileId) -> Result<Bytes, Fault> {
    let mut sound = Vec::new();
    let whole = async { app.files.read(file).await?.read_to_end(&mut sound).await };
    whole.await.map_err(|error| {
        // It may have been deleted just now; a disk that lost it is worth a line in the log all the same.
        tracing::warn!(%error, file.id = %file, "the sound of a message cannot be read");
        Refusal::NotFound
    })?;
    Ok(sound.into())
}

/// The part that was asked for; all of it where none was, or where what was asked for cannot be given (RFC 9110, section 14.2: a
/// server may ignore the wish).
pub(super) fn part(sound: &Bytes, headers: &HeaderMap) -> Response {
    let asked = headers.get(header::RANGE).and_then(|range| wanted(range.to_str().ok()?, sound.len()));
    let (status, body) = match &asked {
        Some(range) => (StatusCode::PARTIAL_CONTENT, sound.slice(range.clone())),
        None => (StatusCode::OK, sound.clone()),
    };
    let mut response = (status, INERT, body).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/ogg"));
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(Range { start, end }) = asked
        && let Ok(range) = HeaderValue::from_str(&format!("bytes {start}-{}/{}", end - 1, sound.len()))
    {
        answer.insert(header::CONTENT_RANGE, range);
    }
    response
}

/// One range of bytes (RFC 9110, section 14.1.2) of so many; `None` when there are several, or none of them is there.
fn wanted(range: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<usize>().ok())?;
    let range = match (first, last) {
        ("", last) => length.saturating_sub(number(last)?)..length,
        (first, "") => number(first)?..length,
        (first, last) => number(first)?..number(last)?.checked_add(1)?.min(length),
    };
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, expected) in [
            ("bytes=0-", Some(0..100)),
            ("bytes=0-0", Some(0..1)),
            ("bytes=10-19", Some(10..20)),
            ("bytes=90-200", Some(90..100)),
            ("bytes=-10", Some(90..100)),
            ("bytes=-200", Some(0..100)),
            ("bytes=100-", None),
            ("bytes=20-10", None),
            ("bytes=-0", None),
            ("bytes=0-1,5-6", None),
            ("bytes=+1-2", None),
            ("bytes=-", None),
            ("bytes=0-99999999999999999999", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(wanted(text, 100), expected, "{text}");
        }
        assert_eq!(wanted("bytes=0-", 0), None);
    }
}
