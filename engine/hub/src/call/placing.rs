//! How a call begins: who is called, and whom it rings.

use std::collections::BTreeSet;

use proto::{
    AccountId, CallId, DeviceKey, Presence, Refusal, RoomName,
    api::CallAct,
    call::{Stage, Why},
};

use super::{COMING, Call, Calls, Deed, Leg, OF_ONE, Wishes};
use crate::{desk::Desk, presence::Devices, timers::Timer};

/// The most calls at once, those that were over a moment ago included; one more is refused.
const CALLS: usize = 10_000;

/// The most people who are called at once; more is refused.
pub const CALLEES: usize = 24;

/// Somebody who is called, or calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callee {
    /// Who.
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where the picture of the account is.
    pub avatar: Option<String>,
    /// Whether they have blocked the caller, by what is kept: of those who are not here nothing else is known.
    pub barred: bool,
    /// Whether a browser of theirs can be woken: then it is tried, and waited for, though none is here.
    pub wakes: bool,
    /// Whether the caller may ring them though they do not want to be disturbed.
    pub favoured: bool,
    /// What they want of calls.
    pub wishes: Wishes,
}

/// A call that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id, made by whoever keeps it.
    pub id: CallId,
    /// The room that will carry it. It is there already.
    pub room: RoomName,
    /// Who calls.
    pub caller: Callee,
    /// From which device.
    pub device: DeviceKey,
    /// Who is called.
    pub callees: Vec<Callee>,
    /// Whether with pictures.
    pub video: bool,
    /// Whether to ring those too who are in a call.
    pub anyway: bool,
}

impl Calls {
    /// Makes a call. Gives back which one it is: that of the other, when both called each other.
    pub(crate) fn place(&mut self, desk: &mut Desk, devices: &Devices, placed: Placed) -> Result<CallId, Refusal> {
        let Placed { id, room, caller, device, mut callees, video, anyway } = placed;
        let mut seen = BTreeSet::new();
        callees.retain(|callee| seen.insert(callee.account));
        if seen.contains(&caller.account) {
            return Err(Refusal::OwnNumber);
        }
        if callees.is_empty() || callees.len() > CALLEES {
            return Err(if callees.is_empty() { Refusal::NotFound } else { Refusal::TooMany });
        }
        if let [callee] = &callees[..]
            && let Some(theirs) = self.calling(callee.account, caller.account)
        {
            let (account, act) = (caller.account, CallAct::Answer { device, hold: true });
            self.act(desk, devices, Deed { call: theirs, account, act, named: None, agent: String::new() })?;
            return Ok(theirs);
        }
        if self.calls.len() >= CALLS || self.living(caller.account).count() >= OF_ONE {
            return Err(Refusal::TooMany);
        }
        let mut own = Leg::new(caller.account, caller.name, caller.avatar, Stage::Connecting);
        own.on = Some(device.clone());
        let mut legs = vec![own];
        for callee in callees {
            let taken = |account| seen.contains(&account) || account == caller.account;
            let new = self.new_legs(devices, callee, caller.account, anyway, taken);
            seen.extend(new.iter().map(|leg| leg.account));
            legs.extend(new);
        }
        for leg in &legs {
            self.of.entry(leg.account).or_default().insert(id);
            match leg.stage() {
                Stage::Dialing => desk.after(desk.config.rings, Timer::RingEnds(id, leg.account)),
                Stage::Connecting => desk.after(COMING, Timer::RingEnds(id, leg.account)),
                _ => {}
            }
        }
        self.rooms.insert(room.clone(), id);
        let call = Call {
            id,
            room,
            video,
            began: desk.unix_ms(),
            answered: None,
            ended: None,
            legs,
            inside: BTreeSet::new(),
            guests: 0,
            held: BTreeSet::new(),
            heralded: false,
        };
        self.calls.insert(id, call);
        self.settle(desk, id);
        // Whoever cannot be reached costs nobody the call that goes on.
        if self.calls.get(&id).is_some_and(|call| call.ended.is_none()) {
            self.hold_others(desk, caller.account, &device, id);
        }
        Ok(id)
    }

    /// The leg of somebody who is called by another, where it begins. Who has blocked the caller is not there for them.
    pub(super) fn new_leg(&self, devices: &Devices, callee: Callee, caller: AccountId, anyway: bool) -> Leg {
        let Callee { account, name, avatar, barred, wakes, favoured, wishes: _ } = callee;
        let barred = barred || devices.blocks(account, caller);
        let over = |why| Stage::Ended { why };
        // Whoever does not show themselves is called like anybody else.
        let stage = match devices.reached(account) {
            _ if barred => over(Why::Unreachable),
            Presence::Offline if !wakes => over(Why::Unreachable),
            Presence::DoNotDisturb if !favoured => over(Why::DoNotDisturb),
            Presence::InCall if !anyway => over(Why::Busy),
            // Rung all the same, but not in the middle of a call or a meeting.
            Presence::DoNotDisturb if !anyway && devices.engaged(account) => over(Why::Busy),
            _ if self.living(account).count() >= OF_ONE => over(Why::Busy),
            _ => Stage::Dialing,
        };
        let mut leg = Leg::new(account, name, avatar, stage);
        (leg.barred, leg.wakes) = (barred, wakes);
        leg
    }

    /// The call with which `caller` rings `callee` alone.
    fn calling(&self, caller: AccountId, callee: AccountId) -> Option<CallId> {
        let mut calls = self.living(callee).filter(|(call, leg)| {
            let forwarded = |leg: &&Leg| leg.stage() == Stage::Ended { why: Why::Forwarded };
            let rings = leg.stage().rings() && call.legs.len() == 2 + call.legs.iter().filter(forwarded).count();
            rings && call.legs.first().is_some_and(|first| first.account == caller && first.is_engaged())
        });
        calls.next().map(|(call, _)| call.id)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proto::time::Calendar;

    use super::*;
    use crate::Config;

    #[test]
    fn there_are_no_more_calls_than_so_many() {
        #[expect(clippy::disallowed_methods, reason = "a first instant")]
        let now = Instant::now();
        let mut desk = Desk::new(Config::default(), now, Calendar::new(now, 0), 1);
        let (mut calls, devices) = (Calls::default(), Devices::default());
        let callee = |number: usize| Callee {
            account: (number as u128).into(),
            name: String::new(),
            avatar: None,
            barred: false,
            wakes: false,
            favoured: false,
            wishes: Wishes::default(),
        };
        // Nobody is there who could be reached: each is over at once, and told of for a minute.
        let mut place = |calls: &mut Calls, number: usize| {
            let room = format!("call-{number}").parse().expect("a name");
            let device = "d1".parse().expect("a key");
            let (id, caller, callees) = ((number as u128).into(), callee(number), vec![callee(0)]);
            let placed = Placed { id, room, caller, device, callees, video: false, anyway: false };
            calls.place(&mut desk, &devices, placed)
        };
        assert!((1..=CALLS).all(|number| place(&mut calls, number).is_ok()));
        assert_eq!(place(&mut calls, CALLS + 1), Err(Refusal::TooMany));
    }
}
