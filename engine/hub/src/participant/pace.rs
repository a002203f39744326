//! How often one participant may do something: a bucket that holds so many uses and fills at a steady rate.

use std::time::{Duration, Instant};

/// How large a bucket is, and how fast it fills.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    /// Uses at once.
    pub(crate) burst: u32,
    /// The time in which one use comes back.
    pub(crate) each: Duration,
}

/// One bucket.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// When it is full again; `None` was never used.
    full_at: Option<Instant>,
}

impl Pace {
    /// How long to wait until `uses` are there. More than the bucket holds count as all that it holds.
    pub(crate) fn wait(&self, now: Instant, rate: Rate, uses: u32) -> Duration {
        let missing = self.full_at.map_or(Duration::ZERO, |full| full.saturating_duration_since(now));
        (missing + rate.each * uses.min(rate.burst)).saturating_sub(rate.each * rate.burst)
    }

    /// Whether all uses are there.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.full_at.is_none_or(|full| full <= now)
    }

    /// Takes uses out, there or not: who does not wait pays later.
    pub(crate) fn take(&mut self, now: Instant, rate: Rate, uses: u32) {
        let full = self.full_at.map_or(now, |full| full.max(now));
        self.full_at = Some(full + rate.each * uses.min(rate.burst));
    }
}
