//! What passwords and nonces are made from, and checked against.
//!
//! Nothing of either is kept: a password follows from its user name, a nonce from the client and the time.

use std::{fmt, net::SocketAddr, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use proto::ParticipantId;
use sha2::Sha256;

use crate::{Client, Transport};

/// The shared secret behind all credentials. Whoever has it can make credentials; it prints as nothing.
#[derive(Clone)]
pub struct Secret {
    passwords: [u8; 32],
    nonces: [u8; 32],
}

/// What a client signs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `{unix seconds of the end}:{participant id}`.
    pub username: String,
    /// Base 64 of the user name's HMAC.
    pub password: String,
    /// How long an allocation can be made with them, as time since 1970.
    pub expires: Duration,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

impl Secret {
    /// The secret that follows from `bytes`, which should be 32 random ones or more, the same for the life of the process
    /// (of all processes that honour each other's credentials).
    pub fn new(bytes: &[u8]) -> Self {
        Self { passwords: mac(bytes, &[b"parlor turn passwords"]), nonces: mac(bytes, &[b"parlor turn nonces"]) }
    }

    /// Credentials for a participant, good for [`LIFE`] from `unix` (time since 1970): `username` and `credential` of a
    /// browser's `RTCIceServer`.
    pub fn credentials(&self, participant: ParticipantId, unix: Duration) -> Credentials {
        let expires = Duration::from_secs(unix.as_secs()) + LIFE;
        let username = format!("{}:{participant}", expires.as_secs());
        let password = self.password(&username);
        Credentials { username, password, expires }
    }

    /// The password that belongs to a user name. SHA-256 and not the SHA-1 that other servers take: nobody but this
    /// server makes and checks them.
    pub(crate) fn password(&self, username: &str) -> String {
        STANDARD.encode(mac(&self.passwords, &[username.as_bytes()]))
    }

    /// A nonce for this client that is good for [`NONCE_LIFE`].
    pub(crate) fn nonce(&self, client: &Client, unix: Duration) -> String {
        self.nonce_of(client, unix.as_secs())
    }

    /// Whether we gave this nonce to this client, and not too long ago.
    pub(crate) fn is_fresh(&self, nonce: &str, client: &Client, unix: Duration) -> bool {
        let made = nonce.strip_prefix(FEATURES).and_then(|rest| rest.get(..TIME_DIGITS));
        let Some(made) = made.and_then(|digits| u64::from_str_radix(digits, 16).ok()) else {
            return false;
        };
        // Nothing here is a secret to whoever was given the nonce, and a wrong one gets a right one in return: comparing
        // in constant time would protect nothing, but it costs as little.
        let expected = self.nonce_of(client, made);
        let differs = expected.bytes().zip(nonce.bytes()).fold(0, |differs, (one, other)| differs | (one ^ other));
        let age = unix.as_secs().checked_sub(made);
        differs == 0 && expected.len() == nonce.len() && age.is_some_and(|age| age <= NONCE_LIFE.as_secs())
    }

    fn nonce_of(&self, client: &Client, made: u64) -> String {
        let transport = match client.transport {
            Transport::Datagram => u64::MAX,
            Transport::Stream(number) => number,
        };
        let seal = mac(
            &self.nonces,
            &[
                &made.to_be_bytes(),
                &transport.to_be_bytes(),
                &address_bytes(client.remote),
                &address_bytes(client.local),
            ],
        );
        format!("{FEATURES}{made:010x}{}", STANDARD.encode(&seal[..SEAL]))
    }
}

fn address_bytes(address: SocketAddr) -> [u8; 18] {
    let ip = match address.ip() {
        std::net::IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        std::net::IpAddr::V6(ip) => ip,
    };
    let mut bytes = [0; 18];
    bytes[..16].copy_from_slice(&ip.octets());
    bytes[16..].copy_from_slice(&address.port().to_be_bytes());
    bytes
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length (RFC 2104, section 3)");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// How long credentials make new allocations: a page uses them at once, and asks for others when it joins again.
pub const LIFE: Duration = Duration::from_secs(300);

/// How long a nonce is good. A client with an older one gets 438 and a new one, which costs it a round trip.
pub const NONCE_LIFE: Duration = Duration::from_secs(600);

/// The nonce cookie and the set of security features (RFC 8489, sections 9.2 and 18.1): bit 0, password algorithms.
const FEATURES: &str = "obMatJos2AAAB";

/// The time in a nonce: 40 bits of seconds are thirty thousand years.
const TIME_DIGITS: usize = 10;

/// Bytes of the HMAC in a nonce: nobody guesses 96 bits within ten minutes.
const SEAL: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn client(port: u16, transport: Transport) -> Client {
        Client { remote: ([198, 51, 100, 1], port).into(), local: ([203, 0, 113, 1], 3478).into(), transport }
    }

    #[test]
    fn a_nonce_is_good_for_its_client_and_its_time_only() {
        let secret = Secret::new(b"secret");
        let (made, ann) = (Duration::from_secs(1_000_000), client(1, Transport::Datagram));
        let nonce = secret.nonce(&ann, made);
        assert!(secret.is_fresh(&nonce, &ann, made));
        assert!(secret.is_fresh(&nonce, &ann, made + NONCE_LIFE));
        assert!(!secret.is_fresh(&nonce, &ann, made + NONCE_LIFE + Duration::from_secs(1)));
        assert!(!secret.is_fresh(&nonce, &ann, made - Duration::from_secs(1)), "a nonce of the future");
        assert!(!secret.is_fresh(&nonce, &client(2, Transport::Datagram), made));
        assert!(!secret.is_fresh(&nonce, &client(1, Transport::Stream(7)), made));
        assert!(!Secret::new(b"other").is_fresh(&nonce, &ann, made));
        for at in 0..nonce.len() {
            assert!(!secret.is_fresh(&nonce[..at], &ann, made), "cut at {at}");
        }
        assert!(!secret.is_fresh(&format!("{nonce}A"), &ann, made));
    }

    #[test]
    fn nothing_secret_is_printed() {
        let secret = Secret::new(b"secret");
        let credentials = secret.credentials(ParticipantId::from(1), Duration::from_secs(1));
        let printed = format!("{secret:?} {credentials:?}");
        assert!(!printed.contains(&credentials.password), "{printed}");
        assert!(printed.contains(&credentials.username), "{printed}");
    }
}
