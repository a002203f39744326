//! Messages for whoever did not answer: spoken by a client with real media, delivered, heard, deleted.

use std::path::Path;

use client::synthetic::Stamp;
use proto::{
    Source,
    api::{Call, Event, Greeting, Me, MissedCalls, Recorded, Recording, Voicemail},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    harness::Server,
    people::{Browser, Events, admin as admin_of, sign_in, sign_up},
    wire::{PATIENCE, Peer},
};

const MAIL: &str = "/api/v1/voicemail";
const GREETING: &str = "/api/v1/voicemail/greeting";
const GREETING_SOUND: &str = "/api/v1/voicemail/greeting/audio";

async fn id_of(browser: &Browser<'_>) -> String {
    browser.get("/api/v1/me").await.right::<Me>().account.id.to_string()
}

/// A call to somebody of whom no device is there: over at once.
async fn call(from: &Browser<'_>, to: &Browser<'_>) -> Call {
    let body = json!({"people": [id_of(to).await], "device": "d1"});
    let call: Call = from.post("/api/v1/calls", body).await.right();
    assert!(call.ended.is_some());
    call
}

fn of_call(call: &Call) -> String {
    format!("/api/v1/calls/{}/voicemail", call.id)
}

fn of(id: impl std::fmt::Display, rest: &str) -> String {
    format!("{MAIL}/{id}{rest}")
}

/// Speaks after a call until so many packets were sent, and stops.
async fn speak(server: &Server, from: &Browser<'_>, call: &Call, packets: u64) -> (Recording, Recorded) {
    speak_into(server, from, &of_call(call), packets).await
}

