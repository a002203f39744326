//! What unit tests share.

use std::time::Instant;

/// Some first moment; all later ones are counted from it.
#[expect(clippy::disallowed_methods, reason = "virtual time needs one real instant to start from")]
pub(crate) fn start() -> Instant {
    Instant::now()
}
