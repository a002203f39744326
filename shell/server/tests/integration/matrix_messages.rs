//! Who may say what on the sockets, asked of the real server: every message of each, by everybody there is.
//!
//! What comes out is docs/rights-messages.md. The test fails when that was stale, and when a message has no line here: the
//! lists of messages are made by matches that must be whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Instant,
};

use proto::{
    Source,
    api::{Ask, Event, Problem},
    livekit::{
        self, AddTrackRequest, Ping, TrackPublishedResponse, TrackSource, TrackType, request_response::Reason,
        signal_request::Message as Request, signal_response::Message as Response,
    },
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    harness::{PASSWORD, SECRET, Server, claims, sign},
    matrix::{self, table},
    people::{Browser, Events},
    scene::{Scene, far},
    seat::Seat,
    wire::{PATIENCE, Peer},
};

/// The columns of signalling: those who have no place first, then those who come with a token of the operator's key: one
/// that grants nothing, and one that grants everything.
const WHO: [&str; 11] = [
    "nobody",
    "removed",
    "outsider",
    "waiting",
    "bound",
    "application",
    "guest",
    "member",
    "host",
    "owner",
    "administrator",
];
/// Those of them who have no place.
const OUTSIDE: [&str; 4] = ["nobody", "removed", "outsider", "waiting"];

/// Names the messages of one kind: the match is whole, so that another message does not compile before it has a name, and
/// each that has a name must have a line.
macro_rules! messages {
    ($(#[$about:meta])* $name:ident, $all:ident, $kind:ident, $($variant:ident $word:literal,)*) => {
        const $all: &[&str] = &[$($word),*];
        $(#[$about])*
        fn $name(message: &$kind) -> &'static str {
            match message {
                $($kind::$variant { .. } => $word,)*
            }
        }
    };
}

messages! { ask_name, ASKS, Ask, Attend "attend", Here "here", Quit "quit", Ping "ping", }

messages! {
    #[expect(deprecated, reason = "old clients send `update_layers`")]
    request_name, REQUESTS, Request,
    Offer "offer",
    Answer "answer",
    Trickle "trickle",
    AddTrack "add_track",
    Mute "mute",
    Subscription "subscription",
    TrackSetting "track_setting",
    Leave "leave",
    UpdateLayers "update_layers",
    SubscriptionPermission "subscription_permission",
    SyncState "sync_state",
    Simulate "simulate",
    Ping "ping",
    UpdateMetadata "update_metadata",
    PingReq "ping_req",
    UpdateAudioTrack "update_audio_track",
    UpdateVideoTrack "update_video_track",
    PublishDataTrackRequest "publish_data_track_request",
    UnpublishDataTrackRequest "unpublish_data_track_request",
    UpdateDataSubscription "update_data_subscription",
    StoreDataBlobRequest "store_data_blob_request",
    GetDataBlobRequest "get_data_blob_request",
}

/// How the meeting stands when something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    /// The room allows everything.
    Open,
    /// The other lets nobody take its tracks.
    Private,
    /// The room forbids microphone, camera, share and chat.
    Forbidden,
    /// What ends the stay.
    Last,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_rights_is_what_the_sockets_do() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    for name in ["host", "member", "outsider", "removed"] {
        let body = json!({"name": name, "password": PASSWORD});
        far(&Browser::new(&server), "POST", "/api/v1/accounts", body.to_string().as_bytes()).await.right::<Value>();
    }
    let mut text = String::from(ABOUT);
    table(&mut text, "Ask", &matrix::WHO, asks(&server).await.into_iter());
    text += SIGNALLING;
    let mut lines = signalling(&server).await;
    lines.extend(packets(&server).await);
    table(&mut text, "Message", &WHO, lines.into_iter());
    server.stop().await;

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rights-messages.md");
    if fs::read_to_string(&path).unwrap_or_default() != text {
        fs::write(&path, &text).unwrap();
        panic!("{} was stale; it is rewritten: look at it and commit it", path.display());
    }
}

