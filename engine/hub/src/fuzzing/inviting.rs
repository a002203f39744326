//! People who ask each other into meetings, as functions from bytes: they come and go with their pages, enter rooms, lead them, ask,
//! answer, block and lock in any order, and every promise of invitations is checked after each step.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, Identity, LineId, Lobby, Person, Policy, Rights, Role, RoomName, SessionId,
    api::{Act, Door, Event, MyPresence, RoomInvitation},
    livekit::{LeaveRequest, signal_request::Message as Request},
    presence::Chosen,
    time::Calendar,
};

use crate::{Answer, Arrival, Book, Config, Hub, Input, Invites, Join, Output, Question, Visit};

/// People; few, so that they meet.
const PEOPLE: u8 = 5;

/// Plays a conversation of invitations.
///
/// # Panics
/// When a promise is broken: see [`Play::check`] and the end.
pub fn invitations(data: &[u8]) {
    play(data);
}

/// What was seen, each so often; for the test that looks whether anything was.
fn play(data: &[u8]) -> BTreeMap<String, usize> {
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    let now = Instant::now();
    let config = Config { participants_per_room: 3, ..Config::default() };
    let mut play = Play {
        hub: Hub::new(config, now, Calendar::new(now, 1_700_000_000_000), 1),
        now,
        bytes: data.iter(),
        sessions: 0,
        lines: BTreeMap::new(),
        told: BTreeMap::new(),
        seats: BTreeMap::new(),
        blocked: BTreeMap::new(),
        dnd: BTreeSet::new(),
        answers: Vec::new(),
        seen: BTreeMap::new(),
    };
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
    sessions: u64,
    lines: BTreeMap<LineId, AccountId>,
    /// What each line was told last, with its number.
    told: BTreeMap<LineId, (u64, Vec<RoomInvitation>)>,
    seats: BTreeMap<SessionId, (AccountId, RoomName)>,
    /// Whom each has blocked, one at most.
    blocked: BTreeMap<AccountId, AccountId>,
    /// Who does not want to be disturbed.
    dnd: BTreeSet<AccountId>,
    /// What was answered last.
    answers: Vec<Answer>,
    seen: BTreeMap<String, usize>,
}

