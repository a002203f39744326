//! Media tokens: LiveKit's access tokens, signed with an API key (JWT, HS256).
//!
//! The algorithm is pinned and the time is an argument. What a token allows is decided here once; everything behind
//! works with [`hub::Pass`].

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use base64::{Engine as _, prelude::BASE64_STANDARD};
pub use hub::Pass;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use proto::{Rights, Source, id::ParseIdError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::keys::Keys;

/// Why a token opens nothing. The text is shown to the person by LiveKit's clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// There is none.
    #[error("no access token was given")]
    Missing,
    /// It is not a token of the expected form, or signed in another way.
    #[error("invalid token")]
    Malformed,
    /// The key that it names is not known here.
    #[error("invalid API key")]
    UnknownKey,
    /// The signature is not ours.
    #[error("invalid token signature")]
    Signature,
    /// It was good once.
    #[error("token is expired")]
    Expired,
    /// It is not good yet.
    #[error("token is not valid yet")]
    NotYet,
    /// It does not grant `roomJoin`.
    #[error("permissions denied")]
    NoJoin,
    /// It names nobody.
    #[error("participant identity cannot be empty")]
    NoIdentity,
    /// Neither the token nor the address names a room.
    #[error("no room name")]
    NoRoom,
    /// The identity or the room name is too long or holds control characters.
    #[error("{0}")]
    BadName(ParseIdError),
}

impl AccessError {
    /// The status that LiveKit's server gives.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NoIdentity | Self::NoRoom | Self::BadName(_) => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

/// What a token says after its signature, its times and its names were checked. `room` is the room asked for beside the
/// token; it counts only when the token itself names none.
///
/// # Errors
/// When it opens nothing, and why.
pub fn check(keys: &Keys, token: &str, room: Option<&str>, unix: u64) -> Result<Pass, AccessError> {
    let Issuer { iss } = jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|_| AccessError::Malformed)?;
    let secret = keys.secret(&iss).ok_or(AccessError::UnknownKey)?;
    let mut validation = Validation::new(Algorithm::HS256);
    // The times are checked below against `unix`; nobody is named as audience.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    let claims = match jsonwebtoken::decode::<Claims>(token, &key, &validation) {
        Ok(token) => token.claims,
        Err(error) if matches!(error.kind(), jsonwebtoken::errors::ErrorKind::InvalidSignature) => {
            return Err(AccessError::Signature);
        }
        Err(_) => return Err(AccessError::Malformed),
    };
    let unix = unix as f64;
    if claims.exp.is_none_or(|end| end <= unix) {
        return Err(AccessError::Expired);
    }
    if claims.nbf.is_some_and(|begin| begin > unix + EARLY.as_secs_f64()) {
        return Err(AccessError::NotYet);
    }
    let grant = claims.video.filter(|grant| grant.room_join).ok_or(AccessError::NoJoin)?;
    if claims.sub.is_empty() {
        return Err(AccessError::NoIdentity);
    }
    let room_name = Some(grant.room.as_str()).filter(|name| !name.is_empty()).or(room).ok_or(AccessError::NoRoom)?;
    Ok(Pass {
        room: room_name.parse().map_err(AccessError::BadName)?,
        identity: claims.sub.parse().map_err(AccessError::BadName)?,
        name: claims.name,
        metadata: claims.metadata,
        attributes: claims.attributes.into_iter().collect(),
        rights: grant.rights(),
    })
}

/// A token that says what `pass` says, good for `life` from `unix` on.
pub fn sign(keys: &Keys, pass: &Pass, unix: u64, life: Duration) -> String {
    let (key, secret) = keys.own();
    let claims = Claims {
        iss: key.to_owned(),
        sub: pass.identity.as_str().to_owned(),
        nbf: Some(unix as f64),
        exp: Some(unix.saturating_add(life.as_secs()) as f64),
        name: pass.name.clone(),
        metadata: pass.metadata.clone(),
        attributes: pass.attributes.iter().cloned().collect(),
        video: Some(Grant::of(pass)),
    };
    let header = Header::new(Algorithm::HS256);
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes()))
        .expect("claims of texts and numbers are JSON, and HMAC takes a key of any length")
}

