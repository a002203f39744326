//! What participants are told of each other and of the room.

use proto::{
    ParticipantId,
    livekit::{self, signal_response::Message as Response},
    media::{Connection, Speaker},
};

use super::{Room, departure::Former, roles};
use crate::{
    config::ROOM_TOLD,
    desk::Desk,
    participant::{Participant, publication::CODECS},
    timers::Timer,
};

/// The version of LiveKit's protocol that we speak; clients compare it with what they need.
const PROTOCOL: i32 = 16;

/// The LiveKit server whose behaviour clients may expect; they compare it with what a feature needs, so ours would tell
/// them nothing. Remote procedure calls need 1.8.0; above 1.13.6 the JavaScript client would publish VP9 and AV1 as
/// simulcast under rids, which is not tried here. Our own version stands in `debug_info`.
const COMPATIBLE_WITH: &str = "1.9.0";

/// Who is told of a change in a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// All who see it, but not itself.
    Others,
    /// All who see it and itself: its client shows what the server says.
    All,
}

impl Room {
    /// Tells of a change in a participant.
    pub(super) fn announce(&mut self, desk: &mut Desk, of: ParticipantId, audience: Audience) {
        let Some(changed) = self.participants.get_mut(&of) else { return };
        changed.touch();
        let view = changed.view();
        self.spread(desk, of, audience, &view);
    }

    /// Tells of a participant as `view` says.
    pub(super) fn spread(
        &self,
        desk: &mut Desk,
        of: ParticipantId,
        audience: Audience,
        view: &livekit::ParticipantInfo,
    ) {
        let Some(changed) = self.participants.get(&of) else { return };
        for viewer in self.participants.values() {
            if roles::may_see(viewer, changed) && (viewer.id != of || audience == Audience::All) {
                let update = livekit::ParticipantUpdate { participants: vec![view.clone()] };
                desk.tell(viewer.session, Response::Update(update));
            }
        }
    }

    /// Tells the others of somebody who came in, and in the same breath of the stays that ended for it: whoever hears both at
    /// once need not show that anybody left.
    pub(super) fn tell_entry(&self, desk: &mut Desk, newcomer: &Participant, former: &[Former]) {
        for viewer in self.participants.values().filter(|viewer| viewer.id != newcomer.id) {
            let ended = former.iter().filter(|former| !former.hidden).map(|former| former.farewell.clone());
            let mut participants: Vec<_> = ended.collect();
            participants.extend(roles::may_see(viewer, newcomer).then(|| newcomer.view()));
            if !participants.is_empty() {
                desk.tell(viewer.session, Response::Update(livekit::ParticipantUpdate { participants }));
            }
        }
    }

    /// Everybody whom `viewer` sees, without itself.
    pub(super) fn others(&self, viewer: &Participant) -> Vec<livekit::ParticipantInfo> {
        let others = self.participants.values().filter(|other| other.id != viewer.id && roles::may_see(viewer, other));
        others.map(Participant::view).collect()
    }

    /// Notes that the number of participants changed; the room is told in a moment.
    pub(super) fn number_changed(&self, desk: &mut Desk) {
        let at = desk.now + ROOM_TOLD;
        desk.timers.set_once(Timer::RoomTold(self.id), at);
    }

    /// Tells everybody how the room is now.
    pub(crate) fn tell_room(&self, desk: &mut Desk) {
        let view = self.view(desk);
        for participant in self.participants.values() {
            desk.tell(participant.session, Response::RoomUpdate(livekit::RoomUpdate { room: Some(view.clone()) }));
        }
    }

    /// How clients see the room.
    pub(crate) fn view(&self, desk: &Desk) -> livekit::Room {
        let seen = || self.participants.values().filter(|participant| !participant.rights.hidden);
        let seconds = |span: std::time::Duration| u32::try_from(span.as_secs()).unwrap_or(u32::MAX);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        livekit::Room {
            sid: self.id.to_string(),
            name: self.name.to_string(),
            empty_timeout: seconds(desk.config.empty_timeout),
            departure_timeout: seconds(desk.config.departure_timeout),
            max_participants: number(desk.config.participants_per_room),
            creation_time: i64::try_from(self.opened_ms / 1_000).unwrap_or(i64::MAX),
            creation_time_ms: i64::try_from(self.opened_ms).unwrap_or(i64::MAX),
            enabled_codecs: codecs(),
            num_participants: number(seen().count()),
            num_publishers: number(seen().filter(|participant| participant.is_publisher()).count()),
            ..livekit::Room::default()
        }
    }

    /// Passes on who began or ceased to speak.
    pub(super) fn tell_speakers(&mut self, desk: &mut Desk, changes: Vec<Speaker>) {
        for speaker in &changes {
            if speaker.active && self.participants.contains_key(&speaker.peer) {
                self.speaking.insert(speaker.peer, *speaker);
            } else {
                self.speaking.remove(&speaker.peer);
            }
        }
        for viewer in self.participants.values() {
            self.tell_speakers_to(desk, viewer, &changes);
        }
    }

    /// Tells one participant who speaks now and how everybody's media flows: it was not here, or could not hear, when
    /// that was said.
    pub(super) fn tell_present(&self, desk: &mut Desk, viewer: &Participant) {
        let speakers: Vec<Speaker> = self.speaking.values().copied().collect();
        self.tell_speakers_to(desk, viewer, &speakers);
        let known = self.participants.values().filter_map(|other| Some((other.id, other.verdict?.connection)));
        self.tell_quality_to(desk, viewer, &known.collect::<Vec<_>>());
    }

