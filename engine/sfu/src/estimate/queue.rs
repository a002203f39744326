//! How long packets wait on the way: their delay above the least that was seen lately.
//!
//! The trend says that a queue grows; this says how long it is. It sees what stands still, and it does not take jitter
//! for a queue, since of several packets that are late each by chance one is not.

/// The least delays of a long and of a short time. Clocks are not compared: only differences count.
#[derive(Debug, Default)]
pub(super) struct Queue {
    empty: Least<10_000_000>,
    recent: Least<120_000>,
    stands: Least<500_000>,
}

impl Queue {
    /// Notes a packet that was sent and has arrived, each in microseconds of its own clock.
    pub(super) fn add(&mut self, sent: u64, arrived: i64) {
        let delay = arrived.saturating_sub_unsigned(sent);
        self.empty.add(arrived, delay);
        self.recent.add(arrived, delay);
        self.stands.add(arrived, delay);
    }

    /// How long a packet waits now, in milliseconds.
    pub(super) fn wait(&self) -> f64 {
        self.above_empty(self.recent.value())
    }

    /// How long every packet of the last half second had to wait, in milliseconds. A computer that is busy lets packets
    /// wait, too, but not all of them for so long.
    pub(super) fn standing(&self) -> f64 {
        self.above_empty(self.stands.value())
    }

    fn above_empty(&self, least: Option<i64>) -> f64 {
        match (least, self.empty.value()) {
            (Some(least), Some(empty)) => least.saturating_sub(empty).max(0) as f64 / 1e3,
            _ => 0.0,
        }
    }

    /// Nothing has arrived for long: whatever waited is gone.
    pub(super) fn forget_wait(&mut self) {
        self.recent = Least::default();
        self.stands = Least::default();
    }

    /// Begins anew: the receiver's clock has jumped.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The least of the last `SPAN` to twice `SPAN` microseconds.
///
/// 10 to 20 s for the empty queue: a path that became longer is taken for a queue no longer than that. 120 to 240 ms for
/// now: some packets even of sound alone, and longer than a busy computer usually keeps one waiting. 500 to 1,000 ms for what
/// stands.
#[derive(Debug, Default)]
struct Least<const SPAN: i64> {
    began: Option<i64>,
    before: Option<i64>,
    current: Option<i64>,
}

impl<const SPAN: i64> Least<SPAN> {
    fn add(&mut self, at: i64, value: i64) {
        let began = *self.began.get_or_insert(at);
        let age = at.saturating_sub(began);
        if age >= SPAN {
            self.before = if age < 2 * SPAN { self.current } else { None };
            self.current = None;
            self.began = Some(at);
        }
        self.current = Some(self.current.map_or(value, |least| least.min(value)));
    }

    fn value(&self) -> Option<i64> {
        match (self.before, self.current) {
            (Some(before), Some(current)) => Some(before.min(current)),
            (before, current) => before.or(current),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_queue_is_measured_and_jitter_is_not() {
        let mut queue = Queue::default();
        let mut send = |from: u64, to: u64, wait: fn(u64) -> i64| {
            for ms in (from..to).step_by(20) {
                queue.add(ms * 1000, (ms as i64 + wait(ms)) * 1000 - 7_000_000);
            }
            queue.wait()
        };
        assert_eq!(send(0, 1000, |_| 30), 0.0);
        assert_eq!(send(1000, 2000, |_| 130), 100.0);
        assert_eq!(send(2000, 3000, |ms| if ms % 60 == 0 { 30 } else { 90 }), 0.0);
        assert_eq!(send(3000, 33_000, |_| 80), 0.0, "a longer way");
    }

    #[test]
    fn no_clock_is_too_wild() {
        let mut queue = Queue::default();
        for at in [i64::MAX, i64::MIN, 0, i64::MIN, i64::MAX] {
            queue.add(u64::MAX, at);
            assert!(queue.wait() >= 0.0);
        }
    }
}