/// The lines of the event socket.
async fn asks(server: &Server) -> Vec<(String, Vec<String>)> {
    let scene = Scene::new(server, BTreeMap::new()).await;
    // Whoever quit waits no more: that comes last.
    let asked = [
        ("", Ask::Ping),
        ("", Ask::Attend { code: scene.code.clone() }),
        (" a room that is not there", Ask::Attend { code: "nono-nono-nono".to_owned() }),
        ("", Ask::Here { device: "d1".parse().unwrap(), idle: false }),
        ("", Ask::Quit),
    ];
    let names: BTreeSet<&str> = asked.iter().map(|(_, ask)| ask_name(ask)).collect();
    assert_eq!(names, ASKS.iter().copied().collect(), "every ask has a line");
    let mut lines = Vec::new();
    for (detail, ask) in asked {
        let mut cells = Vec::new();
        for who in matrix::WHO {
            let cell = match scene.browsers[who].events_with(&[]).await {
                Err(status) => {
                    assert_eq!(status, 401, "{who}");
                    "sign_in_first".to_owned()
                }
                Ok(events) => told(&scene, events, &ask).await,
            };
            let right = match (&ask, who) {
                (_, "nobody") => "sign_in_first",
                (Ask::Ping, _) => "pong",
                (Ask::Attend { .. }, _) if !detail.is_empty() => "room_unknown",
                (Ask::Attend { .. }, "waiting") => "waiting",
                (Ask::Attend { .. }, "removed" | "outsider") => "outside",
                (Ask::Attend { .. }, _) => "meeting",
                (Ask::Here { .. }, "waiting" | "guest") => "sign_in_first",
                (Ask::Here { .. }, _) => "people",
                (Ask::Quit, _) => "yes",
            };
            assert_eq!(cell, right, "{ask:?} by {who}");
            cells.push(cell);
        }
        lines.push((format!("`{}`{detail}", ask_name(&ask)), cells));
    }
    lines
}

/// What a page is told that asks this.
async fn told(scene: &Scene<'_>, mut events: Events, ask: &Ask) -> String {
    if *ask == Ask::Quit {
        events.send(json!({"ask": "attend", "code": scene.code})).await;
        events.so_far().await;
    }
    events.send(serde_json::to_value(ask).unwrap()).await;
    if *ask == Ask::Quit {
        events.so_far().await;
        for on in [true, false] {
            scene.browsers["owner"].act(&scene.code, json!({"act": "lock", "on": on})).await.done();
        }
        assert_eq!(events.so_far().await, [], "who quit is told no more");
        return "yes".to_owned();
    }
    match events.next().await.expect("an answer") {
        Event::Refused { problem } => problem.code,
        event => serde_json::to_value(event).unwrap()["event"].as_str().unwrap().to_owned(),
    }
}

/// The lines of signalling, by everybody in a meeting of their own.
async fn signalling(server: &Server) -> Vec<(String, Vec<String>)> {
    let nobody = Subject { sid: "PA_none", own: &BTreeMap::new(), offer: &livekit::SessionDescription::default() };
    let all = rows(&nobody, &nobody);
    let names: BTreeSet<&str> = all.iter().map(|row| request_name(&row.request)).collect();
    assert_eq!(names, REQUESTS.iter().copied().collect(), "every message has a line");
    let mut lines: Vec<(String, Vec<String>)> = vec![("the socket itself".to_owned(), Vec::new())];
    lines.extend(all.iter().map(|row| (row.title(), Vec::new())));
    for who in WHO {
        let scene = Scene::new(server, BTreeMap::new()).await;
        let cells = if OUTSIDE.contains(&who) {
            vec![turned_away(server, &scene, who).await; lines.len()]
        } else {
            let mut cells = vec!["yes".to_owned()];
            cells.extend(inside(server, &scene, who).await);
            cells
        };
        assert_eq!(lines.len(), cells.len());
        for ((_, line), cell) in lines.iter_mut().zip(cells) {
            line.push(cell);
        }
    }
    for (row, (title, cells)) in all.iter().zip(&lines[1..]) {
        for (who, cell) in WHO.iter().zip(cells) {
            assert!(is_right(who, row, cell), "{title} by {who} is {cell}");
        }
    }
    lines
}

