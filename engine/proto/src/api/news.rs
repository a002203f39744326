//! News of feeds that the administrators named.

use serde::{Deserialize, Serialize};

/// One entry of `GET /api/v1/news`, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewsItem {
    /// What it is called, as plain text.
    pub title: String,
    /// What its feed calls itself, or the host that it comes from.
    pub source: String,
    /// Where it is to be read: an address of the web.
    pub link: String,
    /// When it came out, when the feed says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub at: Option<u64>,
}

/// One entry of `GET /api/v1/news/feeds` (administrators).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Feed {
    /// Where it is.
    pub address: String,
    /// What it calls itself, once it was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub title: Option<String>,
    /// When it was last asked for; absent before the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub asked_at: Option<u64>,
    /// What went wrong then. What came before is still shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub trouble: Option<FeedTrouble>,
    /// When it is asked again, where that is later than in an hour: it went wrong more than once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, type = "number"))]
    pub again_at: Option<u64>,
}

/// Why a feed brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum FeedTrouble {
    /// Its host is in a private network, or this machine, and the operator did not allow that.
    Private,
    /// Its server is not found, does not answer, or answers too slowly or too much.
    Unreachable,
    /// Its server names another address, which nobody named here.
    Elsewhere,
    /// Its server answers that it is not to be had.
    Refused,
    /// What is there is no feed of RSS or Atom.
    NoFeed,
}

/// `PUT /api/v1/news/feeds` (administrators): all of them anew. Answers the list of [`Feed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeFeeds {
    /// Their addresses, at most 10.
    pub addresses: Vec<String>,
}
