//! Tracks from their announcement to their end, as their publisher asks.

use proto::{
    ParticipantId, Refusal, TrackId,
    livekit::{
        self,
        request_response::{Reason, Request as Refused},
        signal_response::Message as Response,
    },
    media::Command,
};

use super::{Room, control, roles, telling::Audience};
use crate::{
    config::{LIST, TRACK_EXPECTED},
    desk::Desk,
    participant::publication::{Track, Unfit, known},
    timers::Timer,
};

impl Room {
    /// Announces a track. It is answered at once; others learn of it when its section is there.
    pub(super) fn add_track(&mut self, desk: &mut Desk, from: ParticipantId, request: livekit::AddTrackRequest) {
        let Some(publisher) = self.participants.get(&from) else { return };
        let session = publisher.session;
        // A client that lost our answer asks again. A *live* track of the same cid is another matter: browsers reuse the
        // cid when they publish again what they are about to end.
        if let Some(known) = publisher.tracks.values().find(|track| !track.is_live() && track.cid == request.cid) {
            return desk.tell(session, published(known));
        }
        if let Err(refusal) = roles::may_publish(&desk.config, publisher, &request) {
            return desk.refuse(session, 0, refusal, Some(Refused::AddTrack(request)));
        }
        let (track, expected) = match Track::announced(desk.next_id(), &request) {
            Ok(both) => both,
            Err(unfit) => {
                let (reason, message) = match unfit {
                    Unfit::Malformed => (Reason::InvalidRequest, "A track needs a cid, and short names."),
                    Unfit::Unsupported => (Reason::UnsupportedType, "This server does not carry such tracks yet."),
                };
                return desk.respond(session, 0, reason, message, Some(Refused::AddTrack(request)));
            }
        };
        desk.media(self.shard, Command::ExpectTrack { peer: from, track: expected });
        desk.after(TRACK_EXPECTED, Timer::TrackExpires(from, track.id));
        desk.tell(session, published(&track));
        if let Some(publisher) = self.participants.get_mut(&from) {
            publisher.tracks.insert(track.id, track);
        }
    }

    /// The section of a track is there: others learn of it, and those who want it take it.
    pub(super) fn track_published(
        &mut self,
        desk: &mut Desk,
        publisher: ParticipantId,
        track: TrackId,
        mime: &str,
        mid: &str,
    ) {
        let Some(own) = self.own(publisher, track) else { return };
        own.begin(mime, mid);
        desk.timers.clear(Timer::TrackExpires(publisher, track));
        self.owners.insert(track, publisher);
        // Before any subscription: clients drop the tracks of people they do not know.
        self.announce(desk, publisher, Audience::Others);
        let subscribers: Vec<ParticipantId> = self.participants.keys().copied().collect();
        for subscriber in subscribers {
            self.settle(desk, subscriber, track);
        }
        self.number_changed(desk);
        self.herald_track(desk, publisher, track);
    }

    /// A track is over, as its publisher's last offer says.
    pub(super) fn track_ended(&mut self, desk: &mut Desk, publisher: ParticipantId, track: TrackId) {
        let Some(ended) = self.forget_track(desk, publisher, track) else { return };
        self.herald_track_ended(desk, publisher, &ended);
        if ended.is_live() {
            self.announce(desk, publisher, Audience::Others);
        } else if let Some(participant) = self.participants.get(&publisher) {
            // Its publisher counts it as published since `add_track` was answered.
            desk.tell(participant.session, unpublished(track.to_string()));
        }
    }

    /// Takes a track out of everything but what people were told.
    pub(super) fn forget_track(&mut self, desk: &mut Desk, publisher: ParticipantId, track: TrackId) -> Option<Track> {
        let ended = self.participants.get_mut(&publisher)?.tracks.remove(&track)?;
        desk.timers.clear(Timer::TrackExpires(publisher, track));
        self.owners.remove(&track);
        self.participants.values_mut().for_each(|participant| participant.subscriptions.forget(track));
        if ended.is_live() {
            self.number_changed(desk);
        }
        Some(ended)
    }