/// What the rules say, apart from what the server does.
fn is_right(who: &str, row: &Row, cell: &str) -> bool {
    let leads = matches!(who, "host" | "owner" | "administrator");
    if OUTSIDE.contains(&who) {
        return matches!(cell, "no_ticket" | "removed");
    }
    match &row.request {
        Request::AddTrack(_) if row.when == When::Forbidden => (cell == "yes") == leads,
        Request::AddTrack(_) => (cell == "yes") == (who != "bound"),
        Request::Mute(_) if row.detail.contains("another") => cell == "not_found",
        Request::Mute(_) if row.when == When::Forbidden => (cell == "yes") == leads,
        Request::Mute(_) => (cell == "yes") == (who != "bound"),
        Request::UpdateAudioTrack(_) | Request::UpdateVideoTrack(_) if row.detail.contains("another") => {
            cell == "not_found"
        }
        Request::Subscription(_) if row.when == When::Private => cell == "not_allowed",
        Request::Subscription(_) => (cell == "yes") == (who != "bound" && row.detail.contains("another")),
        Request::UpdateMetadata(_) => (cell == "yes") == (who == "application"),
        Request::Simulate(_) => cell == "nothing",
        _ => true,
    }
}

/// What somebody without a place finds when trying to say anything at all: the code of the refusal.
async fn turned_away(server: &Server, scene: &Scene<'_>, who: &str) -> String {
    let token = if who == "removed" { scene.removed_token.as_str() } else { "" };
    match Seat::take(server, token, true, &[]).await {
        Ok(_) => panic!("{who} came in"),
        Err(reply) if reply.status == 401 => "no_ticket".to_owned(),
        Err(reply) => reply.json::<Problem>().code,
    }
}

/// The ticket of somebody who may come in.
async fn token_of(scene: &Scene<'_>, who: &str) -> String {
    if !matches!(who, "bound" | "application" | "other") {
        return scene.browsers[who].ticket(&scene.code, who).await.token;
    }
    let mut claims = claims(&scene.code, who);
    let all = json!(who != "bound");
    for grant in ["canPublish", "canSubscribe", "canPublishData", "canUpdateOwnMetadata"] {
        claims["video"][grant] = all.clone();
    }
    sign(&claims, SECRET)
}

/// The cells of somebody who is in.
async fn inside(server: &Server, scene: &Scene<'_>, who: &str) -> Vec<String> {
    const PUBLISHED: [Source; 2] = [Source::Microphone, Source::Camera];
    let mut other = Seat::take(server, &token_of(scene, "other").await, true, &PUBLISHED).await.unwrap();
    let published: &[Source] = if who == "bound" { &[] } else { &PUBLISHED };
    let mut seat = Seat::take(server, &token_of(scene, who).await, false, published).await.unwrap();
    if !published.is_empty() {
        other.sees(&seat).await;
    }
    let mut cells = Vec::new();
    let mut now = When::Open;
    for row in rows(&Subject::of(&seat), &Subject::of(&other)) {
        if row.when != now {
            now = row.when;
            prepare(scene, &mut seat, &mut other, now).await;
        }
        cells.push(cell(&mut seat, &mut other, row).await);
    }
    cells
}

async fn prepare(scene: &Scene<'_>, seat: &mut Seat, other: &mut Seat, now: When) {
    match now {
        When::Open | When::Last => {}
        When::Private => other.socket.send(Request::SubscriptionPermission(Default::default())).await,
        When::Forbidden => {
            forbid(scene).await;
            // Of those whom it does not hold too, so that there is something to unmute.
            for sid in seat.own.values().cloned().collect::<Vec<_>>() {
                seat.socket.send(Request::Mute(livekit::MuteTrackRequest { sid, muted: true })).await;
            }
            seat.heard().await;
        }
    }
    other.heard().await;
}

