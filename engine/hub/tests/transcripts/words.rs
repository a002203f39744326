//! The names that a transcript gives to sockets, participants, tracks and rooms.

use std::collections::BTreeMap;

use hub::Book;
use proto::{
    AccountId, Identity, LineId, Memory, ParticipantId, Person, Policy, RoomId, RoomName, SessionId, TrackId,
    call::CallRecord, livekit,
};

/// Who is called what, and what each socket last heard of whom.
pub struct Words {
    sessions: Vec<String>,
    pub people: BTreeMap<ParticipantId, String>,
    pub tracks: BTreeMap<TrackId, String>,
    pub rooms: BTreeMap<String, RoomId>,
    /// What the store says of the room.
    pub stored: Policy,
    /// What is kept of each room.
    pub memories: BTreeMap<RoomName, Memory>,
    /// The calls, as they were kept last; in the order of being made.
    pub calls: Vec<CallRecord>,
    /// Whether nothing is shown but what people are told of calls and each other.
    pub calls_only: bool,
    /// Whether it is shown whose browsers are woken.
    pub wakes: bool,
    /// What is kept of the phone book of each account.
    pub books: BTreeMap<AccountId, Book>,
    /// Whether nothing is shown but what those outside of the server are told.
    pub heralds_only: bool,
    lines: Vec<String>,
    somebody: Vec<String>,
    heard: BTreeMap<(SessionId, String), livekit::ParticipantInfo>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            sessions: Vec::new(),
            people: BTreeMap::new(),
            tracks: BTreeMap::new(),
            rooms: BTreeMap::new(),
            stored: Policy::OWNED,
            memories: BTreeMap::new(),
            calls: Vec::new(),
            calls_only: false,
            wakes: false,
            books: BTreeMap::new(),
            heralds_only: false,
            lines: Vec::new(),
            somebody: Vec::new(),
            heard: BTreeMap::new(),
        }
    }
}

impl Words {
    /// The event socket of this name; a name's first use makes it.
    pub fn line(&mut self, name: &str) -> LineId {
        LineId(place(&mut self.lines, name) as u64)
    }

    pub fn line_name(&self, line: LineId) -> String {
        self.lines[line.0 as usize].clone()
    }

    /// The person of this name, without the number that tells devices apart: `gina` for `gina2`. Owners, hosts and members
    /// have accounts; `bot` came with a token of the operator; all others are guests.
    pub fn somebody(&mut self, name: &str) -> Person {
        let name = name.trim_end_matches(char::is_numeric);
        let at = place(&mut self.somebody, name);
        match name {
            "olga" | "hugo" | "mia" | "max" => Person::Account((at as u128).into()),
            many if many.starts_with("acc-") => Person::Account((at as u128).into()),
            "bot" => Person::Other("bot".parse().unwrap()),
            _ => Person::Guest(format!("{at:016}")),
        }
    }

    /// The name of a person.
    pub fn who(&self, person: &Person) -> String {
        match person {
            Person::Account(id) => self.somebody[u128::from(*id) as usize].clone(),
            Person::Guest(digits) => self.somebody[digits.parse::<usize>().unwrap()].clone(),
            Person::Other(identity) => identity.to_string(),
        }
    }

    /// The name of a stay: that of the person, with the number of the device from the second on.
    pub fn called(&self, identity: &Identity) -> String {
        match Person::of(identity) {
            Person::Other(identity) => identity.to_string(),
            person => self.who(&person) + if identity.as_str().ends_with('2') { "2" } else { "" },
        }
    }

    /// The newest socket of this name; a name's first use makes it.
    pub fn session(&mut self, name: &str) -> SessionId {
        match self.sessions.iter().position(|known| known == name) {
            Some(at) => SessionId(at as u64),
            None => {
                self.sessions.push(name.to_owned());
                SessionId(self.sessions.len() as u64 - 1)
            }
        }
    }

    pub fn session_name(&self, session: SessionId) -> String {
        self.sessions[session.0 as usize].clone()
    }

    pub fn participant(&self, name: &str) -> ParticipantId {
        let found = self.people.iter().find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("nobody is called {name}")).0
    }

    pub fn track(&self, name: &str) -> TrackId {
        let found = self.tracks.iter().find(|(_, known)| *known == name);
        *found.unwrap_or_else(|| panic!("no track is called {name}")).0
    }

    /// A track's or participant's id as text; what is not a name stands for itself, so that nonsense can be said.
    pub fn sid(&self, name: &str) -> String {
        let track = self.tracks.iter().find(|(_, known)| *known == name).map(|(id, _)| id.to_string());
        let person = || self.people.iter().find(|(_, known)| *known == name).map(|(id, _)| id.to_string());
        track.or_else(person).unwrap_or_else(|| name.to_owned())
    }

    /// The name behind an id as text; what has no name stands for itself.
    pub fn name(&self, sid: &str) -> String {
        let track = sid.parse().ok().and_then(|id| self.tracks.get(&id));
        let person = || sid.parse().ok().and_then(|id| self.people.get(&id));
        track.or_else(person).cloned().unwrap_or_else(|| sid.to_owned())
    }

    /// Names a track by its publisher and the client's id for it; a second one of the same name gets a number.
    pub fn call(&mut self, track: TrackId, name: String) {
        if self.tracks.contains_key(&track) {
            return;
        }
        let times = self.tracks.values().filter(|known| known.split('#').next() == Some(&name)).count();
        self.tracks.insert(track, if times == 0 { name } else { format!("{name}#{}", times + 1) });
    }

    /// Names somebody of whom nothing was heard before: who was in when the server was started anew.
    pub fn meet(&mut self, view: &livekit::ParticipantInfo) {
        let name = self.called(&view.identity.parse().unwrap());
        self.people.entry(view.sid.parse().unwrap()).or_insert(name);
    }

    /// Every socket must hear growing versions: clients ignore a change that is not newer.
    pub fn hear(&mut self, session: SessionId, view: &livekit::ParticipantInfo) {
        if let Some(before) = self.heard.insert((session, view.sid.clone()), view.clone()) {
            let same = before == *view;
            assert!(same || before.version < view.version, "{} changed but kept its version", self.name(&view.sid));
        }
    }
}

fn place(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}
