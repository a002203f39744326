//! Where the keys of SRTP come from, and why str0m has none to send with.
//!
//! str0m negotiates keys by DTLS and takes all its cryptography from a provider, which is ours:
//!
//! - its DTLS is the usual one ([`super::handshake`]), but keying material is noted as it passes ([`passed`]);
//! - its ciphers decrypt as usual, but those made for encryption are *couriers*: they copy. What str0m wants to send
//!   under SRTP (its RTCP; it is never given RTP to send) so reaches us in the clear, is sealed by [`super::wire`] under
//!   our own count, and could not be sent otherwise.
//!
//! So there is exactly one holder of the keys that protect what we send: the [`Keying`] taken from here, which cannot be
//! cloned.

use std::cell::Cell;

use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, CryptoProvider, SrtpProvider,
    SupportedAeadAes128Gcm, SupportedAeadAes256Gcm, SupportedAes128CmSha1_80, dtls::SrtpProfile, from_feature_flags,
};

use super::handshake::Handshakes;

/// What two ends agreed on: how packets are protected, and the secrets for each direction.
pub(crate) struct Keying {
    pub(crate) profile: Profile,
    /// Of what we send.
    pub(crate) ours: Master,
    /// Of what the other end sends.
    pub(crate) theirs: Master,
}

/// How packets are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// `AES128_CM_HMAC_SHA1_80` (RFC 3711).
    CmSha1,
    /// `AEAD_AES_128_GCM` (RFC 7714).
    Gcm128,
    /// `AEAD_AES_256_GCM` (RFC 7714).
    Gcm256,
}

/// The secret of one direction, from which the keys in use are derived.
pub(crate) struct Master {
    key: Vec<u8>,
    salt: Vec<u8>,
}

/// What a derived key is for (RFC 3711, section 4.3.1).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Label {
    RtpKey = 0,
    RtpAuthentication = 1,
    RtpSalt = 2,
    RtcpKey = 3,
    RtcpAuthentication = 4,
    RtcpSalt = 5,
}

/// The provider for str0m.
pub(crate) fn provider() -> CryptoProvider {
    CryptoProvider { srtp_provider: &Couriers, dtls_provider: &Handshakes, ..from_feature_flags() }
}

/// Lets `act` work on one str0m instance and returns the keying material that passed meanwhile, if any did.
///
/// str0m's provider is one for all instances and has no name for the one it works for, so the material passes through a
/// place of the thread, which is emptied first: what an instance that panicked left there is never taken for another's.
pub(crate) fn passed<T>(act: impl FnOnce() -> T) -> (T, Option<Keying>) {
    PASSING.set(None);
    let result = act();
    (result, PASSING.take())
}

/// Notes keying material of the instance at work.
pub(super) fn pass(keying: Option<Keying>) {
    PASSING.set(keying);
}

impl Keying {
    /// Divides what DTLS exported (RFC 5764, section 4.2): both keys, then both salts, the client's first.
    pub(crate) fn divide(profile: SrtpProfile, material: &[u8], client: bool) -> Option<Self> {
        let profile = match profile {
            SrtpProfile::AES128_CM_SHA1_80 => Profile::CmSha1,
            SrtpProfile::AEAD_AES_128_GCM => Profile::Gcm128,
            SrtpProfile::AEAD_AES_256_GCM => Profile::Gcm256,
            _ => return None,
        };
        let (key, salt) = profile.lengths();
        if material.len() != 2 * (key + salt) {
            return None;
        }
        let (keys, salts) = material.split_at(2 * key);
        let side = |at: usize| Master {
            key: keys[at * key..(at + 1) * key].to_vec(),
            salt: salts[at * salt..(at + 1) * salt].to_vec(),
        };
        let (ours, theirs) = if client { (side(0), side(1)) } else { (side(1), side(0)) };
        Some(Self { profile, ours, theirs })
    }
}

impl Profile {
    /// Bytes of a key and of a salt.
    pub(crate) fn lengths(self) -> (usize, usize) {
        match self {
            Self::CmSha1 => (16, 14),
            Self::Gcm128 => (16, 12),
            Self::Gcm256 => (32, 12),
        }
    }
}

impl Master {
    /// The key for `label`, of the length of `out` (RFC 3711, section 4.3.3; RFC 6188 for the long key).
    pub(crate) fn derive(&self, label: Label, out: &mut [u8]) {
        let srtp = from_feature_flags().srtp_provider;
        let mut input = [0; 16];
        input[..self.salt.len()].copy_from_slice(&self.salt);
        input[7] ^= label as u8;
        for (round, part) in (0_u16..).zip(out.chunks_mut(16)) {
            input[14..].copy_from_slice(&round.to_be_bytes());
            let mut block = [0; 32]; // one block and the room that the backend wants for its padding
            if self.key.len() == 32 {
                srtp.srtp_aes_256_ecb_round(&self.key, &input, &mut block);
            } else {
                srtp.srtp_aes_128_ecb_round(&self.key, &input, &mut block);
            }
            part.copy_from_slice(&block[..part.len()]);
        }
    }
}