async fn forbid(scene: &Scene<'_>) {
    for what in ["microphone", "camera", "share", "chat"] {
        let act = json!({"act": "allow", "what": what, "on": false});
        scene.browsers["owner"].act(&scene.code, act).await.done();
    }
}

/// What becomes of a request: the code of its refusal, `yes` when its author or the others are told that it was done, and
/// `nothing` otherwise.
async fn cell(seat: &mut Seat, other: &mut Seat, row: Row) -> String {
    // What came before.
    seat.heard().await;
    other.heard().await;
    // These are answered by the media thread.
    let later = matches!(row.request, Request::Offer(_))
        || matches!(&row.request, Request::Subscription(wish) if wish.track_sids[0] != NONE);
    let title = row.title();
    let request = row.request.clone();
    seat.socket.send(row.request).await;
    let mut verdicts: Vec<String> =
        seat.heard().await.iter().filter_map(|said| verdict(seat, &request, said)).collect();
    let more = async {
        while later && verdicts.is_empty() {
            verdicts.extend(seat.socket.response().await.and_then(|said| verdict(seat, &request, &said)));
        }
    };
    timeout(PATIENCE, more).await.unwrap_or_else(|_| panic!("{title} has an answer"));
    verdicts.extend(other.heard().await.iter().filter_map(|said| verdict(seat, &request, said)));
    // A refusal comes first.
    verdicts.sort_by_key(|verdict| verdict == "yes");
    verdicts.into_iter().next().unwrap_or_else(|| "nothing".to_owned())
}

/// What a response means for what `seat` has asked. What the media thread says may come while the next request is under
/// way already, and says nothing of that one.
fn verdict(seat: &Seat, asked: &Request, said: &Response) -> Option<String> {
    let done = |done: bool| done.then(|| "yes".to_owned());
    match said {
        Response::Answer(_) => done(matches!(asked, Request::Offer(_))),
        Response::Update(_) | Response::MediaSectionsRequirement(_)
            if matches!(asked, Request::Offer(_) | Request::Answer(_) | Request::Trickle(_)) =>
        {
            None
        }
        Response::RequestResponse(answer) if answer.reason() == Reason::Ok => done(true),
        Response::RequestResponse(answer) => Some(answer.reason().as_str_name().to_lowercase()),
        Response::SubscriptionResponse(_) => Some("not_found".to_owned()),
        Response::SubscriptionPermissionUpdate(update) if update.participant_sid == seat.sid => done(true),
        Response::SubscriptionPermissionUpdate(update) => (!update.allowed).then(|| "not_allowed".to_owned()),
        Response::Update(update) => done(update.participants.iter().any(|one| one.sid == seat.sid)),
        Response::TrackUnpublished(track) => done(track.track_sid == NONE),
        Response::TrackPublished(_)
        | Response::MediaSectionsRequirement(_)
        | Response::Pong(_)
        | Response::PongResp(_) => done(true),
        _ => None,
    }
}

/// Somebody that messages speak of.
struct Subject<'a> {
    sid: &'a str,
    own: &'a BTreeMap<Source, String>,
    offer: &'a livekit::SessionDescription,
}

impl<'a> Subject<'a> {
    fn of(seat: &'a Seat) -> Self {
        Self { sid: &seat.sid, own: &seat.own, offer: &seat.offer }
    }

    fn track(&self, source: Source) -> String {
        self.own.get(&source).cloned().unwrap_or_else(|| NONE.to_owned())
    }
}

struct Row {
    request: Request,
    detail: &'static str,
    when: When,
}

impl Row {
    fn title(&self) -> String {
        let when = match self.when {
            When::Open | When::Last => "",
            When::Private => ", who lets nobody",
            When::Forbidden => ", which the room forbids",
        };
        let gap = if self.detail.is_empty() { "" } else { " " };
        format!("`{}`{gap}{}{when}", request_name(&self.request), self.detail)
    }
}

