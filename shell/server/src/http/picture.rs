//! Pictures as bodies: what somebody sends, and what is shown.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use proto::Refusal;
use serde::Deserialize;

use super::{App, problem::Fault};
use crate::account::pictures::{self, Kind};

/// The bytes of a picture. What they are is found out when they are decoded.
#[derive(Debug)]
pub struct Sent(pub Bytes);

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        Bytes::from_request(request, app).await.map(Self).map_err(|_| Fault::TooLarge)
    }
}

/// The version that an address names.
#[derive(Debug, Deserialize)]
pub struct Version {
    /// As in the addresses that we give out; absent, the newest is meant.
    pub v: Option<String>,
}

/// Shows the current version of a picture. Under an address that names it, browsers may keep it for ever.
pub async fn show(app: &App, kind: Kind, current: Option<&str>, asked: &Version) -> Result<Response, Fault> {
    let current = current.ok_or(Refusal::NotFound)?;
    let bytes = app.accounts.pictures.read(kind, current).await?.ok_or(Refusal::NotFound)?;
    let lasting = asked.v.as_deref() == Some(current);
    let caching = if lasting { "private, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(pictures::content_type(current))),
        (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
    ];
    Ok((headers, bytes).into_response())
}