/// What says that a body comes from whoever has this key, as LiveKit signs webhooks: a token with the body's SHA-256. It grants nothing.
pub fn sign_body(key: &str, secret: &str, body: &[u8], unix: u64) -> String {
    let claims = BodyClaims {
        iss: key,
        nbf: unix.saturating_sub(EARLY.as_secs()),
        exp: unix.saturating_add(BODY_LIFE.as_secs()),
        sha256: BASE64_STANDARD.encode(Sha256::digest(body)),
    };
    let header = Header::new(Algorithm::HS256);
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret.as_bytes()))
        .expect("claims of texts and numbers are JSON, and HMAC takes a key of any length")
}

#[derive(Serialize)]
struct BodyClaims<'a> {
    iss: &'a str,
    nbf: u64,
    exp: u64,
    sha256: String,
}

#[derive(Deserialize)]
struct Issuer {
    iss: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    #[serde(default)]
    sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "whole")]
    nbf: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "whole")]
    exp: Option<f64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    metadata: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    video: Option<Grant>,
}

/// Numeric dates may have fractions (RFC 7519, section 2), but some verifiers want whole seconds.
fn whole<S: serde::Serializer>(seconds: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(seconds.unwrap_or_default() as u64)
}

/// LiveKit's `VideoGrant`, as far as it speaks of a participant.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Grant {
    room: String,
    room_join: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_publish: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_subscribe: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_publish_data: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_publish_sources: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    can_update_own_metadata: Option<bool>,
    hidden: bool,
}

impl Grant {
    /// LiveKit's defaults: publishing and subscribing are allowed unless denied, data goes with publishing, and
    /// metadata is not one's own unless granted.
    fn rights(&self) -> Rights {
        let named = self.can_publish_sources.as_deref().unwrap_or_default();
        let sources: Vec<Source> = named.iter().filter_map(|name| Source::from_name(name)).collect();
        // A list of which we know nothing allows nothing; an empty one in `Rights` would allow everything.
        let nothing_known = !named.is_empty() && sources.is_empty();
        let publish = self.can_publish.unwrap_or(true);
        Rights {
            publish: publish && !nothing_known,
            sources,
            subscribe: self.can_subscribe.unwrap_or(true),
            data: self.can_publish_data.unwrap_or(publish),
            own_metadata: self.can_update_own_metadata.unwrap_or(false),
            hidden: self.hidden,
        }
    }

    fn of(pass: &Pass) -> Self {
        let rights = &pass.rights;
        let sources: Vec<String> = rights.sources.iter().map(|source| source.name().to_owned()).collect();
        Self {
            room: pass.room.as_str().to_owned(),
            room_join: true,
            can_publish: Some(rights.publish),
            can_subscribe: Some(rights.subscribe),
            can_publish_data: Some(rights.data),
            can_publish_sources: Some(sources).filter(|sources| !sources.is_empty()),
            can_update_own_metadata: Some(rights.own_metadata),
            hidden: rights.hidden,
        }
    }
}

