//! Who asks: long-term credentials (RFC 8489, section 9.2.4) whose user names carry their own end.

use std::time::Duration;

use proto::ParticipantId;
use stun_types::{
    attribute::{
        ErrorCode, MessageIntegrity, MessageIntegritySha256, Nonce, PasswordAlgorithm, PasswordAlgorithmValue,
        PasswordAlgorithms, Realm, Username,
    },
    message::{IntegrityAlgorithm, LongTermKeyCredentials, Message},
    prelude::AttributeStaticType,
};

use crate::{
    Client, Secret,
    answer::{ALGORITHMS, Refused, Seal},
};

/// Who asks, proven.
#[derive(Debug)]
pub(crate) struct Asker {
    pub(crate) participant: ParticipantId,
    /// Until when they may make allocations, as time since 1970.
    pub(crate) expires: Duration,
    pub(crate) username: String,
    pub(crate) seal: Seal,
}

/// Why a request has no asker, and what seals the answer: where the proof was good but old, the key that it was made with.
type Stranger = (Refused, Option<Seal>);

/// Checks who asks.
pub(crate) fn check(
    request: &Message<'_>,
    secret: &Secret,
    realm: &str,
    client: &Client,
    unix: Duration,
) -> Result<Asker, Stranger> {
    let unauthorized = || (Refused::Challenge(ErrorCode::UNAUTHORIZED), None);
    let bad = || (Refused::Code(ErrorCode::BAD_REQUEST), None);
    if !request.has_attribute(MessageIntegrity::TYPE) && !request.has_attribute(MessageIntegritySha256::TYPE) {
        return Err(unauthorized());
    }
    let (Ok(username), Ok(theirs), Ok(nonce)) =
        (request.attribute::<Username>(), request.attribute::<Realm>(), request.attribute::<Nonce>())
    else {
        return Err(bad());
    };
    let algorithm = algorithm(request).ok_or_else(bad)?;
    let username = username.username().to_owned();
    let (expires, participant) = read(&username).filter(|_| theirs.realm() == realm).ok_or_else(unauthorized)?;
    let password = secret.password(&username);
    let key = LongTermKeyCredentials::new(username.clone(), password, realm.to_owned()).make_key(algorithm);
    if request.validate_integrity_with_key(&key).is_err() {
        return Err(unauthorized());
    }
    let seal = Seal { key, algorithm };
    if !secret.is_fresh(nonce.nonce(), client, unix) {
        return Err((Refused::Challenge(ErrorCode::STALE_NONCE), Some(seal)));
    }
    Ok(Asker { participant, expires, username, seal })
}

/// How the key was made (RFC 8489, section 9.2.4): as the client says, if it repeats what it was offered; by MD5 if it
/// says nothing. SHA-256 keys come with MESSAGE-INTEGRITY-SHA256, MD5 keys with MESSAGE-INTEGRITY.
fn algorithm(request: &Message<'_>) -> Option<IntegrityAlgorithm> {
    let offered = request.raw_attribute(PasswordAlgorithms::TYPE);
    let chosen = request.raw_attribute(PasswordAlgorithm::TYPE);
    match (offered, chosen) {
        (None, None) => Some(PasswordAlgorithmValue::MD5.as_integrity()),
        (Some(offered), Some(chosen)) => {
            let offered = PasswordAlgorithms::try_from(&offered).ok()?;
            let chosen = PasswordAlgorithm::try_from(&chosen).ok()?.algorithm();
            (offered.algorithms() == ALGORITHMS && ALGORITHMS.contains(&chosen)).then(|| chosen.as_integrity())
        }
        _ => None,
    }
}

/// Reads `{unix seconds}:{participant id}`.
fn read(username: &str) -> Option<(Duration, ParticipantId)> {
    let (expires, participant) = username.split_once(':').filter(|_| username.len() <= USERNAME)?;
    Some((Duration::from_secs(expires.parse().ok()?), participant.parse().ok()?))
}

/// 20 digits, a colon, 29 characters of a participant id; and none that is longer is worth its HMAC.
const USERNAME: usize = 64;
