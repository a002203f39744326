//! What participants ask for, message by message; docs/livekit.md says the same in words.

use proto::{
    ParticipantId, Refusal,
    livekit::{
        self,
        request_response::{Reason, Request as Refused},
        signal_request::Message as Request,
        signal_response::Message as Response,
    },
};

use super::{Room, roles, telling::Audience};
use crate::{desk::Desk, timers::Timer};

/// Said of requests which this server does not know how to serve.
const UNSUPPORTED: &str = "This server does not support that yet.";

impl Room {
    /// Does what a participant asks for, or refuses it.
    #[expect(deprecated, reason = "old clients send `update_layers`, and the list of requests is to be whole")]
    pub(crate) fn signal(&mut self, desk: &mut Desk, from: ParticipantId, request: Request) {
        let Some(participant) = self.participants.get(&from) else { return };
        let session = participant.session;
        match request {
            Request::Offer(offer) => self.offer(desk, from, offer),
            Request::AddTrack(request) => self.add_track(desk, from, request),
            Request::Mute(request) => self.mute(desk, from, request),
            Request::UpdateAudioTrack(request) => self.update_audio_track(desk, from, request),
            Request::UpdateVideoTrack(request) => self.update_video_track(desk, from, request),
            Request::Subscription(request) => self.update_subscription(desk, from, &request),
            Request::TrackSetting(settings) => self.update_track_settings(desk, from, &settings),
            Request::SubscriptionPermission(request) => self.permit(desk, from, &request),
            Request::SyncState(state) => self.sync_state(desk, from, &state),
            Request::UpdateMetadata(update) => self.update_metadata(desk, from, update),
            Request::Leave(_) => self.leave(desk, from),
            Request::Ping(_) => {
                self.ping(desk, from);
                let now = now_ms(desk);
                desk.tell(session, Response::Pong(now));
            }
            Request::PingReq(ping) => {
                self.ping(desk, from);
                let pong = livekit::Pong { last_ping_timestamp: ping.timestamp, timestamp: now_ms(desk) };
                desk.tell(session, Response::PongResp(pong));
            }
            Request::PublishDataTrackRequest(request) => {
                let refused = Some(Refused::PublishDataTrack(request));
                desk.respond(session, 0, Reason::UnsupportedType, UNSUPPORTED, refused);
            }
            Request::UnpublishDataTrackRequest(request) => {
                let refused = Some(Refused::UnpublishDataTrack(request));
                desk.respond(session, 0, Reason::UnsupportedType, UNSUPPORTED, refused);
            }
            Request::StoreDataBlobRequest(livekit::StoreDataBlobRequest { request_id, .. })
            | Request::GetDataBlobRequest(livekit::GetDataBlobRequest { request_id, .. }) => {
                desk.respond(session, request_id, Reason::UnsupportedType, UNSUPPORTED, None);
            }
            // We never offer, so there is nothing to answer.
            Request::Answer(_) => {}
            // The media thread finds the client's addresses from its checks (ICE-lite) and needs no candidates.
            Request::Trickle(_) => {}
            // What a publisher sends is seen from the packets.
            Request::UpdateLayers(_) => {}
            // Follows from `publish_data_track_request`, which is refused.
            Request::UpdateDataSubscription(_) => {}
            // A test aid of LiveKit's own server, which any participant could use to harm a meeting.
            Request::Simulate(_) => {}
        }
    }

    /// A sign of life. Only who ever pinged is expected to go on: not every client does.
    fn ping(&self, desk: &mut Desk, from: ParticipantId) {
        desk.after(desk.config.ping_timeout, Timer::PingMissed(from));
    }

    fn update_metadata(&mut self, desk: &mut Desk, from: ParticipantId, update: livekit::UpdateParticipantMetadata) {
        let Some(participant) = self.participants.get(&from) else { return };
        let session = participant.session;
        let request_id = update.request_id;
        let profile = participant.profile.updated(&update);
        if let Err(refusal) = roles::may_become(participant, &profile) {
            return desk.refuse(session, request_id, refusal, Some(Refused::UpdateMetadata(update)));
        }
        if profile != participant.profile {
            if !self.may_tell(desk, from, &profile) {
                let refused = Some(Refused::UpdateMetadata(update));
                return desk.refuse(session, request_id, Refusal::TooOften, refused);
            }
            if let Some(participant) = self.participants.get_mut(&from) {
                if let Some(attendance) = self.people.of_mut(&participant.person) {
                    attendance.name.clone_from(&profile.name);
                }
                participant.profile = profile;
            }
            self.stir(desk);
            self.announce(desk, from, Audience::All);
        }
        // Native clients wait for this word; browsers for the update.
        desk.respond(session, request_id, Reason::Ok, "", None);
    }
}

fn now_ms(desk: &Desk) -> i64 {
    i64::try_from(desk.unix_ms()).unwrap_or(i64::MAX)
}
