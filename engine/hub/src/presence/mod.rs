//! Presence: which devices of whom are there, and how somebody is to be found over all of them.
//!
//! Everybody who is signed in may see everybody's presence, unless they choose otherwise ([`SeenBy`]), and but for those whom somebody
//! has blocked: they find nobody. **Who does not see somebody is told nothing of them but that they are hidden**, in the same words whether they
//! are here or not, and whoever is blocked by somebody who shows themselves to all others, that they are offline; a call rings all the same, unless
//! it is by somebody who is blocked. What is told is what differs from what was told last.

mod attending;
mod awaiting;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proto::{
    AccountId, DeviceKey, LineId, Presence,
    api::{Event, MyPresence, Reachable},
    presence::{Chosen, SeenBy},
};

use crate::{
    desk::Desk,
    participant::pace::{Pace, Rate},
    timers::Timer,
};

pub(crate) use attending::Attending;
pub(crate) use awaiting::{Awaiting, LASTS};

/// The most devices of one account, and windows of one device: the oldest line makes place.
const LINES_OF_ONE: usize = 24;

/// How long a device that lost its last line is still taken for one that is there: a page that is opened anew, a train in a
/// tunnel. Nobody is told of it meanwhile. Whoever calls waits for it as well: a page takes its time to load and to say that it rings, and
/// whoever closed theirs for good costs a caller ten seconds of the thirty.
pub(crate) const LOST: Duration = Duration::from_secs(10);

/// How often everybody is told anew how somebody is to be found: more in a second than any hand changes it, so that one page that
/// changes all the time is no flood for all the others. What comes too fast waits, and the newest is told.
const TELLINGS: Rate = Rate { burst: 10, each: Duration::from_secs(1) };

/// A page that is there for somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Who.
    pub account: AccountId,
    /// Which of their devices.
    pub device: DeviceKey,
    /// What the device is called in the list of devices.
    pub name: String,
    /// Whether nobody has touched it for a while.
    pub idle: bool,
    /// What the person says of themselves.
    pub said: MyPresence,
    /// Whom the person likes to hear, and whom not.
    pub book: Book,
    /// Who has chosen not to be seen by the person, as it is kept: of those who are not here nothing else is known. Read for a new line
    /// alone.
    pub unseen: BTreeSet<AccountId>,
}

/// Whom somebody likes to hear, and whom not, and who sees them. Bounded by the entries of a phone book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    /// Those who stand first.
    pub favourites: BTreeSet<AccountId>,
    /// Those who find the person offline, whatever is true, and do not learn why.
    pub blocked: BTreeSet<AccountId>,
    /// Who sees how the person is to be found.
    pub seen_by: SeenBy,
    /// Those who stand in the phone book; read where they alone see the person, and else of no account.
    pub contacts: BTreeSet<AccountId>,
}

impl Book {
    /// Whether somebody else sees how the person is to be found.
    fn shows(&self, by: AccountId) -> bool {
        let meant = match self.seen_by {
            SeenBy::Everyone => true,
            SeenBy::Contacts => self.contacts.contains(&by),
            SeenBy::Nobody => false,
        };
        meant && !self.blocked.contains(&by)
    }

    /// Whether the person has chosen not to be seen by somebody else, blocked or not. Whoever is blocked by somebody who shows themselves
    /// to everybody must not notice.
    fn hides(&self, from: AccountId) -> bool {
        self.seen_by != SeenBy::Everyone && !self.shows(from)
    }
}

/// What an arrival changed beside itself.
#[derive(Debug)]
pub(crate) struct Moved {
    /// A line that had to make place.
    pub(crate) dropped: Option<LineId>,
    /// Devices that have no line any more.
    pub(crate) gone: Vec<(AccountId, DeviceKey)>,
}

/// What is to be made of somebody by those who wait until they are free. docs/calls.md shows the same table to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// A call would ring, and nothing speaks against it.
    Free,
    /// Their last line was lost a moment ago, or others have still to hear how they are to be found now.
    Unsure,
    /// Anything else: in a call, busy, away, not to be disturbed, not here, or not for whoever asks.
    Engaged,
}

/// Who is there.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    people: BTreeMap<AccountId, Known>,
    /// Whose line, and of which device. Bounded by the event sockets that the shell keeps open.
    lines: BTreeMap<LineId, (AccountId, DeviceKey)>,
}

