//! What others may ask of live state, and the answers.

use proto::{
    AccountId, CallId, ChangePolicy, Identity, Person, Policy, Refusal, Role, RoomName,
    api::{Act, Call, CallAct, Contact, Event, Measured, Message, MyPresence},
};

use super::{Pass, Visit};
use crate::{
    call::{Callee, Placed},
    inviting::Invites,
    presence::Book,
};

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
        /// Whom, until now.
        before: Book,
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
