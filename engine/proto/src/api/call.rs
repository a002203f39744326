//! Calls, and who can be called.

use serde::{Deserialize, Serialize};

use crate::{AccountId, CallId, DeviceKey, Presence, call::Stage, presence::Chosen};

/// `POST /api/v1/calls`: call somebody, or several at once. Answers 201 with a [`Call`], also when nobody could be reached:
/// then its parties say why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlaceCall {
    /// Whom.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 24)]
    pub people: Vec<AccountId>,
    /// Whether I mean to show myself.
    #[serde(default)]
    pub video: bool,
    /// From which of my devices.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub device: DeviceKey,
    /// Whether to ring those too who are in a call.
    #[serde(default)]
    pub anyway: bool,
}

/// `POST /api/v1/calls/{id}/acts`: what one of my devices does with a call. Answers 204; a refusal says why not. Doing the same
/// again does no harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum CallAct {
    /// It rings here: the caller is told on how many devices it does.
    Ring {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        device: DeviceKey,
    },
    /// Answer: join the call's room next.
    Answer {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        device: DeviceKey,
    },
    /// Say no, on all my devices.
    Decline {
        /// What the caller is told; at most 200 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        reply: Option<String>,
    },
    /// End my part of it: give up calling, or hang up.
    End,
}

/// A call, as one of its parties sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Call {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: CallId,
    /// The code of the room that carries it.
    pub code: String,
    /// Whether it was placed with pictures.
    pub video: bool,
    /// Whether I placed it.
    pub outgoing: bool,
    /// When it was placed, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub began: u64,
    /// When the first who was called was in, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub answered: Option<u64>,
    /// When it was over, in milliseconds since 1970. It is told for a minute more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub ended: Option<u64>,
    /// How far I am in it.
    pub stage: Stage,
    /// On which of my devices I placed or answered it, with its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub on: Option<On>,
    /// The others: whoever placed it first.
    pub others: Vec<Party>,
}

/// A device that took a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct On {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub device: DeviceKey,
    /// What it is called in the list of my devices; empty when nothing is known.
    pub name: String,
}

/// Another party of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Party {
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
    /// Whether it was they who placed the call.
    pub caller: bool,
    /// How far they are.
    pub stage: Stage,
    /// On how many of their devices it rings. Told to the caller alone.
    pub devices: u32,
    /// What they said when declining. Told to the caller alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reply: Option<String>,
}

/// How somebody is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reachable {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub account: AccountId,
    /// How.
    pub presence: Presence,
    /// Since when, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
}

/// `GET` and `PUT /api/v1/me/presence`: what I say of myself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MyPresence {
    /// That.
    pub chosen: Chosen,
}

/// Somebody with an account here, as others find them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Contact {
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

/// A call that is over, or goes on, as my history has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PastCall {
    /// The call as it is now, or was at its end.
    pub call: Call,
    /// Whether I was called, did not answer, and have not looked since.
    pub missed: bool,
}
