//! Makes one continuous stream of the pieces which a subscriber is shown, and finds them again.
//!
//! Sequence numbers, timestamps and picture counters of a layer are its own; the subscriber must see none of the seams,
//! and no gap where something was left out on purpose. Timestamps and counters of a piece are shifted by constants that
//! are fixed where it begins, and so are sequence numbers, while nothing is left out: then the last few pieces are all
//! it takes to say which packet of the publisher was sent under a number. From the first packet on that is left out, the
//! latest numbers are remembered as well, each with its packet.
//!
//! What has not come keeps a number free, for nobody knows whether it will be wanted. When it comes and is not, the
//! number is used up by an empty packet, so that the receiver does not wait for it.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use str0m::rtp::Ssrc;

use super::{
    counters::{Counters, Places},
    select::Choice,
};

/// The numbers a packet came with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    /// Sequence number with rollovers.
    pub(crate) sequence: u64,
    /// RTP timestamp.
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    /// When it arrived.
    pub(crate) at: Instant,
    /// Ticks of the timestamp in a second.
    pub(crate) clock: u32,
    /// The payload's counters.
    pub(crate) places: Option<Places>,
}

/// The numbers a packet leaves with.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Numbers {
    /// Sequence number with rollovers.
    pub(crate) sequence: u64,
    /// RTP timestamp.
    pub(crate) timestamp: u32,
    /// Whether the picture ends with it.
    pub(crate) marker: bool,
    /// The payload's counters, if they change.
    pub(crate) counters: Option<Counters>,
    /// The decode targets which the dependency descriptor is to name, if they change.
    pub(crate) active: Option<u32>,
    /// Whether the packet leaves without its payload, only to use its number up.
    pub(crate) empty: bool,
}

/// What becomes of a packet of the piece that flows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Placed {
    /// It leaves under these numbers; without its payload, if they say so.
    Send(Numbers),
    /// It does not.
    Out,
}

/// The shifts of the piece that flows and of some before it, and where the stream stands.
#[derive(Debug, Default)]
pub(crate) struct Rewrite {
    /// Oldest first; the last one flows.
    pieces: VecDeque<Piece>,
    last: Option<Last>,
    /// What has a lower number is not sent again.
    floor: u64,
    /// The latest numbers, each at its place modulo the length. Empty until something was left out.
    sent: Vec<Sent>,
    picture_shift: u16,
    picture: Option<u16>,
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
    sent: Sent,
}

#[derive(Debug)]
struct Piece {
    source: Ssrc,
    first_in: u64,
    first_out: u64,
    /// Behind the last packet that came of it; of the one that flows, [`Last`] says so.
    end_in: u64,
    timestamp_shift: u32,
    picture_shift: u16,
    base_shift: u16,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    next_in: u64,
    next_out: u64,
    timestamp: u32,
    at: Instant,
}

/// A number that was sent, or is kept free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sent {
    /// The end of the packet's number in the publisher's stream, and two flags.
    packet: u32,
    picture_shift: u16,
}

impl Rewrite {
    /// Begins a new piece with `arrival`, right behind what was sent so far.
    pub(crate) fn splice(&mut self, arrival: &Arrival, source: Ssrc) {
        let (first_out, timestamp_shift) = match (self.pieces.back_mut(), self.last) {
            (Some(old), Some(last)) => {
                old.end_in = last.next_in;
                if old.source == source {
                    (last.next_out, old.timestamp_shift)
                } else {
                    let passed = arrival.at.saturating_duration_since(last.at).max(SHORTEST_FRAME);
                    let ticks = (passed.as_micros() * u128::from(arrival.clock) / 1_000_000) as u32;
                    (last.next_out, last.timestamp.wrapping_add(ticks).wrapping_sub(arrival.timestamp))
                }
            }
            _ => (FIRST_SEQUENCE, 0),
        };
        let timestamp = arrival.timestamp.wrapping_add(timestamp_shift);
        self.last = Some(Last { next_in: arrival.sequence, next_out: first_out, timestamp, at: arrival.at });
        if let Some(counters) = arrival.places.map(|places| places.counters()) {
            if let (Some(last), Some(first)) = (self.picture, counters.picture) {
                self.picture_shift = last.wrapping_add(1).wrapping_sub(first) & PICTURE_ID_MASK;
            }
            counters.base.into_iter().for_each(|id| self.base.splice(u16::from(id)));
        }
        if self.pieces.len() == MOST_PIECES {
            self.pieces.pop_front();
        }
        self.pieces.push_back(Piece {
            source,
            first_in: arrival.sequence,
            first_out,
            end_in: arrival.sequence,
            timestamp_shift,
            picture_shift: self.picture_shift,
            base_shift: self.base.shift,
        });
    }

