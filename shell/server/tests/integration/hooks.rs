//! Webhooks, and receivers of our own that read what they are told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http_body_util::BodyExt as _;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use proto::{
    api::{Call, Hook, HookDelivery, HookStopped, HookTrouble, Hooks, MadeHook, Me},
    livekit::WebhookEvent,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
};

use crate::{
    harness::{KEY, SECRET, Server},
    people::{Browser, admin as admin_of, sign_up},
    wire::Peer,
};

/// A receiver: keeps what it was told, and answers as the test says; 200 else, once it may.
struct Receiver {
    address: String,
    told: mpsc::UnboundedReceiver<Told>,
    shared: Shared,
}

struct Told {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn event(&self) -> String {
        self.json()["event"].as_str().unwrap().to_owned()
    }
}

#[derive(Clone)]
struct Shared {
    told: mpsc::UnboundedSender<Told>,
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
    may_answer: Arc<Semaphore>,
}

impl Receiver {
    async fn start() -> Self {
        let receiver = Self::slow().await;
        receiver.shared.may_answer.add_permits(100_000);
        receiver
    }

    /// One that answers nothing until it may.
    async fn slow() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/told?by=parlor", listener.local_addr().unwrap());
        let (sender, told) = mpsc::unbounded_channel();
        let shared = Shared { told: sender, answers: Arc::default(), may_answer: Arc::new(Semaphore::new(0)) };
        let app = Router::new().fallback(take).with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, told, shared }
    }

    fn answers(&self, statuses: &[StatusCode]) {
        self.shared.answers.lock().unwrap().extend(statuses);
    }

    async fn hears(&mut self) -> Told {
        self.told.recv().await.unwrap()
    }

    async fn hears_of(&mut self, event: &str) -> Value {
        let told = self.hears().await;
        assert_eq!(told.event(), event, "{}", told.json());
        told.json()
    }
}

async fn take(State(shared): State<Shared>, request: Request) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let path = head.uri.path_and_query().unwrap().to_string();
    // The test may be over.
    let _ = shared.told.send(Told { path, headers: head.headers, body });
    shared.may_answer.acquire().await.unwrap().forget();
    let answer = shared.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::OK);
    (answer, [("location", "http://127.0.0.1:9/elsewhere")])
}

async fn start() -> Server {
    Server::start_with(|raw| raw.outgoing_private = Some(true)).await
}

async fn name(admin: &Browser<'_>, receiver: &Receiver, more: Value) -> MadeHook {
    let mut wanted = json!({"address": receiver.address, "rooms": true, "calls": true});
    wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let reply = admin.post("/api/v1/hooks", wanted).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()
}

async fn log(admin: &Browser<'_>, hook: &Hook) -> Vec<HookDelivery> {
    admin.get(&format!("/api/v1/hooks/{}/deliveries", hook.id)).await.right()
}

/// The newest delivery, once it is as the test wants it.
async fn newest(admin: &Browser<'_>, hook: &Hook, right: impl Fn(&HookDelivery) -> bool) -> HookDelivery {
    loop {
        if let Some(first) = log(admin, hook).await.into_iter().next().filter(&right) {
            return first;
        }
        tokio::task::yield_now().await;
    }
}

async fn hooks(admin: &Browser<'_>) -> Vec<Hook> {
    admin.get("/api/v1/hooks").await.right::<Hooks>().hooks
}

async fn test(admin: &Browser<'_>, hook: &Hook) {
    admin.post(&format!("/api/v1/hooks/{}/test", hook.id), json!({})).await.done();
}

/// Lets so much time pass, for whatever waits for it.
async fn later(span: Duration) {
    tokio::time::pause();
    tokio::time::advance(span).await;
    tokio::time::resume();
}

