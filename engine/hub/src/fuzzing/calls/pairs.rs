//! Every two things that can happen one after the other, at each stage of a call between two people, and with a third who is rung:
//! none leaves a call that waits for ever, or one that is over without a reason. The promises of the play are checked at each step.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::{
    AccountId, CallId, LineId, SessionId,
    api::{CallAct, MyPresence},
    call::Stage,
    livekit::signal_request::Message as Request,
};

use super::{Play, account, device, room};
use crate::{Arrival, Book, Input, Placed, Question};

/// Longer than anybody rings, comes, and rings again when a call comes back, and than a seat is kept.
const PATIENCE: Duration = Duration::from_secs(400);

/// How far the call of the first with the second is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum At {
    Dialing,
    Ringing,
    CallerIn,
    Answered,
    Active,
    Held,
    BothHeld,
}

/// Who does it is the first, the second or the third.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Act(u8, What),
    Enter(u8),
    Leave(u8),
    /// The connection of the media is lost; or its page was closed.
    Lose(u8, bool),
    LineLost(u8),
    SignOut(u8),
    Here(u8),
    /// Calls the next.
    Call(u8),
    Seconds(u64),
}

#[derive(Debug, Clone, Copy)]
enum What {
    Ring,
    Answer,
    Decline,
    End,
    Hold,
    Resume,
    /// Rings the next one into the call, or leaves the others to them.
    Add,
    Transfer,
}

const ACTS: [What; 8] = {
    use What::*;
    [Ring, Answer, Decline, End, Hold, Resume, Add, Transfer]
};

/// All that these can do, and what time does.
fn deeds(people: u8) -> Vec<Deed> {
    let mut all = vec![Deed::Seconds(16), Deed::Seconds(31), Deed::Seconds(301)];
    for who in 0..people {
        all.extend(ACTS.map(|what| Deed::Act(who, what)));
        all.extend([Deed::Enter(who), Deed::Leave(who), Deed::Lose(who, false), Deed::Lose(who, true)]);
        all.extend([Deed::LineLost(who), Deed::SignOut(who), Deed::Here(who), Deed::Call(who)]);
    }
    all
}

