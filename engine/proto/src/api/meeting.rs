//! What happens in a meeting beside its media: acts that people ask for, and the events that pages are told.

use serde::{Deserialize, Serialize};

use super::{Call, Contact, Conversation, Mark, Message, Reachable, Ticket};
use crate::{AccountId, DeviceKey, Identity, Lobby, MessageId, Person, Policy, Role, RoomId};

/// What members and guests may be forbidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Allowed {
    /// To speak.
    Microphone,
    /// To show themselves.
    Camera,
    /// To share a screen.
    Share,
    /// To write.
    Chat,
}

/// `POST /api/v1/rooms/{code}/acts`: everything that somebody in a meeting can do to it, or to others in it.
/// Answers 204; a refusal says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Act {
    /// Raise or lower my hand.
    Hand {
        /// Up or down.
        up: bool,
    },
    /// Let an emoji rise from my tile.
    React {
        /// Which: one of those that the page offers.
        emoji: String,
    },
    /// Let somebody in.
    Admit {
        /// Who waits.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Let everybody in who waits.
    AdmitAll,
    /// Do not let somebody in.
    Deny {
        /// Who waits.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Let nobody new in, or again.
    Lock {
        /// Locked or not.
        on: bool,
    },
    /// Say who has to wait from now on. Those who wait and need not any more come in.
    Lobby {
        /// Who.
        lobby: Lobby,
    },
    /// Allow or forbid something to all who do not lead. What is forbidden ends at once.
    Allow {
        /// What.
        what: Allowed,
        /// Allowed or not.
        on: bool,
    },
    /// Mute somebody's microphone, or stop the camera or the share.
    Mute {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
        /// Which: microphone, camera or share.
        what: Allowed,
    },
    /// Mute the microphone of all who do not lead.
    MuteAll,
    /// Ask somebody to unmute; only they can do it.
    AskToUnmute {
        /// Who; everybody when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "string"))]
        #[schema(value_type = Option<String>)]
        person: Option<Person>,
    },
    /// Stop the cameras of all who do not lead.
    StopCameras,
    /// Lower somebody's hand.
    LowerHand {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Lower every hand.
    LowerHands,
    /// Make somebody a host. Kept with the room for those who have an account.
    Promote {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Make a host an ordinary participant again.
    Demote {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Give somebody another name in this meeting.
    Rename {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
        /// The name.
        name: String,
    },
    /// Show somebody large to everybody who did not choose otherwise; one at a time. It ends when that person leaves.
    Spotlight {
        /// Who; nobody when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "string"))]
        #[schema(value_type = Option<String>)]
        person: Option<Person>,
    },
    /// Stop every microphone, camera and share at once, those of hosts too, and let nobody but hosts begin again, write or
    /// come in until it is taken back. What the room allows otherwise is kept, and counts again then.
    Pause {
        /// Paused or not.
        on: bool,
    },
    /// Send somebody who does not lead back to the door, to wait until they are let in by hand.
    MoveToLobby {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Remove somebody.
    Remove {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
        /// Whether they may come back. Who may not is remembered with the room.
        may_return: bool,
    },
    /// Leave on all my devices, and let somebody lead in my place as long as this meeting lasts. Hosts who are not the owner
    /// do so only where nobody else leads.
    HandOver {
        /// Who leads then.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
    },
    /// Go on with one of my devices alone: the others leave.
    MoveHere {
        /// The one that stays.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        identity: Identity,
    },
    /// End the meeting for everybody.
    EndForAll,
}

/// The first message of a page on the event socket `/api/v1/events`, and any later one. The cookie says who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "ask", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Ask {
    /// Be told of a room: its meeting after one was let in, the door before.
    Attend {
        /// The room.
        code: String,
    },
    /// This page belongs to a device of somebody who is signed in: be told of people, and of my calls. Beside any room that is
    /// attended.
    Here {
        /// The device.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        device: DeviceKey,
        /// Whether nobody has touched the device for a while.
        #[serde(default)]
        idle: bool,
    },
    /// Be told of the room no more. Who waits, and does so on no other page, has taken the knock back at once; a page that only
    /// loses its socket is waited for.
    Quit,
    /// A sign of life, answered by [`Event::Pong`]; a page sends one every 20 s.
    Ping,
}

/// What a page is told on the event socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Event {
    /// The answer to [`Ask::Attend`] of somebody who is in, and again whenever something of it changed: always the whole.
    Meeting {
        /// The state.
        state: MeetingState,
    },
    /// The answer to [`Ask::Attend`] of somebody who waits, and again whenever it changes.
    Waiting {
        /// Whether anybody is in who could let them in.
        host_present: bool,
        /// Whether a host sent them here from inside.
        moved: bool,
    },
    /// The answer to [`Ask::Attend`] of somebody who neither is in nor waits: join first.
    Outside,
    /// Somebody let me in.
    Admitted {
        /// Come in with this.
        ticket: Ticket,
    },
    /// I was not let in.
    Denied,
    /// I was removed.
    Removed {
        /// Whether I may come back.
        may_return: bool,
    },
    /// The meeting was ended for everybody.
    Ended,
    /// Somebody reacts.
    Reaction {
        /// From which participant's tile it rises.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: Person,
        /// The emoji.
        emoji: String,
    },
    /// A host muted me.
    Muted {
        /// What.
        what: Allowed,
    },
    /// A host asks me to unmute.
    AskedToUnmute,
    /// A line of the chat is new or was changed.
    Message {
        /// The line as it is now.
        message: Message,
    },
    /// A line of the chat was deleted.
    MessageDeleted {
        /// Which.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        id: MessageId,
    },
    /// The answer to [`Ask::Here`]: everybody who can be found now, and who does not want me to. Whoever is not in the list is offline.
    People {
        /// Those who are not offline, and those who are hidden from me.
        people: Vec<Reachable>,
        /// For whom I wait until they are free.
        #[serde(default)]
        awaited: Vec<Contact>,
    },
    /// I wait until others are free than before: always all of them.
    Awaited {
        /// Whom.
        people: Vec<Contact>,
    },
    /// Somebody for whom I wait is free. I wait for them no longer.
    Free {
        /// Who.
        person: Contact,
    },
    /// Somebody is to be found in another way than before.
    Presence {
        /// Who, and how.
        person: Reachable,
    },
    /// All my calls, after [`Ask::Here`] and again whenever something of them changed: always the whole.
    Calls {
        /// Counts the changes; a smaller number than the last is older.
        #[cfg_attr(test, ts(type = "number"))]
        number: u64,
        /// Those that go on, and those that were over less than a minute ago; the oldest first.
        calls: Vec<Call>,
    },
    /// All meetings that I am asked into and have not answered, after [`Ask::Here`] when there are any, and again whenever that
    /// changed: always the whole. A new line begins with none.
    Invitations {
        /// Counts the changes; a smaller number than the last is older.
        #[cfg_attr(test, ts(type = "number"))]
        number: u64,
        /// The oldest first.
        invitations: Vec<RoomInvitation>,
    },
    /// The calls that I missed were looked at, here or on another of my devices.
    CallsLooked,
    /// A message was spoken for me, or one is heard or deleted now: how many there are is to be asked anew.
    Voicemail,
    /// A conversation of mine is new, or something of it other than its lines is another now.
    Conversation {
        /// The conversation as it is now.
        conversation: Conversation,
    },
    /// I am in a conversation no more.
    ConversationLeft {
        /// Which.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        id: RoomId,
    },
    /// A line of a conversation of mine is new or was changed. Who knows of this conversation what is more than one number older
    /// has missed something, and asks for it anew.
    Line {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        conversation: RoomId,
        /// The number of the conversation; a smaller one than the last is older.
        #[cfg_attr(test, ts(type = "number"))]
        number: u64,
        /// The line as it is now.
        message: Message,
    },
    /// A line of a conversation of mine was deleted.
    LineDeleted {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        conversation: RoomId,
        /// As of a line.
        #[cfg_attr(test, ts(type = "number"))]
        number: u64,
        /// Which.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        id: MessageId,
    },
    /// Somebody writes in a conversation of mine at this moment. Said again every few seconds for as long as they do.
    Typing {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        conversation: RoomId,
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        account: AccountId,
    },
    /// I have read so far, on whatever device.
    Read {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        conversation: RoomId,
        /// The last line that I have read.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        message: MessageId,
        /// How many lines of others came after it.
        unread: u32,
    },
    /// What was asked cannot be done.
    Refused {
        /// Why.
        problem: super::Problem,
    },
    /// The answer to [`Ask::Ping`].
    Pong,
}

/// A meeting, as one who is in it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MeetingState {
    /// Counts the changes of this meeting; a smaller number than the last is older.
    #[cfg_attr(test, ts(type = "number"))]
    pub number: u64,
    /// Who I am.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub me: Person,
    /// What I am here.
    pub role: Role,
    /// What the room lets people do.
    pub policy: Policy,
    /// Everybody who is in, in order of coming.
    pub people: Vec<Attendee>,
    /// Raised hands, the first raised first.
    pub hands: Vec<Hand>,
    /// Who is shown large to everybody who did not choose otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub spotlight: Option<Person>,
    /// Whether a host paused everything: then only those who lead may do what `policy` speaks of.
    pub paused: bool,
    /// Who waits at the door, for those who lead; empty for others.
    pub waiting: Vec<Knocker>,
    /// Whose connection is bad, or whose open microphone nobody hears.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Who was asked in and has not come, for those who lead; empty for others. Who did not take it is told of for a few minutes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(as = "Option<Vec<Invitee>>", optional))]
    pub invited: Vec<Invitee>,
}

/// Somebody who was asked into a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invitee {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub account: AccountId,
    /// What became of it.
    pub answer: InviteeAnswer,
}

/// What became of asking somebody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum InviteeAnswer {
    /// None yet.
    Waiting,
    /// They are on the way in.
    Coming,
    /// They said that they do not come now.
    NotNow,
    /// They said nothing in time.
    NoAnswer,
    /// They were not to be found, or do not want to be disturbed.
    Unreachable,
}

