//! Makes one continuous stream of the pieces which a subscriber is shown, and finds them again.
//!
//! Sequence numbers, timestamps and VP8's counters of a layer are its own; the subscriber must see none of the seams.
//! Each piece is shifted by constants that are fixed where it begins, so the last few pieces are all it takes to say
//! which packet of the publisher was sent under a number. Pure arithmetic.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use str0m::rtp::Ssrc;

use super::vp8::{Counters, Vp8};

/// The numbers a packet came with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    /// Sequence number with rollovers.
    pub(crate) sequence: u64,
    /// RTP timestamp.
    pub(crate) timestamp: u32,
    /// When it arrived.
    pub(crate) at: Instant,
    /// Ticks of the timestamp in a second.
    pub(crate) clock: u32,
    /// The payload's counters, if it is VP8.
    pub(crate) vp8: Option<Vp8>,
}

/// The numbers a packet leaves with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numbers {
    /// Sequence number with rollovers.
    pub(crate) sequence: u64,
    /// RTP timestamp.
    pub(crate) timestamp: u32,
    /// VP8's counters, if they change.
    pub(crate) vp8: Option<Counters>,
}

/// The shifts of the piece that flows and of some before it, and where the stream stands.
#[derive(Debug, Default)]
pub(crate) struct Rewrite {
    /// Oldest first; the last one flows.
    pieces: VecDeque<Piece>,
    last: Option<Last>,
    picture: Wrapping<PICTURE_ID_BITS>,
    base: Wrapping<TL0_BITS>,
}

/// Where a subscriber's packet comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The publisher's stream.
    pub(crate) source: Ssrc,
    /// The number of the packet in it.
    pub(crate) sequence: u64,
    piece: usize,
    out: u64,
}

#[derive(Debug)]
struct Piece {
    source: Ssrc,
    first_in: u64,
    first_out: u64,
    timestamp_shift: u32,
    picture_shift: u16,
    base_shift: u16,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    sequence: u64,
    timestamp: u32,
    at: Instant,
}

impl Rewrite {
    /// Begins a new piece with `arrival`, right behind what was sent so far.
    pub(crate) fn splice(&mut self, arrival: &Arrival, source: Ssrc) {
        let (first_out, timestamp_shift) = match (self.pieces.back(), self.last) {
            (Some(old), Some(last)) if old.source == source => (last.sequence + 1, old.timestamp_shift),
            (_, Some(last)) => {
                let passed = arrival.at.saturating_duration_since(last.at).max(SHORTEST_FRAME);
                let ticks = (passed.as_micros() * u128::from(arrival.clock) / 1_000_000) as u32;
                (last.sequence + 1, last.timestamp.wrapping_add(ticks).wrapping_sub(arrival.timestamp))
            }
            _ => (FIRST_SEQUENCE, 0),
        };
        let timestamp = arrival.timestamp.wrapping_add(timestamp_shift);
        self.last = Some(Last { sequence: first_out, timestamp, at: arrival.at });
        if let Some(counters) = arrival.vp8.map(|vp8| vp8.counters()) {
            counters.picture.into_iter().for_each(|id| self.picture.splice(id));
            counters.base.into_iter().for_each(|id| self.base.splice(u16::from(id)));
        }
        if self.pieces.len() == MOST_PIECES {
            self.pieces.pop_front();
        }
        self.pieces.push_back(Piece {
            source,
            first_in: arrival.sequence,
            first_out,
            timestamp_shift,
            picture_shift: self.picture.shift,
            base_shift: self.base.shift,
        });
    }

    /// The numbers for a packet of the current piece; `None` for a straggler from before it began.
    pub(crate) fn number(&mut self, arrival: &Arrival) -> Option<Numbers> {
        let (piece, last) = (self.pieces.back()?, self.last.as_mut()?);
        let sequence = arrival.sequence.checked_sub(piece.first_in)? + piece.first_out;
        let numbers = piece.shift(sequence, arrival.timestamp, arrival.vp8);
        if sequence >= last.sequence {
            *last = Last { sequence, timestamp: numbers.timestamp, at: arrival.at };
        }
        if let Some(counters) = numbers.vp8.or_else(|| arrival.vp8.map(|vp8| vp8.counters())) {
            counters.picture.into_iter().for_each(|id| self.picture.note(id));
            counters.base.into_iter().for_each(|id| self.base.note(u16::from(id)));
        }
        Some(numbers)
    }

