//! What the operator may set, and the limits which nobody may.

use std::time::Duration;

/// The settings of a hub. [`Config::default`] suits one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Media threads; a room lives on exactly one of them.
    pub shards: u8,
    /// The most participants in one room. The next one is turned away.
    pub participants_per_room: usize,
    /// The most live rooms. Who would open another is turned away.
    pub rooms: usize,
    /// The most tracks of one participant, announced ones included. The next `add_track` is refused.
    pub tracks_per_participant: usize,
    /// What clients are told of rooms that nobody ever entered; ours come to life when the first participant enters.
    pub empty_timeout: Duration,
    /// How long a room lives on after the last participant left.
    pub departure_timeout: Duration,
    /// How long a participant with neither socket nor media is waited for.
    pub seat_kept: Duration,
    /// How long one is waited for whose client closed the socket by itself, without saying goodbye.
    pub seat_closed: Duration,
    /// How long a newcomer has until its media is connected.
    pub arrival_timeout: Duration,
    /// How often clients ping.
    pub ping_interval: Duration,
    /// How long without a ping until a socket counts as lost.
    pub ping_timeout: Duration,
    /// How often an open socket gets a fresh token.
    pub token_refresh: Duration,
    /// How long a call rings.
    pub rings: Duration,
    /// The version of this server, told to clients as `debug_info`.
    pub version: String,
    /// The region of this server, as clients are told; may be empty.
    pub region: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            shards: 1,
            // The most that was ever measured on one media thread; more needs cascading.
            participants_per_room: 500,
            // A room costs a few kilobytes here; the number only stops somebody who opens them by script.
            rooms: 10_000,
            // Camera, microphone, screen and its sound, each twice while it is being replaced.
            tracks_per_participant: 8,
            // LiveKit's defaults, which its clients show to administrators.
            empty_timeout: Duration::from_secs(300),
            departure_timeout: Duration::from_secs(20),
            // A tunnel, a lift, a router that starts anew, a change of trains; clients try for as long.
            seat_kept: Duration::from_secs(300),
            // A page that was closed does not come back, so it is no ghost for longer than a client needs that only changes
            // its socket: it notices the loss of its media within 10 s and then needs one more try.
            seat_closed: Duration::from_secs(15),
            // Clients give up on their own after 15 s and join anew; LiveKit's server waits this long too.
            arrival_timeout: Duration::from_secs(60),
            // LiveKit's values: three pings may be lost.
            ping_interval: Duration::from_secs(5),
            ping_timeout: Duration::from_secs(15),
            // Half of a token's ten minutes, so that one lost refresh does no harm.
            token_refresh: Duration::from_secs(300),
            rings: crate::call::RINGS,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            region: String::new(),
        }
    }
}

/// The most bytes of a participant's metadata, as in LiveKit; more is refused.
pub(crate) const METADATA: usize = 64_000;

/// The most bytes of all of a participant's attributes together, keys and values, as in LiveKit; more is refused.
pub(crate) const ATTRIBUTES: usize = 64_000;

/// The most bytes of any short text that a client chooses: names, client ids, streams. As LiveKit's name limit; more is
/// refused.
pub(crate) const SHORT_TEXT: usize = 256;

/// The most entries of any list within one announced track (codecs, features): several times what exists. The rest is
/// dropped.
pub(crate) const LIST: usize = 8;

/// The most entries of a publisher's subscription permission: one for each participant of the largest room. The rest is
/// dropped, which denies.
pub(crate) const PERMISSIONS: usize = 500;

/// How long an announced track is waited for. Clients give up on it after 15 s; one that comes later is published anew.
pub(crate) const TRACK_EXPECTED: Duration = Duration::from_secs(60);

/// How long changes in the number of participants are gathered before the room is told. The count is for display only, and
/// twenty people joining at once are one message.
pub(crate) const ROOM_TOLD: Duration = Duration::from_secs(1);
