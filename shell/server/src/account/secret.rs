//! Secrets that we hand out and keep only the hash of: of sessions, invitations, resets.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::random;

/// A new secret of 256 bits: letters, digits, `-` and `_`.
pub fn draw() -> String {
    URL_SAFE_NO_PAD.encode(random::bytes::<32>())
}

/// What is kept of a secret, and looked up by. Whoever steals the database finds nothing to come in with; a slow hash is
/// not needed, since nobody guesses 256 bits.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    #[test]
    fn secrets_differ_and_are_not_in_their_hashes() {
        let (a, b) = (super::draw(), super::draw());
        assert_ne!(a, b);
        assert_eq!(a.len(), 43);
        assert_eq!(super::hash(&a).len(), 32);
        assert_eq!(super::hash(&a), super::hash(&a));
        assert_ne!(super::hash(&a), super::hash(&b));
    }
}
