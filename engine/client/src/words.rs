//! All that can happen to a participant's client, and all that it can do.

use std::{net::SocketAddr, sync::Arc};

use proto::{
    Identity, ParticipantId, Source, TrackId,
    livekit::{self, signal_request::Message as Request, signal_response::Message as Response},
    media::{Connection, Kind, Layer, Quality, Speaker, Wish},
};

/// What a client is told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address of the socket that carries media; the only ICE candidate.
    pub address: SocketAddr,
    /// Whether tracks of others are taken without being asked for.
    pub auto_subscribe: bool,
    /// The codecs it offers, in this order.
    pub codecs: Vec<Codec>,
    /// Whether the first offer travels inside the join request (as most SDKs do) or after the join response (as Firefox
    /// makes them do).
    pub offer_with_join: bool,
    /// Whether what arrives is only counted by its headers, for load tests: no [`Event::Media`] comes, and nothing that was
    /// lost is asked for.
    pub counts: bool,
}

impl Config {
    /// What an ordinary client does, on the socket at `address`.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            auto_subscribe: true,
            codecs: vec![Codec::Opus, Codec::Vp8],
            offer_with_join: true,
            counts: false,
        }
    }
}

/// A way to encode sound or pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Codec {
    /// Opus (RFC 6716).
    Opus,
    /// VP8 (RFC 6386).
    Vp8,
    /// VP9.
    Vp9,
    /// H.264.
    H264,
    /// AV1.
    Av1,
}

impl Codec {
    /// The name that signalling uses, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Vp8 => "vp8",
            Self::Vp9 => "vp9",
            Self::H264 => "h264",
            Self::Av1 => "av1",
        }
    }

    /// What it encodes.
    pub fn kind(self) -> Kind {
        match self {
            Self::Opus => Kind::Audio,
            Self::Vp8 | Self::Vp9 | Self::H264 | Self::Av1 => Kind::Video,
        }
    }
}

/// A track to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// The client's own id for it, which names it until the server has given it a [`TrackId`].
    pub cid: String,
    /// The name to show.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// How it is encoded.
    pub codec: Codec,
    /// The sizes of its layers, lowest first; more than one makes it simulcast. Empty for sound.
    pub layers: Vec<Layer>,
    /// Whether it begins muted.
    pub muted: bool,
}

/// One RTP packet to send.
#[derive(Debug, Clone)]
pub struct Packet {
    /// The published track.
    pub track: TrackId,
    /// The layer, for simulcast tracks.
    pub layer: Option<Quality>,
    /// The RTP timestamp in the clock of the codec.
    pub time: u32,
    /// The marker bit: for pictures the last packet of a frame.
    pub marker: bool,
    /// How loud it is in dBov, from -127 to 0 (RFC 6464); `None` for pictures.
    pub level: Option<i8>,
    /// The payload.
    pub payload: Arc<[u8]>,
}

/// A data packet to send or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Whether it arrives in order and for certain, or at once or not at all.
    pub reliable: bool,
    /// What it is about, in the application's words.
    pub topic: Option<String>,
    /// Its content.
    pub payload: Vec<u8>,
}

/// What the application wants done. What makes no sense at the moment is ignored and counted in [`Stats::ignored`].
#[derive(Debug, Clone)]
pub enum Action {
    /// Publish a track; ends in [`Event::Published`] or [`Event::Refused`].
    Publish(Track),
    /// Stop publishing a track.
    Unpublish(TrackId),
    /// Mute or unmute an own track.
    Mute {
        /// The track.
        track: TrackId,
        /// Its state from now on.
        muted: bool,
    },
    /// Take a track of another.
    Subscribe(TrackId),
    /// No longer take it.
    Unsubscribe(TrackId),
    /// Say what is wanted of a video track.
    Prefer {
        /// The track.
        track: TrackId,
        /// What is wanted.
        wish: Wish,
    },
    /// Send a data packet.
    SendData {
        /// The packet.
        message: Message,
        /// To whom; empty means to all.
        to: Vec<Identity>,
    },
    /// Send an RTP packet of an own track.
    Media(Packet),
    /// Ask the sender of a video track for a keyframe.
    AskForKeyframe(TrackId),
    /// Connect media anew with fresh ICE credentials, after the network changed.
    RestartIce,
    /// Leave the room.
    Leave,
}

/// Everything that can happen to a client.
#[derive(Debug)]
pub enum Input<'a> {
    /// A signalling response arrived.
    Signal(Box<Response>),
    /// The signalling connection is gone.
    SignalClosed,
    /// A datagram arrived.
    Datagram {
        /// From whom.
        source: SocketAddr,
        /// On which of our own addresses.
        destination: SocketAddr,
        /// What.
        bytes: &'a [u8],
    },
    /// The application wants something.
    Do(Action),
    /// The time asked for by `poll_timeout` has come.
    Timeout,
}

/// Everything that a client can do.
#[derive(Debug)]
pub enum Output {
    /// Open the signalling connection with this; always the first output, and only once.
    Connect(Box<livekit::JoinRequest>),
    /// Send a signalling request.
    Request(Box<Request>),
    /// Send a datagram.
    Transmit {
        /// From which of our own addresses.
        source: SocketAddr,
        /// To whom.
        destination: SocketAddr,
        /// What.
        bytes: Vec<u8>,
    },
    /// Tell the application.
    Event(Event),
}

