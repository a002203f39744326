//! The messages of `/api/v1`: JSON, camel case, times in milliseconds since 1970.

use serde::{Deserialize, Serialize};

use crate::RoomId;

/// A room as anyone who holds its link may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Room {
    /// The id, `RM_...`.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: RoomId,
    /// The short code in the link, such as `bolu-kesi-dafo`.
    pub code: String,
    /// What people call it.
    pub title: String,
    /// When it was made, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub created_at: u64,
}

/// `POST /api/v1/rooms`: make a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateRoom {
    /// What to call it; "Meeting" when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub title: Option<String>,
}

/// A participant as the pre-join screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Present {
    /// The identity, from which the tint of the person's oval is made.
    pub identity: String,
    /// The name to show.
    pub name: String,
}

/// `GET /api/v1/rooms/{code}`: a room, and who is in it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RoomView {
    /// The room.
    pub room: Room,
    /// Who is in, in order of joining; at most the first eight.
    pub present: Vec<Present>,
    /// How many are in.
    pub count: u32,
}

/// `POST /api/v1/rooms/{code}/join`: ask for a media token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct JoinRoom {
    /// The name to show to others.
    pub name: String,
}

/// The answer to [`JoinRoom`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ticket {
    /// The media token, good for ten minutes to enter with and renewed over the socket.
    pub token: String,
    /// The identity in that token.
    pub identity: String,
    /// The room that it opens.
    pub room: Room,
}

/// Every answer of `/api/v1` which is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// The stable code; see [`crate::Refusal::code`].
    pub code: String,
    /// One sentence for a person, which says what to do.
    pub message: String,
}

#[cfg(test)]
mod typescript;
