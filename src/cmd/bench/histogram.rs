//! Many times in little space, for quantiles.

use std::time::Duration;

/// Times in buckets whose width is 1/32 of their value.
#[derive(Debug, Default, Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
}

impl Histogram {
    /// One more.
    pub fn add(&mut self, time: Duration) {
        let bucket = Self::bucket(time.as_micros().min(u128::from(u32::MAX)) as u32);
        if self.buckets.len() <= bucket {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] += 1;
    }

    /// All of another.
    pub fn merge(&mut self, other: &Self) {
        self.buckets.resize(self.buckets.len().max(other.buckets.len()), 0);
        self.buckets.iter_mut().zip(&other.buckets).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// The time in milliseconds below which this share lies, at most 1/32 too high.
    pub fn quantile(&self, share: f64) -> f64 {
        let all: u64 = self.buckets.iter().sum();
        let wanted = (share * all as f64).ceil() as u64;
        let mut seen = 0;
        let found = self.buckets.iter().position(|count| {
            seen += count;
            seen >= wanted && seen > 0
        });
        found.map_or(0.0, |bucket| Self::top(bucket) as f64 / 1000.0)
    }

    fn bucket(micros: u32) -> usize {
        let shift = (u32::BITS - micros.leading_zeros()).saturating_sub(6);
        (shift as usize) * 32 + (micros >> shift) as usize
    }

    fn top(bucket: usize) -> u64 {
        let shift = (bucket / 32).saturating_sub(1);
        ((bucket - shift * 32) as u64 + 1) << shift
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_again_within_a_thirtysecond() {
        let mut histogram = Histogram::default();
        for micros in [1, 31, 32, 63, 64, 1_000, 20_000, 3_000_000, u32::MAX] {
            let top = Histogram::top(Histogram::bucket(micros));
            assert!(top > u64::from(micros) && top as f64 <= f64::from(micros) * 33.0 / 32.0 + 1.0, "{micros}: {top}");
        }
        (1..=1000).for_each(|ms| histogram.add(Duration::from_millis(ms)));
        let median = histogram.quantile(0.5);
        assert!((500.0..520.0).contains(&median), "{median}");
        assert!(histogram.quantile(1.0) >= 1000.0);
        assert_eq!(Histogram::default().quantile(0.99), 0.0);
    }
}
