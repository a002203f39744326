//! Calls: a ring, and what comes of it.
//!
//! A call is carried by a room. It begins with the caller on the way into that room and a leg for everybody who is called;
//! `leg` says what can become of each. A party is in when the room has them in, whatever way they came. **A call is over when
//! fewer than two people are in it or may still come; then its room is ended too.** What devices are told is always the whole of
//! their calls (`telling`), so that nothing they missed can make them ring for nothing.

mod leg;
mod recalling;
mod telling;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proto::{
    AccountId, CallId, DeviceKey, Presence, Refusal, RoomName,
    api::CallAct,
    call::{Stage, Why},
};

use crate::{desk::Desk, presence::Devices, timers::Timer};

pub(crate) use leg::{Happens, Leg};
pub use telling::past_call;

/// How long it rings when the operator set nothing else: six or seven rings of a telephone.
pub(crate) const RINGS: Duration = Duration::from_secs(30);

/// How long somebody who placed or answered a call may take until they are in the room: a slow telephone that has to ask for
/// its microphone, and a try that failed.
const COMING: Duration = Duration::from_secs(30);

/// How long a call that is over is told of: a device that lost its line for a moment still learns what became of it.
const REMEMBERED: Duration = Duration::from_secs(60);

/// The most calls at once, those that were over a moment ago included; one more is refused.
const CALLS: usize = 10_000;

/// The most calls of one account that go on at once: more than anybody can hold. One more is refused, and does not ring.
const OF_ONE: usize = 8;

/// The most people who are called at once; more is refused.
const CALLEES: usize = 24;

/// The most calls of one account that are told, those that are over included: the oldest are left out.
pub(crate) const TOLD: usize = 32;

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    id: CallId,
    room: RoomName,
    video: bool,
    began: u64,
    answered: Option<u64>,
    ended: Option<u64>,
    /// The caller first. Bounded by [`CALLEES`].
    legs: Vec<Leg>,
    /// How many are in the room beside the parties: then it goes on without them.
    guests: usize,
}

/// What a call wants of its room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The call is over, and the room with it.
    End(RoomName),
    /// Somebody hung up, on whatever device, and is not to be left in there.
    Remove(RoomName, AccountId),
}

/// Somebody who is called, or calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callee {
    /// Who.
    pub account: AccountId,
    /// The name that is shown.
    pub name: String,
    /// Where the picture of the account is.
    pub avatar: Option<String>,
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

