//! Holds pictures back that a narrow line could not carry at once, and sends what finds out whether it carries more.
//!
//! A line that is known to be narrow may be filled for a moment ([`BURST`]); what is beyond that waits here, and leaves
//! at a pace which the line can follow. So a keyframe stands in a queue of ours, and sound, which never waits, does not
//! stand behind it in somebody else's. What waits is only named here: the packet lies in its track's history, and is
//! written and sealed when it leaves, so that it has its place among all that leaves, and can still be given up. While
//! nothing is known of the line, and on one that is wide enough, nothing waits and a packet costs one comparison.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use str0m::rtp::Ssrc;

use crate::{estimate::Probe, forward::rewrite::Numbers, slab::Key, track::Track};

/// The pace of all that leaves for one peer.
pub(crate) struct Pace {
    /// Bits in a second; `None` while the line is not known to be narrow.
    rate: Option<u64>,
    /// Bytes that may leave at once; negative when more left than might have.
    credit: i64,
    counted: Instant,
    waiting: VecDeque<Waiting>,
    /// Of all that wait.
    bytes: u64,
    /// Packets that were given up and not yet told of.
    gave_up: u64,
    probing: Option<Probing>,
}

/// A packet that waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) track: Key<Track>,
    /// The publisher's stream, and the number of the packet in it.
    pub(crate) source: Ssrc,
    pub(crate) sequence: u64,
    /// Under which it leaves.
    pub(crate) numbers: Numbers,
    pub(crate) bytes: u16,
}

/// A row of packets whose arrival tells how much the line carries.
#[derive(Debug)]
struct Probing {
    probe: Probe,
    since: Instant,
    sent: usize,
}

impl Pace {
    pub(crate) fn new(now: Instant) -> Self {
        Self { rate: None, credit: 0, counted: now, waiting: VecDeque::new(), bytes: 0, gave_up: 0, probing: None }
    }

    /// Sets what the line carries, in bits per second.
    pub(crate) fn set(&mut self, now: Instant, line: Option<u64>) {
        self.count(now);
        if self.rate.is_none() {
            self.credit = 0;
        }
        self.rate = line.map(|line| line + line / HEADROOM);
        if self.takes_longer_than(TOO_LATE) {
            self.give_up();
        }
    }

    /// Nothing is known any more, and what waits is as old as what was lost.
    pub(crate) fn begin_anew(&mut self, now: Instant) {
        self.give_up();
        *self = Self { gave_up: self.gave_up, ..Self::new(now) };
    }

    fn give_up(&mut self) {
        self.gave_up += self.waiting.len() as u64;
        self.waiting.clear();
        self.bytes = 0;
    }

    /// Whether so much waits that pictures had better stop than come later and later.
    pub(crate) fn is_full(&self) -> bool {
        !self.waiting.is_empty() && self.takes_longer_than(LATE)
    }

    /// How many packets were given up since this was last asked: the line became so much narrower that they would have come
    /// too late.
    pub(crate) fn take_gave_up(&mut self) -> u64 {
        std::mem::take(&mut self.gave_up)
    }

    fn takes_longer_than(&self, span: Duration) -> bool {
        let passes = |rate: u64| (rate * span.as_millis() as u64 / 8_000).max(LEAST_QUEUE);
        self.rate.is_some_and(|rate| self.bytes > passes(rate))
    }

    /// Whether a packet of pictures has to wait.
    pub(crate) fn holds(&mut self, now: Instant) -> bool {
        !self.waiting.is_empty() || self.lacks(now)
    }

    /// Whether the line has enough to carry for the moment, beside what waits.
    pub(crate) fn lacks(&mut self, now: Instant) -> bool {
        if self.rate.is_none() {
            return false;
        }
        self.count(now);
        self.credit < 0
    }

    /// Notes that `bytes` have left.
    pub(crate) fn left(&mut self, bytes: usize) {
        if self.rate.is_some() {
            self.credit -= bytes as i64;
        }
    }

    /// Lets a packet wait.
    pub(crate) fn wait(&mut self, waiting: Waiting) {
        self.bytes += u64::from(waiting.bytes);
        self.waiting.push_back(waiting);
    }

    /// Whether there is something to do at the next [`TICK`].
    pub(crate) fn is_busy(&self) -> bool {
        !self.waiting.is_empty() || self.probing.is_some()
    }

    /// Hands out one packet whose turn has come.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Waiting> {
        if self.lacks(now) {
            return None;
        }
        let waiting = self.waiting.pop_front()?;
        self.bytes -= u64::from(waiting.bytes);
        Some(waiting)
    }

    /// Begins a row that finds out what the line carries; the one under way, if any, goes on.
    pub(crate) fn probe(&mut self, now: Instant, probe: Probe) {
        self.probing.get_or_insert(Probing { probe, since: now, sent: 0 });
    }

    /// The id of the row under way.
    pub(crate) fn row(&self) -> Option<u16> {
        self.probing.as_ref().map(|probing| probing.probe.id)
    }

    /// Notes that `bytes` of filling have left, in one packet.
    pub(crate) fn filled(&mut self, bytes: usize) {
        if let Some(probing) = &mut self.probing {
            probing.sent += bytes;
        }
    }

    /// Bytes of filling that the row still lacks by now; `None` when there is no row, or it has just ended.
    pub(crate) fn filling(&mut self, now: Instant) -> Option<usize> {
        let probing = self.probing.as_ref()?;
        if probing.sent >= probing.probe.bytes || now.saturating_duration_since(probing.since) > LONGEST_ROW {
            self.probing = None;
            return None;
        }
        let passed = now.saturating_duration_since(probing.since) + TICK;
        let due = (u128::from(probing.probe.rate) * passed.as_micros() / 8_000_000) as usize;
        Some(due.min(probing.probe.bytes).saturating_sub(probing.sent))
    }

    fn count(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.counted);
        if passed.is_zero() {
            return;
        }
        self.counted = now;
        let Some(rate) = self.rate else {
            return;
        };
        let passed = passed.min(LONGEST_PAUSE).as_micros() as u64;
        let burst = (rate * BURST.as_micros() as u64 / 8_000_000).max(LEAST_BURST) as i64;
        self.credit = (self.credit + (rate.saturating_mul(passed) / 8_000_000) as i64).min(burst);
    }
}