/// Everything that is said, in this order.
#[expect(deprecated, reason = "old clients send `update_layers`")]
fn rows(own: &Subject<'_>, other: &Subject<'_>) -> Vec<Row> {
    use Source::{Camera, Microphone, Screen};
    let mute = |sid: String, muted| Request::Mute(livekit::MuteTrackRequest { sid, muted });
    let subscribe = |sid: String| {
        Request::Subscription(livekit::UpdateSubscription {
            track_sids: vec![sid],
            subscribe: true,
            ..Default::default()
        })
    };
    let named = |name: &str, role: &[(&str, &str)]| {
        Request::UpdateMetadata(livekit::UpdateParticipantMetadata {
            name: name.to_owned(),
            attributes: role.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            request_id: 7,
            ..Default::default()
        })
    };
    let sound = |track_sid: String| {
        Request::UpdateAudioTrack(livekit::UpdateLocalAudioTrack { track_sid, ..Default::default() })
    };
    let pictures = |track_sid: String| {
        Request::UpdateVideoTrack(livekit::UpdateLocalVideoTrack { track_sid, width: 64, height: 48 })
    };
    let unpublished = TrackPublishedResponse {
        track: Some(livekit::TrackInfo { sid: NONE.to_owned(), ..Default::default() }),
        ..Default::default()
    };
    let open = [
        ("", Request::Ping(1)),
        ("", Request::PingReq(Ping { timestamp: 1, rtt: 0 })),
        ("", Request::Offer(livekit::SessionDescription { id: own.offer.id + 1, ..own.offer.clone() })),
        ("", Request::Answer(own.offer.clone())),
        ("", Request::Trickle(livekit::TrickleRequest { candidate_init: "{}".to_owned(), ..Default::default() })),
        ("of a microphone", add("open", Microphone)),
        ("of a camera", add("open", Camera)),
        ("of a share", add("open", Screen)),
        ("of one's own", mute(own.track(Microphone), true)),
        ("to unmute one's own", mute(own.track(Microphone), false)),
        ("of another's", mute(other.track(Microphone), true)),
        ("to unmute another's", mute(other.track(Microphone), false)),
        ("of one's own", sound(own.track(Microphone))),
        ("of another's", sound(other.track(Microphone))),
        ("of one's own", pictures(own.track(Camera))),
        ("of another's", pictures(other.track(Camera))),
        ("to another's", subscribe(other.track(Microphone))),
        ("to what is not there", subscribe(NONE.to_owned())),
        (
            "",
            Request::TrackSetting(livekit::UpdateTrackSettings {
                track_sids: vec![other.track(Microphone)],
                disabled: true,
                ..Default::default()
            }),
        ),
        ("", Request::UpdateLayers(livekit::UpdateVideoLayers { track_sid: own.track(Camera), layers: Vec::new() })),
        ("that lets nobody", Request::SubscriptionPermission(livekit::SubscriptionPermission::default())),
        ("", Request::SyncState(livekit::SyncState { publish_tracks: vec![unpublished], ..Default::default() })),
        (
            "",
            Request::Simulate(livekit::SimulateScenario {
                scenario: Some(livekit::simulate_scenario::Scenario::ServerLeave(true)),
            }),
        ),
        ("of the name", named("Another name", &[])),
        ("of the role", named("", &[("role", "owner")])),
        ("", Request::PublishDataTrackRequest(livekit::PublishDataTrackRequest::default())),
        ("", Request::UnpublishDataTrackRequest(livekit::UnpublishDataTrackRequest::default())),
        ("", Request::UpdateDataSubscription(livekit::UpdateDataSubscription::default())),
        ("", Request::StoreDataBlobRequest(livekit::StoreDataBlobRequest::default())),
        (
            "",
            Request::GetDataBlobRequest(livekit::GetDataBlobRequest {
                participant_identity: other.sid.to_owned(),
                ..Default::default()
            }),
        ),
    ];
    let private = [("to another's", subscribe(other.track(Camera)))];
    let forbidden = [
        ("of a microphone", add("forbidden", Microphone)),
        ("of a camera", add("forbidden", Camera)),
        ("of a share", add("forbidden", Screen)),
        ("to unmute one's own microphone", mute(own.track(Microphone), false)),
        ("to unmute one's own camera", mute(own.track(Camera), false)),
    ];
    let last = [("", Request::Leave(livekit::LeaveRequest::default()))];
    let at = |when: When| move |(detail, request)| Row { request, detail, when };
    let rows = open.into_iter().map(at(When::Open)).chain(private.into_iter().map(at(When::Private)));
    rows.chain(forbidden.into_iter().map(at(When::Forbidden))).chain(last.into_iter().map(at(When::Last))).collect()
}

