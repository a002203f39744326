//! Programs and devices: the passwords that they come with, and those of them that attend.

use serde::{Deserialize, Serialize};

use super::AccountView;

/// One entry of `GET /api/v1/me/app-passwords`: what a program of an account comes in with. It opens attendance alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AppPassword {
    /// The id, for removing it.
    pub id: String,
    /// What its owner calls it: the program or device that has it.
    pub name: String,
    /// When it was made.
    #[cfg_attr(test, ts(type = "number"))]
    pub created_at: u64,
    /// When it was last used, to the minute; absent before the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub used_at: Option<u64>,
}

/// `POST /api/v1/me/app-passwords`. Answers 201 with [`MadeAppPassword`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewAppPassword {
    /// What to call it.
    pub name: String,
}

/// A new app password: the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MadeAppPassword {
    /// What is kept of it.
    pub app_password: AppPassword,
    /// The password: 43 letters, digits, `-` and `_`.
    pub password: String,
}

/// One entry of `GET /api/v1/attendance`: a program or device that attends, by its open socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Attendant {
    /// Names the socket, for messages to it; another one each time.
    pub channel: String,
    /// Whose program it is.
    pub user: AccountView,
    /// What it came in by: the name of the app password, or of the signed-in device.
    pub device: String,
    /// What it said of itself, in the order in which it said it.
    pub details: Vec<Detail>,
    /// Since when it attends.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
    /// Its network address, for administrators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub address: Option<String>,
}

/// One parameter of the address that an attendant opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Detail {
    /// Its name.
    pub name: String,
    /// Its value, which may be empty.
    pub value: String,
}

/// `POST /api/v1/attendance/{channel}/notify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notify {
    /// What to tell it: 1 to 4,000 bytes.
    pub message: String,
}

/// What an attendant is told over its socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Heard {
    /// The first word: it is on the list.
    Attending {
        /// What it is called there.
        channel: String,
    },
    /// Somebody has a message for it.
    Notice {
        /// The message.
        message: String,
        /// The name to show of whoever sent it.
        from: String,
        /// When, in milliseconds since 1970.
        at: u64,
    },
}
