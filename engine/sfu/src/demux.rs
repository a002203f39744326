//! Whose datagram is this?
//!
//! An ICE user name of ours names the shard, the peer's slot and its generation, so that the first packet from an
//! unknown address finds its peer by arithmetic (RFC 8489, section 14.3: the first half of `USERNAME` is the fragment
//! of whom the request is for). What it says is only a hint: the caller lets the peer check the request's integrity
//! before the address is learned. Everything that is not a STUN request goes by address. Nobody is ever searched.

use std::collections::BTreeMap;

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use proto::Shard;

use crate::{path::End, peer::Peer, slab::Key};

/// The user name fragment for `peer`; `chance` makes each one new, as an ICE restart demands (RFC 8445, section 9).
pub(crate) fn ufrag(shard: Shard, peer: Key<Peer>, chance: u32) -> String {
    format!("{:02x}{:06x}{:04x}{:08x}", shard.0, peer.slot, peer.generation, chance)
}

/// The peer that a fragment names, if it is one of ours.
pub(crate) fn read_ufrag(shard: Shard, text: &[u8]) -> Option<Key<Peer>> {
    read_name(text).filter(|(named, _)| *named == shard).map(|(_, peer)| peer)
}

fn read_name(text: &[u8]) -> Option<(Shard, Key<Peer>)> {
    if text.len() != UFRAG_LEN {
        return None;
    }
    let mut digits = [0_u32; UFRAG_LEN];
    for (digit, byte) in digits.iter_mut().zip(text) {
        *digit = char::from(*byte).to_digit(16)?;
    }
    let number = |range: std::ops::Range<usize>| digits[range].iter().fold(0_u32, |n, d| n << 4 | d);
    Some((Shard(number(0..2) as u8), Key::new(number(2..8), number(8..12) as u16)))
}

/// Which media thread a datagram is for, if it is a check that names one of ours: the hint by which a connection that was
/// just opened, or a datagram that came to the wrong thread, finds its way. It proves nothing.
pub fn shard_of(datagram: &[u8]) -> Option<Shard> {
    read_name(read_check(datagram)?.target).map(|(shard, _)| shard)
}

/// What a STUN binding request says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Check<'a> {
    /// The fragment of whom it is for.
    pub(crate) target: &'a [u8],
    /// Whether it asks for the path that it came by (`USE-CANDIDATE`).
    pub(crate) nominates: bool,
}

/// Reads a STUN binding request that names somebody.
pub(crate) fn read_check(datagram: &[u8]) -> Option<Check<'_>> {
    let header = datagram.get(..STUN_HEADER)?;
    if header[..2] != BINDING_REQUEST || header[4..8] != MAGIC_COOKIE {
        return None;
    }
    let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
    let mut rest = datagram.get(STUN_HEADER..STUN_HEADER + length)?;
    let (mut target, mut nominates) = (None, false);
    while let Some(head) = rest.get(..4) {
        let kind = [head[0], head[1]];
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let value = rest.get(4..4 + length)?;
        match kind {
            USERNAME if target.is_none() => target = value.split(|b| *b == b':').next(),
            USE_CANDIDATE => nominates = true,
            _ => {}
        }
        rest = rest.get(4 + length.next_multiple_of(4)..)?;
    }
    Some(Check { target: target?, nominates })
}

/// Whether a STUN message is signed with `password` (RFC 8489, section 14.5): by HMAC-SHA1 over all that comes before the
/// signature, with the length that the message has with it and without what comes behind it.
pub(crate) fn is_signed(datagram: &[u8], password: &str) -> bool {
    let mut at = STUN_HEADER;
    while let Some(head) = datagram.get(at..at + 4) {
        let kind = [head[0], head[1]];
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if kind != INTEGRITY {
            at += 4 + length.next_multiple_of(4);
            continue;
        }
        let Some(signature) = datagram.get(at + 4..at + 4 + length).filter(|_| length == SIGNATURE) else {
            return false;
        };
        let Ok(signed) = u16::try_from(at + 4 + SIGNATURE - STUN_HEADER) else {
            return false;
        };
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        context.update(&datagram[..2]);
        context.update(&signed.to_be_bytes());
        context.update(&datagram[4..at]);
        return verify_slices_are_equal(context.sign().as_ref(), signature).is_ok();
    }
    false
}

/// Which peer the packets from an end belong to.
pub(crate) struct Addresses {
    peers: BTreeMap<End, Key<Peer>>,
}

impl Addresses {
    pub(crate) fn new() -> Self {
        Self { peers: BTreeMap::new() }
    }

    pub(crate) fn owner(&self, address: End) -> Option<Key<Peer>> {
        self.peers.get(&address).copied()
    }

    pub(crate) fn learn(&mut self, address: End, peer: Key<Peer>) {
        self.peers.insert(address, peer);
    }

    /// Forgets all that lead to peers of whom `keep` says no.
    pub(crate) fn retain(&mut self, keep: impl Fn(Key<Peer>) -> bool) {
        self.peers.retain(|_, peer| keep(*peer));
    }

