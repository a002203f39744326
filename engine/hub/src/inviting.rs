//! Asking people into a meeting: somebody who leads it asks those who can be found, and it is shown on all their pages.
//!
//! It is no call: nobody is woken for it, it needs no answer, and nothing of it outlives the server. It is open for a minute; an
//! answer on one device is the answer of all. Whoever says yes is let in by hand, as whoever waited at the door and was admitted:
//! past the lobby, and past a lock, since those who ask are those who could unlock. **Whom somebody has blocked, or does
//! not show themselves to, finds them offline here too**, and is told nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    AccountId, Person, Presence, Refusal, RoomId, RoomName,
    api::{Door, Event, Invitee, InviteeAnswer, RoomInvitation},
};

use crate::{
    Hub, Visit,
    barred::Return,
    desk::Desk,
    participant::pace::{Pace, Rate},
    room::Room,
    timers::Timer,
};

/// How long an invitation is open: time to end a sentence on the telephone, and not so long that somebody comes to a meeting in
/// which nobody expects them any more.
const OPEN: Duration = Duration::from_secs(60);

/// How long those who lead are told what became of one: until they have looked. Then the list begins to be empty again.
const TOLD: Duration = Duration::from_secs(300);

/// How soon the same person may ask the same other again, whatever the room and the answer: two a minute are no flood.
const AGAIN: Duration = Duration::from_secs(30);

/// How many people one person asks: all that a page lists at once, and then as many again within five minutes. More is refused.
const ASKS: Rate = Rate { burst: PEOPLE as u32, each: Duration::from_millis(600) };

/// The most people who are asked at once: as many as the largest room holds, and as a page lists. More is refused.
pub const PEOPLE: usize = 500;

/// The most of whom a room remembers that they were asked; one more is refused.
const OF_ROOM: usize = PEOPLE;

/// The most that are open for one person: more cards than anybody reads. Whoever asks beyond that does not find them.
const OF_ONE: usize = 5;

/// Whom somebody asks in, and into what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invites {
    /// What the room is called.
    pub title: String,
    /// Whom.
    pub people: Vec<AccountId>,
    /// Who of them may not come in, by what is kept of the room.
    pub banned: BTreeSet<AccountId>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) avatar: Option<String>,
}

/// Everybody who was asked, and into which room. On the desk, since the pages of those who lead are told of it by their room.
#[derive(Debug, Default)]
pub(crate) struct Inviting {
    /// Bounded by [`OF_ROOM`] in each live room.
    rooms: BTreeMap<RoomId, BTreeMap<AccountId, Asked>>,
    /// In which rooms each is still to answer. Bounded by [`OF_ONE`] for each.
    open: BTreeMap<AccountId, BTreeSet<RoomId>>,
    /// Until when who may not ask whom again. Those that are past go with the next that is added, so that it is bounded by what
    /// [`ASKS`] lets everybody do in [`AGAIN`].
    again: BTreeMap<(AccountId, AccountId), Instant>,
    /// How much each has asked of late; whose bucket is full stands here no more.
    paces: BTreeMap<AccountId, Pace>,
    /// Counts what pages are told, and what was asked.
    number: u64,
}

/// Somebody who was asked.
#[derive(Debug)]
struct Asked {
    host: Host,
    room: RoomName,
    title: String,
    answer: InviteeAnswer,
    /// The order of being asked.
    number: u64,
    /// An open one ends then; one that is over is forgotten.
    until: Instant,
    /// The same, in milliseconds since 1970.
    until_ms: u64,
    /// Whoever was asked has blocked whoever asked since: they see it no more, and nobody learns that.
    hidden: bool,
}

impl Asked {
    fn is_open(&self) -> bool {
        self.answer == InviteeAnswer::Waiting
    }

    /// Whether it stands on the pages of whoever was asked.
    fn is_seen(&self) -> bool {
        self.is_open() && !self.hidden
    }
}

/// What came of asking one of several.
enum Tried {
    Done,
    /// There was nothing to be done: they are in, or asked already.
    Idle,
    TooOften,
}

impl Inviting {
    /// Who was asked into a room, as those who lead are told.
    pub(crate) fn invitees(&self, room: RoomId) -> Vec<Invitee> {
        let mut asked: Vec<_> = self.rooms.get(&room).into_iter().flatten().collect();
        asked.sort_by_key(|(_, asked)| asked.number);
        asked.into_iter().map(|(account, asked)| Invitee { account: *account, answer: asked.answer }).collect()
    }

