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
    if !is_shallow(bytes) {
        return Err(Fault::BadRequest);
    }
    serde_json::from_slice(bytes).map_err(|_| Fault::BadRequest)
}

/// Reads `bytes` as each body that `/api/v1` takes, for the fuzzer.
pub fn api_body(bytes: &[u8]) {
    let _ = read::<proto::api::CreateRoom>(bytes);
    let _ = read::<proto::api::JoinRoom>(bytes);
    let _ = read::<proto::api::SetUp>(bytes);
    let _ = read::<proto::api::NewAccount>(bytes);
    let _ = read::<proto::api::ChangePassword>(bytes);
    let _ = read::<proto::api::ChangeSettings>(bytes);
    let _ = read::<proto::api::ChangeAccount>(bytes);
    let _ = read::<proto::api::NewInvitation>(bytes);
    if let Ok(passkey) = read::<proto::api::UsePasskey>(bytes) {
        let _ = crate::account::passkeys::Ceremonies::default().answered(std::time::Instant::now(), passkey.credential);
    }
}

/// Whether JSON is nested no deeper than [`DEEPEST`] (R4). Counts brackets outside of texts; whether it is JSON at all,
/// the parser says.
pub fn is_shallow(bytes: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > DEEPEST {
                    return false;
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}

/// Whether the body is declared as JSON. Forms of other sites cannot declare that without asking first.
pub fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// The largest body. The largest honest one is a line of chat, 4,000 bytes before quotes are escaped.
pub const BODY: usize = 16 * 1024;
/// The deepest nesting; the deepest honest one is four.
const DEEPEST: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_texts() {
        let nested = |depth| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(is_shallow(&nested(32)) && !is_shallow(&nested(33)) && !is_shallow(&nested(100_000)));
        let text = format!(r#"{{"a":"\\\"{}"}}"#, "[".repeat(100));
        assert!(is_shallow(text.as_bytes()), "{text}");
        assert!(is_shallow(&b"[]".repeat(1_000)));
    }
}
