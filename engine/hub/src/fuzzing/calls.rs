//! People who call each other, as functions from bytes: they come and go with their devices, call, answer, enter rooms, lose
//! their lines and hang up in any order, and every promise of calls is checked after each step.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, CallId, DeviceKey, Identity, LineId, ParticipantId, Person, Policy, Presence, Rights, Role, RoomId,
    RoomName, SessionId, Shard, TrackId,
    api::{Call, CallAct, Contact, Event as ApiEvent, MyPresence, Reachable},
    call::{CallRecord, LegRecord, Stage, Why},
    livekit::{self, signal_request::Message as Request},
    media::{Command, Event},
    presence::Chosen,
    time::Calendar,
};

use super::{heralds::Heralds, waiting::Waiting};
use crate::{Answer, Arrival, Book, Callee, Config, Hub, Input, Join, Onward, Output, Placed, Question, Wishes};

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
    waiting: Waiting,
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
            waiting: Waiting::default(),
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
                let other = account(self.byte()?);
                match self.blocked.get(&who) {
                    None if other != who => drop(self.blocked.insert(who, other)),
                    _ => drop(self.blocked.remove(&who)),
                }
                Input::Ask { ask: 2, question: Question::Book { account: who, book: self.book(who) } }
            }
            0 if what & 224 == 224 => Input::Ask { ask: 2, question: Question::Looked(who) },
            3 if what & 224 >= 192 => self.wait(who)?,
            0 | 1 => self.here(who, device, what & 16 != 0, pick & 64 != 0)?,
            2 => match self.lines.keys().nth(usize::from(pick) % self.lines.len().max(1)).copied() {
                Some(line) => {
                    self.lines.remove(&line);
                    self.told.remove(&line);
                    self.waiting.line_gone(line);
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

    /// `strays`: over any line and of any device, as no honest page says.
    fn here(&mut self, account: AccountId, mut device: DeviceKey, idle: bool, strays: bool) -> Option<Input> {
        // Two windows of each device at most, so that lines are also told twice whose they are.
        let mut line =
            LineId(u64::from(account_number(account)) * 8 + u64::from(device.as_str() == "b") * 2 + u64::from(idle));
        if strays {
            let any = self.byte()?;
            let known = self.lines.keys().nth(usize::from(any) % self.lines.len().max(1));
            line = known.copied().unwrap_or(line);
            device = format!("d{}", any % 7).parse().expect("a letter and a digit are a key");
        }
        self.lines.insert(line, (account, device.clone()));
        let chosen = if self.made % 11 == 10 { Chosen::DoNotDisturb } else { Chosen::Automatic };
        let said = MyPresence { chosen, note: if self.made % 7 == 6 { "Library".to_owned() } else { String::new() } };
        let arrival = Arrival { account, device, name: String::new(), idle, said, book: self.book(account) };
        Some(Input::Here { line, arrival: Box::new(arrival) })
    }

    fn book(&self, account: AccountId) -> Book {
        Book { favourites: BTreeSet::new(), blocked: self.blocked.get(&account).cloned().into_iter().collect() }
    }

    fn call(&mut self, caller: AccountId, device: DeviceKey, what: u8) -> Option<Input> {
        let whom = self.byte()?;
        self.made += 1;
        let mut callees = vec![self.callee(account(whom), caller, whom & 128 != 0)?];
        if what & 32 != 0 {
            callees.push(self.callee(account(whom >> 4), caller, false)?);
        }
        let placed = Placed {
            id: CallId::from(self.made),
            room: room(self.made),
            caller: self.person(caller, None, false),
            device,
            callees,
            video: what & 64 != 0,
            anyway: what & 128 != 0,
        };
        Some(Input::Ask { ask: 0, question: Question::Call(Box::new(placed)) })
    }

    /// Somebody as they are looked up for a caller: half of them want calls elsewhere.
    fn callee(&mut self, account: AccountId, caller: AccountId, wakes: bool) -> Option<Callee> {
        let how = self.byte()?;
        let other = self::account(how >> 4);
        let blocks = |whom| self.blocked.get(&other) == Some(&whom);
        // What the other wants is never looked at; here it is there all the same.
        let wishes = Wishes { always: Some(Onward::Voicemail), ..Wishes::default() };
        let barred = blocks(caller) || blocks(account);
        let other = Callee { barred, wishes, ..self.person(other, None, how & 8 != 0) };
        let (person, voicemail) = (Some(Onward::Person(Box::new(other))), Some(Onward::Voicemail));
        let wishes = match how % 16 {
            0 => Wishes { always: person, ..Wishes::default() },
            1 => Wishes { busy: person, ..Wishes::default() },
            2 | 3 | 10 => Wishes { unanswered: person, ..Wishes::default() },
            4 => Wishes { always: voicemail, ..Wishes::default() },
            5 | 11 => Wishes { busy: person, unanswered: voicemail, ..Wishes::default() },
            _ => Wishes::default(),
        };
        Some(Callee { favoured: how & 128 != 0, wishes, ..self.person(account, Some(caller), wakes) })
    }

    fn person(&self, account: AccountId, caller: Option<AccountId>, wakes: bool) -> Callee {
        let barred = caller.is_some() && self.blocked.get(&account).copied() == caller;
        let wishes = Wishes::default();
        Callee { account, name: String::new(), avatar: None, barred, wakes, favoured: false, wishes }
    }

    fn act(&mut self, account: AccountId, device: DeviceKey, what: u8, pick: u8) -> Option<Input> {
        let which = self.byte()?;
        // The newest calls are those in which something can happen.
        let call = CallId::from(self.made.saturating_sub(u128::from(which % 4)));
        let act = match what % 16 {
            6 | 7 => CallAct::Ring { device },
            8 | 9 => {
                self.asked = Some((call, account, device.clone()));
                CallAct::Answer { device, hold: pick & 64 != 0 }
            }
            10 if pick & 64 == 0 => CallAct::Decline { device: (pick & 128 == 0).then_some(device), reply: None },
            10 => CallAct::Hold,
            _ => CallAct::End,
        };
        Some(Input::Ask {
            ask: 1,
            question: Question::CallAct { call, account, act, named: None, agent: String::new() },
        })
    }

    /// Somebody who has a call does something with it that takes more than one.
    fn switch(&mut self, account: AccountId, device: DeviceKey) -> Option<Input> {
        let (kind, which) = (self.byte()?, self.byte()?);
        let engaged = |leg: &LegRecord| matches!(leg.stage, Stage::Connecting | Stage::Active | Stage::Held);
        let own = |record: &&CallRecord| record.parties().any(|leg| leg.account == account && engaged(leg));
        let mine: Vec<CallId> = self.kept.values().filter(own).map(|record| record.id).collect();
        let pick = |at: u8| mine.get(usize::from(at) % mine.len().max(1)).copied();
        let call = pick(which).unwrap_or(CallId::from(self.made));
        let with = pick(which / 16).unwrap_or(CallId::from(1));
        let person = self::account(which / 4);
        let act = match kind % 8 {
            0 | 1 => CallAct::Hold,
            2 | 3 => {
                self.asked = Some((call, account, device.clone()));
                CallAct::Resume { device }
            }
            4 => CallAct::Merge { with },
            5 => CallAct::Add { person },
            6 => CallAct::Transfer { person },
            _ => CallAct::HandOver { with },
        };
        let named = Some(self.callee(person, account, kind & 128 != 0)?);
        Some(Input::Ask { ask: 1, question: Question::CallAct { call, account, act, named, agent: String::new() } })
    }

    fn enter(&mut self, account: AccountId, pick: u8) -> Option<Input> {
        let which = self.byte()?;
        let name = room(self.made.saturating_sub(u128::from(which % 4)).max(1));
        self.sessions += 1;
        let session = SessionId(self.sessions);
        self.seats.insert(session, (account, name.clone()));
        self.entering = Some(name.clone());
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
            add_tracks: vec![livekit::AddTrackRequest {
                cid: "mic".to_owned(),
                source: livekit::TrackSource::Microphone.into(),
                ..livekit::AddTrackRequest::default()
            }],
            offer: None,
            client: None,
            policy: Some(Policy::OWNED),
            role: Some(Role::Host),
        };
        Some(Input::Join { session, join: Box::new(join) })
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

    fn command(&mut self, command: Command) {
        match command {
            Command::AddPeer(added) => {
                let Person::Account(account) = Person::of(&added.identity) else { return };
                self.rooms.extend(self.entering.clone().map(|name| (added.room, name)));
                self.peers.insert(added.peer, (account, added.room));
            }
            Command::RemovePeer { peer } => {
                self.peers.remove(&peer);
                self.tracks.retain(|_, owner| *owner != peer);
                let Self { tracks, flows, .. } = self;
                flows.retain(|(taker, track), _| *taker != peer && tracks.contains_key(track));
            }
            Command::ExpectTrack { peer, track } => {
                self.tracks.insert(track.track, peer);
                self.published.push((peer, track.track));
            }
            Command::Subscribe { peer, track } => drop(self.flows.insert((peer, track), true)),
            Command::Unsubscribe { peer, track } => drop(self.flows.remove(&(peer, track))),
            Command::Prefer { peer, track, wish } => drop(self.flows.insert((peer, track), wish.enabled)),
            _ => {}
        }
    }

    /// Nobody hears anything of whoever has the call on hold, or hears anything meanwhile; all others hear each other.
    fn check_flows(&self) {
        for ((taker, track), flows) in &self.flows {
            let (Some((one, room)), Some((other, _))) = (self.peers.get(taker), self.peers.get(&self.tracks[track]))
            else {
                continue;
            };
            let Some(name) = self.rooms.get(room) else { continue };
            let record = self.kept.values().find(|record| record.room == *name);
            let holds = |account: AccountId| {
                record.is_some_and(|record| {
                    record.parties().any(|leg| leg.account == account && leg.stage == Stage::Held)
                })
            };
            assert_eq!(*flows, !holds(*one) && !holds(*other), "{one} takes of {other} in {record:?}");
        }
    }

    fn hear(&mut self, line: LineId, event: ApiEvent) {
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
                let blocks = self.blocked.get(&person.account) == Some(&whose.0);
                assert!(!blocks || person.presence == Presence::Offline, "who is blocked finds {person:?}");
                assert!(person.presence != Presence::Offline || person.note.is_none(), "{person:?}");
                self.waiting.seen.entry(line).or_default().insert(person.account, person.presence);
            }
            ApiEvent::People { people, awaited } => {
                let seen = people.iter().map(|person| (person.account, person.presence)).collect();
                self.waiting.seen.insert(line, seen);
                self.waiting.told.insert(line, awaited.into_iter().map(|one| one.account).collect());
                let blocks = |person: &Reachable| self.blocked.get(&person.account) == Some(&whose.0);
                assert!(!people.iter().any(blocks), "who is blocked finds {people:?}");
            }
            ApiEvent::Awaited { people } => {
                drop(self.waiting.told.insert(line, people.into_iter().map(|one| one.account).collect()));
            }
            ApiEvent::Free { person: Contact { account, .. } } => {
                assert_ne!(self.blocked.get(&account), Some(&whose.0), "who is blocked is told that {account} is free");
                self.waiting.free(line, whose.0, account);
                *self.seen.entry("free".to_owned()).or_default() += 1;
            }
            ApiEvent::CallsLooked | ApiEvent::Voicemail | ApiEvent::Refused { .. } => {}
            other => panic!("{other:?} for a page that attends no room"),
        }
    }

    /// Somebody wants to be told when another is free, or does so no longer.
    fn wait(&mut self, account: AccountId) -> Option<Input> {
        let (whom, how) = (self.byte()?, self.byte()?);
        let (person, anew) = (self::account(whom), how & 64 != 0);
        let question = match how % 8 {
            0 => Question::SignedOut(account),
            1 => Question::AwaitNoMore { account, person },
            _ => {
                let person = Contact { account: person, name: String::new(), avatar: None, note: None };
                Question::Await { account, person, anew }
            }
        };
        self.waiting.asked(&question);
        Some(Input::Ask { ask: 3, question })
    }

    fn freed(&mut self, account: AccountId, here: &[DeviceKey]) {
        assert_eq!(here.iter().collect::<BTreeSet<_>>(), self.devices_of(account), "the devices of {account}");
        self.waiting.woken(account);
        *self.seen.entry("free, and not here".to_owned()).or_default() += usize::from(here.is_empty());
    }

    /// The devices of somebody that have a line.
    fn devices_of(&self, account: AccountId) -> BTreeSet<&DeviceKey> {
        let own = self.lines.values().filter(|(whose, _)| *whose == account);
        own.map(|(_, device)| device).collect()
    }

    fn wake(&mut self, call: CallId, account: AccountId, until: u64, here: &[DeviceKey]) {
        let times = self.woken.entry((call, account)).or_default();
        *times += 1;
        let (first, here) = (*times == 1, here.iter().collect::<BTreeSet<_>>());
        assert!(*times <= 2, "{account} is woken again and again for {call}");
        let all = self.devices_of(account);
        if first {
            assert!(until > BEGAN, "it rings until {until}");
            assert_eq!(here, all, "the devices of {account}");
            *self.seen.entry("woken".to_owned()).or_default() += usize::from(here.is_empty());
        } else {
            assert!(!all.is_subset(&here), "all devices of {account} ring, and are woken");
            *self.seen.entry("woken again".to_owned()).or_default() += 1;
        }
    }

    fn keep(&mut self, record: CallRecord) {
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
    fn check_forwarded(&mut self, record: &CallRecord) {
        let known = self.kept.get(&record.id).map_or(0, |before| before.legs.len());
        for (place, leg) in record.legs.iter().enumerate().skip(known) {
            let Some(forwarder) = leg.forwarder else { continue };
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

    /// What holds after every step: every line of every party knows what is kept.
    fn check(&mut self) {
        self.check_flows();
        self.waiting.talk(self.kept.values());
        self.waiting.check(self.now, &self.lines);
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

    /// A thousand steps for each of two hundred seeds.
    #[test]
    fn no_call_is_lost_whatever_happens_in_whatever_order() {
        let mut seen = BTreeMap::new();
        for seed in 0..200 {
            let mut chance = IdSource::new(seed);
            let bytes: Vec<u8> = (0..2_700).map(|_| (chance.draw() >> 40) as u8).collect();
            for (what, times) in super::play(&bytes) {
                *seen.entry(what).or_insert(0) += times;
            }
        }
        // Otherwise nothing was tried.
        let stages = [Stage::Ringing, Stage::Dialing, Stage::Connecting, Stage::Active, Stage::Held];
        let ends = Why::ALL.into_iter().filter(|why| !matches!(why, Why::Busy | Why::DoNotDisturb));
        assert!(seen.get("woken again").is_some_and(|times| *times >= 5), "no device was silent: {seen:?}");
        assert!(seen.get("woken").is_some_and(|times| *times >= 5), "nobody who is not here was called: {seen:?}");
        for what in ["forwarded", "forwarded for nothing", "free", "free, and not here"] {
            assert!(seen.get(what).is_some_and(|times| *times >= 100), "{what} is rare: {seen:?}");
        }
        for stage in stages.into_iter().chain(ends.map(|why| Stage::Ended { why })) {
            assert!(seen.get(&format!("{stage:?}")).is_some_and(|times| *times >= 5), "{stage:?} is rare: {seen:?}");
        }
    }
}
