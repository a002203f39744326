//! What people do in a play of calls: what they are called for comes out of its bytes.

use std::collections::BTreeSet;

use proto::{
    AccountId, CallId, DeviceKey, Identity, LineId, Person, Policy, Rights, Role, RoomName, SessionId,
    api::{CallAct, Contact, MyPresence},
    call::{CallRecord, LegRecord, Stage},
    livekit,
    presence::{Chosen, SeenBy},
};

use super::{PEOPLE, Play, account, account_number, room};
use crate::{Arrival, Book, Callee, Input, Join, Onward, Placed, Question, Wishes};

/// So often somebody in haste changes what they say: more often than others are told at once.
const HASTE: u8 = 12;

impl Play<'_> {
    /// `strays`: over any line and of any device, as no honest page says.
    pub(super) fn here(
        &mut self,
        account: AccountId,
        mut device: DeviceKey,
        idle: bool,
        strays: bool,
    ) -> Option<Input> {
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
        // What came with a page that is there already may have been read before the person said otherwise.
        let late = self.made % 7 == 6 && self.finding.is_known(account);
        let said = if late { MyPresence::default() } else { self.finding.said(account) };
        self.finding.here(self.now, line, account, idle);
        let unseen = (0..PEOPLE).map(self::account).filter(|other| self.hides(*other, account)).collect();
        let arrival = Arrival { account, device, name: String::new(), idle, said, book: self.book(account), unseen };
        Some(Input::Here { line, arrival: Box::new(arrival) })
    }

    /// Somebody says another thing of themselves; `hastily`: after more others in a moment than everybody is told of.
    pub(super) fn choose(&mut self, account: AccountId, pick: u8, hastily: bool) -> Input {
        for turn in 0..if hastily { HASTE } else { 0 } {
            let input = self.choice(account, if turn % 2 == 0 { Chosen::Away } else { Chosen::Busy }, "");
            self.handle(input);
            self.check();
        }
        let chosen = match pick >> 5 {
            0 => Chosen::Busy,
            1 => Chosen::Away,
            2 => Chosen::DoNotDisturb,
            _ => Chosen::Automatic,
        };
        self.choice(account, chosen, if pick & 16 != 0 { "Library" } else { "" })
    }

    fn choice(&mut self, account: AccountId, chosen: Chosen, note: &str) -> Input {
        let said = MyPresence { chosen, note: note.to_owned() };
        self.finding.choose(account, said.clone());
        Input::Ask { ask: 2, question: Question::Choose { account, said } }
    }

    pub(super) fn book(&self, account: AccountId) -> Book {
        let (seen_by, contact) = self.seen_by.get(&account).copied().unzip();
        Book {
            favourites: BTreeSet::new(),
            blocked: self.blocked.get(&account).cloned().into_iter().collect(),
            seen_by: seen_by.unwrap_or_default(),
            contacts: contact.into_iter().collect(),
        }
    }

    /// Whether somebody is not to see how another is to be found.
    pub(super) fn is_unseen(&self, account: AccountId, by: AccountId) -> bool {
        account != by && (self.blocked.get(&account) == Some(&by) || self.hides(account, by))
    }

    /// Whether somebody has chosen not to be seen by another, which that one may know.
    pub(super) fn hides(&self, account: AccountId, from: AccountId) -> bool {
        let blocks = self.blocked.get(&account) == Some(&from);
        match self.seen_by.get(&account).filter(|_| account != from) {
            None | Some((SeenBy::Everyone, _)) => false,
            Some((SeenBy::Contacts, contact)) => *contact != from || blocks,
            Some((SeenBy::Nobody, _)) => true,
        }
    }

    /// Everybody who is unseen, with those by whom.
    pub(super) fn unseen(&self) -> BTreeSet<(AccountId, AccountId)> {
        let all = || (0..PEOPLE).map(self::account);
        let pairs = all().flat_map(|one| all().map(move |by| (one, by)));
        pairs.filter(|(one, by)| self.is_unseen(*one, *by)).collect()
    }

    pub(super) fn call(&mut self, caller: AccountId, device: DeviceKey, what: u8) -> Option<Input> {
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
    pub(super) fn callee(&mut self, account: AccountId, caller: AccountId, wakes: bool) -> Option<Callee> {
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

    pub(super) fn person(&self, account: AccountId, caller: Option<AccountId>, wakes: bool) -> Callee {
        let barred = caller.is_some() && self.blocked.get(&account).copied() == caller;
        let wishes = Wishes::default();
        Callee { account, name: String::new(), avatar: None, barred, wakes, favoured: false, wishes }
    }

    pub(super) fn act(&mut self, account: AccountId, device: DeviceKey, what: u8, pick: u8) -> Option<Input> {
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
    pub(super) fn switch(&mut self, account: AccountId, device: DeviceKey) -> Option<Input> {
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

    pub(super) fn enter(&mut self, account: AccountId, pick: u8) -> Option<Input> {
        let which = self.byte()?;
        let name = room(self.made.saturating_sub(u128::from(which % 4)).max(1));
        Some(self.join(account, name, if pick & 64 == 0 { "a" } else { "b" }))
    }

    /// Somebody comes into a room with one of their pages.
    pub(super) fn join(&mut self, account: AccountId, name: RoomName, page: &str) -> Input {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        self.seats.insert(session, (account, name.clone()));
        self.entering = Some(name.clone());
        let identity: Identity = Person::Account(account).identity(page);
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
        Input::Join { session, join: Box::new(join) }
    }

    /// Somebody wants to be told when another is free, or does so no longer.
    pub(super) fn wait(&mut self, account: AccountId) -> Option<Input> {
        let (whom, how) = (self.byte()?, self.byte()?);
        let (person, anew) = (self::account(whom), how & 64 != 0);
        let question = match how % 8 {
            0 => Question::SignedOut(account),
            1 => Question::AwaitNoMore { account, person },
            _ => {
                // What is kept of whoever is here may have been read before they said otherwise.
                let hidden = self.hides(person, account) && !(how & 32 != 0 && self.finding.is_known(person));
                let person = Contact { account: person, name: String::new(), avatar: None, note: None, hidden };
                Question::Await { account, person, anew }
            }
        };
        self.waiting.asked(&question, self.hides(person, account));
        Some(Input::Ask { ask: 3, question })
    }
}