    /// Whether anybody was asked into a room.
    pub(crate) fn concerns(&self, room: RoomId) -> bool {
        self.rooms.contains_key(&room)
    }

    /// What somebody is asked into and sees, the oldest first.
    fn of(&self, account: AccountId) -> Vec<RoomInvitation> {
        let rooms = self.open.get(&account).into_iter().flatten();
        let mut seen: Vec<&Asked> = rooms.filter_map(|room| self.seen(*room, account)).collect();
        seen.sort_by_key(|asked| asked.number);
        let view = |asked: &Asked| RoomInvitation {
            code: asked.room.to_string(),
            title: asked.title.clone(),
            by: asked.host.account,
            name: asked.host.name.clone(),
            avatar: asked.host.avatar.clone(),
            until: asked.until_ms,
        };
        seen.into_iter().map(view).collect()
    }

    /// Somebody's open invitation into a room, unless it is hidden from them.
    fn seen(&self, room: RoomId, account: AccountId) -> Option<&Asked> {
        self.rooms.get(&room)?.get(&account).filter(|asked| asked.is_seen())
    }

    fn put(&mut self, room: RoomId, account: AccountId, asked: Asked) {
        if asked.is_open() {
            self.open.entry(account).or_default().insert(room);
        } else {
            self.close(room, account);
        }
        self.rooms.entry(room).or_default().insert(account, asked);
    }

    /// Whoever was asked answers, or does not.
    fn settle(&mut self, room: RoomId, account: AccountId, answer: InviteeAnswer, until: Instant) {
        self.close(room, account);
        if let Some(asked) = self.rooms.get_mut(&room).and_then(|people| people.get_mut(&account)) {
            (asked.answer, asked.until) = (answer, until);
        }
    }

    fn close(&mut self, room: RoomId, account: AccountId) {
        if let Some(rooms) = self.open.get_mut(&account) {
            rooms.remove(&room);
            if rooms.is_empty() {
                self.open.remove(&account);
            }
        }
    }

    fn forget(&mut self, room: RoomId, account: AccountId) {
        self.close(room, account);
        if let Some(people) = self.rooms.get_mut(&room) {
            people.remove(&account);
            if people.is_empty() {
                self.rooms.remove(&room);
            }
        }
    }

    /// The room is over, or empty. Gives back whose pages have to be told.
    pub(crate) fn end(&mut self, room: RoomId) -> Vec<AccountId> {
        self.drop_where(room, |_| true)
    }

    /// These are in. Gives back whose pages have to be told.
    pub(crate) fn came(&mut self, room: RoomId, inside: &BTreeSet<AccountId>) -> Vec<AccountId> {
        self.drop_where(room, |account| inside.contains(&account))
    }

    /// Who asked those into a room who have not answered.
    fn hosts(&self, room: RoomId) -> BTreeSet<AccountId> {
        let asked = self.rooms.get(&room).into_iter().flat_map(|people| people.values());
        asked.filter(|asked| asked.is_open()).map(|asked| asked.host.account).collect()
    }

    /// What these people asked is not open any more. Gives back whose pages have to be told.
    fn withdraw(&mut self, room: RoomId, hosts: &BTreeSet<AccountId>) -> Vec<AccountId> {
        let asked = self.rooms.get(&room).into_iter().flatten();
        let theirs = asked.filter(|(_, asked)| asked.is_open() && hosts.contains(&asked.host.account));
        let theirs: BTreeSet<AccountId> = theirs.map(|(account, _)| *account).collect();
        self.drop_where(room, |account| theirs.contains(&account))
    }

    fn drop_where(&mut self, room: RoomId, whom: impl Fn(AccountId) -> bool) -> Vec<AccountId> {
        let asked = self.rooms.get(&room).into_iter().flatten().filter(|(account, _)| whom(**account));
        let (these, seen): (Vec<_>, Vec<_>) = asked.map(|(account, asked)| (*account, asked.is_seen())).unzip();
        these.iter().for_each(|account| self.forget(room, *account));
        these.into_iter().zip(seen).filter(|(_, seen)| *seen).map(|(account, _)| account).collect()
    }

