//! How what is heard looks in a transcript: one line for each output, with names in place of ids.

use std::collections::BTreeMap;

use hub::{Answer, Note, Output};
use proto::{
    Shard,
    livekit::{
        self,
        request_response::{Reason, Request as Refused},
        signal_response::Message as Response,
    },
    media::{Command, Wish},
    quality::Record,
};

use crate::{hearing_calls, hearing_heralds, hearing_people, words::Words};

/// The line for an output; none for those notes which repeat what others are told.
pub fn line(words: &mut Words, output: Output) -> Option<String> {
    let beside = match &output {
        Output::Answer { .. } | Output::KeepCall(_) => false,
        Output::Wake { .. } | Output::Hush { .. } | Output::Free { .. } => {
            return heard(words, output).filter(|_| words.wakes);
        }
        Output::Happened(_) => return heard(words, output).filter(|_| words.heralds_only),
        Output::Tell { event, .. } => !hearing_calls::is_about(event),
        _ => true,
    };
    let hidden = beside && words.calls_only || words.heralds_only;
    heard(words, output).filter(|_| !hidden)
}

fn heard(words: &mut Words, output: Output) -> Option<String> {
    match output {
        Output::Send { session, response } => {
            let who = words.session_name(session);
            learn(words, &who, &response);
            for view in views(&response) {
                words.hear(session, view);
                words.meet(view);
            }
            Some(format!("{who} <- {}", said(words, &response)))
        }
        Output::Close { session } => Some(format!("{} <- closed", words.session_name(session))),
        Output::RefreshToken { session, pass } => {
            let passed = match proto::Person::of(&pass.identity) {
                proto::Person::Other(_) => format!("{} as {}", pass.room, pass.name),
                _ => hearing_people::passed(words, &pass),
            };
            Some(format!("{} <- token for {passed}", words.session_name(session)))
        }
        Output::Media { shard, command } => {
            let thread = if shard == Shard(0) { "media".to_owned() } else { format!("media{}", shard.0) };
            Some(format!("{thread} <- {}", commanded(words, &command)))
        }
        Output::Answer { answer, .. } => Some(format!("server <- {}", answered(words, &answer))),
        Output::Tell { line, event } => {
            Some(format!("{} <- page: {}", words.line_name(line), hearing_people::event(words, &event)))
        }
        Output::Admit { line, pass } => {
            Some(format!("{} <- page: come in, {}", words.line_name(line), hearing_people::passed(words, &pass)))
        }
        // What matters of it is what comes after `server: restarts`.
        Output::Remember { room, memory } => {
            words.memories.insert(room, *memory);
            None
        }
        Output::KeepCall(record) => {
            hearing_calls::keep(words, *record);
            None
        }
        Output::Wake { call, account, here, .. } => {
            Some(format!("push <- {}", hearing_calls::woken(words, "wakes", call, account, &here)))
        }
        Output::Hush { call, account, missed, here } => {
            let what = if missed { "was missed by" } else { "rings no more for" };
            Some(format!("push <- {}", hearing_calls::woken(words, what, call, account, &here)))
        }
        Output::Free { account, here } => Some(format!("push <- {}", hearing_calls::freed(words, account, &here))),
        Output::Measured { room, records } => {
            let told = records.iter().filter(|record| record.minute.way.is_some()).map(|record| minute(words, record));
            let told: Vec<String> = told.collect();
            (!told.is_empty()).then(|| format!("store <- of {room}: {}", told.join(", ")))
        }
        Output::Happened(happened) => Some(format!("outside <- {}", hearing_heralds::line(words, &happened.what))),
        Output::Note(note) => noted(words, &note).map(|text| format!("log <- {text}")),
    }
}

/// `gina 60s bad upload 15s, 1 break, unheard 5s, felt 30/0`
fn minute(words: &Words, record: &Record) -> String {
    let mut text = format!("{} {}s", words.called(&record.identity), record.seconds);
    if let Some(bad) = record.bad {
        text += &format!(" bad {} {}s", bad.name(), record.bad_for);
    }
    let minute = &record.minute;
    if minute.reconnects > 0 {
        text += &format!(" broken {}", minute.reconnects);
    }
    if minute.unheard > 0 {
        text += &format!(" unheard {}s", minute.unheard);
    }
    minute.client.iter().for_each(|felt| text += &format!(" felt {}/{}", felt.concealed, felt.strained));
    text
}

