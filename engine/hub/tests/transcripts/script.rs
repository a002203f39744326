//! The lines of a transcript that are not heard: what people, media threads and the server do.

use std::time::Duration;

use hub::{Config, Input, Join, Question};
use proto::{
    Rights, Shard, Source,
    livekit::{self, signal_request::Message as Request},
    media::{Connection, Event, Speaker, Verdict},
    quality::{Cause, Sample, Unheard, Way},
};

use crate::{script_calls, script_people, words::Words};

/// `config: participants 2, rooms 1, tracks 3, shards 2`
pub fn configure(config: &mut Config, line: &str) {
    let Some(settings) = line.strip_prefix("config:") else { return };
    for setting in settings.split(',') {
        let (name, value) = setting.trim().split_once(' ').unwrap();
        let value: usize = value.parse().unwrap();
        match name {
            "participants" => config.participants_per_room = value,
            "rooms" => config.rooms = value,
            "tracks" => config.tracks_per_participant = value,
            "shards" => config.shards = value as u8,
            "rings" => config.rings = Duration::from_secs(value as u64),
            "seat" => config.seat_kept = Duration::from_secs(value as u64),
            _ => panic!("no setting {name}"),
        }
    }
}

/// `30s`, `1500ms`
pub fn span(text: &str) -> Duration {
    match text.strip_suffix("ms") {
        Some(n) => Duration::from_millis(n.parse().unwrap()),
        None => Duration::from_secs(text.strip_suffix('s').unwrap().parse().unwrap()),
    }
}

/// One line that is neither heard nor time.
pub fn input(words: &mut Words, line: &str) -> Input {
    let (who, what) = line.split_once(": ").unwrap_or_else(|| panic!("who says: {line}"));
    let parts: Vec<&str> = what.split_whitespace().collect();
    if let Some(input) = script_calls::input(words, who, &parts) {
        return input;
    }
    if let Some(input) = script_people::input(words, who, &parts) {
        return input;
    }
    match (who, parts[0]) {
        ("server", "stop") => Input::Stop,
        ("server", "who") => Input::Ask { ask: 1, question: Question::Present(parts[1].parse().unwrap()) },
        ("server", "counts") => Input::Ask { ask: 2, question: Question::Counts },
        ("media", _) => Input::Media { shard: Shard(0), event: event(words, &parts) },
        (_, "join") => Input::Join { session: words.session(who), join: Box::new(join(words, who, &parts, false)) },
        (_, "resume") => Input::Join { session: words.session(who), join: Box::new(join(words, who, &parts, true)) },
        // `gone`, `gone closed`: the line broke, or the page was closed
        (_, "gone") => Input::Gone { session: words.session(who), closed: parts.get(1) == Some(&"closed") },
        _ => Input::Signal { session: words.session(who), request: Box::new(request(words, &parts)) },
    }
}

