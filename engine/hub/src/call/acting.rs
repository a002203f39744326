//! What the parties of a call do with it.

use proto::{
    AccountId, CallId, DeviceKey, Refusal,
    api::{CallAct, On},
    call::Stage,
};

use super::{COMING, Callee, Calls, Happens};
use crate::{desk::Desk, presence::Devices, timers::Timer};

/// What a party does with a call.
#[derive(Debug)]
pub(crate) struct Deed {
    /// Which call.
    pub(crate) call: CallId,
    /// Who.
    pub(crate) account: AccountId,
    /// What.
    pub(crate) act: CallAct,
    /// Whom the act names, where it names somebody.
    pub(crate) named: Option<Callee>,
    /// What the device is called that it came from; empty where nobody said so.
    pub(crate) agent: String,
}

impl Calls {
    /// A party does something with a call.
    pub(crate) fn act(&mut self, desk: &mut Desk, devices: &Devices, deed: Deed) -> Result<(), Refusal> {
        let Deed { call: id, account, act, named, agent } = deed;
        let now = desk.unix_ms();
        let call = self.calls.get_mut(&id).ok_or(Refusal::NotFound)?;
        let is_in = call.inside.contains(&account);
        let leg = call.leg_mut(account).filter(|leg| !leg.barred).ok_or(Refusal::NotFound)?;
        // On which device the party has another call no more.
        let mut leaves = None;
        let changed = match act {
            CallAct::Ring { device } => {
                if !devices.has(account, &device) {
                    return Err(Refusal::NotFound);
                }
                leg.stage().rings() && leg.rings.insert(device) | leg.take(Happens::Rings)
            }
            CallAct::Answer { device, hold } => match (leg.stage(), &leg.on) {
                (Stage::Dialing | Stage::Ringing, _) => {
                    leaves = hold.then(|| device.clone());
                    leg.on = Some(device);
                    desk.after(COMING, Timer::RingEnds(id, account));
                    leg.take(Happens::Answers)
                }
                (Stage::Connecting | Stage::Active | Stage::Held, Some(on)) if *on == device => false,
                (Stage::Connecting | Stage::Active | Stage::Held, _) => return Err(Refusal::AnsweredElsewhere),
                (Stage::Ended { .. }, _) => return Err(Refusal::CallOver),
            },
            CallAct::Decline { device, reply } => {
                if leg.stage().rings() {
                    leg.reply = reply;
                    // A browser that was woken has no page here, and so no name that is known here.
                    leg.declined = device.map(|device| {
                        let name = if agent.is_empty() { devices.name(account, &device) } else { agent };
                        On { device, name }
                    });
                }
                leg.take(Happens::Declines)
            }
            CallAct::End => leg.take(Happens::Ends),
            CallAct::Hold => leg.hold(now),
            CallAct::Resume { device } => {
                if leg.stage().is_over() {
                    return Err(Refusal::CallOver);
                }
                let resumed = leg.take(Happens::Resumes);
                if resumed {
                    leg.on = Some(device.clone());
                    leaves = Some(device);
                    desk.after(COMING, Timer::RingEnds(id, account));
                    if is_in {
                        leg.take(Happens::Comes);
                    }
                }
                resumed
            }
            CallAct::Merge { with } => return self.unite(desk, id, account, with, false),
            CallAct::HandOver { with } => return self.unite(desk, id, account, with, true),
            CallAct::Add { .. } => return self.add(desk, devices, id, account, named, false),
            CallAct::Transfer { .. } => return self.add(desk, devices, id, account, named, true),
        };
        if changed {
            self.settle(desk, id);
        }
        if let Some(device) = leaves {
            self.hold_others(desk, account, &device, id);
        }
        Ok(())
    }

    /// Puts the calls of somebody on hold that a device is in, but for one.
    pub(super) fn hold_others(&mut self, desk: &mut Desk, account: AccountId, device: &DeviceKey, but: CallId) {
        let now = desk.unix_ms();
        for id in self.of.get(&account).cloned().unwrap_or_default() {
            let Some(leg) = self.calls.get_mut(&id).and_then(|call| call.leg_mut(account)) else { continue };
            if id != but && leg.on.as_ref().is_none_or(|on| on == device) && leg.hold(now) {
                self.settle(desk, id);
            }
        }
    }
}