/// Names are learnt where they are first heard.
fn learn(words: &mut Words, who: &str, response: &Response) {
    match response {
        Response::Join(join) => {
            let (room, me) = (join.room.as_ref().unwrap(), join.participant.as_ref().unwrap());
            words.rooms.insert(room.name.clone(), room.sid.parse().unwrap());
            words.people.insert(me.sid.parse().unwrap(), who.to_owned());
        }
        Response::TrackPublished(published) => {
            let track = published.track.as_ref().unwrap().sid.parse().unwrap();
            words.call(track, format!("{who}/{}", published.cid));
        }
        _ => {}
    }
}

fn views(response: &Response) -> Vec<&livekit::ParticipantInfo> {
    match response {
        Response::Join(join) => join.participant.iter().chain(&join.other_participants).collect(),
        Response::Update(update) => update.participants.iter().collect(),
        _ => Vec::new(),
    }
}

fn said(words: &Words, response: &Response) -> String {
    let name = |sid: &str| words.name(sid);
    match response {
        Response::Join(join) => {
            assert!(join.participant.as_ref().unwrap().sid.starts_with("PA_"));
            assert!(!join.subscriber_primary && join.ping_interval == 5 && join.ping_timeout == 15);
            let room = join.room.as_ref().unwrap();
            let others = list(join.other_participants.iter().map(|view| seen(words, view)));
            let mute = if join.fast_publish { "" } else { ", only to watch" };
            format!("join {}{mute}, others: {others}", room.name)
        }
        Response::Reconnect(_) => "reconnect".to_owned(),
        Response::Update(update) => {
            format!("update {}", list(update.participants.iter().map(|view| seen(words, view))))
        }
        Response::Answer(answer) => {
            let sections: BTreeMap<_, _> = answer.mid_to_track_id.iter().collect();
            format!("answer {} {}", answer.id, list(sections.iter().map(|(mid, sid)| format!("{mid}={}", name(sid)))))
        }
        Response::TrackPublished(published) => {
            let track = published.track.as_ref().unwrap();
            let codecs = track.codecs.iter().map(|codec| codec.mime_type.as_str()).filter(|mime| !mime.is_empty());
            let codecs: Vec<_> = codecs.collect();
            format!("track_published {} {}", name(&track.sid), codecs.join("+")).trim_end().to_owned()
        }
        Response::Mute(mute) => format!("{} {}", if mute.muted { "mute" } else { "unmute" }, name(&mute.sid)),
        Response::TrackUnpublished(ended) => format!("track_unpublished {}", name(&ended.track_sid)),
        Response::TrackSubscribed(taken) => format!("track_subscribed {}", name(&taken.track_sid)),
        Response::Leave(leave) => format!("leave {} {}", leave.reason().as_str_name(), leave.action().as_str_name()),
        Response::SpeakersChanged(changed) => {
            let speakers = changed.speakers.iter();
            let said =
                speakers.map(|s| if s.active { format!("{} {}", name(&s.sid), s.level) } else { silent(words, s) });
            format!("speakers_changed {}", list(said))
        }
        Response::RoomUpdate(update) => {
            let room = update.room.as_ref().unwrap();
            format!("room_update {} in, {} publishing", room.num_participants, room.num_publishers)
        }
        Response::ConnectionQuality(quality) => {
            let updates = quality.updates.iter();
            let said = updates.map(|u| format!("{} {}", name(&u.participant_sid), u.quality().as_str_name()));
            format!("connection_quality {}", list(said))
        }
        Response::SubscriptionPermissionUpdate(update) => {
            let verb = if update.allowed { "may" } else { "may not" };
            format!("subscription_permission_update {verb} take {}", name(&update.track_sid))
        }
        Response::SubscriptionResponse(response) => {
            format!("subscription_response {} {}", name(&response.track_sid), response.err().as_str_name())
        }
        Response::RequestResponse(response) => {
            let what = response.request.as_ref().map_or("", refused);
            match response.reason() {
                Reason::Ok => format!("request_response {} OK", response.request_id),
                reason => format!("request_response {} {} {what}", response.request_id, reason.as_str_name()),
            }
            .trim_end()
            .to_owned()
        }
        Response::StreamStateUpdate(update) => {
            let said = update.stream_states.iter().map(|state| {
                let owner = name(&state.participant_sid);
                assert!(name(&state.track_sid).starts_with(&format!("{owner}/")), "it is a track of {owner}'s");
                format!("{} {}", name(&state.track_sid), state.state().as_str_name())
            });
            format!("stream_state_update {}", list(said))
        }
        Response::SubscribedQualityUpdate(update) => {
            let wanted = |qualities: &[livekit::SubscribedQuality]| {
                assert_eq!(qualities.iter().map(|q| q.quality).collect::<Vec<_>>(), [0, 1, 2]);
                qualities.iter().zip("qhf".chars()).filter(|(q, _)| q.enabled).map(|(_, rid)| rid).collect::<String>()
            };
            let [codec] = &update.subscribed_codecs[..] else { panic!("one codec") };
            #[expect(deprecated, reason = "both are filled")]
            let old = wanted(&update.subscribed_qualities);
            assert_eq!(wanted(&codec.qualities), old);
            let layers = if old.is_empty() { "none" } else { &old };
            format!("subscribed_quality_update {} {} {layers}", name(&update.track_sid), codec.codec)
        }
        Response::Pong(_) => "pong".to_owned(),
        Response::PongResp(pong) => format!("pong_resp {}", pong.last_ping_timestamp),
        Response::MediaSectionsRequirement(wanted) => {
            format!("media_sections_requirement {} {}", wanted.num_audios, wanted.num_videos)
        }
        other => panic!("the hub never says {other:?}"),
    }
}

