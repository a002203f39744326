//! What the media thread reports, and what follows from it.

use std::collections::BTreeMap;

use proto::{
    ParticipantId, TrackId,
    livekit::{self, DisconnectReason, leave_request::Action, signal_response::Message as Response},
    media::Event,
};

use super::{Room, telling::Audience};
use crate::{
    Note,
    desk::Desk,
    participant::{Link, Participant, publication::Track},
    timers::Timer,
};

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
            Event::StreamStates { peer, changes } => self.streams_changed(desk, peer, &changes),
            Event::LayersWanted { peer, track, layers } => self.layers_wanted(desk, peer, track, layers),
            Event::Connected { peer } => self.connected(desk, peer),
            Event::Disconnected { peer } => self.media_lost(desk, peer),
            Event::Speakers { room: _, changes } => self.tell_speakers(desk, changes),
            Event::Quality { room: _, changes } => self.judged(desk, &changes),
            Event::Unheard { room: _, changes } => self.unheard(desk, &changes),
            Event::Measured { room: _, span, samples } => self.counted(desk, span, &samples),
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

    /// Tells a subscriber which tracks stopped for want of bandwidth, or go on.
    fn streams_changed(&mut self, desk: &mut Desk, peer: ParticipantId, changes: &[(TrackId, bool)]) {
        let Some(subscriber) = self.participants.get_mut(&peer) else { return };
        // What it has left meanwhile is nobody's matter any more.
        let taken = |(track, _): &&(TrackId, bool)| subscriber.subscriptions.taken.contains(track);
        let changes: Vec<(TrackId, bool)> = changes.iter().filter(taken).copied().collect();
        subscriber.subscriptions.flowing.extend(changes.iter().copied());
        self.tell_streams(desk, peer, &changes);
    }

    fn tell_streams(&self, desk: &mut Desk, to: ParticipantId, changes: &[(TrackId, bool)]) {
        let state = |(track, flows): &(TrackId, bool)| {
            let state = if *flows { livekit::StreamState::Active } else { livekit::StreamState::Paused };
            Some(livekit::StreamStateInfo {
                participant_sid: self.owners.get(track)?.to_string(),
                track_sid: track.to_string(),
                state: state.into(),
            })
        };
        let stream_states: Vec<livekit::StreamStateInfo> = changes.iter().filter_map(state).collect();
        if !stream_states.is_empty() {
            self.tell(desk, to, Response::StreamStateUpdate(livekit::StreamStateUpdate { stream_states }));
        }
    }

    /// Tells a publisher which layers of a track anybody wants.
    fn layers_wanted(&mut self, desk: &mut Desk, publisher: ParticipantId, track: TrackId, layers: [bool; 3]) {
        let Some(own) = self.own(publisher, track) else { return };
        own.layers_wanted = Some(layers);
        if let Some(update) = own.subscribed_quality() {
            self.tell(desk, publisher, Response::SubscribedQualityUpdate(update));
        }
    }

    /// Repeats to a client that is back after a loss what it may have missed of its own tracks and of those it takes.
    pub(super) fn tell_flows(&self, desk: &mut Desk, participant: &Participant) {
        for update in participant.tracks.values().filter_map(Track::subscribed_quality) {
            desk.tell(participant.session, Response::SubscribedQualityUpdate(update));
        }
        let states: Vec<(TrackId, bool)> =
            participant.subscriptions.flowing.iter().map(|(id, flows)| (*id, *flows)).collect();
        self.tell_streams(desk, participant.id, &states);
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
        self.herald(desk, peer);
    }

    fn tell(&self, desk: &mut Desk, peer: ParticipantId, response: Response) {
        if let Some(participant) = self.participants.get(&peer) {
            desk.tell(participant.session, response);
        }
    }
}
