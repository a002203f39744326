//! A whole conversation out of arbitrary bytes, for the fuzzers. Not part of the interface.
//!
//! Bytes become inputs that a shell can really produce: sockets are opened once and media threads report on participants
//! and tracks that were there. Signalling requests are what the bytes decode to, half of them with ids that exist. What
//! pages do, and people over HTTP, is in `pages`; people who call each other have a play of their own, `calls`, and
//! those who ask each other into meetings another, `inviting`.

mod calls;
mod finding;
mod heralds;
mod inviting;
mod pages;
mod waiting;

pub use calls::calls;
pub use inviting::invitations;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use proto::{
    LineId, ParticipantId, Policy, Rights, Role, SessionId, Shard, TrackId, livekit,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
    media::{Command, Connection, Event, Speaker, Verdict},
    prost::Message as _,
    quality::{Cause, Sample, Unheard},
    time::Calendar,
};

use crate::{Config, Hub, Input, Join, Output, Question};
use heralds::Heralds;

/// Plays a conversation. Panics if the hub does, or if it speaks to a socket that is not open.
pub fn conversation(data: &[u8]) {
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    let now = Instant::now();
    let config =
        Config { shards: 2, participants_per_room: 5, rooms: 2, tracks_per_participant: 3, ..Config::default() };
    let mut play = Play {
        hub: Hub::new(config, now, Calendar::new(now, 1_700_000_000_000), 1),
        now,
        bytes: data.iter(),
        opened: 0,
        open: BTreeSet::new(),
        people: Vec::new(),
        tracks: Vec::new(),
        rooms: BTreeMap::new(),
        lines: BTreeSet::new(),
        inside: BTreeSet::new(),
        heralds: Heralds::default(),
    };
    while let Some(input) = play.next() {
        play.handle(input);
    }
}

/// Messages of two people in one room, as they come over their sockets: each behind its length in two bytes, of which the first
/// bit says whose it is. What happens to one socket never reaches a third person's.
pub fn messages(data: &[u8]) {
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    let mut now = Instant::now();
    let mut hub = Hub::new(Config::default(), now, Calendar::new(now, 1_700_000_000_000), 1);
    for (session, room, identity) in [(1, "here", "ann"), (2, "here", "bob"), (3, "there", "cid")] {
        let join = Join {
            room: room.parse().expect("a name of a room"),
            identity: identity.parse().expect("a name"),
            name: identity.to_owned(),
            metadata: String::new(),
            attributes: Vec::new(),
            rights: Rights::FULL,
            auto_subscribe: true,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: None,
            role: None,
        };
        hub.handle(now, Input::Join { session: SessionId(session), join: Box::new(join) });
        while hub.poll_output().is_some() {}
    }
    let mut rest = data;
    while let [high, low, behind @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([high & 0x7f, *low]));
        let (message, next) = behind.split_at(behind.len().min(length));
        rest = next;
        now += Duration::from_millis(100);
        let session = SessionId(1 + u64::from(high >> 7));
        let Ok(livekit::SignalRequest { message: Some(request) }) = livekit::SignalRequest::decode(message) else {
            continue;
        };
        // What time brings is for everybody.
        hub.handle(now, Input::Timeout);
        while hub.poll_output().is_some() {}
        hub.handle(now, Input::Signal { session, request: Box::new(request) });
        while let Some(output) = hub.poll_output() {
            let told =
                matches!(output, Output::Send { session: SessionId(3), .. } | Output::Close { session: SessionId(3) });
            assert!(!told, "another room hears of it");
        }
    }
}

struct Play<'a> {
    hub: Hub,
    now: Instant,
    bytes: std::slice::Iter<'a, u8>,
    opened: u64,
    open: BTreeSet<SessionId>,
    people: Vec<ParticipantId>,
    tracks: Vec<(ParticipantId, TrackId)>,
    rooms: BTreeMap<ParticipantId, proto::RoomId>,
    lines: BTreeSet<LineId>,
    /// Which lines were last told of the inside of a meeting; no other may hear anything of it.
    inside: BTreeSet<LineId>,
    heralds: Heralds,
}