/// How long a token of ours is good: long enough to look through a pre-join screen, short enough that a leaked one is
/// worth little (R8). A participant who is in gets fresh ones over the socket.
pub const LIFE: Duration = Duration::from_secs(600);
/// How long a signed body is good: as long as LiveKit's. Each try signs anew.
const BODY_LIFE: Duration = Duration::from_secs(300);
/// How much the clock of whoever signed may be ahead of ours.
const EARLY: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    const NOW: u64 = 1_800_000_000;

    fn keys() -> Keys {
        let place = tempfile::tempdir().unwrap();
        let configured = BTreeMap::from([("key".to_owned(), "secret".to_owned())]);
        Keys::open(&configured, &Folder::open(place.path()).unwrap()).unwrap()
    }

    fn token(header: &Header, secret: &str, claims: serde_json::Value) -> String {
        jsonwebtoken::encode(header, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    fn read(claims: serde_json::Value) -> Result<Pass, AccessError> {
        check(&keys(), &token(&Header::new(Algorithm::HS256), "secret", claims), None, NOW)
    }

    #[test]
    fn what_we_sign_we_read_back() {
        let pass = Pass {
            room: "standup".parse().unwrap(),
            identity: "ann".parse().unwrap(),
            name: "Ann".to_owned(),
            metadata: "m".to_owned(),
            attributes: vec![("a".to_owned(), "b".to_owned())],
            rights: Rights { sources: vec![Source::Microphone], data: false, ..Rights::FULL },
        };
        let token = sign(&keys(), &pass, NOW, LIFE);
        assert_eq!(check(&keys(), &token, None, NOW), Ok(pass));
        assert_eq!(check(&keys(), &token, None, NOW + 600), Err(AccessError::Expired));
    }

    #[test]
    fn a_signed_body_lets_nobody_in() {
        let token = sign_body("key", "secret", b"{}", NOW);
        assert_eq!(check(&keys(), &token, Some("r"), NOW), Err(AccessError::NoJoin));
    }

    #[test]
    fn absent_grants_mean_what_they_mean_to_livekit() {
        let rights = |video| {
            read(serde_json::json!({"iss": "key", "sub": "ann", "exp": NOW + 1, "video": video})).unwrap().rights
        };
        let plain = rights(serde_json::json!({"room": "r", "roomJoin": true}));
        assert_eq!(plain, Rights { own_metadata: false, ..Rights::FULL });
        let mute = rights(serde_json::json!({"room": "r", "roomJoin": true, "canPublish": false}));
        assert!(!mute.publish && !mute.data && mute.subscribe);
        let odd = rights(serde_json::json!({"room": "r", "roomJoin": true, "canPublishSources": ["smell"]}));
        assert!(!odd.publish, "an unknown source does not open all others");
        let some = rights(
            serde_json::json!({"room": "r", "roomJoin": true, "canPublishSources": ["camera", "smell"], "hidden": true}),
        );
        assert_eq!(some.sources, [Source::Camera]);
        assert!(some.hidden);
    }

    #[test]
    fn what_opens_nothing_says_why() {
        let video = serde_json::json!({"room": "r", "roomJoin": true});
        let with = |sub: &str, exp: u64, nbf: u64, video: &serde_json::Value| {
            read(serde_json::json!({"iss": "key", "sub": sub, "exp": exp, "nbf": nbf, "video": video}))
        };
        assert!(with("ann", NOW + 1, NOW, &video).is_ok());
        assert_eq!(with("ann", NOW, 0, &video), Err(AccessError::Expired));
        assert_eq!(with("ann", NOW + 900, NOW + 61, &video), Err(AccessError::NotYet));
        assert_eq!(with("", NOW + 1, 0, &video), Err(AccessError::NoIdentity));
        assert_eq!(with("ann", NOW + 1, 0, &serde_json::json!({"room": "r"})), Err(AccessError::NoJoin));
        assert_eq!(with("ann", NOW + 1, 0, &serde_json::json!({"roomJoin": true})), Err(AccessError::NoRoom));
        assert!(matches!(with(&"x".repeat(200), NOW + 1, 0, &video), Err(AccessError::BadName(_))));
        assert_eq!(read(serde_json::json!({"iss": "key", "sub": "a", "video": video})), Err(AccessError::Expired));
        assert_eq!(read(serde_json::json!({"iss": "key", "sub": "a", "exp": NOW + 1})), Err(AccessError::NoJoin));
        assert_eq!(read(serde_json::json!({"iss": "other", "exp": NOW + 1})), Err(AccessError::UnknownKey));
        assert_eq!(read(serde_json::json!({"sub": "ann"})), Err(AccessError::Malformed));
    }

    #[test]
    fn forged_tokens_and_other_algorithms_open_nothing() {
        let claims =
            serde_json::json!({"iss": "key", "sub": "ann", "exp": NOW + 1, "video": {"room": "r", "roomJoin": true}});
        let forged = token(&Header::new(Algorithm::HS256), "guess", claims.clone());
        assert_eq!(check(&keys(), &forged, None, NOW), Err(AccessError::Signature));
        let other = token(&Header::new(Algorithm::HS384), "secret", claims.clone());
        assert_eq!(check(&keys(), &other, None, NOW), Err(AccessError::Malformed));
        use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
        let none = format!(
            "{}.{}.",
            BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#),
            BASE64_URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        assert_eq!(check(&keys(), &none, None, NOW), Err(AccessError::Malformed));
        for text in ["", "a", "a.b.c", "..", "\u{0}.\u{0}.\u{0}"] {
            assert_eq!(check(&keys(), text, None, NOW), Err(AccessError::Malformed), "{text}");
        }
    }

    #[test]
    fn a_room_beside_the_token_counts_only_when_the_token_names_none() {
        let check = |video| {
            let claims = serde_json::json!({"iss": "key", "sub": "ann", "exp": NOW + 1, "video": video});
            check(&keys(), &token(&Header::new(Algorithm::HS256), "secret", claims), Some("asked"), NOW).unwrap().room
        };
        assert_eq!(check(serde_json::json!({"roomJoin": true})).as_str(), "asked");
        assert_eq!(check(serde_json::json!({"roomJoin": true, "room": "r"})).as_str(), "r");
    }
}
