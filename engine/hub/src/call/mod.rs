//! Calls: a ring, and what comes of it.
//!
//! A call is carried by a room. It begins with the caller on the way into that room and a leg for everybody who is called;
//! `leg` says what can become of each. A party is in when the room has them in, whatever way they came. **A call is over when
//! fewer than two people are in it or may still come; then its room is ended too.** What devices are told is always the whole of
//! their calls (`telling`), so that nothing they missed can make them ring for nothing. How calls become one, and how people come
//! into one that goes on, is `joining`.

mod acting;
mod forwarding;
mod joining;
mod leg;
mod placing;
mod recalling;
mod telling;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proto::{AccountId, CallId, DeviceKey, RoomName, call::Stage};

use crate::{Happening, desk::Desk, presence::Devices, timers::Timer};

pub(crate) use acting::Deed;
pub use forwarding::{Onward, Wishes};
pub(crate) use leg::{Happens, Leg};
pub use placing::{CALLEES, Callee, Placed};
pub use recalling::broken_off;
pub use telling::past_call;

/// How long it rings when the operator set nothing else: six or seven rings of a telephone.
pub(crate) const RINGS: Duration = Duration::from_secs(30);

/// How long somebody who placed or answered a call may take until they are in the room: a slow telephone that has to ask for
/// its microphone, and a try that failed.
const COMING: Duration = Duration::from_secs(30);

/// How long a device that has a line may take to say that it rings, until it is woken as one that has none: a page that is awake
/// says so within a moment, the slowest network included, and the line of a telephone that sleeps stands for a minute.
const HEARD: Duration = Duration::from_secs(3);

/// How long a call that is over is told of: a device that lost its line for a moment still learns what became of it.
const REMEMBERED: Duration = Duration::from_secs(60);

/// The most calls of one account that go on at once: more than anybody can hold. One more is refused, and does not ring.
const OF_ONE: usize = 8;

/// The most legs of one call, those included that are over: who is asked in again has one more. Nobody is asked in beyond that.
const LEGS: usize = 64;

/// The most calls of one account that are told: of those that are over for it, the oldest are left out.
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
    /// The caller first. Of one account the last counts, all before it are over. Bounded by twice [`LEGS`].
    legs: Vec<Leg>,
    /// Which accounts are in the room.
    inside: BTreeSet<AccountId>,
    /// How many are in the room beside the parties: then it goes on without them.
    guests: usize,
    /// Who the room knows to have it on hold.
    held: BTreeSet<AccountId>,
    /// Whether those outside of this server were told of it.
    heralded: bool,
}

/// What a call wants of others: of its room, or of the browsers of whom it rings for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The call is over, and the room with it.
    End(RoomName),
    /// A party's leg is over: they are not to be left in there, and come back by its door.
    Remove(RoomName, AccountId),
    /// Others than before have the call on hold.
    Hold(RoomName),
    /// It begins to ring for somebody, until then at most (milliseconds since 1970).
    Wake(CallId, AccountId, u64),
    /// It rings for somebody, and of the devices that have a line only these say so: the others may be asleep.
    WakeSilent(CallId, AccountId, u64, Vec<DeviceKey>),
    /// It rings for somebody no more.
    Hush {
        /// Which call.
        call: CallId,
        /// For whom.
        account: AccountId,
        /// Whether they have missed it.
        missed: bool,
        /// The devices that know.
        know: Vec<DeviceKey>,
        /// Whether it was over before devices that are silent were woken.
        early: bool,
    },
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
    /// What others have to do; taken by the hub when the input is done.
    wishes: Vec<Wish>,
}

