//! SRTP and SRTCP: sealing what we send, and opening the reports of the other end.
//!
//! **No two packets are sealed under one key with one nonce.** With GCM a single repetition gives the text of both
//! packets and the means to forge others, so this must not depend on anybody's care. The nonce of a packet is its SSRC
//! and its index (RFC 7714, section 8.1), and:
//!
//! 1. A sending key is derived from a [`Keying`](super::keys::Keying), which is taken once, moves, and cannot be cloned;
//!    str0m has none (see [`super::keys`]).
//! 2. A [`Sender`] gives out one [`Lane`] for an SSRC, and never a second one for the same SSRC.
//! 3. A [`Lane`] cannot be cloned, and seals only under a [`Claim`]. It gives one for an index once, whatever the caller
//!    asks for: numbers come from publishers, through shifts, and may be wrong. The claim, not the caller, says which
//!    SSRC and which index are in the nonce, and is used up by sealing.
//!    A datagram may leave more than once, as a network may double it: it is kept sealed, and not sealed anew.
//! 4. Reports (RTCP) have a key of their own and one [`ReportLane`], which counts by itself and ends before it wraps.
//!
//! Whoever adds a way to seal adds to this list.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey},
    constant_time::verify_slices_are_equal,
    hmac,
};

use super::{
    keys::{Label, Master, Profile},
    window::Window,
};

/// The key for RTP to one peer, as far as it is not yet given out.
pub(crate) struct Sender {
    cipher: Arc<Cipher>,
    given: BTreeSet<u32>,
}

/// The one owner of an SSRC under one key.
pub(crate) struct Lane {
    cipher: Arc<Cipher>,
    ssrc: u32,
    used: Window,
}

/// The right to seal one packet.
#[must_use]
pub(crate) struct Claim<'a> {
    cipher: &'a Cipher,
    ssrc: u32,
    index: u64,
}

/// The one owner of the report key to one peer and of its count.
pub(crate) struct ReportLane {
    cipher: Cipher,
    next: u32,
}

/// Opens the reports of one peer.
pub(crate) struct ReportOpener {
    cipher: Cipher,
    /// What came, for each sender of the peer: each counts alone (RFC 3711, section 3.2.1).
    seen: BTreeMap<u32, Window>,
}

/// Tells by the seal whether a packet is one that the other end sent. It keeps nothing of what it opens.
pub(crate) struct Witness {
    cipher: Cipher,
    /// Memory for what is opened.
    clear: Vec<u8>,
}

impl Sender {
    pub(crate) fn new(profile: Profile, master: &Master) -> Self {
        let labels = [Label::RtpKey, Label::RtpSalt, Label::RtpAuthentication];
        Self { cipher: Arc::new(Cipher::derive(profile, master, labels)), given: BTreeSet::new() }
    }

    /// The lane of `ssrc`; `None` when it was given out before.
    pub(crate) fn lane(&mut self, ssrc: u32) -> Option<Lane> {
        let fresh = self.given.insert(ssrc);
        fresh.then(|| Lane { cipher: self.cipher.clone(), ssrc, used: Window::new() })
    }
}

impl Lane {
    /// The right to seal packet `index` (its sequence number with rollovers), once.
    pub(crate) fn claim(&mut self, index: u64) -> Option<Claim<'_>> {
        let fits = index < INDICES;
        (fits && self.used.take(index)).then_some(Claim { cipher: &self.cipher, ssrc: self.ssrc, index })
    }
}

impl Claim<'_> {
    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// As it stands in the header: without its rollovers.
    pub(crate) fn sequence(&self) -> u16 {
        self.index as u16
    }

    /// Seals the packet that begins at `start` of `bytes` with a header of `header` bytes, and appends the tag.
    pub(crate) fn seal(self, bytes: &mut Vec<u8>, start: usize, header: usize) {
        let (ssrc, index) = (self.ssrc, self.index);
        match self.cipher {
            Cipher::Gcm { key, salt } => {
                let (head, text) = bytes[start..].split_at_mut(header);
                let tag = key
                    .seal_in_place_separate_tag(nonce(salt, ssrc, index), Aad::from(&*head), text)
                    .expect("a packet is far below the 64 GiB that GCM can seal");
                bytes.extend_from_slice(tag.as_ref());
            }
            Cipher::Cm { key, salt, authentication } => {
                counter_mode(key, salt, ssrc, index, &mut bytes[start + header..]);
                let rollovers = ((index >> 16) as u32).to_be_bytes();
                let tag = authenticate(authentication, &[&bytes[start..], &rollovers]);
                bytes.extend_from_slice(&tag.as_ref()[..SHORT_TAG]);
            }
        }
    }
}