#[derive(Debug, Default)]
struct Known {
    devices: BTreeMap<DeviceKey, Device>,
    said: MyPresence,
    book: Book,
    engaged: bool,
    told: Presence,
    since: u64,
    /// The note that was told.
    noted: String,
    /// What they chose, as their own devices were told.
    chosen: Chosen,
    /// How often others were told of it of late.
    tellings: Pace,
}

#[derive(Debug, Default)]
struct Device {
    name: String,
    /// With what each window said of being idle.
    lines: BTreeMap<LineId, bool>,
}

impl Devices {
    /// A page says that it is there, or that it is idle or no longer so.
    pub(crate) fn here(&mut self, desk: &mut Desk, line: LineId, arrival: Arrival) -> Moved {
        let Arrival { account, device, name, idle, said, book, unseen: _ } = arrival;
        let mut gone = Vec::new();
        if self.lines.get(&line).is_some_and(|known| *known != (account, device.clone())) {
            gone.extend(self.leave(desk, line));
        }
        // What was read before they said otherwise must not undo that.
        let known = self.people.entry(account).or_insert_with(|| Known { said, book, ..Known::default() });
        // The person is there on this one: those that were waited for are waited for no longer.
        known.devices.retain(|key, other| *key == device || !other.lines.is_empty());
        let entry = known.devices.entry(device.clone()).or_default();
        entry.name = name;
        entry.lines.insert(line, idle);
        let crowded = known.devices.values().map(|device| device.lines.len()).sum::<usize>() > LINES_OF_ONE;
        let oldest = known.devices.values().flat_map(|device| device.lines.keys()).min().copied();
        self.lines.insert(line, (account, device));
        desk.stirred_people.insert(account);
        desk.stirred_calls.insert(account);
        let dropped = oldest.filter(|_| crowded);
        gone.extend(dropped.and_then(|dropped| self.leave(desk, dropped)));
        Moved { dropped, gone }
    }

    /// A line is gone. Gives back the device when that was the last of it: it is waited for before others are told.
    pub(crate) fn leave(&mut self, desk: &mut Desk, line: LineId) -> Option<(AccountId, DeviceKey)> {
        let (account, device) = self.lines.remove(&line)?;
        let known = self.people.get_mut(&account)?;
        let entry = known.devices.get_mut(&device)?;
        entry.lines.remove(&line);
        desk.stirred_people.insert(account);
        if !entry.lines.is_empty() {
            return None;
        }
        if known.devices.values().all(|device| device.lines.is_empty()) {
            desk.after(LOST, Timer::LostPerson(account));
        } else {
            known.devices.remove(&device);
        }
        Some((account, device))
    }

    /// A line is gone because its session is over: a last one is not waited for.
    pub(crate) fn sign_out(&mut self, desk: &mut Desk, line: LineId) -> Option<(AccountId, DeviceKey)> {
        let gone = self.leave(desk, line);
        if let Some((account, _)) = gone {
            self.forget_lost(desk, account);
        }
        gone
    }

    /// Nobody came back.
    pub(crate) fn forget_lost(&mut self, desk: &mut Desk, account: AccountId) {
        if let Some(known) = self.people.get_mut(&account) {
            known.devices.retain(|_, device| !device.lines.is_empty());
            desk.stirred_people.insert(account);
        }
    }

    /// Somebody says another thing of themselves.
    pub(crate) fn choose(&mut self, desk: &mut Desk, account: AccountId, said: MyPresence) {
        if let Some(known) = self.people.get_mut(&account) {
            known.said = said;
            desk.stirred_people.insert(account);
        }
    }

    /// Somebody likes to hear others than before, or to be seen by others. Whoever sees them no more from now on is told that they are
    /// hidden, or sees them go offline where they are blocked, and the other way round. `before`: what was kept until now, which
    /// counts where nothing of them is here.
    pub(crate) fn learn(&mut self, desk: &mut Desk, account: AccountId, before: Book, book: Book) {
        let unseen = untold(account, true);
        let gone = Reachable { since: desk.unix_ms(), ..untold(account, false) };
        let (before, found) = match self.people.get_mut(&account) {
            Some(known) => (std::mem::replace(&mut known.book, book.clone()), known.reachable(account)),
            None => (before, gone.clone()),
        };
        let told = |book: &Book, by| match (book.shows(by), book.hides(by)) {
            (true, _) => &found,
            (false, true) => &unseen,
            (false, false) => &gone,
        };
        for (line, (other, _)) in self.lines.iter().filter(|(_, (other, _))| *other != account) {
            let (was, is) = (told(&before, *other), told(&book, *other));
            if (was.presence, was.hidden) != (is.presence, is.hidden) {
                desk.tell_line(*line, Event::Presence { person: is.clone() });
            }
        }
        // Somebody who did not see them may wait for them.
        desk.stirred_people.insert(account);
    }

