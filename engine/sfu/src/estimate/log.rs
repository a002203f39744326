//! What was sent to a peer lately and not yet reported on. It judges nothing.

/// A ring of packets, at the places of their transport-wide numbers.
#[derive(Debug, Default)]
pub(super) struct Log {
    ring: Vec<Entry>,
    /// Whether reports come at all; without them all entries wait in vain.
    reported: bool,
}

/// 16 bytes.
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Microseconds.
    at: u64,
    bytes: u16,
    place: u16,
    fate: Fate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing was ever sent here.
    Unused,
    Awaited,
    /// Reported as missing; it may still turn up, since packets overtake each other.
    Missing,
    Arrived,
}

/// A packet of which the peer says for the first time that it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// When it was sent, in microseconds.
    pub(super) sent: u64,
    pub(super) bytes: u16,
    /// Whether it was reported as missing before.
    pub(super) missed: bool,
}

impl Log {
    /// Notes a packet that leaves at `now` (microseconds).
    pub(super) fn note(&mut self, now: u64, place: u16, bytes: usize) {
        let old = self.ring.get(self.slot(place)).copied();
        let waits = |old: Entry| old.fate == Fate::Awaited && now.saturating_sub(old.at) < WORTH_KEEPING;
        if self.ring.len() < self.bound() && old.is_none_or(waits) {
            self.grow();
        }
        let slot = self.slot(place);
        if let Some(entry) = self.ring.get_mut(slot) {
            *entry = Entry { at: now, bytes: u16::try_from(bytes).unwrap_or(u16::MAX), place, fate: Fate::Awaited };
        }
    }

    /// Notes that a packet arrived. `None` when it was never sent, is forgotten, or was reported before.
    pub(super) fn arrived(&mut self, place: u16) -> Option<Found> {
        self.reported = true;
        let entry = self.entry(place)?;
        let missed = match entry.fate {
            Fate::Awaited => false,
            Fate::Missing => true,
            Fate::Unused | Fate::Arrived => return None,
        };
        entry.fate = Fate::Arrived;
        Some(Found { sent: entry.at, bytes: entry.bytes, missed })
    }

    /// Notes that a packet did not arrive; whether that is news.
    pub(super) fn missed(&mut self, place: u16) -> bool {
        match self.entry(place) {
            Some(entry) if entry.fate == Fate::Awaited => {
                entry.fate = Fate::Missing;
                true
            }
            _ => false,
        }
    }

    /// A report about more packets than this cannot be honest.
    pub(super) fn most_reported(&self) -> usize {
        self.ring.len().max(REPEATED)
    }

    fn entry(&mut self, place: u16) -> Option<&mut Entry> {
        let slot = self.slot(place);
        self.ring.get_mut(slot).filter(|entry| entry.place == place)
    }

    /// The ring's length is a power of two.
    fn slot(&self, place: u16) -> usize {
        usize::from(place) & self.ring.len().wrapping_sub(1)
    }

    fn bound(&self) -> usize {
        if self.reported { LONGEST } else { UNREPORTED }
    }

    fn grow(&mut self) {
        let length = (2 * self.ring.len()).max(SHORTEST);
        let unused = Entry { at: 0, bytes: 0, place: 0, fate: Fate::Unused };
        let old = std::mem::replace(&mut self.ring, vec![unused; length]);
        for entry in old.into_iter().filter(|entry| entry.fate != Fate::Unused) {
            let slot = self.slot(entry.place);
            self.ring[slot] = entry;
        }
    }
}

/// 1 KiB: half a second of sound alone, or 200 ms of sound and a small picture.
const SHORTEST: usize = 64;
/// 4 KiB for a peer that has not reported yet: 200 ms of 12 Mbit/s, which is when the first report comes.
const UNREPORTED: usize = 256;
/// 128 KiB for a second on the way at 80 Mbit/s; beyond, the oldest are forgotten, and a report on them says nothing.
const LONGEST: usize = 8192;
/// Receivers repeat what they said of half a second when a late packet turns up: a thousand at 20 Mbit/s. The bound
/// keeps twenty bytes, which can speak of eight thousand packets, from being work.
const REPEATED: usize = 1024;
/// A packet sent longer ago (microseconds) makes way for a new one before the ring grows: its report is lost.
const WORTH_KEEPING: u64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_arrives_once_and_may_have_been_missed_before() {
        let mut log = Log::default();
        assert!(log.arrived(5).is_none() && !log.missed(5));
        log.note(1000, 5, 100);
        log.note(2000, 6, 70_000);
        assert_eq!(log.arrived(5), Some(Found { sent: 1000, bytes: 100, missed: false }));
        assert!(log.arrived(5).is_none() && !log.missed(5));
        assert!(log.missed(6) && !log.missed(6));
        assert_eq!(log.arrived(6), Some(Found { sent: 2000, bytes: u16::MAX, missed: true }));
        assert!(log.arrived(7).is_none() && log.arrived(6 + 64).is_none(), "another packet at the same slot");
    }

    #[test]
    fn it_grows_only_for_what_is_on_its_way() {
        let mut log = Log::default();
        for place in 0..2000 {
            log.note(0, place, 100);
        }
        assert_eq!(log.ring.len(), UNREPORTED, "nobody reports");
        for place in 2000..4000 {
            log.note(WORTH_KEEPING, place, 100);
            log.arrived(place);
        }
        assert_eq!(log.ring.len(), UNREPORTED, "reports come at once");
        for place in 4000..40_000 {
            log.note(2 * WORTH_KEEPING * u64::from(place), place, 100);
        }
        assert_eq!(log.ring.len(), UNREPORTED, "all reports are lost");
        (40_000..=65_535).chain(0..1000).for_each(|place| log.note(u64::MAX, place, 100));
        assert_eq!(log.ring.len(), LONGEST);
        assert!(log.arrived(65_535).is_some() && log.arrived(0).is_some() && log.arrived(999).is_some());
        assert!(log.arrived(50_000).is_none(), "forgotten");
        assert_eq!(size_of::<Entry>(), 16);
    }
}
