//! The connection test: rooms of one's own, one for each way that media may take.

use serde::{Deserialize, Serialize};

/// `POST /api/v1/trials`: one run of the connection test. Each way has a room that nobody else can enter, in which a client
/// that sends and one that receives prove the way alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Trial {
    /// After how many seconds the rooms end, whoever is in.
    pub seconds: u32,
    /// How the address that this was asked at is protected.
    pub certificate: Certificate,
    /// How many days the certificate is good for, where the server has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub certificate_days: Option<u32>,
    /// The ways, one of each kind.
    pub ways: Vec<TrialWay>,
}

/// One way of a [`Trial`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TrialWay {
    /// Over what.
    pub over: TrialOver,
    /// The media token of the client that sends.
    pub sender: String,
    /// The media token of the client that receives.
    pub receiver: String,
    /// The addresses that clients are told to try, each as `host:port`; those of a relay stand in their credentials.
    pub addresses: Vec<String>,
    /// From how far the best of them can be reached.
    pub reach: Reach,
    /// Whether the server has this way for whoever asked. Behind a reverse proxy there is no relay.
    pub offered: bool,
}

/// What media goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum TrialOver {
    /// Whatever a meeting would take.
    Any,
    /// UDP.
    Udp,
    /// TCP to the media port.
    Tcp,
    /// TURN on the port of the page.
    Relay,
}

/// From how far an address can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Reach {
    /// From the same machine.
    Machine,
    /// From the same network.
    Network,
    /// From everywhere.
    Everywhere,
}

/// How HTTP is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Certificate {
    /// Not by this server: on one machine, or by a proxy in front.
    None,
    /// By a certificate of the server's own authority. Until that is trusted, browsers warn of it on pages and refuse it for
    /// a relay.
    Own,
    /// By one that was given to it.
    Given,
}
