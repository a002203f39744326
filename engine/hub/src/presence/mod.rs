//! Presence: which devices of whom are there, and how somebody is to be found over all of them.
//!
//! Everybody who is signed in may see everybody's presence. What is told is what differs from what was told last.

mod attending;

use std::{collections::BTreeMap, time::Duration};

use proto::{
    AccountId, DeviceKey, LineId, Presence,
    api::{Event, Reachable},
    presence::Chosen,
};

use crate::{desk::Desk, timers::Timer};

pub(crate) use attending::Attending;

/// The most devices of one account, and windows of one device: the oldest line makes place.
const LINES_OF_ONE: usize = 24;

/// How long a device that lost its last line is still taken for one that is there: a page that is opened anew, a train in a
/// tunnel. Nobody is told of it meanwhile.
pub(crate) const LOST: Duration = Duration::from_secs(10);

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
    pub chosen: Chosen,
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
    chosen: Chosen,
    engaged: bool,
    told: Presence,
    since: u64,
}

#[derive(Debug, Default)]
struct Device {
    name: String,
    /// With what each window said of being idle.
    lines: BTreeMap<LineId, bool>,
}

impl Devices {
    /// A page says that it is there, or that it is idle or no longer so. Gives back a line that had to make place for it.
    pub(crate) fn here(&mut self, desk: &mut Desk, line: LineId, arrival: Arrival) -> Option<LineId> {
        let Arrival { account, device, name, idle, chosen } = arrival;
        if self.lines.get(&line).is_some_and(|known| *known != (account, device.clone())) {
            self.leave(desk, line);
        }
        let known = self.people.entry(account).or_default();
        known.chosen = chosen;
        let entry = known.devices.entry(device.clone()).or_default();
        entry.name = name;
        entry.lines.insert(line, idle);
        let crowded = known.devices.values().map(|device| device.lines.len()).sum::<usize>() > LINES_OF_ONE;
        let oldest = known.devices.values().flat_map(|device| device.lines.keys()).min().copied();
        self.lines.insert(line, (account, device));
        desk.stirred_people.insert(account);
        desk.stirred_calls.insert(account);
        let dropped = oldest.filter(|_| crowded)?;
        self.leave(desk, dropped);
        Some(dropped)
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

    /// Nobody came back.
    pub(crate) fn forget_lost(&mut self, desk: &mut Desk, account: AccountId) {
        if let Some(known) = self.people.get_mut(&account) {
            known.devices.retain(|_, device| !device.lines.is_empty());
            desk.stirred_people.insert(account);
        }
    }

    /// Somebody says another thing of themselves.
    pub(crate) fn choose(&mut self, desk: &mut Desk, account: AccountId, chosen: Chosen) {
        if let Some(known) = self.people.get_mut(&account) {
            known.chosen = chosen;
            desk.stirred_people.insert(account);
        }
    }

    /// Works out how somebody is to be found now, and tells everybody when that is new.
    pub(crate) fn refresh(&mut self, desk: &mut Desk, account: AccountId, engaged: bool) {
        let Some(known) = self.people.get_mut(&account) else { return };
        known.engaged = engaged;
        let now = known.effective();
        let gone = now == Presence::Offline;
        if now != known.told {
            known.told = now;
            known.since = desk.unix_ms();
            let person = Reachable { account, presence: now, since: known.since };
            for line in self.lines.keys() {
                desk.tell_line(*line, Event::Presence { person: person.clone() });
            }
        }
        if gone {
            self.people.remove(&account);
            desk.timers.clear(Timer::LostPerson(account));
        }
    }

    /// How somebody is to be found.
    pub(crate) fn presence(&self, account: AccountId) -> Presence {
        self.people.get(&account).map_or(Presence::Offline, Known::effective)
    }

    /// Everybody who is not offline.
    pub(crate) fn everybody(&self) -> Vec<Reachable> {
        let there = self.people.iter().filter(|(_, known)| known.told != Presence::Offline);
        let reachable = |(account, known): (&AccountId, &Known)| Reachable {
            account: *account,
            presence: known.told,
            since: known.since,
        };
        there.map(reachable).collect()
    }

    /// Whether a line has said whose it is.
    pub(crate) fn knows(&self, line: LineId) -> bool {
        self.lines.contains_key(&line)
    }

    /// Whether a device of somebody has a line.
    pub(crate) fn has(&self, account: AccountId, device: &DeviceKey) -> bool {
        let device = self.people.get(&account).and_then(|known| known.devices.get(device));
        device.is_some_and(|device| !device.lines.is_empty())
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

impl Known {
    fn effective(&self) -> Presence {
        if self.devices.is_empty() && !self.engaged {
            return Presence::Offline;
        }
        match (self.chosen, self.engaged) {
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
