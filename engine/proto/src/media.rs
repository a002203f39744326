//! What the control plane (`hub`) and the media plane (`sfu`) say to each other.
//!
//! The two never meet: the server carries these values from one to the other. Commands are decisions already made;
//! events are facts already true. Both travel in order over bounded queues.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    Identity, ParticipantId, RoomId, RoomName, Source, TrackId, VoicemailId,
    quality::{Cause, Sample, Unheard},
};

/// Whether a track is heard or seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// The spatial layers of a simulcast track, lowest first (LiveKit's `VideoQuality`, rids `q`, `h`, `f`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// The smallest.
    Low,
    /// The middle one.
    Medium,
    /// The largest, and the only one of a track without layers.
    High,
}

/// The size of one layer in pixels, as the publisher announced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Which layer.
    pub quality: Quality,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// What a subscriber wants of a video track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whether anything is wanted now; `false` pauses the track for this subscriber.
    pub enabled: bool,
    /// No layer above this one.
    pub quality: Quality,
    /// The size shown, in pixels; `None` when the subscriber speaks in qualities only.
    pub size: Option<(u32, u32)>,
    /// Whether it comes before what others show when bandwidth is short, as those who speak do.
    pub pinned: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self { enabled: true, quality: Quality::High, size: None, pinned: false }
    }
}

/// A participant's place on the media plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddPeer {
    /// The room, whose peers all live on one media thread.
    pub room: RoomId,
    /// The participant.
    pub peer: ParticipantId,
    /// The address of data packets to and from this participant.
    pub identity: Identity,
    /// Whether its data packets are passed on.
    pub may_send_data: bool,
    /// Whether others must not learn of it: it never counts as speaking, and its data packets name no sender.
    pub hidden: bool,
    /// The message that its microphone is recorded as.
    pub tap: Option<VoicemailId>,
}

/// What names of rooms begin with in which somebody speaks a message; behind it stands which.
pub const MESSAGE_ROOM: &str = "parlor-voicemail:";

/// The room in which a message is spoken.
pub fn message_room(id: VoicemailId) -> RoomName {
    format!("{MESSAGE_ROOM}{id}").parse().expect("letters, digits and a colon, and few of them, are a name")
}

/// The message that is spoken in a room; nothing in every other room.
pub fn spoken_in(room: &RoomName) -> Option<VoicemailId> {
    room.as_str().strip_prefix(MESSAGE_ROOM)?.parse().ok()
}

/// One packet of a microphone that is recorded: what is in it, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tapped {
    /// The message.
    pub message: VoicemailId,
    /// Which stream of packets it is of (its SSRC): another one counts from elsewhere.
    pub stream: u32,
    /// When it begins, in samples at 48 kHz from an arbitrary one on, as RFC 7587, section 4.1, has it for Opus.
    pub timestamp: u32,
    /// One Opus packet (RFC 6716, section 3), without copies of earlier ones.
    pub sound: Vec<u8>,
}

/// A track that was announced over signalling and whose section comes with this or a later offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedTrack {
    /// The track.
    pub track: TrackId,
    /// Sound or pictures.
    pub kind: Kind,
    /// Where it comes from, if the client said.
    pub source: Option<Source>,
    /// The client's own ids for it: that of `add_track` first, then those of its `simulcast_codecs`.
    pub cids: Vec<String>,
    /// Codec names in the order wanted, lower case, such as `vp9`; empty when the client does not mind.
    pub codecs: Vec<String>,
    /// The sizes of its layers; empty for sound.
    pub layers: Vec<Layer>,
    /// Whether it begins muted.
    pub muted: bool,
}