impl Calls {
    /// The room of a call has these accounts in, and so many others; `strays` are out of it without having wished that.
    pub(crate) fn present(
        &mut self,
        desk: &mut Desk,
        room: &RoomName,
        present: &BTreeSet<AccountId>,
        others: usize,
        strays: &BTreeSet<AccountId>,
    ) {
        let Some(id) = self.rooms.get(room).copied() else { return };
        let Some(call) = self.calls.get_mut(&id) else { return };
        let mut changed = false;
        for leg in &mut call.legs {
            let is_in = present.contains(&leg.account);
            if !is_in && strays.contains(&leg.account) && leg.take(Happens::Strays) {
                desk.after(COMING, Timer::RingEnds(id, leg.account));
                changed = true;
            }
            changed |= leg.take(if is_in { Happens::Comes } else { Happens::Goes });
        }
        // Who declined and came by the link after all is a guest.
        let is_party = |account: &AccountId| call.leg(*account).is_some_and(|leg| !leg.stage().is_over());
        let guests = others + present.iter().filter(|account| !is_party(account)).count();
        call.inside.clone_from(present);
        changed |= std::mem::replace(&mut call.guests, guests) != guests;
        if changed {
            self.settle(desk, id);
        }
    }

    /// The last connection of somebody in the room of a call was lost, and is waited for no longer.
    pub(crate) fn lost(&mut self, desk: &mut Desk, room: &RoomName, account: AccountId) {
        let Some(id) = self.rooms.get(room).copied() else { return };
        let leg = self.calls.get_mut(&id).and_then(|call| call.leg_mut(account));
        // Whoever has it on hold need not be in the room, and whoever is on the way has a time of their own.
        if leg.is_some_and(|leg| leg.stage() == Stage::Active && leg.take(Happens::Vanishes)) {
            self.settle(desk, id);
        }
    }

    /// Whether somebody who has calls on hold is still to be found is looked at again.
    pub(crate) fn watch_held(&self, desk: &mut Desk, devices: &Devices, account: AccountId) {
        for (call, leg) in self.living(account).filter(|(_, leg)| leg.stage() == Stage::Held) {
            let timer = Timer::HeldEnds(call.id, leg.account);
            if call.inside.contains(&account) || !devices.lines(account).is_empty() {
                desk.timers.clear(timer);
            } else {
                desk.timers.set_once(timer, desk.now + desk.config.seat_kept);
            }
        }
    }

    /// Somebody who has a call on hold was nowhere for as long as a seat is kept.
    pub(crate) fn held_ended(&mut self, desk: &mut Desk, id: CallId, account: AccountId) {
        let leg = self.calls.get_mut(&id).and_then(|call| call.leg_mut(account));
        if leg.is_some_and(|leg| leg.take(Happens::Vanishes)) {
            self.settle(desk, id);
        }
    }

    /// The room of a call is there no more. `over`: it was ended, whoever did that; else nobody was in it.
    pub(crate) fn room_ended(&mut self, desk: &mut Desk, room: &RoomName, over: bool) {
        let Some(id) = self.rooms.get(room).copied() else { return };
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.guests = 0;
        call.inside.clear();
        if over {
            call.desert(|_| true);
        }
        self.settle(desk, id);
    }

    /// Who has the call of a room on hold.
    pub(crate) fn held_in(&self, room: &RoomName) -> BTreeSet<AccountId> {
        let call = self.rooms.get(room).and_then(|id| self.calls.get(id));
        call.map(Call::holders).unwrap_or_default()
    }

    /// Whether somebody takes part in the call of a room; `None` for whoever never did, and without a call that goes on.
    pub(crate) fn takes_part(&self, room: &RoomName, account: AccountId) -> Option<bool> {
        let leg = self.calls.get(self.rooms.get(room)?)?.leg(account)?;
        Some(!leg.stage().is_over())
    }

