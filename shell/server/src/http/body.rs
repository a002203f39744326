//! The JSON body of a request to `/api/v1`.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use serde::de::DeserializeOwned;

use super::problem::Fault;

/// A body that was declared as JSON, is small, and is what the endpoint takes.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        if !is_json(request.headers()) {
            return Err(Fault::NotJson);
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Fault::TooLarge)?;
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(bytes).map_err(|_| Fault::BadRequest)
}

/// Reads `bytes` as each body that `/api/v1` takes, for the fuzzer.
pub fn api_body(bytes: &[u8]) {
    let _ = read::<proto::api::CreateRoom>(bytes);
    let _ = read::<proto::api::JoinRoom>(bytes);
}

/// Whether the body is declared as JSON. Forms of other sites cannot declare that without asking first.
pub fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// The largest body. The largest honest one is a title of 128 characters.
pub const BODY: usize = 16 * 1024;
