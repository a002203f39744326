//! What all streams to one peer share: the keys, the way, what waits to leave, the count of everything.

use std::time::{Duration, Instant};

use super::{
    downlink::Downlink,
    feedback,
    keys::{Keying, Profile},
    seal::{MOST_OVERHEAD, ReportLane, ReportOpener, Sender, Witness},
    train::{Platform, Train, Urgency, Yard},
};
use crate::{estimate::Departure, path::Path, peer::Peer, slab::Key};

/// A peer's wire. It exists from the moment when the keys are there.
pub(crate) struct Wire {
    pub(crate) sender: Sender,
    reports: ReportLane,
    opener: ReportOpener,
    /// Who tells whether a stream is the peer's.
    pub(crate) witness: Witness,
    profile: Profile,
    /// The way that is taken.
    path: Path,
    platform: Platform,
    peer: Key<Peer>,
    next_place: u16,
    /// Whether packets are counted, so that the peer says when each arrived. For sound alone that would be a report for
    /// every third packet, on a line that nothing is ever held back from.
    pub(crate) counts: bool,
    pub(crate) downlink: Downlink,
    round_trip: Option<Duration>,
    /// Memory for reports in the clear.
    clear: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(now: Instant, peer: Key<Peer>, keying: &Keying, path: Path) -> Self {
        let Keying { profile, ours, theirs } = keying;
        Self {
            sender: Sender::new(*profile, ours),
            reports: ReportLane::new(*profile, ours),
            opener: ReportOpener::new(*profile, theirs),
            witness: Witness::new(*profile, theirs),
            profile: *profile,
            path,
            platform: Platform::default(),
            peer,
            next_place: 0,
            counts: true,
            downlink: Downlink::new(now),
            round_trip: None,
            clear: Vec::new(),
        }
    }

    pub(crate) fn set_path(&mut self, path: Path) {
        self.path = path;
    }

    /// The path that was left had fallen silent before.
    pub(crate) fn begin_anew(&mut self, now: Instant) {
        self.downlink.begin_anew(now);
    }

    /// The memory to append a datagram of up to `bytes` to.
    pub(crate) fn room(&mut self, yard: &mut Yard, bytes: usize) -> &mut Vec<u8> {
        &mut self.platform.train(yard, self.path, bytes).bytes
    }

    /// Notes that a datagram of `length` bytes was written there.
    pub(crate) fn written(&mut self, yard: &mut Yard, now: Instant, length: usize, note: Note) {
        let Note { place, along, what, urgency } = note;
        self.platform.add(length);
        self.downlink.left(now, length, place.map(|place| (place, length + along)), what);
        self.platform.depart(yard, self.peer, now, urgency);
    }

    /// What leaves now.
    pub(crate) fn take_train(&mut self) -> Option<Train> {
        self.platform.take()
    }

    /// The place of the next packet among all that go to this peer; `None` while they are not counted.
    pub(crate) fn next_place(&mut self) -> Option<u16> {
        if !self.counts {
            return None;
        }
        let place = self.next_place;
        self.next_place = place.wrapping_add(1);
        Some(place)
    }

    pub(crate) fn round_trip(&self) -> Option<Duration> {
        self.round_trip
    }

    /// Notes how long the way there and back took.
    pub(crate) fn measured(&mut self, round_trip: Duration) {
        let smooth = |old: Duration| (old * 7 + round_trip) / 8;
        self.round_trip = Some(self.round_trip.map_or(round_trip, smooth));
    }

    /// Sends reports that are given in the clear.
    pub(crate) fn report(&mut self, yard: &mut Yard, now: Instant, reports: &[u8]) {
        let train = self.platform.train(yard, self.path, reports.len() + REPORT_OVERHEAD);
        let start = train.bytes.len();
        train.bytes.extend_from_slice(reports);
        if !self.reports.seal(&mut train.bytes, start) {
            train.bytes.truncate(start);
            return;
        }
        let length = train.bytes.len() - start;
        self.platform.add(length);
        self.platform.depart(yard, self.peer, now, Urgency::Now);
    }

    /// Sends what a courier carried out of str0m: its reports, with room where str0m believes its own seal to be. RTP
    /// does not come this way, since str0m is never given any.
    pub(crate) fn forward(&mut self, yard: &mut Yard, now: Instant, carried: &[u8]) {
        let room = match self.profile {
            Profile::CmSha1 => 4 + 10, // the count and the tag
            Profile::Gcm128 | Profile::Gcm256 => 16 + 4,
        };
        let Some(reports) = carried.len().checked_sub(room).and_then(|end| carried.get(..end)) else {
            return;
        };
        let mut clear = self.take_scratch();
        feedback::retell(reports, &mut clear);
        if !clear.is_empty() {
            self.report(yard, now, &clear);
        }
        self.clear = clear;
    }

    /// Opens reports of the peer; to be given back by [`Wire::give_back`].
    pub(crate) fn open(&mut self, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut clear = std::mem::take(&mut self.clear);
        if self.opener.open(sealed, &mut clear) {
            return Some(clear);
        }
        self.clear = clear;
        None
    }

    /// Memory to write reports into; to be given back.
    pub(crate) fn take_scratch(&mut self) -> Vec<u8> {
        let mut clear = std::mem::take(&mut self.clear);
        clear.clear();
        clear
    }

    pub(crate) fn give_back(&mut self, clear: Vec<u8>) {
        self.clear = clear;
    }
}

/// What is noted of a datagram.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    /// Its place in all that goes to the peer, where such places are counted.
    pub(crate) place: Option<u16>,
    /// Bytes that leave with it and have no place of their own.
    pub(crate) along: usize,
    pub(crate) what: Departure,
    pub(crate) urgency: Urgency,
}

/// The count and the tag.
const REPORT_OVERHEAD: usize = 4 + MOST_OVERHEAD;
