//! People who call each other, as functions from bytes: they come and go with their devices, call, answer, enter rooms, lose
//! their lines and hang up in any order, and every promise of calls is checked after each step.

mod doing;
mod flowing;
mod hearing;
mod keeping;
#[cfg(test)]
mod pairs;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, CallId, DeviceKey, LineId, ParticipantId, RoomId, RoomName, SessionId, Shard, TrackId,
    api::{Call, CallAct},
    call::{CallRecord, Stage},
    livekit::signal_request::Message as Request,
    media::Event,
    presence::SeenBy,
    time::Calendar,
};

use super::{finding::Finding, heralds::Heralds, waiting::Waiting};
use crate::{Answer, Config, Hub, Input, Output, Question};

/// People; few, so that they meet.
const PEOPLE: u8 = 5;

/// When every play begins, in milliseconds since 1970.
const BEGAN: u64 = 1_700_000_000_000;

/// Plays a conversation of calls.
///
/// # Panics
/// When a promise is broken: see [`Play::check`] and the end.
pub fn calls(data: &[u8]) {
    play(data);
}

fn play(data: &[u8]) -> BTreeMap<String, usize> {
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    let now = Instant::now();
    let mut play = Play::new(now, data);
    while let Some(input) = play.next() {
        play.handle(input);
        play.check();
        *play.seen.entry("steps".to_owned()).or_insert(0) += 1;
    }
    play.quiet();
    play.seen
}

struct Play<'a> {
    hub: Hub,
    now: Instant,
    bytes: std::slice::Iter<'a, u8>,
    /// Calls that were asked for.
    made: u128,
    sessions: u64,
    /// Whose line, of which device.
    lines: BTreeMap<LineId, (AccountId, DeviceKey)>,
    /// What each line was told last, with its number.
    told: BTreeMap<LineId, (u64, Vec<Call>)>,
    seats: BTreeMap<SessionId, (AccountId, RoomName)>,
    /// What is kept of each call that goes on.
    kept: BTreeMap<CallId, CallRecord>,
    /// Which were kept anew since the last check.
    changed: BTreeSet<CallId>,
    /// The last that was kept for the first time: none comes back.
    newest: Option<CallId>,
    /// How often a leg ended why, and how often a party was in.
    seen: BTreeMap<String, usize>,
    /// On which device each was answered, as the answers said.
    answered: BTreeMap<(CallId, AccountId, usize), DeviceKey>,
    asked: Option<(CallId, AccountId, DeviceKey)>,
    /// The room that somebody comes into now, and the names of those that are live.
    entering: Option<RoomName>,
    rooms: BTreeMap<RoomId, RoomName>,
    peers: BTreeMap<ParticipantId, (AccountId, RoomId)>,
    tracks: BTreeMap<TrackId, ParticipantId>,
    /// What is passed on to whom, or would be but for the wish that it is not.
    flows: BTreeMap<(ParticipantId, TrackId), bool>,
    heralds: Heralds,
    /// What media threads have still to say.
    published: Vec<(ParticipantId, TrackId)>,
    /// For whom what rings, as browsers that are not here were told.
    woken: BTreeMap<(CallId, AccountId), usize>,
    /// Whom each has blocked.
    blocked: BTreeMap<AccountId, AccountId>,
    /// Who sees those who said so, and whom each of them has in the phone book.
    seen_by: BTreeMap<AccountId, (SeenBy, AccountId)>,
    waiting: Waiting,
    finding: Finding,
}

impl<'a> Play<'a> {
    fn new(now: Instant, data: &'a [u8]) -> Self {
        Self {
            hub: Hub::new(Config::default(), now, Calendar::new(now, BEGAN), 1),
            now,
            bytes: data.iter(),
            made: 0,
            sessions: 0,
            lines: BTreeMap::new(),
            told: BTreeMap::new(),
            seats: BTreeMap::new(),
            kept: BTreeMap::new(),
            changed: BTreeSet::new(),
            newest: None,
            seen: BTreeMap::new(),
            answered: BTreeMap::new(),
            asked: None,
            entering: None,
            rooms: BTreeMap::new(),
            peers: BTreeMap::new(),
            tracks: BTreeMap::new(),
            flows: BTreeMap::new(),
            heralds: Heralds::default(),
            published: Vec::new(),
            woken: BTreeMap::new(),
            blocked: BTreeMap::new(),
            seen_by: BTreeMap::new(),
            waiting: Waiting::default(),
            finding: Finding::default(),
        }
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes.next().copied()
    }