impl ReportLane {
    pub(crate) fn new(profile: Profile, master: &Master) -> Self {
        Self { cipher: Cipher::derive(profile, master, REPORT_LABELS), next: 0 }
    }

    /// Seals the reports that begin at `start` of `bytes`. `false` when the count has come to its end: they must not
    /// leave.
    pub(crate) fn seal(&mut self, bytes: &mut Vec<u8>, start: usize) -> bool {
        let Some((ssrc, index)) = sender(&bytes[start..]).zip((self.next < REPORTS).then_some(self.next)) else {
            return false;
        };
        self.next += 1;
        let trailer = (ENCRYPTED | index).to_be_bytes();
        match &self.cipher {
            Cipher::Gcm { key, salt } => {
                let (head, text) = bytes[start..].split_at_mut(REPORT_HEADER);
                let head = associated(head, trailer);
                let tag = key
                    .seal_in_place_separate_tag(report_nonce(salt, ssrc, index), Aad::from(head), text)
                    .expect("a report is far below the 64 GiB that GCM can seal");
                bytes.extend_from_slice(tag.as_ref());
                bytes.extend_from_slice(&trailer);
            }
            Cipher::Cm { key, salt, authentication } => {
                counter_mode(key, salt, ssrc, index.into(), &mut bytes[start + REPORT_HEADER..]);
                bytes.extend_from_slice(&trailer);
                let tag = authenticate(authentication, &[&bytes[start..]]);
                bytes.extend_from_slice(&tag.as_ref()[..SHORT_TAG]);
            }
        }
        true
    }
}

impl Witness {
    pub(crate) fn new(profile: Profile, master: &Master) -> Self {
        let labels = [Label::RtpKey, Label::RtpSalt, Label::RtpAuthentication];
        Self { cipher: Cipher::derive(profile, master, labels), clear: Vec::new() }
    }

    /// Whether packet `index` (its sequence number with rollovers) of stream `ssrc`, with a header of `header` bytes, was
    /// sealed by the other end.
    pub(crate) fn knows(&mut self, packet: &[u8], header: usize, ssrc: u32, index: u64) -> bool {
        match &self.cipher {
            Cipher::Gcm { key, salt } => {
                let Some((rest, tag)) = packet.split_last_chunk::<TAG>() else { return false };
                let Some((head, text)) = rest.split_at_checked(header) else { return false };
                self.clear.resize(text.len(), 0);
                let nonce = nonce(salt, ssrc, index);
                key.open_separate_gather(nonce, Aad::from(head), text, tag, &mut self.clear).is_ok()
            }
            Cipher::Cm { authentication, .. } => {
                let Some((rest, tag)) = packet.split_last_chunk::<SHORT_TAG>() else { return false };
                if rest.len() < header {
                    return false;
                }
                let rollovers = ((index >> 16) as u32).to_be_bytes();
                let expected = authenticate(authentication, &[rest, &rollovers]);
                verify_slices_are_equal(&expected.as_ref()[..SHORT_TAG], tag).is_ok()
            }
        }
    }
}

impl ReportOpener {
    pub(crate) fn new(profile: Profile, master: &Master) -> Self {
        Self { cipher: Cipher::derive(profile, master, REPORT_LABELS), seen: BTreeMap::new() }
    }

    /// Puts the clear text of `sealed` into `clear`; `false` when it is not the other end's, or came before.
    pub(crate) fn open(&mut self, sealed: &[u8], clear: &mut Vec<u8>) -> bool {
        let Some((sender, index)) = sender(sealed).zip(self.text(sealed, clear)) else {
            return false;
        };
        if self.seen.len() >= MOST_SENDERS && !self.seen.contains_key(&sender) {
            self.seen.clear();
        }
        self.seen.entry(sender).or_insert_with(Window::new).take(index.into())
    }