impl Play<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.bytes.next().copied()
    }

    fn next(&mut self) -> Option<Input> {
        let (what, pick) = (self.byte()?, self.byte()?);
        let who = account(pick);
        let ask = |question| Input::Ask { ask: 1, question };
        Some(match what % 16 {
            0 | 1 => {
                // Two windows each.
                let line = LineId(u64::from(pick % PEOPLE) * 2 + u64::from(pick >> 7));
                self.lines.insert(line, who);
                let said = MyPresence { chosen: self.chosen(who), note: String::new() };
                let (device, book) = ("a".parse().ok()?, self.book(who));
                let (name, idle, unseen) = (String::new(), what & 16 != 0, BTreeSet::new());
                let arrival = Arrival { account: who, device, name, idle, said, book, unseen };
                Input::Here { line, arrival: Box::new(arrival) }
            }
            2 => match self.lines.keys().nth(usize::from(pick) % self.lines.len().max(1)).copied() {
                Some(line) => {
                    self.lines.remove(&line);
                    self.told.remove(&line);
                    Input::Deaf { line }
                }
                None => Input::Timeout,
            },
            3 => {
                if !self.dnd.remove(&who) {
                    self.dnd.insert(who);
                }
                let said = MyPresence { chosen: self.chosen(who), note: String::new() };
                ask(Question::Choose { account: who, said })
            }
            4 if what & 32 == 0 => {
                let (other, before) = (account(self.byte()?), self.book(who));
                if self.blocked.remove(&who).is_none() && other != who {
                    self.blocked.insert(who, other);
                }
                ask(Question::Book { account: who, before, book: self.book(who) })
            }
            4 | 5 => {
                let acts = [Act::Lock { on: true }, Act::Lock { on: false }, Act::EndForAll, Act::Pause { on: true }];
                let act = acts.into_iter().nth(usize::from(what >> 6))?;
                ask(Question::Act { room: room(pick), person: Person::Account(who), act: Box::new(act) })
            }
            6 | 7 => self.enter(who, pick),
            8 => match self.seats.keys().nth(usize::from(pick) % self.seats.len().max(1)).copied() {
                Some(session) => Input::Signal { session, request: Box::new(Request::Leave(LeaveRequest::default())) },
                None => Input::Timeout,
            },
            9..=11 => {
                let more = self.byte()?;
                let people = [account(more), account(more >> 4), account(what >> 4)].to_vec();
                let banned = (more % 16 == 15).then_some(account(more)).into_iter().collect();
                let invites = Box::new(Invites { title: String::new(), people, banned });
                ask(Question::Invite { room: room(pick), person: Person::Account(who), invites })
            }
            12 | 13 => {
                let mut visit = self.visit(who, pick);
                let shown = self.told.iter().flat_map(|(line, (_, all))| all.iter().map(|one| (self.lines[line], one)));
                if let Some((whose, one)) = shown.clone().nth(usize::from(pick >> 4)).or_else(|| shown.clone().next()) {
                    (visit.person, visit.room) = (Person::Account(whose), one.code.parse().ok()?);
                }
                ask(Question::Invitation { visit, come: what & 16 != 0 })
            }
            14 => {
                let visit = self.visit(who, pick);
                ask(Question::Knock { visit, device: "k".to_owned() })
            }
            _ => {
                self.now += Duration::from_secs(u64::from(pick));
                Input::Timeout
            }
        })
    }

    fn chosen(&self, who: AccountId) -> Chosen {
        if self.dnd.contains(&who) { Chosen::DoNotDisturb } else { Chosen::Automatic }
    }

    fn book(&self, who: AccountId) -> Book {
        Book { blocked: self.blocked.get(&who).copied().into_iter().collect(), ..Book::default() }
    }

    fn visit(&self, who: AccountId, pick: u8) -> Box<Visit> {
        Box::new(Visit {
            room: room(pick),
            person: Person::Account(who),
            name: String::new(),
            avatar: None,
            role: role(who),
            policy: policy(),
            banned: false,
            from: None,
        })
    }

    fn enter(&mut self, who: AccountId, pick: u8) -> Input {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        self.seats.insert(session, (who, room(pick)));
        let identity: Identity = Person::Account(who).identity(if pick & 32 == 0 { "a" } else { "b" });
        let join = Join {
            room: room(pick),
            identity,
            name: String::new(),
            metadata: String::new(),
            attributes: vec![("role".to_owned(), role(who).name().to_owned())],
            rights: Rights::FULL,
            auto_subscribe: true,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: Some(policy()),
            role: Some(role(who)),
        };
        Input::Join { session, join: Box::new(join) }
    }

    fn handle(&mut self, input: Input) {
        let invites = matches!(&input, Input::Ask { question: Question::Invite { .. }, .. });
        let comes = match &input {
            Input::Ask { question: Question::Invitation { visit, come: true }, .. } => Some(visit.clone()),
            _ => None,
        };
        self.answers.clear();
        self.pass(input);
        let done = matches!(self.answers.first(), Some(Answer::Invited(Ok(()))));
        if invites && done {
            self.count("asked");
        }
        if let Some(visit) = comes.filter(|_| done) {
            self.count("came");
            self.answers.clear();
            self.pass(Input::Ask { ask: 2, question: Question::Door(visit) });
            let door = self.answers.first();
            assert!(matches!(door, Some(Answer::Door(Door::Open))), "let in, and finds {door:?}");
        }
    }

    fn count(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    fn pass(&mut self, input: Input) {
        self.hub.handle(self.now, input);
        while let Some(output) = self.hub.poll_output() {
            match output {
                Output::Close { session } => drop(self.seats.remove(&session)),
                Output::Tell { line, event } => self.hear(line, *event),
                Output::Answer { answer, .. } => self.answers.push(answer),
                _ => {}
            }
        }
        let late = self.hub.poll_timeout().is_some_and(|due| due <= self.now);
        assert!(!late, "a timer that is due was left");
    }

    fn hear(&mut self, line: LineId, event: Event) {
        let Event::Invitations { number, invitations } = event else { return };
        let whose = self.lines.get(&line).copied().expect("only open lines are told");
        let before = self.told.get(&line).map_or(0, |(number, _)| *number);
        assert!(number >= before, "an older list after a newer");
        for one in &invitations {
            assert_ne!(one.by, whose, "nobody asks themselves");
            assert_ne!(self.blocked.get(&whose), Some(&one.by), "who is blocked asks nobody");
            assert!(role(one.by).leads(), "only those who lead ask");
        }
        self.told.insert(line, (number, invitations));
    }

    /// What a page shows is true at every moment: who is in is not asked in, and all pages of one person show the same.
    fn check(&mut self) {
        let mut shown: BTreeMap<AccountId, BTreeSet<String>> = BTreeMap::new();
        for (line, (_, invitations)) in &self.told {
            let whose = self.lines[line];
            let codes: BTreeSet<String> = invitations.iter().map(|one| one.code.clone()).collect();
            assert!(codes.len() == invitations.len() && codes.len() <= 5, "once for each room, and few: {codes:?}");
            for session in self.seats.values().filter(|(who, _)| *who == whose) {
                assert!(!codes.contains(session.1.as_str()), "asked into a room where they are");
            }
            if let Some(other) = shown.insert(whose, codes.clone()) {
                assert_eq!(other, codes, "two pages of one person");
            }
        }
        if shown.values().any(|codes| !codes.is_empty()) {
            self.count("shown");
        }
    }

    /// Everybody goes, and time passes: nothing of it is left.
    fn quiet(&mut self) {
        for session in std::mem::take(&mut self.seats).into_keys() {
            self.pass(Input::Signal { session, request: Box::new(Request::Leave(LeaveRequest::default())) });
        }
        self.now += Duration::from_secs(2_000);
        self.pass(Input::Timeout);
        assert!(self.told.values().all(|(_, invitations)| invitations.is_empty()), "a card stays: {:?}", self.told);
        assert!(self.hub.holds_no_invitation(), "something of an invitation is left");
    }
}

fn account(pick: u8) -> AccountId {
    AccountId::from(u128::from(pick % PEOPLE))
}

/// The first two lead wherever they are.
fn role(who: AccountId) -> Role {
    match u128::from(who) {
        0 => Role::Owner,
        1 => Role::Host,
        _ => Role::Member,
    }
}

fn room(pick: u8) -> RoomName {
    if pick & 64 == 0 { "one" } else { "two" }.parse().expect("a name of a room")
}

fn policy() -> Policy {
    Policy { lobby: Lobby::Everyone, ..Policy::OWNED }
}

#[cfg(test)]
mod tests {
    use proto::id::IdSource;

    #[test]
    fn random_invitations_keep_the_promises() {
        let mut chance = IdSource::new(11);
        let mut seen = std::collections::BTreeMap::<String, usize>::new();
        for length in 0..4_000_usize {
            let bytes: Vec<u8> = (0..length % 600).map(|_| (chance.draw() >> 40) as u8).collect();
            for (what, times) in super::play(&bytes) {
                *seen.entry(what).or_default() += times;
            }
        }
        for what in ["asked", "shown", "came"] {
            assert!(seen.get(what).is_some_and(|times| *times > 200), "hardly anybody {what}: {seen:?}");
        }
    }
}
