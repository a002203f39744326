//! Reads how a client wants to join: the `join_request` beside the token.

use std::io::Read as _;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use flate2::read::GzDecoder;
use hub::{Join, Pass};
use proto::{
    ParticipantId,
    livekit::{JoinRequest, WrappedJoinRequest, wrapped_join_request::Compression},
    prost::Message as _,
};

/// Why a `join_request` cannot be read. The text goes to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// It is not base64.
    #[error("join_request is not base64")]
    Base64,
    /// It is no message of the protocol.
    #[error("join_request cannot be decoded")]
    Protobuf,
    /// It is compressed in a way that we do not know, or broken.
    #[error("join_request cannot be decompressed")]
    Compression,
    /// It is larger than anything sensible.
    #[error("join_request is too large")]
    TooLarge,
    /// Metadata or attributes are larger than allowed.
    #[error("metadata or attributes are too large")]
    TooMuchText,
}

/// What stands beside the token in the address.
#[derive(Debug, Default, Clone, Copy)]
pub struct Beside<'a> {
    /// The message, base64 (of a URL, padded or not), perhaps compressed.
    pub join_request: Option<&'a str>,
    /// For clients that send no message: whether tracks are taken without being asked for.
    pub auto_subscribe: Option<&'a str>,
    /// For clients that send no message: whether to resume.
    pub reconnect: Option<&'a str>,
    /// For clients that send no message: whom to resume.
    pub sid: Option<&'a str>,
}

/// Puts together who wants in and how.
///
/// # Errors
/// When the client's part cannot be read.
pub fn read(pass: Pass, beside: Beside<'_>) -> Result<Join, JoinError> {
    let request = match beside.join_request {
        Some(text) => decode(text)?,
        None => JoinRequest {
            reconnect: beside.reconnect.is_some_and(yes),
            participant_sid: beside.sid.unwrap_or_default().to_owned(),
            ..JoinRequest::default()
        },
    };
    let mut metadata = pass.metadata;
    let mut attributes: std::collections::BTreeMap<String, String> = pass.attributes.into_iter().collect();
    if pass.rights.own_metadata {
        if !request.metadata.is_empty() {
            metadata = request.metadata;
        }
        // An empty value does not delete what the token says (as in LiveKit).
        attributes.extend(request.participant_attributes.into_iter().filter(|(_, value)| !value.is_empty()));
    }
    let characters: usize = attributes.iter().map(|(key, value)| key.len() + value.len()).sum();
    if metadata.len() > TEXT || characters > TEXT {
        return Err(JoinError::TooMuchText);
    }
    let settings = request.connection_settings;
    Ok(Join {
        room: pass.room,
        identity: pass.identity,
        name: pass.name,
        metadata,
        attributes: attributes.into_iter().collect(),
        rights: pass.rights,
        auto_subscribe: match settings {
            Some(settings) => settings.auto_subscribe,
            None => beside.auto_subscribe.is_none_or(yes),
        },
        resume: request.reconnect.then(|| resumed(&request.participant_sid)),
        add_tracks: request.add_track_requests,
        offer: request.publisher_offer,
        client: request.client_info,
        // Known once the room was looked up; see `http::rtc::join`.
        policy: None,
        role: None,
    })
}

