//! The last packets of one published layer, in the clear, for whoever has to be sent one again.
//!
//! One for all subscribers of the layer: what each of them saw differs by numbers only, and those are computed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use str0m::{media::Pt, rtp::Ssrc};

use super::header::Marks;
use crate::forward::{counters::Places, red::Red, rewrite::Arrival};

/// A packet as its publisher sent it.
#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) source: Ssrc,
    /// Sequence number with rollovers.
    pub(crate) sequence: u64,
    pub(crate) timestamp: u32,
    pub(crate) marker: bool,
    /// The publisher's number for the codec.
    pub(crate) format: Pt,
    /// Where its parts are, when it carries copies of earlier sound too.
    pub(crate) red: Option<Red>,
    pub(crate) payload: Arc<[u8]>,
    /// The payload's counters.
    pub(crate) places: Option<Places>,
    pub(crate) marks: Marks,
    /// When it arrived.
    pub(crate) at: Instant,
}

impl Packet {
    /// The piece of sound that it is for, without copies of others.
    pub(crate) fn sound(&self) -> &[u8] {
        self.red.map_or(&self.payload, |red| red.newest(&self.payload))
    }

    /// The numbers of those that it brings copies of.
    pub(crate) fn copies(&self) -> impl Iterator<Item = u64> {
        let count = self.red.map_or(0, |red| red.count());
        self.sequence.saturating_sub(count)..self.sequence
    }

    /// The numbers it came with; its timestamp counts `clock` ticks in a second.
    pub(crate) fn arrival(&self, clock: u32) -> Arrival {
        let Self { sequence, timestamp, marker, at, places, .. } = *self;
        Arrival { sequence, timestamp, marker, at, clock, places }
    }
}

/// A ring of packets, at the places of their sequence numbers.
#[derive(Debug, Default)]
pub(crate) struct History {
    ring: Vec<Option<Packet>>,
}

impl History {
    /// Keeps a packet in place of the one that was here a ring ago.
    pub(crate) fn keep(&mut self, packet: Packet) {
        if self.ring.is_empty() {
            self.ring.resize_with(LENGTH, || None);
        }
        let place = Self::place(packet.sequence);
        self.ring[place] = Some(packet);
    }

    /// Packet `sequence` of `source`, unless it is too old to help.
    pub(crate) fn find(&self, now: Instant, source: Ssrc, sequence: u64) -> Option<&Packet> {
        let packet = self.ring.get(Self::place(sequence))?.as_ref()?;
        let is_it = packet.source == source && packet.sequence == sequence;
        let helps = now.saturating_duration_since(packet.at) < TOO_LATE;
        (is_it && helps).then_some(packet)
    }

    fn place(sequence: u64) -> usize {
        (sequence % LENGTH as u64) as usize
    }
}

/// Two seconds of a good camera (260 packets each); with full packets 600 kB for a published layer, however many watch.
pub(crate) const LENGTH: usize = 512;
/// A receiver that waited so long has shown the next keyframe or gives up.
const TOO_LATE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    #[test]
    fn a_packet_is_found_until_its_place_is_taken_or_its_time_over() {
        let (mut history, now) = (History::default(), start());
        let packet = |sequence| Packet {
            source: 7.into(),
            sequence,
            timestamp: 0,
            marker: false,
            format: 96.into(),
            red: None,
            payload: Arc::new([sequence as u8]),
            places: None,
            marks: Marks::default(),
            at: now,
        };
        assert!(history.find(now, 7.into(), 5).is_none());
        (0..LENGTH as u64 + 10).for_each(|sequence| history.keep(packet(sequence)));
        assert!(history.find(now, 7.into(), 9).is_none());
        assert_eq!(*history.find(now, 7.into(), 10).unwrap().payload, [10]);
        assert!(history.find(now, 8.into(), 10).is_none(), "of another stream");
        assert!(history.find(now + TOO_LATE, 7.into(), 10).is_none());
    }
}
