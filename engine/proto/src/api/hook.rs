//! Webhooks: addresses that administrators name, and that are told what happens in rooms and calls. What they are told is in
//! docs/webhooks.md.

use serde::{Deserialize, Serialize};

use crate::{AccountId, CallId, DeliveryId, HookId, call::Why};

/// `GET /api/v1/hooks` (administrators).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hooks {
    /// All of them, as they were named.
    pub hooks: Vec<Hook>,
    /// The API keys that could sign.
    pub api_keys: Vec<String>,
}

/// One webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hook {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: HookId,
    /// Where it is.
    pub address: String,
    /// Whether it is told what happens in rooms.
    pub rooms: bool,
    /// Whether it is told of calls.
    pub calls: bool,
    /// The API key that signs; absent: a secret of its own does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub api_key: Option<String>,
    /// Why it is told nothing now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub stopped: Option<HookStopped>,
    /// How many deliveries wait for it.
    pub waiting: u32,
    /// How many it was not told since the server started, because too many waited already.
    #[cfg_attr(test, ts(type = "number"))]
    pub left_out: u64,
}

/// Why a webhook is told nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum HookStopped {
    /// An administrator switched it off.
    Paused,
    /// Its server answered that it is gone for good (410).
    Gone,
}

impl HookStopped {
    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Gone => "gone",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Paused, Self::Gone].into_iter().find(|one| one.name() == name)
    }
}

/// `POST /api/v1/hooks` (administrators). Answers 201 with [`MadeHook`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewHook {
    /// Where it is: an address of `https`, of at most 500 characters.
    pub address: String,
    /// Whether it is told what happens in rooms.
    pub rooms: bool,
    /// Whether it is told of calls.
    pub calls: bool,
    /// The API key that signs; absent: a secret of its own does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub api_key: Option<String>,
}

/// A new webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MadeHook {
    /// As it is.
    pub hook: Hook,
    /// The secret that signs, shown this once; absent where an API key signs. Its key is the id of the webhook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub secret: Option<String>,
}

/// `PATCH /api/v1/hooks/{id}` (administrators): what is absent stays. Answers [`Hooks`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeHook {
    /// Whether it is told what happens in rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub rooms: Option<bool>,
    /// Whether it is told of calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub calls: Option<bool>,
    /// Whether it is told anything. What waits for one that is switched off is given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub on: Option<bool>,
}

/// One entry of `GET /api/v1/hooks/{id}/deliveries` (administrators), the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HookDelivery {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: DeliveryId,
    /// The name of the event.
    pub event: String,
    /// When it happened.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next; absent when it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub due: Option<u64>,
    /// When it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub tried_at: Option<u64>,
    /// The status that was answered then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub status: Option<u32>,
    /// What went wrong then. Absent and over: it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub trouble: Option<HookTrouble>,
}

/// Why a delivery was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum HookTrouble {
    /// Its host is in a private network, or this machine, and the operator did not allow that.
    Private,
    /// Its server is not found, or does not answer.
    Unreachable,
    /// Its server takes too long.
    Slow,
    /// Its server names another address, which nobody named here.
    Elsewhere,
    /// Its server answers with another status than those of success.
    Refused,
    /// Its server answers that it is gone for good.
    Gone,
    /// The API key that signs is none of this server any more.
    Unsigned,
    /// The webhook was switched off before.
    Paused,
}

impl HookTrouble {
    const ALL: [Self; 8] = [
        Self::Private,
        Self::Unreachable,
        Self::Slow,
        Self::Elsewhere,
        Self::Refused,
        Self::Gone,
        Self::Unsigned,
        Self::Paused,
    ];

    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Unreachable => "unreachable",
            Self::Slow => "slow",
            Self::Elsewhere => "elsewhere",
            Self::Refused => "refused",
            Self::Gone => "gone",
            Self::Unsigned => "unsigned",
            Self::Paused => "paused",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a webhook is told of a call: the field `call` beside LiveKit's own. It holds no network address, no device, and nothing that
/// anybody said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HookCall {
    /// Which.
    pub id: CallId,
    /// The room that carries it.
    pub room: String,
    /// Whether it was placed with pictures.
    pub video: bool,
    /// When it was placed, in milliseconds since 1970.
    pub began: u64,
    /// When the first who was called was in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<u64>,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<u64>,
    /// Why it is over: of one that was answered who ended it, else why nobody came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Why>,
    /// The caller first.
    pub parties: Vec<HookParty>,
}

/// A party of a call, as webhooks are told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HookParty {
    /// Who.
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Whether it was the caller.
    pub caller: bool,
    /// How far it has come: `dialing`, `ringing`, `connecting`, `active`, `held` or `ended`.
    pub stage: String,
    /// Why it is over for the party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Whose call it was, who lets such calls ring this party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarder: Option<AccountId>,
}
