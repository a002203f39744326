//! The calendar of this machine, read in one place.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub fn unix() -> u64 {
    unix_ms() / 1000
}

/// Milliseconds since 1970.
pub fn unix_ms() -> u64 {
    // A clock before 1970 is not set at all; zero lets the server start and every token be refused.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