    /// Works out how somebody is to be found now, and tells everybody when that is new.
    pub(crate) fn refresh(&mut self, desk: &mut Desk, account: AccountId, engaged: bool) {
        let Some(known) = self.people.get_mut(&account) else { return };
        known.engaged = engaged;
        let now = known.effective();
        let gone = now == Presence::Offline;
        let news = now != known.told || (known.said.note != known.noted && !gone);
        // Another device of theirs that does not know what was chosen would undo it.
        let own = known.said.chosen != known.chosen && !gone;
        if news || own {
            let wait = known.tellings.wait(desk.now, TELLINGS, 1);
            if !wait.is_zero() {
                return desk.timers.set_once(Timer::PresenceTold(account), desk.now + wait);
            }
            known.tellings.take(desk.now, TELLINGS, 1);
            if now != known.told {
                known.told = now;
                known.since = desk.unix_ms();
            }
            known.noted.clone_from(&known.said.note);
            known.chosen = known.said.chosen;
            let person = known.reachable(account);
            for (line, (other, _)) in &self.lines {
                if *other == account || (news && known.seen_by(account, *other)) {
                    desk.tell_line(*line, Event::Presence { person: person.clone() });
                }
            }
        }
        if gone {
            self.people.remove(&account);
            desk.timers.clear(Timer::LostPerson(account));
            desk.timers.clear(Timer::PresenceTold(account));
        }
    }

    /// How somebody is to be found by somebody else who looks.
    pub(crate) fn presence(&self, account: AccountId, by: AccountId) -> Presence {
        let known = self.people.get(&account).filter(|known| known.seen_by(account, by));
        known.map_or(Presence::Offline, Known::effective)
    }

    /// How somebody is to be found, whoever sees it: what a call to them comes upon.
    pub(crate) fn reached(&self, account: AccountId) -> Presence {
        self.people.get(&account).map_or(Presence::Offline, Known::effective)
    }

    /// Whether somebody who is here has chosen not to be seen by another, blocked or not.
    pub(crate) fn hides(&self, account: AccountId, from: AccountId) -> bool {
        account != from && self.people.get(&account).is_some_and(|known| known.book.hides(from))
    }

    /// Whether somebody is free, as another finds them.
    pub(crate) fn found(&self, account: AccountId, by: AccountId) -> Found {
        if self.presence(account, by) != Presence::Available {
            return Found::Engaged;
        }
        let told = self.people.get(&account).is_some_and(|known| known.told == Presence::Available);
        if told && !self.here_of(account).is_empty() { Found::Free } else { Found::Unsure }
    }

    /// Whether somebody is in a call or a meeting, whatever they say of themselves.
    pub(crate) fn engaged(&self, account: AccountId) -> bool {
        self.people.get(&account).is_some_and(|known| known.engaged)
    }

    /// Whether somebody does not want to be reached by somebody else, who must not learn of it.
    pub(crate) fn blocks(&self, account: AccountId, other: AccountId) -> bool {
        self.people.get(&account).is_some_and(|known| known.book.blocked.contains(&other))
    }

    /// Everybody who is not offline, as somebody finds them, and everybody who is hidden from them: by what is known of whoever is here, and
    /// of all others by what is kept (`unseen`). Whether they are here must make no difference.
    pub(crate) fn everybody(&self, by: AccountId, unseen: &BTreeSet<AccountId>) -> Vec<Reachable> {
        let there = self.people.iter();
        let there = there.filter(|(account, known)| known.told != Presence::Offline && known.seen_by(**account, by));
        let there = there.map(|(account, known)| known.reachable(*account));
        let known = self.people.keys().copied().filter(|account| self.hides(*account, by));
        let kept = unseen.iter().copied().filter(|account| *account != by && !self.people.contains_key(account));
        let unseen: BTreeSet<AccountId> = known.chain(kept).collect();
        there.chain(unseen.into_iter().map(|account| untold(account, true))).collect()
    }

