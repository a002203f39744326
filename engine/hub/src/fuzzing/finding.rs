//! How everybody is to be found, worked out anew beside the play of `calls`: by who has which page, who touched it, what they say of
//! themselves, whom they have blocked or do not show themselves to, and what calls and rooms they are in. What every line was told last must be that.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, LineId, Presence,
    api::{MyPresence, Reachable},
    presence::Chosen,
};

use crate::presence::LOST;

/// By then everybody was told of what came too fast.
const SETTLED: Duration = Duration::from_secs(1);

/// What is true of people, and what each line was told of them.
#[derive(Default)]
pub(super) struct Finding {
    people: BTreeMap<AccountId, Known>,
    /// Whose each line is.
    lines: BTreeMap<LineId, AccountId>,
    /// What each line was told last of each.
    pub(super) seen: BTreeMap<LineId, BTreeMap<AccountId, Reachable>>,
    checked: Option<Instant>,
}

#[derive(Default)]
struct Known {
    /// What the person says of themselves, as it is kept.
    said: MyPresence,
    /// Their pages, with whether nobody has touched them for a while.
    pages: BTreeMap<LineId, bool>,
    /// Until when a last page that was lost is waited for.
    lost: Option<Instant>,
    /// Whether a page of theirs was there since they were last nowhere: whoever is in a room without one is not to be found.
    known: bool,
    /// When they were nowhere for the first time.
    nowhere: Option<Instant>,
    /// They were nowhere for less than others need to hear of it: what is found then depends on how much they had to hear.
    unsure: bool,
}

impl Finding {
    /// What somebody says of themselves.
    pub(super) fn said(&self, account: AccountId) -> MyPresence {
        self.people.get(&account).map(|known| known.said.clone()).unwrap_or_default()
    }

    /// Whether what comes with another page is believed no more: it was read before.
    pub(super) fn is_known(&self, account: AccountId) -> bool {
        self.people.get(&account).is_some_and(|known| !known.pages.is_empty())
    }

    /// Somebody says another thing of themselves.
    pub(super) fn choose(&mut self, account: AccountId, said: MyPresence) {
        self.people.entry(account).or_default().said = said;
    }

    /// A page says that it is there, and whether it is idle.
    pub(super) fn here(&mut self, now: Instant, line: LineId, account: AccountId, idle: bool) {
        if self.lines.get(&line).is_some_and(|whose| *whose != account) {
            self.gone(now, line, false);
        }
        self.lines.insert(line, account);
        let known = self.people.entry(account).or_default();
        known.pages.insert(line, idle);
        (known.known, known.lost, known.nowhere, known.unsure) = (true, None, None, false);
    }

    /// A page is gone: a last one is waited for, unless somebody signed out there.
    pub(super) fn gone(&mut self, now: Instant, line: LineId, signed_out: bool) {
        self.seen.remove(&line);
        let Some(known) = self.lines.remove(&line).and_then(|whose| self.people.get_mut(&whose)) else { return };
        known.pages.remove(&line);
        if known.pages.is_empty() {
            known.lost = (!signed_out).then_some(now + LOST);
        }
    }

    /// A line is told how everybody is to be found.
    pub(super) fn told_all(&mut self, line: LineId, people: Vec<Reachable>) {
        self.seen.insert(line, people.into_iter().map(|person| (person.account, person)).collect());
    }

    /// A line is told how one is to be found now.
    pub(super) fn told(&mut self, line: LineId, person: Reachable) {
        self.seen.entry(line).or_default().insert(person.account, person);
    }

    /// How a line finds somebody, by what it was told last.
    pub(super) fn presence(&self, line: LineId, account: AccountId) -> Presence {
        self.seen.get(&line).and_then(|seen| seen.get(&account)).map_or(Presence::Offline, |person| person.presence)
    }

    /// Whether a line was told last that somebody is hidden from it.
    pub(super) fn is_hidden(&self, line: LineId, account: AccountId) -> bool {
        self.seen.get(&line).and_then(|seen| seen.get(&account)).is_some_and(|person| person.hidden)
    }

    /// What holds after every step. `engaged`: who is in a call or a room; `unseen`: who is not to be seen by whom. Gives back how
    /// whoever was compared was found.
    pub(super) fn check(
        &mut self,
        now: Instant,
        engaged: &BTreeSet<AccountId>,
        unseen: &BTreeSet<(AccountId, AccountId)>,
    ) -> Vec<Presence> {
        for (account, known) in &mut self.people {
            known.settle(now, engaged.contains(account));
        }
        let settled = self.checked.is_some_and(|before| now >= before + SETTLED);
        self.checked = Some(now);
        if !settled {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (account, known) in self.people.iter().filter(|(_, known)| !known.unsure) {
            let right = known.right(engaged.contains(account));
            let note = Some(known.said.note.clone()).filter(|note| !note.is_empty());
            let mut since = BTreeSet::new();
            for (line, whose) in &self.lines {
                let told = self.seen.get(line).and_then(|seen| seen.get(account));
                let presence = told.map_or(Presence::Offline, |person| person.presence);
                if unseen.contains(&(*account, *whose)) {
                    assert_eq!(presence, Presence::Offline, "{whose} is not to see {account}, and told {told:?}");
                    continue;
                }
                assert!(right.contains(&presence), "{whose} is told {told:?}, and true of {account} is {right:?}");
                found.push(presence);
                if let Some(person) = told.filter(|_| presence != Presence::Offline) {
                    assert_eq!(person.note, note, "{whose} reads another note of {account}");
                    since.insert(person.since);
                }
            }
            assert!(since.len() <= 1, "people are told of {account} that it was so since {since:?}");
        }
        found
    }
}

impl Known {
    /// Notes whether the person is somewhere at all.
    fn settle(&mut self, now: Instant, engaged: bool) {
        self.lost = self.lost.filter(|until| *until > now);
        let is_somewhere = self.known && (engaged || !self.pages.is_empty() || self.lost.is_some());
        match self.nowhere {
            None if self.known && !is_somewhere => self.nowhere = Some(now),
            Some(since) if is_somewhere => {
                self.nowhere = None;
                self.unsure = now < since + SETTLED;
                self.known = self.unsure;
            }
            _ => {}
        }
        if self.unsure && !is_somewhere && self.nowhere.is_some_and(|since| now >= since + SETTLED) {
            (self.unsure, self.known) = (false, false);
        }
    }

    /// How the person is to be found: more than one where a last page was lost a moment ago, and nobody knows whether it was touched.
    fn right(&self, engaged: bool) -> &'static [Presence] {
        if !self.known || self.nowhere.is_some() {
            return &[Presence::Offline];
        }
        match self.said.chosen {
            Chosen::DoNotDisturb => &[Presence::DoNotDisturb],
            _ if engaged => &[Presence::InCall],
            Chosen::Busy => &[Presence::Busy],
            Chosen::Away => &[Presence::Away],
            Chosen::Automatic if self.pages.is_empty() => &[Presence::Available, Presence::Away],
            Chosen::Automatic if self.pages.values().all(|idle| *idle) => &[Presence::Away],
            Chosen::Automatic => &[Presence::Available],
        }
    }
}