/// A meeting that I am asked into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RoomInvitation {
    /// The code of its room.
    pub code: String,
    /// What the room is called; empty when nobody gave it a name.
    pub title: String,
    /// Who asks.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub by: AccountId,
    /// The name of whoever asks, as the meeting shows it.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
    /// Until when it is kept open, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub until: u64,
}

/// `POST /api/v1/rooms/{code}/invitees`: ask people into the meeting that I lead. Answers 204; what became of each is told to those
/// who lead, in [`MeetingState::invited`]. Whoever was asked already, or is in, is not asked again; whoever waits at the door is
/// let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InvitePeople {
    /// Whom.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 500)]
    pub people: Vec<AccountId>,
}

/// `POST /api/v1/rooms/{code}/invitation`: what I say to being asked in. Answers 204; whoever comes joins the room next, and is let
/// in for a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AnswerInvitation {
    /// Whether I come.
    pub come: bool,
}

/// Somebody who is in a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Attendee {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// The name that is shown.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
    /// As what.
    pub role: Role,
    /// The identities of this person's participants, one for each device.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>)]
    pub identities: Vec<Identity>,
}

/// A raised hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hand {
    /// Whose.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// Since when, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
}

/// Somebody who waits at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Knocker {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub person: Person,
    /// The name that was given.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
    /// As what.
    pub role: Role,
    /// Since when, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
}