    /// Which packet was sent under the number that ends in `sequence`, as far as the last pieces tell.
    pub(crate) fn origin(&self, sequence: u16) -> Option<Origin> {
        let last = self.last?.sequence;
        let behind = (last as u16).wrapping_sub(sequence);
        let out = last.checked_sub(u64::from(behind))?;
        let (piece, found) = self.pieces.iter().enumerate().rfind(|(_, piece)| piece.first_out <= out)?;
        Some(Origin { source: found.source, sequence: out - found.first_out + found.first_in, piece, out })
    }

    /// The numbers under which it was sent. To be asked before anything else happens to the stream.
    pub(crate) fn renumber(&self, origin: &Origin, timestamp: u32, vp8: Option<Vp8>) -> Option<Numbers> {
        Some(self.pieces.get(origin.piece)?.shift(origin.out, timestamp, vp8))
    }

    /// The publisher's stream that flows, and how far its timestamps are shifted.
    pub(crate) fn clock(&self) -> Option<(Ssrc, u32)> {
        self.pieces.back().map(|piece| (piece.source, piece.timestamp_shift))
    }
}

impl Piece {
    fn shift(&self, sequence: u64, timestamp: u32, vp8: Option<Vp8>) -> Numbers {
        let changed = |vp8: Vp8| {
            let came = vp8.counters();
            let picture = came.picture.map(|id| Wrapping::<PICTURE_ID_BITS>::add(id, self.picture_shift));
            let base = came.base.map(|id| Wrapping::<TL0_BITS>::add(id.into(), self.base_shift) as u8);
            let leaves = Counters { picture, base };
            (leaves != came).then_some(leaves)
        };
        Numbers { sequence, timestamp: timestamp.wrapping_add(self.timestamp_shift), vp8: vp8.and_then(changed) }
    }
}

/// A counter of `BITS` bits which is shifted so that its pieces join.
#[derive(Debug, Default)]
struct Wrapping<const BITS: u32> {
    shift: u16,
    last: Option<u16>,
}

impl<const BITS: u32> Wrapping<BITS> {
    const MASK: u16 = (1 << BITS) - 1;

    fn splice(&mut self, first: u16) {
        if let Some(last) = self.last {
            self.shift = last.wrapping_add(1).wrapping_sub(first) & Self::MASK;
        }
    }

    fn add(value: u16, shift: u16) -> u16 {
        value.wrapping_add(shift) & Self::MASK
    }

    fn note(&mut self, out: u16) {
        let ahead = |last: u16| out.wrapping_sub(last) & Self::MASK <= Self::MASK / 2;
        if self.last.is_none_or(ahead) {
            self.last = Some(out);
        }
    }
}

