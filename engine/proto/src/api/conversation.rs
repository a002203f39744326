//! Conversations between people. Their lines and files are those of [`super::chat`]: a conversation is a room without a door,
//! and where those endpoints want a room's code they take the id of a conversation.

use serde::{Deserialize, Serialize};

use super::Message;
use crate::{AccountId, MessageId, RoomId};

/// A conversation, as one of its people sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Conversation {
    /// Which; stands for the code of a room in the paths of messages and files.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: RoomId,
    /// Counts what happened in it; what carries a smaller number is older.
    #[cfg_attr(test, ts(type = "number"))]
    pub number: u64,
    /// What a group is called; absent between two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
    /// Everybody in it but me, in the order of their names.
    pub people: Vec<Companion>,
    /// When something was last written in it or done to it, or else when it was made, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// The last line that I may read: its text shortened, and without reactions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub last: Option<Message>,
    /// The last line that I have read, on whatever device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub read: Option<MessageId>,
    /// How many lines of others came after it; 100 says that there may be more.
    pub unread: u32,
}

/// Somebody else in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Companion {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
}

/// What somebody did to a group; it stands among its lines, as a line of theirs without a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "did", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Deed {
    /// Made it.
    Made {
        /// Under this name.
        name: String,
    },
    /// Took people in. They read what is written from then on.
    Added {
        /// How they were called then.
        names: Vec<String>,
    },
    /// Left it.
    Left,
    /// Called it otherwise.
    Renamed {
        /// Like this.
        name: String,
    },
}

/// `POST /api/v1/conversations`: begin one. With one person and no name it is that between us two, which is there once: asked for
/// again, the same is answered. Others hear of that only when something is written. With a name it is a new group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewConversation {
    /// With whom.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 49)]
    pub people: Vec<AccountId>,
    /// What the group is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
}

/// `PATCH /api/v1/conversations/{id}`: call a group otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RenameConversation {
    /// What it is called from now on.
    pub name: String,
}

/// `POST /api/v1/conversations/{id}/people`: take people into a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AddPeople {
    /// Whom. Who is in it already stays.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 49)]
    pub people: Vec<AccountId>,
}

/// `PUT /api/v1/conversations/{id}/read`: I have read so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MarkRead {
    /// The last line that I have read. What was read before stays so.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub message: MessageId,
}

/// A line of `GET /api/v1/conversations/lines?find=...`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FoundLine {
    /// Where it stands.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub conversation: RoomId,
    /// The line, without its reactions.
    pub message: Message,
}
