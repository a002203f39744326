//! Whether somebody can be reached, and wants to be.

use serde::{Deserialize, Serialize};

/// How somebody with an account is to be found, over all their devices.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Presence {
    /// A device is there, and nothing speaks against a call.
    Available,
    /// Said so.
    Busy,
    /// Is in a call.
    InCall,
    /// Said so, or has touched no device for a while.
    Away,
    /// Does not want to be called.
    DoNotDisturb,
    /// No device is there.
    #[default]
    Offline,
}

/// What somebody says of themselves; it stays until they say something else.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Chosen {
    /// What devices show: available, away or in a call.
    #[default]
    Automatic,
    /// Busy.
    Busy,
    /// Away.
    Away,
    /// Do not disturb: nothing rings.
    DoNotDisturb,
}

/// Who sees how somebody is to be found. It stays until they choose otherwise; they see it themselves in any case.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum SeenBy {
    /// Everybody who is signed in, but for those who are blocked.
    #[default]
    Everyone,
    /// Those of this server who stand in their phone book.
    Contacts,
    /// Nobody else.
    Nobody,
}

impl SeenBy {
    /// All of it.
    pub const ALL: [Self; 3] = [Self::Everyone, Self::Contacts, Self::Nobody];

    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Contacts => "contacts",
            Self::Nobody => "nobody",
        }
    }

    /// Reads [`SeenBy::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seen_by| seen_by.name() == name)
    }
}

impl Chosen {
    /// All of it.
    pub const ALL: [Self; 4] = [Self::Automatic, Self::Busy, Self::Away, Self::DoNotDisturb];

    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Busy => "busy",
            Self::Away => "away",
            Self::DoNotDisturb => "doNotDisturb",
        }
    }

    /// Reads [`Chosen::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|chosen| chosen.name() == name)
    }
}
