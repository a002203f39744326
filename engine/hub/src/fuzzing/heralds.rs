//! What those outside are told makes sense: whoever leaves came, and what is over began, each once.

use std::collections::{BTreeMap, BTreeSet};

use proto::CallId;

use crate::Happening;

/// What they were told by now.
#[derive(Debug, Default)]
pub(super) struct Heralds {
    rooms: BTreeSet<String>,
    people: BTreeSet<String>,
    /// Whose each is.
    tracks: BTreeMap<String, String>,
    calls: BTreeSet<CallId>,
    answered: BTreeSet<CallId>,
}

impl Heralds {
    /// Takes one in. Panics when it does not follow from what was told before.
    pub(super) fn hear(&mut self, what: Happening) {
        match what {
            Happening::RoomStarted { room } => assert!(self.rooms.insert(room.sid), "a room begins once"),
            Happening::RoomFinished { room, .. } => assert!(self.rooms.remove(&room.sid), "what ends has begun"),
            Happening::ParticipantJoined { room, participant } => {
                assert!(self.rooms.contains(&room.sid), "in a room that is there");
                assert!(self.people.insert(participant.sid), "somebody comes once");
            }
            Happening::ParticipantLeft { participant, .. } => {
                assert!(participant.tracks.is_empty(), "whoever left publishes nothing");
                assert!(self.people.remove(&participant.sid), "whoever leaves came");
                assert!(!self.tracks.values().any(|owner| *owner == participant.sid), "with all that they published");
            }
            Happening::ParticipantAborted { participant, .. } => assert!(!self.people.contains(&participant.sid)),
            Happening::TrackPublished { participant, track, .. } => {
                assert!(self.people.contains(&participant.sid), "of somebody who is in");
                assert!(self.tracks.insert(track.sid, participant.sid).is_none(), "a track begins once");
            }
            Happening::TrackUnpublished { participant, track, .. } => {
                assert!(self.people.contains(&participant.sid), "before they are said to have left");
                assert!(self.tracks.remove(&track.sid).is_some(), "what ends has begun");
            }
            Happening::CallStarted(call) => assert!(self.calls.insert(call.id), "a call begins once"),
            Happening::CallAnswered(call) => {
                assert!(self.calls.contains(&call.id) && self.answered.insert(call.id), "it is answered once");
            }
            Happening::CallEnded(call) => assert!(self.calls.remove(&call.id), "what ends has begun"),
        }
    }
}
