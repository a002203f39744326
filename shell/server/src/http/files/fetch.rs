//! `GET /api/v1/rooms/{code}/files/{id}`: a file as it was given, to save and never to show.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use proto::Refusal;
use tokio_util::io::ReaderStream;

use super::{INERT, readable};
use crate::http::{App, Caller, problem::Fault, who::Somebody};

/// Streams it.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/files/{id}", operation_id = "file", tag = "chat",
    summary = "A file of the chat",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
        ("id" = String, Path, description = "The id of the file."),
    ),
    responses(
        (status = 200, description = "The file as it was given, to save.", body = Vec<u8>, content_type = "*/*"),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stored = readable(&app, caller, &code, &id, &who.person()).await?;
    let file = app.files.read(stored.file.id).await.map_err(|error| {
        // Its line may have been deleted just now; a disk that lost it is worth a line in the log all the same.
        tracing::warn!(%error, file.id = %stored.file.id, "file {} cannot be read", stored.file.id);
        Refusal::NotFound
    })?;
    let mut response = (INERT, Body::from_stream(ReaderStream::with_capacity(file, CHUNK))).into_response();
    let headers = response.headers_mut();
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&stored.file.kind).unwrap_or(octets));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(stored.file.size));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&stored.file.name));
    Ok(response)
}

/// `attachment` with the name (RFC 6266): in ASCII for old programs, and in full.
fn attachment(name: &str) -> HeaderValue {
    let plain = |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut full = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        // The characters that RFC 8187 lets stand as they are.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            full.push(char::from(byte));
        } else {
            full += &format!("%{byte:02X}");
        }
    }
    HeaderValue::from_str(&format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

/// Bytes read from the disk at a time.
const CHUNK: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_out_of_no_header() {
        for (name, expected) in [
            ("plan.pdf", "attachment; filename=\"plan.pdf\"; filename*=UTF-8''plan.pdf"),
            ("a\";b=c", "attachment; filename=\"a_;b=c\"; filename*=UTF-8''a%22%3Bb%3Dc"),
            ("é.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A9.txt"),
            ("a\r\nb", "attachment; filename=\"a__b\"; filename*=UTF-8''a%0D%0Ab"),
        ] {
            assert_eq!(attachment(name), expected);
        }
    }
}
