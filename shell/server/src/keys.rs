//! API keys: who may sign media tokens. One is made at first start and kept in the data folder.

use std::{collections::BTreeMap, fmt};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::Deserialize;

use crate::{
    folder::{Folder, FolderError},
    random,
};

/// The keys that count. Never empty; the secrets print as dots.
#[derive(Clone)]
pub struct Keys {
    own: String,
    secrets: BTreeMap<String, String>,
}

/// Why there are no keys; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The kept file is not what we wrote.
    #[error("{0} holds no API key: mend it, or remove it so that a new key is made.")]
    Damaged(String),
}

impl Keys {
    /// The configured keys, or the kept one, which is made when it is missing.
    ///
    /// # Errors
    /// When the kept key can be neither read nor made.
    pub fn open(configured: &BTreeMap<String, String>, folder: &Folder) -> Result<Self, KeysError> {
        if let Some(keys) = Self::of(configured.clone()) {
            return Ok(keys);
        }
        if let Some(text) = folder.read(FILE)? {
            let damaged = || KeysError::Damaged(folder.path().join(FILE).display().to_string());
            let kept: Kept = toml::from_str(&text).map_err(|_| damaged())?;
            return Self::of(kept.api_keys).ok_or_else(damaged);
        }
        let (key, secret) = (format!("PK{}", random::text::<12>()), random::text::<52>());
        folder.write(
            FILE,
            &format!(
                "# The API key of this server. Whoever has its secret may let anyone into any room.\n\
                 # Setting PARLOR_API_KEYS or `api_keys` replaces it.\n\n[api_keys]\n{key} = \"{secret}\"\n"
            ),
        )?;
        Ok(Self { own: key.clone(), secrets: BTreeMap::from([(key, secret)]) })
    }

    /// The key with which this server signs its own tokens, and its secret.
    pub fn own(&self) -> (&str, &str) {
        (&self.own, &self.secrets[&self.own])
    }

    /// A seal on a text: only this server can make it, and only for this purpose (HMAC-SHA-256, in base 64).
    pub fn seal(&self, purpose: &str, text: &str) -> String {
        let key = EncodingKey::from_secret(self.own().1.as_bytes());
        jsonwebtoken::crypto::sign(&sealed(purpose, text), &key, Algorithm::HS256).expect("any text can be signed")
    }

    /// Whether a seal is ours. Takes as long for each seal of the same length.
    pub fn is_sealed(&self, purpose: &str, text: &str, seal: &str) -> bool {
        let key = DecodingKey::from_secret(self.own().1.as_bytes());
        jsonwebtoken::crypto::verify(seal, &sealed(purpose, text), &key, Algorithm::HS256).unwrap_or(false)
    }

    /// What they are called, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.secrets.keys().map(String::as_str)
    }

    /// The secret of a key.
    pub fn secret(&self, key: &str) -> Option<&str> {
        self.secrets.get(key).map(String::as_str)
    }

    /// These keys; `None` when there are none. The first in order signs.
    pub fn of(secrets: BTreeMap<String, String>) -> Option<Self> {
        let own = secrets.keys().next()?.clone();
        Some(Self { own, secrets })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.secrets.keys()).finish()
    }
}

/// What is signed. No token has a colon, so no seal is a token's signature and none is a seal.
fn sealed(purpose: &str, text: &str) -> Vec<u8> {
    format!("{purpose}:{text}").into_bytes()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    api_keys: BTreeMap<String, String>,
}

/// The file in the data folder.
const FILE: &str = "keys.toml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let first = Keys::open(&BTreeMap::new(), &folder).unwrap();
        let again = Keys::open(&BTreeMap::new(), &folder).unwrap();
        assert_eq!(first.own(), again.own());
        assert_eq!(first.own().1.len(), 52);
        assert!(!format!("{first:?}").contains(first.own().1));
    }

    #[test]
    fn configured_keys_replace_the_kept_one() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let configured = BTreeMap::from([("ann".to_owned(), "a".to_owned()), ("bob".to_owned(), "b".to_owned())]);
        let keys = Keys::open(&configured, &folder).unwrap();
        assert_eq!(keys.own(), ("ann", "a"));
        assert_eq!(keys.secret("bob"), Some("b"));
        assert_eq!(keys.secret("cy"), None);
        assert_eq!(folder.read(FILE).unwrap(), None);
    }

    #[test]
    fn a_damaged_file_is_not_overwritten() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        for text in ["[api_keys]\n", "what"] {
            folder.write(FILE, text).unwrap();
            assert!(matches!(Keys::open(&BTreeMap::new(), &folder), Err(KeysError::Damaged(_))));
            assert_eq!(folder.read(FILE).unwrap().as_deref(), Some(text));
        }
    }
}
