//! The messages of `/api/v1`: JSON, camel case, times in milliseconds since 1970.
//!
//! [`server`] is about the server as a whole, [`account`] about accounts, [`room`] about rooms and the way in,
//! [`meeting`] about what happens in a meeting, [`call`] about calls and who can be called, [`chat`] about chat and files, [`conversation`] about conversations
//! between people, [`hook`] about webhooks, [`news`] about what feeds say, [`program`] about programs and devices, [`quality`] about how meetings went, [`trial`]
//! about the connection test, [`voicemail`] about messages that were spoken for whoever did not answer.

pub mod account;
pub mod call;
pub mod chat;
pub mod conversation;
pub mod hook;
pub mod meeting;
pub mod news;
pub mod program;
pub mod quality;
pub mod room;
pub mod server;
pub mod trial;
pub mod voicemail;

use serde::{Deserialize, Serialize};

pub use account::*;
pub use call::*;
pub use chat::*;
pub use conversation::*;
pub use hook::*;
pub use meeting::*;
pub use news::*;
pub use program::*;
pub use quality::*;
pub use room::*;
pub use server::*;
pub use trial::*;
pub use voicemail::*;

/// Every answer of `/api/v1` which is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    /// The stable code; see [`crate::Refusal::code`].
    pub code: String,
    /// One sentence for a person, which says what to do.
    pub message: String,
    /// How many seconds to wait before the next try, when it was one too many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub wait: Option<u32>,
}

#[cfg(test)]
mod protocol;
#[cfg(test)]
mod typescript;
