//! What leaves together: datagrams to one destination, one behind the other in one piece of memory.
//!
//! So the kernel can take a whole row of them as one message and cut it by itself, which is where most of the time of
//! sending goes otherwise. Trains are used again: a thread that sends at a steady pace asks for no memory.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::pace;
use crate::{path::Path, peer::Peer, slab::Key};

/// Datagrams to one destination.
#[derive(Debug)]
pub struct Train {
    /// By which way.
    pub path: Path,
    pub(crate) bytes: Vec<u8>,
    pub(crate) lengths: Vec<u16>,
}

impl Train {
    /// A train of one.
    pub fn single(path: Path, bytes: Vec<u8>) -> Self {
        let lengths = vec![u16::try_from(bytes.len()).unwrap_or(u16::MAX)];
        Self { path, bytes, lengths }
    }

    /// A train of copies of `datagrams`.
    pub fn row(path: Path, datagrams: &[&[u8]]) -> Self {
        let lengths = datagrams.iter().map(|datagram| u16::try_from(datagram.len()).unwrap_or(u16::MAX)).collect();
        Self { path, bytes: datagrams.concat(), lengths }
    }

    /// All datagrams, one behind the other.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The length of each, in order.
    pub fn lengths(&self) -> &[u16] {
        &self.lengths
    }

    /// The datagrams, in order.
    pub fn datagrams(&self) -> impl Iterator<Item = &[u8]> {
        self.lengths.iter().scan(0, |start, length| {
            let from = *start;
            *start += usize::from(*length);
            self.bytes.get(from..*start)
        })
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.bytes.len() + bytes <= TRAIN_BYTES && self.lengths.len() < TRAIN_DATAGRAMS
    }
}

/// Where trains of one thread are kept, wait, and leave from.
pub(crate) struct Yard {
    epoch: Instant,
    spare: Vec<Train>,
    /// Full ones.
    full: VecDeque<Train>,
    /// Whose train leaves now.
    leaving: VecDeque<Key<Peer>>,
    /// Whose train may wait for more, until `hold_until`.
    held: Vec<Key<Peer>>,
    hold_until: Option<Instant>,
    /// Who has something that leaves at a pace, and when they are next looked at.
    paced: Vec<Key<Peer>>,
    pace_at: Option<Instant>,
}

/// Whether a datagram can wait a moment for more to the same destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// It leaves with this round.
    Now,
    /// More is sure to follow.
    Soon,
}

/// What waits for one peer.
#[derive(Default)]
pub(crate) struct Platform {
    train: Option<Train>,
    leaves: bool,
    held: bool,
}

impl Platform {
    /// The train to append a datagram of up to `bytes` to; one that is full leaves first.
    pub(crate) fn train(&mut self, yard: &mut Yard, path: Path, bytes: usize) -> &mut Train {
        let fits = |train: &Train| train.has_room(bytes) && train.path == path;
        if self.train.as_ref().is_some_and(|train| !fits(train)) {
            yard.full.extend(self.train.take());
        }
        self.train.get_or_insert_with(|| yard.couple(path))
    }

    /// Notes that a datagram of `length` bytes was appended.
    pub(crate) fn add(&mut self, length: usize) {
        self.train.iter_mut().for_each(|train| train.lengths.push(length as u16));
    }

    /// Notes that the train of `peer` has something on it.
    pub(crate) fn depart(&mut self, yard: &mut Yard, peer: Key<Peer>, now: Instant, urgency: Urgency) {
        match urgency {
            _ if self.leaves => {}
            Urgency::Now => {
                self.leaves = true;
                yard.leaving.push_back(peer);
            }
            Urgency::Soon if self.held => {}
            Urgency::Soon => {
                self.held = true;
                yard.hold_until.get_or_insert(now + HOLD);
                yard.held.push(peer);
            }
        }
    }

    /// The train, to leave now.
    pub(crate) fn take(&mut self) -> Option<Train> {
        (self.leaves, self.held) = (false, false);
        self.train.take_if(|train| !train.lengths.is_empty())
    }
}

impl Yard {
    pub(crate) fn new(epoch: Instant) -> Self {
        Self {
            epoch,
            spare: Vec::new(),
            full: VecDeque::new(),
            leaving: VecDeque::new(),
            held: Vec::new(),
            hold_until: None,
            paced: Vec::new(),
            pace_at: None,
        }
    }

    /// When it was opened: what times in packets are counted from.
    pub(crate) fn epoch(&self) -> Instant {
        self.epoch
    }

    /// Milliseconds since then, which begin anew after seven weeks.
    pub(crate) fn millis(&self, now: Instant) -> u32 {
        now.saturating_duration_since(self.epoch).as_millis() as u32
    }

