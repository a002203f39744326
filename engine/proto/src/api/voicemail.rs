//! Messages that others spoke for me when I did not answer.

use serde::{Deserialize, Serialize};

use crate::{AccountId, VoicemailId};

/// A message that somebody spoke for me.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Voicemail {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: VoicemailId,
    /// Who spoke it.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub from: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where their picture is, if they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
    /// When it was sent, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: u64,
    /// How long it is, in milliseconds.
    pub ms: u32,
    /// Whether I have heard it.
    pub heard: bool,
}

/// `POST /api/v1/calls/{id}/voicemail` and `POST /api/v1/voicemail/greeting`: a message, or a greeting, that begins. Answers 201.
/// Connect to the media of this server with the token and publish the microphone: it is recorded from its first packet on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Recording {
    /// Which.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: VoicemailId,
    /// The media token.
    pub token: String,
    /// The most that is recorded, in seconds.
    pub seconds: u32,
    /// How long the greeting of whoever the message is for is, in milliseconds, where they have one of their own: it is played
    /// first. `GET /api/v1/calls/{id}/greeting` has its sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub greeting: Option<u32>,
}

/// `GET /api/v1/voicemail/greeting`: what my callers hear before the tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Greeting {
    /// How long my own greeting is, in milliseconds; without it they hear the tone alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub ms: Option<u32>,
}

/// `POST /api/v1/voicemail/{id}/stop`: what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Recorded {
    /// How long it is, in milliseconds.
    pub ms: u32,
    /// Whether it waits to be sent: what is shorter than a second was forgotten.
    pub kept: bool,
}

/// `PATCH /api/v1/voicemail/{id}`: what I say of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MarkVoicemail {
    /// Whether I have heard it.
    pub heard: bool,
}