    /// Tells one participant who does not speak: clients keep the last word on everybody, and this one may have missed it.
    pub(super) fn tell_silence(&self, desk: &mut Desk, viewer: &Participant) {
        let silent = self.participants.keys().filter(|id| !self.speaking.contains_key(id));
        let silent: Vec<Speaker> = silent.map(|id| Speaker { peer: *id, level: 0.0, active: false }).collect();
        self.tell_speakers_to(desk, viewer, &silent);
    }

    fn tell_speakers_to(&self, desk: &mut Desk, viewer: &Participant, speakers: &[Speaker]) {
        let seen = speakers.iter().filter(|speaker| self.sees(viewer, speaker.peer));
        let speakers: Vec<livekit::SpeakerInfo> = seen
            .map(|speaker| livekit::SpeakerInfo {
                sid: speaker.peer.to_string(),
                level: speaker.level,
                active: speaker.active,
            })
            .collect();
        if !speakers.is_empty() {
            desk.tell(viewer.session, Response::SpeakersChanged(livekit::SpeakersChanged { speakers }));
        }
    }

    /// Passes on how well media flows.
    pub(super) fn tell_quality(&self, desk: &mut Desk, changes: &[(ParticipantId, Connection)]) {
        for viewer in self.participants.values() {
            self.tell_quality_to(desk, viewer, changes);
        }
    }

    fn tell_quality_to(&self, desk: &mut Desk, viewer: &Participant, verdicts: &[(ParticipantId, Connection)]) {
        let seen = verdicts.iter().filter(|(peer, _)| self.sees(viewer, *peer));
        let updates: Vec<livekit::ConnectionQualityInfo> =
            seen.map(|(peer, connection)| verdict(*peer, *connection)).collect();
        if !updates.is_empty() {
            desk.tell(viewer.session, Response::ConnectionQuality(livekit::ConnectionQualityUpdate { updates }));
        }
    }

    /// Gives a socket a fresh token and comes back for the next one.
    pub(crate) fn refresh_token(&self, desk: &mut Desk, participant: ParticipantId) {
        let Some(participant) = self.participants.get(&participant) else { return };
        if let Some(session) = participant.session {
            desk.refresh_token(session, participant.pass(&self.name));
            desk.after(desk.config.token_refresh, Timer::TokenAges(participant.id));
        }
    }

    fn sees(&self, viewer: &Participant, other: ParticipantId) -> bool {
        self.participants.get(&other).is_some_and(|other| roles::may_see(viewer, other))
    }
}

/// The first message of a socket that enters.
pub(super) fn welcome(
    desk: &Desk,
    room: livekit::Room,
    newcomer: &Participant,
    others: Vec<livekit::ParticipantInfo>,
) -> Response {
    let seconds = |span: std::time::Duration| i32::try_from(span.as_secs()).unwrap_or(i32::MAX);
    Response::Join(livekit::JoinResponse {
        room: Some(room),
        participant: Some(newcomer.view()),
        other_participants: others,
        server_version: COMPATIBLE_WITH.to_owned(),
        server_region: desk.config.region.clone(),
        // With one connection for both directions there is no other that could be the primary one.
        subscriber_primary: false,
        ping_timeout: seconds(desk.config.ping_timeout),
        ping_interval: seconds(desk.config.ping_interval),
        server_info: Some(server(desk)),
        enabled_publish_codecs: codecs(),
        fast_publish: newcomer.rights.publish,
        ..livekit::JoinResponse::default()
    })
}

/// The first message of a socket that resumes.
pub(super) fn welcome_back(desk: &Desk) -> Response {
    // `last_message_seq` stays zero: how far the client's reliable packets came is known on the media thread alone, and
    // zero makes the client send none of them again.
    let server_info = Some(server(desk));
    Response::Reconnect(livekit::ReconnectResponse { server_info, ..livekit::ReconnectResponse::default() })
}

fn server(desk: &Desk) -> livekit::ServerInfo {
    livekit::ServerInfo {
        edition: livekit::server_info::Edition::Standard.into(),
        version: COMPATIBLE_WITH.to_owned(),
        protocol: PROTOCOL,
        region: desk.config.region.clone(),
        debug_info: format!("Parlor {}", desk.config.version),
        ..livekit::ServerInfo::default()
    }
}

fn codecs() -> Vec<livekit::Codec> {
    CODECS.into_iter().map(|mime| livekit::Codec { mime: mime.to_owned(), fmtp_line: String::new() }).collect()
}

fn verdict(peer: ParticipantId, connection: Connection) -> livekit::ConnectionQualityInfo {
    // The score is LiveKit's mean opinion score, from 1 to 5; ours is the middle of what each word covers.
    let (quality, score) = match connection {
        Connection::Lost => (livekit::ConnectionQuality::Lost, 1.0),
        Connection::Poor => (livekit::ConnectionQuality::Poor, 2.0),
        Connection::Good => (livekit::ConnectionQuality::Good, 3.5),
        Connection::Excellent => (livekit::ConnectionQuality::Excellent, 4.5),
    };
    livekit::ConnectionQualityInfo { participant_sid: peer.to_string(), quality: quality.into(), score }
}