/// A track that another participant publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteTrack {
    /// The track.
    pub track: TrackId,
    /// Sound or pictures.
    pub kind: Kind,
    /// Where it comes from, if the publisher said.
    pub source: Option<Source>,
    /// Whether it is muted.
    pub muted: bool,
}

/// An RTP packet received.
#[derive(Debug, Clone)]
pub struct Received {
    /// The track.
    pub track: TrackId,
    /// Sound or pictures.
    pub kind: Kind,
    /// The RTP sequence number, extended beyond 16 bits; it begins anew with each subscription.
    pub sequence: u64,
    /// The RTP timestamp.
    pub time: u32,
    /// The marker bit.
    pub marker: bool,
    /// The payload.
    pub payload: Arc<[u8]>,
}

/// What the application hears.
#[derive(Debug, Clone)]
pub enum Event {
    /// The room let us in.
    Joined {
        /// Ourselves.
        participant: ParticipantId,
        /// Our name in the room.
        identity: Identity,
    },
    /// ICE and DTLS are up (again).
    Connected,
    /// Nothing was heard from the server for a while; an ICE restart is under way.
    Disconnected,
    /// Somebody is in the room.
    ParticipantJoined {
        /// Who.
        participant: ParticipantId,
        /// Their name in the room.
        identity: Identity,
    },
    /// Somebody left.
    ParticipantLeft {
        /// Who.
        participant: ParticipantId,
    },
    /// Somebody else publishes a track.
    TrackPublished {
        /// Who.
        participant: ParticipantId,
        /// The track.
        track: RemoteTrack,
    },
    /// A track of somebody else ended.
    TrackUnpublished {
        /// Who published it.
        participant: ParticipantId,
        /// The track.
        track: TrackId,
    },
    /// A track of somebody else was muted or unmuted.
    TrackMuted {
        /// The track.
        track: TrackId,
        /// Its state now.
        muted: bool,
    },
    /// A track has its section: its media will arrive there.
    TrackSubscribed {
        /// The track.
        track: TrackId,
        /// Who publishes it, once that is known.
        participant: Option<ParticipantId>,
        /// The section.
        mid: String,
    },
    /// A track no longer has a section.
    TrackUnsubscribed {
        /// The track.
        track: TrackId,
    },
    /// An own track is negotiated: its packets may be sent.
    Published {
        /// Our own id for it.
        cid: String,
        /// The server's.
        track: TrackId,
    },
    /// The server refused something.
    Refused {
        /// What was asked, in LiveKit's words.
        request: &'static str,
        /// The client's id of the track, when it was about one.
        cid: Option<String>,
        /// Why.
        why: livekit::request_response::Reason,
    },
    /// Somebody needs a keyframe of an own track.
    KeyframeWanted {
        /// The track.
        track: TrackId,
        /// The layer, for simulcast tracks.
        layer: Option<Quality>,
    },
    /// Which layers of an own track anybody wants, lowest first. Others are not sent, whatever the application makes; a
    /// layer that is wanted again begins with a keyframe.
    LayersWanted {
        /// The track.
        track: TrackId,
        /// The layers.
        layers: [bool; 3],
    },
    /// Tracks of others stopped for want of bandwidth, or flow again.
    StreamStates(Vec<(TrackId, bool)>),
    /// An RTP packet arrived.
    Media(Received),
    /// A data packet arrived.
    Data {
        /// From whom.
        from: Identity,
        /// What.
        message: Message,
    },
    /// Who speaks, as changes.
    Speakers(Vec<Speaker>),
    /// How good connections are, as changes.
    Quality(Vec<(ParticipantId, Connection)>),
    /// The server ended our stay; [`Event::Ended`] follows.
    Left {
        /// Why.
        reason: livekit::DisconnectReason,
        /// Whether joining anew is invited.
        may_return: bool,
    },
    /// It is over; nothing follows.
    Ended(End),
}

/// How a stay in a room ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum End {
    /// We left.
    #[error("left")]
    Left,
    /// The server sent us away.
    #[error("the server ended the session ({0:?})")]
    Dismissed(livekit::DisconnectReason),
    /// The signalling connection is gone.
    #[error("the signalling connection was lost")]
    SignalClosed,
    /// The server did not answer pings.
    #[error("the server stopped answering")]
    PingTimeout,
    /// No answer to an offer came in time.
    #[error("an offer was not answered in time")]
    AnswerTimeout,
    /// Media was not connected in time.
    #[error("media could not be connected")]
    MediaTimeout,
    /// An answer did not fit its offer.
    #[error("the answer was unusable: {0}")]
    Answer(String),
    /// The media transport broke.
    #[error("the media transport broke: {0}")]
    Transport(String),
}

/// What a client has counted since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Datagrams received.
    pub datagrams_in: u64,
    /// Datagrams sent.
    pub datagrams_out: u64,
    /// RTP packets sent.
    pub packets_out: u64,
    /// RTP packets that were not sent because nobody wants their layer.
    pub packets_unwanted: u64,
    /// RTP packets received that belong to a subscribed track.
    pub packets_in: u64,
    /// RTP packets received that belong to none.
    pub packets_unknown: u64,
    /// Actions that made no sense when they came.
    pub ignored: u64,
    /// Offers made.
    pub offers: u64,
    /// Keyframes asked for.
    pub keyframes_asked: u64,
    /// Data packets dropped because too many waited.
    pub data_dropped: u64,
}
