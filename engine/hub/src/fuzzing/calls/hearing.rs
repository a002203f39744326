//! What lines and browsers are told in a play of calls.

use std::collections::BTreeSet;

use proto::{
    AccountId, CallId, DeviceKey, LineId, Presence,
    api::{Contact, Event as ApiEvent, Reachable},
};

use super::{BEGAN, Play};

impl Play<'_> {
    pub(super) fn hear(&mut self, line: LineId, event: ApiEvent) {
        let Some(whose) = self.lines.get(&line) else {
            assert!(matches!(event, ApiEvent::Refused { .. }), "told a page that is not here");
            return;
        };
        match event {
            ApiEvent::Calls { number, calls } => {
                let before = self.told.get(&line).map_or(0, |(number, _)| *number);
                assert!(number > before, "numbers grow");
                for call in &calls {
                    assert!(call.others.iter().all(|party| party.account != whose.0), "nobody is their own other");
                }
                self.told.insert(line, (number, calls));
            }
            ApiEvent::Presence { person } => {
                let unseen = self.is_unseen(person.account, whose.0);
                assert!(!unseen || person.presence == Presence::Offline, "{whose:?} is not to see {person:?}");
                assert!(person.presence != Presence::Offline || person.note.is_none(), "{person:?}");
                assert!(!person.hidden || (person.presence, person.since) == (Presence::Offline, 0), "{person:?}");
                self.finding.told(line, person);
            }
            ApiEvent::People { people, awaited } => {
                self.waiting.told.insert(line, awaited.into_iter().map(|one| one.account).collect());
                let unseen = |person: &Reachable| self.is_unseen(person.account, whose.0) && !person.hidden;
                assert!(!people.iter().any(unseen), "{whose:?} is not to see all of {people:?}");
                self.finding.told_all(line, people);
            }
            ApiEvent::Awaited { people } => {
                drop(self.waiting.told.insert(line, people.into_iter().map(|one| one.account).collect()));
            }
            ApiEvent::Free { person: Contact { account, .. } } => {
                assert!(
                    !self.is_unseen(account, whose.0),
                    "{whose:?} is not to see {account}, and told that they are free"
                );
                self.waiting.free(&self.finding, line, whose.0, account);
                *self.seen.entry("free".to_owned()).or_default() += 1;
            }
            ApiEvent::CallsLooked | ApiEvent::Voicemail | ApiEvent::Refused { .. } => {}
            other => panic!("{other:?} for a page that attends no room"),
        }
    }

    pub(super) fn freed(&mut self, account: AccountId, here: &[DeviceKey]) {
        assert_eq!(here.iter().collect::<BTreeSet<_>>(), self.devices_of(account), "the devices of {account}");
        self.waiting.woken(account);
        *self.seen.entry("free, and not here".to_owned()).or_default() += usize::from(here.is_empty());
    }

    /// The devices of somebody that have a line.
    pub(super) fn devices_of(&self, account: AccountId) -> BTreeSet<&DeviceKey> {
        let own = self.lines.values().filter(|(whose, _)| *whose == account);
        own.map(|(_, device)| device).collect()
    }

    pub(super) fn wake(&mut self, call: CallId, account: AccountId, until: u64, here: &[DeviceKey]) {
        let times = self.woken.entry((call, account)).or_default();
        *times += 1;
        let (first, here) = (*times == 1, here.iter().collect::<BTreeSet<_>>());
        assert!(*times <= 3, "{account} is woken again and again for {call}");
        let all = self.devices_of(account);
        if first {
            assert!(until > BEGAN, "it rings until {until}");
            assert_eq!(here, all, "the devices of {account}");
            *self.seen.entry("woken".to_owned()).or_default() += usize::from(here.is_empty());
        } else {
            // When the last page is gone for good as well: then nobody is left out.
            let alone = all.is_empty() && here.is_empty();
            assert!(alone || !all.is_subset(&here), "all devices of {account} ring, and are woken");
            *self.seen.entry(if alone { "woken alone" } else { "woken again" }.to_owned()).or_default() += 1;
        }
    }
}
