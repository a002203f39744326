//! What those outside of this server may be told of.

use proto::{call::CallRecord, livekit};

/// Something that happened, for those outside of this server who want to hear of it. It names no address of anybody.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// What.
    pub what: Happening,
}

/// What may happen that those outside are told of.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// A room came to life.
    RoomStarted {
        /// How clients see it.
        room: livekit::Room,
    },
    /// A room is over.
    RoomFinished {
        /// As it was.
        room: livekit::Room,
        /// Why.
        reason: livekit::RoomEndReason,
    },
    /// Somebody is in, and their media flows.
    ParticipantJoined {
        /// Where.
        room: livekit::Room,
        /// Who.
        participant: livekit::ParticipantInfo,
    },
    /// Somebody of whom it was told that they are in has left, and why.
    ParticipantLeft {
        /// Where.
        room: livekit::Room,
        /// Who.
        participant: livekit::ParticipantInfo,
    },
    /// Somebody came in, and left before any media flowed.
    ParticipantAborted {
        /// Where.
        room: livekit::Room,
        /// Who.
        participant: livekit::ParticipantInfo,
    },
    /// Somebody who is in publishes a track.
    TrackPublished {
        /// Where.
        room: livekit::Room,
        /// Who.
        participant: livekit::ParticipantInfo,
        /// What.
        track: livekit::TrackInfo,
    },
    /// A track is over.
    TrackUnpublished {
        /// Where.
        room: livekit::Room,
        /// Whose.
        participant: livekit::ParticipantInfo,
        /// What.
        track: livekit::TrackInfo,
    },
    /// Somebody calls. It may be over already: then nobody could be reached.
    CallStarted(CallRecord),
    /// The first who was called is in.
    CallAnswered(CallRecord),
    /// A call is over.
    CallEnded(CallRecord),
}