    /// Ends what is due. Gives back whose pages have to be told.
    fn lapse(&mut self, room: RoomId, now: Instant) -> Vec<AccountId> {
        let due = self.rooms.get(&room).into_iter().flatten().filter(|(_, asked)| asked.until <= now);
        let due: Vec<_> = due.map(|(account, asked)| (*account, asked.is_open(), asked.is_seen())).collect();
        for (account, open, _) in &due {
            if *open {
                self.settle(room, *account, InviteeAnswer::NoAnswer, now + TOLD);
            } else {
                self.forget(room, *account);
            }
        }
        due.into_iter().filter(|(_, _, seen)| *seen).map(|(account, ..)| account).collect()
    }

    /// Whether nobody is asked into anything, or remembered to have been.
    pub(crate) fn is_empty(&self) -> bool {
        self.rooms.is_empty() && self.open.is_empty()
    }

    /// Nobody is asked into anything any more.
    pub(crate) fn clear(&mut self) {
        self.rooms.clear();
        self.open.clear();
    }

    /// Forgets what slows nobody down any more.
    fn tidy(&mut self, now: Instant) {
        self.again.retain(|_, until| *until > now);
        self.paces.retain(|_, pace| !pace.is_full(now));
    }

    /// Counts that somebody asks another; `false` when they did so too often of late. Whoever calls has tidied before.
    fn paced(&mut self, now: Instant, by: AccountId, whom: AccountId) -> bool {
        if self.again.contains_key(&(by, whom)) {
            return false;
        }
        let pace = self.paces.entry(by).or_default();
        if !pace.wait(now, ASKS, 1).is_zero() {
            return false;
        }
        pace.take(now, ASKS, 1);
        self.again.insert((by, whom), now + AGAIN);
        true
    }
}

impl Hub {
    /// Somebody who leads a meeting asks people in.
    pub(crate) fn invite(&mut self, name: &RoomName, person: &Person, invites: Invites) -> Result<(), Refusal> {
        let room = self.named(name).ok_or(Refusal::NotIn)?;
        let (id, host) = (room.id, room.host(person)?);
        // Whoever is to come into a call is rung.
        if self.calls.carries(name) {
            return Err(Refusal::NotAllowed);
        }
        if invites.people.len() > PEOPLE {
            return Err(Refusal::TooMany);
        }
        // Once for all of them: this goes through whatever everybody asked of late.
        self.desk.inviting.tidy(self.desk.now);
        let (mut done, mut late) = (false, false);
        let mut ask_all = || {
            for account in &invites.people {
                match self.invite_one(id, name, &host, &invites, *account)? {
                    Tried::Done => done = true,
                    Tried::Idle => {}
                    Tried::TooOften => late = true,
                }
            }
            Ok(())
        };
        let asked = ask_all();
        self.desk.watch_invitations(id);
        asked?;
        // Of several, those who were asked a moment ago are not asked again.
        if late && !done { Err(Refusal::TooOften) } else { Ok(()) }
    }

    fn invite_one(
        &mut self,
        id: RoomId,
        name: &RoomName,
        host: &Host,
        invites: &Invites,
        account: AccountId,
    ) -> Result<Tried, Refusal> {
        let person = Person::Account(account);
        let Some(room) = self.rooms.get(&id) else { return Err(Refusal::NotIn) };
        if account == host.account || room.has(&person) {
            return Ok(Tried::Idle);
        }
        if room.keeps_waiting(&person) {
            self.within(id, |room, desk| room.let_in_by_hand(desk, &person)).unwrap_or(Err(Refusal::NotIn))?;
            return Ok(Tried::Done);
        }
        let known = self.desk.inviting.rooms.get(&id);
        if known.and_then(|people| people.get(&account)).is_some_and(Asked::is_open) {
            return Ok(Tried::Idle);
        }
        if known.is_some_and(|people| people.len() >= OF_ROOM && !people.contains_key(&account)) {
            return Err(Refusal::TooMany);
        }
        if !self.desk.inviting.paced(self.desk.now, host.account, account) {
            return Ok(Tried::TooOften);
        }
        let reachable = self.is_reachable(name, host.account, account, invites);
        let (answer, span) =
            if reachable { (InviteeAnswer::Waiting, OPEN) } else { (InviteeAnswer::Unreachable, TOLD) };
        let until = self.desk.now + span;
        self.desk.inviting.number += 1;
        let asked = Asked {
            host: host.clone(),
            room: name.clone(),
            title: invites.title.clone(),
            answer,
            number: self.desk.inviting.number,
            until,
            until_ms: self.desk.unix_ms_at(until),
            hidden: false,
        };
        self.desk.inviting.put(id, account, asked);
        if reachable {
            self.desk.stirred_invited.insert(account);
        }
        self.desk.stirred.insert(id);
        Ok(Tried::Done)
    }

