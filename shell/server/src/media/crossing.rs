//! Datagrams that come to one media thread and are for another.
//!
//! All threads have sockets on one UDP port, and the kernel gives what one client address sends to the same one of them every
//! time, by a hash that knows nothing of rooms. The room may live elsewhere. A check (STUN) names the thread that it is for, in
//! the name that we gave out; whatever else comes from the same end follows it once that thread has said that it knows the end,
//! which it does when a check had the right integrity. So nobody leads away datagrams of others, and one whose end nobody
//! knows stays where it came, as a stranger's.
//!
//! What crosses goes in bundles, one for each round of reading, and the empty bundle comes back with the ends that are known:
//! nothing is allocated once there are enough of them, and nobody waits. Who sends them has proved nothing yet, so that what is
//! on its way to one thread, and what is kept for that, is bounded in bytes ([`UNDER_WAY`], [`KEPT`]). The relay gives what it has for the media plane to any
//! thread, always the same for an end, and it crosses here as well.

use std::{
    collections::BTreeMap,
    mem,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use mio::Waker;
use proto::Shard;
use sfu::{End, Path};

use super::Datagrams;

/// The ways between one media thread and all others.
#[derive(Debug)]
pub struct Crossing {
    shard: Shard,
    /// By shard; none to itself.
    out: Vec<Option<Lane>>,
    into: Vec<Far>,
    /// Ends whose datagrams come here and are for another thread, and when that one last said so.
    elsewhere: BTreeMap<End, (Shard, Instant)>,
    tidy: Option<Instant>,
    lost: u64,
}

/// The way to another thread.
struct Lane {
    /// What goes with this round.
    open: Bundle,
    full: SyncSender<Bundle>,
    back: Receiver<Bundle>,
    spare: Vec<Bundle>,
    /// Bundles that were made so far.
    made: usize,
    /// What all bundles weigh that did not come back, the open one with them; see [`UNDER_WAY`].
    under_way: usize,
    /// The room that the spare ones have; see [`KEPT`].
    kept: usize,
    waker: Arc<Waker>,
}

/// The way from another thread.
#[derive(Debug)]
struct Far {
    full: Receiver<Bundle>,
    back: SyncSender<Bundle>,
}

/// What crosses together.
#[derive(Debug, Default)]
struct Bundle {
    datagrams: Datagrams,
    /// What it counts for, with everything that stands beside a datagram, in bytes.
    weight: usize,
    /// On its way back: whose checks were in it and are known there.
    known: Vec<End>,
}

/// The ways between as many threads as there are wakers, in the order of their shards.
pub fn between(wakers: &[Arc<Waker>]) -> Vec<Crossing> {
    let mut all: Vec<Crossing> = (0..wakers.len()).map(|shard| Crossing::new(Shard(shard as u8))).collect();
    for from in 0..wakers.len() {
        for (to, waker) in wakers.iter().enumerate() {
            if from == to {
                all[from].out.push(None);
                continue;
            }
            let (full, arrives) = sync_channel(BUNDLES);
            let (back, returns) = sync_channel(BUNDLES);
            all[to].into.push(Far { full: arrives, back });
            all[from].out.push(Some(Lane::new(full, returns, waker.clone())));
        }
    }
    all
}

impl Crossing {
    fn new(shard: Shard) -> Self {
        Self { shard, out: Vec::new(), into: Vec::new(), elsewhere: BTreeMap::new(), tidy: None, lost: 0 }
    }

    /// Datagrams that were lost, since another thread did not keep up.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Takes note of the ends that other threads know. To be asked before datagrams are read: an answer to a check leaves after
    /// this was said, so that what follows the answer finds it here.
    pub fn learn(&mut self, now: Instant) {
        for (shard, lane) in self.out.iter_mut().enumerate() {
            let Some(lane) = lane else { continue };
            while let Ok(mut bundle) = lane.back.try_recv() {
                for end in bundle.known.drain(..) {
                    if self.elsewhere.len() < MOST_ENDS || self.elsewhere.contains_key(&end) {
                        self.elsewhere.insert(end, (Shard(shard as u8), now));
                    }
                }
                lane.take_back(bundle);
            }
        }
        if self.tidy.is_some_and(|due| due <= now) {
            self.elsewhere.retain(|_, (_, said)| now.saturating_duration_since(*said) < KNOWN);
            self.tidy = None;
        }
        if self.tidy.is_none() && !self.elsewhere.is_empty() {
            self.tidy = Some(now + KNOWN);
        }
    }

    /// Takes the datagram if it is for another thread. `knows` is whether this thread knows an end.
    pub fn take(&mut self, path: Path, bytes: &[u8], knows: impl FnOnce(End) -> bool) -> bool {
        if self.into.is_empty() {
            return false;
        }
        let shard = match sfu::shard_of(bytes) {
            Some(shard) if shard == self.shard => return false,
            Some(shard) => shard,
            None => match self.elsewhere.get(&path.end()) {
                // Whoever forges the address of somebody here and is let in elsewhere gets nothing of theirs.
                Some((shard, _)) if !knows(path.end()) => *shard,
                _ => return false,
            },
        };
        let Some(Some(lane)) = self.out.get_mut(usize::from(shard.0)) else { return false };
        self.lost += u64::from(!lane.push(path, bytes));
        true
    }

    /// Sends off what was taken.
    pub fn depart(&mut self) {
        self.out.iter_mut().flatten().for_each(Lane::depart);
    }

    /// Whether something could not be sent off, since another thread has all the bundles.
    pub fn is_waiting(&self) -> bool {
        self.out.iter().flatten().any(|lane| !lane.open.datagrams.is_empty())
    }

    /// Hands out what others have sent here, and says to them whose checks were right: `each` answers, where
    /// it is asked to, whether this thread knows the end that the datagram came from. Whether there may be more.
    pub fn arrive(&mut self, mut each: impl FnMut(Path, &[u8], bool) -> bool) -> bool {
        let mut more = false;
        for far in &mut self.into {
            for round in 0.. {
                if round == ROUND {
                    more = true;
                    break;
                }
                let Ok(bundle) = far.full.try_recv() else { break };
                let mut at_hand = AtHand { bundle, back: &far.back };
                let bundle = &mut at_hand.bundle;
                for (path, bytes) in bundle.datagrams.all() {
                    let check = sfu::shard_of(bytes).is_some();
                    if each(path, bytes, check) && check {
                        bundle.known.push(path.end());
                    }
                }
            }
        }
        more
    }
}

/// A bundle that is being handed out. However that ends, it goes back: there are only so many.
struct AtHand<'a> {
    bundle: Bundle,
    back: &'a SyncSender<Bundle>,
}

