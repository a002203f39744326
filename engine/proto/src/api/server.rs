//! The server as a whole: what it is called, who may do what on it, and its set-up.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/server`: what any visitor may know, signed in or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ServerView {
    /// What the server is called; "Parlor" until somebody says otherwise.
    pub name: String,
    /// Whether it was set up. Until then it makes no rooms and no accounts.
    pub set_up: bool,
    /// Whether anybody may make an account; with an invitation it is always possible.
    pub sign_up: bool,
    /// Who may make rooms.
    pub create: Create,
    /// How it looks.
    pub branding: Branding,
    /// The version of the program.
    pub version: String,
}

/// Who may make rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Create {
    /// Everybody with an account.
    SignedIn,
    /// Everybody with an account that the administrator or an invitation allowed to.
    Invited,
    /// Anybody who opens the page.
    Anyone,
}

/// How the server looks (S2: colours).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Branding {
    /// The colour of what acts, `#rrggbb`; nothing for our own green. Shades that can be read are derived from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub accent: Option<String>,
    /// The address of the logo, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub logo: Option<String>,
}

/// `POST /api/v1/setup`: the first administrator and the first settings. Answers 201 with [`super::Me`], signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetUp {
    /// The one-time code that the server printed.
    pub code: String,
    /// What to call the server.
    pub server_name: String,
    /// The administrator.
    pub account: super::account::NewAccount,
    /// Who may make rooms.
    pub create: Create,
    /// Whether anybody may make an account.
    pub sign_up: bool,
}

/// `POST /api/v1/setup/check`: whether a set-up code is right, before the rest is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SetUpCode {
    /// The code.
    pub code: String,
}

/// `PATCH /api/v1/settings` (administrators): what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeSettings {
    /// What to call the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
    /// Who may make rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub create: Option<Create>,
    /// Whether anybody may make an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub sign_up: Option<bool>,
    /// The colour of what acts, `#rrggbb`; the empty text takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub accent: Option<String>,
}
