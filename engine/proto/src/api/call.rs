//! Calls, and who can be called.

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, CallId, ContactId, DeviceKey, Presence,
    call::Stage,
    presence::{Chosen, SeenBy},
};

/// `POST /api/v1/calls`: call somebody, or several at once. Answers 201 with a [`Call`], also when nobody could be reached:
/// then its parties say why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlaceCall {
    /// Whom.
    #[cfg_attr(test, ts(type = "Array<string>"))]
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 24)]
    pub people: Vec<AccountId>,
    /// Whether I mean to show myself.
    #[serde(default)]
    pub video: bool,
    /// From which of my devices.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub device: DeviceKey,
    /// Whether to ring those too who are in a call.
    #[serde(default)]
    pub anyway: bool,
}

/// `POST /api/v1/calls/{id}/acts`: what one of my devices does with a call. Answers 204; a refusal says why not. Doing the same
/// again does no harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum CallAct {
    /// It rings here: the caller is told on how many devices it does.
    Ring {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        device: DeviceKey,
    },
    /// Answer: join the call's room next.
    Answer {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        device: DeviceKey,
        /// Whether to put the call that this device is in on hold.
        #[serde(default)]
        hold: bool,
    },
    /// Put it on hold: nothing is heard or seen of it until I resume it.
    Hold,
    /// Go on with it on this device: join the call's room next. The call that the device is in is put on hold.
    Resume {
        /// Where.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        device: DeviceKey,
    },
    /// Take everybody of another call of mine into this one. The other is over.
    Merge {
        /// The other call.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        with: CallId,
    },
    /// Ring somebody else into it.
    Add {
        /// Whom.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: AccountId,
    },
    /// Leave the others to somebody else, who is rung. It comes back when they do not answer.
    Transfer {
        /// To whom.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: AccountId,
    },
    /// Leave the others to those with whom I talk in another call of mine, which is over.
    HandOver {
        /// The other call.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        with: CallId,
    },
    /// Say no, on all my devices.
    Decline {
        /// Where: my other devices say so. Absent where whoever declines does not know.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional, type = "string"))]
        #[schema(value_type = Option<String>)]
        device: Option<DeviceKey>,
        /// What the caller is told; at most 200 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        reply: Option<String>,
    },
    /// End my part of it: give up calling, or hang up.
    End,
}

/// A call, as one of its parties sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Call {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: CallId,
    /// The code of the room that carries it.
    pub code: String,
    /// Whether it was placed with pictures.
    pub video: bool,
    /// Whether I placed it.
    pub outgoing: bool,
    /// When it was placed, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub began: u64,
    /// When the first who was called was in, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub answered: Option<u64>,
    /// When it was over, in milliseconds since 1970. It is told for a minute more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub ended: Option<u64>,
    /// How far I am in it.
    pub stage: Stage,
    /// Since when I have it on hold, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub held: Option<u64>,
    /// Who did not take it, when it came back to me from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub returned: Option<String>,
    /// Who of the others was called and lets such calls ring me.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub forwarder: Option<AccountId>,
    /// On which of my devices I placed or answered it, with its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub on: Option<On>,
    /// On which of my devices I declined it, with its name. Told for as long as the call is told; my history has it not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub declined: Option<On>,
    /// The others: whoever placed it first.
    pub others: Vec<Party>,
}

/// A device that took a call, or declined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct On {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub device: DeviceKey,
    /// What it is called in the list of my devices; empty when nothing is known.
    pub name: String,
}

/// Another party of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Party {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
    /// Whether it was they who placed the call.
    pub caller: bool,
    /// How far they are.
    pub stage: Stage,
    /// Who of the parties was called and lets such calls ring them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub forwarder: Option<AccountId>,
    /// How often they were called, where that was more than once: who did not come may be called again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub times: Option<u32>,
    /// On how many of their devices it rings. Told to whoever called them alone.
    pub devices: u32,
    /// What they said when declining. Told to whoever called them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reply: Option<String>,
}

/// How somebody is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reachable {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub account: AccountId,
    /// How.
    pub presence: Presence,
    /// Since when, in milliseconds since 1970; 0 of whoever is hidden.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
    /// A word that they wrote beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub note: Option<String>,
    /// Whether they have chosen not to show me how they are to be found, whether they are here or not: then they are `offline` in
    /// any case, and that says nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, type = "boolean"))]
    pub hidden: bool,
}

