//! How people come into a call that goes on, how two calls become one, and how the others are left to somebody else.
//!
//! **Whoever is left to somebody who does not come is not left alone**: the one who left them is rung again ([`Calls::bring_back`]).

use proto::{
    AccountId, CallId, Refusal,
    call::{Stage, Why},
};

use super::{COMING, Callee, Calls, Happens, LEGS, Leg};
use crate::{desk::Desk, presence::Devices, timers::Timer};

impl Calls {
    /// Rings somebody into a call. `leaves`: and leaves the others to them, if they can be rung at all.
    pub(super) fn add(
        &mut self,
        desk: &mut Desk,
        devices: &Devices,
        id: CallId,
        account: AccountId,
        named: Option<Callee>,
        leaves: bool,
    ) -> Result<(), Refusal> {
        let callee = named.ok_or(Refusal::NotFound)?;
        if callee.account == account {
            return Err(Refusal::OwnNumber);
        }
        let person = callee.account;
        let call = self.calls.get(&id).ok_or(Refusal::NotFound)?;
        // Whoever is in the room already, by its link, has nothing to answer.
        let is_in = call.inside.contains(&person);
        let mut legs = self.new_legs(devices, callee, account, false, |other| call.knows(other));
        if is_in {
            legs.truncate(1);
            legs = legs.into_iter().map(Leg::inside).collect();
        }
        let stage = legs.last().map_or(Stage::Dialing, Leg::stage);
        let call = self.calls.get_mut(&id).ok_or(Refusal::NotFound)?;
        if !call.leg(account).ok_or(Refusal::NotFound)?.is_engaged() {
            return Err(Refusal::CallOver);
        }
        let engaged = |leg: &&Leg| leg.account != account && leg.is_engaged();
        if leaves && call.parties().filter(engaged).count() + call.guests == 0 {
            return Err(Refusal::NotFound);
        }
        let known = call.leg(person).map(Leg::stage).filter(|stage| !stage.is_over());
        if known.is_none() {
            if call.legs.len() + legs.len() > LEGS {
                return Err(Refusal::TooMany);
            }
            for mut leg in legs {
                leg.by = Some(account);
                leg.back = (leaves && !leg.stage().is_over()).then_some(account);
                self.of.entry(leg.account).or_default().insert(id);
                if leg.stage().rings() {
                    desk.after(desk.config.rings, Timer::RingEnds(id, leg.account));
                }
                call.legs.push(leg);
            }
            call.guests -= usize::from(is_in && call.guests > 0);
        } else if leaves && let Some(there) = call.leg_mut(person).filter(|there| there.stage().rings()) {
            // Rung before the others were left to them: it comes back all the same.
            there.back = Some(account);
        }
        let comes = !known.unwrap_or(stage).is_over();
        if leaves
            && comes
            && let Some(own) = call.leg_mut(account)
        {
            own.take(Happens::Transfers);
        }
        self.settle(desk, id);
        Ok(())
    }

