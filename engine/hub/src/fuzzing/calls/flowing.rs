//! What is passed on between those in a call, as media threads are told.

use proto::{AccountId, Person, call::Stage, media::Command};

use super::Play;

impl Play<'_> {
    pub(super) fn command(&mut self, command: Command) {
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
    pub(super) fn check_flows(&self) {
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
}