    fn next(&mut self) -> Option<Input> {
        let (what, pick) = (self.byte()?, self.byte()?);
        let who = account(pick);
        let device = device(pick >> 3);
        Some(match what % 16 {
            1 if what & 224 == 224 => {
                // Each blocks one at most, and now and then nobody.
                let byte = self.byte()?;
                let (other, before) = (account(byte), self.book(who));
                match self.blocked.get(&who) {
                    // Or is seen by others than before.
                    _ if byte & 128 != 0 => {
                        let seen_by = SeenBy::ALL[usize::from(byte >> 5) % SeenBy::ALL.len()];
                        self.seen_by.insert(who, (seen_by, other));
                    }
                    None if other != who => drop(self.blocked.insert(who, other)),
                    _ => drop(self.blocked.remove(&who)),
                }
                Input::Ask { ask: 2, question: Question::Book { account: who, before, book: self.book(who) } }
            }
            0 if what & 224 == 224 => Input::Ask { ask: 2, question: Question::Looked(who) },
            0 if what & 144 == 128 => self.choose(who, pick, what & 64 != 0),
            3 if what & 224 >= 192 => self.wait(who)?,
            0 | 1 => self.here(who, device, what & 16 != 0, pick & 64 != 0)?,
            2 => match self.lines.keys().nth(usize::from(pick) % self.lines.len().max(1)).copied() {
                Some(line) => {
                    self.lines.remove(&line);
                    self.told.remove(&line);
                    self.waiting.line_gone(line);
                    self.finding.gone(self.now, line, pick & 64 != 0);
                    if pick & 64 != 0 { Input::SignedOut { line } } else { Input::Deaf { line } }
                }
                None => Input::Timeout,
            },
            3 | 4 => self.call(who, device, what)?,
            5 => self.switch(who, device)?,
            6..=11 => self.act(who, device, what, pick)?,
            12 | 13 => self.enter(who, pick)?,
            14 => match self.seats.keys().nth(usize::from(pick) % self.seats.len().max(1)).copied() {
                Some(session) if pick & 64 == 0 => {
                    Input::Signal { session, request: Box::new(Request::Leave(Default::default())) }
                }
                Some(session) => {
                    self.seats.remove(&session);
                    Input::Gone { session, closed: pick & 128 == 0 }
                }
                None => Input::Timeout,
            },
            _ => {
                // Now and then for longer than a seat is kept.
                let span = if pick % 16 == 15 { 400_000 } else { u64::from(pick) * 150 };
                self.now += Duration::from_millis(span);
                Input::Timeout
            }
        })
    }

    fn handle(&mut self, input: Input) {
        self.tell(input);
        while let Some((peer, track)) = self.published.pop() {
            if self.peers.contains_key(&peer) {
                let event = Event::TrackPublished { peer, track, mime: "audio/opus".to_owned(), mid: "0".to_owned() };
                self.tell(Input::Media { shard: Shard(0), event });
            }
        }
    }

    fn tell(&mut self, input: Input) {
        // Whoever resumes a call has it on another device from then on.
        let resumes =
            matches!(&input, Input::Ask { question: Question::CallAct { act: CallAct::Resume { .. }, .. }, .. });
        self.hub.handle(self.now, input);
        while let Some(output) = self.hub.poll_output() {
            match output {
                Output::Tell { line, event } => self.hear(line, *event),
                Output::Close { session } => drop(self.seats.remove(&session)),
                Output::KeepCall(record) => self.keep(*record),
                Output::Wake { call, account, until, here } => self.wake(call, account, until, &here),
                Output::Hush { call, account, .. } => {
                    assert!(
                        self.woken.remove(&(call, account)).is_some(),
                        "{account} is told twice that {call} rings no more"
                    );
                }
                Output::Free { account, here } => self.freed(account, &here),
                Output::Answer { ask: 3, answer } => self.waiting.answered(self.now, answer),
                Output::Answer { ask: 1, answer: Answer::CallActed(done) } => self.acted(resumes, done.is_ok()),
                Output::Media { command, .. } => self.command(*command),
                Output::Happened(happened) => self.heralds.hear(happened.what),
                _ => {}
            }
        }
        self.asked = None;
        self.entering = None;
    }

    fn acted(&mut self, resumes: bool, done: bool) {
        let Some((call, account, device)) = self.asked.take().filter(|_| done) else { return };
        let Some(record) = self.kept.get(&call) else { return };
        // Who was called again answers again.
        let times = record.legs.iter().filter(|leg| leg.account == account).count();
        let on = record.parties().find(|leg| leg.account == account).and_then(|leg| leg.device.clone());
        if resumes {
            self.answered.extend(on.map(|on| ((call, account, times), on)));
            return;
        }
        let first = self.answered.entry((call, account, times)).or_insert_with(|| device.clone());
        assert_eq!(*first, device, "two devices of {account} took one call");
    }