    /// Whether later packets of the same stream were passed on, with nothing of another behind them.
    pub(crate) fn is_past(&self, arrival: &Arrival, source: Ssrc) -> bool {
        let last = self.pieces.back().filter(|piece| piece.source == source).zip(self.last);
        last.is_some_and(|(_, last)| arrival.sequence < last.next_in)
    }

    /// Numbers a packet of the current piece, or leaves it out. A straggler from before the piece began is left out.
    pub(crate) fn place(&mut self, arrival: &Arrival, choice: &Choice) -> Placed {
        let Some((last, piece)) = self.last.zip(self.pieces.back()) else {
            return Placed::Out;
        };
        if arrival.sequence < piece.first_in {
            return Placed::Out;
        }
        let marker = arrival.marker || choice.last;
        let Some(skipped) = arrival.sequence.checked_sub(last.next_in) else {
            return self.place_late(arrival, choice, marker);
        };
        self.keep_free(skipped);
        if !choice.wanted {
            self.remember();
            self.advance(arrival.sequence + 1, 0);
            if choice.fresh && arrival.places.is_some_and(|places| places.closes_up()) {
                self.picture_shift = self.picture_shift.wrapping_sub(1) & PICTURE_ID_MASK;
            }
            return Placed::Out;
        }
        let out = last.next_out + skipped;
        if marker != arrival.marker {
            self.remember();
        }
        let sent = Sent::new(arrival.sequence, self.picture_shift).flagged(MARKER, marker != arrival.marker);
        self.note(out, sent);
        self.advance(arrival.sequence + 1, 1);
        let numbers = self.numbers(self.pieces.len() - 1, out, sent, arrival);
        let Some(numbers) = numbers else {
            return Placed::Out;
        };
        if let Some(last) = &mut self.last {
            (last.timestamp, last.at) = (numbers.timestamp, arrival.at);
        }
        if let Some(counters) = numbers.counters.or_else(|| arrival.places.map(|places| places.counters())) {
            if let Some(came) = arrival.places.and_then(|places| places.counters().picture) {
                self.picture = Some(came.wrapping_add(self.picture_shift) & PICTURE_ID_MASK);
            }
            counters.base.into_iter().for_each(|id| self.base.note(u16::from(id)));
        }
        Placed::Send(numbers)
    }

    /// Notes that number `out` was used up by an empty packet.
    pub(crate) fn emptied(&mut self, out: u64) {
        self.remember();
        if self.is_forgotten(out) {
            return;
        }
        let place = Self::place_of(out);
        if let Some(sent) = self.sent.get_mut(place) {
            *sent = sent.flagged(EMPTY, true);
        }
    }

    /// Which packet was sent under the number that ends in `sequence`, as far as that is known.
    pub(crate) fn origin(&self, sequence: u16) -> Option<Origin> {
        let last = self.last?.next_out.checked_sub(1)?;
        let behind = u64::from((last as u16).wrapping_sub(sequence));
        let out = last.checked_sub(behind).filter(|out| *out >= self.floor)?;
        let (piece, found) = self.pieces.iter().enumerate().rfind(|(_, piece)| piece.first_out <= out)?;
        if self.sent.is_empty() {
            let sequence = out - found.first_out + found.first_in;
            let sent = Sent::new(sequence, found.picture_shift);
            return Some(Origin { source: found.source, sequence, piece, out, sent });
        }
        let sent = (behind < LENGTH as u64).then(|| self.sent.get(Self::place_of(out)).copied())??;
        Some(Origin { source: found.source, sequence: sent.sequence(self.end_of(piece)), piece, out, sent })
    }

    /// Gives up what has its number and did not leave: nothing up to here is sent again.
    pub(crate) fn give_up(&mut self) {
        self.floor = self.last.map_or(0, |last| last.next_out);
    }

    /// The numbers under which it was sent. To be asked before anything else happens to the stream.
    pub(crate) fn renumber(&self, origin: &Origin, arrival: &Arrival) -> Option<Numbers> {
        self.numbers(origin.piece, origin.out, origin.sent, arrival)
    }

    /// The publisher's stream that flows, and how far its timestamps are shifted.
    pub(crate) fn clock(&self) -> Option<(Ssrc, u32)> {
        self.pieces.back().map(|piece| (piece.source, piece.timestamp_shift))
    }

