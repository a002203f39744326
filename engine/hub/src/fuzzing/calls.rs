//! People who call each other, as functions from bytes: they come and go with their devices, call, answer, enter rooms, lose
//! their lines and hang up in any order, and every promise of calls is checked after each step.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, CallId, DeviceKey, Identity, LineId, Person, Policy, Rights, Role, RoomName, SessionId,
    api::{Call, CallAct, Event},
    call::{CallRecord, Stage},
    livekit::signal_request::Message as Request,
    presence::Chosen,
    time::Calendar,
};

use crate::{Answer, Arrival, Callee, Config, Hub, Input, Join, Output, Placed, Question};

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
    answered: BTreeMap<(CallId, AccountId), DeviceKey>,
    asked: Option<(CallId, AccountId, DeviceKey)>,
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
            0 | 1 => self.here(who, device, what & 16 != 0),
            2 => match self.lines.keys().nth(usize::from(pick) % self.lines.len().max(1)).copied() {
                Some(line) => {
                    self.lines.remove(&line);
                    self.told.remove(&line);
                    Input::Deaf { line }
                }
                None => Input::Timeout,
            },
            3..=5 => self.call(who, device, what)?,
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
                self.now += Duration::from_millis(u64::from(pick) * 150);
                Input::Timeout
            }
        })
    }

    fn here(&mut self, account: AccountId, device: DeviceKey, idle: bool) -> Input {
        // Two windows of each device at most, so that lines are also told twice whose they are.
        let line =
            LineId(u64::from(account_number(account)) * 8 + u64::from(device.as_str() == "b") * 2 + u64::from(idle));
        self.lines.insert(line, (account, device.clone()));
        let chosen = if self.made % 11 == 10 { Chosen::DoNotDisturb } else { Chosen::Automatic };
        Input::Here { line, arrival: Box::new(Arrival { account, device, name: String::new(), idle, chosen }) }
    }

    fn call(&mut self, caller: AccountId, device: DeviceKey, what: u8) -> Option<Input> {
        let whom = self.byte()?;
        self.made += 1;
        let callee = |account| Callee { account, name: String::new(), avatar: None };
        let mut callees = vec![callee(account(whom))];
        if what & 32 != 0 {
            callees.push(callee(account(whom >> 4)));
        }
        let placed = Placed {
            id: CallId::from(self.made),
            room: room(self.made),
            caller: callee(caller),
            device,
            callees,
            video: what & 64 != 0,
            anyway: what & 128 != 0,
        };
        Some(Input::Ask { ask: 0, question: Question::Call(Box::new(placed)) })
    }

    fn act(&mut self, account: AccountId, device: DeviceKey, what: u8, pick: u8) -> Option<Input> {
        let which = self.byte()?;
        // The newest calls are those in which something can happen.
        let call = CallId::from(self.made.saturating_sub(u128::from(which % 4)));
        let act = match what % 16 {
            6 | 7 => CallAct::Ring { device },
            8 | 9 => {
                self.asked = Some((call, account, device.clone()));
                CallAct::Answer { device }
            }
            10 if pick & 64 == 0 => CallAct::Decline { reply: None },
            _ => CallAct::End,
        };
        Some(Input::Ask { ask: 1, question: Question::CallAct { call, account, act } })
    }

    fn enter(&mut self, account: AccountId, pick: u8) -> Option<Input> {
        let which = self.byte()?;
        let name = room(self.made.saturating_sub(u128::from(which % 4)).max(1));
        self.sessions += 1;
        let session = SessionId(self.sessions);
        self.seats.insert(session, (account, name.clone()));
        let identity: Identity = Person::Account(account).identity(if pick & 64 == 0 { "a" } else { "b" });
        let join = Join {
            room: name,
            identity,
            name: String::new(),
            metadata: String::new(),
            attributes: vec![("role".to_owned(), Role::Host.name().to_owned())],
            rights: Rights::FULL,
            auto_subscribe: true,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: Some(Policy::OWNED),
            role: Some(Role::Host),
        };
        Some(Input::Join { session, join: Box::new(join) })
    }

    fn handle(&mut self, input: Input) {
        self.hub.handle(self.now, input);
        while let Some(output) = self.hub.poll_output() {
            match output {
                Output::Tell { line, event } => self.hear(line, *event),
                Output::Close { session } => drop(self.seats.remove(&session)),
                Output::KeepCall(record) => self.keep(*record),
                Output::Answer { ask: 1, answer: Answer::CallActed(done) } => {
                    if let Some((call, account, device)) = self.asked.take()
                        && done.is_ok()
                    {
                        let first = self.answered.entry((call, account)).or_insert_with(|| device.clone());
                        assert_eq!(*first, device, "two devices of {account} took one call");
                    }
                }
                _ => {}
            }
        }
        self.asked = None;
    }

    fn hear(&mut self, line: LineId, event: Event) {
        let Some(whose) = self.lines.get(&line) else {
            assert!(matches!(event, Event::Refused { .. }), "told a page that is not here");
            return;
        };
        match event {
            Event::Calls { number, calls } => {
                let before = self.told.get(&line).map_or(0, |(number, _)| *number);
                assert!(number > before, "numbers grow");
                for call in &calls {
                    assert!(call.others.iter().all(|party| party.account != whose.0), "nobody is their own other");
                    assert!(
                        call.outgoing || call.others.iter().all(|party| party.devices == 0 && party.reply.is_none())
                    );
                }
                self.told.insert(line, (number, calls));
            }
            Event::Presence { .. } | Event::People { .. } | Event::Refused { .. } => {}
            other => panic!("{other:?} for a page that attends no room"),
        }
    }

    fn keep(&mut self, record: CallRecord) {
        self.changed.insert(record.id);
        let Some(before) = self.kept.insert(record.id, record.clone()) else {
            assert!(self.newest.replace(record.id) < Some(record.id), "what was over is kept again");
            return;
        };
        assert!(before.ended.is_none(), "what is over is over: {before:?} became {record:?}");
        for (was, is) in before.legs.iter().zip(&record.legs) {
            assert!(!was.stage.is_over() || was.stage == is.stage, "a leg came back: {was:?}, {is:?}");
            let answered = matches!(was.stage, Stage::Connecting | Stage::Active);
            assert!(!(answered && is.stage.rings()), "it rings after the answer: {was:?}, {is:?}");
            if was.stage != is.stage {
                *self.seen.entry(format!("{:?}", is.stage)).or_default() += 1;
            }
        }
    }

    /// What holds after every step: every line of every party knows what is kept.
    fn check(&mut self) {
        for id in std::mem::take(&mut self.changed) {
            let record = &self.kept[&id];
            let over = record.legs.iter().all(|leg| leg.stage.is_over());
            assert_eq!(record.ended.is_some(), over, "a call is over when nobody is in it or may come: {record:?}");
            for (line, (account, _)) in &self.lines {
                let Some(own) = record.legs.iter().find(|leg| leg.account == *account) else { continue };
                let (_, calls) = &self.told[line];
                let Some(call) = calls.iter().find(|call| call.id == id) else {
                    assert!(over && calls.len() == crate::call::TOLD, "a line was not told of {record:?}");
                    continue;
                };
                assert_eq!((call.stage, call.ended), (own.stage, record.ended), "a line knows another stage: {call:?}");
                let kept = record.legs.iter().filter(|leg| leg.account != *account).map(|leg| (leg.account, leg.stage));
                let told = call.others.iter().map(|party| (party.account, party.stage));
                assert!(told.eq(kept), "a line knows other stages than are kept: {call:?}, {record:?}");
            }
            if over {
                self.kept.remove(&id);
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
        while let Some(due) = self.hub.poll_timeout() {
            // Rooms, seats, rings: nothing is kept for longer than that.
            assert!(due <= self.now + Duration::from_secs(3_600), "something never ends");
            self.now = self.now.max(due);
            self.handle(Input::Timeout);
            self.check();
        }
        assert!(self.kept.is_empty(), "a call without an end: {:?}", self.kept);
        assert!(self.told.values().all(|(_, calls)| calls.is_empty()), "a call is told of for ever");
        assert!(self.hub.holds_no_call());
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

    /// A thousand steps for each of two hundred seeds.
    #[test]
    fn no_call_is_lost_whatever_happens_in_whatever_order() {
        let mut seen = BTreeMap::new();
        for seed in 0..200 {
            let mut chance = IdSource::new(seed);
            let bytes: Vec<u8> = (0..2_600).map(|_| (chance.draw() >> 40) as u8).collect();
            for (what, times) in super::play(&bytes) {
                *seen.entry(what).or_insert(0) += times;
            }
        }
        // Otherwise nothing was tried.
        let stages = [Stage::Ringing, Stage::Dialing, Stage::Connecting, Stage::Active];
        let ends = Why::ALL.into_iter().filter(|why| !matches!(why, Why::Busy | Why::DoNotDisturb));
        for stage in stages.into_iter().chain(ends.map(|why| Stage::Ended { why })) {
            assert!(seen.get(&format!("{stage:?}")).is_some_and(|times| *times >= 5), "{stage:?} is rare: {seen:?}");
        }
    }
}
