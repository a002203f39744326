//! What is promised to those who wait until somebody is free, beside the play of `calls`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, DeviceKey, LineId, Presence, Refusal,
    call::{CallRecord, Stage},
};

use super::finding::Finding;
use crate::{Answer, Question, presence::LASTS};

/// Who waits for whom, by what was asked and answered, and what each line was told of it.
#[derive(Default)]
pub(super) struct Waiting {
    /// Until when each waits for each.
    pub(super) wishes: BTreeMap<(AccountId, AccountId), Instant>,
    /// Those that count whoever is free already.
    plain: BTreeSet<(AccountId, AccountId)>,
    /// For whom each line knows that its person waits.
    pub(super) told: BTreeMap<LineId, BTreeSet<AccountId>>,
    /// Wishes that end now, and the lines that were told so.
    ending: BTreeMap<(AccountId, AccountId), BTreeSet<LineId>>,
    /// How many wishes somebody made, less those for which their browsers were told.
    owed: BTreeMap<AccountId, usize>,
    /// What was asked last, and whether whom it is about is hidden from whoever asks.
    asked: Option<(Question, bool)>,
    checked: Option<Instant>,
}

impl Waiting {
    pub(super) fn asked(&mut self, question: &Question, hidden: bool) {
        self.asked = Some((question.clone(), hidden));
    }

    pub(super) fn answered(&mut self, now: Instant, answer: Answer) {
        match (self.asked.take(), answer) {
            (Some((Question::Await { account, person, .. }, hidden)), Answer::Awaited(Err(refusal))) => {
                let own = account == person.account && refusal == Refusal::OwnNumber;
                let unseen = hidden && refusal == Refusal::NotShown;
                assert!(own || unseen, "{account} may not wait for {person:?}");
            }
            (Some((Question::Await { account, person, anew }, hidden)), Answer::Awaited(Ok(()))) => {
                assert!(!hidden, "{account} waits for {person:?} who does not show themselves");
                let wish = (account, person.account);
                self.wishes.insert(wish, now + LASTS);
                *self.owed.entry(account).or_default() += 1;
                if anew {
                    self.plain.remove(&wish)
                } else {
                    self.plain.insert(wish)
                };
            }
            (Some((Question::AwaitNoMore { account, person }, _)), Answer::Done) => {
                self.wishes.remove(&(account, person));
            }
            (Some((Question::SignedOut(account), _)), Answer::Done) => {
                self.wishes.retain(|(who, _), _| *who != account)
            }
            (asked, answer) => panic!("{answer:?} to {asked:?}"),
        }
    }

    pub(super) fn line_gone(&mut self, line: LineId) {
        self.told.remove(&line);
    }

    /// A line of somebody is told that somebody is free.
    pub(super) fn free(&mut self, finding: &Finding, line: LineId, who: AccountId, whom: AccountId) {
        let wish = (who, whom);
        let waits = self.wishes.remove(&wish).is_some() || self.ending.contains_key(&wish);
        assert!(waits, "{who} is told of {whom} without waiting for them, or a second time");
        assert!(self.ending.entry(wish).or_default().insert(line), "a line is told twice that {whom} is free");
        assert_eq!(finding.presence(line, whom), Presence::Available, "{whom} is free, and {who} sees otherwise");
        self.told.entry(line).or_default().remove(&whom);
    }

    /// The browsers of somebody that are not here are told.
    pub(super) fn woken(&mut self, who: AccountId) {
        let owed = self.owed.entry(who).or_default();
        assert!(*owed > 0, "{who} is told more often than they wished");
        *owed -= 1;
    }

    /// People who talk to each other in a call wait for each other no more.
    pub(super) fn talk<'calls>(&mut self, calls: impl Iterator<Item = &'calls CallRecord>) {
        for call in calls.filter(|call| call.ended.is_none()) {
            let talk = |who: AccountId| call.parties().any(|leg| leg.account == who && leg.stage == Stage::Active);
            self.wishes.retain(|(who, whom), _| !(talk(*who) && talk(*whom)));
        }
    }

    /// What holds after every step.
    pub(super) fn check(&mut self, now: Instant, finding: &Finding, lines: &BTreeMap<LineId, (AccountId, DeviceKey)>) {
        let of = |account: AccountId| lines.iter().filter(move |(_, (whose, _))| *whose == account);
        for ((who, whom), told) in std::mem::take(&mut self.ending) {
            let own: BTreeSet<LineId> = of(who).map(|(line, _)| *line).collect();
            assert_eq!(told, own, "not all pages of {who} are told that {whom} is free");
        }
        self.wishes.retain(|_, until| *until > now);
        self.plain.retain(|wish| self.wishes.contains_key(wish));
        for (line, (account, _)) in lines {
            let own = self.wishes.keys().filter(|(who, _)| who == account).map(|(_, whom)| *whom);
            let told = self.told.get(line).cloned().unwrap_or_default();
            assert_eq!(told, own.collect::<BTreeSet<_>>(), "a page of {account} knows otherwise");
        }
        // By then everybody was told of what came too fast.
        let settled = self.checked.is_some_and(|before| now >= before + Duration::from_secs(1));
        self.checked = Some(now);
        for (who, whom) in self.plain.iter().filter(|_| settled) {
            let free = |line: &LineId| finding.presence(*line, *whom) == Presence::Available;
            let untold = of(*who).any(|(line, _)| free(line)) && of(*whom).next().is_some();
            assert!(!untold, "{whom} is free, and {who} waits on");
        }
    }
}
