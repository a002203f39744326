//! News of the feeds that the administrators named.

pub mod change;
pub mod feeds;
pub mod list;