    /// Finds the number that was kept free for a packet.
    fn place_late(&mut self, arrival: &Arrival, choice: &Choice, marker: bool) -> Placed {
        let Some((out, sent)) = self.kept_free(arrival.sequence) else {
            return Placed::Out; // it was left out, or is too late
        };
        let marked = choice.wanted && marker != arrival.marker;
        let sent = sent.flagged(MARKER, marked).flagged(EMPTY, !choice.wanted);
        if marked {
            self.remember();
            self.note(out, sent);
        }
        // That a number was used up by an empty packet is noted when it left: the packet may have been sent before.
        let Some(numbers) = self.numbers(self.pieces.len() - 1, out, sent, arrival) else {
            return Placed::Out;
        };
        if let Some(last) = self.last.as_mut().filter(|last| {
            let ahead = numbers.timestamp.wrapping_sub(last.timestamp);
            choice.wanted && ahead <= u32::MAX / 2
        }) {
            last.timestamp = numbers.timestamp; // what came behind it was left out
        }
        Placed::Send(numbers)
    }

    fn kept_free(&self, sequence: u64) -> Option<(u64, Sent)> {
        let (last, piece) = self.last.zip(self.pieces.back())?;
        if self.sent.is_empty() {
            let out = sequence.checked_sub(piece.first_in)? + piece.first_out;
            return (!self.is_forgotten(out)).then(|| (out, Sent::new(sequence, piece.picture_shift)));
        }
        // Numbers grow with those of the packets.
        let (mut from, mut to) = (piece.first_out.max(last.next_out.saturating_sub(LENGTH as u64)), last.next_out);
        while from < to {
            let middle = from + (to - from) / 2;
            let sent = *self.sent.get(Self::place_of(middle))?;
            match sent.sequence(last.next_in).cmp(&sequence) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Equal => return Some((middle, sent)),
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        None
    }

    /// Keeps numbers free for packets that have not come.
    fn keep_free(&mut self, packets: u64) {
        let Some(last) = self.last else {
            return;
        };
        for packet in packets.saturating_sub(LENGTH as u64)..packets {
            self.note(last.next_out + packet, Sent::new(last.next_in + packet, self.picture_shift));
        }
        self.advance(last.next_in + packets, packets);
    }

    fn advance(&mut self, next_in: u64, numbers: u64) {
        if let Some(last) = &mut self.last {
            (last.next_in, last.next_out) = (next_in, last.next_out + numbers);
        }
    }

    fn note(&mut self, out: u64, sent: Sent) {
        if let Some(place) = self.sent.get_mut(Self::place_of(out)) {
            *place = sent;
        }
    }

    /// Begins to remember numbers, from those on that are computed until now.
    fn remember(&mut self) {
        let Some(last) = self.last.filter(|_| self.sent.is_empty()) else {
            return;
        };
        let mut sent = vec![Sent::default(); LENGTH];
        for out in last.next_out.saturating_sub(LENGTH as u64)..last.next_out {
            if let Some(piece) = self.pieces.iter().rfind(|piece| piece.first_out <= out) {
                sent[Self::place_of(out)] = Sent::new(out - piece.first_out + piece.first_in, piece.picture_shift);
            }
        }
        self.sent = sent;
    }

    /// Behind the last packet that came of a piece.
    fn end_of(&self, piece: usize) -> u64 {
        let flows = piece + 1 == self.pieces.len();
        let end = self.pieces.get(piece).map(|piece| piece.end_in);
        self.last.filter(|_| flows).map(|last| last.next_in).or(end).unwrap_or(0)
    }

    fn numbers(&self, piece: usize, out: u64, sent: Sent, arrival: &Arrival) -> Option<Numbers> {
        let piece = self.pieces.get(piece)?;
        let changed = |places: Places| {
            let came = places.counters();
            let picture = came.picture.map(|id| id.wrapping_add(sent.picture_shift) & PICTURE_ID_MASK);
            let base = came.base.map(|id| Wrapping::<TL0_BITS>::add(id.into(), piece.base_shift) as u8);
            let leaves = Counters { picture, base };
            (leaves != came).then_some(leaves)
        };
        let empty = sent.has(EMPTY);
        Some(Numbers {
            sequence: out,
            timestamp: arrival.timestamp.wrapping_add(piece.timestamp_shift),
            marker: !empty && (arrival.marker || sent.has(MARKER)),
            counters: arrival.places.filter(|_| !empty).and_then(changed),
            active: None,
            empty,
        })
    }

    fn is_forgotten(&self, out: u64) -> bool {
        self.last.is_none_or(|last| last.next_out.saturating_sub(out) > LENGTH as u64)
    }

    fn place_of(out: u64) -> usize {
        (out % LENGTH as u64) as usize
    }
}

impl Sent {
    fn new(sequence: u64, picture_shift: u16) -> Self {
        Self { packet: sequence as u32 & PACKET_MASK, picture_shift }
    }

