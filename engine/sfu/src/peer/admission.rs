//! Which streams of a peer its transport gets to see.
//!
//! str0m finds out by a packet's header what a stream that it does not know yet is for, and only then whether the packet is
//! the peer's at all. So whoever can write the peer's address on a packet could take its sections over, or fill our memory
//! with streams that do not exist. Here the first packet of each stream has to show by its seal that it is the peer's,
//! before anything in it is believed; and of streams that carry no track there are never more than a few.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// The streams of a peer that were let through, and since when.
#[derive(Debug, Default)]
pub(crate) struct Admission {
    since: BTreeMap<u32, Instant>,
    /// Until when nothing new is looked at: somebody was refused, and looking costs more than a packet may.
    full_until: Option<Instant>,
}

impl Admission {
    /// Whether packets of a stream go through without being looked at again.
    pub(crate) fn has(&self, ssrc: u32) -> bool {
        self.since.contains_key(&ssrc)
    }

    /// Whether packets of streams that are not known yet are refused unread: there was no place a moment ago.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.full_until.is_some_and(|until| now < until)
    }

    /// The streams that were let through.
    pub(crate) fn all(&self) -> impl Iterator<Item = u32> + '_ {
        self.since.keys().copied()
    }

    /// Lets a stream through whose first packet was sealed by the peer; `used` are those that carry tracks. `false` when
    /// there are too many others.
    pub(crate) fn admit(&mut self, now: Instant, ssrc: u32, used: &BTreeSet<u32>) -> bool {
        let strays = self.since.keys().filter(|ssrc| !used.contains(ssrc)).count();
        if strays >= MOST_STRAYS {
            let young = |since: &Instant| now.saturating_duration_since(*since) < STRAYS_FOR;
            self.since.retain(|ssrc, since| used.contains(ssrc) || young(since));
        }
        let strays = self.since.keys().filter(|ssrc| !used.contains(ssrc)).count();
        if strays >= MOST_STRAYS || self.since.len() >= MOST_STREAMS {
            self.full_until = Some(now + AGAIN);
            return false;
        }
        self.full_until = None;
        self.since.insert(ssrc, now);
        true
    }
}

/// What the header of an RTP packet says of itself: its SSRC, its sequence number, and its own length. `None` when the
/// packet is shorter than its header, or longer than any that we take (RFC 3550, section 5.1).
pub(crate) fn read_header(packet: &[u8]) -> Option<(u32, u16, usize)> {
    if packet.len() > MOST_PACKET {
        return None;
    }
    let fixed = packet.get(..FIXED)?;
    let mut length = FIXED + 4 * usize::from(fixed[0] & 0x0f);
    if fixed[0] & EXTENDED != 0 {
        let words = packet.get(length + 2..length + 4)?;
        length += 4 + 4 * usize::from(u16::from_be_bytes([words[0], words[1]]));
    }
    if packet.len() < length {
        return None;
    }
    let ssrc = u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]);
    Some((ssrc, u16::from_be_bytes([fixed[2], fixed[3]]), length))
}

/// The longest RTP packet. What comes over an Ethernet in one piece is no longer, and clients send at most 1,200 bytes and
/// some; what is longer could not be sent on.
pub(crate) const MOST_PACKET: usize = 1_500;
/// Streams without a track: those that began before their track was announced, those of tracks that ended lately, and one
/// by which browsers try what their line carries.
pub(crate) const MOST_STRAYS: usize = 16;
/// All streams: sixteen tracks of three layers, each with its repairs, and the strays.
const MOST_STREAMS: usize = 16 * 3 * 2 + MOST_STRAYS;
/// How long a stray keeps its place when others want it. A client that invents streams gets one through every other second;
/// one whose camera is switched on and off all the time waits for a moment.
const STRAYS_FOR: Duration = Duration::from_secs(10);
/// How soon after somebody was refused it is looked again whether there is a place: whether a packet is sealed, and which streams
/// carry tracks, is asked twice a second then, and not with each packet of a stream that has no place.
const AGAIN: Duration = Duration::from_millis(500);
/// How many rounds of the 16 bits of a stream's numbers may have begun before its first packet that we see: one, when the stream
/// began near their end, or was refused meanwhile. A receiver can but try (RFC 3711, section 3.3.1).
pub(crate) const ROUNDS: [u64; 2] = [0, 1];
/// RFC 3550, section 5.1.
const FIXED: usize = 12;
/// RFC 3550, section 5.1: the bit which says that an extension follows.
const EXTENDED: u8 = 0x10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    #[test]
    fn strays_have_few_places_and_tracks_their_own() {
        let (mut admission, now) = (Admission::default(), start());
        let used: BTreeSet<u32> = (1_000..1_006).collect();
        assert!(used.iter().all(|ssrc| admission.admit(now, *ssrc, &used)));
        let strays = (0..100).filter(|ssrc| admission.admit(now, *ssrc, &used)).count();
        assert_eq!(strays, MOST_STRAYS);
        let later = now + STRAYS_FOR;
        assert!(!admission.admit(later - Duration::from_millis(1), 200, &used));
        assert!(admission.admit(later, 200, &used), "the first of them have had their time");
        assert!(used.iter().all(|ssrc| admission.has(*ssrc)), "what carries a track is never forgotten");
        assert!(!admission.has(0));
    }

    #[test]
    fn there_is_a_most_of_all_streams() {
        let (mut admission, now) = (Admission::default(), start());
        let used: BTreeSet<u32> = (0..1_000).collect();
        assert_eq!(used.iter().filter(|ssrc| admission.admit(now, **ssrc, &used)).count(), MOST_STREAMS);
    }

    #[test]
    fn what_is_refused_for_want_of_a_place_is_looked_at_again_after_a_moment() {
        let (mut admission, now) = (Admission::default(), start());
        let none = BTreeSet::new();
        (0..MOST_STRAYS as u32).for_each(|ssrc| assert!(admission.admit(now, ssrc, &none)));
        assert!(!admission.is_full(now), "nobody was refused yet");
        assert!(!admission.admit(now, 100, &none));
        assert!(admission.is_full(now + AGAIN - Duration::from_millis(1)));
        assert!(!admission.is_full(now + AGAIN));
        assert!(admission.admit(now + STRAYS_FOR, 100, &none));
        assert!(!admission.is_full(now + STRAYS_FOR));
    }

    #[test]
    fn headers_lie_within_their_packets() {
        let plain = [&[0x80, 111, 1, 2, 0, 0, 0, 0, 1, 2, 3, 4][..], &[0; 30]].concat();
        assert_eq!(read_header(&plain), Some((0x0102_0304, 0x0102, 12)));
        let mut sources = plain.clone();
        sources[0] = 0x82;
        assert_eq!(read_header(&sources), Some((0x0102_0304, 0x0102, 20)));
        let mut extended = plain.clone();
        extended[0] = 0x90;
        extended[12..16].copy_from_slice(&[0xbe, 0xde, 0, 2]);
        assert_eq!(read_header(&extended), Some((0x0102_0304, 0x0102, 24)));
        extended[14] = 255;
        assert_eq!(read_header(&extended), None, "an extension of 260 kilobytes");
        for end in 0..12 {
            assert_eq!(read_header(&plain[..end]), None);
        }
        let mut long = plain.clone();
        long.resize(MOST_PACKET, 0);
        assert!(read_header(&long).is_some());
        long.push(0);
        assert_eq!(read_header(&long), None);
    }
}
