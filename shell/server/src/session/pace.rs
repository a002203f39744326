//! How fast one client may speak.

use std::time::{Duration, Instant};

/// A bucket of messages that fills at [`RATE`] and holds [`BURST`].
#[derive(Debug)]
pub struct Pace {
    /// When the bucket would be full again.
    full_at: Instant,
}

impl Pace {
    /// A full bucket.
    pub fn new(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// Takes one message out. Says how long to wait before the next one is read.
    pub fn take(&mut self, now: Instant) -> Duration {
        let each = Duration::from_secs(1) / RATE;
        self.full_at = self.full_at.max(now) + each;
        (self.full_at - now).saturating_sub(each * BURST)
    }
}

/// Messages a second (R4). Clients send a few per click; a browser that joins sends some ten at once.
const RATE: u32 = 50;
/// Messages at once (R4): trickled candidates and the settings of a page of tiles come together.
const BURST: u32 = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_is_slowed_down() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        assert!((0..200).all(|_| pace.take(now).is_zero()));
        assert_eq!(pace.take(now), Duration::from_millis(20));
        assert_eq!(pace.take(now), Duration::from_millis(40));
        let later = now + Duration::from_secs(10);
        assert!((0..200).all(|_| pace.take(later).is_zero()), "it recovers, and not beyond its size");
        assert!(!pace.take(later).is_zero());
    }
}
