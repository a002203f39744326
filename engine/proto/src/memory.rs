//! What a meeting has to know again after the server was started anew, be it that it was killed: who was let in and as what,
//! whose hand was up, whose seat is kept, and whose tokens count no more. The room's policy is kept with the room.

use serde::{Deserialize, Serialize};

use crate::{Identity, Person, Role};

/// A meeting, as far as it outlives the process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Memory {
    /// Since when somebody is in, in milliseconds since 1970; 0 while nobody was.
    pub began: u64,
    /// Whether a host paused everything.
    pub paused: bool,
    /// Who is shown large to everybody.
    pub spotlight: Option<Person>,
    /// Everybody who was let in.
    pub people: Vec<Remembered>,
    /// Whose media tokens count no more.
    pub barred: Vec<Barred>,
}

/// Somebody who was let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Remembered {
    /// Who.
    pub person: Person,
    /// The name that is shown.
    pub name: String,
    /// Whether somebody who leads gave that name.
    #[serde(default)]
    pub renamed: bool,
    /// Where the picture of the person's account is.
    #[serde(default)]
    pub avatar: Option<String>,
    /// What the person is in this meeting.
    pub role: Role,
    /// Since when the person is in, or was let in, in milliseconds since 1970.
    pub since: u64,
    /// Whether the person was let in by hand and has not come yet.
    #[serde(default)]
    pub expected: bool,
    /// Since when the hand is up, in milliseconds since 1970.
    #[serde(default)]
    pub hand: Option<u64>,
    /// Where the person is in now: one for each device.
    #[serde(default)]
    pub seats: Vec<Seat>,
}

/// The seat of one participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seat {
    /// Under which identity it is taken again.
    pub identity: Identity,
    /// Since when, in milliseconds since 1970.
    pub joined: u64,
}

/// Somebody whose media tokens count no more, although they were signed well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Barred {
    /// Who.
    pub person: Person,
    /// How the person may come back.
    pub way: Return,
    /// Until when, in milliseconds since 1970: no token from before is good for longer.
    pub until: u64,
}

/// How somebody may come back whose tokens count no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Return {
    /// By the door, as if for the first time.
    Door,
    /// By the door, when somebody lets them in by hand.
    Lobby,
    /// Not at all.
    Never,
}

impl Memory {
    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.barred.is_empty()
    }
}
