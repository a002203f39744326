//! How media flows, as the media thread and the clients say: what people are told of it, and what is kept of each minute.

use std::time::Duration;

use proto::{
    ParticipantId, Person, Refusal,
    api::{Mark, Measured},
    media::{Connection, Verdict},
    quality::{Cause, Felt, Record, Sample, Unheard},
};

use super::Room;
use crate::{
    desk::Desk,
    participant::{Participant, pace::Rate},
    timers::Timer,
};

/// How often a client says what it measured: every twenty seconds, and once more when it leaves. More is refused.
const MEASURED: Rate = Rate { burst: 4, each: Duration::from_secs(10) };

/// So long the word of a client counts that its computer does not keep up: until it should have said the next, and one was
/// lost.
const STRAINED_FOR: Duration = Duration::from_secs(50);

/// A computer that makes its pictures smaller for so much of the time (in thousandths), since it can do no more, is not one
/// that starts a program: people notice.
const STRAINED: u32 = 500;

/// Nor one that does not draw so many of the pictures that came, in thousandths: every fifth makes movement jerk.
const DROPPED: u32 = 200;

/// The part of the wanted layers that is missed: a third is one of three, which makes half the width. Less is noticed by
/// nobody, and between these two nothing changes, so that a line on the edge does not blink.
const MANY_MISSED: f32 = 0.25;
const FEW_MISSED: f32 = 0.1;

/// How long a record is.
const MINUTE: Duration = Duration::from_secs(60);

impl Room {
    /// Takes verdicts, and passes on what is new.
    pub(super) fn judged(&mut self, desk: &mut Desk, changes: &[(ParticipantId, Verdict)]) {
        let mut told: Vec<(ParticipantId, Connection)> = Vec::new();
        for (id, verdict) in changes {
            let changed = self.change_mark(desk, *id, |participant| participant.verdict.replace(*verdict));
            if changed.flatten().is_none_or(|former| former.connection != verdict.connection) {
                told.push((*id, verdict.connection));
            }
        }
        self.tell_quality(desk, &told);
    }

    /// Takes whose open microphone nobody hears.
    pub(super) fn unheard(&mut self, desk: &mut Desk, changes: &[(ParticipantId, Option<Unheard>)]) {
        for (id, why) in changes {
            self.change_mark(desk, *id, |participant| participant.unheard = *why);
        }
    }

    /// Takes what was counted.
    pub(super) fn counted(&mut self, desk: &mut Desk, span: Duration, samples: &[(ParticipantId, Sample)]) {
        for (id, sample) in samples {
            // Here, since nobody says that a word counts no more.
            let now = desk.now;
            self.change_mark(desk, *id, |participant| {
                participant.strained_until = participant.strained_until.filter(|until| *until > now);
                let enough = if participant.smaller { FEW_MISSED } else { MANY_MISSED };
                // What is held back altogether is told another way, and at once.
                participant.smaller = sample.missing > enough && !sample.paused;
            });
            if let Some(participant) = self.participants.get_mut(id) {
                let cause = sample.verdict.cause.or_else(|| participant.strained_until.map(|_| Cause::Computer));
                participant.tally.take_in(span, sample, cause);
            }
        }
    }

    /// Takes what somebody's client measured.
    pub(crate) fn measured(&mut self, desk: &mut Desk, person: &Person, measured: &Measured) -> Result<(), Refusal> {
        let own = |stay: &&mut Participant| stay.person == *person && stay.identity == measured.identity;
        let participant = self.participants.values_mut().find(own).ok_or(Refusal::NotIn)?;
        if !participant.measures.wait(desk.now, MEASURED, 1).is_zero() {
            return Err(Refusal::TooOften);
        }
        participant.measures.take(desk.now, MEASURED, 1);
        let Measured { concealed, frozen, dropped, strained, .. } = *measured;
        participant.tally.felt(Felt { concealed, frozen, dropped, strained });
        let busy = strained >= STRAINED || dropped >= DROPPED;
        let (id, until) = (participant.id, busy.then(|| desk.now + STRAINED_FOR));
        self.change_mark(desk, id, |participant| participant.strained_until = until);
        Ok(())
    }

    /// What is wrong with those whom others see.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let seen = self.participants.values().filter(|participant| !participant.rights.hidden);
        seen.filter_map(mark).collect()
    }

    /// Changes what a mark says; pages are told when it says something else by that.
    fn change_mark<T>(
        &mut self,
        desk: &mut Desk,
        id: ParticipantId,
        change: impl FnOnce(&mut Participant) -> T,
    ) -> Option<T> {
        let participant = self.participants.get_mut(&id)?;
        let before = mark(participant);
        let changed = change(participant);
        if mark(participant) != before && !participant.rights.hidden {
            self.stir(desk);
        }
        Some(changed)
    }

    /// Lets the minutes of this room run, where they do not.
    pub(super) fn begin_minutes(&self, desk: &mut Desk) {
        let at = desk.now + MINUTE;
        desk.timers.set_once(Timer::MinuteEnds(self.id), at);
    }

    /// A minute is over: it is kept, and the next begins while somebody is in.
    pub(crate) fn minute_ended(&mut self, desk: &mut Desk) {
        let now = desk.unix_ms();
        let began = self.began_ms;
        let records: Vec<Record> =
            self.participants.values_mut().filter_map(|participant| record(participant, began, now)).collect();
        if !records.is_empty() {
            desk.measured(&self.name, records);
        }
        if !self.participants.is_empty() {
            self.begin_minutes(desk);
        }
    }

    /// Keeps the last, broken minute of somebody who goes.
    pub(super) fn keep_last(&self, desk: &mut Desk, leaving: &mut Participant) {
        if let Some(record) = record(leaving, self.began_ms, desk.unix_ms()) {
            desk.measured(&self.name, vec![record]);
        }
    }
}

fn mark(participant: &Participant) -> Option<Mark> {
    let strained = participant.strained_until.map(|_| Cause::Computer);
    let cause = participant.verdict.and_then(|verdict| verdict.cause).or(strained);
    let Participant { unheard, smaller, .. } = *participant;
    let identity = || participant.identity.clone();
    (cause.is_some() || unheard.is_some() || smaller).then(|| Mark { identity: identity(), cause, unheard, smaller })
}

/// The minute of a participant until now. Nobody hears of those whom nobody sees.
fn record(participant: &mut Participant, began: u64, now_ms: u64) -> Option<Record> {
    let ended = participant.tally.end(now_ms)?;
    let (bad, bad_for) = ended.bad.map_or((None, 0), |(cause, seconds)| (Some(cause), seconds));
    (!participant.rights.hidden).then(|| Record {
        at: ended.at,
        began,
        identity: participant.identity.clone(),
        person: participant.person.clone(),
        name: participant.profile.name.clone(),
        seconds: ended.seconds,
        bad,
        bad_for,
        minute: ended.minute,
    })
}
