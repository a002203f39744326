//! What the media thread reports, and what follows from it.

use std::collections::BTreeMap;

use proto::{
    ParticipantId, TrackId,
    livekit::{self, DisconnectReason, leave_request::Action, signal_response::Message as Response},
    media::Event,
};

use super::{Room, telling::Audience};
use crate::{Note, desk::Desk, participant::Link, timers::Timer};

impl Room {
    /// Takes one report.
    pub(crate) fn media(&mut self, desk: &mut Desk, event: Event) {
        match event {
            Event::Answer { peer, id, sdp, sections } => self.answer(desk, peer, id, sdp, &sections),
            Event::OfferRefused { peer, why } => {
                desk.note(Note::OfferRefused { participant: peer, why });
                self.remove(desk, peer, DisconnectReason::MediaFailure, Action::Reconnect);
            }
            Event::SectionsRequired { peer, audio, video } => {
                let requirement = livekit::MediaSectionsRequirement { num_audios: audio, num_videos: video };
                self.tell(desk, peer, Response::MediaSectionsRequirement(requirement));
            }
            Event::TrackPublished { peer, track, mime, mid } => self.track_published(desk, peer, track, &mime, &mid),
            Event::TrackEnded { peer, track } => self.track_ended(desk, peer, track),
            Event::Subscribed { peer: _, track } => self.subscribed(desk, track),
            Event::SubscriptionFailed { peer, track } => self.subscription_failed(desk, peer, track),
            Event::Connected { peer } => self.connected(desk, peer),
            Event::Disconnected { peer } => self.media_lost(desk, peer),
            Event::Speakers { room: _, changes } => self.tell_speakers(desk, changes),
            Event::Quality { room: _, changes } => self.tell_quality(desk, &changes),
        }
    }

    fn answer(&self, desk: &mut Desk, peer: ParticipantId, id: u32, sdp: String, sections: &BTreeMap<String, TrackId>) {
        let answer = livekit::SessionDescription {
            r#type: "answer".to_owned(),
            sdp,
            id,
            mid_to_track_id: sections.iter().map(|(mid, track)| (mid.clone(), track.to_string())).collect(),
        };
        self.tell(desk, peer, Response::Answer(answer));
    }

    fn connected(&mut self, desk: &mut Desk, peer: ParticipantId) {
        let Some(participant) = self.participants.get_mut(&peer) else { return };
        let former = participant.link;
        participant.link = Link::Up;
        desk.timers.clear(Timer::ArrivalEnds(peer));
        desk.timers.clear(Timer::SeatEnds(peer));
        if former == Link::New {
            self.announce(desk, peer, Audience::Others);
        }
    }

    fn tell(&self, desk: &mut Desk, peer: ParticipantId, response: Response) {
        if let Some(participant) = self.participants.get(&peer) {
            desk.tell(participant.session, response);
        }
    }
}
