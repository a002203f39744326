//! The names that a transcript gives to sockets, participants, tracks and rooms.

use std::collections::BTreeMap;

use proto::{ParticipantId, RoomId, SessionId, TrackId, livekit};

/// Who is called what, and what each socket last heard of whom.
#[derive(Default)]
pub struct Words {
    sessions: Vec<String>,
    pub people: BTreeMap<ParticipantId, String>,
    pub tracks: BTreeMap<TrackId, String>,
    pub rooms: BTreeMap<String, RoomId>,
    heard: BTreeMap<(SessionId, String), livekit::ParticipantInfo>,
}

impl Words {
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

    /// Every socket must hear growing versions: clients ignore a change that is not newer.
    pub fn hear(&mut self, session: SessionId, view: &livekit::ParticipantInfo) {
        if let Some(before) = self.heard.insert((session, view.sid.clone()), view.clone()) {
            let same = before == *view;
            assert!(same || before.version < view.version, "{} changed but kept its version", self.name(&view.sid));
        }
    }
}