impl Drop for AtHand<'_> {
    fn drop(&mut self) {
        let mut bundle = mem::take(&mut self.bundle);
        bundle.datagrams.clear();
        // There is room for all that there are; the other thread may have ended.
        let _ = self.back.try_send(bundle);
    }
}

impl Lane {
    fn new(full: SyncSender<Bundle>, back: Receiver<Bundle>, waker: Arc<Waker>) -> Self {
        let (open, spare) = (Bundle::default(), Vec::new());
        Self { open, full, back, spare, made: 1, under_way: 0, kept: 0, waker }
    }

    /// Puts a datagram into the open bundle. Whether there was room.
    fn push(&mut self, path: Path, bytes: &[u8]) -> bool {
        let weight = bytes.len() + HEAD;
        if bytes.len() > MOST_BYTES || self.open.datagrams.len() >= OPEN || self.under_way + weight > UNDER_WAY {
            return false;
        }
        self.open.datagrams.push(path, bytes);
        self.open.weight += weight;
        self.under_way += weight;
        true
    }

    /// Keeps a bundle that came back, but not more memory than there is use for.
    fn take_back(&mut self, mut bundle: Bundle) {
        self.under_way = self.under_way.saturating_sub(mem::take(&mut bundle.weight));
        if self.kept + bundle.room() > KEPT {
            bundle = Bundle::default();
        }
        self.kept += bundle.room();
        self.spare.push(bundle);
    }