    fn flagged(self, flag: u32, set: bool) -> Self {
        Self { packet: if set { self.packet | flag } else { self.packet & !flag }, ..self }
    }

    fn has(self, flag: u32) -> bool {
        self.packet & flag != 0
    }

    /// The whole number, of which `end` is not far behind.
    fn sequence(self, end: u64) -> u64 {
        let behind = (end as u32).wrapping_sub(self.packet) & PACKET_MASK;
        end.saturating_sub(behind.into())
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
/// RFC 7741 and RFC 9628, section 4.2: the long form of the picture id. A short one is the end of it.
const PICTURE_ID_MASK: u16 = 0x7fff;
/// RFC 7741 and RFC 9628, section 4.2: TL0PICIDX.
const TL0_BITS: u32 = 8;
/// Numbers that are remembered, with 8 bytes each: as many as the packets that can be sent again.
const LENGTH: usize = 512;
/// The part of a packet's number that is remembered: more than a stream sends in a month.
const PACKET_MASK: u32 = (1 << 30) - 1;
/// The number was used up by an empty packet.
const EMPTY: u32 = 1 << 31;
/// The packet got a marker.
const MARKER: u32 = 1 << 30;
/// Pieces that are remembered. One lasts a second at least, since layers change at keyframes, and nothing is sent again
/// after more than a few seconds.
const MOST_PIECES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{forward::vp8::Vp8, testing::start};

    fn arrival(at: Instant, sequence: u64, timestamp: u32) -> Arrival {
        Arrival { sequence, timestamp, marker: false, at, clock: 90_000, places: None }
    }

    const WANTED: Choice = Choice { wanted: true, last: false, awaits: false, fresh: true };
    const LEFT_OUT: Choice = Choice { wanted: false, ..WANTED };

    fn number(rewrite: &mut Rewrite, arrival: &Arrival) -> Option<Numbers> {
        match rewrite.place(arrival, &WANTED) {
            Placed::Send(numbers) => Some(numbers),
            Placed::Out => None,
        }
    }

    #[test]
    fn layers_join_without_a_seam() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let (low, high) = (Ssrc::from(1), Ssrc::from(2));
        rewrite.splice(&arrival(now, 70_000, 500), low);
        assert_eq!(number(&mut rewrite, &arrival(now, 70_000, 500)).unwrap().sequence, 1000);
        let last = number(&mut rewrite, &arrival(now, 70_003, 3500)).unwrap();
        assert_eq!((last.sequence, last.timestamp), (1003, 3500));

        let later = now + Duration::from_millis(100);
        let key = arrival(later, 12, u32::MAX - 10);
        rewrite.splice(&key, high);
        let first = number(&mut rewrite, &key).unwrap();
        assert_eq!((first.sequence, first.timestamp), (1004, 3500 + 9000));
        let next = number(&mut rewrite, &arrival(later, 14, 2990)).unwrap();
        assert_eq!((next.sequence, next.timestamp), (1006, 3500 + 9000 + 3001));
        assert_eq!(number(&mut rewrite, &arrival(later, 11, 2990)), None, "a straggler from before the keyframe");
        assert_eq!(number(&mut rewrite, &arrival(later, 13, u32::MAX - 10)).unwrap().sequence, 1005);
    }

    #[test]
    fn a_pause_of_the_same_source_keeps_its_clock() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let source = Ssrc::from(1);
        rewrite.splice(&arrival(now, 5, 100), source);
        number(&mut rewrite, &arrival(now, 5, 100));
        let resumed = arrival(now + Duration::from_secs(10), 500, 900_100);
        rewrite.splice(&resumed, source);
        let first = number(&mut rewrite, &resumed).unwrap();
        assert_eq!((first.sequence, first.timestamp), (1001, 900_100));
    }

    fn vp8(picture: u16, base: u8) -> Option<Places> {
        let [high, low] = picture.to_be_bytes();
        Vp8::read(&[0x90, 0xe0, 0x80 | high, low, base, 0x20, 0x00]).map(|vp8| vp8.places)
    }

    #[test]
    fn picture_ids_count_on_over_a_switch() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let with = |sequence, places| Arrival { places, ..arrival(now, sequence, 0) };
        let first = with(1, vp8(0x7ffe, 254));
        rewrite.splice(&first, 1.into());
        assert_eq!(number(&mut rewrite, &first).unwrap().counters, None, "nothing to change in the first piece");
        number(&mut rewrite, &with(2, vp8(0x7fff, 255)));