    /// When trains that wait for more have waited long enough.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        [self.hold_until, self.pace_at].into_iter().flatten().min()
    }

    /// Looks after `peer`, for which something waits, at the next [`TICK`](pace::TICK).
    pub(crate) fn look_after(&mut self, peer: Key<Peer>, now: Instant) {
        self.pace_at.get_or_insert(now + pace::TICK);
        if !self.paced.contains(&peer) {
            self.paced.push(peer);
        }
    }

    /// Who is to be looked at now; to be given back by [`Yard::looked_at`].
    pub(crate) fn due(&mut self, now: Instant) -> Option<Vec<Key<Peer>>> {
        self.pace_at.take_if(|at| *at <= now)?;
        Some(std::mem::take(&mut self.paced))
    }

    /// Takes the list back, less those for whom nothing waits any more.
    pub(crate) fn looked_at(&mut self, now: Instant, peers: Vec<Key<Peer>>) {
        let came = std::mem::replace(&mut self.paced, peers);
        came.into_iter().for_each(|peer| self.look_after(peer, now));
        self.pace_at = (!self.paced.is_empty()).then(|| now + pace::TICK);
    }

    /// A full train.
    pub(crate) fn next_full(&mut self) -> Option<Train> {
        self.full.pop_front()
    }

    /// Whose train leaves next.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Key<Peer>> {
        if self.hold_until.is_some_and(|until| until <= now) {
            self.hold_until = None;
            self.leaving.extend(self.held.drain(..));
        }
        self.leaving.pop_front()
    }

    /// Takes a train back that has left.
    pub(crate) fn take_back(&mut self, mut train: Train) {
        let usual = train.bytes.capacity() <= 2 * TRAIN_BYTES;
        if usual && self.spare.len() < MOST_SPARE {
            train.bytes.clear();
            train.lengths.clear();
            self.spare.push(train);
        }
    }

    fn couple(&mut self, path: Path) -> Train {
        match self.spare.pop() {
            Some(train) => Train { path, ..train },
            None => Train {
                path,
                // As they grow to what is asked of them, trains that only ever carry sound stay small.
                bytes: Vec::with_capacity(FIRST_BYTES),
                lengths: Vec::with_capacity(TRAIN_DATAGRAMS),
            },
        }
    }
}

/// Two dozen packets of pictures: more to one destination at once is a keyframe, and the gain of longer rows is small.
const TRAIN_BYTES: usize = 32 * 1024;
/// Room for one datagram of any kind.
const FIRST_BYTES: usize = 2 * 1024;
/// The most datagrams that every kernel with segmentation takes in one message.
const TRAIN_DATAGRAMS: usize = 64;
/// Trains kept for use again: a burst to as many subscribers. What is beyond is given back to the system.
const MOST_SPARE: usize = 512;
/// How long a train waits for more. Packets of one picture come within a fraction of this; a person notices a hundred
/// times more.
const HOLD: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn path(port: u16) -> Path {
        Path::udp(([10, 0, 0, 1], 1).into(), ([10, 0, 0, 2], port).into())
    }

    fn load(platform: &mut Platform, yard: &mut Yard, port: u16, bytes: usize) {
        let train = platform.train(yard, path(port), bytes);
        train.bytes.resize(train.bytes.len() + bytes, port as u8);
        train.lengths.push(bytes as u16);
    }

    #[test]
    fn what_does_not_fit_takes_the_next_train() {
        let (mut yard, mut platform) = (Yard::new(start()), Platform::default());
        (0..40).for_each(|_| load(&mut platform, &mut yard, 5, 1000));
        let full = yard.next_full().unwrap();
        assert_eq!((full.lengths().len(), full.datagrams().count(), full.bytes().len()), (32, 32, 32_000));
        load(&mut platform, &mut yard, 6, 10);
        assert_eq!(yard.next_full().unwrap().lengths().len(), 8, "another destination is another train");
        assert_eq!(platform.take().unwrap().datagrams().collect::<Vec<_>>(), [[6; 10]]);
        assert!(platform.take().is_none());
    }

    #[test]
    fn what_may_wait_leaves_after_a_moment_or_with_what_may_not() {
        let (mut yard, mut ann, mut bob, now) = (Yard::new(start()), Platform::default(), Platform::default(), start());
        let (ann_key, bob_key) = (Key::new(0, 0), Key::new(1, 0));
        ann.depart(&mut yard, ann_key, now, Urgency::Soon);
        bob.depart(&mut yard, bob_key, now, Urgency::Soon);
        assert_eq!(yard.next(now), None);
        bob.depart(&mut yard, bob_key, now, Urgency::Now);
        assert_eq!((yard.next(now), yard.next(now)), (Some(bob_key), None));
        assert_eq!(yard.deadline(), Some(now + HOLD));
        assert_eq!((yard.next(now + HOLD), yard.deadline()), (Some(ann_key), None));
    }

    #[test]
    fn memory_is_used_again() {
        let (mut yard, mut platform) = (Yard::new(start()), Platform::default());
        load(&mut platform, &mut yard, 5, 1000);
        let train = platform.take().unwrap();
        let place = train.bytes.as_ptr();
        yard.take_back(train);
        load(&mut platform, &mut yard, 6, 1000);
        assert_eq!(platform.take().unwrap().bytes.as_ptr(), place);
    }
}