    /// Makes two calls of somebody one: everybody of `with` comes into `id`. `leaves`: but not the one who does it.
    pub(super) fn unite(
        &mut self,
        desk: &mut Desk,
        id: CallId,
        account: AccountId,
        with: CallId,
        leaves: bool,
    ) -> Result<(), Refusal> {
        if id == with {
            return Err(Refusal::NotFound);
        }
        for call in [id, with] {
            let leg = self.calls.get(&call).and_then(|call| call.leg(account)).ok_or(Refusal::NotFound)?;
            if !leg.is_engaged() {
                return Err(Refusal::CallOver);
            }
        }
        let (Some(mut from), Some(into)) = (self.calls.remove(&with), self.calls.get_mut(&id)) else {
            return Err(Refusal::NotFound);
        };
        let coming = from.parties().filter(|leg| leg.account != account && !leg.stage().is_over());
        // Whoever lets the call ring them comes along.
        let coming: usize = coming.map(|leg| 1 + usize::from(leg.forwarder.is_some())).sum();
        if into.legs.len() + coming > LEGS {
            self.calls.insert(with, from);
            return Err(Refusal::TooMany);
        }
        let parties: Vec<Leg> = from.parties().cloned().collect();
        for leg in from.legs.iter_mut().filter(|leg| !leg.stage().is_over()) {
            let before = leg.clone();
            leg.back = None;
            leg.take(if leaves && leg.account == account { Happens::Transfers } else { Happens::Merges });
            let there = into.leg(leg.account).is_some_and(|leg| !leg.stage().is_over());
            if leg.account == account || there {
                continue;
            }
            let stage = match before.stage() {
                Stage::Dialing | Stage::Ringing => Stage::Dialing,
                Stage::Held => Stage::Held,
                Stage::Connecting | Stage::Active | Stage::Ended { .. } => Stage::Connecting,
            };
            let mut moved = Leg::new(before.account, before.name, before.avatar, stage);
            moved.on = before.on;
            moved.held = before.held;
            moved.by = Some(account);
            moved.returned = before.returned;
            moved.unanswered = before.unanswered;
            moved.wakes = before.wakes;
            // Whose call it was stands in this one too, unless they are in it: they are named, and have missed it if nobody takes it.
            let whose = parties.iter().find(|leg| Some(leg.account) == before.forwarder);
            let forwards = |leg: &&Leg| leg.stage() == Stage::Ended { why: Why::Forwarded };
            if let Some(whose) = whose.filter(forwards).filter(|leg| !into.has(leg.account)) {
                let stood = Leg::new(whose.account, whose.name.clone(), whose.avatar.clone(), whose.stage());
                self.of.entry(whose.account).or_default().insert(id);
                into.legs.push(stood);
            }
            moved.forwarder =
                whose.filter(|leg| !leg.stage().is_over() || into.leg(leg.account).is_some()).map(|leg| leg.account);
            moved.back = if leaves { Some(account) } else { before.back };
            match stage {
                Stage::Dialing => desk.after(desk.config.rings, Timer::RingEnds(id, moved.account)),
                Stage::Connecting => desk.after(COMING, Timer::RingEnds(id, moved.account)),
                _ => {}
            }
            if into.inside.contains(&moved.account) {
                moved.take(Happens::Comes);
            }
            self.of.entry(moved.account).or_default().insert(id);
            into.legs.push(moved);
        }
        if leaves && let Some(own) = into.leg_mut(account) {
            own.take(Happens::Transfers);
        }
        self.calls.insert(with, from);
        self.settle(desk, id);
        self.settle(desk, with);
        Ok(())
    }

    /// Rings those again who left a call to somebody who did not come.
    pub(super) fn bring_back(&mut self, desk: &mut Desk, id: CallId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let mut returning = Vec::new();
        for leg in &mut call.legs {
            match leg.stage() {
                Stage::Active | Stage::Held | Stage::Ended { why: Why::Merged | Why::Transferred } => leg.back = None,
                Stage::Ended { .. } => returning.extend(leg.back.take().map(|back| (back, leg.name.clone()))),
                Stage::Dialing | Stage::Ringing | Stage::Connecting => {}
            }
        }
        for (account, from) in returning {
            let waits = call.parties().any(Leg::is_engaged) || call.guests > 0;
            let Some(former) = call.leg(account).filter(|leg| waits && leg.stage().is_over()) else { continue };
            let mut leg = Leg::new(account, former.name.clone(), former.avatar.clone(), Stage::Dialing);
            leg.returned = Some(from);
            // Nobody looked whether a browser of theirs can be woken: it is tried.
            leg.wakes = true;
            let is_in = call.inside.contains(&account);
            call.legs.push(if is_in { leg.inside() } else { leg });
            call.guests -= usize::from(is_in && call.guests > 0);
            if !is_in {
                desk.after(desk.config.rings, Timer::RingEnds(id, account));
            }
        }
    }
}