fn silent(words: &Words, speaker: &livekit::SpeakerInfo) -> String {
    format!("{} silent", words.name(&speaker.sid))
}

fn refused(request: &Refused) -> &'static str {
    match request {
        Refused::Trickle(_) => "trickle",
        Refused::AddTrack(_) => "add_track",
        Refused::Mute(_) => "mute",
        Refused::UpdateMetadata(_) => "update_metadata",
        Refused::UpdateAudioTrack(_) => "update_audio_track",
        Refused::UpdateVideoTrack(_) => "update_video_track",
        Refused::PublishDataTrack(_) => "publish_data_track",
        Refused::UnpublishDataTrack(_) => "unpublish_data_track",
    }
}

/// `bob active [cam VP8@0, mic opus@1 muted] name=Bobby metadata=hi {hand=up}`
fn seen(words: &Words, view: &livekit::ParticipantInfo) -> String {
    assert!(view.joined_at_ms > 0 && view.joined_at == view.joined_at_ms / 1_000);
    let who = words.people.get(&view.sid.parse().unwrap()).cloned();
    let who = who.unwrap_or_else(|| words.called(&view.identity.parse().unwrap()));
    let mut text = format!("{who} {}", view.state().as_str_name().to_lowercase());
    if view.state() == livekit::participant_info::State::Disconnected {
        return format!("{text} {}", view.disconnect_reason().as_str_name());
    }
    assert_eq!(view.is_publisher, !view.tracks.is_empty());
    if !view.tracks.is_empty() {
        text += &format!(" [{}]", list(view.tracks.iter().map(|track| described(words, track))));
    }
    if view.name != view.identity && view.name != who.trim_end_matches(char::is_numeric) {
        text += &format!(" name={}", short(&view.name));
    }
    if !view.metadata.is_empty() {
        text += &format!(" metadata={}", short(&view.metadata));
    }
    if !view.attributes.is_empty() {
        // The hand of one of our own people says since when, which no transcript fixes.
        let ours = view.attributes.contains_key("role");
        let shown = |key: &str, value: &str| if ours && key == "hand" { "up".to_owned() } else { short(value) };
        let attributes: BTreeMap<_, _> = view.attributes.iter().collect();
        text += &format!(" {{{}}}", list(attributes.iter().map(|(key, value)| format!("{key}={}", shown(key, value)))));
    }
    text
}

/// Long texts as the script writes them: `*40000`.
fn short(text: &str) -> String {
    if text.len() > 40 { format!("*{}", text.len()) } else { text.to_owned() }
}

