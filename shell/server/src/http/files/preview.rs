//! `GET /api/v1/rooms/{code}/files/{id}/preview`: a small picture of a picture, made by us.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use proto::Refusal;

use super::{INERT, readable};
use crate::http::{App, Caller, problem::Fault, who::Somebody};

/// Sends it.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/files/{id}/preview", operation_id = "preview", tag = "chat",
    summary = "A small picture of a picture",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link, or the id of a conversation."),
        ("id" = String, Path, description = "The id of the file."),
    ),
    responses(
        (status = 200, description = "A small picture of the picture.", body = Vec<u8>, content_type = "image/jpeg"),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let stored = readable(&app, caller, &code, &id, &who.person()).await?;
    if stored.file.preview.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let bytes = app.files.read_preview(stored.file.id).await.map_err(|error| {
        tracing::warn!(%error, file.id = %stored.file.id, "the preview of file {} cannot be read", stored.file.id);
        Refusal::NotFound
    })?;
    let kind = if bytes.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
    let mut response = (INERT, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // It never changes; who has seen it has seen it.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable"));
    Ok(response)
}
