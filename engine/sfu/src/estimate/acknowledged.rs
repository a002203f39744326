//! How much arrives: the rate by the receiver's clock, over a sliding window.

/// Bytes by time of arrival, in buckets.
#[derive(Debug, Default)]
pub(super) struct Acknowledged {
    buckets: [u32; BUCKETS as usize],
    /// The first bucket since the last long pause, and the newest; numbers count from the clock's beginning.
    span: Option<(i64, i64)>,
    /// Microseconds of the receiver's clock.
    latest: i64,
}

impl Acknowledged {
    /// Notes a packet that arrived `at` (microseconds of the receiver's clock).
    pub(super) fn add(&mut self, at: i64, bytes: u16) {
        let bucket = at.div_euclid(BUCKET);
        match &mut self.span {
            Some((_, newest)) if bucket <= *newest => {
                if newest.saturating_sub(bucket) >= BUCKETS {
                    return; // it belongs to a time that is over
                }
            }
            Some((_, newest)) if bucket.saturating_sub(*newest) < BUCKETS => {
                (*newest + 1..=bucket).for_each(|fresh| self.buckets[place(fresh)] = 0);
                *newest = bucket;
            }
            _ => {
                self.buckets = [0; BUCKETS as usize];
                self.span = Some((bucket, bucket));
                self.latest = at;
            }
        }
        self.latest = self.latest.max(at);
        let filled = &mut self.buckets[place(bucket)];
        *filled = filled.saturating_add(u32::from(bytes));
    }

    /// The latest arrival, in microseconds of the receiver's clock.
    pub(super) fn latest(&self) -> i64 {
        self.latest
    }

    /// Begins anew: the receiver's clock has jumped.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Bits per second; `None` until enough time was seen.
    pub(super) fn rate(&self) -> Option<f64> {
        let (first, newest) = self.span?;
        let oldest = first.max(newest - (BUCKETS - 1));
        let time = self.latest.saturating_sub(oldest.saturating_mul(BUCKET));
        let bytes: u64 = self.buckets.iter().map(|bytes| u64::from(*bytes)).sum();
        (time >= SHORTEST).then(|| bytes as f64 * 8.0 * 1e6 / time as f64)
    }
}

fn place(bucket: i64) -> usize {
    bucket.rem_euclid(BUCKETS) as usize
}

/// Microseconds.
const BUCKET: i64 = 25_000;
/// 400 ms in all: a dozen pictures, so that one more or less in the window changes little, and short enough that twice
/// the reaction time after a drop nothing is left of the time before.
const BUCKETS: i64 = 16;
/// As the windows of libwebrtc's `BitrateEstimator` after the first one; in microseconds.
const SHORTEST: i64 = 150_000;

/// The most that got through lately: in the last `SPAN` to twice `SPAN`.
#[derive(Debug, Default)]
pub(super) struct Proven {
    began: u64,
    before: f64,
    current: f64,
}

impl Proven {
    /// Notes how much gets through at `now`, in microseconds of our clock.
    pub(super) fn note(&mut self, now: u64, rate: f64) {
        let age = now.saturating_sub(self.began);
        if age >= SPAN {
            self.before = if age < 2 * SPAN { self.current } else { 0.0 };
            (self.began, self.current) = (now, 0.0);
        }
        self.current = self.current.max(rate);
    }

    pub(super) fn most(&self) -> f64 {
        self.current.max(self.before)
    }
}

/// Paths change; what was longer ago proves nothing. Microseconds.
const SPAN: u64 = 30_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(acknowledged: &mut Acknowledged, from_ms: i64, to_ms: i64, bytes: u16) {
        (from_ms..to_ms).step_by(10).for_each(|at| acknowledged.add(at * 1000, bytes));
    }

    #[test]
    fn a_steady_flow_has_its_rate_and_a_changed_one_soon_its_own() {
        let mut acknowledged = Acknowledged::default();
        flow(&mut acknowledged, -500, -400, 1250);
        assert!(acknowledged.rate().is_none(), "too short to tell");
        flow(&mut acknowledged, -400, 1000, 1250);
        let rate = acknowledged.rate().unwrap();
        assert!((0.95e6..1.06e6).contains(&rate), "{rate}");
        flow(&mut acknowledged, 1000, 1400, 125);
        let rate = acknowledged.rate().unwrap();
        assert!((0.95e5..1.4e5).contains(&rate), "{rate}");
    }

    #[test]
    fn a_pause_starts_a_new_window() {
        let mut acknowledged = Acknowledged::default();
        flow(&mut acknowledged, 0, 1000, 1250);
        acknowledged.add(10_000_000, 1250);
        assert!(acknowledged.rate().is_none());
        flow(&mut acknowledged, 0, 1000, 1250);
        assert!(acknowledged.rate().is_none(), "what is too late does not count");
        for at in [i64::MAX, i64::MIN, 0, i64::MAX, -1] {
            acknowledged.add(at, u16::MAX);
            acknowledged.rate();
        }
    }
}
