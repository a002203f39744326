//! Where calls go that are not to ring: to somebody else, or to a message.
//!
//! **A call goes on once**: what the one wants to whom it is forwarded is not looked at, so that there are no circles. Nobody has two legs
//! for it: whoever has to do with the call already is not rung a second time, and it rings as without the wish.

use proto::{
    AccountId, CallId,
    call::{Stage, Why},
};

use super::{Callee, Calls, Happens, LEGS, Leg};
use crate::{desk::Desk, presence::Devices, timers::Timer};

/// Where a call goes that is not to ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Onward {
    /// To somebody else. They are barred when they have blocked the caller, or whoever forwards.
    Person(Box<Callee>),
    /// To a message.
    Voicemail,
}

/// What somebody wants of calls to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Where all of them go.
    pub always: Option<Onward>,
    /// Where those go that find them in a call, or not to be disturbed.
    pub busy: Option<Onward>,
    /// Where those go that nobody answered, or that find no device.
    pub unanswered: Option<Onward>,
}

impl Calls {
    /// The legs with which a call to somebody begins: their own, and that of whoever they let such calls ring. `taken`: who has to do
    /// with the call already.
    pub(super) fn new_legs(
        &self,
        devices: &Devices,
        mut callee: Callee,
        caller: AccountId,
        anyway: bool,
        taken: impl Fn(AccountId) -> bool,
    ) -> Vec<Leg> {
        let Wishes { always, busy, unanswered } = std::mem::take(&mut callee.wishes);
        let account = callee.account;
        let can = |onward: &Onward| match onward {
            Onward::Person(other) => other.account != account && !taken(other.account),
            Onward::Voicemail => true,
        };
        let mut own = self.new_leg(devices, callee, caller, anyway);
        // Whoever is blocked finds nobody, and nobody else by that.
        if own.barred {
            return vec![own];
        }
        let onward = always.filter(can).or(match own.stage() {
            Stage::Ended { why: Why::Busy | Why::DoNotDisturb } => busy.filter(can),
            Stage::Ended { why: Why::Unreachable } => unanswered.filter(can),
            _ => {
                own.unanswered = unanswered;
                None
            }
        });
        match onward {
            None => vec![own],
            Some(Onward::Voicemail) => vec![own.instead(Why::Voicemail)],
            Some(Onward::Person(other)) => {
                let next = self.forwarded(devices, *other, account, caller);
                vec![own.instead(Why::Forwarded), next]
            }
        }
    }

    /// The leg of somebody to whom another lets a call ring.
    fn forwarded(&self, devices: &Devices, to: Callee, forwarder: AccountId, caller: AccountId) -> Leg {
        let barred = to.barred || devices.blocks(to.account, forwarder);
        let mut leg = self.new_leg(devices, Callee { barred, ..to }, caller, false);
        leg.forwarder = Some(forwarder);
        leg
    }

    /// Somebody has been rung for long enough: lets the call go where they want it then. `false` when they want it nowhere.
    pub(super) fn forward_unanswered(
        &mut self,
        desk: &mut Desk,
        devices: &Devices,
        id: CallId,
        account: AccountId,
    ) -> bool {
        let Some(call) = self.calls.get(&id) else { return false };
        let Some(leg) = call.leg(account).filter(|leg| leg.stage().rings()) else { return false };
        let caller = leg.by.or(call.legs.first().map(|first| first.account)).unwrap_or(account);
        let next = match leg.unanswered.clone() {
            None => return false,
            Some(Onward::Voicemail) => None,
            Some(Onward::Person(to)) if call.knows(to.account) || call.legs.len() >= LEGS => return false,
            Some(Onward::Person(to)) => Some(self.forwarded(devices, *to, account, caller)),
        };
        let Some(call) = self.calls.get_mut(&id) else { return false };
        let Some(leg) = call.leg_mut(account) else { return false };
        let Some(mut next) = next else { return leg.take(Happens::Records) };
        leg.take(Happens::Forwards);
        next.by = leg.by;
        if next.stage().rings() {
            // Whoever left the others to the one is rung again when the other does not come.
            next.back = leg.back.take();
            desk.after(desk.config.rings, Timer::RingEnds(id, next.account));
        }
        self.of.entry(next.account).or_default().insert(id);
        call.legs.push(next);
        true
    }
}
