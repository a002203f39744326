//! All that can happen to the hub, and all that it can do.

use std::net::IpAddr;

use proto::{
    AccountId, CallId, ChangePolicy, DeviceKey, Identity, LineId, Memory, ParticipantId, Person, Policy, Refusal,
    Rights, Role, RoomName, SessionId, Shard,
    api::{Act, Call, CallAct, Contact, Event, Measured, Message, MyPresence},
    call::CallRecord,
    livekit,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
    media,
    quality::Record,
};

use crate::{
    call::{Callee, Placed},
    inviting::Invites,
    presence::{Arrival, Book},
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
    /// Somebody wants to come in; `device` tells this stay from others of the same person.
    Knock {
        /// Who, and where.
        visit: Box<Visit>,
        /// A few letters and digits.
        device: String,
    },
    /// What somebody is in a room who is `stored` as that: of a call that it carries its parties lead it, and nobody else of them.
    Role {
        /// Which room.
        room: RoomName,
        /// Who.
        person: Person,
        /// What is kept of them.
        stored: Role,
    },
    /// What somebody would find at the door. Changes nothing.
    Door(Box<Visit>),
    /// Somebody in a meeting does something.
    Act {
        /// Where.
        room: RoomName,
        /// Who.
        person: Person,
        /// What.
        act: Box<Act>,
    },
    /// Whether somebody may read and write the chat of a meeting now, and as whom. `to`: to one person alone.
    Chat {
        /// Where.
        room: RoomName,
        /// Who.
        person: Person,
        /// To whom alone.
        to: Option<Person>,
        /// Whether to write or only to read.
        write: bool,
    },
    /// A line of the chat was kept: tell those whom it is for.
    Written {
        /// Where.
        room: RoomName,
        /// The line.
        message: Box<Message>,
    },
    /// A line of the chat was deleted: tell everybody.
    Erased {
        /// Where.
        room: RoomName,
        /// Which.
        id: proto::MessageId,
    },
    /// Tell every device of these people that has a line.
    TellPeople {
        /// Whom.
        people: Vec<AccountId>,
        /// What.
        event: Box<Event>,
    },
    /// The stored policy or somebody's stored role was changed outside of the meeting.
    Changed {
        /// Where.
        room: RoomName,
        /// What is different about the policy.
        policy: Option<ChangePolicy>,
        /// Whose role is another now, and which.
        role: Option<(Person, Role)>,
    },
    /// A room was deleted, or somebody may not be in it any more: end this.
    End {
        /// Where.
        room: RoomName,
        /// Whose stay; everybody's when absent.
        person: Option<Person>,
    },
    /// An account is shut out, or signed out of its devices: end its stays everywhere.
    Leave {
        /// Whose.
        person: Person,
        /// Whether they may come back by the door.
        may_return: bool,
    },
    /// In which rooms somebody is, waits or is expected.
    Whereabouts(Person),
    /// Whether a meeting knows somebody: who is or was in, waits or is expected.
    Knows {
        /// Where.
        room: RoomName,
        /// Whom.
        person: Person,
    },
    /// With how many devices somebody is in.
    Stays {
        /// Where.
        room: RoomName,
        /// Who.
        person: Person,
    },
    /// What the client of somebody who is in measured.
    Measured {
        /// Where.
        room: RoomName,
        /// Who.
        person: Person,
        /// What.
        measured: Measured,
    },
    /// Somebody who was removed for good may come back by the door.
    Pardon {
        /// Where.
        room: RoomName,
        /// Who.
        person: Person,
    },
    /// Which of these rooms are live, with who is in.
    Running(Vec<RoomName>),
    /// Somebody calls.
    Call(Box<Placed>),
    /// A party does something with a call.
    CallAct {
        /// Which call.
        call: CallId,
        /// Who.
        account: AccountId,
        /// What.
        act: CallAct,
        /// Whom the act names, where it names somebody.
        named: Option<Callee>,
        /// What the device is called that it came from; empty where whoever asks does not know.
        agent: String,
    },
    /// Somebody wants to be told when another is free.
    Await {
        /// Who.
        account: AccountId,
        /// Whom they wait for, as their pages are told.
        person: Contact,
        /// Whether it does not count that they are free now: they did not answer.
        anew: bool,
    },
    /// Somebody does not want to be told of that any more.
    AwaitNoMore {
        /// Who.
        account: AccountId,
        /// Whom they waited for.
        person: AccountId,
    },
    /// Somebody is signed in nowhere any more.
    SignedOut(AccountId),
    /// Somebody who leads a meeting asks people in.
    Invite {
        /// Where.
        room: RoomName,
        /// Who asks.
        person: Person,
        /// Whom, and into what.
        invites: Box<Invites>,
    },
    /// Somebody who was asked in says whether they come.
    Invitation {
        /// Who, and where.
        visit: Box<Visit>,
        /// Whether they come.
        come: bool,
    },
    /// Somebody has looked at the calls that they missed: all their devices are told.
    Looked(AccountId),
    /// Somebody likes to hear others than before.
    Book {
        /// Who.
        account: AccountId,
        /// Whom, now.
        book: Book,
    },
    /// Somebody says another thing of themselves.
    Choose {
        /// Who.
        account: AccountId,
        /// What.
        said: MyPresence,
    },
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Present`]: each who is not hidden, in order of joining. Empty for no such room.
    Present(Vec<Face>),
    /// To [`Question::Counts`].
    Counts(Counts),
    /// To [`Question::Role`].
    Role(Role),
    /// To [`Question::Knock`].
    Knock(Result<Knocked, Refusal>),
    /// To [`Question::Door`].
    Door(proto::api::Door),
    /// To [`Question::Act`]: what has to be stored before it counts as done.
    Act(Result<Vec<Keep>, Refusal>),
    /// To [`Question::Chat`]: how the writer is called here, and from when on the chat may be read, in milliseconds since
    /// 1970 (0: all of it).
    Chat(Result<Writer, Refusal>),
    /// To [`Question::Running`]: name, since when (milliseconds since 1970), and who is in; in the order asked, without
    /// those that are not live or empty.
    Running(Vec<Running>),
    /// To [`Question::Measured`].
    Measured(Result<(), Refusal>),
    /// To [`Question::Knows`].
    Knows(bool),
    /// To [`Question::Stays`].
    Stays(usize),
    /// To [`Question::Whereabouts`].
    Whereabouts(Vec<RoomName>),
    /// To [`Question::Call`]: the call as the caller sees it, which is another than was asked for when both called each other.
    Called(Result<Box<Call>, Refusal>),
    /// To [`Question::CallAct`].
    CallActed(Result<(), Refusal>),
    /// To [`Question::Await`].
    Awaited(Result<(), Refusal>),
    /// To [`Question::Invite`] and [`Question::Invitation`].
    Invited(Result<(), Refusal>),
    /// To whatever needs no answer.
    Done,
}

/// One room of [`Answer::Running`]: its name, since when (milliseconds since 1970), and who is in.
pub type Running = (RoomName, u64, Vec<Face>);

/// Somebody who is in, as those see them who stand before the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The participant.
    pub identity: Identity,
    /// The name that is shown.
    pub name: String,
    /// Where the picture of the person's account is, if there is one.
    pub avatar: Option<String>,
}

/// What became of a knock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knocked {
    /// Come in: sign this.
    Admitted(Box<Pass>),
    /// Wait; the page has to attend the room now, else the knock is forgotten.
    Waiting {
        /// Whether anybody is in who could let them in.
        host_present: bool,
    },
}

/// What an act changes beyond the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// The room's policy is this now.
    Policy(Policy),
    /// Somebody with an account was made a host here, or is none any more.
    Role(Person, Role),
    /// Somebody may not come back; with the name that was shown.
    Ban(Person, String),
}

/// Who writes in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The name that is shown.
    pub name: String,
    /// The role now.
    pub role: Role,
    /// From when on the chat may be read, in milliseconds since 1970.
    pub from: u64,
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
