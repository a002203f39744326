//! Time as an argument: the monotonic clock of the engines, and how it maps to the calendar.

use std::time::Instant;

/// Ties one reading of the monotonic clock to one reading of the calendar.
///
/// Made once by the shell at start; engines turn their `now` into calendar time with it, and so never ask for either.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    at: Instant,
    unix_ms: u64,
}

impl Calendar {
    /// States that `at` was `unix_ms` milliseconds after 1970-01-01T00:00Z.
    pub fn new(at: Instant, unix_ms: u64) -> Self {
        Self { at, unix_ms }
    }

    /// Milliseconds since 1970 at `now`.
    pub fn unix_ms(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.at).as_millis();
        let before = self.at.saturating_duration_since(now).as_millis();
        // Both fit for the next 500 million years.
        self.unix_ms.saturating_add(since as u64).saturating_sub(before as u64)
    }
}