/// As LiveKit's receivers do it.
fn check(told: &Told, key: &str, secret: &str) {
    let token = told.headers["authorization"].to_str().unwrap();
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[key]);
    validation.validate_nbf = true;
    let decoding = DecodingKey::from_secret(secret.as_bytes());
    let claims = jsonwebtoken::decode::<Value>(token, &decoding, &validation).unwrap().claims;
    assert_eq!(claims["sha256"], BASE64_STANDARD.encode(Sha256::digest(&told.body)));
    assert!(claims.get("video").is_none(), "it lets nobody in");
    assert_eq!(told.headers["content-type"], "application/webhook+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_told_as_livekit_tells_them_and_signed() {
    let server = start().await;
    let admin = admin_of(&server).await;
    let (mut own, mut by_key) = (Receiver::start().await, Receiver::start().await);
    let made = name(&admin, &own, json!({"calls": false})).await;
    let keyed = name(&admin, &by_key, json!({"apiKey": KEY})).await;
    assert_eq!((keyed.secret, keyed.hook.api_key.as_deref()), (None, Some(KEY)), "that secret is known already");
    let secret = made.secret.unwrap();
    assert!(secret.len() >= 43, "{secret}");

    let peer = Peer::join(&server, &crate::harness::token("standup", "ann")).await;
    let started = own.hears().await;
    check(&started, &made.hook.id.to_string(), &secret);
    assert_eq!((started.event().as_str(), started.path.as_str()), ("room_started", "/told?by=parlor"));
    let event: WebhookEvent = serde_json::from_slice(&started.body).unwrap();
    assert_eq!(event.room.unwrap().name, "standup");
    assert!(event.id.starts_with("EV_") && event.created_at + 60 > server::unix() as i64);
    let joined = own.hears_of("participant_joined").await;
    assert_eq!(joined["participant"]["identity"], "ann");
    peer.publish(proto::Source::Microphone);
    let published = own.hears_of("track_published").await;
    assert_eq!(published["track"]["source"], "MICROPHONE");
    drop(peer);
    let text = [joined, published].map(|event| event.to_string()).concat();
    assert!(!text.contains("127.0.0.1"), "no address of anybody: {text}");

    let same = by_key.hears().await;
    check(&same, KEY, SECRET);
    assert_eq!(same.json(), started.json(), "the same event has the same id for all");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_told_to_those_alone_who_want_them() {
    let server = start().await;
    let (admin, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let (mut calls, mut rooms) = (Receiver::start().await, Receiver::start().await);
    name(&admin, &calls, json!({"rooms": false})).await;
    name(&admin, &rooms, json!({"calls": false})).await;
    let whom = bob.get("/api/v1/me").await.right::<Me>().account.id;
    let call: Call = admin.post("/api/v1/calls", json!({"people": [whom], "device": "d1"})).await.right();
    let started = calls.hears_of("call_started").await;
    assert_eq!(started["call"]["id"], json!(call.id));
    let ended = calls.hears_of("call_ended").await;
    assert_eq!(ended["call"]["reason"], "unreachable");
    assert_eq!(ended["call"]["parties"][1]["account"], json!(whom));
    assert_eq!(ended["call"]["parties"][0]["caller"], true);
    // Next is what follows, not what was left out.
    let _socket = server.join("standup", "ann").await;
    assert_eq!(rooms.hears_of("room_started").await["room"]["name"], "standup");
    server.stop().await;
    assert!(calls.told.try_recv().is_err(), "nothing of rooms");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_waits_over_a_restart() {
    let mut receiver = Receiver::slow().await;
    let server = start().await;
    let admin = admin_of(&server).await;
    name(&admin, &receiver, json!({})).await;
    let _socket = server.join("standup", "ann").await;
    let first = receiver.hears_of("room_started").await;
    drop(admin);
    // It was not answered, and is not waited for.
    let (_, folder) = server.stop().await;
    assert!(receiver.told.try_recv().is_err(), "one thing at a time");
    receiver.shared.may_answer.add_permits(100_000);
    let again = Server::start_bare(|raw| {
        (raw.data, raw.outgoing_private) = (Some(folder.path().to_owned()), Some(true));
    });
    let again = again.await;
    // A server that took long to end has counted it as a try; then it comes last.
    let mut heard = [receiver.hears().await.json(), receiver.hears().await.json(), receiver.hears().await.json()];
    heard.sort_by_key(|event| event["event"].to_string());
    let names = heard.each_ref().map(|event| event["event"].as_str().unwrap());
    assert_eq!(names, ["participant_connection_aborted", "room_finished", "room_started"]);
    assert_eq!(heard[1]["roomEndReason"], "ROOM_END_SERVER_SHUTDOWN");
    assert_eq!(heard[2], first, "the same, to the letter");
    again.stop().await;
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_ever_later_until_it_is_given_up() {
    let server = start().await;
    let admin = admin_of(&server).await;
    let mut receiver = Receiver::start().await;
    let made = name(&admin, &receiver, json!({"calls": false})).await;
    let tried = async |tries: u32| loop {
        let all = log(&admin, &made.hook).await;
        if let Some(one) = all.into_iter().find(|one| one.event == "room_started" && one.tries == tries) {
            return one;
        }
        tokio::task::yield_now().await;
    };
    receiver.answers(&[StatusCode::INTERNAL_SERVER_ERROR]);
    // Of a room that is over nothing waits but this: what else waits does so by a clock that is not turned here.
    let room = admin.make_room().await.room.code;
    let _inside = admin.enter(&room, "Ada").await;
    receiver.hears_of("room_started").await;
    admin.delete(&format!("/api/v1/rooms/{room}")).await.done();
    receiver.hears_of("participant_connection_aborted").await;
    receiver.hears_of("room_finished").await;
    receiver.answers(&[StatusCode::INTERNAL_SERVER_ERROR; 5]);
    receiver.answers(&[StatusCode::FOUND; 6]);
    let pauses = [5, 20, 80, 320, 1_280, 5_120, 14_400, 14_400, 14_400, 14_400, 14_400];
    for (tries, pause) in (1..).zip(pauses) {
        let known = tried(tries).await;
        assert_eq!(known.due.unwrap() - known.tried_at.unwrap(), pause * 1_000, "after {tries}");
        let (status, trouble) = if tries <= 6 { (500, HookTrouble::Refused) } else { (302, HookTrouble::Elsewhere) };
        assert_eq!((known.status, known.trouble), (Some(status), Some(trouble)));
        later(Duration::from_secs(pause)).await;
        receiver.hears_of("room_started").await;
    }
    let known = tried(12).await;
    assert_eq!((known.due, known.trouble), (None, Some(HookTrouble::Elsewhere)), "given up");
    assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_says_it_is_gone_is_told_nothing_more() {
    let server = start().await;
    let admin = admin_of(&server).await;
    let mut receiver = Receiver::start().await;
    let made = name(&admin, &receiver, json!({})).await;
    receiver.answers(&[StatusCode::GONE]);
    test(&admin, &made.hook).await;
    receiver.hears_of("test").await;
    while hooks(&admin).await[0].stopped != Some(HookStopped::Gone) {
        tokio::task::yield_now().await;
    }
    let _socket = server.join("standup", "ann").await;
    let path = format!("/api/v1/hooks/{}", made.hook.id);
    admin.post(&format!("{path}/test"), json!({})).await.refused(422, "bad_setting");
    let on: Hooks = admin.patch(&path, json!({"on": true})).await.right();
    assert_eq!(on.hooks[0].stopped, None);
    test(&admin, &made.hook).await;
    receiver.hears_of("test").await;
    admin.delete(&path).await.done();
    admin.delete(&path).await.refused(404, "not_found");
    let _other = server.join("other", "ann").await;
    server.stop().await;
    assert!(receiver.told.try_recv().is_err(), "neither of what happened while it was gone, nor after it was removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_log_is_sent_once_more() {
    let server = start().await;
    let (admin, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let mut receiver = Receiver::slow().await;
    let made = name(&admin, &receiver, json!({"calls": false})).await;
    let again = |hook: &str, delivery: &str| format!("/api/v1/hooks/{hook}/deliveries/{delivery}/again");
    let id = made.hook.id.to_string();
    test(&admin, &made.hook).await;
    let first = receiver.hears_of("test").await;
    let waits = newest(&admin, &made.hook, |_| true).await;
    let path = again(&id, &waits.id.to_string());
    admin.post(&path, json!({})).await.refused(409, "already_waiting");
    receiver.answers(&[StatusCode::INTERNAL_SERVER_ERROR]);
    receiver.shared.may_answer.add_permits(1);
    let failed = newest(&admin, &made.hook, |one| one.due.is_none()).await;
    assert_eq!((failed.tries, failed.trouble), (1, Some(HookTrouble::Refused)));

    bob.post(&path, json!({})).await.refused(403, "not_allowed");
    admin.post(&path, json!({})).await.done();
    assert_eq!(receiver.hears_of("test").await, first, "the same, to the letter");
    admin.post(&path, json!({})).await.refused(409, "already_waiting");
    receiver.shared.may_answer.add_permits(100);
    let taken = newest(&admin, &made.hook, |one| one.due.is_none()).await;
    assert_eq!((taken.id, taken.tries, taken.trouble), (waits.id, 2, None));
    // Also what was taken: its receiver may have lost it.
    admin.post(&path, json!({})).await.done();
    assert_eq!(receiver.hears_of("test").await, first);
    newest(&admin, &made.hook, |one| one.due.is_none() && one.tries == 3).await;

    let nobody = "00000000000000000000000000";
    for path in [
        again(&id, &format!("HD_{nobody}")),
        again(&id, "nonsense"),
        again(&format!("HK_{nobody}"), &waits.id.to_string()),
    ] {
        admin.post(&path, json!({})).await.refused(404, "not_found");
    }
    let other = name(&admin, &receiver, json!({"rooms": false, "calls": false})).await;
    admin.post(&again(&other.hook.id.to_string(), &waits.id.to_string()), json!({})).await.refused(404, "not_found");
    admin.patch(&format!("/api/v1/hooks/{id}"), json!({"on": false})).await.right::<Hooks>();
    admin.post(&path, json!({})).await.refused(422, "bad_setting");
    server.stop().await;
    assert!(receiver.told.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_slow_delays_nobody_else_and_is_left_out_when_too_much_waits() {
    let server = start().await;
    let admin = admin_of(&server).await;
    let (mut slow, mut quick) = (Receiver::slow().await, Receiver::start().await);
    let made = name(&admin, &slow, json!({})).await;
    let other = name(&admin, &quick, json!({"rooms": false, "calls": false})).await;
    test(&admin, &made.hook).await;
    slow.hears_of("test").await;
    test(&admin, &other.hook).await;
    quick.hears_of("test").await;
    newest(&admin, &other.hook, |one| one.due.is_none() && one.trouble.is_none() && one.status == Some(200)).await;
    assert_eq!(log(&admin, &made.hook).await[0].tries, 0, "the slow one has not answered");
    server.stop().await;
}

#[tokio::test]
async fn nothing_private_is_told_unless_the_operator_allows_it_and_only_administrators_name() {
    let server = Server::start().await;
    let (admin, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let mut receiver = Receiver::start().await;
    let wanted = |address: &str| json!({"address": address, "rooms": true, "calls": true});
    bob.get("/api/v1/hooks").await.refused(403, "not_allowed");
    bob.post("/api/v1/hooks", wanted("https://hooks.example/")).await.refused(403, "not_allowed");
    let long = format!("https://hooks.example/{}", "x".repeat(500));
    for address in
        [receiver.address.as_str(), "http://hooks.example/", "hooks", "", "https://a:b@hooks.example/", &long]
    {
        admin.post("/api/v1/hooks", wanted(address)).await.refused(422, "bad_setting");
    }
    let unknown = json!({"address": "https://hooks.example/", "rooms": true, "calls": true, "apiKey": "nobody's"});
    admin.post("/api/v1/hooks", unknown).await.refused(422, "bad_setting");

    let private = receiver.address.replace("http://", "https://");
    let made: MadeHook = admin.post("/api/v1/hooks", wanted(&private)).await.json();
    test(&admin, &made.hook).await;
    let known = newest(&admin, &made.hook, |one| one.due.is_none()).await;
    assert_eq!(
        (known.tries, known.status, known.trouble),
        (1, None, Some(HookTrouble::Private)),
        "a test is tried once"
    );
    for number in 1..10 {
        let address = format!("https://hooks.example/{number}");
        let quiet = json!({"address": address, "rooms": false, "calls": false});
        assert_eq!(admin.post("/api/v1/hooks", quiet).await.status, 201);
    }
    admin.post("/api/v1/hooks", wanted("https://hooks.example/")).await.refused(409, "too_many");
    assert!(receiver.told.try_recv().is_err());
    server.stop().await;
}