/// What the hub tells a media thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Make room for a participant. Its transport starts with its first offer.
    AddPeer(AddPeer),
    /// A participant has left: end its transport, its tracks and its subscriptions.
    RemovePeer {
        /// Who left.
        peer: ParticipantId,
    },
    /// A track that `peer` will publish.
    ExpectTrack {
        /// The publisher.
        peer: ParticipantId,
        /// The track.
        track: ExpectedTrack,
    },
    /// The client's SDP offer. Every offer is answered, in order, also superseded ones.
    Offer {
        /// Who offers.
        peer: ParticipantId,
        /// The client's number for it, echoed in the answer.
        id: u32,
        /// The SDP (RFC 8866).
        sdp: String,
    },
    /// `peer` takes `track`.
    Subscribe {
        /// The subscriber.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// `peer` no longer takes `track`.
    Unsubscribe {
        /// The subscriber.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// What `peer` wants of a track that it takes.
    Prefer {
        /// The subscriber.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
        /// The wish.
        wish: Wish,
    },
    /// A track was muted or unmuted; a muted one never counts as speaking, and not one packet of it is passed on.
    Mute {
        /// The track.
        track: TrackId,
        /// Its state now.
        muted: bool,
    },
    /// A track ends although its section may stay.
    RemoveTrack {
        /// The track.
        track: TrackId,
    },
    /// The right to send data changed.
    AllowData {
        /// Who.
        peer: ParticipantId,
        /// Whether its packets are passed on from now on.
        allowed: bool,
    },
}

/// What a media thread tells the hub.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The answer to an offer.
    Answer {
        /// Who offered.
        peer: ParticipantId,
        /// The number of the offer.
        id: u32,
        /// The SDP.
        sdp: String,
        /// Which section carries which track to this peer: **all** of them, since clients replace their whole map.
        sections: BTreeMap<String, TrackId>,
    },
    /// An offer could not be accepted; the peer's transport is unusable and it has to join anew.
    OfferRefused {
        /// Who offered.
        peer: ParticipantId,
        /// What was wrong, for the log.
        why: String,
    },
    /// The client has to offer again, with this many receiving sections more than now (both may be zero).
    SectionsRequired {
        /// Who.
        peer: ParticipantId,
        /// Sections for sound.
        audio: u32,
        /// Sections for pictures.
        video: u32,
    },
    /// A section was bound to an expected track: others may take it from now on.
    TrackPublished {
        /// The publisher.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
        /// The codec that the answer put first, such as `video/VP8`.
        mime: String,
        /// The section.
        mid: String,
    },
    /// The publisher offered the section of a track as inactive, or it was rejected.
    TrackEnded {
        /// The publisher.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// A subscription got its section and media may flow.
    Subscribed {
        /// The subscriber.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// A subscription cannot be served: the subscriber offered no codec that the track is in.
    SubscriptionFailed {
        /// The subscriber.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// The flow of tracks to a subscriber was stopped for want of bandwidth, or goes on.
    StreamStates {
        /// The subscriber.
        peer: ParticipantId,
        /// The tracks, and whether they flow.
        changes: Vec<(TrackId, bool)>,
    },
    /// Which layers of a track anybody wants, lowest first. Until this is said, all are.
    LayersWanted {
        /// The publisher.
        peer: ParticipantId,
        /// The track.
        track: TrackId,
        /// The layers.
        layers: [bool; 3],
    },
    /// ICE and DTLS are up (again).
    Connected {
        /// Who.
        peer: ParticipantId,
    },
    /// Nothing was heard from the peer for a while; it may come back.
    Disconnected {
        /// Who.
        peer: ParticipantId,
    },
    /// Who speaks, as changes: a level of zero means silent again.
    Speakers {
        /// The room.
        room: RoomId,
        /// The changes.
        changes: Vec<Speaker>,
    },
    /// How well media flows to and from peers, as changes.
    Quality {
        /// The room.
        room: RoomId,
        /// The changes.
        changes: Vec<(ParticipantId, Verdict)>,
    },
    /// Whose open microphone nobody hears, and why, or no longer, as changes.
    Unheard {
        /// The room.
        room: RoomId,
        /// The changes.
        changes: Vec<(ParticipantId, Option<Unheard>)>,
    },
    /// What was counted of all peers since the last time.
    Measured {
        /// The room.
        room: RoomId,
        /// How long that was.
        span: Duration,
        /// What.
        samples: Vec<(ParticipantId, Sample)>,
    },
}

/// How loud a participant is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speaker {
    /// Who.
    pub peer: ParticipantId,
    /// Loudness from 0 (silent) to 1, linear, as LiveKit's `SpeakerInfo.level`.
    pub level: f32,
    /// Whether the participant counts as speaking.
    pub active: bool,
}

/// What is said of a peer's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How good it is.
    pub connection: Connection,
    /// What makes it bad, where people notice.
    pub cause: Option<Cause>,
}

/// How good a peer's connection is (LiveKit's `ConnectionQuality`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Connection {
    /// Nothing arrives.
    Lost,
    /// People notice.
    Poor,
    /// Some loss, which is repaired.
    Good,
    /// Nothing to say.
    Excellent,
}
