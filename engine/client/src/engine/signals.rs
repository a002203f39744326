//! What the server says, and what follows from it.

use std::time::Duration;

use proto::{
    Identity, ParticipantId, TrackId,
    livekit::{
        self, JoinResponse, RequestResponse, leave_request, request_response, signal_response::Message as Response,
    },
    media::Speaker,
};

use super::{Client, SLOWEST_PING, Stage, connection};
use crate::{
    sending::{CONNECT_WITHIN, Outcome},
    words::{End, Event, Output},
};

impl Client {
    pub(super) fn signal(&mut self, response: Response) {
        match response {
            Response::Join(join) => self.joined(join),
            Response::Answer(answer) => self.answered(&answer),
            Response::Update(update) => self.others(&update.participants),
            Response::TrackPublished(published) => {
                let id = published.track.and_then(|t| t.sid.parse::<TrackId>().ok());
                if id.is_some_and(|id| self.sending.known(&published.cid, id)) {
                    self.negotiation.want();
                }
            }
            Response::MediaSectionsRequirement(more) => self.negotiation.require(more),
            Response::RequestResponse(response) => self.refused(response),
            Response::SpeakersChanged(changed) => {
                let speaker = |s: &livekit::SpeakerInfo| {
                    Some(Speaker { peer: s.sid.parse().ok()?, level: s.level, active: s.active })
                };
                self.tell(Event::Speakers(changed.speakers.iter().filter_map(speaker).collect()));
            }
            Response::ConnectionQuality(update) => {
                let verdict = |u: &livekit::ConnectionQualityInfo| {
                    Some((u.participant_sid.parse().ok()?, connection(u.quality())))
                };
                self.tell(Event::Quality(update.updates.iter().filter_map(verdict).collect()));
            }
            Response::SubscribedQualityUpdate(update) => self.layers_wanted(&update),
            Response::StreamStateUpdate(update) => {
                let state = |s: &livekit::StreamStateInfo| {
                    Some((s.track_sid.parse().ok()?, s.state() == livekit::StreamState::Active))
                };
                self.tell(Event::StreamStates(update.stream_states.iter().filter_map(state).collect()));
            }
            Response::Pong(_) | Response::PongResp(_) => self.timers.pong = None,
            Response::Leave(leave) => {
                let reason = leave.reason();
                let may_return = leave.action() != leave_request::Action::Disconnect;
                self.tell(Event::Left { reason, may_return });
                self.end(End::Dismissed(reason));
            }
            // The rest is of no use to a client without a screen.
            _ => {}
        }
    }

    fn joined(&mut self, join: JoinResponse) {
        let Some(me) = join.participant.filter(|_| self.stage == Stage::Joining) else { return };
        let (Ok(participant), Ok(identity)) = (me.sid.parse::<ParticipantId>(), me.identity.parse::<Identity>()) else {
            return self.end(End::Answer("the join response names no participant".to_owned()));
        };
        self.stage = Stage::Inside(participant);
        let seconds = |n: i32| Duration::from_secs(n.clamp(1, SLOWEST_PING) as u64);
        self.timers.every = seconds(join.ping_interval);
        self.timers.patience = seconds(join.ping_timeout);
        self.timers.ping = Some(self.now + self.timers.every);
        self.timers.media = Some(self.now + CONNECT_WITHIN);
        self.tell(Event::Joined { participant, identity });
        self.others(&join.other_participants);
    }

    /// Takes note of the layers that anybody wants. A client has one codec for a track, so only the first is looked at.
    fn layers_wanted(&mut self, update: &livekit::SubscribedQualityUpdate) {
        let (Ok(track), Some(codec)) = (update.track_sid.parse::<TrackId>(), update.subscribed_codecs.first()) else {
            return;
        };
        let mut layers = [false; 3];
        for quality in codec.qualities.iter().filter(|quality| quality.enabled) {
            if let Some(layer) = usize::try_from(quality.quality).ok().and_then(|at| layers.get_mut(at)) {
                *layer = true;
            }
        }
        if self.sending.want(track, layers) {
            self.tell(Event::LayersWanted { track, layers });
        }
    }

    fn others(&mut self, infos: &[livekit::ParticipantInfo]) {
        let Stage::Inside(me) = self.stage else { return };
        let outputs = &mut self.outputs;
        for info in infos.iter().filter(|info| info.sid.parse() != Ok(me)) {
            self.roster.update(info, |event| outputs.push_back(Output::Event(event)));
        }
    }

    fn answered(&mut self, answer: &livekit::SessionDescription) {
        let sections = match self.negotiation.answer(&mut self.rtc, answer) {
            None => return,
            Some(Ok(sections)) => sections,
            Some(Err(why)) => return self.end(End::Answer(why)),
        };
        self.stirred = true;
        if let Some(counting) = &mut self.counting {
            counting.answered(&answer.sdp);
        }
        let change = self.receiving.assign(sections);
        for track in change.ended {
            self.tell(Event::TrackUnsubscribed { track });
        }
        for (mid, track) in change.begun {
            let participant = self.roster.publisher(track);
            self.tell(Event::TrackSubscribed { track, participant, mid: mid.to_string() });
        }
        for outcome in self.sending.answered(&self.rtc) {
            self.tell(match outcome {
                Outcome::Live { cid, id } => Event::Published { cid, track: id },
                Outcome::NoCodec { cid } => Event::Refused {
                    request: "add_track",
                    cid: Some(cid),
                    why: request_response::Reason::UnsupportedType,
                },
            });
        }
    }

    fn refused(&mut self, response: RequestResponse) {
        let why = response.reason();
        if matches!(why, request_response::Reason::Ok | request_response::Reason::Queued) {
            return;
        }
        let (request, cid) = match response.request {
            Some(request_response::Request::AddTrack(add)) => ("add_track", Some(add.cid)),
            Some(request_response::Request::Mute(_)) => ("mute", None),
            Some(request_response::Request::UpdateMetadata(_)) => ("update_metadata", None),
            _ => ("other", None),
        };
        if let Some(cid) = &cid {
            self.sending.refused(cid);
        }
        self.tell(Event::Refused { request, cid, why });
    }
}
