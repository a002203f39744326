//! What a client that counts tells the server: RTCP in the clear.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{ROUND, Stream, extend};

/// Transport-wide numbers that arrived and were not told yet.
#[derive(Debug)]
pub(super) struct Arrivals {
    epoch: Instant,
    /// What is told next begins here; earlier ones come too late to be told.
    next: Option<u64>,
    highest: u64,
    waiting: BTreeMap<u64, u64>,
    count: u8,
}

impl Arrivals {
    pub(super) fn new(epoch: Instant) -> Self {
        Self { epoch, next: None, highest: ROUND, waiting: BTreeMap::new(), count: 0 }
    }

    pub(super) fn add(&mut self, now: Instant, number: u16) {
        let number = match self.next {
            Some(_) => extend(self.highest, number),
            None => ROUND + u64::from(number),
        };
        let next = *self.next.get_or_insert(number);
        if number < next || self.waiting.len() >= MOST_WAITING {
            return;
        }
        self.highest = self.highest.max(number);
        let ticks = now.saturating_duration_since(self.epoch).as_micros() as u64 / TICK.as_micros() as u64;
        self.waiting.entry(number).or_insert(ticks);
    }

    /// Adds a feedback packet (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1) about those that wait, or
    /// the first of them; `false` when none do.
    pub(super) fn tell(&mut self, media: u32, out: &mut Vec<u8>) -> bool {
        let (Some(base), Some((_, &first))) = (self.next, self.waiting.first_key_value()) else { return false };
        let start = out.len();
        let reference = first / TICKS_OF_REFERENCE;
        let (mut symbols, mut deltas) = (Vec::new(), Vec::new());
        let mut last = reference * TICKS_OF_REFERENCE;
        let mut number = base;
        while symbols.len() < MOST_TOLD && number <= self.highest {
            let symbol = match self.waiting.remove(&number) {
                None => 0,
                Some(ticks) => {
                    let delta = ticks as i64 - last as i64;
                    last = ticks;
                    if let Ok(small) = u8::try_from(delta) {
                        deltas.push(small);
                        1
                    } else {
                        // Eight seconds; a longer pause is told as one, which ends no call.
                        let large = delta.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
                        deltas.extend_from_slice(&large.to_be_bytes());
                        2
                    }
                }
            };
            symbols.push(symbol);
            number += 1;
        }
        self.next = Some(number);
        out.extend_from_slice(&[0x80 | FEEDBACK, TRANSPORT_FEEDBACK, 0, 0]);
        out.extend_from_slice(&US.to_be_bytes());
        out.extend_from_slice(&media.to_be_bytes());
        out.extend_from_slice(&(base as u16).to_be_bytes());
        out.extend_from_slice(&(symbols.len() as u16).to_be_bytes());
        out.extend_from_slice(&(reference as u32).to_be_bytes()[1..]);
        out.push(self.count);
        self.count = self.count.wrapping_add(1);
        for seven in symbols.chunks(7) {
            let vector = seven.iter().enumerate().map(|(at, symbol)| symbol << (12 - 2 * at)).sum::<u16>();
            out.extend_from_slice(&(0xc000 | vector).to_be_bytes());
        }
        out.extend_from_slice(&deltas);
        let padding = (4 - (out.len() - start) % 4) % 4;
        if padding > 0 {
            out.resize(out.len() + padding - 1, 0);
            out.push(padding as u8);
            out[start] |= PADDED;
        }
        length(out, start);
        true
    }
}

/// Adds a receiver report on all streams (RFC 3550, section 6.4.2), as far as one holds them.
pub(super) fn reception(streams: &mut BTreeMap<u32, Stream>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&[0x80 | streams.len().min(MOST_BLOCKS) as u8, RECEIVER_REPORT, 0, 0]);
    out.extend_from_slice(&US.to_be_bytes());
    for (ssrc, stream) in streams.iter_mut().take(MOST_BLOCKS) {
        let now = (stream.flow.expected(), stream.flow.received());
        let expected = now.0.saturating_sub(stream.told.0);
        let lost = expected.saturating_sub(now.1.saturating_sub(stream.told.1));
        stream.told = now;
        let fraction = (lost * 256).checked_div(expected).unwrap_or(0).min(255) as u8;
        let all = stream.flow.lost().min(0x7f_ffff) as u32;
        out.extend_from_slice(&ssrc.to_be_bytes());
        out.push(fraction);
        out.extend_from_slice(&all.to_be_bytes()[1..]);
        out.extend_from_slice(&((stream.highest - ROUND) as u32).to_be_bytes());
        // No jitter, and no report of the server's that we could name.
        out.extend_from_slice(&[0; 12]);
    }
    length(out, start);
}

/// Writes how many words follow the first (RFC 3550, section 6.4.1).
fn length(out: &mut [u8], start: usize) {
    let words = ((out.len() - start) / 4 - 1) as u16;
    out[start + 2..start + 4].copy_from_slice(&words.to_be_bytes());
}

/// The name under which we report: as browsers do that send nothing themselves.
const US: u32 = 1;
const RECEIVER_REPORT: u8 = 201;
const TRANSPORT_FEEDBACK: u8 = 205;
const FEEDBACK: u8 = 15;
const PADDED: u8 = 0x20;
/// What the count in a report's first byte can say.
const MOST_BLOCKS: usize = 31;
/// Times of arrival are told in these steps.
const TICK: Duration = Duration::from_micros(250);
/// The first one is told in steps of 64 ms.
const TICKS_OF_REFERENCE: u64 = 256;
/// Numbers in one feedback packet: with the largest steps it takes 500 bytes. At most so many bytes are added to reports
/// that are to fit into one datagram.
const MOST_TOLD: usize = 210;
/// Beyond, arrivals are not told, which the server takes for loss: a second of 10,000 packets between two reports.
const MOST_WAITING: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn feedback_says_what_came_when_and_what_did_not() {
        let epoch = start();
        let mut arrivals = Arrivals::new(epoch);
        let at = |ms: u64| epoch + Duration::from_millis(ms);
        arrivals.add(at(65), 65_535);
        arrivals.add(at(66), 0);
        arrivals.add(at(200), 2);
        let mut out = Vec::new();
        assert!(arrivals.tell(9, &mut out));
        let expected = [
            &[0xaf, 205, 0, 6, 0, 0, 0, 1, 0, 0, 0, 9][..],
            &[0xff, 0xff, 0, 4, 0, 0, 1, 0], // from 65535, four of them, 64 ms, the first report
            &[0b1101_0100, 0b1000_0000],     // small, small, none, large
            &[4, 4, 2, 24],                  // 1 ms after the reference, 1 ms later, 134 ms later
            &[0, 2],
        ];
        assert_eq!(out, expected.concat());
        assert!(!arrivals.tell(9, &mut out), "all is told");
        arrivals.add(at(210), 1);
        assert!(!arrivals.tell(9, &mut out), "too late to be told");
        arrivals.add(at(220), 4);
        out.clear();
        assert!(arrivals.tell(9, &mut out));
        assert_eq!(out[12..16], [0, 3, 0, 2], "what is missing between two reports belongs to the second");
    }

    #[test]
    fn a_large_gap_is_told_in_several_packets() {
        let now = start();
        let mut arrivals = Arrivals::new(now);
        arrivals.add(now, 0);
        arrivals.add(now, 500);
        let mut out = Vec::new();
        let mut count = 0;
        while arrivals.tell(9, &mut out) {
            count += 1;
        }
        assert_eq!(count, 3);
        assert_eq!(out.len() % 4, 0);
    }
}