/// The same, of whatever is begun there.
async fn speak_into(server: &Server, from: &Browser<'_>, begin: &str, packets: u64) -> (Recording, Recorded) {
    let recording: Recording = from.post(begin, json!({})).await.right();
    let speaker = Peer::join(server, &recording.token).await;
    speaker.publish(Source::Microphone);
    let spoken = async {
        while speaker.sent() < packets {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, spoken).await.expect("a microphone is sent");
    let recorded = from.post(&of(recording.id, "/stop"), json!({})).await.right();
    (recording, recorded)
}

/// Speaks a greeting and makes it theirs. How long it is.
async fn greet(server: &Server, browser: &Browser<'_>) -> u32 {
    let (recording, recorded) = speak_into(server, browser, GREETING, 80).await;
    browser.post(&of(recording.id, "/send"), json!({})).await.done();
    recorded.ms
}

fn heard_after(call: &Call) -> String {
    format!("/api/v1/calls/{}/greeting", call.id)
}

async fn list(browser: &Browser<'_>) -> Vec<Voicemail> {
    browser.get(MAIL).await.right()
}

async fn unheard(browser: &Browser<'_>) -> u32 {
    browser.get("/api/v1/calls/missed").await.right::<MissedCalls>().unheard
}

/// The packets of an Ogg file, and its last granule position (RFC 3533, section 6).
fn packets(mut file: &[u8]) -> (Vec<Vec<u8>>, u64) {
    let (mut packets, mut packet, mut granule) = (Vec::new(), Vec::new(), 0);
    while let Some((head, _)) = file.split_at_checked(27) {
        assert_eq!(&head[..4], b"OggS");
        granule = u64::from_le_bytes(head[6..14].try_into().unwrap());
        let segments = usize::from(head[26]);
        let mut at = 27 + segments;
        for segment in &file[27..27 + segments] {
            packet.extend_from_slice(&file[at..at + usize::from(*segment)]);
            at += usize::from(*segment);
            if *segment < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        file = &file[at..];
    }
    assert!(file.is_empty());
    (packets, granule)
}

fn files(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("files")).unwrap().count()
}

async fn told(events: &mut Events) {
    events.until(|event| (event == Event::Voicemail).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_spoken_heard_again_sent_listed_played_and_deleted() {
    let server = Server::start().await;
    let (ann, bob, cid) = (admin_of(&server).await, sign_up(&server, "bob").await, sign_up(&server, "cid").await);
    let call = call(&ann, &bob).await;
    let mut events = bob.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;

    let (recording, recorded) = speak(&server, &ann, &call, 80).await;
    assert_eq!(recording.seconds, 180);
    assert!(recorded.kept && (1_000..3_000).contains(&recorded.ms), "{recorded:?}");
    let audio = of(recording.id, "/audio");
    let draft = ann.get(&audio).await;
    assert_eq!((draft.status, draft.header("content-type")), (200, "audio/ogg"));
    for other in [&bob, &cid, &Browser::new(&server)] {
        assert!([401, 404].contains(&other.get(&audio).await.status), "nobody else hears it before it is sent");
    }
    bob.post(&of(recording.id, "/send"), json!({})).await.refused(404, "not_found");
    assert_eq!((list(&bob).await, unheard(&bob).await), (Vec::new(), 0));

    ann.post(&of(recording.id, "/send"), json!({})).await.done();
    told(&mut events).await;
    // Once more, as after an answer that was lost: it was sent, and is sent once.
    ann.post(&of(recording.id, "/send"), json!({})).await.done();
    cid.post(&of(recording.id, "/send"), json!({})).await.refused(404, "not_found");
    ann.get(&audio).await.refused(404, "not_found");
    cid.get(&audio).await.refused(404, "not_found");
    let [mail] = &list(&bob).await[..] else { panic!("one message") };
    assert_eq!((mail.id, mail.ms, mail.heard), (recording.id, recorded.ms, false));
    assert_eq!(mail.from.to_string(), id_of(&ann).await);
    assert_eq!((list(&ann).await.len(), unheard(&bob).await, unheard(&ann).await), (0, 1, 0));

    let sound = bob.get(&audio).await;
    assert!(sound.body == draft.body && sound.header("accept-ranges") == "bytes");
    let part = bob.ask("GET", &audio, &[("range", "bytes=4-9")], b"").await;
    assert_eq!((part.status, &part.body[..]), (206, &sound.body[4..10]));
    assert_eq!(part.header("content-range"), format!("bytes 4-9/{}", sound.body.len()));
    let (packets, granule) = packets(&sound.body);
    assert!(packets[0].starts_with(b"OpusHead") && packets[1].starts_with(b"OpusTags"));
    let stamps: Vec<u32> = packets[2..].iter().map(|packet| Stamp::read(packet).unwrap().sequence).collect();
    assert!(stamps.len() >= 60 && stamps.windows(2).all(|pair| pair[1] == pair[0] + 1), "{stamps:?}");
    assert_eq!(granule, 960 * stamps.len() as u64);
    assert_eq!(u64::from(recorded.ms), (granule - 312) / 48);

    let line = of(recording.id, "");
    for other in [&ann, &cid] {
        other.patch(&line, json!({"heard": true})).await.refused(404, "not_found");
        other.delete(&line).await.refused(404, "not_found");
    }
    bob.patch(&line, json!({"heard": true})).await.done();
    told(&mut events).await;
    assert!(list(&bob).await[0].heard && unheard(&bob).await == 0);
    assert_eq!(files(server.folder.path()), 1);
    bob.delete(&line).await.done();
    told(&mut events).await;
    bob.get(&audio).await.refused(404, "not_found");
    assert_eq!((list(&bob).await.len(), files(server.folder.path())), (0, 0));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_for_a_call_that_nobody_answered_and_for_its_caller_alone() {
    let server = Server::start().await;
    let (ann, bob, cid) = (admin_of(&server).await, sign_up(&server, "bob").await, sign_up(&server, "cid").await);
    let call = call(&ann, &bob).await;
    for other in [&bob, &cid] {
        other.post(&of_call(&call), json!({})).await.refused(404, "not_found");
    }
    ann.post("/api/v1/calls/CA_00000000000000000000000000/voicemail", json!({})).await.refused(404, "not_found");
    let mut events = bob.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    events.until(|event| matches!(event, Event::Calls { .. }).then_some(())).await;
    let body = json!({"people": [id_of(&bob).await], "device": "d1"});
    let rings: Call = ann.post("/api/v1/calls", body).await.right();
    ann.post(&of_call(&rings), json!({})).await.refused(403, "not_allowed");
    bob.post(&format!("/api/v1/calls/{}/acts", rings.id), json!({"act": "decline"})).await.done();
    ann.post(&of_call(&rings), json!({})).await.right::<Recording>();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sent_leaves_nothing_behind() {
    let server = Server::start().await;
    let (ann, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let call = call(&ann, &bob).await;
    // Nothing was said.
    let recording: Recording = ann.post(&of_call(&call), json!({})).await.right();
    let recorded: Recorded = ann.post(&of(recording.id, "/stop"), json!({})).await.right();
    assert_eq!(recorded, Recorded { ms: 0, kept: false });
    ann.post(&of(recording.id, "/send"), json!({})).await.refused(404, "not_found");
    // Thought better of.
    let (recording, _) = speak(&server, &ann, &call, 80).await;
    ann.delete(&of(recording.id, "")).await.done();
    ann.get(&of(recording.id, "/audio")).await.refused(404, "not_found");
    // Begun anew: the room of the first is closed, and its token opens nothing.
    let first: Recording = ann.post(&of_call(&call), json!({})).await.right();
    let second: Recording = ann.post(&of_call(&call), json!({})).await.right();
    let enter = async |token: &str| server.socket(&format!("access_token={token}"), &[]).await.err();
    assert_eq!(enter(&first.token).await.map(|refused| refused.status), Some(403));
    assert!(enter(&second.token).await.is_none());
    let rooms: Value = ann.get("/api/v1/rooms/now").await.right();
    assert_eq!(rooms, json!([]), "nobody hears of the rooms of messages");
    assert_eq!((list(&bob).await.len(), files(server.folder.path())), (0, 0));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_is_told_what_everybody_is_told_and_reaches_nobody() {
    let server = Server::start().await;
    let (ann, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let entry = json!({"account": id_of(&ann).await, "entry": {"blocked": true}});
    bob.post("/api/v1/contacts", entry).await.right::<Value>();
    let call = call(&ann, &bob).await;
    let (recording, recorded) = speak(&server, &ann, &call, 80).await;
    assert!(recorded.kept);
    assert_eq!(ann.get(&of(recording.id, "/audio")).await.status, 200);
    ann.post(&of(recording.id, "/send"), json!({})).await.done();
    // As whoever was heard: one call, one message.
    ann.post(&of_call(&call), json!({})).await.refused(403, "not_allowed");
    assert_eq!((list(&bob).await.len(), unheard(&bob).await, files(server.folder.path())), (0, 0, 0));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_after_the_call_is_not_heard_either() {
    let server = Server::start().await;
    let (ann, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let call = call(&ann, &bob).await;
    let (recording, _) = speak(&server, &ann, &call, 80).await;
    let entry = json!({"account": id_of(&ann).await, "entry": {"blocked": true}});
    bob.post("/api/v1/contacts", entry).await.right::<Value>();
    ann.post(&of(recording.id, "/send"), json!({})).await.done();
    assert_eq!((list(&bob).await.len(), unheard(&bob).await, files(server.folder.path())), (0, 0, 0));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_have_limits_and_outlive_the_server() {
    let server = Server::start_with(|raw| raw.voicemail_messages = Some(1)).await;
    let (ann, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let placed = call(&ann, &bob).await;
    let (recording, _) = speak(&server, &ann, &placed, 80).await;
    ann.post(&of(recording.id, "/send"), json!({})).await.done();
    ann.post(&of_call(&placed), json!({})).await.refused(403, "not_allowed");
    ann.post(&of_call(&call(&ann, &bob).await), json!({})).await.refused(507, "storage_full");
    drop((ann, bob));
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    let bob = sign_in(&server, "bob").await;
    assert_eq!((list(&bob).await[0].id, unheard(&bob).await), (recording.id, 1));
    assert_eq!(bob.get(&of(recording.id, "/audio")).await.status, 200);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_that_fills_while_one_speaks_says_so_and_keeps_what_was_said() {
    let server = Server::start_with(|raw| raw.voicemail_messages = Some(1)).await;
    let (ann, bob, cid) = (admin_of(&server).await, sign_up(&server, "bob").await, sign_up(&server, "cid").await);
    let (from_ann, from_cid) = (call(&ann, &bob).await, call(&cid, &bob).await);
    let (first, _) = speak(&server, &ann, &from_ann, 80).await;
    let (second, _) = speak(&server, &cid, &from_cid, 80).await;
    ann.post(&of(first.id, "/send"), json!({})).await.done();
    cid.post(&of(second.id, "/send"), json!({})).await.refused(507, "storage_full");
    bob.delete(&of(first.id, "")).await.done();
    cid.post(&of(second.id, "/send"), json!({})).await.done();
    assert_eq!(list(&bob).await[0].id, second.id);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_is_spoken_heard_again_kept_replaced_and_taken_back() {
    let server = Server::start().await;
    let (ann, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let mut events = bob.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    let none = Greeting { ms: None };
    assert_eq!(bob.get(GREETING).await.right::<Greeting>(), none);
    bob.get(GREETING_SOUND).await.refused(404, "not_found");

    let (recording, recorded) = speak_into(&server, &bob, GREETING, 80).await;
    assert_eq!((recording.seconds, recording.greeting), (30, None));
    let draft = bob.get(&of(recording.id, "/audio")).await;
    assert_eq!(draft.status, 200, "heard before it is kept");
    ann.post(&of(recording.id, "/send"), json!({})).await.refused(404, "not_found");
    assert_eq!(bob.get(GREETING).await.right::<Greeting>(), none, "not before it is sent");
    bob.post(&of(recording.id, "/send"), json!({})).await.done();
    told(&mut events).await;
    assert_eq!(bob.get(GREETING).await.right::<Greeting>(), Greeting { ms: Some(recorded.ms) });
    let kept = bob.get(GREETING_SOUND).await;
    assert_eq!((kept.header("content-type"), &kept.body), ("audio/ogg", &draft.body));
    let part = bob.ask("GET", GREETING_SOUND, &[("range", "bytes=4-9")], b"").await;
    assert_eq!((part.status, &part.body[..]), (206, &kept.body[4..10]));
    // It is no message, and nobody else's.
    assert_eq!((list(&bob).await.len(), unheard(&bob).await), (0, 0));
    assert_eq!(ann.get(GREETING).await.right::<Greeting>(), none);
    ann.get(GREETING_SOUND).await.refused(404, "not_found");

    greet(&server, &bob).await;
    assert!(bob.get(GREETING_SOUND).await.body != kept.body, "another one");
    assert_eq!(files(server.folder.path()), 1, "the one before is gone");
    bob.delete(GREETING).await.done();
    bob.delete(GREETING).await.done();
    assert_eq!(bob.get(GREETING).await.right::<Greeting>(), none);
    bob.get(GREETING_SOUND).await.refused(404, "not_found");
    assert_eq!(files(server.folder.path()), 0);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_is_heard_by_whoever_may_leave_a_message_and_by_nobody_else() {
    let server = Server::start().await;
    let (ann, bob, cid) = (admin_of(&server).await, sign_up(&server, "bob").await, sign_up(&server, "cid").await);
    let first = call(&ann, &bob).await;
    // Whoever has no greeting is not told apart from a call that is not there.
    ann.get(&heard_after(&first)).await.refused(404, "not_found");
    let ms = greet(&server, &bob).await;
    let own = bob.get(GREETING_SOUND).await;
    let heard = ann.get(&heard_after(&first)).await;
    assert!(heard.status == 200 && heard.body == own.body);
    assert_eq!(ann.post(&of_call(&first), json!({})).await.right::<Recording>().greeting, Some(ms));
    for other in [&bob, &cid] {
        other.get(&heard_after(&first)).await.refused(404, "not_found");
    }
    Browser::new(&server).get(&heard_after(&first)).await.refused(401, "sign_in_first");
    ann.get("/api/v1/calls/CA_00000000000000000000000000/greeting").await.refused(404, "not_found");

    // Whoever is blocked hears what everybody hears.
    let entry = json!({"account": id_of(&cid).await, "entry": {"blocked": true}});
    bob.post("/api/v1/contacts", entry).await.right::<Value>();
    let barred = call(&cid, &bob).await;
    let heard = cid.get(&heard_after(&barred)).await;
    assert!(heard.status == 200 && heard.body == own.body);
    assert_eq!(cid.post(&of_call(&barred), json!({})).await.right::<Recording>().greeting, Some(ms));

    // Not while it rings, and not after it was cancelled.
    let mut events = bob.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    events.until(|event| matches!(event, Event::Calls { .. }).then_some(())).await;
    let body = json!({"people": [id_of(&bob).await], "device": "d1"});
    let rings: Call = ann.post("/api/v1/calls", body).await.right();
    ann.get(&heard_after(&rings)).await.refused(403, "not_allowed");
    ann.post(&format!("/api/v1/calls/{}/acts", rings.id), json!({"act": "end"})).await.done();
    ann.get(&heard_after(&rings)).await.refused(403, "not_allowed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_greeting_outlives_the_server() {
    let server = Server::start().await;
    let (ann, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let ms = greet(&server, &bob).await;
    let sound = bob.get(GREETING_SOUND).await.body;
    let call = call(&ann, &bob).await;
    drop((ann, bob));
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    let bob = sign_in(&server, "bob").await;
    assert_eq!(bob.get(GREETING).await.right::<Greeting>(), Greeting { ms: Some(ms) });
    assert!(bob.get(GREETING_SOUND).await.body == sound);
    let ann = sign_in(&server, "admin").await;
    assert!(ann.get(&heard_after(&call)).await.body == sound, "and the sweep of strangers' files left it");
    server.stop().await;
}