    /// Whatever is on hold can be gone on with, and ended.
    fn resume_and_end(&mut self) {
        let held = |record: &CallRecord| {
            let leg = record.parties().find(|leg| leg.stage == Stage::Held)?;
            Some((record.id, leg.account))
        };
        while let Some((call, account)) = self.kept.values().find_map(held) {
            for act in [CallAct::Resume { device: device(0) }, CallAct::End] {
                self.handle(Input::Ask {
                    ask: 2,
                    question: Question::CallAct { call, account, act, named: None, agent: String::new() },
                });
                let stage =
                    |record: &CallRecord| record.parties().find(|leg| leg.account == account).map(|leg| leg.stage);
                assert_ne!(self.kept.get(&call).and_then(stage), Some(Stage::Held), "what is on hold stays so");
                self.check();
            }
        }
    }

    /// Everybody goes, time passes, and nothing is left of any call.
    fn quiet(&mut self) {
        let seats: BTreeSet<SessionId> = self.seats.keys().copied().collect();
        for session in seats {
            self.handle(Input::Gone { session, closed: false });
            self.check();
        }
        self.resume_and_end();
        while let Some(due) = self.hub.poll_timeout() {
            // Rooms, seats, rings: nothing is kept for longer than that, but for whom somebody waits.
            let waits = !self.waiting.wishes.is_empty();
            let longest = if waits { crate::presence::LASTS } else { Duration::from_secs(3_600) };
            assert!(due <= self.now + longest, "something never ends");
            self.now = self.now.max(due);
            self.handle(Input::Timeout);
            self.check();
        }
        assert!(self.kept.is_empty(), "a call without an end: {:?}", self.kept);
        assert!(self.told.values().all(|(_, calls)| calls.is_empty()), "a call is told of for ever");
        assert!(self.woken.is_empty(), "it rings for ever: {:?}", self.woken);
        assert!(self.hub.holds_no_call() && self.hub.holds_no_wish());
    }
}

fn account(pick: u8) -> AccountId {
    AccountId::from(u128::from(pick % PEOPLE) + 1)
}

fn account_number(account: AccountId) -> u32 {
    u128::from(account) as u32
}

fn device(pick: u8) -> DeviceKey {
    if pick & 1 == 0 { "a" } else { "b" }.parse().expect("a letter is a key")
}

fn room(call: u128) -> RoomName {
    format!("call{call}").parse().expect("a short text is a name")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proto::{
        call::{Stage, Why},
        id::IdSource,
    };

    /// A thousand steps at least for each of two hundred seeds: one takes some three bytes.
    #[test]
    fn no_call_is_lost_whatever_happens_in_whatever_order() {
        let mut seen = BTreeMap::new();
        for seed in 0..200 {
            let mut chance = IdSource::new(seed);
            let bytes: Vec<u8> = (0..3_400).map(|_| (chance.draw() >> 40) as u8).collect();
            let played = super::play(&bytes);
            assert!(
                played.get("steps").is_some_and(|steps| *steps >= 1_000),
                "seed {seed} has {:?}",
                played.get("steps")
            );
            for (what, times) in played {
                *seen.entry(what).or_insert(0) += times;
            }
        }
        // Otherwise nothing was tried.
        let stages = [Stage::Ringing, Stage::Dialing, Stage::Connecting, Stage::Active, Stage::Held];
        let ends = Why::ALL.into_iter().filter(|why| !matches!(why, Why::Busy | Why::DoNotDisturb));
        assert!(seen.get("woken again").is_some_and(|times| *times >= 5), "no device was silent: {seen:?}");
        assert!(seen.get("woken alone").is_some_and(|times| *times >= 5), "no last page closed: {seen:?}");
        assert!(seen.get("woken").is_some_and(|times| *times >= 5), "nobody who is not here was called: {seen:?}");
        for what in ["forwarded", "forwarded for nothing", "free", "free, and not here", "hidden"] {
            assert!(seen.get(what).is_some_and(|times| *times >= 100), "{what} is rare: {seen:?}");
        }
        for found in ["Available", "Away", "Busy", "InCall", "DoNotDisturb", "Offline"] {
            let times = seen.get(&format!("found {found}"));
            assert!(times.is_some_and(|times| *times >= 1_000), "{found} is rarely compared: {seen:?}");
        }
        for stage in stages.into_iter().chain(ends.map(|why| Stage::Ended { why })) {
            assert!(seen.get(&format!("{stage:?}")).is_some_and(|times| *times >= 5), "{stage:?} is rare: {seen:?}");
        }
    }
}
