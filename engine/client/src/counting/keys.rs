//! How a client that counts can seal reports of its own, although str0m holds the keys.
//!
//! str0m takes its cryptography from a provider. Ours is the usual one, but notes the keying material that DTLS exports,
//! and carries str0m's reports (RTCP) in the clear, so that they and ours are sealed here under one count: a nonce of GCM
//! must not come twice. Packets of sound and pictures str0m encrypts itself. Only the two profiles with AES-GCM are known;
//! with another one a client that should count checks everything.

use std::{cell::Cell, time::Instant};

use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, CryptoError, CryptoProvider, SrtpProvider, SupportedAeadAes128Gcm,
    SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
    dtls::{
        DtlsCert, DtlsImplError, DtlsInstance, DtlsOutput, DtlsProvider, DtlsVersion, ProtocolVersion, SrtpProfile,
    },
    from_feature_flags,
};

/// Seals reports.
#[derive(Debug)]
pub(super) struct Sealer {
    cipher: Cipher,
    salt: [u8; 12],
    index: u32,
}

#[derive(Debug)]
enum Cipher {
    Short(Box<dyn AeadAes128GcmCipher>),
    Long(Box<dyn AeadAes256GcmCipher>),
}

/// The provider for str0m.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider { srtp_provider: &Couriers, dtls_provider: &Watched, ..from_feature_flags() }
}

/// Lets `act` work on one str0m instance and returns the sealer made of the keying material that passed, if any did.
///
/// The provider is one for all instances and has no name for the one it works for, so it passes through a place of the
/// thread, which is emptied first.
pub(super) fn passed<T>(act: impl FnOnce() -> T) -> (T, Option<Sealer>) {
    PASSING.set(None);
    let result = act();
    (result, PASSING.take())
}

impl Sealer {
    /// Bytes that sealing adds: the tag and the count.
    pub(super) const OVERHEAD: usize = TAG + 4;

    /// The keys for our reports, out of what DTLS exported (RFC 5764, section 4.2): both keys, then both salts, the
    /// client's first.
    fn new(profile: SrtpProfile, material: &[u8], client: bool) -> Option<Self> {
        let length = match profile {
            SrtpProfile::AEAD_AES_128_GCM => 16,
            SrtpProfile::AEAD_AES_256_GCM => 32,
            _ => return None,
        };
        let (keys, salts) = material.split_at_checked(2 * length)?;
        let side = usize::from(!client);
        let (key, master) = (keys.chunks(length).nth(side)?, salts.chunks_exact(12).nth(side)?);
        let mut derived = [0; 32];
        derive(key, master, REPORT_KEY, &mut derived[..length]);
        let mut salt = [0; 12];
        derive(key, master, REPORT_SALT, &mut salt);
        let srtp = from_feature_flags().srtp_provider;
        let cipher = match derived.first_chunk::<16>() {
            Some(short) if length == 16 => Cipher::Short(srtp.aead_aes_128_gcm().create_cipher(*short, true)),
            _ => Cipher::Long(srtp.aead_aes_256_gcm().create_cipher(derived, true)),
        };
        Some(Self { cipher, salt, index: 0 })
    }

    /// The datagram for reports that are given in the clear (RFC 7714, section 9).
    pub(super) fn seal(&mut self, clear: &[u8]) -> Option<Vec<u8>> {
        let (head, text) = clear.split_at_checked(HEADER)?;
        let index = self.index;
        // 2^31 reports take years; then there are no more, rather than one nonce twice.
        self.index = self.index.checked_add(1).filter(|next| next & ENCRYPTED == 0)?;
        let mut nonce = self.salt;
        nonce[2..6].iter_mut().zip(&head[4..8]).for_each(|(n, s)| *n ^= s);
        nonce[8..].iter_mut().zip(index.to_be_bytes()).for_each(|(n, i)| *n ^= i);
        let trailer = (index | ENCRYPTED).to_be_bytes();
        let mut associated = [0; HEADER + 4];
        associated[..HEADER].copy_from_slice(head);
        associated[HEADER..].copy_from_slice(&trailer);
        let mut sealed = vec![0; clear.len() + TAG];
        sealed[..HEADER].copy_from_slice(head);
        let room = &mut sealed[HEADER..];
        match &mut self.cipher {
            Cipher::Short(cipher) => cipher.encrypt(&nonce, &associated, text, room).ok()?,
            Cipher::Long(cipher) => cipher.encrypt(&nonce, &associated, text, room).ok()?,
        }
        sealed.extend_from_slice(&trailer);
        Some(sealed)
    }
}

/// RFC 3711, section 4.3.3; RFC 6188 for the long key.
fn derive(key: &[u8], salt: &[u8], label: u8, out: &mut [u8]) {
    let srtp = from_feature_flags().srtp_provider;
    let mut input = [0; 16];
    input[..salt.len()].copy_from_slice(salt);
    input[7] ^= label;
    for (round, part) in (0_u16..).zip(out.chunks_mut(16)) {
        input[14..].copy_from_slice(&round.to_be_bytes());
        let mut block = [0; 32]; // one block and the room that the backend wants for its padding
        if key.len() == 32 {
            srtp.srtp_aes_256_ecb_round(key, &input, &mut block);
        } else {
            srtp.srtp_aes_128_ecb_round(key, &input, &mut block);
        }
        part.copy_from_slice(&block[..part.len()]);
    }
}

thread_local! {
    static PASSING: Cell<Option<Sealer>> = const { Cell::new(None) };
}