/// All calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    calls: BTreeMap<CallId, Call>,
    /// The calls of each account, the oldest first.
    of: BTreeMap<AccountId, BTreeSet<CallId>>,
    rooms: BTreeMap<RoomName, CallId>,
    /// Counts what devices are told.
    number: u64,
    /// What rooms have to do; taken by the hub when the input is done.
    wishes: Vec<Wish>,
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
            self.act(desk, devices, theirs, caller.account, CallAct::Answer { device })?;
            return Ok(theirs);
        }
        if self.calls.len() >= CALLS || self.living(caller.account).count() >= OF_ONE {
            return Err(Refusal::TooMany);
        }
        let mut own = Leg::new(caller.account, caller.name, caller.avatar, Stage::Connecting);
        own.on = Some(device);
        let mut legs = vec![own];
        for Callee { account, name, avatar } in callees {
            let over = |why| Stage::Ended { why };
            let stage = match devices.presence(account) {
                Presence::Offline => over(Why::Unreachable),
                Presence::DoNotDisturb => over(Why::DoNotDisturb),
                Presence::InCall if !anyway => over(Why::Busy),
                _ if self.living(account).count() >= OF_ONE => over(Why::Busy),
                _ => Stage::Dialing,
            };
            legs.push(Leg::new(account, name, avatar, stage));
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
        let call = Call { id, room, video, began: desk.unix_ms(), answered: None, ended: None, legs, guests: 0 };
        self.calls.insert(id, call);
        self.settle(desk, id);
        Ok(id)
    }

    /// A party does something with a call.
    pub(crate) fn act(
        &mut self,
        desk: &mut Desk,
        devices: &Devices,
        id: CallId,
        account: AccountId,
        act: CallAct,
    ) -> Result<(), Refusal> {
        let call = self.calls.get_mut(&id).ok_or(Refusal::NotFound)?;
        let leg = call.legs.iter_mut().find(|leg| leg.account == account).ok_or(Refusal::NotFound)?;
        let changed = match act {
            CallAct::Ring { device } => {
                if !devices.has(account, &device) {
                    return Err(Refusal::NotFound);
                }
                leg.stage().rings() && leg.rings.insert(device) | leg.take(Happens::Rings)
            }
            CallAct::Answer { device } => match (leg.stage(), &leg.on) {
                (Stage::Dialing | Stage::Ringing, _) => {
                    leg.on = Some(device);
                    desk.after(COMING, Timer::RingEnds(id, account));
                    leg.take(Happens::Answers)
                }
                (Stage::Connecting | Stage::Active, Some(on)) if *on == device => false,
                (Stage::Connecting | Stage::Active, _) => return Err(Refusal::AnsweredElsewhere),
                (Stage::Ended { .. }, _) => return Err(Refusal::CallOver),
            },
            CallAct::Decline { reply } => {
                if leg.stage().rings() {
                    leg.reply = reply;
                }
                leg.take(Happens::Declines)
            }
            CallAct::End => leg.take(Happens::Ends),
        };
        if leg.stage() == (Stage::Ended { why: Why::HungUp }) && changed {
            self.wishes.push(Wish::Remove(call.room.clone(), account));
        }
        if changed {
            self.settle(desk, id);
        }
        Ok(())
    }

    /// The room of a call has these accounts in, and so many others.
    pub(crate) fn present(&mut self, desk: &mut Desk, room: &RoomName, present: &BTreeSet<AccountId>, others: usize) {
        let Some(id) = self.rooms.get(room).copied() else { return };
        let Some(call) = self.calls.get_mut(&id) else { return };
        let mut changed = false;
        let mut parties = 0;
        for leg in &mut call.legs {
            let is_in = present.contains(&leg.account);
            changed |= leg.take(if is_in { Happens::Comes } else { Happens::Goes });
            parties += usize::from(is_in && leg.stage() == Stage::Active);
        }
        // Who declined and came by the link after all is a guest.
        let guests = others + present.len() - parties;
        changed |= std::mem::replace(&mut call.guests, guests) != guests;
        if changed {
            self.settle(desk, id);
        }
    }

    /// The last connection of somebody in the room of a call was lost, and is waited for no longer.
    pub(crate) fn lost(&mut self, desk: &mut Desk, room: &RoomName, account: AccountId) {
        let Some(id) = self.rooms.get(room).copied() else { return };
        let leg = self.calls.get_mut(&id).and_then(|call| call.legs.iter_mut().find(|leg| leg.account == account));
        if leg.is_some_and(|leg| leg.take(Happens::Vanishes)) {
            self.settle(desk, id);
        }
    }

    /// The room of a call has ended, whoever did it.
    pub(crate) fn room_ended(&mut self, desk: &mut Desk, room: &RoomName) {
        let Some(id) = self.rooms.get(room).copied() else { return };
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.guests = 0;
        call.desert(|_| true);
        self.settle(desk, id);
    }

    /// A device of somebody is there no more.
    pub(crate) fn device_gone(&mut self, desk: &mut Desk, account: AccountId, device: &DeviceKey) {
        for id in self.of.get(&account).cloned().unwrap_or_default() {
            let leg = self.calls.get_mut(&id).and_then(|call| call.legs.iter_mut().find(|leg| leg.account == account));
            if let Some(leg) = leg
                && leg.rings.remove(device)
            {
                if leg.rings.is_empty() {
                    leg.take(Happens::Silent);
                }
                self.settle(desk, id);
            }
        }
    }

    /// The time for ringing, or for coming in, is over.
    pub(crate) fn ring_ended(&mut self, desk: &mut Desk, id: CallId, account: AccountId) {
        let leg = self.calls.get_mut(&id).and_then(|call| call.legs.iter_mut().find(|leg| leg.account == account));
        if leg.is_some_and(|leg| leg.take(Happens::TimeOver)) {
            self.settle(desk, id);
        }
    }

    /// A call has been over for long enough.
    pub(crate) fn forget(&mut self, desk: &mut Desk, id: CallId) {
        let Some(call) = self.calls.remove(&id) else { return };
        for leg in &call.legs {
            if let Some(own) = self.of.get_mut(&leg.account) {
                own.remove(&id);
                if own.is_empty() {
                    self.of.remove(&leg.account);
                }
            }
            desk.stirred_calls.insert(leg.account);
        }
    }

    /// Whether somebody is in a call, or on the way into one.
    pub(crate) fn engages(&self, account: AccountId) -> bool {
        self.living(account).any(|(_, leg)| leg.is_engaged())
    }

    /// Whether nothing is left of any.
    pub(crate) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.of.is_empty() && self.rooms.is_empty() && self.wishes.is_empty()
    }

    /// What rooms have to do now.
    pub(crate) fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// The call with which `caller` rings `callee` alone.
    fn calling(&self, caller: AccountId, callee: AccountId) -> Option<CallId> {
        let mut calls = self.living(callee).filter(|(call, leg)| {
            let rings = leg.stage().rings() && call.legs.len() == 2;
            rings && call.legs.first().is_some_and(|first| first.account == caller && first.is_engaged())
        });
        calls.next().map(|(call, _)| call.id)
    }

    /// The calls that somebody has to do with, and that are not over for them.
    fn living(&self, account: AccountId) -> impl Iterator<Item = (&Call, &Leg)> {
        let own = self.of.get(&account).into_iter().flatten().filter_map(|id| self.calls.get(id));
        let legs = own.filter_map(move |call| Some((call, call.legs.iter().find(|leg| leg.account == account)?)));
        legs.filter(|(_, leg)| !leg.stage().is_over())
    }

    /// Draws the consequences of a change: ends what nobody is left in, sees to the timers, tells and keeps it.
    fn settle(&mut self, desk: &mut Desk, id: CallId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let now = desk.unix_ms();
        call.draw_consequences();
        let called_in = call.legs.iter().skip(1).any(|leg| leg.stage() == Stage::Active);
        if called_in && call.answered.is_none() {
            call.answered = Some(now);
        }
        for leg in &call.legs {
            if !leg.stage().rings() && leg.stage() != Stage::Connecting {
                desk.timers.clear(Timer::RingEnds(id, leg.account));
            }
            desk.stirred_people.insert(leg.account);
            desk.stirred_calls.insert(leg.account);
        }
        if call.ended.is_none() && call.legs.iter().all(|leg| leg.stage().is_over()) {
            call.ended = Some(now);
            desk.after(REMEMBERED, Timer::CallForgotten(id));
            self.rooms.remove(&call.room);
            // Those who are left in by a link go on as a meeting.
            if call.guests < 2 {
                self.wishes.push(Wish::End(call.room.clone()));
            }
        }
        desk.keep_call(call.record());
    }
}

impl Call {
    /// Ends legs until what is left makes sense.
    fn draw_consequences(&mut self) {
        let engaged = |call: &Self| call.legs.iter().filter(|leg| leg.is_engaged()).count() + call.guests;
        let may_come = |call: &Self| call.legs.iter().filter(|leg| leg.stage().rings()).count();
        // Nobody rings others without being there, or on the way.
        if engaged(self) == 0 {
            self.desert(|leg| leg.stage().rings());
        }
        if engaged(self) + may_come(self) < 2 {
            self.desert(|_| true);
        }
    }

    fn desert(&mut self, whom: impl Fn(&Leg) -> bool) {
        for leg in self.legs.iter_mut().filter(|leg| whom(leg)) {
            leg.take(Happens::Deserted);
        }
    }
}