        let key = with(90, vp8(300, 7));
        rewrite.splice(&key, 2.into());
        let counters = |picture, base| Some(Counters { picture: Some(picture), base: Some(base) });
        assert_eq!(number(&mut rewrite, &key).unwrap().counters, counters(0, 0));
        assert_eq!(number(&mut rewrite, &with(91, vp8(301, 8))).unwrap().counters, counters(1, 1));
    }

    #[test]
    fn what_was_sent_is_found_again_under_its_number() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let mut sent = Vec::new();
        for piece in 0..12_u64 {
            for place in 0..20 {
                let (sequence, at) = (7000 * piece + place, now + Duration::from_millis(30 * (20 * piece + place)));
                let source = Ssrc::from(1 + piece as u32 % 3);
                let packet =
                    Arrival { places: vp8((90 * piece + place) as u16, place as u8), ..arrival(at, sequence, 5) };
                if place == 0 {
                    rewrite.splice(&packet, source);
                }
                sent.push((source, packet, number(&mut rewrite, &packet).unwrap()));
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
            assert_eq!(rewrite.renumber(&origin, &packet), Some(numbers));
        }
        assert_eq!(rewrite.origin(999), None);
        assert_eq!(rewrite.origin(1240), None, "this one is still to come");
    }

    #[test]
    fn what_is_left_out_leaves_no_gap() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        rewrite.splice(&arrival(now, 50, 0), 1.into());
        let mut out = Vec::new();
        for sequence in 50..60 {
            let choice = if sequence % 3 == 0 { LEFT_OUT } else { WANTED };
            if let Placed::Send(numbers) = rewrite.place(&arrival(now, sequence, 0), &choice) {
                out.push((sequence, numbers.sequence));
            }
        }
        assert_eq!(out, [(50, 1000), (52, 1001), (53, 1002), (55, 1003), (56, 1004), (58, 1005), (59, 1006)]);
        for (sequence, number) in out {
            assert_eq!(rewrite.origin(number as u16).unwrap().sequence, sequence);
        }
    }

    #[test]
    fn what_comes_late_and_is_not_wanted_leaves_empty() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let packet = |sequence| arrival(now, sequence, 0);
        rewrite.splice(&packet(50), 1.into());
        number(&mut rewrite, &packet(50));
        assert_eq!(number(&mut rewrite, &packet(53)).unwrap().sequence, 1003);
        assert_eq!(number(&mut rewrite, &packet(52)).unwrap().sequence, 1002);
        let Placed::Send(empty) = rewrite.place(&packet(51), &LEFT_OUT) else { panic!("its number has to be used") };
        assert_eq!((empty.sequence, empty.empty), (1001, true));
        rewrite.emptied(1001);
        let origin = rewrite.origin(1001).unwrap();
        assert!(rewrite.renumber(&origin, &packet(51)).unwrap().empty, "sent again as it was sent");
        let origin = rewrite.origin(1002).unwrap();
        assert!(!rewrite.renumber(&origin, &packet(52)).unwrap().empty);
    }

    #[test]
    fn picture_ids_close_up_over_what_is_left_out() {
        let (mut rewrite, now) = (Rewrite::default(), start());
        let with = |sequence, picture| Arrival { places: vp8(picture, 0), ..arrival(now, sequence, 0) };
        rewrite.splice(&with(1, 0x7ffe), 1.into());
        let pictures: Vec<_> = (0..6_u16)
            .filter_map(|place| {
                let packet = with(1 + u64::from(place), 0x7ffe_u16.wrapping_add(place) & 0x7fff);
                let choice = if place % 2 == 1 { LEFT_OUT } else { WANTED };
                let Placed::Send(numbers) = rewrite.place(&packet, &choice) else { return None };
                numbers.counters.or(packet.places.map(|places| places.counters())).unwrap().picture
            })
            .collect();
        assert_eq!(pictures, [0x7ffe, 0x7fff, 0]);
        let other = with(900, 5);
        rewrite.splice(&other, 2.into());
        assert_eq!(number(&mut rewrite, &other).unwrap().counters.unwrap().picture, Some(1));
        let origin = rewrite.origin(1001).unwrap();
        let again = rewrite.renumber(&origin, &with(3, 0)).unwrap().counters.unwrap();
        assert_eq!((origin.sequence, again.picture), (3, Some(0x7fff)), "under its own id");
    }
}