/// How often what waits is looked at: a thread that sleeps wakes that finely, and a person hears nothing of it.
pub(crate) const TICK: Duration = Duration::from_millis(5);
/// How long a narrow line may be filled at once. As much stands in its queue at most because of us, and sound behind it;
/// more would look like a line that is too narrow.
const BURST: Duration = Duration::from_millis(20);
/// Two packets leave at once on any line.
const LEAST_BURST: u64 = 2_400;
/// What waits leaves a little faster than the line is thought to carry, by one part in so many: else a flow that fills it
/// to the last bit would never catch up.
const HEADROOM: u64 = 20;
/// For how long pictures wait, at most, before they stop until there is room: what a person notices at the edge of a
/// sentence.
const LATE: Duration = Duration::from_millis(300);
/// What would wait this long by now is given up: a keyframe that comes instead is shown sooner.
const TOO_LATE: Duration = Duration::from_millis(600);
/// So much may wait on any line: a keyframe of a small layer.
const LEAST_QUEUE: u64 = 16 * 1024;
/// More credit than this does not gather in any pause, whatever the rate.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// A row that takes longer tells nothing any more.
const LONGEST_ROW: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn put(pace: &mut Pace, bytes: u16) {
        pace.wait(Waiting { track: Key::new(0, 0), source: 1.into(), sequence: 1, numbers: Numbers::default(), bytes });
    }

    fn leaves(pace: &mut Pace, now: Instant) -> usize {
        let mut bytes = 0;
        while let Some(waiting) = pace.next(now) {
            bytes += usize::from(waiting.bytes);
            pace.left(usize::from(waiting.bytes));
        }
        bytes
    }

    #[test]
    fn nothing_waits_while_nothing_is_known() {
        let mut pace = Pace::new(start());
        for _ in 0..10_000 {
            assert!(!pace.holds(start()));
            pace.left(1_200);
        }
    }

    #[test]
    fn a_line_that_begins_anew_holds_nothing_back_and_says_what_it_gave_up() {
        let (mut pace, now) = (Pace::new(start()), start());
        pace.set(now, Some(80_000));
        pace.left(100_000);
        (0..3).for_each(|_| put(&mut pace, 1_200));
        assert!(pace.holds(now));
        pace.begin_anew(now);
        assert!(!pace.holds(now) && !pace.is_busy());
        assert_eq!(pace.take_gave_up(), 3);
    }

    #[test]
    fn a_burst_is_spread() {
        let (mut pace, mut now) = (Pace::new(start()), start());
        pace.set(now, Some(800_000)); // 100 bytes in a millisecond, 105 with the headroom
        now += Duration::from_secs(1);
        let mut at_once = 0;
        while !pace.holds(now) {
            pace.left(1_200);
            at_once += 1_200;
        }
        assert!((2_400..=3_600).contains(&at_once), "two packets, and one that pays later: {at_once}");
        (0..50).for_each(|_| put(&mut pace, 1_200));
        let mut took = Duration::ZERO;
        let mut left = 0;
        while pace.is_busy() {
            now += TICK;
            took += TICK;
            left += leaves(&mut pace, now);
        }
        assert_eq!(left, 60_000);
        assert!((560..=600).contains(&took.as_millis()), "{took:?} for 60 kB");
    }

    #[test]
    fn nothing_waits_longer_than_it_is_worth() {
        let (mut pace, now) = (Pace::new(start()), start());
        pace.set(now, Some(8_000_000));
        pace.left(100_000);
        let mut put_in = 0;
        while !pace.is_full() {
            put(&mut pace, 1_200);
            put_in += 1_200;
        }
        assert!((315_000..317_000).contains(&put_in), "300 ms: {put_in}");
        pace.set(now, Some(5_000_000));
        assert!(pace.take_gave_up() == 0 && pace.is_full());
        pace.set(now, Some(1_000_000));
        assert_eq!((pace.take_gave_up(), pace.take_gave_up()), (put_in / 1_200, 0));
        assert!(!pace.is_full());
        assert_eq!(leaves(&mut pace, now + LONGEST_PAUSE), 0);
    }

    #[test]
    fn what_waits_leaves_in_order_also_when_the_line_grows_wide() {
        let (mut pace, now) = (Pace::new(start()), start());
        pace.set(now, Some(100_000));
        pace.left(50_000);
        (0..20).for_each(|_| put(&mut pace, 1_000));
        assert!(pace.holds(now));
        pace.set(now + TICK, None);
        assert!(pace.holds(now + TICK), "not before those who wait");
        assert_eq!(leaves(&mut pace, now + TICK), 20_000);
        assert!(!pace.holds(now + TICK));
    }

    #[test]
    fn a_row_is_filled_at_its_rate() {
        let (mut pace, mut now) = (Pace::new(start()), start());
        pace.probe(now, Probe { id: 3, rate: 8_000_000, bytes: 15_000, packets: 5 });
        let mut filled = Vec::new();
        while let Some(bytes) = pace.filling(now) {
            assert_eq!(pace.row(), Some(3));
            pace.filled(bytes);
            filled.push(bytes);
            now += TICK;
        }
        assert_eq!(filled, [5_000, 5_000, 5_000]);
        assert_eq!(pace.row(), None);
    }
}