    /// Whether a line has said that it is somebody's.
    pub(crate) fn knows(&self, line: LineId, account: AccountId) -> bool {
        self.lines.get(&line).is_some_and(|(whose, _)| *whose == account)
    }

    /// Whether a device of somebody has a line.
    pub(crate) fn has(&self, account: AccountId, device: &DeviceKey) -> bool {
        let device = self.people.get(&account).and_then(|known| known.devices.get(device));
        device.is_some_and(|device| !device.lines.is_empty())
    }

    /// The devices of somebody that have a line.
    pub(crate) fn here_of(&self, account: AccountId) -> Vec<DeviceKey> {
        let devices = self.people.get(&account).into_iter().flat_map(|known| &known.devices);
        devices.filter(|(_, device)| !device.lines.is_empty()).map(|(key, _)| key.clone()).collect()
    }

    /// What a device is called; empty when nothing is known.
    pub(crate) fn name(&self, account: AccountId, device: &DeviceKey) -> String {
        let device = self.people.get(&account).and_then(|known| known.devices.get(device));
        device.map(|device| device.name.clone()).unwrap_or_default()
    }

    /// The lines of somebody.
    pub(crate) fn lines(&self, account: AccountId) -> Vec<LineId> {
        let devices = self.people.get(&account).into_iter().flat_map(|known| known.devices.values());
        devices.flat_map(|device| device.lines.keys().copied()).collect()
    }

    /// Forgets all: the server stops, and nobody is told of anybody any more.
    pub(crate) fn clear(&mut self) {
        self.lines.clear();
        self.people.clear();
    }
}

/// Somebody of whom nothing is told: neither how they are to be found, nor since when.
fn untold(account: AccountId, hidden: bool) -> Reachable {
    Reachable { account, presence: Presence::Offline, since: 0, note: None, hidden }
}

impl Known {
    /// Whether it is themselves, or somebody whom they show how they are to be found.
    fn seen_by(&self, account: AccountId, by: AccountId) -> bool {
        account == by || self.book.shows(by)
    }

    /// As others were told.
    fn reachable(&self, account: AccountId) -> Reachable {
        // Nothing of whoever is gone is kept here.
        let note = Some(self.noted.clone()).filter(|note| !note.is_empty() && self.told != Presence::Offline);
        Reachable { account, presence: self.told, since: self.since, note, hidden: false }
    }

    fn effective(&self) -> Presence {
        if self.devices.is_empty() && !self.engaged {
            return Presence::Offline;
        }
        match (self.said.chosen, self.engaged) {
            (Chosen::DoNotDisturb, _) => Presence::DoNotDisturb,
            (_, true) => Presence::InCall,
            (Chosen::Busy, _) => Presence::Busy,
            (Chosen::Away, _) => Presence::Away,
            (Chosen::Automatic, _) => {
                let mut windows = self.devices.values().flat_map(|device| device.lines.values()).peekable();
                if windows.peek().is_none() && self.told == Presence::Away {
                    // The last line was lost a moment ago: nothing is known but that nobody touched anything before.
                    return Presence::Away;
                }
                let idle = windows.peek().is_some() && windows.all(|idle| *idle);
                if idle { Presence::Away } else { Presence::Available }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proto::time::Calendar;

    use super::*;
    use crate::Config;

    fn arrival(device: &str) -> Arrival {
        let device = device.parse().expect("a key");
        Arrival {
            account: AccountId::from(1),
            device,
            name: String::new(),
            idle: false,
            said: MyPresence::default(),
            book: Book::default(),
            unseen: BTreeSet::new(),
        }
    }

    #[test]
    fn a_page_that_is_of_another_device_each_time_leaves_none_behind() {
        #[expect(clippy::disallowed_methods, reason = "a first instant")]
        let now = Instant::now();
        let mut desk = Desk::new(Config::default(), now, Calendar::new(now, 0), 1);
        let mut devices = Devices::default();
        for turn in 0..100 {
            devices.here(&mut desk, LineId(1), arrival(&format!("d{turn}")));
        }
        // And neither does one that comes anew each time.
        for turn in 100..200 {
            devices.leave(&mut desk, LineId(turn - 99));
            devices.here(&mut desk, LineId(turn - 98), arrival(&format!("d{turn}")));
        }
        let known = &devices.people[&AccountId::from(1)];
        assert_eq!((known.devices.len(), devices.lines.len()), (1, 1));
    }
}
