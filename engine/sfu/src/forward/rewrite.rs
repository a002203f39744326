//! Makes one continuous stream of the pieces which a subscriber is shown.
//!
//! Sequence numbers, timestamps and VP8's picture ids of a layer are its own; the subscriber must see none of the
//! seams. Each piece is shifted by constants that are fixed where it begins. Pure arithmetic.

use std::time::{Duration, Instant};

use str0m::rtp::{Ssrc, Vp8Descriptor, Vp8Patch};

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
    /// The payload descriptor, if it is VP8.
    pub(crate) vp8: Option<Vp8Descriptor>,
}

/// The numbers a packet leaves with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Numbers {
    /// Sequence number with rollovers.
    pub(crate) sequence: u64,
    /// RTP timestamp.
    pub(crate) timestamp: u32,
    /// Changes to the VP8 payload descriptor.
    pub(crate) vp8: Option<Vp8Patch>,
}

/// The shifts of the piece that flows, and where the stream stands.
#[derive(Debug, Default)]
pub(crate) struct Rewrite {
    piece: Option<Piece>,
    picture: Wrapping<PICTURE_ID_BITS>,
    base_picture: Wrapping<TL0_BITS>,
}

#[derive(Debug)]
struct Piece {
    source: Ssrc,
    first_in: u64,
    first_out: u64,
    timestamp_shift: u32,
    last_sequence: u64,
    last_timestamp: u32,
    last_at: Instant,
}

impl Rewrite {
    /// Begins a new piece with `arrival`, right behind what was sent so far.
    pub(crate) fn splice(&mut self, arrival: &Arrival, source: Ssrc) {
        let (first_out, timestamp_shift) = match &self.piece {
            None => (FIRST_SEQUENCE, 0),
            Some(old) if old.source == source => (old.last_sequence + 1, old.timestamp_shift),
            Some(old) => {
                let passed = arrival.at.saturating_duration_since(old.last_at).max(SHORTEST_FRAME);
                let ticks = (passed.as_micros() * u128::from(arrival.clock) / 1_000_000) as u32;
                (old.last_sequence + 1, old.last_timestamp.wrapping_add(ticks).wrapping_sub(arrival.timestamp))
            }
        };
        self.piece = Some(Piece {
            source,
            first_in: arrival.sequence,
            first_out,
            timestamp_shift,
            last_sequence: first_out,
            last_timestamp: arrival.timestamp.wrapping_add(timestamp_shift),
            last_at: arrival.at,
        });
        if let Some(vp8) = &arrival.vp8 {
            vp8.picture_id().into_iter().for_each(|id| self.picture.splice(id));
            vp8.tl0_pic_idx().into_iter().for_each(|id| self.base_picture.splice(u16::from(id)));
        }
    }

    /// The numbers for a packet of the current piece; `None` for a straggler from before it began.
    pub(crate) fn number(&mut self, arrival: &Arrival) -> Option<Numbers> {
        let piece = self.piece.as_mut()?;
        let sequence = arrival.sequence.checked_sub(piece.first_in)? + piece.first_out;
        let timestamp = arrival.timestamp.wrapping_add(piece.timestamp_shift);
        if sequence >= piece.last_sequence {
            piece.last_sequence = sequence;
            piece.last_timestamp = timestamp;
            piece.last_at = arrival.at;
        }
        let vp8 = arrival.vp8.and_then(|descriptor| self.patch(&descriptor));
        Some(Numbers { sequence, timestamp, vp8 })
    }

    fn patch(&mut self, descriptor: &Vp8Descriptor) -> Option<Vp8Patch> {
        let picture = descriptor.picture_id().map(|id| self.picture.shift(id));
        let base = descriptor.tl0_pic_idx().map(|id| self.base_picture.shift(u16::from(id)));
        if picture == descriptor.picture_id() && base == descriptor.tl0_pic_idx().map(u16::from) {
            return None;
        }
        let build = |picture: Option<u16>| {
            let mut patch = descriptor.patch();
            if let Some(id) = picture {
                patch = patch.picture_id(id);
            }
            if let Some(id) = base {
                patch = patch.tl0_pic_idx(id as u8);
            }
            patch.build().ok()
        };
        // A picture id of seven bits cannot hold more: it wraps earlier.
        build(picture).or_else(|| build(picture.map(|id| id & SHORT_PICTURE_ID)))
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

    fn shift(&mut self, value: u16) -> u16 {
        let out = value.wrapping_add(self.shift) & Self::MASK;
        let ahead = |last: u16| out.wrapping_sub(last) & Self::MASK <= Self::MASK / 2;
        if self.last.is_none_or(ahead) {
            self.last = Some(out);
        }
        out
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
/// RFC 7741, section 4.2: the short form of the picture id.
const SHORT_PICTURE_ID: u16 = 0x7f;

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

    fn vp8(picture: u16, base: u8) -> ([u8; 7], Vp8Descriptor) {
        let [high, low] = picture.to_be_bytes();
        let payload = [0x90, 0xe0, 0x80 | high, low, base, 0x20, 0x00];
        (payload, Vp8Descriptor::parse(&payload).unwrap())
    }

    #[test]
    fn picture_ids_count_on_over_a_switch() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let with = |sequence, (_, descriptor): ([u8; 7], Vp8Descriptor)| Arrival {
            vp8: Some(descriptor),
            ..arrival(now, sequence, 0)
        };
        let first = with(1, vp8(0x7ffe, 254));
        rewrite.splice(&first, 1.into());
        assert_eq!(rewrite.number(&first).unwrap().vp8, None, "nothing to change in the first piece");
        rewrite.number(&with(2, vp8(0x7fff, 255)));

        let key = with(90, vp8(300, 7));
        rewrite.splice(&key, 2.into());
        let patch = rewrite.number(&key).unwrap().vp8;
        let (_, expected) = vp8(300, 7);
        assert_eq!(patch, expected.patch().picture_id(0).tl0_pic_idx(0).build().ok());
        let patch = rewrite.number(&with(91, vp8(301, 8))).unwrap().vp8;
        assert_eq!(patch, vp8(301, 8).1.patch().picture_id(1).tl0_pic_idx(1).build().ok());
    }
}
