//! What the devices of a party are told of their calls: always all of them, whole, with who else is called and how far each is. On
//! how many devices somebody rings, and what was said when declining, is the business of whoever called them alone.

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
        leave_out(&mut views);
        views
    }
}

/// Leaves the oldest out of those that are over for the party, until there are no more than [`TOLD`]. Those that go on for it are
/// never left out: there are fewer of them than that.
fn leave_out(views: &mut Vec<View>) {
    let mut beyond = views.len().saturating_sub(TOLD);
    views.retain(|view| {
        let stays = beyond == 0 || !view.stage.is_over();
        beyond -= usize::from(!stays);
        stays
    });
}

/// A call out of the history of one of its parties, as it was kept. Nothing when it was none, or has blocked the caller.
pub fn past_call(record: &CallRecord, account: AccountId) -> Option<View> {
    let own = record.own(account)?;
    let caller = record.legs.first()?.account;
    let outgoing = caller == account;
    let times = |of| record.legs.iter().filter(|leg| leg.account == of).count();
    let party = |leg: &LegRecord| Party {
        account: leg.account,
        name: leg.name.clone(),
        avatar: leg.avatar.clone(),
        caller: leg.account == caller,
        stage: leg.stage,
        forwarder: leg.forwarder,
        times: u32::try_from(times(leg.account)).ok().filter(|times| *times > 1),
        devices: 0,
        reply: leg.reply.clone().filter(|_| leg.by.unwrap_or(caller) == account),
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
        held: own.held,
        returned: own.returned.clone(),
        forwarder: own.forwarder,
        on: own.device.clone().map(|device| On { device, name: String::new() }),
        declined: None,
        others: record.parties().filter(|leg| leg.account != account).map(party).collect(),
    })
}

impl Call {
    fn view(&self, devices: &Devices, account: AccountId) -> Option<View> {
        let mut view = past_call(&self.record(), account)?;
        if let Some(on) = &mut view.on {
            on.name = devices.name(account, &on.device);
        }
        view.declined = self.leg(account).and_then(|leg| leg.declined.clone());
        let caller = self.legs.first()?.account;
        for party in &mut view.others {
            let leg = self.leg(party.account).filter(|leg| leg.by.unwrap_or(caller) == account);
            party.devices = leg.map_or(0, |leg| u32::try_from(leg.rings.len()).unwrap_or(u32::MAX));
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

#[cfg(test)]
mod tests {
    use proto::call::{Stage, Why};

    use super::*;

    fn leg(account: u128, stage: Stage) -> LegRecord {
        LegRecord {
            account: AccountId::from(account),
            name: String::new(),
            avatar: None,
            stage,
            device: None,
            reply: None,
            held: None,
            by: None,
            back: None,
            returned: None,
            forwarder: None,
            barred: false,
        }
    }

    fn record(number: u128, ended: Option<u64>, legs: Vec<LegRecord>) -> CallRecord {
        let room = "call".parse().expect("a name");
        CallRecord { id: number.into(), room, video: false, began: 0, answered: Some(1), ended, legs }
    }

    fn view(number: u128, stage: Stage, ended: Option<u64>) -> View {
        let legs = vec![leg(1, Stage::Active), leg(2, stage), leg(3, Stage::Active)];
        past_call(&record(number, ended, legs), AccountId::from(2)).expect("a party")
    }

    #[test]
    fn who_is_called_again_is_told_apart_from_who_was_called_once() {
        let busy = Stage::Ended { why: Why::Busy };
        let mut legs = vec![leg(1, Stage::Active), leg(2, Stage::Active), leg(3, busy)];
        let third = |legs: &[LegRecord]| {
            let view = past_call(&record(1, None, legs.to_owned()), AccountId::from(1)).expect("a party");
            let [second, third] = &view.others[..] else { panic!("each once") };
            assert_eq!(second.times, None);
            (third.stage, third.times)
        };
        assert_eq!(third(&legs), (busy, None));
        legs.push(leg(3, busy));
        assert_eq!(third(&legs), (busy, Some(2)), "found busy again");
    }

    #[test]
    fn the_oldest_that_are_over_for_the_party_are_left_out() {
        let declined = Stage::Ended { why: Why::Declined };
        let mut views = vec![view(0, Stage::Ringing, None)];
        views.extend((1..21).map(|number| view(number, declined, Some(2))));
        // The others talk on.
        views.extend((21..41).map(|number| view(number, declined, None)));
        leave_out(&mut views);
        let left: Vec<u128> = views.iter().map(|view| view.id.into()).collect();
        assert_eq!(left, std::iter::once(0).chain(10..41).collect::<Vec<u128>>());
    }
}
