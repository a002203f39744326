//! Seals what a push service carries, so that the browser alone reads it (RFC 8291, over RFC 8188).

use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, ParsedPublicKey, PrivateKey, UnparsedPublicKey, agree},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
};

use crate::random;

/// What a browser said of how to seal for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Browser {
    /// Its public key: a point of P-256, uncompressed (RFC 8291, section 3.1).
    key: Vec<u8>,
    /// The secret that it shares with us (RFC 8291, section 3.2).
    secret: Vec<u8>,
}

impl Browser {
    /// Of what a browser sent. Nothing when that is no key and no secret.
    pub fn read(key: &[u8], secret: &[u8]) -> Option<Self> {
        let point: Result<ParsedPublicKey, _> = UnparsedPublicKey::new(&ECDH_P256, key).try_into();
        let sound = key.len() == POINT && key.first() == Some(&UNCOMPRESSED) && point.is_ok() && secret.len() == SECRET;
        sound.then(|| Self { key: key.to_owned(), secret: secret.to_owned() })
    }

    /// The body of a push message: one record, with all that the browser needs to open it before it.
    ///
    /// # Errors
    /// When there is no chance, or the text is longer than a record.
    pub fn seal(&self, text: &[u8]) -> Result<Vec<u8>, Unspecified> {
        self.seal_with(text, &PrivateKey::generate(&ECDH_P256)?, random::bytes())
    }

    fn seal_with(&self, text: &[u8], ours: &PrivateKey, salt: [u8; SALT]) -> Result<Vec<u8>, Unspecified> {
        let public = ours.compute_public_key()?;
        let public: &[u8] = public.as_ref();
        // Section 3.4: what both sides know, of their keys and of the secret that they share.
        let theirs = UnparsedPublicKey::new(&ECDH_P256, &self.key);
        let shared = agree(ours, theirs, Unspecified, |agreed| {
            let parts = Salt::new(HKDF_SHA256, &self.secret).extract(agreed);
            bytes::<SHARED>(&parts, &[b"WebPush: info\0", &self.key, public])
        })?;
        // RFC 8188, sections 2.2 and 2.3.
        let parts = Salt::new(HKDF_SHA256, &salt).extract(&shared);
        let key = bytes::<KEY>(&parts, &[b"Content-Encoding: aes128gcm\0"])?;
        let nonce = bytes::<NONCE>(&parts, &[b"Content-Encoding: nonce\0"])?;
        let mut record = [text, &[LAST]].concat();
        if record.len() + AES_128_GCM.tag_len() > RECORD as usize {
            return Err(Unspecified);
        }
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?);
        // The key was drawn for this record, so that no nonce comes twice under it.
        cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;
        let length = [u8::try_from(public.len()).map_err(|_| Unspecified)?];
        Ok([&salt[..], &RECORD.to_be_bytes(), &length, public, &record].concat())
    }
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Browser")
    }
}

/// So many bytes out of a secret.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

fn bytes<const N: usize>(parts: &aws_lc_rs::hkdf::Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    parts.expand(info, Bytes(N))?.fill(&mut out)?;
    Ok(out)
}

/// The bytes of a point, and how an uncompressed one begins (SEC 1, section 2.3.3).
const POINT: usize = 65;
const UNCOMPRESSED: u8 = 4;
/// The bytes of the secret that a browser shares (RFC 8291, section 3.2).
const SECRET: usize = 16;
/// The bytes of a salt (RFC 8188, section 2.1).
const SALT: usize = 16;
/// The bytes of what is made of both keys (RFC 8291, section 3.4).
const SHARED: usize = 32;
/// The bytes of a key and of a nonce of AES-128-GCM.
const KEY: usize = 16;
const NONCE: usize = 12;
/// The most bytes of a record: what every push service takes (RFC 8030, section 7.2), and the one size that all browsers read.
const RECORD: u32 = 4096;
/// Ends the last record (RFC 8188, section 2).
const LAST: u8 = 2;

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

    use super::*;

    fn read(text: &str) -> Vec<u8> {
        BASE64.decode(text).unwrap()
    }

    const THEIRS: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const SHARED_SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn a_message_is_sealed_as_in_the_example_of_rfc_8291() {
        let ours = read("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let ours = PrivateKey::from_private_key(&ECDH_P256, &ours).unwrap();
        let salt = read("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let browser = Browser::read(&read(THEIRS), &read(SHARED_SECRET)).unwrap();
        let sealed = browser.seal_with(b"When I grow up, I want to be a watermelon", &ours, salt).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
                        AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(BASE64.encode(sealed), expected);
    }

    #[test]
    fn no_two_messages_are_sealed_alike() {
        let browser = Browser::read(&read(THEIRS), &read(SHARED_SECRET)).unwrap();
        let (one, other) = (browser.seal(b"ring").unwrap(), browser.seal(b"ring").unwrap());
        assert_ne!(one[..SALT], other[..SALT]);
        assert_ne!(one[21..86], other[21..86], "our key");
        assert!(browser.seal(&[0; 4096]).is_err(), "a record is no longer than that");
    }

    #[test]
    fn what_is_no_key_is_not_taken() {
        let (key, secret) = (read(THEIRS), read(SHARED_SECRET));
        let mut beside = key.clone();
        beside[64] ^= 1;
        for (key, secret) in
            [(&key[..64], &secret[..]), (&key[1..], &secret), (&key, &secret[1..]), (&beside, &secret), (&[], &[])]
        {
            assert!(Browser::read(key, secret).is_none());
        }
    }
}