    fn depart(&mut self) {
        if self.open.datagrams.is_empty() {
            return;
        }
        let next = match self.spare.pop() {
            Some(bundle) => {
                self.kept = self.kept.saturating_sub(bundle.room());
                bundle
            }
            None if self.made < BUNDLES => {
                self.made += 1;
                Bundle::default()
            }
            None => return,
        };
        let full = mem::replace(&mut self.open, next);
        let weight = full.weight;
        match self.full.try_send(full) {
            Ok(()) => {
                if let Err(error) = self.waker.wake() {
                    tracing::error!(%error, "cannot wake a media thread");
                }
            }
            // There is room for all that there are; a thread that has ended takes nothing.
            Err(_) => self.under_way = self.under_way.saturating_sub(weight),
        }
    }
}

impl Bundle {
    /// The memory that it has for what crosses, used or not, in bytes.
    fn room(&self) -> usize {
        self.datagrams.bytes.capacity()
            + HEAD * self.datagrams.heads.capacity()
            + size_of::<End>() * self.known.capacity()
    }
}

impl std::fmt::Debug for Lane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lane").field("spare", &self.spare.len()).field("made", &self.made).finish_non_exhaustive()
    }
}

/// Bundles between two threads. A thread has one for each round of reading, mostly a few per millisecond; with all of them on
/// their way, rounds are gathered in the next.
const BUNDLES: usize = 32;

/// Datagrams in the bundle that waits for one to come back: eight rounds of reading. What is more is late anyway, as it
/// would be in a kernel's buffer that is full.
const OPEN: usize = 512;

/// The longest datagram that crosses: an Ethernet frame. Clients send none that are longer, and what they sent could not be sent on.
const MOST_BYTES: usize = 1_500;

/// What a datagram weighs beside its bytes.
const HEAD: usize = size_of::<(Path, u16)>();

/// What may be on its way from one thread to another, in bytes: a round of reading after the other for 20 ms at 400 Mbit/s. What is
/// more is lost and counted. It bounds what a stranger costs: anybody can write the name of a thread into a check.
const UNDER_WAY: usize = 1 << 20;

/// The memory of bundles that wait for use between two threads, in bytes: ten full rounds of reading, of which an ordinary
/// millisecond takes one or two, always the same. What a flood made beyond that is given back.
const KEPT: usize = 1 << 20;

/// Bundles of one round from one thread: what comes over the own socket has its turn in between.
const ROUND: usize = 4;

/// How long an end is known without another check. Clients send one every few seconds, and give up after 30 (RFC 7675,
/// section 5.1).
const KNOWN: Duration = Duration::from_secs(60);

/// Ends of one thread's socket whose rooms are elsewhere: more than any thread carries.
const MOST_ENDS: usize = 16_384;

#[cfg(test)]
pub mod tests {
    use sfu::Over;

    use super::*;

    fn wakers(count: usize) -> (mio::Poll, Vec<Arc<Waker>>) {
        let poll = mio::Poll::new().unwrap();
        let waker = Arc::new(Waker::new(poll.registry(), mio::Token(0)).unwrap());
        (poll, vec![waker; count])
    }

    fn path(port: u16) -> Path {
        Path { over: Over::Udp, ours: "10.0.0.1:7882".parse().unwrap(), theirs: ([10, 0, 0, 2], port).into() }
    }

    /// A check for a peer of that thread (RFC 8489, section 5), signed by nobody.
    pub fn check(shard: u8) -> Vec<u8> {
        let name = format!("{shard:02x}000000000000000000");
        let mut bytes = vec![0, 1, 0, 24, 0x21, 0x12, 0xa4, 0x42];
        bytes.extend([7; 12]);
        bytes.extend([0, 6, 0, 20]);
        bytes.extend(name.as_bytes());
        bytes
    }

