//! How well media flows, in words: what is wrong with somebody's connection, and one record per participant and minute.
//!
//! The media plane says the first every few seconds ([`crate::media::Event`]); the hub makes the second of it and of what
//! clients measure themselves.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Identity, Person,
    media::{Connection, Verdict},
};

/// What makes a connection bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Cause {
    /// What the participant sends is lost on its way here, or comes unevenly.
    Upload,
    /// What is sent to the participant is lost or late, or there is no room for it.
    Download,
    /// The way is so long that people begin to talk at once.
    Delay,
    /// This server does not keep up.
    Server,
    /// The participant's computer does not keep up.
    Computer,
    /// Nothing arrives.
    Lost,
}

impl Cause {
    /// All there are.
    pub const ALL: [Self; 6] = [Self::Upload, Self::Download, Self::Delay, Self::Server, Self::Computer, Self::Lost];

    /// Its name in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
            Self::Delay => "delay",
            Self::Server => "server",
            Self::Computer => "computer",
            Self::Lost => "lost",
        }
    }

    /// The cause of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }
}

/// Why nobody hears somebody whose microphone is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Unheard {
    /// No sound arrives at the server.
    Blocked,
    /// What arrives is silence without any sound in it: a microphone that is switched off, or the wrong one.
    Silent,
    /// It arrives, and nobody takes it.
    Untaken,
}

/// Over what somebody's media comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Way {
    /// Datagrams.
    Udp,
    /// A connection to the port for media.
    Tcp,
    /// TURN, over the port of the page.
    Turn,
}

/// What the media plane counted of one peer since it last said so, some seconds ago.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// What was last said of its connection.
    pub verdict: Verdict,
    /// The part of what it sends that did not come, from 0 to 1.
    pub lost_up: f32,
    /// The part of what is sent to it that did not come, from 0 to 1.
    pub lost_down: f32,
    /// By how much the way of sound to it swings.
    pub jitter: Duration,
    /// There and back.
    pub round_trip: Option<Duration>,
    /// The part of the layers wanted that there was no room for, from 0 to 1.
    pub missing: f32,
    /// Whether pictures are held back for want of room.
    pub paused: bool,
    /// How late the media plane itself was, on average.
    pub late: Duration,
    /// Over what it comes; `None` before there is a way.
    pub way: Option<Way>,
    /// Why nobody hears it, if so.
    pub unheard: Option<Unheard>,
}

impl Sample {
    /// One of a peer of which there is nothing to say.
    pub const GOOD: Self = Self {
        verdict: Verdict { connection: Connection::Excellent, cause: None },
        lost_up: 0.0,
        lost_down: 0.0,
        jitter: Duration::ZERO,
        round_trip: None,
        missing: 0.0,
        paused: false,
        late: Duration::ZERO,
        way: Some(Way::Udp),
        unheard: None,
    };
}

/// One minute of one participant: what the server counted, and what the client measured.
///
/// Parts are in thousandths, times in milliseconds unless they say seconds; means of the minute unless said otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Minute {
    /// What the participant sent and did not come.
    pub lost_up: u32,
    /// What was sent to the participant and did not come.
    pub lost_down: u32,
    /// By how much the way of sound to it swings, at worst.
    pub jitter: u32,
    /// There and back, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub round_trip: Option<u32>,
    /// The layers wanted that there was no room for.
    pub missing: u32,
    /// For how many seconds pictures were held back for want of room.
    pub paused: u32,
    /// How late the server's media thread was.
    pub late: u32,
    /// How often the connection of the media or of the signals broke.
    pub reconnects: u32,
    /// For how many seconds nobody heard the open microphone.
    pub unheard: u32,
    /// Over what it came, last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub way: Option<Way>,
    /// What the client measured, where it said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub client: Option<Felt>,
}

/// What a client measured of how a minute was for its person: the worst of what it said in it; see
/// [`crate::api::Measured`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Felt {
    /// The part of the sound that was made up, since what should have been played had not come, in thousandths.
    pub concealed: u32,
    /// For how long pictures stood still, in milliseconds.
    pub frozen: u32,
    /// The part of the pictures that came and were not drawn, in thousandths.
    pub dropped: u32,
    /// The part of the time in which its pictures were made smaller since the computer could not do more, in thousandths.
    pub strained: u32,
}

/// One minute of one participant, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Record {
    /// When the minute began, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// When the meeting began, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub began: u64,
    /// Whose device.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub identity: Identity,
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// The name that was shown.
    pub name: String,
    /// How many seconds of it the participant was in.
    pub seconds: u32,
    /// What made it bad for the longest time, where it was bad for long enough to be told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub bad: Option<Cause>,
    /// For how many seconds.
    pub bad_for: u32,
    /// The numbers.
    pub minute: Minute,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_and_the_pages_call_causes_alike() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.name());
            assert_eq!(Cause::from_name(cause.name()), Some(cause));
        }
        assert_eq!(Cause::from_name("weather"), None);
    }

    #[test]
    fn a_minute_of_an_older_version_is_read() {
        let read: Minute = serde_json::from_str(r#"{"lostUp":7,"weather":1}"#).unwrap();
        assert_eq!(read, Minute { lost_up: 7, ..Minute::default() });
    }
}