fn described(words: &Words, track: &livekit::TrackInfo) -> String {
    assert_eq!(track.codecs[0].mime_type, track.mime_type);
    assert_eq!(track.codecs[0].mid, track.mid);
    let name = words.name(&track.sid);
    let name = name.split_once('/').map_or(&*name, |(_, name)| name);
    let codec = track.mime_type.rsplit('/').next().unwrap();
    let mut text = format!("{name} {codec}@{}", track.mid);
    if track.width > 0 {
        text += &format!(" {}x{}", track.width, track.height);
    }
    if !track.audio_features.is_empty() {
        text += &format!(" features {:?}", track.audio_features);
    }
    if track.muted {
        text += " muted";
    }
    text
}

fn commanded(words: &mut Words, command: &Command) -> String {
    if let Command::AddPeer(peer) = command {
        words.people.insert(peer.peer, words.called(&peer.identity));
    }
    if let Command::ExpectTrack { peer, track } = command {
        let owner = words.people[peer].clone();
        words.call(track.track, format!("{owner}/{}", track.cids[0]));
    }
    // Of a seat that was kept over a restart nobody may have heard.
    let person = |id: &proto::ParticipantId| words.people.get(id).cloned().unwrap_or("a kept seat".to_owned());
    let track = |id: &proto::TrackId| words.tracks[id].clone();
    match command {
        Command::AddPeer(added) => {
            let hidden = if added.hidden { " hidden" } else { "" };
            let data = if added.may_send_data { "" } else { " without data" };
            let tap = added.tap.map_or_else(String::new, |message| format!(", recorded as {message}"));
            format!("add {}{hidden}{data}{tap}", person(&added.peer))
        }
        Command::RemovePeer { peer } => format!("remove {}", person(peer)),
        Command::ExpectTrack { track: expected, .. } => {
            let mut text = format!("expect {} {:?}", track(&expected.track), expected.kind).to_lowercase();
            for codec in &expected.codecs {
                text += &format!(" {codec}");
            }
            for layer in &expected.layers {
                text += &format!(" {:?}:{}x{}", layer.quality, layer.width, layer.height);
            }
            text + if expected.muted { " muted" } else { "" }
        }
        Command::Offer { peer, id, sdp } => {
            assert_eq!(*sdp, format!("offer {id}"));
            format!("offer {} {id}", person(peer))
        }
        Command::Subscribe { peer, track: id } => format!("subscribe {} {}", person(peer), track(id)),
        Command::Unsubscribe { peer, track: id } => format!("unsubscribe {} {}", person(peer), track(id)),
        Command::Prefer { peer, track: id, wish } => format!("prefer {} {} {}", person(peer), track(id), wished(*wish)),
        Command::Mute { track: id, muted } => format!("{} {}", if *muted { "mute" } else { "unmute" }, track(id)),
        Command::RemoveTrack { track: id } => format!("remove {}", track(id)),
        Command::AllowData { peer, allowed } => format!("allow data {} {allowed}", person(peer)),
    }
}

fn wished(wish: Wish) -> String {
    let wanted = match (wish.enabled, wish.size) {
        (false, _) => "nothing".to_owned(),
        (true, Some((width, height))) => format!("{width}x{height}"),
        (true, None) => format!("{:?}", wish.quality).to_lowercase(),
    };
    wanted + if wish.pinned { " first" } else { "" }
}

fn answered(words: &Words, answer: &Answer) -> String {
    match answer {
        Answer::Present(present) => {
            format!("present: {}", list(present.iter().map(|face| format!("{} name={}", face.identity, face.name))))
        }
        Answer::Counts(counts) => format!(
            "{} rooms, {} participants, {} tracks, {} subscriptions",
            counts.rooms, counts.participants, counts.tracks, counts.subscriptions
        ),
        other => hearing_people::answered(words, other),
    }
}

fn noted(words: &Words, note: &Note) -> Option<String> {
    match note {
        Note::RoomOpened { shard, .. } => Some(format!("room opened on {}", shard.0)),
        Note::RoomBroken { participants, .. } => Some(format!("room breaks with {participants}")),
        Note::RoomRecalled { seats, .. } => Some(format!("room goes on, {seats} seats kept")),
        Note::RoomClosed { .. } => Some("room closed".to_owned()),
        Note::Refused { session, refusal } => {
            Some(format!("refused {} {}", words.session_name(*session), refusal.code()))
        }
        Note::OfferRefused { participant, why } => {
            Some(format!("offer of {} refused: {why}", words.people[participant]))
        }
        Note::Joined { .. } | Note::Resumed { .. } | Note::Left { .. } => None,
    }
}

pub fn list(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}
