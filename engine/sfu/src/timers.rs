//! When each peer wants to be woken: one deadline per peer, sorted, so that waking never looks at those who sleep.
//!
//! Nothing that a transport does by the clock is so urgent that a sleeping thread has to be woken for it to the millisecond,
//! and waking costs more than most of what is then done. So whoever wants to be woken is [late](LATE) by a part of its wait at
//! most, and in time where the thread is awake for something else, as it mostly is while media flows.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

/// One deadline per key.
pub(crate) struct Timers<K> {
    /// By the latest time at which each is woken.
    due: BTreeSet<(Instant, K)>,
    of: BTreeMap<K, Deadline>,
}

#[derive(Debug, Clone, Copy)]
struct Deadline {
    /// As it was asked for.
    at: Instant,
    latest: Instant,
}

impl<K: Copy + Ord> Timers<K> {
    pub(crate) fn new() -> Self {
        Self { due: BTreeSet::new(), of: BTreeMap::new() }
    }

    /// Sets, moves or (with `None`) clears the deadline of `key`.
    pub(crate) fn set(&mut self, now: Instant, key: K, at: Option<Instant>) {
        let old = self.of.get(&key).copied();
        if old.map(|old| old.at) == at {
            return;
        }
        if let Some(old) = old {
            self.of.remove(&key);
            self.due.remove(&(old.latest, key));
        }
        if let Some(at) = at {
            let latest = at + (at.saturating_duration_since(now) / LATE).min(LATEST);
            self.of.insert(key, Deadline { at, latest });
            self.due.insert((latest, key));
        }
    }

    /// Takes out one key whose deadline has come.
    pub(crate) fn pop_due(&mut self, now: Instant) -> Option<K> {
        let key = self.first_due(now)?;
        self.due.pop_first();
        self.of.remove(&key);
        Some(key)
    }

    /// Whether [`Timers::pop_due`] has one: before [`Timers::next`], for whoever is awake anyway.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.first_due(now).is_some()
    }

    /// When to wake up at the latest.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.due.first().map(|(latest, _)| *latest)
    }

    fn first_due(&self, now: Instant) -> Option<K> {
        let (_, key) = self.due.first()?;
        self.of.get(key).is_some_and(|deadline| deadline.at <= now).then_some(*key)
    }
}

/// A wake-up may be late by one part in so many of the time until then: a repeat asked for every 33 ms comes within 37,
/// and what is wanted in a millisecond comes then.
const LATE: u32 = 8;
/// But never by more than this, which is less than the way of a packet from one house to another.
const LATEST: Duration = Duration::from_millis(5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    #[test]
    fn a_moved_deadline_fires_once_at_its_new_time() {
        let (mut timers, now) = (Timers::new(), start());
        let later = now + Duration::from_secs(1);
        timers.set(now, 'a', Some(now));
        timers.set(now, 'b', Some(now));
        timers.set(now, 'a', Some(later));
        assert_eq!(timers.pop_due(now), Some('b'));
        assert_eq!(timers.pop_due(now), None);
        assert_eq!(timers.next(), Some(later + LATEST));
        timers.set(now, 'a', None);
        assert_eq!((timers.pop_due(later), timers.next()), (None, None));
    }

    #[test]
    fn nobody_is_woken_in_time_for_its_own_sake_only() {
        let (mut timers, now) = (Timers::new(), start());
        let after = |micros| now + Duration::from_micros(micros);
        timers.set(now, 'a', Some(after(32_000)));
        timers.set(now, 'b', Some(after(33_000)));
        assert_eq!(timers.next(), Some(after(36_000)), "by an eighth of the wait");
        assert!(!timers.is_due(after(31_999)));
        assert!(timers.is_due(after(32_000)), "who is awake need not wait for that");
        assert_eq!((timers.pop_due(after(36_000)), timers.pop_due(after(36_000))), (Some('a'), Some('b')), "at once");
        timers.set(now, 'a', Some(after(1_000)));
        assert_eq!(timers.next(), Some(after(1_125)));
        timers.set(now, 'a', Some(after(1_000_000)));
        assert_eq!(timers.next(), Some(after(1_000_000) + LATEST));
    }
}