/// `PUT /api/v1/people/{id}/awaited`: tell me when they are free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AwaitPerson {
    /// Whether it does not count that they are free now, as when they did not answer: I am told when they are so the next time.
    #[serde(default)]
    pub anew: bool,
}

/// `GET` and `PUT /api/v1/me/presence`: what I say of myself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MyPresence {
    /// That.
    pub chosen: Chosen,
    /// A word beside it, of at most 100 characters; empty for none.
    #[serde(default)]
    pub note: String,
}

/// `GET` and `PUT /api/v1/me/visibility`: who sees how I am to be found, and what I wrote beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Visibility {
    /// Those; beside myself.
    pub seen_by: SeenBy,
}

/// Where a call goes that is not to ring.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "to", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Onward {
    /// Nowhere: as without a wish.
    #[default]
    Nobody,
    /// To somebody else of this server.
    Person {
        /// Whom.
        #[cfg_attr(test, ts(type = "string"))]
        #[schema(value_type = String)]
        person: AccountId,
    },
    /// To a message for me.
    Voicemail,
}

/// `GET` and `PUT /api/v1/me/calls`: what becomes of calls to me.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CallWishes {
    /// Where all of them go; then nothing rings here.
    #[serde(default)]
    pub always: Onward,
    /// Where those go that find me in a call, or not to be disturbed.
    #[serde(default)]
    pub busy: Onward,
    /// Where those go that nobody answered, or that find no device.
    #[serde(default)]
    pub unanswered: Onward,
    /// Whether favourites of my phone book ring though I do not want to be disturbed.
    #[serde(default)]
    pub favourites: bool,
}

/// Somebody with an account here, as others find them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Contact {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
    /// A word that they wrote beside how they are to be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub note: Option<String>,
    /// Whether they do not show me how they are to be found: then I am told nothing of it, which does not mean that they are not
    /// here. A call rings all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, type = "boolean"))]
    pub hidden: bool,
}

/// An entry of my phone book: somebody of this server, or a card of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BookEntry {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: ContactId,
    /// Who of this server that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub account: Option<AccountId>,
    /// What I call them; empty for the name that they have here.
    pub name: String,
    /// What I put them with; empty for nothing.
    pub circle: String,
    /// Telephone numbers, as they were written.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub mails: Vec<String>,
    /// Whether they stand first.
    pub favourite: bool,
    /// Whether they cannot reach me. They are not told.
    pub blocked: bool,
}

/// `POST /api/v1/contacts`: put somebody into my phone book. Answers 201 with the [`BookEntry`]; somebody of this server who stands
/// there already is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewContact {
    /// Who of this server that is; absent for a card, which then needs a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "string"))]
    #[schema(value_type = Option<String>)]
    pub account: Option<AccountId>,
    /// The rest.
    #[serde(default)]
    pub entry: ChangeContact,
}

/// `PATCH /api/v1/contacts/{id}`: what is to be different about an entry; what is absent stays. Answers the [`BookEntry`] now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeContact {
    /// What I call them: at most 128 characters; empty for the name that they have here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
    /// What I put them with: at most 64 characters; empty for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub circle: Option<String>,
    /// Telephone numbers: at most 10, of at most 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub phones: Option<Vec<String>>,
    /// E-mail addresses: at most 10, of at most 254 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub mails: Option<Vec<String>>,
    /// Whether they stand first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub favourite: Option<bool>,
    /// Whether they cannot reach me.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub blocked: Option<bool>,
}

/// `POST /api/v1/contacts/import`: what became of the cards of a vCard file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Imported {
    /// So many are new.
    pub added: u32,
    /// So many stood there already, or had nothing that could be kept.
    pub skipped: u32,
}

/// A call that is over, or goes on, as my history has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PastCall {
    /// The call as it is now, or was at its end.
    pub call: Call,
    /// Whether I was called, did not answer, and have not looked since.
    pub missed: bool,
}

/// `GET /api/v1/calls/missed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MissedCalls {
    /// How many calls I have missed and not looked at.
    pub count: u32,
    /// How many messages that were spoken for me I have not heard.
    pub unheard: u32,
}
