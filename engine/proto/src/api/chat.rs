//! The chat of a room or conversation, and the files given to it.

use serde::{Deserialize, Serialize};

use super::Deed;
use crate::{FileId, MessageId, Person};

/// A line of a room's chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Message {
    /// The id, `MS_...`; sorts by time.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Who wrote it.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub from: Person,
    /// The name that was shown then.
    pub name: String,
    /// To whom alone, when not to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub to: Option<Person>,
    /// When, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// What, as Markdown; may be empty beside a file.
    pub text: String,
    /// The line that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub reply_to: Option<MessageId>,
    /// Whether it was changed afterwards.
    pub edited: bool,
    /// The file that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub file: Option<File>,
    /// Reactions to it, in order of first use.
    pub reactions: Vec<Reaction>,
    /// What was done to the conversation, in place of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub deed: Option<Deed>,
}

/// The longest emoji in bytes, under a line or as a reaction: a family of four in their skin colours has 41.
pub const EMOJI: usize = 48;

/// One emoji under a line, and who put it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>)]
    pub people: Vec<Person>,
}

/// A file of a room's chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct File {
    /// The id, `FI_...`.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: FileId,
    /// The name that it was given with, for saving it under.
    pub name: String,
    /// Its size in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// What it is by its content, such as `image/png`; `application/octet-stream` when that is not known.
    pub kind: String,
    /// The size of its preview in pixels, when it is a picture that we could read: `GET .../files/{id}/preview`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    // A tuple would be written as what OpenAPI 3.1 knows no more: a list of schemas in `items`.
    #[schema(value_type = Option<[u32; 2]>)]
    pub preview: Option<(u32, u32)>,
}

/// `POST /api/v1/rooms/{code}/messages`: write. Answers 201 with the [`Message`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WriteMessage {
    /// What, as Markdown, at most 4,000 bytes; may be empty beside a file.
    pub text: String,
    /// To whom alone, when not to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub to: Option<Person>,
    /// The line that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub reply_to: Option<MessageId>,
    /// A file that I gave to this room before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub file: Option<FileId>,
}

/// `PATCH /api/v1/rooms/{code}/messages/{id}`: change a line of mine. Answers the [`Message`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EditMessage {
    /// What it says from now on.
    pub text: String,
}

/// `GET /api/v1/rooms/{code}/messages?before=...`: a page of the chat, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct History {
    /// The lines, at most 50.
    pub messages: Vec<Message>,
    /// Whether there are earlier ones.
    pub more: bool,
}