    /// An announced track never came.
    pub(crate) fn track_expired(&mut self, desk: &mut Desk, publisher: ParticipantId, track: TrackId) {
        if self.own(publisher, track).is_some_and(|own| !own.is_live()) {
            desk.media(self.shard, Command::RemoveTrack { track });
            self.track_ended(desk, publisher, track);
        }
    }

    /// Mutes or unmutes a track, as its publisher asks. A client that may not unmute has done so already; it is told to
    /// mute again, and nothing of the track is passed on meanwhile.
    pub(super) fn mute(&mut self, desk: &mut Desk, from: ParticipantId, request: livekit::MuteTrackRequest) {
        let muted = request.muted;
        let shard = self.shard;
        let id = request.sid.parse::<TrackId>().ok();
        if !muted && let Some(forbidden) = id.filter(|id| self.may_not_unmute(from, *id)) {
            let session = self.participants.get(&from).and_then(|participant| participant.session);
            desk.tell(session, control::muted(forbidden));
            return desk.refuse(session, 0, Refusal::NotAllowed, Some(Refused::Mute(request)));
        }
        let Some(track) = id.and_then(|id| self.own(from, id)) else {
            return self.not_found(desk, from, Refused::Mute(request));
        };
        if track.described.muted == muted {
            return;
        }
        track.described.muted = muted;
        desk.media(shard, Command::Mute { track: track.id, muted });
        if track.is_live() {
            self.announce_in_pace(desk, from);
        }
    }

    fn may_not_unmute(&self, of: ParticipantId, track: TrackId) -> bool {
        let Some(participant) = self.participants.get(&of) else { return false };
        let role = self.people.of(&participant.person).map(|attendance| attendance.role);
        let track = participant.tracks.get(&track);
        role.zip(track).is_some_and(|(role, track)| !roles::may_unmute(role, &self.rules(), &track.described))
    }

    /// The features of a sound track changed (stereo, noise suppression, ...); others are told, nothing else follows.
    pub(super) fn update_audio_track(
        &mut self,
        desk: &mut Desk,
        from: ParticipantId,
        request: livekit::UpdateLocalAudioTrack,
    ) {
        let id = request.track_sid.parse::<TrackId>().ok();
        let Some(track) = id.and_then(|id| self.own(from, id)) else {
            return self.not_found(desk, from, Refused::UpdateAudioTrack(request));
        };
        track.described.audio_features = known::<livekit::AudioTrackFeature>(&request.features);
        if track.is_live() {
            self.announce_in_pace(desk, from);
        }
    }

    /// The size of a picture track changed; others are told, nothing else follows.
    pub(super) fn update_video_track(
        &mut self,
        desk: &mut Desk,
        from: ParticipantId,
        request: livekit::UpdateLocalVideoTrack,
    ) {
        let id = request.track_sid.parse::<TrackId>().ok();
        let Some(track) = id.and_then(|id| self.own(from, id)) else {
            return self.not_found(desk, from, Refused::UpdateVideoTrack(request));
        };
        track.described.width = request.width;
        track.described.height = request.height;
        if track.is_live() {
            self.announce_in_pace(desk, from);
        }
    }

    /// Tells a client, back after a loss, which of the tracks that it takes for published are not.
    pub(super) fn disown(&self, desk: &mut Desk, from: ParticipantId, published: &[livekit::TrackPublishedResponse]) {
        let Some(publisher) = self.participants.get(&from) else { return };
        for sid in published.iter().take(LIST * LIST).filter_map(|p| p.track.as_ref()).map(|track| &track.sid) {
            if !sid.parse().is_ok_and(|id: TrackId| publisher.tracks.contains_key(&id)) {
                desk.tell(publisher.session, unpublished(sid.clone()));
            }
        }
    }

    fn not_found(&self, desk: &mut Desk, from: ParticipantId, request: Refused) {
        let session = self.participants.get(&from).and_then(|participant| participant.session);
        desk.refuse(session, 0, Refusal::NotFound, Some(request));
    }
}

fn published(track: &Track) -> Response {
    let track_published =
        livekit::TrackPublishedResponse { cid: track.cid.clone(), track: Some(track.described.clone()) };
    Response::TrackPublished(track_published)
}

pub(super) fn unpublished(track_sid: String) -> Response {
    Response::TrackUnpublished(livekit::TrackUnpublishedResponse { track_sid })
}