    fn arrivals(crossing: &mut Crossing, known: bool) -> Vec<(u16, Vec<u8>)> {
        let mut all = Vec::new();
        crossing.arrive(|path, bytes, _| {
            all.push((path.theirs.port(), bytes.to_vec()));
            known
        });
        all
    }

    #[test]
    fn what_follows_a_check_that_was_right_goes_where_it_went() {
        let (_poll, wakers) = wakers(3);
        let [mut here, mut there, mut third] = <[Crossing; 3]>::try_from(between(&wakers)).unwrap();
        let now = Instant::now();
        assert!(!here.take(path(1), b"media", |_| false), "nobody knows whose that is");
        assert!(!here.take(path(1), &check(0), |_| false));
        assert!(!here.take(path(1), &check(3), |_| false), "no such thread");
        assert!(here.take(path(1), &check(1), |_| false));
        here.depart();
        assert_eq!(arrivals(&mut there, true), [(1, check(1))]);
        assert_eq!(arrivals(&mut third, true), []);
        here.learn(now);
        assert!(here.take(path(1), b"media", |_| false));
        assert!(!here.take(path(2), b"media", |_| false));
        here.depart();
        assert_eq!(arrivals(&mut there, true), [(1, b"media".to_vec())]);
    }

    #[test]
    fn a_check_that_was_wrong_leads_nothing_away() {
        let (_poll, wakers) = wakers(2);
        let [mut here, mut there] = <[Crossing; 2]>::try_from(between(&wakers)).unwrap();
        assert!(here.take(path(1), &check(1), |_| true));
        here.depart();
        assert_eq!(arrivals(&mut there, false).len(), 1);
        here.learn(Instant::now());
        assert!(!here.take(path(1), b"media", |_| true));
    }

    #[test]
    fn a_bundle_over_which_something_breaks_comes_back() {
        let (_poll, wakers) = wakers(2);
        let [mut here, mut there] = <[Crossing; 2]>::try_from(between(&wakers)).unwrap();
        for _ in 0..2 * BUNDLES {
            assert!(here.take(path(1), &check(1), |_| false));
            here.depart();
            assert!(!here.is_waiting(), "another thread has all the bundles");
            let broken = std::panic::AssertUnwindSafe(|| there.arrive(|_, _, _| panic!("broken on purpose")));
            assert!(std::panic::catch_unwind(broken).is_err());
            here.learn(Instant::now());
        }
        assert!(here.take(path(2), &check(1), |_| false));
        here.depart();
        assert_eq!(arrivals(&mut there, true), [(2, check(1))], "and holds nothing of what it held");
    }

    #[test]
    fn an_end_that_is_known_here_stays_and_one_that_is_silent_is_forgotten() {
        let (_poll, wakers) = wakers(2);
        let [mut here, mut there] = <[Crossing; 2]>::try_from(between(&wakers)).unwrap();
        let start = Instant::now();
        for port in [1, 2] {
            assert!(here.take(path(port), &check(1), |_| false));
        }
        here.depart();
        assert_eq!(arrivals(&mut there, true).len(), 2);
        here.learn(start);
        assert!(here.take(path(1), b"media", |_| false));
        assert!(!here.take(path(1), b"media", |_| true));
        assert!(here.take(path(1), b"media", |_| false), "once it has left here");
        here.learn(start + KNOWN / 2);
        assert!(here.take(path(2), b"media", |_| false));
        here.learn(start + KNOWN);
        assert!(!here.take(path(2), b"media", |_| false));
    }