    /// Whether somebody is there for another, and may come in.
    fn is_reachable(&self, name: &RoomName, by: AccountId, account: AccountId, invites: &Invites) -> bool {
        let found = match self.devices.presence(account, by) {
            Presence::Available | Presence::Busy | Presence::InCall | Presence::Away => true,
            Presence::DoNotDisturb | Presence::Offline => false,
        };
        let barred = self.desk.barred.find(self.desk.now, name, &Person::Account(account)) == Some(Return::Never);
        let open = self.desk.inviting.open.get(&account).map_or(0, BTreeSet::len);
        // A call or a meeting that is attended without an event socket shows no card.
        let shows = !self.devices.here_of(account).is_empty();
        found && shows && !barred && !invites.banned.contains(&account) && open < OF_ONE
    }

    /// Somebody says whether they come. Whoever does is let in for as long as a ticket is good.
    pub(crate) fn answer_invitation(&mut self, visit: Visit, come: bool) -> Result<(), Refusal> {
        let Person::Account(account) = visit.person else { return Err(Refusal::NotFound) };
        let id = *self.names.get(&visit.room).ok_or(Refusal::NotFound)?;
        if self.desk.inviting.seen(id, account).is_none() {
            return Err(Refusal::NotFound);
        }
        let (answer, until) = if come {
            let until = self.within(id, |room, desk| room.let_in(desk, visit)).unwrap_or(Err(Refusal::NotFound))?;
            (InviteeAnswer::Coming, until)
        } else {
            (InviteeAnswer::NotNow, self.desk.now + TOLD)
        };
        self.desk.inviting.settle(id, account, answer, until);
        self.desk.stirred_invited.insert(account);
        self.desk.stirred.insert(id);
        self.desk.watch_invitations(id);
        Ok(())
    }

    /// Whoever knocks while they are asked in has said yes by that.
    pub(crate) fn come_if_invited(&mut self, visit: &Visit) {
        if self.is_invited(visit) {
            // Who cannot be let in now is told why by the door.
            let _refused = self.answer_invitation(visit.clone(), true);
        }
    }

    /// The door as somebody finds it who may be asked in.
    pub(crate) fn door_for(&self, visit: &Visit, door: Door) -> Door {
        match door {
            Door::Locked | Door::Knock | Door::MembersOnly if self.is_invited(visit) => Door::Open,
            Door::Open | Door::Removed | Door::Full | Door::Locked | Door::Knock | Door::MembersOnly => door,
        }
    }

    fn is_invited(&self, visit: &Visit) -> bool {
        let Person::Account(account) = visit.person else { return false };
        self.names.get(&visit.room).is_some_and(|id| self.desk.inviting.seen(*id, account).is_some())
    }

    /// Somebody has blocked others since they were asked by them.
    pub(crate) fn hide_invitations(&mut self, account: AccountId) {
        for room in self.desk.inviting.open.get(&account).cloned().unwrap_or_default() {
            let people = self.desk.inviting.rooms.get_mut(&room);
            let Some(asked) = people.and_then(|people| people.get_mut(&account)) else { continue };
            if !asked.hidden && self.devices.blocks(account, asked.host.account) {
                asked.hidden = true;
                self.desk.stirred_invited.insert(account);
            }
        }
    }

    /// What is open in a room, or remembered, has been so for long enough.
    pub(crate) fn invitations_due(&mut self, id: RoomId) {
        let silent = self.desk.inviting.lapse(id, self.desk.now);
        self.desk.stirred_invited.extend(silent);
        self.desk.stirred.insert(id);
        self.desk.watch_invitations(id);
    }

    /// Tells all pages of those for whom something changed what they are asked into.
    pub(crate) fn tell_invited(&mut self) {
        for account in std::mem::take(&mut self.desk.stirred_invited) {
            let lines = self.devices.lines(account);
            if lines.is_empty() {
                continue;
            }
            self.desk.inviting.number += 1;
            let (number, invitations) = (self.desk.inviting.number, self.desk.inviting.of(account));
            for line in lines {
                self.desk.tell_line(line, Event::Invitations { number, invitations: invitations.clone() });
            }
        }
    }

