//! A receiver that counts packets by their headers and checks nothing else, for load tests.
//!
//! Checking costs a receiver several times what sending costs the server, and on one machine both share the cores. RTP
//! headers are in the clear, so loss and order can be told without a key. What the server is told stays real: which packet
//! arrived when (transport-wide feedback), what was lost (receiver reports). What is left out: decryption, asking for lost
//! packets or keyframes, and the round trip (what the server says in its reports is not looked into).

mod keys;
mod reports;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::crypto::CryptoProvider;

use crate::synthetic::Flow;
use keys::Sealer;

/// What a client that counts knows of what it receives.
#[derive(Debug)]
pub(crate) struct Counting {
    /// There once DTLS is through; until then, and with a profile that we do not know, str0m gets everything.
    sealer: Option<Sealer>,
    /// The id of the transport-wide number among the header extensions.
    number_id: Option<u8>,
    streams: BTreeMap<u32, Stream>,
    arrivals: reports::Arrivals,
    /// From and to where packets last came.
    way: Option<(SocketAddr, SocketAddr)>,
    feedback_at: Instant,
    report_at: Instant,
}

#[derive(Debug)]
struct Stream {
    payload_type: u8,
    /// The highest sequence number, extended; counted from a round above the first, so that early ones fit below.
    highest: u64,
    flow: Flow,
    /// Packets expected and received when it was last reported on.
    told: (u64, u64),
}

impl Counting {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            sealer: None,
            number_id: None,
            streams: BTreeMap::new(),
            arrivals: reports::Arrivals::new(now),
            way: None,
            feedback_at: now,
            report_at: now,
        }
    }

    /// The cryptography that str0m has to use.
    pub(crate) fn provider() -> CryptoProvider {
        keys::provider()
    }

    /// Watches for keys while `act` works on the transport.
    pub(crate) fn watch<T>(&mut self, act: impl FnOnce() -> T) -> T {
        let (result, sealer) = keys::passed(act);
        self.sealer = self.sealer.take().or(sealer);
        result
    }

    /// Takes note of the numbers that an answer gives to header extensions.
    pub(crate) fn answered(&mut self, sdp: &str) {
        let extension = |line: &str| {
            let (id, uri) = line.strip_prefix("a=extmap:")?.split_once(' ')?;
            uri.starts_with(TRANSPORT_WIDE).then(|| id.split('/').next()?.parse().ok())?
        };
        self.number_id = sdp.lines().find_map(extension).or(self.number_id);
    }

    /// Counts a datagram. `false`: it is none of those that are counted, and str0m's.
    pub(crate) fn arrived(&mut self, now: Instant, way: (SocketAddr, SocketAddr), bytes: &[u8]) -> bool {
        let Some(head) = bytes.first_chunk::<12>() else { return false };
        if self.sealer.is_none() || !(0x80..0xc0).contains(&head[0]) || is_report(bytes) {
            return false;
        }
        let ssrc = u32::from_be_bytes([head[8], head[9], head[10], head[11]]);
        let sequence = u16::from_be_bytes([head[2], head[3]]);
        if self.streams.len() >= MOST_STREAMS && !self.streams.contains_key(&ssrc) {
            return true;
        }
        let stream = self.streams.entry(ssrc).or_insert_with(|| Stream {
            payload_type: head[1] & 0x7f,
            highest: ROUND + u64::from(sequence),
            flow: Flow::new(),
            told: (0, 0),
        });
        let extended = extend(stream.highest, sequence);
        stream.highest = stream.highest.max(extended);
        stream.flow.arrived(extended);
        if let Some(number) = self.number_id.and_then(|id| transport_wide(bytes, id)) {
            self.arrivals.add(now, number);
        }
        if self.way.is_none() {
            self.report_at = now + REPORTS_EVERY;
            self.feedback_at = now + FEEDBACK_EVERY;
        }
        self.way = Some(way);
        true
    }

    /// What str0m sends, as it has to leave.
    pub(crate) fn departs(&mut self, datagram: Vec<u8>) -> Vec<u8> {
        match &mut self.sealer {
            Some(sealer) if is_report(&datagram) => {
                let end = datagram.len().saturating_sub(Sealer::OVERHEAD);
                sealer.seal(&datagram[..end]).unwrap_or_default()
            }
            _ => datagram,
        }
    }

    /// When [`Self::report`] has something to do.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.way.map(|_| self.feedback_at.min(self.report_at))
    }

    /// The datagrams with reports that are due, and where they go from and to.
    pub(crate) fn report(&mut self, now: Instant, mut send: impl FnMut((SocketAddr, SocketAddr), Vec<u8>)) {
        let (Some(way), Some(sealer)) = (self.way, &mut self.sealer) else { return };
        let mut clear = Vec::new();
        if self.report_at <= now {
            self.report_at = now + REPORTS_EVERY;
            reports::reception(&mut self.streams, &mut clear);
        }
        if self.feedback_at <= now {
            self.feedback_at = now + FEEDBACK_EVERY;
            let media = self.streams.keys().next().copied().unwrap_or_default();
            while self.arrivals.tell(media, &mut clear) {
                if clear.len() > REPORTS_BYTES {
                    sealer.seal(&clear).into_iter().for_each(|sealed| send(way, sealed));
                    clear.clear();
                }
            }
        }
        if !clear.is_empty() {
            sealer.seal(&clear).into_iter().for_each(|sealed| send(way, sealed));
        }
    }

    /// The account of each stream and its payload type.
    pub(crate) fn flows(&self) -> impl Iterator<Item = (u8, &Flow)> {
        self.streams.values().map(|stream| (stream.payload_type, &stream.flow))
    }
}

