//! What is kept of calls in a play, and that every line knows the same.

use std::collections::BTreeSet;

use proto::{
    AccountId,
    call::{CallRecord, LegRecord, Stage, Why},
};

use super::{PEOPLE, Play};

impl Play<'_> {
    pub(super) fn keep(&mut self, record: CallRecord) {
        self.changed.insert(record.id);
        self.check_forwarded(&record);
        let Some(before) = self.kept.insert(record.id, record.clone()) else {
            assert!(self.newest.replace(record.id) < Some(record.id), "what was over is kept again");
            return;
        };
        assert!(before.ended.is_none(), "what is over is over: {before:?} became {record:?}");
        assert!(before.legs.len() <= record.legs.len(), "a leg was lost");
        for (was, is) in before.legs.iter().zip(&record.legs) {
            assert!(!was.stage.is_over() || was.stage == is.stage, "a leg came back: {was:?}, {is:?}");
            let answered = matches!(was.stage, Stage::Connecting | Stage::Active | Stage::Held);
            assert!(!(answered && is.stage.rings()), "it rings after the answer: {was:?}, {is:?}");
            if was.stage != is.stage {
                *self.seen.entry(format!("{:?}", is.stage)).or_default() += 1;
            }
        }
    }

    /// A call goes on once, and to nobody who has blocked the caller or whoever forwards.
    pub(super) fn check_forwarded(&mut self, record: &CallRecord) {
        let known = self.kept.get(&record.id).map_or(0, |before| before.legs.len());
        for (place, leg) in record.legs.iter().enumerate().skip(known) {
            let Some(forwarder) = leg.forwarder else { continue };
            // It came along from a call that became part of this one: whoever forwards is named here as well.
            let rang = |other: &CallRecord| {
                other.id != record.id
                    && other
                        .own(leg.account)
                        .is_some_and(|leg| leg.forwarder == Some(forwarder) && !leg.stage.is_over())
            };
            if leg.by.is_some() && self.kept.values().any(rang) {
                assert!(record.legs.iter().any(|of| of.account == forwarder), "{record:?}");
                continue;
            }
            let over = Stage::Ended { why: Why::Forwarded };
            let forwards =
                |of: &&LegRecord| of.account == forwarder && of.stage == over && of.forwarder.is_none() && !of.barred;
            assert_eq!(
                record.legs[..place].iter().rev().find(forwards).map(|of| of.account),
                Some(forwarder),
                "{record:?}"
            );
            assert_ne!(
                leg.stage,
                Stage::Ended { why: Why::Voicemail },
                "what the other wants is not looked at: {record:?}"
            );
            assert!(!record.legs[..place].iter().any(|of| of.account == leg.account), "rung twice: {record:?}");
            let blocks = |whom| self.blocked.get(&leg.account) == Some(&whom);
            let caller = leg.by.unwrap_or(record.legs[0].account);
            let is_here = self.lines.values().any(|(whose, _)| *whose == leg.account);
            assert!(leg.barred || !is_here || !(blocks(caller) || blocks(forwarder)), "{record:?}");
            let what = if leg.stage.rings() { "forwarded" } else { "forwarded for nothing" };
            *self.seen.entry(what.to_owned()).or_default() += 1;
        }
    }

    /// Who is in a call, or in a room.
    fn engaged(&self) -> BTreeSet<AccountId> {
        let legs = self.kept.values().flat_map(CallRecord::parties);
        let talk = legs.filter(|leg| matches!(leg.stage, Stage::Connecting | Stage::Active | Stage::Held));
        let meet = self.peers.values().map(|(account, _)| *account);
        talk.map(|leg| leg.account).chain(meet).collect()
    }

    /// What holds after every step: every line of every party knows what is kept.
    pub(super) fn check(&mut self) {
        self.check_flows();
        self.waiting.talk(self.kept.values());
        self.waiting.check(self.now, &self.finding, &self.lines);
        let here: BTreeSet<AccountId> = self.lines.values().map(|(account, _)| *account).collect();
        for whose in &here {
            let hidden = here.iter().filter(|by| self.hides(*whose, **by)).count();
            *self.seen.entry("hidden".to_owned()).or_default() += hidden;
        }
        // At once, and also of those who are not here.
        for (line, (by, _)) in &self.lines {
            for other in (0..PEOPLE).map(super::account) {
                let hidden = self.finding.is_hidden(*line, other);
                assert_eq!(hidden, self.hides(other, *by), "whether {other} is hidden from {by}, as {line:?} was told");
            }
        }
        for found in self.finding.check(self.now, &self.engaged(), &self.unseen()) {
            *self.seen.entry(format!("found {found:?}")).or_default() += 1;
        }
        for id in std::mem::take(&mut self.changed) {
            let record = &self.kept[&id];
            let over = record.legs.iter().all(|leg| leg.stage.is_over());
            let unreached = |leg: &LegRecord| !leg.barred || leg.stage == Stage::Ended { why: Why::Unreachable };
            assert!(record.legs.iter().all(unreached), "{record:?}");
            assert_eq!(record.ended.is_some(), over, "a call is over when nobody is in it or may come: {record:?}");
            for leg in record.parties() {
                let woken = self.woken.contains_key(&(id, leg.account));
                assert_eq!(woken, leg.stage.rings(), "browsers that are not here know otherwise: {record:?}");
            }
            for (line, (account, _)) in &self.lines {
                let (_, calls) = &self.told[line];
                let Some(own) = record.own(*account) else {
                    assert!(calls.iter().all(|call| call.id != id), "told of a call that is not theirs: {record:?}");
                    continue;
                };
                let Some(call) = calls.iter().find(|call| call.id == id) else {
                    assert!(
                        own.stage.is_over() && calls.len() == crate::call::TOLD,
                        "a line was not told of {record:?}"
                    );
                    continue;
                };
                assert_eq!((call.stage, call.ended), (own.stage, record.ended), "a line knows another stage: {call:?}");
                let kept = record.parties().filter(|leg| leg.account != *account).map(|leg| (leg.account, leg.stage));
                let told = call.others.iter().map(|party| (party.account, party.stage));
                assert!(told.eq(kept), "a line knows other stages than are kept: {call:?}, {record:?}");
            }
            if over {
                self.kept.remove(&id);
            }
        }
    }
}
