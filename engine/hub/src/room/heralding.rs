//! What those outside of this server are told of a room: who came and went, and what they publish.
//!
//! **Of whoever is not told to be in, nothing else is told**: the tracks of somebody whose media does not flow yet follow when it
//! does. A seat that is kept over a restart was told by the server before; of its end nothing is told by this one.

use proto::{
    ParticipantId, TrackId,
    livekit::{self, DisconnectReason},
};

use super::Room;
use crate::{
    Happening,
    desk::Desk,
    participant::{Link, Participant, publication::Track},
};

impl Room {
    /// Somebody's media flows: once that is so for the first time.
    pub(super) fn herald(&mut self, desk: &mut Desk, id: ParticipantId) {
        let Some(newcomer) = self.participants.get_mut(&id).filter(|participant| !participant.heralded) else { return };
        newcomer.heralded = true;
        let participant = newcomer.view();
        let room = self.view(desk);
        let tracks = participant.tracks.clone();
        desk.happened(Happening::ParticipantJoined { room: room.clone(), participant: participant.clone() });
        for track in tracks {
            let (room, participant) = (room.clone(), participant.clone());
            desk.happened(Happening::TrackPublished { room, participant, track });
        }
    }

    /// A track is there.
    pub(super) fn herald_track(&self, desk: &mut Desk, publisher: ParticipantId, track: TrackId) {
        let Some(publisher) = self.participants.get(&publisher).filter(|publisher| publisher.heralded) else { return };
        let Some(track) = publisher.tracks.get(&track).map(|track| track.described.clone()) else { return };
        let (room, participant) = (self.view(desk), publisher.view());
        desk.happened(Happening::TrackPublished { room, participant, track });
    }

    /// A track is over.
    pub(super) fn herald_track_ended(&self, desk: &mut Desk, publisher: ParticipantId, ended: &Track) {
        let Some(publisher) = self.participants.get(&publisher) else { return };
        if publisher.heralded && ended.is_live() {
            self.tell_track_ended(desk, publisher.view(), ended);
        }
    }

    /// Somebody has left, with all that they published.
    pub(super) fn herald_left(&self, desk: &mut Desk, left: &Participant, reason: DisconnectReason) {
        let participant = left.farewell(reason);
        if left.heralded {
            for track in left.tracks.values().filter(|track| track.is_live()) {
                self.tell_track_ended(desk, participant.clone(), track);
            }
            desk.happened(Happening::ParticipantLeft { room: self.view(desk), participant });
        } else if left.link == Link::New {
            desk.happened(Happening::ParticipantAborted { room: self.view(desk), participant });
        }
    }

    fn tell_track_ended(&self, desk: &mut Desk, participant: livekit::ParticipantInfo, ended: &Track) {
        let (room, track) = (self.view(desk), ended.described.clone());
        desk.happened(Happening::TrackUnpublished { room, participant, track });
    }
}
