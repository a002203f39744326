//! All that can happen to the hub, and all that it can do.

use proto::{
    Identity, ParticipantId, Refusal, Rights, RoomName, SessionId, Shard, livekit,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
    media,
};

/// Everything that can happen to the hub.
#[derive(Debug)]
pub enum Input {
    /// A socket was opened with a valid token. The first answer is `join`, `reconnect` or `leave`.
    Join {
        /// The socket.
        session: SessionId,
        /// Who wants in, and how.
        join: Box<Join>,
    },
    /// A signalling request on an open socket.
    Signal {
        /// The socket.
        session: SessionId,
        /// The request.
        request: Box<Request>,
    },
    /// The socket is gone, with or without a `leave` before.
    Gone {
        /// The socket.
        session: SessionId,
    },
    /// A media thread reports.
    Media {
        /// Which one.
        shard: Shard,
        /// What.
        event: media::Event,
    },
    /// Some other part of the program wants to know something; the answer carries the same number.
    Ask {
        /// The number.
        ask: u64,
        /// The question.
        question: Question,
    },
    /// The time asked for by [`crate::Hub::poll_timeout`] has come.
    Timeout,
    /// The server stops: tell everybody, take nobody in.
    Stop,
}

/// What a token and a join request say of a newcomer.
#[derive(Debug, Clone)]
pub struct Join {
    /// The room. It comes to life when the first participant enters.
    pub room: RoomName,
    /// Who.
    pub identity: Identity,
    /// The name to show.
    pub name: String,
    /// Free text of the application (LiveKit `metadata`).
    pub metadata: String,
    /// Free pairs of the application, sorted.
    pub attributes: Vec<(String, String)>,
    /// What the token allows.
    pub rights: Rights,
    /// Whether tracks of others are taken without being asked for.
    pub auto_subscribe: bool,
    /// The participant to resume, when the client lost only its socket.
    pub resume: Option<ParticipantId>,
    /// Tracks announced together with the join.
    pub add_tracks: Vec<livekit::AddTrackRequest>,
    /// The first offer, when the client sent it along.
    pub offer: Option<livekit::SessionDescription>,
    /// The client's own description, for logs and for [`livekit::ParticipantInfo`].
    pub client: Option<livekit::ClientInfo>,
}

/// Everything that the hub can do.
#[derive(Debug)]
pub enum Output {
    /// Send a signalling response.
    Send {
        /// To which socket.
        session: SessionId,
        /// What.
        response: Box<Response>,
    },
    /// Close a socket after all that was sent to it before.
    Close {
        /// The socket.
        session: SessionId,
    },
    /// Sign a fresh token with these rights and send it as `refresh_token`.
    RefreshToken {
        /// To which socket.
        session: SessionId,
        /// What the token says.
        pass: Box<Pass>,
    },
    /// Tell a media thread.
    Media {
        /// Which one.
        shard: Shard,
        /// What.
        command: Box<media::Command>,
    },
    /// The answer to a question.
    Answer {
        /// The number of the question.
        ask: u64,
        /// The answer.
        answer: Answer,
    },
    /// Something worth one line in the log, at the life of rooms and participants.
    Note(Note),
}

/// The claims of a media token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The room.
    pub room: RoomName,
    /// Who.
    pub identity: Identity,
    /// The name to show.
    pub name: String,
    /// Free text of the application.
    pub metadata: String,
    /// Free pairs of the application.
    pub attributes: Vec<(String, String)>,
    /// The rights.
    pub rights: Rights,
}

/// What others may ask of live state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Who is in a room.
    Present(RoomName),
    /// How much there is of everything.
    Counts,
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Present`]: identity and name of each who is not hidden, in order of joining. Empty for no such room.
    Present(Vec<(Identity, String)>),
    /// To [`Question::Counts`].
    Counts(Counts),
}

/// How much there is of everything, now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Live rooms.
    pub rooms: usize,
    /// Participants in them.
    pub participants: usize,
    /// Published tracks.
    pub tracks: usize,
    /// Subscriptions.
    pub subscriptions: usize,
}

/// Lines for the log; the shell writes them with their fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A room came to life.
    RoomOpened {
        /// Its id.
        room: proto::RoomId,
        /// The media thread that carries it.
        shard: Shard,
    },
    /// A room was empty for its time-out.
    RoomClosed {
        /// Its id.
        room: proto::RoomId,
    },
    /// Somebody came in.
    Joined {
        /// The room.
        room: proto::RoomId,
        /// Who.
        participant: ParticipantId,
    },
    /// Somebody came back over a new socket.
    Resumed {
        /// The room.
        room: proto::RoomId,
        /// Who.
        participant: ParticipantId,
    },
    /// Somebody left.
    Left {
        /// The room.
        room: proto::RoomId,
        /// Who.
        participant: ParticipantId,
        /// Why.
        reason: livekit::DisconnectReason,
    },
    /// A request was refused.
    Refused {
        /// Whose socket.
        session: SessionId,
        /// Why.
        refusal: Refusal,
    },
    /// A media thread could not take an offer.
    OfferRefused {
        /// Whose.
        participant: ParticipantId,
        /// What was wrong with it.
        why: String,
    },
}