/// Whether bytes that begin like a packet of RTP or RTCP are the latter (RFC 5761, section 4).
fn is_report(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..] if (0x80..0xc0).contains(first) && (192..224).contains(second))
}

/// The full number of which only the lower half was sent, near one that is known.
fn extend(near: u64, low: u16) -> u64 {
    let distance = low.wrapping_sub(near as u16) as i16;
    near.saturating_add_signed(distance.into())
}

/// The transport-wide number among the header extensions (RFC 8285; draft-holmer-rmcat-transport-wide-cc-extensions-01).
fn transport_wide(packet: &[u8], id: u8) -> Option<u16> {
    let first = *packet.first()?;
    if first & 0x10 == 0 {
        return None;
    }
    let start = 12 + 4 * usize::from(first & 0x0f);
    let (head, rest) = packet.get(start..)?.split_first_chunk::<4>()?;
    let words = usize::from(u16::from_be_bytes([head[2], head[3]]));
    let mut rest = rest.get(..words * 4)?;
    let short = [head[0], head[1]] == [0xbe, 0xde];
    while let Some((&byte, after)) = rest.split_first() {
        let (found, length, after) = match (byte, short) {
            (0, _) => {
                rest = after;
                continue;
            }
            (_, true) => (byte >> 4, usize::from(byte & 0x0f) + 1, after),
            (_, false) => (byte, usize::from(*after.first()?), after.get(1..)?),
        };
        let (value, after) = after.split_at_checked(length)?;
        if found == id {
            return Some(u16::from_be_bytes(*value.first_chunk()?));
        }
        rest = after;
    }
    None
}

const TRANSPORT_WIDE: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/// The numbers of one round; see [`Stream::highest`].
const ROUND: u64 = 1 << 16;

/// The most streams at once, as of a client that checks; packets of more are taken and not counted.
const MOST_STREAMS: usize = 1024;

/// How often the server hears which packets arrived: as often as from str0m, and from browsers at high rates.
const FEEDBACK_EVERY: Duration = Duration::from_millis(50);

/// How often it hears what was lost of each stream: as from browsers for pictures.
const REPORTS_EVERY: Duration = Duration::from_secs(1);

/// A datagram with more reports than this is sent before more are added; what one addition brings still fits.
const REPORTS_BYTES: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_in_both_forms_of_extensions() {
        let packet = |head: [u8; 4], extensions: &[u8]| {
            [&[0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9][..], &head, extensions].concat()
        };
        let short = packet([0xbe, 0xde, 0, 2], &[0x10, 7, 0x31, 0x12, 0x34, 0, 0, 0]);
        assert_eq!(transport_wide(&short, 3), Some(0x1234));
        assert_eq!(transport_wide(&short, 4), None);
        let long = packet([0x10, 0, 0, 2], &[1, 0, 0, 3, 2, 0x12, 0x34, 0]);
        assert_eq!(transport_wide(&long, 3), Some(0x1234));
        assert_eq!(transport_wide(&packet([0xbe, 0xde, 0, 9], &[0x31, 1, 2, 0]), 3), None, "it is cut");
        assert_eq!(transport_wide(&[0x80; 12], 3), None);
    }

    #[test]
    fn numbers_go_on_over_the_end_of_a_round() {
        assert_eq!(extend(ROUND + 65_535, 0), 2 * ROUND);
        assert_eq!(extend(2 * ROUND, 65_535), ROUND + 65_535);
        assert_eq!(extend(ROUND, 65_530), 65_530);
    }
}
