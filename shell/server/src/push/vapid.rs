//! Who we are to push services (RFC 8292): a key that is made once, and a word signed with it for each of them.

use std::fmt;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

use crate::folder::{Folder, FolderError};

/// Our key. Browsers take pushes of its owner alone.
#[derive(Clone)]
pub struct Vapid {
    signs: EncodingKey,
    public: String,
}

/// Why there is no key; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum VapidError {
    /// The folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The kept file is not what we wrote.
    #[error(
        "{0} holds no key for push services: mend it, or remove it, and everybody has to switch the ringing of closed browsers on anew."
    )]
    Damaged(String),
    /// No key could be made.
    #[error("No key for push services could be made. Start again.")]
    Make,
}

impl Vapid {
    /// The key that was kept, or a new one.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn open(folder: &Folder) -> Result<Self, VapidError> {
        if let Some(text) = folder.read(FILE)? {
            let damaged = || VapidError::Damaged(folder.path().join(FILE).display().to_string());
            let Kept { push } = toml::from_str(&text).map_err(|_| damaged())?;
            let key = STANDARD.decode(push.key).map_err(|_| damaged())?;
            return Self::of(&key).ok_or_else(damaged);
        }
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| VapidError::Make)?;
        let vapid = Self::of(made.as_ref()).ok_or(VapidError::Make)?;
        let key = STANDARD.encode(made.as_ref());
        folder.write(
            FILE,
            &format!(
                "# The key by which browsers know that it is this server who wakes them. Without it none of them can be woken\n\
                 # until its person switches that on again.\n\n[push]\nkey = \"{key}\"\n"
            ),
        )?;
        Ok(vapid)
    }

    fn of(key: &[u8]) -> Option<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key).ok()?;
        Some(Self { signs: EncodingKey::from_ec_der(key), public: URL_SAFE_NO_PAD.encode(pair.public_key()) })
    }

    /// What browsers are told (`applicationServerKey`), in base64url.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The header `authorization` for a push service (RFC 8292, section 3). `audience` is its origin, `host` ours, `unix` now.
    pub fn authorization(&self, audience: &str, host: &str, unix: u64) -> String {
        let claims = Claims { aud: audience, exp: unix + LIFE, sub: format!("https://{host}") };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.signs)
            .expect("the key was read as one of P-256, and the claims are texts and a number");
        format!("vapid t={token}, k={}", self.public)
    }
}

impl fmt::Debug for Vapid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Vapid").field(&self.public).finish()
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: u64,
    sub: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    push: KeptKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptKey {
    key: String,
}

/// The file in the data folder.
const FILE: &str = "push.toml";

/// How long a signed word is good, in seconds: for a clock that is wrong by hours, and no longer than the day that is allowed
/// (RFC 8292, section 2).
const LIFE: u64 = 12 * 60 * 60;

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation};

    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let first = Vapid::open(&folder).unwrap();
        assert_eq!(Vapid::open(&folder).unwrap().public(), first.public());
        assert_eq!(URL_SAFE_NO_PAD.decode(first.public()).unwrap().len(), 65);
        for text in ["", "[push]\nkey = \"\"\n", "[push]\nkey = \"AAAA\"\n"] {
            folder.write(FILE, text).unwrap();
            assert!(matches!(Vapid::open(&folder), Err(VapidError::Damaged(_))), "{text}");
        }
    }

    #[test]
    fn a_word_is_for_one_push_service_and_one_day() {
        let place = tempfile::tempdir().unwrap();
        let vapid = Vapid::open(&Folder::open(place.path()).unwrap()).unwrap();
        let said = vapid.authorization("https://push.example", "talk.example", 1_700_000_000);
        let (token, key) = said.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let point = URL_SAFE_NO_PAD.decode(key).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["https://push.example"]);
        validation.validate_exp = false;
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
        let key = DecodingKey::from_ec_components(&x, &y).unwrap();
        let claims = jsonwebtoken::decode::<serde_json::Value>(token, &key, &validation).unwrap().claims;
        assert_eq!(claims["sub"], "https://talk.example");
        assert_eq!(claims["exp"], 1_700_000_000 + LIFE);
    }
}