    /// Forgets `address`, unless it has gone over to another peer.
    pub(crate) fn forget(&mut self, address: End, peer: Key<Peer>) {
        if self.owner(address) == Some(peer) {
            self.peers.remove(&address);
        }
    }
}

/// Two digits of shard, six of slot, four of generation, eight of chance: within the 4 to 256 that RFC 8839 allows.
const UFRAG_LEN: usize = 20;
/// RFC 8489, section 5.
const STUN_HEADER: usize = 20;
/// RFC 8489, section 5: method Binding, class request.
const BINDING_REQUEST: [u8; 2] = [0, 1];
/// RFC 8489, section 5.
const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// RFC 8489, section 18.3.
const USERNAME: [u8; 2] = [0, 6];
/// RFC 8489, section 18.3.
const INTEGRITY: [u8; 2] = [0, 8];
/// RFC 8489, section 14.5: bytes of an HMAC-SHA1.
const SIGNATURE: usize = 20;
/// RFC 8445, section 16.1.
const USE_CANDIDATE: [u8; 2] = [0, 0x25];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Over;

    fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend(kind.to_be_bytes());
            body.extend((value.len() as u16).to_be_bytes());
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut datagram = BINDING_REQUEST.to_vec();
        datagram.extend((body.len() as u16).to_be_bytes());
        datagram.extend(MAGIC_COOKIE);
        datagram.extend([7; 12]);
        datagram.extend(body);
        datagram
    }

    #[test]
    fn a_request_names_its_peer() {
        let key = Key::new(70_000, 513);
        let name = format!("{}:theirs", ufrag(Shard(3), key, 0xdead_beef));
        let datagram = request(&[(0x8022, b"agent"), (6, name.as_bytes())]);
        let Check { target, nominates } = read_check(&datagram).unwrap();
        assert!(!nominates);
        assert_eq!(read_ufrag(Shard(3), target), Some(key));
        assert_eq!(read_ufrag(Shard(4), target), None);
        assert_eq!(shard_of(&datagram), Some(Shard(3)));
        let datagram = request(&[(6, name.as_bytes()), (0x25, b"")]);
        assert_eq!(read_check(&datagram), Some(Check { target, nominates: true }));
    }

    #[test]
    fn what_is_not_for_us_names_nobody() {
        for text in ["", "abcd", "0300000000000000000g", "030000000000000000000", "+3000000000000000000"] {
            assert_eq!(read_ufrag(Shard(3), text.as_bytes()), None, "{text}");
        }
        let good = request(&[(6, b"x:y")]);
        for end in 0..good.len() {
            assert_eq!(read_check(&good[..end]), None);
        }
        assert_eq!(read_check(&request(&[(1, b"no name")])), None);
        assert_eq!(read_check(&[128; 40]), None);
    }

    /// Signs a request as a client does.
    fn signed(mut datagram: Vec<u8>, password: &str) -> Vec<u8> {
        let length = (datagram.len() - STUN_HEADER + 4 + SIGNATURE) as u16;
        datagram[2..4].copy_from_slice(&length.to_be_bytes());
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        let signature = hmac::sign(&key, &datagram);
        datagram.extend([0, 8, 0, 20]);
        datagram.extend(signature.as_ref());
        datagram
    }

    #[test]
    fn only_the_password_signs() {
        let good = signed(request(&[(6, b"x:y")]), "secret");
        assert!(is_signed(&good, "secret"));
        assert!(!is_signed(&good, "other"));
        assert!(!is_signed(&request(&[(6, b"x:y")]), "secret"), "nobody signed this");
        // A fingerprint behind it is not signed, and does not matter.
        let mut marked = good.clone();
        marked.extend([0x80, 0x28, 0, 4, 1, 2, 3, 4]);
        let length = (marked.len() - STUN_HEADER) as u16;
        marked[2..4].copy_from_slice(&length.to_be_bytes());
        assert!(is_signed(&marked, "secret"));
        for bit in (0..8 * good.len()).filter(|bit| !(16..32).contains(bit)) {
            let mut changed = good.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!is_signed(&changed, "secret"), "bit {bit}");
        }
        for end in 0..good.len() {
            assert!(!is_signed(&good[..end], "secret"), "cut at {end}");
        }
        let short = [&request(&[(6, b"x:y")])[..], &[0, 8, 0, 4, 1, 2, 3, 4]].concat();
        assert!(!is_signed(&short, "secret"), "a signature of four bytes");
    }

    #[test]
    fn an_address_taken_over_is_not_forgotten_with_its_first_owner() {
        let (ann, bob) = (Key::new(0, 0), Key::new(1, 0));
        let address = End { over: Over::Udp, address: "10.0.0.1:9".parse().unwrap() };
        let mut addresses = Addresses::new();
        addresses.learn(address, ann);
        addresses.learn(address, bob);
        addresses.forget(address, ann);
        assert_eq!(addresses.owner(address), Some(bob));
        assert_eq!(addresses.owner(End { over: Over::Relay, ..address }), None, "who claims to be there is not there");
        addresses.forget(address, bob);
        assert_eq!(addresses.owner(address), None);
    }
}
