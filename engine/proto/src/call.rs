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
    /// The party has put the call on hold: nothing of it is heard or seen in the call, nor anything of the call by the party, who
    /// may be elsewhere meanwhile.
    Held,
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
    /// The party went on in another call, which this one became a part of.
    Merged,
    /// The party left the others to somebody else.
    Transferred,
    /// The party lets such calls ring somebody else, who has a leg of their own.
    Forwarded,
    /// The party wants such calls to leave a message.
    Voicemail,
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 14] = [
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
        Self::Merged,
        Self::Transferred,
        Self::Forwarded,
        Self::Voicemail,
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
            Self::Merged => "merged",
            Self::Transferred => "transferred",
            Self::Forwarded => "forwarded",
            Self::Voicemail => "voicemail",
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
    /// The caller first, then the others as they were called. Who was called again has one more: the last counts.
    pub legs: Vec<LegRecord>,
}

impl CallRecord {
    /// The leg of each party that counts, in order.
    pub fn parties(&self) -> impl Iterator<Item = &LegRecord> {
        let last = |(place, leg): &(usize, &LegRecord)| {
            self.legs.iter().skip(place + 1).all(|later| later.account != leg.account)
        };
        self.legs.iter().enumerate().filter(last).map(|(_, leg)| leg)
    }

    /// The leg of somebody as they know it: the last of which they were told.
    pub fn own(&self, account: AccountId) -> Option<&LegRecord> {
        self.legs.iter().rev().find(|leg| leg.account == account && !leg.barred)
    }
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
    /// Since when the party has the call on hold, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u64>,
    /// Who asked the party in later on; absent for the caller, and for those whom the caller called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// Who is rung when the party does not come: whoever left the others to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<AccountId>,
    /// The name of whoever did not take the call, when it came back from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
    /// Whose call it was, who lets such calls ring this party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarder: Option<AccountId>,
    /// Whether the party has blocked the caller: then it was none of its calls.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub barred: bool,
}