impl Play<'_> {
    fn begin(&mut self, at: At, third: bool) {
        for who in 0..3 {
            self.does(Deed::Here(who));
        }
        self.does(Deed::Call(0));
        let steps = [
            (At::Ringing, Deed::Act(1, What::Ring)),
            (At::CallerIn, Deed::Enter(0)),
            (At::Answered, Deed::Act(1, What::Answer)),
            (At::Active, Deed::Enter(1)),
            (At::Held, Deed::Act(0, What::Hold)),
            (At::BothHeld, Deed::Act(1, What::Hold)),
        ];
        for (_, deed) in steps.into_iter().filter(|(stage, _)| *stage <= at) {
            self.does(deed);
        }
        if third {
            let (call, person) = (CallId::from(1), account(2));
            let named = Some(self.person(person, Some(account(0)), false));
            let (account, act, agent) = (account(0), CallAct::Add { person }, String::new());
            self.step(Input::Ask { ask: 2, question: Question::CallAct { call, account, act, named, agent } });
            self.does(Deed::Act(2, What::Ring));
        }
    }

    fn step(&mut self, input: Input) {
        self.handle(input);
        self.check();
    }

    fn does(&mut self, deed: Deed) {
        let input = match deed {
            Deed::Act(who, what) => self.acts(who, what),
            Deed::Enter(who) => self.comes(account(who)),
            Deed::Leave(who) => self
                .session(account(who))
                .map(|session| Input::Signal { session, request: Box::new(Request::Leave(Default::default())) }),
            Deed::Lose(who, closed) => self.session(account(who)).map(|session| {
                self.seats.remove(&session);
                Input::Gone { session, closed }
            }),
            Deed::LineLost(who) => self.line_gone(line(who), false).then_some(Input::Deaf { line: line(who) }),
            Deed::SignOut(who) => self.line_gone(line(who), true).then_some(Input::SignedOut { line: line(who) }),
            Deed::Here(who) => Some(self.is_here(account(who), line(who))),
            Deed::Call(who) => Some(self.calls(account(who), account((who + 1) % 3))),
            Deed::Seconds(seconds) => {
                self.now += Duration::from_secs(seconds);
                Some(Input::Timeout)
            }
        };
        if let Some(input) = input {
            self.step(input);
        }
    }

    fn acts(&self, who: u8, what: What) -> Option<Input> {
        // The last call that the person has to do with: what a page shows.
        let mine = |record: &&proto::call::CallRecord| record.own(account(who)).is_some();
        let call = self.kept.values().rev().find(mine)?.id;
        let (device, next) = (device(0), account((who + 1) % 3));
        let act = match what {
            What::Ring => CallAct::Ring { device },
            What::Answer => CallAct::Answer { device, hold: true },
            What::Decline => CallAct::Decline { device: Some(device), reply: None },
            What::End => CallAct::End,
            What::Hold => CallAct::Hold,
            What::Resume => CallAct::Resume { device },
            What::Add => CallAct::Add { person: next },
            What::Transfer => CallAct::Transfer { person: next },
        };
        let named = matches!(what, What::Add | What::Transfer).then(|| self.person(next, Some(account(who)), false));
        let (account, agent) = (account(who), String::new());
        Some(Input::Ask { ask: 2, question: Question::CallAct { call, account, act, named, agent } })
    }

    /// Somebody comes into the room of the last call that goes on.
    fn comes(&mut self, who: AccountId) -> Option<Input> {
        let name = self.kept.values().next_back()?.room.clone();
        Some(self.join(who, name, "a"))
    }

    fn session(&self, who: AccountId) -> Option<SessionId> {
        self.seats.iter().find(|(_, (account, _))| *account == who).map(|(session, _)| *session)
    }

    fn line_gone(&mut self, line: LineId, signed_out: bool) -> bool {
        self.finding.gone(self.now, line, signed_out);
        self.waiting.line_gone(line);
        self.told.remove(&line);
        self.lines.remove(&line).is_some()
    }

    fn is_here(&mut self, account: AccountId, line: LineId) -> Input {
        self.lines.insert(line, (account, device(0)));
        self.finding.here(self.now, line, account, false);
        let (said, book, unseen) = (MyPresence::default(), Book::default(), BTreeSet::new());
        let arrival = Arrival { account, device: device(0), name: String::new(), idle: false, said, book, unseen };
        Input::Here { line, arrival: Box::new(arrival) }
    }

    fn calls(&mut self, caller: AccountId, whom: AccountId) -> Input {
        self.made += 1;
        let placed = Placed {
            id: CallId::from(self.made),
            room: room(self.made),
            caller: self.person(caller, None, false),
            device: device(0),
            callees: vec![self.person(whom, Some(caller), false)],
            video: false,
            anyway: true,
        };
        Input::Ask { ask: 0, question: Question::Call(Box::new(placed)) }
    }

    /// Nobody does anything: whoever rings or is on the way does not for ever, and what goes on has two who are in it.
    fn wait_and_see(&mut self, what: &str) {
        // In steps: what follows from one end of time takes more of it.
        for _ in 0..5 {
            self.does(Deed::Seconds(PATIENCE.as_secs() / 5));
        }
        for record in self.kept.values() {
            let engaged = record.parties().filter(|leg| matches!(leg.stage, Stage::Active | Stage::Held)).count();
            let waits = record.parties().find(|leg| leg.stage.rings() || leg.stage == Stage::Connecting);
            assert!(waits.is_none(), "{what}: waits for ever: {record:?}");
            let inside = |account| self.peers.values().any(|(who, _)| *who == account);
            let guests = self.peers.values().filter(|(who, _)| record.own(*who).is_none_or(|leg| leg.stage.is_over()));
            assert!(engaged + guests.count() >= 2, "{what}: nobody is left to talk to: {record:?}");
            for leg in record.parties().filter(|leg| leg.stage == Stage::Active) {
                assert!(inside(leg.account), "{what}: active, and not in the room: {record:?}");
            }
        }
    }
}

fn line(who: u8) -> LineId {
    LineId(u64::from(who))
}

fn walk(at: At, third: bool) {
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    let now = Instant::now();
    let deeds = deeds(if third { 3 } else { 2 });
    for one in &deeds {
        for other in &deeds {
            let what = format!("{at:?}, third {third}: {one:?}, {other:?}");
            let done = std::panic::catch_unwind(|| {
                let mut play = Play::new(now, &[]);
                play.begin(at, third);
                play.does(*one);
                play.does(*other);
                play.wait_and_see(&what);
                play.quiet();
            });
            assert!(done.is_ok(), "{what}");
        }
    }
}

#[test]
fn no_two_things_leave_a_call_of_two_without_an_end() {
    for at in [At::Dialing, At::Ringing, At::CallerIn, At::Answered, At::Active, At::Held, At::BothHeld] {
        walk(at, false);
    }
}

#[test]
fn no_two_things_leave_a_call_of_two_without_an_end_while_a_third_is_rung() {
    for at in [At::CallerIn, At::Active] {
        walk(at, true);
    }
}