fn add(cid: &str, source: Source) -> Request {
    let (kind, from) = match source {
        Source::Microphone => (TrackType::Audio, TrackSource::Microphone),
        Source::ScreenAudio => (TrackType::Audio, TrackSource::ScreenShareAudio),
        Source::Camera => (TrackType::Video, TrackSource::Camera),
        Source::Screen => (TrackType::Video, TrackSource::ScreenShare),
    };
    Request::AddTrack(AddTrackRequest {
        cid: format!("{cid} {source:?}"),
        r#type: kind.into(),
        source: from.into(),
        ..Default::default()
    })
}

/// The lines of data packets, which everybody sends over the data channels of a real connection.
async fn packets(server: &Server) -> Vec<(String, Vec<String>)> {
    let scene = Scene::new(server, BTreeMap::new()).await;
    let mut other = Peer::join(server, &token_of(&scene, "other").await).await;
    let mut peers = Vec::new();
    for who in WHO.into_iter().filter(|who| !OUTSIDE.contains(who)) {
        peers.push((who, Peer::join(server, &token_of(&scene, who).await).await));
    }
    let mut lines = Vec::new();
    for when in [When::Open, When::Forbidden] {
        if when == When::Forbidden {
            forbid(&scene).await;
        }
        let since = Instant::now();
        let may = |who: &str| match when {
            When::Forbidden => matches!(who, "host" | "owner" | "administrator"),
            _ => !OUTSIDE.contains(&who) && who != "bound",
        };
        let expected: Vec<&str> = WHO.into_iter().filter(|who| may(who)).collect();
        let heard = other.hears(&peers, &expected, since).await;
        let mut cells = Vec::new();
        for who in WHO {
            let cell = if OUTSIDE.contains(&who) {
                turned_away(server, &scene, who).await
            } else if heard.contains(who) {
                "yes".to_owned()
            } else {
                "nothing".to_owned()
            };
            assert_eq!(cell == "yes", may(who), "a data packet by {who}, {when:?}: {cell}");
            cells.push(cell);
        }
        let forbidden = if when == When::Forbidden { ", which the room forbids" } else { "" };
        lines.push((format!("a data packet{forbidden}"), cells));
    }
    lines
}

/// What messages name that is not there.
const NONE: &str = "TR_none";

const ABOUT: &str = "\
# Who may say what on the sockets

Generated by `cargo test -p server matrix_messages`, which asks a real server. Do not edit: change the rule, run the test,
look at what changed here. The endpoints and acts, and who **nobody** to **administrator** are, stand in
[rights.md](rights.md).

## The event socket

`GET /api/v1/events`, about the room of the meeting. Told is the first event that answers; `yes` stands where none does
and it is done: who quit is told of no change any more. `here` is about people and calls, and not for guests.

";

const SIGNALLING: &str = "
## The media socket

`/rtc/v1`, `SignalRequest` by `SignalRequest`, and the data packets of a connection. Two more are in by a token of the
operator's key: **bound** grants `canPublish`, `canSubscribe`, `canPublishData` and `canUpdateOwnMetadata` to nobody,
**application** grants all of them; to a room that forbids something both are members. Who waits or never came has no
ticket; **removed** tries the one from before.

`yes`: its author or the others are told that it is done. `nothing`: nobody is told anything; either there is nothing to
tell, or it is ignored (docs/livekit.md says which). Anything else is the reason of the refusal. What others own is not
found: a message speaks of one's own tracks alone.

";