/// DTLS as usual, watched.
#[derive(Debug)]
struct Watched;

impl DtlsProvider for Watched {
    fn generate_certificate(&self) -> Option<DtlsCert> {
        from_feature_flags().dtls_provider.generate_certificate()
    }

    fn new_dtls(
        &self,
        certificate: &DtlsCert,
        now: Instant,
        version: DtlsVersion,
        mtu: Option<usize>,
    ) -> Result<Box<dyn DtlsInstance>, CryptoError> {
        let inner = from_feature_flags().dtls_provider.new_dtls(certificate, now, version, mtu)?;
        Ok(Box::new(WatchedInstance(inner)))
    }
}

#[derive(Debug)]
struct WatchedInstance(Box<dyn DtlsInstance>);

impl DtlsInstance for WatchedInstance {
    fn set_active(&mut self, active: bool) {
        self.0.set_active(active);
    }

    fn handle_packet(&mut self, packet: &[u8]) -> Result<(), DtlsImplError> {
        self.0.handle_packet(packet)
    }

    fn poll_output<'a>(&mut self, buf: &'a mut [u8]) -> DtlsOutput<'a> {
        let client = self.0.is_active();
        let output = self.0.poll_output(buf);
        if let DtlsOutput::KeyingMaterial(material, profile) = &output {
            PASSING.set(Sealer::new(*profile, material.as_ref(), client));
        }
        output
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), DtlsImplError> {
        self.0.handle_timeout(now)
    }

    fn send_application_data(&mut self, data: &[u8]) -> Result<usize, DtlsImplError> {
        self.0.send_application_data(data)
    }

    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.0.protocol_version()
    }

    fn is_closing(&self) -> bool {
        self.0.is_closing()
    }

    fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    fn close(&mut self) -> Result<(), DtlsImplError> {
        self.0.close()
    }
}

/// Ciphers as usual, but those of GCM that encrypt carry reports as they are.
#[derive(Debug)]
struct Couriers;

impl SrtpProvider for Couriers {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        from_feature_flags().srtp_provider.aes_128_cm_sha1_80()
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

impl SupportedAeadAes128Gcm for Couriers {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        let real = from_feature_flags().srtp_provider.aead_aes_128_gcm().create_cipher(key, encrypt);
        if encrypt { Box::new(Courier(real)) } else { real }
    }
}

impl SupportedAeadAes256Gcm for Couriers {
    fn create_cipher(&self, key: [u8; 32], encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        let real = from_feature_flags().srtp_provider.aead_aes_256_gcm().create_cipher(key, encrypt);
        if encrypt { Box::new(Courier(real)) } else { real }
    }
}

/// Encrypts packets and leaves reports as they are, with room behind where the tag would be.
#[derive(Debug)]
struct Courier<C>(C);

impl AeadAes128GcmCipher for Courier<Box<dyn AeadAes128GcmCipher>> {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        if super::is_report(aad) { carry(input, output) } else { self.0.encrypt(iv, aad, input, output) }
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.0.decrypt(iv, aads, input, output)
    }
}

impl AeadAes256GcmCipher for Courier<Box<dyn AeadAes256GcmCipher>> {
    fn encrypt(&mut self, iv: &[u8; 12], aad: &[u8], input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
        if super::is_report(aad) { carry(input, output) } else { self.0.encrypt(iv, aad, input, output) }
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        self.0.decrypt(iv, aads, input, output)
    }
}

fn carry(input: &[u8], output: &mut [u8]) -> Result<(), CryptoError> {
    let room = output.get_mut(..input.len()).ok_or_else(|| CryptoError::Other("no room".to_owned()))?;
    room.copy_from_slice(input);
    Ok(())
}

/// RFC 3711, section 4.3.2: the key that encrypts reports.
const REPORT_KEY: u8 = 3;
/// The same: their salt.
const REPORT_SALT: u8 = 5;
/// RFC 3711, section 3.4: the bit before the count that says a report is encrypted.
const ENCRYPTED: u32 = 1 << 31;
/// What stays in the clear at the beginning of reports (RFC 3711, section 3.4).
const HEADER: usize = 8;
/// RFC 7714, section 14.2.
const TAG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_open_with_the_keys_of_rfc_7714() {
        // Section 17.1 has the plain and the sealed form under a session key; ours is derived, so both directions are
        // made from one export and each must open what the other sealed, once with each count.
        let material: Vec<u8> = (0..).take(88).collect();
        let clear = [0x80, 201, 0, 1, 1, 2, 3, 4, 9, 9, 9, 9];
        let mut ann = Sealer::new(SrtpProfile::AEAD_AES_256_GCM, &material, true).unwrap();
        let first = ann.seal(&clear).unwrap();
        let second = ann.seal(&clear).unwrap();
        assert_eq!(first.len(), clear.len() + Sealer::OVERHEAD);
        assert_eq!(&first[..8], &clear[..8]);
        assert_ne!(first[8..12], second[8..12], "the count is part of the nonce");
        assert_eq!(&second[second.len() - 4..], [0x80, 0, 0, 1]);
        let mut bob = Sealer::new(SrtpProfile::AEAD_AES_256_GCM, &material, false).unwrap();
        assert_ne!(bob.seal(&clear).unwrap(), first, "each side has keys of its own");
        assert!(Sealer::new(SrtpProfile::AES128_CM_SHA1_80, &material[..60], true).is_none());
        assert!(ann.seal(&clear[..7]).is_none());
    }
}
