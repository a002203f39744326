//! When each peer wants to be woken: one deadline per peer, sorted, so that waking never looks at those who sleep.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

/// One deadline per key.
pub(crate) struct Timers<K> {
    due: BTreeSet<(Instant, K)>,
    of: BTreeMap<K, Instant>,
}

impl<K: Copy + Ord> Timers<K> {
    pub(crate) fn new() -> Self {
        Self { due: BTreeSet::new(), of: BTreeMap::new() }
    }

    /// Sets, moves or (with `None`) clears the deadline of `key`.
    pub(crate) fn set(&mut self, key: K, at: Option<Instant>) {
        if self.of.get(&key).copied() == at {
            return;
        }
        if let Some(old) = self.of.remove(&key) {
            self.due.remove(&(old, key));
        }
        if let Some(at) = at {
            self.of.insert(key, at);
            self.due.insert((at, key));
        }
    }

    /// Takes out one key whose deadline has come.
    pub(crate) fn pop_due(&mut self, now: Instant) -> Option<K> {
        let (at, key) = *self.due.first()?;
        if at > now {
            return None;
        }
        self.due.pop_first();
        self.of.remove(&key);
        Some(key)
    }

    /// The earliest deadline.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::start;

    #[test]
    fn a_moved_deadline_fires_once_at_its_new_time() {
        let (mut timers, now) = (Timers::new(), start());
        let later = now + Duration::from_secs(1);
        timers.set('a', Some(now));
        timers.set('b', Some(now));
        timers.set('a', Some(later));
        assert_eq!(timers.pop_due(now), Some('b'));
        assert_eq!(timers.pop_due(now), None);
        assert_eq!(timers.next(), Some(later));
        timers.set('a', None);
        assert_eq!((timers.pop_due(later), timers.next()), (None, None));
    }
}
