//! Browsers whose pages are closed, and a push service of our own that reads what they would.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http_body_util::BodyExt as _;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use proto::{
    api::{Call, Event, Me, PushView},
    call::{Stage, Why},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{
    harness::{ADMIN, Server},
    people::{Browser, Events, admin as admin_of, sign_in, sign_up},
};

/// A push service: keeps what it was told, and answers as the test says; 201 else.
struct Service {
    url: String,
    told: mpsc::UnboundedReceiver<Told>,
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
}

struct Told {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Clone)]
struct Shared {
    told: mpsc::UnboundedSender<Told>,
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, told) = mpsc::unbounded_channel();
        let shared = Shared { told: sender, answers: Arc::default() };
        let answers = shared.answers.clone();
        let app = Router::new().fallback(take).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, told, answers }
    }

    fn answers(&self, statuses: &[StatusCode]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    async fn hears(&mut self) -> Told {
        self.told.recv().await.unwrap()
    }
}

async fn take(State(shared): State<Shared>, request: Request) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let answer = shared.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::CREATED);
    // The test may be over.
    let _ = shared.told.send(Told { path: head.uri.path().to_owned(), headers: head.headers, body });
    (answer, [("retry-after", "0")])
}

/// What a browser keeps of its subscription.
struct Subscription {
    private: PrivateKey,
    auth: [u8; 16],
    endpoint: String,
}

impl Subscription {
    fn new(endpoint: String) -> Self {
        Self { private: PrivateKey::generate(&ECDH_P256).unwrap(), auth: [7; 16], endpoint }
    }

    fn public(&self) -> Vec<u8> {
        self.private.compute_public_key().unwrap().as_ref().to_vec()
    }

    fn put(&self, device: &str) -> Value {
        json!({
            "endpoint": self.endpoint, "p256dh": BASE64.encode(self.public()), "auth": BASE64.encode(self.auth), "device": device,
        })
    }