fn join(words: &Words, who: &str, parts: &[&str], resume: bool) -> Join {
    let mut rights = Rights::FULL;
    let mut join = Join {
        room: parts[1].parse().unwrap(),
        identity: who.parse().unwrap(),
        name: String::new(),
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
    let mut rest = parts[2..].iter();
    while let Some(word) = rest.next() {
        let mut next = || *rest.next().unwrap();
        match *word {
            "as" => {
                let person = next();
                // The identity is what the name was before any number: `ann` for `ann2`.
                join.identity = person.trim_end_matches(char::is_numeric).parse().unwrap();
                join.resume = resume.then(|| words.sid(person).parse().unwrap());
            }
            "stay" => join.resume = Some(words.sid(next()).parse().unwrap()),
            "by-hand" => join.auto_subscribe = false,
            "hidden" => rights.hidden = true,
            "only" => rights.sources = next().split(',').map(|name| Source::from_name(name).unwrap()).collect(),
            "without" => match next() {
                "publish" => rights.publish = false,
                "subscribe" => rights.subscribe = false,
                "data" => rights.data = false,
                "metadata" => rights.own_metadata = false,
                right => panic!("no right {right}"),
            },
            "with" => join.add_tracks.push(add_track(&[next()])),
            "with-many" => join.add_tracks = vec![add_track(&["mic", "nameless"]); next().parse().unwrap()],
            "offering" => join.offer = Some(offer(next())),
            "metadata" => join.metadata = text(next()),
            word => panic!("join ... {word}"),
        }
    }
    join.rights = rights;
    join.name = join.identity.to_string();
    join
}

fn request(words: &Words, parts: &[&str]) -> Request {
    let sid = |at: usize| words.sid(parts[at]);
    let sids = |from: usize| parts[from..].iter().map(|name| words.sid(name)).collect::<Vec<_>>();
    match parts[0] {
        "leave" => Request::Leave(livekit::LeaveRequest::default()),
        "ping" => Request::Ping(5),
        "ping_req" => Request::PingReq(livekit::Ping { timestamp: 5, rtt: 0 }),
        "offer" => Request::Offer(offer(parts[1])),
        "answer" => Request::Answer(livekit::SessionDescription::default()),
        "trickle" => Request::Trickle(livekit::TrickleRequest::default()),
        "simulate" => Request::Simulate(livekit::SimulateScenario::default()),
        "publish" => Request::AddTrack(add_track(&parts[1..])),
        "data-track" => Request::PublishDataTrackRequest(livekit::PublishDataTrackRequest::default()),
        "blob" => Request::GetDataBlobRequest(livekit::GetDataBlobRequest { request_id: 4, ..Default::default() }),
        "mute" | "unmute" => Request::Mute(livekit::MuteTrackRequest { sid: sid(1), muted: parts[0] == "mute" }),
        "features" => Request::UpdateAudioTrack(livekit::UpdateLocalAudioTrack {
            track_sid: sid(1),
            features: parts[2..].iter().map(|n| n.parse().unwrap()).collect(),
        }),
        "resize" => {
            let (width, height) = size(parts[2]).unwrap();
            Request::UpdateVideoTrack(livekit::UpdateLocalVideoTrack { track_sid: sid(1), width, height })
        }
        "take" | "drop" => Request::Subscription(livekit::UpdateSubscription {
            track_sids: sids(1),
            subscribe: parts[0] == "take",
            participant_tracks: Vec::new(),
        }),
        "take-of" => Request::Subscription(livekit::UpdateSubscription {
            track_sids: Vec::new(),
            subscribe: true,
            participant_tracks: vec![livekit::ParticipantTracks { participant_sid: sid(1), track_sids: sids(2) }],
        }),
        "prefer" => Request::TrackSetting(livekit::UpdateTrackSettings {
            priority: u32::from(parts.get(3) == Some(&"first")),
            ..settings(vec![sid(1)], parts[2])
        }),
        "permit" => Request::SubscriptionPermission(permission(words, &parts[1..])),
        "become" => Request::UpdateMetadata(metadata(&parts[1..])),
        "sync" => Request::SyncState(sync(words, &parts[1..])),
        what => panic!("nobody can {what}"),
    }
}

/// `cam`, `mic`, `screen`, `screen-audio`, `any` (a video without a source), `data`; then `muted`, `vp9`, `layers`,
/// `named N` (a name of N letters), `sid ..`, `cid ..`, `copies` (sound that may come with copies of earlier sound),
/// `encrypted`.
fn add_track(parts: &[&str]) -> livekit::AddTrackRequest {
    let (kind, source) = match parts[0] {
        "cam" => (livekit::TrackType::Video, livekit::TrackSource::Camera),
        "mic" => (livekit::TrackType::Audio, livekit::TrackSource::Microphone),
        "screen" => (livekit::TrackType::Video, livekit::TrackSource::ScreenShare),
        "screen-audio" => (livekit::TrackType::Audio, livekit::TrackSource::ScreenShareAudio),
        "cam-as-mic" => (livekit::TrackType::Video, livekit::TrackSource::Microphone),
        "data" => (livekit::TrackType::Data, livekit::TrackSource::Unknown),
        _ => (livekit::TrackType::Video, livekit::TrackSource::Unknown),
    };
    let mut request = livekit::AddTrackRequest {
        cid: parts[0].to_owned(),
        r#type: kind.into(),
        source: source.into(),
        disable_red: true,
        ..Default::default()
    };
    let mut rest = parts[1..].iter();
    while let Some(word) = rest.next() {
        match *word {
            "muted" => request.muted = true,
            "copies" => request.disable_red = false,
            "encrypted" => request.encryption = livekit::encryption::Type::Gcm.into(),
            "layers" => {
                request.layers = [(0, 320, 180), (1, 640, 360), (2, 1280, 720)]
                    .map(|(quality, width, height)| livekit::VideoLayer {
                        quality,
                        width,
                        height,
                        ..Default::default()
                    })
                    .to_vec();
            }
            "named" => request.name = "n".repeat(rest.next().unwrap().parse().unwrap()),
            "sid" => request.sid = (*rest.next().unwrap()).to_owned(),
            "nameless" => request.cid.clear(),
            codec => {
                let first = request.simulcast_codecs.is_empty();
                let cid = if first { request.cid.clone() } else { String::new() };
                let codec = livekit::SimulcastCodec { codec: codec.to_owned(), cid, ..Default::default() };
                request.simulcast_codecs.push(codec);
            }
        }
    }
    request
}

fn offer(id: &str) -> livekit::SessionDescription {
    let id = id.parse().unwrap();
    livekit::SessionDescription { r#type: "offer".to_owned(), sdp: format!("offer {id}"), id, ..Default::default() }
}

fn settings(track_sids: Vec<String>, wish: &str) -> livekit::UpdateTrackSettings {
    let (width, height) = size(wish).unwrap_or_default();
    let quality = match wish {
        "medium" => 1,
        "high" => 2,
        "off" => 3,
        _ => 0,
    };
    livekit::UpdateTrackSettings {
        track_sids,
        disabled: wish == "paused",
        quality,
        width,
        height,
        ..Default::default()
    }
}

/// `everybody`, `nobody`, or `bob` (all tracks, by identity), `bob=ann/cam` (one track), `sid:bob` (by stay).
fn permission(words: &Words, parts: &[&str]) -> livekit::SubscriptionPermission {
    let listed = parts.iter().filter(|part| !["everybody", "nobody"].contains(part));
    let track_permissions = listed.map(|part| {
        let (who, tracks) = part.split_once('=').map_or((*part, None), |(who, track)| (who, Some(words.sid(track))));
        let stay = who.strip_prefix("sid:");
        livekit::TrackPermission {
            participant_sid: stay.map(|name| words.sid(name)).unwrap_or_default(),
            participant_identity: if stay.is_some() { String::new() } else { who.to_owned() },
            all_tracks: tracks.is_none(),
            track_sids: tracks.into_iter().collect(),
        }
    });
    livekit::SubscriptionPermission {
        all_participants: parts == ["everybody"],
        track_permissions: track_permissions.collect(),
    }
}

/// `name=Anna`, `metadata=hello`, `hand=up` (an attribute); a value `*65000` is that many letters.
fn metadata(parts: &[&str]) -> livekit::UpdateParticipantMetadata {
    let mut update = livekit::UpdateParticipantMetadata { request_id: 9, ..Default::default() };
    for part in parts {
        let (key, value) = part.split_once('=').unwrap();
        match key {
            "name" => update.name = text(value),
            "metadata" => update.metadata = text(value),
            key => drop(update.attributes.insert(key.to_owned(), text(value))),
        }
    }
    update
}

/// `drop=bob/cam`, `take=..`, `off=..` (disabled), `have=ann/cam` (published), each once.
fn sync(words: &Words, parts: &[&str]) -> livekit::SyncState {
    let mut state = livekit::SyncState::default();
    for part in parts {
        let (key, name) = part.split_once('=').unwrap();
        let sid = words.sid(name);
        match key {
            "drop" | "take" => {
                let subscribe = key == "take";
                let track_sids = vec![sid];
                state.subscription = Some(livekit::UpdateSubscription { track_sids, subscribe, ..Default::default() });
            }
            "off" => state.track_sids_disabled.push(sid),
            "have" => {
                let track = Some(livekit::TrackInfo { sid, ..Default::default() });
                state.publish_tracks.push(livekit::TrackPublishedResponse { track, ..Default::default() });
            }
            key => panic!("sync ... {key}"),
        }
    }
    state
}

fn event(words: &Words, parts: &[&str]) -> Event {
    let peer = || words.participant(parts[1]);
    let owner = || words.participant(parts[1].split_once('/').unwrap().0);
    match parts[0] {
        "connected" => Event::Connected { peer: peer() },
        "disconnected" => Event::Disconnected { peer: peer() },
        "answer" => Event::Answer {
            peer: peer(),
            id: parts[2].parse().unwrap(),
            sdp: "answer".to_owned(),
            sections: pairs(&parts[3..]).map(|(mid, track)| (mid.to_owned(), words.track(track))).collect(),
        },
        "refuses" => Event::OfferRefused { peer: peer(), why: parts[2..].join(" ") },
        "requires" => {
            Event::SectionsRequired { peer: peer(), audio: parts[2].parse().unwrap(), video: parts[3].parse().unwrap() }
        }
        "published" => Event::TrackPublished {
            peer: owner(),
            track: words.track(parts[1]),
            mime: parts[2].to_owned(),
            mid: parts[3].to_owned(),
        },
        "ended" => Event::TrackEnded { peer: owner(), track: words.track(parts[1]) },
        "subscribed" => Event::Subscribed { peer: peer(), track: words.track(parts[2]) },
        "unsupported" => Event::SubscriptionFailed { peer: peer(), track: words.track(parts[2]) },
        "flows" => Event::StreamStates {
            peer: peer(),
            changes: pairs(&parts[2..]).map(|(track, on)| (words.track(track), on == "on")).collect(),
        },
        "wants" => Event::LayersWanted {
            peer: owner(),
            track: words.track(parts[1]),
            layers: ["q", "h", "f"].map(|rid| parts[2].contains(rid)),
        },
        "speakers" => Event::Speakers {
            room: words.rooms[parts[1]],
            changes: pairs(&parts[2..])
                .map(|(who, level)| {
                    let level: f32 = level.parse().unwrap();
                    Speaker { peer: words.participant(who), level, active: level > 0.0 }
                })
                .collect(),
        },
        "quality" => Event::Quality {
            room: words.rooms[parts[1]],
            changes: pairs(&parts[2..]).map(|(who, word)| (words.participant(who), verdict(word))).collect(),
        },
        "unheard" => Event::Unheard {
            room: words.rooms[parts[1]],
            changes: pairs(&parts[2..]).map(|(who, word)| (words.participant(who), unheard(word))).collect(),
        },
        "measured" => Event::Measured {
            room: words.rooms[parts[1]],
            span: span(parts[2]),
            samples: pairs(&parts[3..]).map(|(who, word)| (words.participant(who), sample(word))).collect(),
        },
        what => panic!("media cannot {what}"),
    }
}

/// `poor:upload`, or what needs no cause.
fn verdict(word: &str) -> Verdict {
    let (word, cause) = word.split_once(':').map_or((word, None), |(word, cause)| (word, Cause::from_name(cause)));
    Verdict { connection: connection(word), cause }
}

fn unheard(word: &str) -> Option<Unheard> {
    match word {
        "blocked" => Some(Unheard::Blocked),
        "silent" => Some(Unheard::Silent),
        "untaken" => Some(Unheard::Untaken),
        "no" => None,
        word => panic!("nobody is unheard for {word}"),
    }
}

/// A verdict, or `unheard`, or how much there is no room for.
fn sample(word: &str) -> Sample {
    match word {
        "smaller" => Sample { missing: 0.34, ..Sample::GOOD },
        "fuller" => Sample { missing: 0.2, ..Sample::GOOD },
        "paused" => Sample { missing: 0.9, paused: true, ..Sample::GOOD },
        "unheard" => Sample { unheard: Some(Unheard::Blocked), ..Sample::GOOD },
        word => Sample { verdict: verdict(word), way: Some(Way::Tcp), ..Sample::GOOD },
    }
}

fn connection(word: &str) -> Connection {
    match word {
        "lost" => Connection::Lost,
        "poor" => Connection::Poor,
        "good" => Connection::Good,
        "excellent" => Connection::Excellent,
        word => panic!("no connection is {word}"),
    }
}

fn pairs<'a>(parts: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    parts.iter().map(|part| part.split_once('=').unwrap())
}

fn size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

fn text(value: &str) -> String {
    value.strip_prefix('*').map_or(value.to_owned(), |n| "x".repeat(n.parse().unwrap()))
}
