//! How meetings went: what clients measure, and what people and owners of rooms read afterwards.

use serde::{Deserialize, Serialize};

use crate::{
    Identity, Person,
    quality::{Cause, Unheard},
};

/// What is wrong with somebody in a meeting. Nobody stands here of whom there is nothing to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mark {
    /// Whose device.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub identity: Identity,
    /// What makes the connection bad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub cause: Option<Cause>,
    /// Why nobody hears the open microphone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub unheard: Option<Unheard>,
    /// Whether there was no room for pictures as large as it shows them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, type = "boolean"))]
    pub smaller: bool,
}

/// `POST /api/v1/rooms/{code}/measurements`: what the client of somebody who is in measured since it last said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Measured {
    /// On which of my devices.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub identity: Identity,
    /// How long that was, in milliseconds.
    #[schema(minimum = 1, maximum = 600_000)]
    pub span: u32,
    /// The part of the sound played that was made up, in thousandths.
    #[schema(maximum = 1_000)]
    pub concealed: u32,
    /// For how long pictures stood still that should not, in milliseconds.
    #[schema(maximum = 600_000)]
    pub frozen: u32,
    /// The part of the pictures that came and were not drawn, in thousandths.
    #[schema(maximum = 1_000)]
    pub dropped: u32,
    /// The part of the time in which my pictures were made smaller since the computer could not do more, in thousandths.
    #[schema(maximum = 1_000)]
    pub strained: u32,
}

/// Something that was bad for a while, of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Trouble {
    /// Whose.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// The name that was shown.
    pub name: String,
    /// What.
    pub cause: Cause,
    /// From when on, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: u64,
    /// Until when.
    #[cfg_attr(test, ts(type = "number"))]
    pub until: u64,
    /// For how many seconds in all: it may have come and gone in between.
    pub seconds: u32,
}

/// `GET /api/v1/rooms/{code}/report`: how my last meeting in a room went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Report {
    /// Who I am.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub me: Person,
    /// From when on I was in, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: u64,
    /// Until when.
    #[cfg_attr(test, ts(type = "number"))]
    pub until: u64,
    /// What was bad: of me all, of others what I will have noticed. The longest first.
    pub troubles: Vec<Trouble>,
}

/// One meeting of a room that is over, or goes on, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PastMeeting {
    /// When it began, in milliseconds since 1970; names it in its room.
    #[cfg_attr(test, ts(type = "number"))]
    pub began: u64,
    /// When somebody was last seen in it.
    #[cfg_attr(test, ts(type = "number"))]
    pub until: u64,
    /// Who was in, in order of coming.
    pub people: Vec<Attended>,
    /// What was bad. The longest first.
    pub troubles: Vec<Trouble>,
}

/// Somebody who was in a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Attended {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// The name that was shown.
    pub name: String,
    /// From when on, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub from: u64,
    /// Until when; away in between or not.
    #[cfg_attr(test, ts(type = "number"))]
    pub until: u64,
}
