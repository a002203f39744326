//! Rooms, and the way into them.

use serde::{Deserialize, Serialize};

use super::AccountView;
use crate::{ChangePolicy, Identity, Person, Policy, Role, RoomId};

/// A room as anyone who holds its link may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Room {
    /// The id, `RM_...`.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: RoomId,
    /// The short code in the link, such as `bolu-kesi-dafo`.
    pub code: String,
    /// What people call it.
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// When it was made, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub created_at: u64,
}

/// `POST /api/v1/rooms`: make a room. Answers 201 with a [`RoomView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CreateRoom {
    /// What to call it; "Meeting" when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub description: Option<String>,
    /// Whether it is kept among my rooms. `false` when absent: then it goes some weeks after it was last used, unless
    /// something was written or given in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub listed: Option<bool>,
}

/// `PATCH /api/v1/rooms/{code}` (owner): what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeRoom {
    /// What to call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub description: Option<String>,
    /// What it lets people do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub policy: Option<ChangePolicy>,
    /// Whether it is kept among my rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub listed: Option<bool>,
}

/// One entry of `GET /api/v1/rooms/{code}/bans`: somebody who was removed for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ban {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// How the person was called then.
    pub name: String,
    /// Since when, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
}

/// A participant as the pre-join screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Present {
    /// The identity, by which somebody who comes and goes is told from another.
    pub identity: String,
    /// The name to show.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
}

/// `GET /api/v1/rooms/{code}`: a room, who is in it now, and what the one who asks would find at its door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RoomView {
    /// The room.
    pub room: Room,
    /// Who is in, in order of joining; at most the first eight. Nobody when the one who asks would have to wait: the lobby shows no faces.
    pub present: Vec<Present>,
    /// How many are in.
    pub count: u32,
    /// With how many devices the one who asks is in now.
    pub here: u32,
    /// What the one who asks is here.
    pub role: Role,
    /// What would happen on joining.
    pub door: Door,
    /// The policy, for those who lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub policy: Option<Policy>,
}

/// What somebody finds at the door of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Door {
    /// May come in.
    Open,
    /// Has to knock and wait.
    Knock,
    /// Nobody new may come in.
    Locked,
    /// No place is left.
    Full,
    /// An account is needed.
    MembersOnly,
    /// Was removed, and may not return.
    Removed,
}

/// `POST /api/v1/rooms/{code}/join`: come in, or knock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct JoinRoom {
    /// The name to show to others. Those who are signed in may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
}

/// The answer to [`JoinRoom`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Entry {
    /// Come in.
    Admitted {
        /// With this.
        ticket: Ticket,
    },
    /// Wait: open the event socket and attend the room there; it says when somebody lets you in.
    Waiting {
        /// Whether anybody is in who could let you in.
        #[serde(rename = "hostPresent")]
        host_present: bool,
    },
}

/// `POST /api/v1/rooms/{code}/ratings`: what somebody who was in thinks of the meeting. Answers 204. Said again within some
/// hours, it takes the place of what was said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RateMeeting {
    /// From 1, which is bad, to 5.
    #[schema(minimum = 1, maximum = 5)]
    pub stars: u8,
    /// What was not good.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub reasons: Vec<Reason>,
}

/// What may not be good about a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Reason {
    /// What was heard.
    Sound,
    /// What was seen of people.
    Picture,
    /// A shared screen.
    Share,
    /// Everything came late, or broke off.
    Connection,
}

/// `GET /api/v1/rooms/{code}/ratings`: what people thought of the last meetings of a room, for its owner. Nobody is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ratings {
    /// How many gave one star, two, and so on to five.
    pub stars: Vec<u32>,
    /// How many found the sound not good.
    pub sound: u32,
    /// How many found the pictures not good.
    pub picture: u32,
    /// How many found a shared screen not good.
    pub share: u32,
    /// How many found the connection not good.
    pub connection: u32,
}

/// What opens the media socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ticket {
    /// The media token, good for ten minutes to enter with and renewed over the socket.
    pub token: String,
    /// The identity in that token.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub identity: Identity,
    /// Who that is; all devices of one person share it.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// The room that it opens.
    pub room: Room,
}

/// One entry of `GET /api/v1/rooms`: a room of mine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MyRoom {
    /// The room.
    pub room: Room,
    /// What I am in it.
    pub role: Role,
    /// Who has to be let in.
    pub lobby: crate::Lobby,
    /// How many are in now.
    pub count: u32,
    /// The first of them.
    pub present: Vec<Present>,
    /// Whether it is kept among my rooms. A meeting that was only begun is not: it goes some weeks after it was last used,
    /// unless something was written or given in it.
    pub listed: bool,
    /// Since when somebody is in, when somebody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub since: Option<u64>,
}

/// One entry of `GET /api/v1/rooms/{code}/members`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Member {
    /// Who.
    pub account: AccountView,
    /// As what.
    pub role: Role,
}

/// `PUT /api/v1/rooms/{code}/members/{name}` (owner): add somebody with an account, or change what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeMember {
    /// As host or member.
    pub role: Role,
}
