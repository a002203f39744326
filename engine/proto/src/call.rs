//! Calls: how far each party's leg has come, how it ended, and what is kept of a call.

use serde::{Deserialize, Serialize};

use crate::{AccountId, CallId, DeviceKey, RoomName};

/// How far one party's leg of a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "is", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Stage {
    /// The party's devices were told; none has said yet that it rings.
    Dialing,
    /// At least one device rings.
    Ringing,
    /// The party placed or answered the call, and its device is on the way into the room.
    Connecting,
    /// The party is in the room.
    Active,
    /// The leg is over.
    Ended {
        /// Why.
        why: Why,
    },
}

/// Why a leg of a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Why {
    /// The party said no.
    Declined,
    /// The party was in another call, and the caller did not ask to ring anyway.
    Busy,
    /// The party wants to be left alone.
    DoNotDisturb,
    /// A device rang, and nobody answered in time.
    NoAnswer,
    /// No device of the party could be reached.
    Unreachable,
    /// The caller gave up before the party answered.
    Cancelled,
    /// The party ended it.
    HungUp,
    /// The party's connection was lost and did not come back.
    Lost,
    /// The others had gone.
    Over,
    /// The party answered or placed the call, and its device never came; or the server broke off.
    Failed,
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 10] = [
        Self::Declined,
        Self::Busy,
        Self::DoNotDisturb,
        Self::NoAnswer,
        Self::Unreachable,
        Self::Cancelled,
        Self::HungUp,
        Self::Lost,
        Self::Over,
        Self::Failed,
    ];

    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Busy => "busy",
            Self::DoNotDisturb => "doNotDisturb",
            Self::NoAnswer => "noAnswer",
            Self::Unreachable => "unreachable",
            Self::Cancelled => "cancelled",
            Self::HungUp => "hungUp",
            Self::Lost => "lost",
            Self::Over => "over",
            Self::Failed => "failed",
        }
    }
}

impl Stage {
    /// Whether the leg is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Ended { .. })
    }

    /// Whether the party has neither answered nor been given up.
    pub fn rings(self) -> bool {
        matches!(self, Self::Dialing | Self::Ringing)
    }
}

/// What is kept of a call: for the history, and for the server that comes after this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRecord {
    /// The call.
    pub id: CallId,
    /// The room that carries it.
    pub room: RoomName,
    /// Whether it was placed with pictures.
    pub video: bool,
    /// When it was placed, in milliseconds since 1970.
    pub began: u64,
    /// When the first callee was in, in milliseconds since 1970.
    pub answered: Option<u64>,
    /// When it was over, in milliseconds since 1970.
    pub ended: Option<u64>,
    /// The caller first.
    pub legs: Vec<LegRecord>,
}

/// One party of a kept call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LegRecord {
    /// Who.
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where the picture of the account is.
    pub avatar: Option<String>,
    /// How far it has come.
    pub stage: Stage,
    /// On which device it was placed or answered.
    pub device: Option<DeviceKey>,
    /// What the party said when declining.
    pub reply: Option<String>,
}
