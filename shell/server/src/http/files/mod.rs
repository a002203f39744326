//! `/api/v1/rooms/{code}/files`: files for lines of the chat of a room, or of a conversation.

pub mod fetch;
pub mod give;
pub mod preview;

use axum::http::{HeaderName, HeaderValue, header};
use proto::{FileId, Person, Refusal};
use store::StoredFile;

use super::{App, Caller, chat, problem::Fault};

/// A file that somebody may have: their own, or one of a line that they may read.
async fn readable(app: &App, caller: Caller, code: &str, id: &str, person: &Person) -> Result<StoredFile, Fault> {
    let place = chat::place(app, caller, person, code).await?;
    let (from, _) = chat::reader(app, &place, person).await?;
    let id: FileId = id.parse().map_err(|_| Refusal::NotFound)?;
    let file = app.store.file_for(place.id(), id, person, from).await?;
    file.ok_or(Refusal::NotFound.into())
}

/// What every answer says that holds bytes of people (R11): whatever they are, no browser runs them, and no other site
/// loads them.
pub const INERT: [(HeaderName, HeaderValue); 3] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];