thread_local! {
    static PASSING: Cell<Option<Keying>> = const { Cell::new(None) };
}

/// Ciphers that decrypt; asked for one that encrypts, a courier.
#[derive(Debug)]
struct Couriers;

impl SrtpProvider for Couriers {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Couriers
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Couriers
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Couriers
    }

    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        from_feature_flags().srtp_provider.srtp_aes_128_ecb_round(key, input, output);
    }

    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        from_feature_flags().srtp_provider.srtp_aes_256_ecb_round(key, input, output);
    }
}

impl SupportedAes128CmSha1_80 for Couriers {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        // This one is its own inverse, and str0m encrypts only with those made for it.
        let real = || from_feature_flags().srtp_provider.aes_128_cm_sha1_80().create_cipher(key, false);
        if encrypt { Box::new(Courier) } else { real() }
    }
}

impl SupportedAeadAes128Gcm for Couriers {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        let real = || from_feature_flags().srtp_provider.aead_aes_128_gcm().create_cipher(key, false);
        if encrypt { Box::new(Courier) } else { real() }
    }
}

impl SupportedAeadAes256Gcm for Couriers {
    fn create_cipher(&self, key: [u8; 32], encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        let real = || from_feature_flags().srtp_provider.aead_aes_256_gcm().create_cipher(key, false);
        if encrypt { Box::new(Courier) } else { real() }
    }
}

/// Holds no key: it carries the text as it is, with room behind it where the tag would be.
#[derive(Debug)]
struct Courier;

impl Courier {
    fn carry(input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        let room = output.get_mut(..input.len()).ok_or_else(|| CryptoError::Other("no room".to_owned()))?;
        room.copy_from_slice(input);
        Ok(())
    }

    fn refuse<T>() -> Result<T, CryptoError> {
        Err(CryptoError::Other("a courier decrypts nothing".to_owned()))
    }
}

impl Aes128CmSha1_80Cipher for Courier {
    fn encrypt(&mut self, _iv: &[u8; 16], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        Self::carry(input, output)
    }

    fn decrypt(&mut self, _iv: &[u8; 16], _input: &[u8], _output: &mut [u8]) -> Result<(), CryptoError> {
        Self::refuse()
    }
}

impl AeadAes128GcmCipher for Courier {
    fn encrypt(&mut self, _iv: &[u8; 12], _aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        Self::carry(input, output)
    }

    fn decrypt(&mut self, _: &[u8; 12], _: &[&[u8]], _: &[u8], _: &mut [u8]) -> Result<usize, CryptoError> {
        Self::refuse()
    }
}

impl AeadAes256GcmCipher for Courier {
    fn encrypt(&mut self, _iv: &[u8; 12], _aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        Self::carry(input, output)
    }

    fn decrypt(&mut self, _: &[u8; 12], _: &[&[u8]], _: &[u8], _: &mut [u8]) -> Result<usize, CryptoError> {
        Self::refuse()
    }
}

#[cfg(test)]
impl Keying {
    /// Keys for tests: the two ends of one line.
    pub(crate) fn pair(profile: SrtpProfile) -> (Self, Self) {
        let material: Vec<u8> = (0..).take(88).collect();
        let length = if profile == SrtpProfile::AEAD_AES_256_GCM { 88 } else { 56 };
        let length = if profile == SrtpProfile::AES128_CM_SHA1_80 { 60 } else { length };
        let side = |client| Self::divide(profile, &material[..length], client).expect("its length is right");
        (side(true), side(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn keys_are_derived_as_in_rfc_3711_b_3() {
        let master =
            Master { key: bytes("E1F97A0D3E018BE0D64FA32C06DE4139"), salt: bytes("0EC675AD498AFEEBB6960B3AABE6") };
        let check = |label, expected: &str| {
            let expected = bytes(expected);
            let mut derived = vec![0; expected.len()];
            master.derive(label, &mut derived);
            assert_eq!(derived, expected, "{label:?}");
        };
        check(Label::RtpKey, "C61E7A93744F39EE10734AFE3FF7A087");
        check(Label::RtpSalt, "30CBBC08863D8C85D49DB34A9AE1");
        check(Label::RtpAuthentication, "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
    }

    #[test]
    fn material_of_another_length_is_refused() {
        assert!(Keying::divide(SrtpProfile::AEAD_AES_128_GCM, &[0; 60], true).is_none());
        let (client, server) = Keying::pair(SrtpProfile::AEAD_AES_128_GCM);
        assert_eq!((&client.ours.key, &client.theirs.salt), (&server.theirs.key, &server.ours.salt));
        assert_ne!(client.ours.key, client.theirs.key);
    }

    #[test]
    fn material_passes_to_whom_it_belongs() {
        let pass = || PASSING.set(Some(Keying::pair(SrtpProfile::AEAD_AES_128_GCM).0));
        pass();
        assert!(passed(|| ()).1.is_none(), "what somebody left behind is nobody's");
        assert!(passed(pass).1.is_some());
        assert!(passed(|| ()).1.is_none());
    }
}