    /// A page that is new is told what its person is asked into, if anything.
    pub(crate) fn invitations_for(&self, account: AccountId) -> Option<Event> {
        let invitations = self.desk.inviting.of(account);
        (!invitations.is_empty()).then_some(Event::Invitations { number: self.desk.inviting.number, invitations })
    }
}

impl Room {
    /// Whoever is in is asked no more; and nobody is asked to where nobody is.
    pub(crate) fn settle_invitations(&self, desk: &mut Desk) {
        if !desk.inviting.concerns(self.id) {
            return;
        }
        let (accounts, others) = self.accounts();
        let empty = accounts.is_empty() && others == 0;
        let mut gone = if empty { desk.inviting.end(self.id) } else { desk.inviting.came(self.id, &accounts) };
        // What somebody asked who leads no more, or was removed for good, lets nobody in.
        let leads = |host: AccountId| {
            let host = Person::Account(host);
            let removed = desk.barred.find(desk.now, &self.name, &host) == Some(Return::Never);
            !removed && self.trusts(&host)
        };
        let former: BTreeSet<AccountId> =
            desk.inviting.hosts(self.id).into_iter().filter(|host| !leads(*host)).collect();
        gone.extend(desk.inviting.withdraw(self.id, &former));
        desk.stirred_invited.extend(gone);
        desk.watch_invitations(self.id);
    }
}

impl Desk {
    /// Comes back when the next invitation of a room is due.
    pub(crate) fn watch_invitations(&mut self, room: RoomId) {
        let people = self.inviting.rooms.get(&room);
        match people.and_then(|people| people.values().map(|asked| asked.until).min()) {
            Some(first) => self.timers.set(Timer::InvitationsDue(room), first),
            None => self.timers.clear(Timer::InvitationsDue(room)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proto::{Policy, Rights, SessionId, time::Calendar};

    use super::*;
    use crate::{Config, Input, Join};

    fn people(count: usize) -> Vec<AccountId> {
        (0..count as u128).map(|number| AccountId::from(number + 2)).collect()
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    fn nobody_asks_more_people_than_so_many() {
        let (mut now, name) = (Instant::now(), "standup".parse::<RoomName>().expect("a name"));
        // Nothing of her media is seen here, and she stays all the same.
        let config = Config { arrival_timeout: 10 * TOLD, ..Config::default() };
        let mut hub = Hub::new(config, now, Calendar::new(now, 0), 1);
        let ann = Person::Account(AccountId::from(1));
        let join = Join {
            room: name.clone(),
            identity: ann.identity("d"),
            name: String::new(),
            metadata: String::new(),
            attributes: vec![("role".to_owned(), "owner".to_owned())],
            rights: Rights::FULL,
            auto_subscribe: true,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: Some(Policy::OWNED),
            role: None,
        };
        hub.handle(now, Input::Join { session: SessionId(1), join: Box::new(join) });
        let ask = |hub: &mut Hub, people| {
            hub.invite(&name, &ann, Invites { title: String::new(), people, banned: BTreeSet::new() })
        };
        assert_eq!(ask(&mut hub, people(PEOPLE + 1)), Err(Refusal::TooMany));
        assert_eq!(ask(&mut hub, people(PEOPLE)), Ok(()));
        // The room remembers no more.
        let one_more = people(PEOPLE + 1).split_off(PEOPLE);
        assert_eq!(ask(&mut hub, one_more.clone()), Err(Refusal::TooMany));
        now += AGAIN;
        hub.desk.now = now;
        // As many again take time: a bucket that was emptied fills slowly.
        assert_eq!(ask(&mut hub, people(PEOPLE)), Ok(()));
        let asked = hub.desk.inviting.again.values().filter(|until| **until > now).count();
        assert_eq!(asked, (AGAIN.as_millis() / ASKS.each.as_millis()) as usize);
        now += TOLD + AGAIN;
        hub.handle(now, Input::Timeout);
        assert!(hub.holds_no_invitation(), "what nobody answered is not told for ever");
        hub.desk.now = now;
        assert_eq!(ask(&mut hub, one_more), Ok(()));
        assert_eq!((hub.desk.inviting.again.len(), hub.desk.inviting.paces.len()), (1, 1));
    }
}