/// Decodes a `join_request`.
///
/// # Errors
/// When it is not one, or too large.
pub fn decode(text: &str) -> Result<JoinRequest, JoinError> {
    let bytes = BASE64.decode(text).map_err(|_| JoinError::Base64)?;
    let wrapped = WrappedJoinRequest::decode(bytes.as_slice()).map_err(|_| JoinError::Protobuf)?;
    let inner = match Compression::try_from(wrapped.compression) {
        Ok(Compression::None) => wrapped.join_request,
        Ok(Compression::Gzip) => inflate(&wrapped.join_request)?,
        Err(_) => return Err(JoinError::Compression),
    };
    if inner.len() > INFLATED {
        return Err(JoinError::TooLarge);
    }
    let request = JoinRequest::decode(inner.as_slice()).map_err(|_| JoinError::Protobuf)?;
    if request.add_track_requests.len() > TRACKS { Err(JoinError::TooLarge) } else { Ok(request) }
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, JoinError> {
    let mut inflated = Vec::new();
    // One byte more than allowed tells a message that is too large from one that just fits.
    let most = INFLATED as u64 + 1;
    GzDecoder::new(bytes).take(most).read_to_end(&mut inflated).map_err(|_| JoinError::Compression)?;
    Ok(inflated)
}

/// The participant to resume. A text that is no id of ours names nobody, and the hub answers as to any participant
/// whom it does not know (any more).
fn resumed(sid: &str) -> ParticipantId {
    sid.parse().unwrap_or(ParticipantId::from(0))
}

fn yes(text: &str) -> bool {
    matches!(text, "1" | "true")
}

/// The largest message after decompression. An SDP of 60 sections is some 150 kB; a bomb inflates a thousandfold.
const INFLATED: usize = 256 * 1024;
/// The most tracks announced with a join; a browser announces two or three, and each one costs the hub an answer.
const TRACKS: usize = 16;
/// The most metadata, and the most attributes, in bytes (LiveKit's default limits).
const TEXT: usize = 64_000;
/// Of URLs; clients differ in whether they pad, and some leave bits behind.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
    use flate2::{Compression as Level, write::GzEncoder};
    use proto::{Rights, livekit::ConnectionSettings};

    use super::*;

    fn pass(own_metadata: bool) -> Pass {
        Pass {
            room: "r".parse().unwrap(),
            identity: "ann".parse().unwrap(),
            name: "Ann".to_owned(),
            metadata: "token".to_owned(),
            attributes: vec![("a".to_owned(), "token".to_owned()), ("b".to_owned(), "token".to_owned())],
            rights: Rights { own_metadata, ..Rights::FULL },
        }
    }

    fn wrap(request: &JoinRequest, gzip: bool) -> Vec<u8> {
        let mut bytes = request.encode_to_vec();
        if gzip {
            let mut encoder = GzEncoder::new(Vec::new(), Level::default());
            encoder.write_all(&bytes).unwrap();
            bytes = encoder.finish().unwrap();
        }
        WrappedJoinRequest { compression: i32::from(gzip), join_request: bytes }.encode_to_vec()
    }

    fn full() -> JoinRequest {
        JoinRequest {
            metadata: "mine".to_owned(),
            participant_attributes: [("a", "mine"), ("b", ""), ("c", "mine")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            connection_settings: Some(ConnectionSettings { auto_subscribe: false, ..Default::default() }),
            ..JoinRequest::default()
        }
    }

    #[test]
    fn a_request_is_read_padded_or_not_packed_or_not() {
        for gzip in [false, true] {
            let bytes = wrap(&full(), gzip);
            for text in [BASE64_URL_SAFE.encode(&bytes), BASE64_URL_SAFE_NO_PAD.encode(&bytes)] {
                assert_eq!(decode(&text), Ok(full()));
            }
        }
    }

    #[test]
    fn own_metadata_needs_the_right() {
        let text = BASE64_URL_SAFE.encode(wrap(&full(), true));
        let read = |own| read(pass(own), Beside { join_request: Some(&text), ..Beside::default() }).unwrap();
        let allowed = read(true);
        assert_eq!(allowed.metadata, "mine");
        let pairs: Vec<_> = allowed.attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("a", "mine"), ("b", "token"), ("c", "mine")]);
        assert!(!allowed.auto_subscribe);
        let denied = read(false);
        assert_eq!(denied.metadata, "token");
        assert_eq!(denied.attributes.len(), 2);
    }

    #[test]
    fn without_a_request_the_address_speaks() {
        let join = read(pass(false), Beside::default()).unwrap();
        assert!(join.auto_subscribe && join.resume.is_none());
        let beside =
            Beside { auto_subscribe: Some("0"), reconnect: Some("1"), sid: Some("nobody"), join_request: None };
        let join = read(pass(false), beside).unwrap();
        assert!(!join.auto_subscribe);
        assert_eq!(join.resume, Some(ParticipantId::from(0)));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let bomb = JoinRequest { metadata: "x".repeat(INFLATED), ..JoinRequest::default() };
        let crowded = |n| JoinRequest { add_track_requests: vec![Default::default(); n], ..JoinRequest::default() };
        assert!(decode(&BASE64_URL_SAFE.encode(wrap(&crowded(TRACKS), true))).is_ok());
        let odd = WrappedJoinRequest { compression: 7, join_request: Vec::new() }.encode_to_vec();
        let torn = WrappedJoinRequest { compression: 1, join_request: vec![31, 139, 8, 0] }.encode_to_vec();
        for (bytes, error) in [
            (wrap(&bomb, true), JoinError::TooLarge),
            (wrap(&bomb, false), JoinError::TooLarge),
            (wrap(&crowded(TRACKS + 1), true), JoinError::TooLarge),
            (odd, JoinError::Compression),
            (torn, JoinError::Compression),
            (vec![0xff; 20], JoinError::Protobuf),
        ] {
            assert_eq!(decode(&BASE64_URL_SAFE.encode(bytes)), Err(error));
        }
        assert_eq!(decode("not base64!"), Err(JoinError::Base64));
        let long = JoinRequest { metadata: "x".repeat(TEXT + 1), ..JoinRequest::default() };
        let text = BASE64_URL_SAFE.encode(wrap(&long, true));
        let beside = Beside { join_request: Some(&text), ..Beside::default() };
        assert_eq!(read(pass(true), beside).unwrap_err(), JoinError::TooMuchText);
    }
}