/// Where a stream begins: below 65,536, since a receiver assumes no rollover yet, and not so low that a packet which
/// overtook the first one looks like the end of the number space.
const FIRST_SEQUENCE: u64 = 1000;
/// Between two layers' pictures at least this much is shown to pass, or they would look like one picture.
const SHORTEST_FRAME: Duration = Duration::from_millis(10);
/// RFC 7741, section 4.2: the long form of the picture id.
const PICTURE_ID_BITS: u32 = 15;
/// RFC 7741, section 4.2: TL0PICIDX.
const TL0_BITS: u32 = 8;
/// Pieces that are remembered. One lasts a second at least, since layers change at keyframes, and nothing is sent again
/// after more than a few seconds.
const MOST_PIECES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn arrival(at: Instant, sequence: u64, timestamp: u32) -> Arrival {
        Arrival { sequence, timestamp, at, clock: 90_000, vp8: None }
    }

    #[test]
    fn layers_join_without_a_seam() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let (low, high) = (Ssrc::from(1), Ssrc::from(2));
        rewrite.splice(&arrival(now, 70_000, 500), low);
        assert_eq!(rewrite.number(&arrival(now, 70_000, 500)).unwrap().sequence, 1000);
        let last = rewrite.number(&arrival(now, 70_003, 3500)).unwrap();
        assert_eq!((last.sequence, last.timestamp), (1003, 3500));

        let later = now + Duration::from_millis(100);
        let key = arrival(later, 12, u32::MAX - 10);
        rewrite.splice(&key, high);
        let first = rewrite.number(&key).unwrap();
        assert_eq!((first.sequence, first.timestamp), (1004, 3500 + 9000));
        let next = rewrite.number(&arrival(later, 14, 2990)).unwrap();
        assert_eq!((next.sequence, next.timestamp), (1006, 3500 + 9000 + 3001));
        assert_eq!(rewrite.number(&arrival(later, 11, 2990)), None, "a straggler from before the keyframe");
        assert_eq!(rewrite.number(&arrival(later, 13, u32::MAX - 10)).unwrap().sequence, 1005);
    }

    #[test]
    fn a_pause_of_the_same_source_keeps_its_clock() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let source = Ssrc::from(1);
        rewrite.splice(&arrival(now, 5, 100), source);
        rewrite.number(&arrival(now, 5, 100));
        let resumed = arrival(now + Duration::from_secs(10), 500, 900_100);
        rewrite.splice(&resumed, source);
        let first = rewrite.number(&resumed).unwrap();
        assert_eq!((first.sequence, first.timestamp), (1001, 900_100));
    }

    fn vp8(picture: u16, base: u8) -> Option<Vp8> {
        let [high, low] = picture.to_be_bytes();
        Vp8::read(&[0x90, 0xe0, 0x80 | high, low, base, 0x20, 0x00])
    }

    #[test]
    fn picture_ids_count_on_over_a_switch() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let with = |sequence, vp8| Arrival { vp8, ..arrival(now, sequence, 0) };
        let first = with(1, vp8(0x7ffe, 254));
        rewrite.splice(&first, 1.into());
        assert_eq!(rewrite.number(&first).unwrap().vp8, None, "nothing to change in the first piece");
        rewrite.number(&with(2, vp8(0x7fff, 255)));

        let key = with(90, vp8(300, 7));
        rewrite.splice(&key, 2.into());
        let counters = |picture, base| Some(Counters { picture: Some(picture), base: Some(base) });
        assert_eq!(rewrite.number(&key).unwrap().vp8, counters(0, 0));
        assert_eq!(rewrite.number(&with(91, vp8(301, 8))).unwrap().vp8, counters(1, 1));
    }

    #[test]
    fn what_was_sent_is_found_again_under_its_number() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let mut sent = Vec::new();
        for piece in 0..12_u64 {
            for place in 0..20 {
                let (sequence, at) = (7000 * piece + place, now + Duration::from_millis(30 * (20 * piece + place)));
                let source = Ssrc::from(1 + piece as u32 % 3);
                let packet = Arrival { vp8: vp8((90 * piece + place) as u16, place as u8), ..arrival(at, sequence, 5) };
                if place == 0 {
                    rewrite.splice(&packet, source);
                }
                sent.push((source, packet, rewrite.number(&packet).unwrap()));
            }
        }
        let forgotten = 20 * (12 - MOST_PIECES);
        for (place, (source, packet, numbers)) in sent.into_iter().enumerate() {
            let origin = rewrite.origin(numbers.sequence as u16);
            let Some(origin) = origin.filter(|_| place >= forgotten) else {
                assert!(place < forgotten && origin.is_none());
                continue;
            };
            assert_eq!((origin.source, origin.sequence), (source, packet.sequence));
            assert_eq!(rewrite.renumber(&origin, packet.timestamp, packet.vp8), Some(numbers));
        }
        assert_eq!(rewrite.origin(999), None);
        assert_eq!(rewrite.origin(1240), None, "this one is still to come");
    }
}