    fn text(&self, sealed: &[u8], clear: &mut Vec<u8>) -> Option<u32> {
        clear.clear();
        let ssrc = sender(sealed)?;
        let number = |bytes: &[u8]| Some(u32::from_be_bytes(bytes.try_into().ok()?));
        match &self.cipher {
            Cipher::Gcm { key, salt } => {
                let (rest, trailer) = sealed.split_last_chunk::<4>()?;
                let (rest, tag) = rest.split_last_chunk::<TAG>()?;
                let (head, text) = rest.split_at_checked(REPORT_HEADER)?;
                let flagged = u32::from_be_bytes(*trailer);
                if flagged & ENCRYPTED == 0 {
                    return None; // nobody we speak with sends reports in the clear
                }
                let index = flagged & !ENCRYPTED;
                clear.extend_from_slice(rest);
                let aad = Aad::from(associated(head, *trailer));
                let room = clear.get_mut(REPORT_HEADER..)?;
                key.open_separate_gather(report_nonce(salt, ssrc, index), aad, text, tag, room).ok()?;
                Some(index)
            }
            Cipher::Cm { key, salt, authentication } => {
                let (rest, tag) = sealed.split_last_chunk::<SHORT_TAG>()?;
                let expected = authenticate(authentication, &[rest]);
                verify_slices_are_equal(&expected.as_ref()[..SHORT_TAG], tag).ok()?;
                let (text, trailer) = rest.split_at_checked(rest.len().checked_sub(4)?)?;
                let flagged = number(trailer)?;
                if flagged & ENCRYPTED == 0 || text.len() < REPORT_HEADER {
                    return None;
                }
                let index = flagged & !ENCRYPTED;
                clear.extend_from_slice(text);
                counter_mode(key, salt, ssrc, index.into(), &mut clear[REPORT_HEADER..]);
                Some(index)
            }
        }
    }
}

enum Cipher {
    Gcm { key: LessSafeKey, salt: [u8; 12] },
    Cm { key: Box<EncryptingKey>, salt: [u8; 14], authentication: Box<hmac::Key> },
}

impl Cipher {
    fn derive(profile: Profile, master: &Master, [key_for, salt_for, authentication_for]: [Label; 3]) -> Self {
        let mut key = [0; 32];
        let key = &mut key[..profile.lengths().0];
        master.derive(key_for, key);
        let gcm = |algorithm| {
            let mut salt = [0; 12];
            master.derive(salt_for, &mut salt);
            let key = UnboundKey::new(algorithm, key).expect("its length is the profile's");
            Self::Gcm { key: LessSafeKey::new(key), salt }
        };
        match profile {
            Profile::Gcm128 => gcm(&AES_128_GCM),
            Profile::Gcm256 => gcm(&AES_256_GCM),
            Profile::CmSha1 => {
                let (mut salt, mut authentication) = ([0; 14], [0; 20]);
                master.derive(salt_for, &mut salt);
                master.derive(authentication_for, &mut authentication);
                let key = UnboundCipherKey::new(&AES_128, key).and_then(EncryptingKey::ctr);
                Self::Cm {
                    key: Box::new(key.expect("its length is the profile's")),
                    salt,
                    authentication: Box::new(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &authentication)),
                }
            }
        }
    }
}

/// RFC 7714, section 8.1: two zero bytes, SSRC, rollovers and sequence number, mixed with the salt.
fn nonce(salt: &[u8; 12], ssrc: u32, index: u64) -> Nonce {
    let mixed = (u128::from(ssrc) << 48) | u128::from(index);
    salted(salt, mixed)
}

/// RFC 7714, section 9.1: two zero bytes, SSRC, two zero bytes, index, mixed with the salt.
fn report_nonce(salt: &[u8; 12], ssrc: u32, index: u32) -> Nonce {
    let mixed = (u128::from(ssrc) << 48) | u128::from(index);
    salted(salt, mixed)
}

fn salted(salt: &[u8; 12], mixed: u128) -> Nonce {
    let mut nonce = *salt;
    nonce.iter_mut().zip(&mixed.to_be_bytes()[4..]).for_each(|(salt, byte)| *salt ^= byte);
    Nonce::assume_unique_for_key(nonce)
}

/// RFC 3711, section 4.1.1, in place. It is its own inverse.
fn counter_mode(key: &EncryptingKey, salt: &[u8; 14], ssrc: u32, index: u64, text: &mut [u8]) {
    let mut iv = [0; 16];
    iv[..14].copy_from_slice(salt);
    let mixed = (u128::from(ssrc) << 64) | (u128::from(index) << 16);
    iv.iter_mut().zip(mixed.to_be_bytes()).for_each(|(salt, byte)| *salt ^= byte);
    key.less_safe_encrypt(text, EncryptionContext::Iv128(iv.into())).expect("counter mode takes any length");
}

fn authenticate(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    parts.iter().for_each(|part| context.update(part));
    context.sign()
}

