//! Who somebody is in a room, and what that lets them do: the one table of rights for everything but media tokens.

use serde::{Deserialize, Serialize};

use crate::api::{Act, Allowed};

/// What somebody is to one room, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Role {
    /// Made the room, or administers the server.
    Owner,
    /// Leads meetings in it: made so by the owner, for ever or for one meeting.
    Host,
    /// Has an account here.
    Member,
    /// Has a link and a name.
    Guest,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Host, Self::Member, Self::Guest];

    /// Whether this role leads meetings.
    pub fn leads(self) -> bool {
        matches!(self, Self::Owner | Self::Host)
    }

    /// The name in media tokens (attribute `role`) and in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Host => "host",
            Self::Member => "member",
            Self::Guest => "guest",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether somebody of this role may do `act` in a meeting; what it does to somebody else is asked of
    /// [`Role::may_do_to`] as well.
    pub fn may(self, act: &Act) -> bool {
        match act {
            Act::Hand { .. } | Act::React { .. } | Act::MoveHere { .. } => true,
            Act::Admit { .. }
            | Act::AdmitAll
            | Act::Deny { .. }
            | Act::Lock { .. }
            | Act::Lobby { .. }
            | Act::Allow { .. }
            | Act::Mute { .. }
            | Act::MuteAll
            | Act::AskToUnmute { .. }
            | Act::StopCameras
            | Act::LowerHand { .. }
            | Act::LowerHands
            | Act::Remove { .. }
            | Act::Rename { .. }
            | Act::Spotlight { .. }
            | Act::Pause { .. }
            | Act::MoveToLobby { .. }
            | Act::HandOver { .. }
            | Act::EndForAll => self.leads(),
            // Hosts of a meeting cannot make more hosts: the owner keeps the say over who leads.
            Act::Promote { .. } | Act::Demote { .. } => self == Self::Owner,
        }
    }

    /// Whether somebody of this role may ask people into a meeting who have an account: it lets them in, past the lobby and past a
    /// lock.
    pub fn may_invite(self) -> bool {
        self.leads()
    }

    /// Whether somebody of this role may mute, remove, rename or demote somebody of the role `other`.
    pub fn may_do_to(self, other: Self) -> bool {
        self.leads() && (self == Self::Owner || other != Self::Owner)
    }
}

/// What a room lets people do, kept with the room. Those who lead may always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Policy {
    /// Whether people without an account may come in.
    pub guests: bool,
    /// Who has to be let in.
    pub lobby: Lobby,
    /// Whether nobody new may come in, not even to knock.
    pub locked: bool,
    /// Whether members and guests may speak.
    pub microphone: bool,
    /// Whether members and guests may show themselves.
    pub camera: bool,
    /// Whether members and guests may share their screen.
    pub share: bool,
    /// Whether members and guests may write.
    pub chat: bool,
    /// Whether those who come later see what was written before they came.
    pub history: bool,
}

impl Policy {
    /// A room with an owner: guests knock first (R9).
    pub const OWNED: Self = Self { lobby: Lobby::Guests, ..Self::OPEN };

    /// A room that nobody owns: nobody could let anybody in.
    pub const OPEN: Self = Self {
        guests: true,
        lobby: Lobby::Off,
        locked: false,
        microphone: true,
        camera: true,
        share: true,
        chat: true,
        history: true,
    };

    /// This policy with a change made to it: the one place where the two meet.
    #[must_use]
    pub fn with(&self, change: &ChangePolicy) -> Self {
        let ChangePolicy { guests, lobby, locked, microphone, camera, share, chat, history } = change;
        Self {
            guests: guests.unwrap_or(self.guests),
            lobby: lobby.unwrap_or(self.lobby),
            locked: locked.unwrap_or(self.locked),
            microphone: microphone.unwrap_or(self.microphone),
            camera: camera.unwrap_or(self.camera),
            share: share.unwrap_or(self.share),
            chat: chat.unwrap_or(self.chat),
            history: history.unwrap_or(self.history),
        }
    }

    /// What is left of it while a meeting is paused: nobody new comes in without being let in, and nobody but those who lead
    /// does anything.
    #[must_use]
    pub fn paused(&self) -> Self {
        Self { lobby: Lobby::Everyone, microphone: false, camera: false, share: false, chat: false, ..self.clone() }
    }

    /// Whether somebody of this role may use what is spoken of.
    pub fn allows(&self, role: Role, what: Allowed) -> bool {
        role.leads()
            || match what {
                Allowed::Microphone => self.microphone,
                Allowed::Camera => self.camera,
                Allowed::Share => self.share,
                Allowed::Chat => self.chat,
            }
    }
}

/// What is to be different about a [`Policy`]; what is absent stays, whoever changed it meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangePolicy {
    /// Whether people without an account may come in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub guests: Option<bool>,
    /// Who has to be let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub lobby: Option<Lobby>,
    /// Whether nobody new may come in, not even to knock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub locked: Option<bool>,
    /// Whether members and guests may speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub microphone: Option<bool>,
    /// Whether members and guests may show themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub camera: Option<bool>,
    /// Whether members and guests may share their screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub share: Option<bool>,
    /// Whether members and guests may write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub chat: Option<bool>,
    /// Whether those who come later see what was written before they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub history: Option<bool>,
}

/// Who waits in the lobby until somebody lets them in. Those who lead never wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Lobby {
    /// Nobody.
    Off,
    /// People without an account.
    Guests,
    /// Everybody who does not lead.
    Everyone,
}

impl Lobby {
    /// Whether somebody of this role has to wait.
    pub fn holds(self, role: Role) -> bool {
        match self {
            Self::Off => false,
            Self::Guests => role == Role::Guest,
            Self::Everyone => !role.leads(),
        }
    }
}
