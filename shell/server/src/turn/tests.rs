//! The relay over real connections: see also the tests of the crate `turn`, which has the rules.

use super::*;

/// A relay without a task, for those that only tell of it.
pub fn relay() -> Relay {
    let options = Options { realm: "parlor".to_owned(), media: Vec::new(), peers: Peers::None };
    new(options, trains().1, Vec::new()).0
}