    /// A device of somebody is there no more.
    pub(crate) fn device_gone(&mut self, desk: &mut Desk, account: AccountId, device: &DeviceKey) {
        for id in self.of.get(&account).cloned().unwrap_or_default() {
            let leg = self.calls.get_mut(&id).and_then(|call| call.leg_mut(account));
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

    /// Somebody has no device any more, and it is not waited for that one comes back: whoever calls them is told so, unless a browser of
    /// theirs can be woken. Then all are: the one whose page closed was left out as long as it was there.
    pub(crate) fn nobody_there(&mut self, desk: &mut Desk, devices: &Devices, account: AccountId) {
        if !devices.here_of(account).is_empty() {
            return;
        }
        let rung = self.living(account).filter(|(_, leg)| leg.stage().rings() && !leg.wakes);
        let rung: Vec<CallId> = rung.map(|(call, _)| call.id).collect();
        for id in rung {
            self.ring_ended(desk, devices, id, account);
        }
        for id in self.of.get(&account).into_iter().flatten() {
            let leg = self.calls.get_mut(id).and_then(|call| call.leg_mut(account));
            let Some(leg) = leg.filter(|leg| leg.stage().rings() && !leg.alone) else { continue };
            if let Some(until) = desk.timers.due(Timer::RingEnds(*id, account)) {
                leg.alone = true;
                self.wishes.push(Wish::WakeSilent(*id, account, desk.unix_ms_at(until), Vec::new()));
            }
        }
    }

    /// It has rung for somebody for so long that each device that is awake has said so.
    pub(crate) fn ring_heard(&mut self, desk: &Desk, devices: &Devices, id: CallId, account: AccountId) {
        let leg = self.calls.get(&id).and_then(|call| call.leg(account));
        let Some(leg) = leg.filter(|leg| leg.stage().rings()) else { return };
        if devices.here_of(account).iter().any(|device| !leg.rings.contains(device)) {
            let until = desk.unix_ms_at(desk.now + desk.config.rings.saturating_sub(HEARD));
            self.wishes.push(Wish::WakeSilent(id, account, until, leg.rings.iter().cloned().collect()));
        }
    }

    /// The time for ringing, or for coming in, is over.
    pub(crate) fn ring_ended(&mut self, desk: &mut Desk, devices: &Devices, id: CallId, account: AccountId) {
        if self.forward_unanswered(desk, devices, id, account) {
            return self.settle(desk, id);
        }
        let leg = self.calls.get_mut(&id).and_then(|call| call.leg_mut(account));
        if leg.is_some_and(|leg| leg.take(if leg.was_in { Happens::Vanishes } else { Happens::TimeOver })) {
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
            if !leg.barred {
                desk.stirred_calls.insert(leg.account);
            }
        }
    }

    /// Whether somebody is in a call, or on the way into one.
    pub(crate) fn engages(&self, account: AccountId) -> bool {
        self.living(account).any(|(_, leg)| leg.is_engaged())
    }

    /// Whether two people talk to each other in a call.
    pub(crate) fn joins(&self, one: AccountId, other: AccountId) -> bool {
        let talks = |call: &Call, who| call.leg(who).is_some_and(|leg| leg.stage() == Stage::Active);
        self.living(one).any(|(call, _)| talks(call, one) && talks(call, other))
    }

    /// Whether a room carries a call that goes on.
    pub(crate) fn carries(&self, room: &RoomName) -> bool {
        self.rooms.contains_key(room)
    }

    /// Whether nothing is left of any.
    pub(crate) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.of.is_empty() && self.rooms.is_empty() && self.wishes.is_empty()
    }

    /// What others have to do now.
    pub(crate) fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// The calls that somebody has to do with, and that are not over for them.
    fn living(&self, account: AccountId) -> impl Iterator<Item = (&Call, &Leg)> {
        let own = self.of.get(&account).into_iter().flatten().filter_map(|id| self.calls.get(id));
        let legs = own.filter_map(move |call| Some((call, call.leg(account)?)));
        legs.filter(|(_, leg)| !leg.stage().is_over())
    }

    /// Draws the consequences of a change: ends what nobody is left in, sees to the timers, tells and keeps it.
    fn settle(&mut self, desk: &mut Desk, id: CallId) {
        self.bring_back(desk, id);
        let Some(call) = self.calls.get_mut(&id) else { return };
        let now = desk.unix_ms();
        call.draw_consequences();
        let called_in = call.legs.iter().skip(1).any(|leg| leg.stage() == Stage::Active);
        let answered_now = called_in && call.answered.is_none();
        if answered_now {
            call.answered = Some(now);
        }
        for leg in call.parties() {
            if !leg.stage().rings() && leg.stage() != Stage::Connecting {
                desk.timers.clear(Timer::RingEnds(id, leg.account));
            }
            if leg.stage() != Stage::Held {
                desk.timers.clear(Timer::HeldEnds(id, leg.account));
            }
        }
        for leg in call.legs.iter().filter(|leg| !leg.barred) {
            desk.stirred_people.insert(leg.account);
            desk.stirred_calls.insert(leg.account);
        }
        let until = desk.unix_ms_at(desk.now + desk.config.rings);
        for leg in call.legs.iter_mut().filter(|leg| leg.woken != leg.stage().rings()) {
            leg.woken = leg.stage().rings();
            let timer = Timer::RingHeard(id, leg.account);
            self.wishes.push(if leg.woken {
                desk.after(HEARD, timer);
                Wish::Wake(id, leg.account, until)
            } else {
                let early = desk.timers.runs(timer);
                desk.timers.clear(timer);
                Wish::Hush { call: id, account: leg.account, missed: leg.is_missed(), know: leg.knowing(), early }
            });
        }
        let room = call.room.clone();
        for leg in call.legs.iter_mut().filter(|leg| leg.stage().is_over() && !leg.shown_out) {
            leg.shown_out = true;
            self.wishes.push(Wish::Remove(room.clone(), leg.account));
        }
        let holders = call.holders();
        if call.held != holders {
            call.held = holders;
            self.wishes.push(Wish::Hold(room.clone()));
        }
        let ended_now = call.ended.is_none() && call.legs.iter().all(|leg| leg.stage().is_over());
        if ended_now {
            call.ended = Some(now);
            desk.after(REMEMBERED, Timer::CallForgotten(id));
            self.rooms.remove(&call.room);
            // Those who are left in by a link go on as a meeting.
            if call.guests < 2 {
                self.wishes.push(Wish::End(room));
            }
        }
        let record = call.record();
        if !std::mem::replace(&mut call.heralded, true) {
            desk.happened(Happening::CallStarted(record.clone()));
        }
        if answered_now {
            desk.happened(Happening::CallAnswered(record.clone()));
        }
        if ended_now {
            desk.happened(Happening::CallEnded(record.clone()));
        }
        desk.keep_call(record);
    }
}

impl Call {
    /// Whether somebody has or had to do with it, or is in its room.
    fn knows(&self, account: AccountId) -> bool {
        self.inside.contains(&account) || self.leg(account).is_some()
    }

    /// Whether it goes on for somebody, or they are in its room.
    fn has(&self, account: AccountId) -> bool {
        self.inside.contains(&account) || self.leg(account).is_some_and(|leg| !leg.stage().is_over())
    }

    /// The leg of somebody that counts.
    fn leg(&self, account: AccountId) -> Option<&Leg> {
        self.legs.iter().rev().find(|leg| leg.account == account)
    }

    fn leg_mut(&mut self, account: AccountId) -> Option<&mut Leg> {
        self.legs.iter_mut().rev().find(|leg| leg.account == account)
    }

    /// The legs that count.
    fn parties(&self) -> impl Iterator<Item = &Leg> {
        let last =
            |(place, leg): &(usize, &Leg)| self.legs.iter().skip(place + 1).all(|later| later.account != leg.account);
        self.legs.iter().enumerate().filter(last).map(|(_, leg)| leg)
    }

    /// Who has it on hold.
    fn holders(&self) -> BTreeSet<AccountId> {
        self.legs.iter().filter(|leg| leg.stage() == Stage::Held).map(|leg| leg.account).collect()
    }

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