    /// As a browser opens it (RFC 8291).
    fn open(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        let (head, rest) = rest.split_at(5);
        assert_eq!(head, [0, 0, 16, 0, 65], "a record of 4096 bytes, and a key of 65");
        let (theirs, sealed) = rest.split_at(65);
        let public = self.public();
        let shared = agree(&self.private, UnparsedPublicKey::new(&ECDH_P256, theirs), (), |agreed| {
            let parts = Salt::new(HKDF_SHA256, &self.auth).extract(agreed);
            Ok(expand(&parts, &[b"WebPush: info\0", &public, theirs], 32))
        })
        .unwrap();
        let parts = Salt::new(HKDF_SHA256, salt).extract(&shared);
        let key = expand(&parts, &[b"Content-Encoding: aes128gcm\0"], 16);
        let nonce = expand(&parts, &[b"Content-Encoding: nonce\0"], 12);
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut text = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let text = cipher.open_in_place(nonce, Aad::empty(), &mut text).unwrap();
        let (last, text) = text.split_last().unwrap();
        assert_eq!(*last, 2, "the last record");
        serde_json::from_slice(text).unwrap()
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(parts: &Prk, info: &[&[u8]], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    parts.expand(info, Length(length)).unwrap().fill(&mut out).unwrap();
    out
}

/// That the word in a header is ours, for this push service.
fn check_word(told: &Told, key: &str, service: &str) {
    let said = told.headers["authorization"].to_str().unwrap();
    let (token, signer) = said.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(signer, key);
    let point = BASE64.decode(key).unwrap();
    let key = DecodingKey::from_ec_components(&BASE64.encode(&point[1..33]), &BASE64.encode(&point[33..])).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[service]);
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
    assert!(claims["exp"].as_u64().unwrap() <= server::unix() + 24 * 60 * 60);
    assert!(claims["sub"].as_str().unwrap().starts_with("https://"), "{claims}");
}

async fn start() -> Server {
    Server::start_with(|raw| raw.push_private = Some(true)).await
}

async fn id(browser: &Browser<'_>) -> String {
    browser.get("/api/v1/me").await.right::<Me>().account.id.to_string()
}

async fn call(browser: &Browser<'_>, whom: &str) -> Call {
    browser.post("/api/v1/calls", json!({"people": [whom], "device": "d1"})).await.right()
}

async fn act(browser: &Browser<'_>, call: &Call, act: Value) {
    browser.post(&format!("/api/v1/calls/{}/acts", call.id), act).await.done();
}

async fn here(browser: &Browser<'_>, device: &str) -> Events {
    let mut events = browser.events().await;
    events.send(json!({"ask": "here", "device": device})).await;
    events.until(|event| matches!(event, Event::Calls { .. }).then_some(())).await;
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_browser_is_woken_and_told_that_the_call_was_missed() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let whom = id(&bob).await;
    assert_eq!(call(&ann, &whom).await.others[0].stage, Stage::Ended { why: Why::Unreachable });

    let subscription = Subscription::new(format!("{}/bob", service.url));
    let before: PushView = bob.get("/api/v1/me/push").await.right();
    assert!(!before.on);
    bob.put("/api/v1/me/push", subscription.put("d1")).await.done();
    assert!(bob.get("/api/v1/me/push").await.right::<PushView>().on);

    let placed = call(&ann, &whom).await;
    assert_eq!(placed.others[0].stage, Stage::Dialing, "a device may still come");
    let told = service.hears().await;
    assert_eq!(told.path, "/bob");
    check_word(&told, &before.key, &service.url);
    for (name, value) in [("content-encoding", "aes128gcm"), ("urgency", "high"), ("topic", &placed.id.to_string())] {
        assert_eq!(told.headers[name].to_str().unwrap(), value, "{name}");
    }
    let ttl: u64 = told.headers["ttl"].to_str().unwrap().parse().unwrap();
    assert!((20..=30).contains(&ttl), "what is left of the ring: {ttl}");
    let text = subscription.open(&told.body);
    let until = text["at"].as_u64().unwrap();
    assert_eq!(text, json!({"kind": "ring", "call": placed.id, "at": until}), "nothing but that");
    assert!(until > placed.began && until <= placed.began + 31_000, "{until}");

    act(&ann, &placed, json!({"act": "end"})).await;
    let told = service.hears().await;
    assert_eq!(told.headers["topic"].to_str().unwrap(), placed.id.to_string(), "takes the place of the other");
    assert_eq!(subscription.open(&told.body)["kind"], "missed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_that_are_here_are_not_woken_and_the_others_hear_that_it_was_answered() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let (laptop, phone) = (sign_up(&server, "bob").await, sign_in(&server, "bob").await);
    let [on_laptop, on_phone] = ["laptop", "phone"].map(|name| Subscription::new(format!("{}/{name}", service.url)));
    laptop.put("/api/v1/me/push", on_laptop.put("laptop")).await.done();
    phone.put("/api/v1/me/push", on_phone.put("phone")).await.done();
    let _page = here(&laptop, "laptop").await;

    let ring = json!({"act": "ring", "device": "laptop"});
    let placed = call(&ann, &id(&laptop).await).await;
    act(&laptop, &placed, ring.clone()).await;
    let told = service.hears().await;
    assert_eq!(told.path, "/phone");
    assert_eq!(on_phone.open(&told.body)["kind"], "ring");
    act(&laptop, &placed, json!({"act": "decline"})).await;
    let told = service.hears().await;
    assert_eq!((told.path.as_str(), &on_phone.open(&told.body)["kind"]), ("/phone", &json!("over")));

    // Whoever was woken and came has a page that knows.
    let placed = call(&ann, &id(&laptop).await).await;
    act(&laptop, &placed, ring).await;
    assert_eq!(on_phone.open(&service.hears().await.body)["call"], json!(placed.id));
    let _other = here(&phone, "phone").await;
    act(&phone, &placed, json!({"act": "ring", "device": "phone"})).await;
    act(&phone, &placed, json!({"act": "answer", "device": "phone"})).await;
    act(&ann, &placed, json!({"act": "end"})).await;
    // The next that is heard is of the next call, and the phone is not woken for it either.
    drop(_page);
    drop(_other);
    server.stop().await;
    assert!(service.told.try_recv().is_err(), "nobody else was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_whose_line_stands_and_that_says_nothing_is_woken_all_the_same() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let (laptop, phone) = (sign_up(&server, "bob").await, sign_in(&server, "bob").await);
    let [on_laptop, on_phone] = ["laptop", "phone"].map(|name| Subscription::new(format!("{}/{name}", service.url)));
    laptop.put("/api/v1/me/push", on_laptop.put("laptop")).await.done();
    phone.put("/api/v1/me/push", on_phone.put("phone")).await.done();
    let (_page, _asleep) = (here(&laptop, "laptop").await, here(&phone, "phone").await);

    // A telephone that was locked a moment ago: the server believes in its line for a minute.
    let placed = call(&ann, &id(&laptop).await).await;
    act(&laptop, &placed, json!({"act": "ring", "device": "laptop"})).await;
    let told = service.hears().await;
    assert_eq!((told.path.as_str(), &on_phone.open(&told.body)["kind"]), ("/phone", &json!("ring")));
    act(&laptop, &placed, json!({"act": "answer", "device": "laptop"})).await;
    let told = service.hears().await;
    assert_eq!((told.path.as_str(), &on_phone.open(&told.body)["kind"]), ("/phone", &json!("over")));
    act(&laptop, &placed, json!({"act": "end"})).await;

    // The caller gave up before it was woken: what was missed it learns.
    let placed = call(&ann, &id(&laptop).await).await;
    act(&laptop, &placed, json!({"act": "ring", "device": "laptop"})).await;
    act(&ann, &placed, json!({"act": "end"})).await;
    let told = service.hears().await;
    assert_eq!((told.path.as_str(), &on_phone.open(&told.body)["kind"]), ("/phone", &json!("missed")));
    server.stop().await;
    assert!(service.told.try_recv().is_err(), "the laptop rang, and was woken for nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_out_gone_or_not_to_be_disturbed_is_not_woken() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let whom = id(&bob).await;
    let unreachable = Stage::Ended { why: Why::Unreachable };
    let stage = async || {
        let placed = call(&ann, &whom).await;
        let stage = placed.others[0].stage;
        if stage == Stage::Dialing {
            act(&ann, &placed, json!({"act": "end"})).await;
        }
        stage
    };
    let subscription = Subscription::new(format!("{}/bob", service.url));
    let put = async |browser: &Browser<'_>| browser.put("/api/v1/me/push", subscription.put("d1")).await.done();

    put(&bob).await;
    bob.put("/api/v1/me/presence", json!({"chosen": "doNotDisturb"})).await.done();
    assert_eq!(stage().await, unreachable, "who does not want to be disturbed");
    bob.put("/api/v1/me/presence", json!({"chosen": "automatic"})).await.done();

    // The push service knows the browser no more; what comes next is not even sent.
    service.answers(&[StatusCode::GONE]);
    assert_eq!(stage().await, Stage::Dialing);
    service.hears().await;
    while bob.get("/api/v1/me/push").await.right::<PushView>().on {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage().await, unreachable);

    put(&bob).await;
    bob.delete("/api/v1/me/push").await.done();
    assert_eq!(stage().await, unreachable, "switched off");

    put(&bob).await;
    bob.delete("/api/v1/session").await.done();
    assert_eq!(stage().await, unreachable, "signed out");
    server.stop().await;
    assert!(service.told.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_push_service_is_asked_again_while_it_rings() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let subscription = Subscription::new(format!("{}/bob", service.url));
    bob.put("/api/v1/me/push", subscription.put("d1")).await.done();
    service.answers(&[StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE]);
    let placed = call(&ann, &id(&bob).await).await;
    for _ in 0..3 {
        assert_eq!(subscription.open(&service.hears().await.body)["kind"], "ring");
    }
    act(&ann, &placed, json!({"act": "end"})).await;
    assert_eq!(subscription.open(&service.hears().await.body)["kind"], "missed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_nobody_could_be_woken_for_is_told_as_missed() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let subscription = Subscription::new(format!("{}/bob", service.url));
    bob.put("/api/v1/me/push", subscription.put("d1")).await.done();
    service.answers(&[StatusCode::BAD_REQUEST]);
    let placed = call(&ann, &id(&bob).await).await;
    assert_eq!(subscription.open(&service.hears().await.body)["kind"], "ring");
    act(&ann, &placed, json!({"act": "end"})).await;
    assert_eq!(subscription.open(&service.hears().await.body)["kind"], "missed");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_while_it_rings_is_told_nothing_more() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let subscription = Subscription::new(format!("{}/bob", service.url));
    bob.put("/api/v1/me/push", subscription.put("d1")).await.done();
    let placed = call(&ann, &id(&bob).await).await;
    assert_eq!(subscription.open(&service.hears().await.body)["kind"], "ring");
    bob.delete("/api/v1/session").await.done();
    act(&ann, &placed, json!({"act": "end"})).await;
    server.stop().await;
    assert!(service.told.try_recv().is_err(), "that a call was missed is no matter of whoever sits there next");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_private_addresses_or_by_what_is_no_key() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let put = async |endpoint: &str| {
        let subscription = Subscription::new(endpoint.to_owned());
        bob.put("/api/v1/me/push", subscription.put("d1")).await
    };
    for endpoint in [
        "http://127.0.0.1:9/",
        "https://127.0.0.1:9/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://169.254.169.254/latest",
        "http://1.1.1.1/",
        "https://a@1.1.1.1/",
        "/push",
        "push",
    ] {
        put(endpoint).await.refused(422, "bad_setting");
    }
    put(&format!("https://1.1.1.1/{}", "x".repeat(1_024))).await.refused(422, "bad_setting");
    put("https://1.1.1.1/push").await.done();
    let mut body = Subscription::new("https://1.1.1.1/push".to_owned()).put("d1");
    body["auth"] = json!("AAAA");
    bob.put("/api/v1/me/push", body).await.refused(422, "bad_setting");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_person_so_many_browsers_are_woken() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    bob.put("/api/v1/me/push", Subscription::new("https://1.1.1.1/0".to_owned()).put("d1")).await.done();
    for number in 1..10 {
        let other = sign_in(&server, "bob").await;
        let subscription = Subscription::new(format!("https://1.1.1.1/{number}"));
        other.put("/api/v1/me/push", subscription.put("d2")).await.done();
    }
    let last = sign_in(&server, "bob").await;
    last.put("/api/v1/me/push", Subscription::new("https://1.1.1.1/last".to_owned()).put("d2"))
        .await
        .refused(409, "too_many");
    let ann = sign_in(&server, ADMIN).await;
    ann.put("/api/v1/me/push", Subscription::new("https://1.1.1.1/1".to_owned()).put("d2")).await.done();
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_browser_is_told_once_that_somebody_is_free_and_not_who() {
    let mut service = Service::start().await;
    let server = start().await;
    let ann = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let whom = id(&ann).await;
    let subscription = Subscription::new(format!("{}/bob", service.url));
    bob.put("/api/v1/me/push", subscription.put("d1")).await.done();
    bob.put(&format!("/api/v1/people/{whom}/awaited"), json!({})).await.done();

    let mut comes = here(&ann, "d1").await;
    let told = service.hears().await;
    assert_eq!(told.headers["topic"].to_str().unwrap(), "free");
    let text = subscription.open(&told.body);
    assert_eq!((&text["kind"], text.as_object().unwrap().len()), (&json!("free"), 2), "{text}");
    for chosen in ["busy", "automatic"] {
        ann.put("/api/v1/me/presence", json!({"chosen": chosen})).await.done();
    }
    // The page that opens then has it in words, and only now it is over.
    let mut events = bob.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    events
        .until(|event| matches!(event, Event::Free { person } if person.account.to_string() == whom).then_some(()))
        .await;
    comes.until(|event| matches!(event, Event::Presence { .. }).then_some(())).await;
    server.stop().await;
    assert!(service.told.try_recv().is_err(), "woken twice");
}