impl Play<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.bytes.next().copied()
    }

    fn chunk(&mut self) -> Option<Vec<u8>> {
        let length = usize::from(self.byte()?);
        Some(self.bytes.by_ref().take(length).copied().collect())
    }

    fn next(&mut self) -> Option<Input> {
        let session = |play: &Self, byte: u8| play.open.iter().nth(usize::from(byte) % play.open.len().max(1)).copied();
        Some(match self.byte()? % 12 {
            0 | 1 => Input::Join { session: self.fresh(), join: Box::new(self.join()?) },
            2 | 3 => {
                let byte = self.byte()?;
                let (Some(request), Some(session)) = (self.request(), session(self, byte)) else {
                    return Some(Input::Timeout);
                };
                Input::Signal { session, request: Box::new(request) }
            }
            4 => {
                let byte = self.byte()?;
                let Some(session) = session(self, byte) else { return Some(Input::Timeout) };
                self.open.remove(&session);
                Input::Gone { session, closed: byte & 1 == 1 }
            }
            5 => match self.event()? {
                Some(event) => Input::Media { shard: Shard(0), event },
                None => Input::Ask { ask: 0, question: Question::Counts },
            },
            6 => {
                let seconds = self.byte()?;
                self.now += Duration::from_secs(u64::from(seconds));
                Input::Timeout
            }
            7 => match self.byte()? {
                0 => Input::Stop,
                _ => Input::Ask { ask: 1, question: Question::Present("room".parse().ok()?) },
            },
            8 => self.line()?,
            _ => Input::Ask { ask: 2, question: self.question()? },
        })
    }

    fn fresh(&mut self) -> SessionId {
        self.opened += 1;
        let session = SessionId(self.opened);
        self.open.insert(session);
        session
    }

    fn join(&mut self) -> Option<Join> {
        let (who, how) = (self.byte()?, self.byte()?);
        let request = livekit::JoinRequest::decode(&*self.chunk()?).unwrap_or_default();
        let resume = if how & 1 == 1 { self.person(who) } else { None };
        let mut attributes: Vec<(String, String)> = request.participant_attributes.into_iter().collect();
        let ours = who & 64 == 0;
        if ours {
            attributes.push(("role".to_owned(), pages::role(how).name().to_owned()));
        }
        let stranger = format!("person {}", who % 7).parse().ok()?;
        Some(Join {
            room: format!("room {}", how >> 6).parse().ok()?,
            identity: if ours { pages::person(who).identity(&(who >> 7).to_string()) } else { stranger },
            name: String::new(),
            metadata: request.metadata,
            attributes,
            rights: Rights {
                publish: how & 2 == 0,
                subscribe: how & 4 == 0,
                hidden: how & 8 != 0,
                own_metadata: how & 16 == 0,
                ..Rights::FULL
            },
            auto_subscribe: how & 32 == 0,
            resume,
            add_tracks: request.add_track_requests,
            offer: request.publisher_offer,
            client: request.client_info,
            policy: (how & 64 == 0).then_some(Policy::OWNED),
            role: (ours && how & 128 == 0).then_some(Role::Member),
        })
    }

    fn request(&mut self) -> Option<Request> {
        let pick = self.byte()?;
        let track_sid = self.track(pick).map(|(_, track)| track.to_string()).unwrap_or_default();
        let person = self.person(pick);
        let participant_sid = person.map(|person| person.to_string()).unwrap_or_default();
        Some(match self.byte()? % 8 {
            0 => Request::AddTrack(livekit::AddTrackRequest {
                cid: pick.to_string(),
                r#type: i32::from(pick % 3),
                ..livekit::AddTrackRequest::default()
            }),
            1 => Request::Mute(livekit::MuteTrackRequest { sid: track_sid, muted: pick % 2 == 0 }),
            2 => Request::Subscription(livekit::UpdateSubscription {
                track_sids: vec![track_sid],
                subscribe: self.byte()? % 2 == 0,
                ..livekit::UpdateSubscription::default()
            }),
            3 => Request::TrackSetting(livekit::UpdateTrackSettings {
                track_sids: vec![track_sid],
                quality: i32::from(self.byte()? % 5),
                ..livekit::UpdateTrackSettings::default()
            }),
            4 => Request::SubscriptionPermission(livekit::SubscriptionPermission {
                all_participants: pick % 4 == 0,
                track_permissions: vec![livekit::TrackPermission {
                    participant_sid,
                    all_tracks: pick % 2 == 0,
                    track_sids: vec![track_sid],
                    ..livekit::TrackPermission::default()
                }],
            }),
            _ => livekit::SignalRequest::decode(&*self.chunk()?).ok().and_then(|request| request.message)?,
        })
    }

    /// `None` inside when there is nobody to report on.
    fn event(&mut self) -> Option<Option<Event>> {
        let (what, pick) = (self.byte()?, self.byte()?);
        let Some(peer) = self.person(pick) else { return Some(None) };
        let room = self.rooms.get(&peer).copied();
        let (owner, track) = match self.track(pick) {
            Some(known) => known,
            None => return Some(Some(Event::Connected { peer })),
        };
        Some(Some(match what % 15 {
            0 => Event::Answer { peer, id: 1, sdp: String::new(), sections: [("0".to_owned(), track)].into() },
            1 => Event::OfferRefused { peer, why: String::new() },
            2 => Event::SectionsRequired { peer, audio: 1, video: 0 },
            3 | 4 => Event::TrackPublished { peer: owner, track, mime: "video/VP8".to_owned(), mid: "0".to_owned() },
            5 => Event::TrackEnded { peer: owner, track },
            6 => Event::Subscribed { peer, track },
            7 => Event::SubscriptionFailed { peer, track },
            8 => Event::Disconnected { peer },
            9 => Event::StreamStates { peer, changes: vec![(track, pick % 2 == 0)] },
            10 => Event::LayersWanted { peer: owner, track, layers: [pick % 2 == 0, false, false] },
            11 => match room {
                Some(room) => {
                    Event::Speakers { room, changes: vec![Speaker { peer, level: 0.5, active: pick % 2 == 0 }] }
                }
                None => return Some(None),
            },
            12 => match room {
                Some(room) => Event::Quality { room, changes: vec![(peer, verdict(pick))] },
                None => return Some(None),
            },
            13 => match room {
                Some(room) => {
                    Event::Unheard { room, changes: vec![(peer, (pick % 2 == 0).then_some(Unheard::Blocked))] }
                }
                None => return Some(None),
            },
            _ => match room {
                Some(room) => {
                    let sample = Sample { verdict: verdict(pick), ..Sample::GOOD };
                    Event::Measured { room, span: Duration::from_secs(5), samples: vec![(peer, sample)] }
                }
                None => return Some(None),
            },
        }))
    }

    fn person(&self, pick: u8) -> Option<ParticipantId> {
        self.people.get(usize::from(pick) % self.people.len().max(1)).copied()
    }

    fn track(&self, pick: u8) -> Option<(ParticipantId, TrackId)> {
        self.tracks.get(usize::from(pick) % self.tracks.len().max(1)).copied()
    }

    fn handle(&mut self, input: Input) {
        self.hub.handle(self.now, input);
        while let Some(output) = self.hub.poll_output() {
            match output {
                Output::Send { session, response } => {
                    assert!(self.open.contains(&session), "spoke to a socket that is not open");
                    if let Response::Update(update) = *response {
                        assert!(update.participants.iter().all(|view| view.sid.starts_with("PA_")));
                    }
                }
                Output::RefreshToken { session, .. } => assert!(self.open.contains(&session), "token for nobody"),
                Output::Close { session } => assert!(self.open.remove(&session), "closed a socket twice"),
                Output::Media { command, .. } => self.learn(*command),
                Output::Tell { line, event } => self.told(line, &event),
                Output::Admit { line, pass } => {
                    assert!(self.lines.contains(&line), "let somebody in whom no line is told of");
                    assert!(pass.attributes.iter().any(|(key, _)| key == "role"), "a pass without a role");
                }
                Output::Measured { records, .. } => {
                    assert!(records.iter().all(|record| (1..=60).contains(&record.seconds)), "a minute is one");
                }
                Output::Happened(happened) => self.heralds.hear(happened.what),
                Output::Answer { .. }
                | Output::Remember { .. }
                | Output::Note(_)
                | Output::KeepCall(_)
                | Output::Wake { .. }
                | Output::Hush { .. }
                | Output::Free { .. } => {}
            }
        }
        let late = self.hub.poll_timeout().is_some_and(|due| due <= self.now);
        assert!(!late, "a timer that is due was left");
    }

    fn learn(&mut self, command: Command) {
        match command {
            Command::AddPeer(added) => {
                self.people.push(added.peer);
                self.rooms.insert(added.peer, added.room);
            }
            Command::ExpectTrack { peer, track } => self.tracks.push((peer, track.track)),
            Command::Subscribe { peer, track } | Command::Unsubscribe { peer, track } => {
                assert!(self.people.contains(&peer) && self.tracks.iter().any(|(_, known)| *known == track));
            }
            _ => {}
        }
    }
}

fn verdict(pick: u8) -> Verdict {
    match pick % 3 {
        0 => Verdict { connection: Connection::Excellent, cause: None },
        1 => Verdict { connection: Connection::Poor, cause: Some(Cause::Upload) },
        _ => Verdict { connection: Connection::Lost, cause: Some(Cause::Lost) },
    }
}

#[cfg(test)]
mod tests {
    use proto::id::IdSource;

    #[test]
    fn random_conversations_keep_the_promises() {
        let mut chance = IdSource::new(3);
        for length in 0..3_000_usize {
            let bytes: Vec<u8> = (0..length % 700).map(|_| (chance.draw() >> 40) as u8).collect();
            super::conversation(&bytes);
        }
    }
}
