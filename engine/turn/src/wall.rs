//! What is left of the server when something broke over one client, and what the next one knows of the last.
//!
//! **Nobody sees what a panic left half changed.** An allocation is there when `Allocations` has it, which is the last step of
//! making one and the first of ending it; all else that is kept of allocations follows from those, and is worked out anew here.
//! What is kept of others than allocations is changed by single calls, or errs on the safe side: see `revoked`.

use std::collections::BTreeSet;

use crate::{Client, Config, Now, Output, Turn};

impl Turn {
    /// Throws away all that is a client's, after something broke over it in the middle of anything. Drain
    /// [`Turn::poll_output`] afterwards.
    pub fn give_up(&mut self, now: Now, client: Client) {
        self.paces.forget(&client);
        for allocation in self.allocations.throw_away(&client) {
            if self.reach.has_relays() {
                self.outputs.push_back(Output::CloseRelay { allocation });
            }
        }
        let places: BTreeSet<u32> = self.allocations.iter().map(|allocation| allocation.place).collect();
        self.places.leave_all_but(now.at, &places);
        self.reach.close_all_but(self.allocations.iter().filter_map(|allocation| allocation.relay()).collect());
    }

    /// A server without allocations, in place of one that broke. Who was kept out by that still is.
    pub fn after(former: &mut Self, config: Config) -> Self {
        Self { revoked: std::mem::take(&mut former.revoked), ..Self::new(config) }
    }
}
