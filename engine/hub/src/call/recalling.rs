//! Calls that went on when the server stopped or was killed.
//!
//! Seats in their rooms are kept (`room::recalling`), so that whoever was in comes back by themselves and is waited for as long
//! as for a seat. What rang does not ring again: nobody can say for whom it would still be true, so both are told that it
//! failed.

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
                    over @ Stage::Ended { .. } => over,
                };
                let mut leg = Leg::new(kept.account, kept.name, kept.avatar, stage);
                leg.on = kept.device;
                leg.reply = kept.reply;
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
        self.calls.insert(id, Call { id, room, video, began, answered, ended: None, legs, guests: 0 });
        self.settle(desk, id);
    }
}