/// RFC 7714, section 9.2: the first eight bytes and the trailer are authenticated and stay clear.
fn associated(head: &[u8], trailer: [u8; 4]) -> [u8; REPORT_HEADER + 4] {
    let mut associated = [0; REPORT_HEADER + 4];
    associated[..REPORT_HEADER].copy_from_slice(&head[..REPORT_HEADER]);
    associated[REPORT_HEADER..].copy_from_slice(&trailer);
    associated
}

/// Who sends a report: its second word.
fn sender(report: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(report.get(4..REPORT_HEADER)?.try_into().ok()?))
}

const REPORT_LABELS: [Label; 3] = [Label::RtcpKey, Label::RtcpSalt, Label::RtcpAuthentication];
/// RFC 3711, section 3.3.1: 32 bits of rollovers and 16 of sequence number. A stream of 2,000 packets a second is there
/// after four thousand years.
const INDICES: u64 = 1 << 48;
/// RFC 3711, section 3.4: 31 bits.
const REPORTS: u32 = 1 << 31;
/// RFC 3711, section 3.4: the bit in front of the index which says that a report is encrypted.
const ENCRYPTED: u32 = 1 << 31;
/// Senders of reports that a peer has: one for each of its sections in some browsers, and some of the past. With more,
/// what came is forgotten: a report that comes a second time then costs a keyframe or a packet, and no secret.
const MOST_SENDERS: usize = 256;
/// The part of a report that is never encrypted: its first word and its sender.
const REPORT_HEADER: usize = 8;
/// RFC 7714, section 13: GCM's tag.
const TAG: usize = 16;
/// RFC 3711, section 5.2: HMAC-SHA1's tag, cut to 80 bits.
const SHORT_TAG: usize = 10;
/// What sealing adds to a packet at most.
pub(crate) const MOST_OVERHEAD: usize = TAG;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::egress::keys::Keying;
    use str0m::crypto::dtls::SrtpProfile;

    const PROFILES: [SrtpProfile; 3] =
        [SrtpProfile::AES128_CM_SHA1_80, SrtpProfile::AEAD_AES_128_GCM, SrtpProfile::AEAD_AES_256_GCM];

    #[test]
    fn an_ssrc_has_one_lane_and_an_index_one_claim() {
        let (keying, _) = Keying::pair(SrtpProfile::AEAD_AES_128_GCM);
        let mut sender = Sender::new(keying.profile, &keying.ours);
        let mut lane = sender.lane(7).unwrap();
        assert!(sender.lane(7).is_none() && sender.lane(8).is_some());
        let mut bytes = vec![0; 20];
        lane.claim(1000).unwrap().seal(&mut bytes, 0, 12);
        assert!(lane.claim(1000).is_none(), "a second packet of that number would have the same nonce");
        assert!(lane.claim(999).is_some() && lane.claim(INDICES).is_none());
        drop(lane);
        assert!(sender.lane(7).is_none(), "not even when the first one is gone");
    }

    #[test]
    fn nonces_are_those_of_the_rfc() {
        // RFC 7714, section 16.1: salt, SSRC and index of its examples.
        let salt = *b"Quid pro quo";
        let made = nonce(&salt, 0x5501_a0b2, 0xf17b);
        assert_eq!(made.as_ref(), &[0x51, 0x75, 0x3c, 0x65, 0x80, 0xc2, 0x72, 0x6f, 0x20, 0x71, 0x84, 0x14]);
    }

    #[test]
    fn a_packet_sealed_as_in_rfc_7714_16_1_1() {
        let text = b"Gallia est omnis divisa in partes tres";
        let header = [0x80, 0x40, 0xf1, 0x7b, 0x80, 0x41, 0xf8, 0xd3, 0x55, 0x01, 0xa0, 0xb2];
        let key: Vec<u8> = (0..16).collect();
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let cipher = Arc::new(Cipher::Gcm { key, salt: *b"Quid pro quo" });
        let mut sender = Sender { cipher, given: BTreeSet::new() };
        let mut lane = sender.lane(0x5501_a0b2).unwrap();
        let mut bytes = [&header[..], text].concat();
        lane.claim(0xf17b).unwrap().seal(&mut bytes, 0, 12);
        assert_eq!(bytes[12..20], [0xf2, 0x4d, 0xe3, 0xa3, 0xfb, 0x34, 0xde, 0x6c]);
        assert_eq!(bytes[bytes.len() - 16..][..4], [0x89, 0x9d, 0x7f, 0x27]);
    }

    #[test]
    fn reports_are_opened_once_and_only_untouched() {
        for profile in PROFILES {
            let (ann, bob) = Keying::pair(profile);
            let mut lane = ReportLane::new(ann.profile, &ann.ours);
            let mut opener = ReportOpener::new(bob.profile, &bob.theirs);
            let report: Vec<u8> = [0x80, 201, 0, 3, 1, 2, 3, 4].into_iter().chain(0..8).collect();
            let mut clear = Vec::new();
            for _ in 0..3 {
                let mut sealed = vec![9; 5];
                sealed.extend(&report);
                assert!(lane.seal(&mut sealed, 5));
                let sealed = sealed.split_off(5);
                assert_ne!(sealed[8..16], report[8..16]);
                for at in 0..sealed.len() {
                    let mut damaged = sealed.clone();
                    damaged[at] ^= 1;
                    assert!(!opener.open(&damaged, &mut clear), "{profile:?} {at}");
                    assert!(!opener.open(&sealed[..at], &mut clear), "{profile:?} {at}");
                }
                assert!(opener.open(&sealed, &mut clear));
                assert_eq!(clear, report);
                assert!(!opener.open(&sealed, &mut clear), "it came before");
            }
        }
    }

    #[test]
    fn a_witness_knows_what_the_other_end_sealed_and_nothing_else() {
        for profile in [SrtpProfile::AES128_CM_SHA1_80, SrtpProfile::AEAD_AES_128_GCM, SrtpProfile::AEAD_AES_256_GCM] {
            let (ann, bob) = Keying::pair(profile);
            let mut sender = Sender::new(ann.profile, &ann.ours);
            let mut lane = sender.lane(0x0102_0304).unwrap();
            let mut witness = Witness::new(bob.profile, &bob.theirs);
            for index in [7_u64, 8, 65_535, 65_536 + 7] {
                let [high, low] = (index as u16).to_be_bytes();
                let mut packet = vec![0x80, 111, high, low, 0, 0, 0, 9, 1, 2, 3, 4];
                packet.extend(b"some sound");
                lane.claim(index).unwrap().seal(&mut packet, 0, 12);
                assert!(witness.knows(&packet, 12, 0x0102_0304, index), "{profile:?}");
                assert!(!witness.knows(&packet, 12, 0x0102_0304, index ^ 65_536), "{profile:?}: of another round");
                for at in 0..packet.len() {
                    let mut damaged = packet.clone();
                    damaged[at] ^= 1;
                    let number = |at: usize| u16::from_be_bytes([damaged[at], damaged[at + 1]]);
                    let ssrc = u32::from(number(8)) << 16 | u32::from(number(10));
                    let damaged_index = index >> 16 << 16 | u64::from(number(2));
                    assert!(!witness.knows(&damaged, 12, ssrc, damaged_index), "{profile:?} {at}");
                    assert!(!witness.knows(&packet[..at], 12, 0x0102_0304, index), "{profile:?} {at}");
                }
            }
            let mut stranger = Witness::new(ann.profile, &ann.theirs);
            let mut packet = vec![0x80, 111, 0, 9, 0, 0, 0, 9, 1, 2, 3, 9, 5];
            sender.lane(0x0102_0309).unwrap().claim(9).unwrap().seal(&mut packet, 0, 12);
            assert!(witness.knows(&packet, 12, 0x0102_0309, 9));
            assert!(!stranger.knows(&packet, 12, 0x0102_0309, 9), "its own direction is sealed under other keys");
        }
    }

    /// As Firefox does, which reports on each stream under a name of its own.
    #[test]
    fn each_sender_of_a_peer_counts_its_reports_alone() {
        let (ann, bob) = Keying::pair(SrtpProfile::AEAD_AES_256_GCM);
        let mut opener = ReportOpener::new(bob.profile, &bob.theirs);
        let mut clear = Vec::new();
        for sender in 0..3 * MOST_SENDERS as u32 {
            let mut lane = ReportLane::new(ann.profile, &ann.ours);
            let mut sealed = [&[0x80, 201, 0, 1], &sender.to_be_bytes()[..]].concat();
            assert!(lane.seal(&mut sealed, 0));
            assert!(opener.open(&sealed, &mut clear), "the first of sender {sender}");
            assert!(!opener.open(&sealed, &mut clear), "it came before");
        }
    }

    #[test]
    fn the_count_of_reports_ends_before_it_wraps() {
        let (keying, _) = Keying::pair(SrtpProfile::AEAD_AES_128_GCM);
        let mut lane = ReportLane::new(keying.profile, &keying.ours);
        lane.next = REPORTS - 1;
        assert!(lane.seal(&mut vec![0; 8], 0));
        assert!(!lane.seal(&mut vec![0; 8], 0));
    }
}
