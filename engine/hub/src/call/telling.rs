//! What the devices of a party are told of their calls: always all of them, whole. Who else rings, and on how many devices,
//! is the caller's business alone.

use proto::{
    AccountId, CallId,
    api::{Call as View, Event, On, Party},
    call::{CallRecord, LegRecord},
};

use super::{Call, Calls, Leg, TOLD};
use crate::{desk::Desk, presence::Devices};

impl Calls {
    /// Tells all devices of an account of its calls.
    pub(crate) fn tell(&mut self, desk: &mut Desk, devices: &Devices, account: AccountId) {
        let lines = devices.lines(account);
        if lines.is_empty() {
            return;
        }
        self.number += 1;
        let calls = self.views(devices, account);
        for line in lines {
            desk.tell_line(line, Event::Calls { number: self.number, calls: calls.clone() });
        }
    }

    /// A call as a party sees it.
    pub(crate) fn view(&self, devices: &Devices, id: CallId, account: AccountId) -> Option<View> {
        self.calls.get(&id)?.view(devices, account)
    }

    fn views(&self, devices: &Devices, account: AccountId) -> Vec<View> {
        let own = self.of.get(&account).into_iter().flatten();
        let mut views: Vec<View> = own.filter_map(|id| self.view(devices, *id, account)).collect();
        if views.len() > TOLD {
            // Those that go on are never left out: there are fewer of them than that.
            let mut over = views.len() - TOLD;
            views.retain(|view| view.ended.is_none() || std::mem::take(&mut over) == 0);
        }
        views
    }
}

/// A call out of the history of one of its parties, as it was kept. Nothing when it was none.
pub fn past_call(record: &CallRecord, account: AccountId) -> Option<View> {
    let own = record.legs.iter().find(|leg| leg.account == account)?;
    let caller = record.legs.first()?.account;
    let outgoing = caller == account;
    let party = |leg: &LegRecord| Party {
        account: leg.account,
        name: leg.name.clone(),
        avatar: leg.avatar.clone(),
        caller: leg.account == caller,
        stage: leg.stage,
        devices: 0,
        reply: leg.reply.clone().filter(|_| outgoing),
    };
    Some(View {
        id: record.id,
        code: record.room.to_string(),
        video: record.video,
        outgoing,
        began: record.began,
        answered: record.answered,
        ended: record.ended,
        stage: own.stage,
        on: own.device.clone().map(|device| On { device, name: String::new() }),
        others: record.legs.iter().filter(|leg| leg.account != account).map(party).collect(),
    })
}

impl Call {
    fn view(&self, devices: &Devices, account: AccountId) -> Option<View> {
        let mut view = past_call(&self.record(), account)?;
        if let Some(on) = &mut view.on {
            on.name = devices.name(account, &on.device);
        }
        if view.outgoing {
            for party in &mut view.others {
                let leg = self.legs.iter().find(|leg| leg.account == party.account);
                party.devices = leg.map_or(0, |leg| u32::try_from(leg.rings.len()).unwrap_or(u32::MAX));
            }
        }
        Some(view)
    }

    /// What is kept of it.
    pub(super) fn record(&self) -> CallRecord {
        CallRecord {
            id: self.id,
            room: self.room.clone(),
            video: self.video,
            began: self.began,
            answered: self.answered,
            ended: self.ended,
            legs: self.legs.iter().map(Leg::record).collect(),
        }
    }
}