    #[test]
    fn a_thread_that_hangs_costs_bounded_memory_and_gets_the_rest_in_order() {
        let (_poll, wakers) = wakers(2);
        let [mut here, mut there] = <[Crossing; 2]>::try_from(between(&wakers)).unwrap();
        let sent = 2 * OPEN as u64;
        for _ in 0..sent {
            assert!(here.take(path(1), &check(1), |_| false));
            here.depart();
        }
        assert!(here.is_waiting());
        assert_eq!(here.lost(), sent - OPEN as u64 - (BUNDLES as u64 - 1));
        let mut came = 0;
        while here.is_waiting() {
            came += arrivals(&mut there, true).len() as u64;
            here.learn(Instant::now());
            here.depart();
        }
        while there.arrive(|_, _, _| true) {}
        came += arrivals(&mut there, true).len() as u64;
        assert!(came + here.lost() <= sent && came > 0, "{came}");
        here.learn(Instant::now());
        let Some(Some(lane)) = here.out.get(1) else { panic!("a lane") };
        assert_eq!((lane.made, lane.spare.len()), (BUNDLES, BUNDLES - 1), "all came back");
    }

    /// The memory between the first thread and the second.
    fn memory(here: &Crossing, there: &mut Crossing) -> usize {
        let Some(Some(lane)) = here.out.get(1) else { panic!("a lane") };
        let waiting: Vec<Bundle> = there.into[0].full.try_iter().collect();
        let bundles = lane.spare.iter().chain([&lane.open]).chain(&waiting);
        let room = bundles.map(Bundle::room).sum();
        // Handed on as they came, unread.
        waiting.into_iter().for_each(|bundle| there.into[0].back.try_send(bundle).unwrap());
        room
    }

    #[test]
    fn a_flood_costs_bounded_bytes_on_its_way_and_afterwards() {
        let (_poll, wakers) = wakers(2);
        let [mut here, mut there] = <[Crossing; 2]>::try_from(between(&wakers)).unwrap();
        let mut long = check(1);
        long.resize(MOST_BYTES, 0);
        let flood = |here: &mut Crossing| {
            for _ in 0..BUNDLES {
                (0..OPEN).for_each(|_| assert!(here.take(path(1), &long, |_| false)));
                here.depart();
            }
        };
        flood(&mut here);
        assert!(here.lost() > 0);
        let most = memory(&here, &mut there);
        // What grows has up to twice the room that it needs.
        assert!(most <= 2 * UNDER_WAY, "{most}");
        here.learn(Instant::now());
        let after = memory(&here, &mut there);
        assert!(after <= KEPT, "{after}");
        // And over and over, with a thread that does as much as it can.
        for _ in 0..10 {
            flood(&mut here);
            while there.arrive(|_, _, _| false) {}
            here.learn(Instant::now());
        }
        here.depart();
        while there.arrive(|_, _, _| false) {}
        here.learn(Instant::now());
        let after = memory(&here, &mut there);
        assert!(after <= KEPT, "{after}");
        let Some(Some(lane)) = here.out.get(1) else { panic!("a lane") };
        assert_eq!(lane.under_way, 0, "all of it came back");
        assert!(here.take(path(1), &check(1), |_| false));
        here.depart();
        assert_eq!(arrivals(&mut there, false).len(), 1, "it goes on");
    }

    #[test]
    fn what_is_longer_than_any_packet_does_not_cross() {
        let (_poll, wakers) = wakers(2);
        let [mut here, mut there] = <[Crossing; 2]>::try_from(between(&wakers)).unwrap();
        let mut long = check(1);
        for (length, crosses) in [(MOST_BYTES, 1), (MOST_BYTES + 1, 0)] {
            long.resize(length, 0);
            assert!(here.take(path(1), &long, |_| false), "it is for nobody here either");
            here.depart();
            assert_eq!(arrivals(&mut there, false).len(), crosses, "{length}");
        }
        assert_eq!(here.lost(), 1);
    }

    #[test]
    fn a_thread_alone_has_nobody_to_give_to() {
        let (_poll, wakers) = wakers(1);
        let [mut alone] = <[Crossing; 1]>::try_from(between(&wakers)).unwrap();
        assert!(!alone.take(path(1), &check(1), |_| false));
        assert!(!alone.arrive(|_, _, _| false));
        assert!(!alone.is_waiting());
    }
}
