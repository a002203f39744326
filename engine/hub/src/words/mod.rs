//! All that can happen to the hub, and all that it can do.

mod happenings;
mod questions;

use std::net::IpAddr;

use proto::{
    AccountId, CallId, DeviceKey, Identity, LineId, Memory, ParticipantId, Person, Policy, Refusal, Rights, Role,
    RoomName, SessionId, Shard,
    api::Event,
    call::CallRecord,
    livekit,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
    media,
    quality::Record,
};

use crate::presence::Arrival;

pub use happenings::{Happened, Happening};
pub use questions::{Answer, Counts, Face, Keep, Knocked, Question, Running, Writer};

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
        /// Whether the client closed it as one does that goes away, like a page that is closed; else the line broke.
        closed: bool,
    },
    /// A media thread reports.
    Media {
        /// Which one.
        shard: Shard,
        /// What.
        event: media::Event,
    },
    /// A page that holds an event socket attends a room: the answer is `Meeting`, `Waiting` or `Outside`, and again at each
    /// change. A line attends one room at a time.
    Attend {
        /// The socket.
        line: LineId,
        /// Who, and where.
        visit: Box<Visit>,
    },
    /// The page says that it attends no room any more. Who waits with no other page stops waiting.
    Quit {
        /// The socket.
        line: LineId,
    },
    /// The page's socket is gone. Who waits is kept for a while: the page may only have lost its line.
    Deaf {
        /// The socket.
        line: LineId,
    },
    /// The page's socket is gone because the session by which we knew it is over. Nobody waits for it.
    SignedOut {
        /// The socket.
        line: LineId,
    },
    /// A page belongs to a device of somebody with an account: the answer is `People` and `Calls`, and what changes of them from
    /// then on. Said again when the device is idle, or no longer so.
    Here {
        /// The socket.
        line: LineId,
        /// Whose.
        arrival: Box<Arrival>,
    },
    /// A call that was not over when the server stopped or was killed. Comes before its room is recalled.
    RecallCall(Box<CallRecord>),
    /// Some other part of the program wants to know something; the answer carries the same number.
    Ask {
        /// The number.
        ask: u64,
        /// The question.
        question: Question,
    },
    /// What was kept of a meeting that was going on when the server stopped or was killed. Comes before anybody else.
    Recall {
        /// Where.
        room: RoomName,
        /// What the room lets people do, as stored.
        policy: Policy,
        /// What was kept.
        memory: Box<Memory>,
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
    /// The stored policy of the room, when it is one of ours. Counts when this join brings the room to life (as after a
    /// restart of the server).
    pub policy: Option<Policy>,
    /// What is stored of the role of an account in a room of ours. Counts when the meeting knows nothing of the person.
    pub role: Option<Role>,
}

/// Somebody at the door of a room of ours, with what is stored about both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The room.
    pub room: RoomName,
    /// Who.
    pub person: Person,
    /// The name to show.
    pub name: String,
    /// Where the picture of the person's account is, if there is one.
    pub avatar: Option<String>,
    /// What the person is there by what is stored. A meeting may have made more of it.
    pub role: Role,
    /// What the room lets people do, as stored. Counts when the room is not live: a live one knows better.
    pub policy: Policy,
    /// Whether the person was removed for good.
    pub banned: bool,
    /// Where the person asks from, as far as limits tell places apart.
    pub from: Option<IpAddr>,
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
    /// Tell a page something on its event socket.
    Tell {
        /// The socket.
        line: LineId,
        /// What.
        event: Box<Event>,
    },
    /// Sign a media token for somebody who was let in, and tell the page [`Event::Admitted`].
    Admit {
        /// The socket.
        line: LineId,
        /// What the token says.
        pass: Box<Pass>,
    },
    /// Keep this of a meeting, in place of what was kept before, for [`Input::Recall`]. What is empty is to be forgotten.
    Remember {
        /// Where.
        room: RoomName,
        /// What.
        memory: Box<Memory>,
    },
    /// Keep how a call is now, in place of what was kept of it before.
    KeepCall(Box<CallRecord>),
    /// It begins to ring for somebody: wake those of their browsers that have no line here. It comes a second time when devices that
    /// have one do not say that they ring: wake those too. [`Output::Hush`] follows once.
    Wake {
        /// Which call.
        call: CallId,
        /// For whom.
        account: AccountId,
        /// How long it rings at most, in milliseconds since 1970.
        until: u64,
        /// Their devices that are not to be woken: at first those that have a line, then those that ring.
        here: Vec<DeviceKey>,
    },
    /// It rings for somebody no more: tell the browsers that were woken.
    Hush {
        /// Which call.
        call: CallId,
        /// For whom.
        account: AccountId,
        /// Whether they have missed it. Else it was answered or declined, or goes on in another call.
        missed: bool,
        /// Their devices that rang, or answered, and know.
        here: Vec<DeviceKey>,
    },
    /// Somebody for whom this one waits is free: tell those of their browsers that have no line here.
    Free {
        /// Who waits.
        account: AccountId,
        /// Their devices that have a line, and know.
        here: Vec<DeviceKey>,
    },
    /// Keep how a minute of these participants was. Not before long it is forgotten here.
    Measured {
        /// Where.
        room: RoomName,
        /// One for each.
        records: Vec<Record>,
    },
    /// Something worth one line in the log, at the life of rooms and participants.
    Note(Note),
    /// Tell those outside of this server who want to hear of it.
    Happened(Box<Happened>),
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
    /// A room came to life as it was before the server was started anew.
    RoomRecalled {
        /// Its id.
        room: proto::RoomId,
        /// How many seats are kept in it.
        seats: usize,
    },
    /// Something broke while it was done for a room, which was ended; its people are told to come anew.
    RoomBroken {
        /// Its id.
        room: proto::RoomId,
        /// How many participants it had.
        participants: usize,
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
