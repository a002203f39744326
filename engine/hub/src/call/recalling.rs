//! Calls that went on when the server stopped or was killed.
//!
//! Seats in their rooms are kept (`room::recalling`), so that whoever was in comes back by themselves and is waited for as long
//! as for a seat. What rang does not ring again: nobody can say for whom it would still be true, so both are told that it
//! failed; whoever left the others to somebody whom it rang then is rung again. What was on hold stays so.

use std::collections::BTreeSet;

use proto::call::{CallRecord, Stage, Why};

use super::{Call, Calls, Leg};
use crate::{desk::Desk, timers::Timer};

impl Calls {
    /// Takes up a call that was not over. Comes before anybody else, and before its room.
    pub(crate) fn recall(&mut self, desk: &mut Desk, record: CallRecord) {
        let CallRecord { id, room, video, began, answered, ended: None, legs } = record else { return };
        if self.calls.contains_key(&id) {
            return;
        }
        let legs: Vec<Leg> = legs
            .into_iter()
            .map(|kept| {
                let stage = match kept.stage {
                    Stage::Active => Stage::Connecting,
                    Stage::Dialing | Stage::Ringing | Stage::Connecting => Stage::Ended { why: Why::Failed },
                    stays @ (Stage::Held | Stage::Ended { .. }) => stays,
                };
                // Whoever was out of it before has been shown out.
                let shown_out = kept.stage.is_over();
                let mut leg = Leg::kept(kept, stage);
                leg.shown_out = shown_out;
                leg
            })
            .collect();
        for leg in &legs {
            self.of.entry(leg.account).or_default().insert(id);
            if leg.stage() == Stage::Connecting {
                desk.after(desk.config.seat_kept, Timer::RingEnds(id, leg.account));
            }
        }
        self.rooms.insert(room.clone(), id);
        let (inside, held) = (BTreeSet::new(), BTreeSet::new());
        let (ended, guests, heralded) = (None, 0, true);
        self.calls.insert(id, Call { id, room, video, began, answered, ended, legs, inside, guests, held, heralded });
        self.settle(desk, id);
    }
}

/// A call that was not over when the server ended, so long ago that nobody waits for anybody any more. `at`: when it was last known
/// to go on.
pub fn broken_off(mut record: CallRecord, at: u64) -> CallRecord {
    for leg in &mut record.legs {
        match leg.stage {
            Stage::Active | Stage::Held => leg.stage = Stage::Ended { why: Why::Lost },
            Stage::Dialing | Stage::Ringing | Stage::Connecting => leg.stage = Stage::Ended { why: Why::Failed },
            Stage::Ended { .. } => {}
        }
    }
    record.ended.get_or_insert(at);
    record
}
