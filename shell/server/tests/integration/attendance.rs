//! Programs and devices that attend: how they come in, what is shown of them, what they are told, and what ends them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::{SinkExt as _, StreamExt as _};
use proto::api::{AppPassword, Attendant, Detail, Device, Heard, MadeAppPassword, Me};
use serde_json::{Value, json};
use store::{Store, Target};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{self, Message, protocol::frame::coding::CloseCode},
};

use crate::{
    harness::{ADMIN, Server},
    people::{Browser, admin as admin_of, sign_in, sign_up},
};

/// An attendant's end of its socket.
pub struct Attending(WebSocketStream<TcpStream>);

impl Attending {
    /// Opens one; the error is the status of the answer in place of an upgrade.
    pub async fn open(server: &Server, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = tungstenite::http::Request::builder()
            .uri(format!("ws://{}{path}", server.web()))
            .header("host", server.web().to_string())
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", tungstenite::handshake::client::generate_key());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let stream = TcpStream::connect(server.web()).await.unwrap();
        match tokio_tungstenite::client_async(request.body(()).unwrap(), stream).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// What it is told next, or why the socket was closed; nothing where no reason was given.
    async fn next(&mut self) -> Result<Heard, Option<CloseCode>> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Its channel, which is the first that it is told.
    pub async fn channel(&mut self) -> String {
        match self.next().await {
            Ok(Heard::Attending { channel }) => channel,
            other => panic!("expected the channel, got {other:?}"),
        }
    }
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

async fn make(browser: &Browser<'_>, name: &str) -> MadeAppPassword {
    let reply = browser.post("/api/v1/me/app-passwords", json!({"name": name})).await;
    assert_eq!(reply.status, 201);
    reply.json()
}

/// Asks without a cookie, as a program does.
async fn program(server: &Server, authorization: &str, method: &str, path: &str, body: &str) -> crate::harness::Reply {
    let headers = [("authorization", authorization), ("content-type", "application/json")];
    server.ask(method, path, &headers, body).await
}

async fn list(browser: &Browser<'_>) -> Vec<Attendant> {
    browser.get("/api/v1/attendance").await.right()
}

#[tokio::test]
async fn an_app_password_is_shown_once_and_opens_attendance_alone() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let made = make(&bob, " Door bell ").await;
    assert_eq!(
        (made.app_password.name.as_str(), made.app_password.used_at, made.password.len()),
        ("Door bell", None, 43)
    );
    let listed = bob.get("/api/v1/me/app-passwords").await;
    assert_eq!(listed.right::<Vec<AppPassword>>(), std::slice::from_ref(&made.app_password));
    assert!(!String::from_utf8_lossy(&listed.body).contains(&made.password));

    let right = basic(" BOB ", &made.password);
    assert_eq!(program(&server, &right, "GET", "/api/v1/attendance", "").await.json::<Vec<Attendant>>(), []);
    let used = bob.get("/api/v1/me/app-passwords").await.right::<Vec<AppPassword>>()[0].used_at;
    assert!(used >= Some(made.app_password.created_at), "{used:?}");
    for (method, path, body) in [
        ("GET", "/api/v1/me", ""),
        ("GET", "/api/v1/me/app-passwords", ""),
        ("POST", "/api/v1/me/app-passwords", r#"{"name":"more"}"#),
        ("POST", "/api/v1/rooms", "{}"),
        ("GET", "/api/v1/events", ""),
    ] {
        let reply = program(&server, &right, method, path, body).await;
        assert!(matches!(reply.status, 201 | 401), "{method} {path}: {}", reply.status);
        if reply.status == 201 {
            // Whoever may make rooms without an account makes one that is nobody's.
            assert_eq!(bob.get("/api/v1/rooms").await.right::<Value>(), json!([]), "{path}");
        }
    }
    let signs_in = json!({"name": "bob", "password": made.password}).to_string();
    assert_eq!(server.post("/api/v1/session", &signs_in).await.status, 401, "it is no password to sign in with");

    let path = format!("/api/v1/me/app-passwords/{}", made.app_password.id);
    sign_up(&server, "eve").await.delete(&path).await.refused(404, "not_found");
    bob.delete(&path).await.done();
    bob.delete(&path).await.refused(404, "not_found");
    assert_eq!(program(&server, &right, "GET", "/api/v1/attendance", "").await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn an_account_has_so_many_app_passwords_each_with_a_name() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    for name in ["", " ", "a\nb", &"x".repeat(129)] {
        bob.post("/api/v1/me/app-passwords", json!({"name": name})).await.refused(422, "bad_name");
    }
    make(&bob, "Bell").await;
    let store = Store::open(&Target::Sqlite(server.folder.path().to_owned())).await.unwrap();
    let account = bob.get("/api/v1/me").await.right::<Me>().account.id;
    for number in 1..50_u8 {
        let (id, secret) = (format!("kept-{number}"), vec![number; 32]);
        let kept = store::AppPassword { id, account, name: "Bell".to_owned(), secret, created_at: 7, used_at: None };
        store.add_app_password(&kept, 50).await.unwrap();
    }
    store.close().await;
    bob.post("/api/v1/me/app-passwords", json!({"name": "Bell"})).await.refused(409, "too_many");
    bob.delete("/api/v1/me/app-passwords/kept-1").await.done();
    make(&bob, "Bell").await;
    server.stop().await;
}

#[tokio::test]
async fn wrong_app_passwords_are_tried_so_often_and_right_ones_do_not_count() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let made = make(&bob, "Bell").await;
    let right = basic("bob", &made.password);
    for _ in 0..20 {
        assert_eq!(program(&server, &right, "GET", "/api/v1/attendance", "").await.status, 200);
    }
    let wrong = [
        basic("eve", &made.password),
        basic("bob", "guess"),
        basic("bob", crate::harness::PASSWORD),
        "Bearer token".to_owned(),
        basic("nobody", ""),
    ];
    for one in &wrong {
        let reply = program(&server, one, "GET", "/api/v1/attendance", "").await;
        assert_eq!((reply.status, reply.json::<Value>()["code"].as_str().unwrap()), (401, "wrong_password"), "{one}");
    }
    let reply = program(&server, &wrong[0], "GET", "/api/v1/attendance", "").await;
    assert_eq!((reply.status, reply.json::<Value>()["code"].as_str().unwrap()), (429, "too_often"));
    assert_eq!(Attending::open(&server, "/attendance/", &[("authorization", &wrong[1])]).await.err(), Some(429));
    // One bell whose password was taken away shuts out nobody else behind the same address.
    assert_eq!(program(&server, &right, "GET", "/api/v1/attendance", "").await.status, 200);
    let _bell = Attending::open(&server, "/attendance/", &[("authorization", &right)]).await.ok().unwrap();
    assert_eq!(list(&bob).await.len(), 1, "people are not held up by it");
    sign_in(&server, "bob").await;
    server.stop().await;
}

#[tokio::test]
async fn whoever_attends_is_shown_with_all_that_it_said_of_itself() {
    let server = Server::start().await;
    let (admin, bob, eve) = (admin_of(&server).await, sign_up(&server, "bob").await, sign_up(&server, "eve").await);
    let right = basic("bob", &make(&bob, "Door bell").await.password);
    let path = "/attendance/?my_id=7&room=Hall%20%C3%BCber";
    let mut bell = Attending::open(&server, path, &[("authorization", &right)]).await.ok().unwrap();
    let channel = bell.channel().await;
    let mut page = Attending::open(&server, "/attendance", &[("cookie", &eve.cookie().unwrap())]).await.ok().unwrap();
    let eves = page.channel().await;

    let mut seen = list(&bob).await;
    assert_eq!(seen.len(), 1, "those of others are nobody's business");
    let mine = seen.remove(0);
    let me: Me = bob.get("/api/v1/me").await.right();
    let detail = |name: &str, value: &str| Detail { name: name.to_owned(), value: value.to_owned() };
    assert_eq!((&mine.channel, &mine.user, mine.device.as_str()), (&channel, &me.account, "Door bell"));
    assert_eq!(mine.details, [detail("my_id", "7"), detail("room", "Hall über")]);
    assert_eq!(mine.address, None, "where it is is for administrators");
    let all = list(&admin).await;
    assert_eq!(all.iter().map(|one| &one.channel).collect::<Vec<_>>(), [&channel, &eves]);
    assert!(all.iter().all(|one| one.address.as_deref() == Some("127.0.0.1")), "{all:?}");
    assert_eq!(all[1].device, "A program");
    assert_eq!(server.metric("parlor_attendants ").await, "2");

    let notify = |channel: &str| format!("/api/v1/attendance/{channel}/notify");
    bob.post(&notify(&channel), json!({"message": "Somebody is at the door"})).await.done();
    admin.post(&notify(&channel), json!({"message": "Good day"})).await.done();
    let reply = program(&server, &right, "POST", &notify(&channel), r#"{"message":"To myself"}"#).await;
    assert_eq!(reply.status, 204, "{reply:?}");
    for (message, from) in [("Somebody is at the door", "bob"), ("Good day", "Ada"), ("To myself", "bob")] {
        match bell.next().await {
            Ok(Heard::Notice { message: heard, from: of, at }) => {
                assert_eq!((heard.as_str(), of.as_str(), at > 1_700_000_000_000), (message, from, true));
            }
            other => panic!("{other:?}"),
        }
    }
    eve.post(&notify(&channel), json!({"message": "Boo"})).await.refused(404, "not_found");
    bob.post(&notify(&eves), json!({"message": "Boo"})).await.refused(404, "not_found");
    for message in ["", " \n", &"x".repeat(4_001)] {
        bob.post(&notify(&channel), json!({"message": message})).await.refused(422, "bad_text");
    }
    drop(page);
    while list(&admin).await.len() > 1 {}
    bob.post(&notify("gone"), json!({"message": "Boo"})).await.refused(404, "not_found");
    server.stop().await;
}

#[tokio::test]
async fn a_program_that_is_not_let_in_learns_how_and_a_browser_asks_nobody() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let cookie = bob.cookie().unwrap();
    for path in ["/attendance/?a=1", "/api/v1/attendance"] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.header("www-authenticate").starts_with("Basic ")), (401, true), "{path}");
        let reply = server.ask("GET", path, &[("sec-fetch-mode", "cors")], "").await;
        assert_eq!((reply.status, reply.header("www-authenticate")), (401, ""), "{path}");
    }
    bob.get("/attendance/").await.refused(400, "bad_request");
    for (headers, status) in [
        (vec![("cookie", cookie.as_str()), ("origin", "http://evil.test")], 403),
        (vec![("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")], 403),
        (vec![("cookie", cookie.as_str()), ("authorization", "Basic bm86bm8=")], 401),
        (vec![], 401),
    ] {
        assert_eq!(Attending::open(&server, "/attendance/", &headers).await.err(), Some(status), "{headers:?}");
    }
    let many = vec!["a=1"; 33].join("&");
    let long = format!("a={}", "x".repeat(257));
    for (query, status) in [(many.as_str(), 409), (&long, 422), ("a=%00", 422)] {
        let opened = Attending::open(&server, &format!("/attendance/?{query}"), &[("cookie", &cookie)]).await;
        assert_eq!(opened.err(), Some(status), "{query}");
    }
    let mut open = Vec::new();
    let full = loop {
        match Attending::open(&server, "/attendance/", &[("cookie", &cookie)]).await {
            Ok(one) => open.push(one),
            Err(status) => break status,
        }
    };
    assert_eq!((open.len(), full), (50, 409));
    server.stop().await;
}

#[tokio::test]
async fn it_ends_with_what_it_came_in_by() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let (first, second) = (make(&bob, "First").await, make(&bob, "Second").await);
    let mut by = Vec::new();
    for made in [&first, &second] {
        let right = basic("bob", &made.password);
        by.push(Attending::open(&server, "/attendance/", &[("authorization", &right)]).await.ok().unwrap());
    }
    let other = sign_in(&server, "bob").await;
    by.push(Attending::open(&server, "/attendance/", &[("cookie", &other.cookie().unwrap())]).await.ok().unwrap());
    for one in &mut by {
        one.channel().await;
    }
    let [mut of_first, mut of_second, mut of_session] = <[Attending; 3]>::try_from(by).ok().unwrap();

    bob.delete(&format!("/api/v1/me/app-passwords/{}", first.app_password.id)).await.done();
    assert_eq!(of_first.next().await, Err(Some(CloseCode::Policy)));
    let names = async || list(&bob).await.into_iter().map(|one| one.device).collect::<Vec<_>>();
    assert_eq!(names().await, ["Second", "A program"], "off the list before its socket is closed");

    let devices: Vec<Device> = bob.get("/api/v1/me/devices").await.right();
    let device = devices.iter().find(|device| !device.current).unwrap();
    bob.delete(&format!("/api/v1/me/devices/{}", device.id)).await.done();
    assert_eq!(of_session.next().await, Err(Some(CloseCode::Policy)));
    assert_eq!(names().await, ["Second"]);

    let id = bob.get("/api/v1/me").await.right::<Me>().account.id;
    server.by_admin("PATCH", &format!("/api/v1/accounts/{id}"), r#"{"disabled":true}"#).await;
    assert_eq!(of_second.next().await, Err(Some(CloseCode::Policy)));
    assert_eq!(server.metric("parlor_attendants ").await, "0");
    let right = basic("bob", &second.password);
    assert_eq!(Attending::open(&server, "/attendance/", &[("authorization", &right)]).await.err(), Some(401));
    server.stop().await;
}

#[tokio::test]
async fn what_it_says_is_not_looked_at_and_not_without_bounds() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let cookie = bob.cookie().unwrap();
    let mut talks = Attending::open(&server, "/attendance/", &[("cookie", &cookie)]).await.ok().unwrap();
    let channel = talks.channel().await;
    for message in [Message::Text("hello".into()), Message::Text("{".into()), Message::Binary(vec![7; 4_096].into())] {
        talks.0.send(message).await.unwrap();
    }
    bob.post(&format!("/api/v1/attendance/{channel}/notify"), json!({"message": "Still there"})).await.done();
    assert!(matches!(talks.next().await, Ok(Heard::Notice { .. })));
    talks.0.send(Message::Text("x".repeat(4_097).into())).await.unwrap();
    assert_eq!(talks.next().await, Err(Some(CloseCode::Size)));
    assert_eq!(list(&bob).await, []);
    assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
    server.stop().await;
}

#[tokio::test]
async fn a_silent_one_is_given_up_and_one_that_answers_is_not() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let cookie = bob.cookie().unwrap();
    let mut silent = Attending::open(&server, "/attendance/?is=silent", &[("cookie", &cookie)]).await.ok().unwrap();
    let mut awake = Attending::open(&server, "/attendance/?is=awake", &[("cookie", &cookie)]).await.ok().unwrap();
    silent.channel().await;
    let channel = awake.channel().await;
    for _ in 0..3 {
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_secs(26)).await;
        tokio::time::resume();
        // Reading answers the ping that came before the message; the other does not read.
        bob.post(&format!("/api/v1/attendance/{channel}/notify"), json!({"message": "Well?"})).await.done();
        assert!(matches!(awake.next().await, Ok(Heard::Notice { .. })));
        awake.0.flush().await.unwrap();
        // A round trip, so that the answer is there before the clock goes on.
        assert_eq!(bob.get("/api/v1/me").await.status, 200);
    }
    let ids = async || list(&bob).await.into_iter().map(|one| one.details[0].value.clone()).collect::<Vec<_>>();
    while ids().await.len() > 1 {}
    assert_eq!(ids().await, ["awake"]);
    server.stop().await;
}

#[tokio::test]
async fn stopping_closes_it_and_says_that_it_is_expected_back() {
    let server = Server::start().await;
    let cookie = admin_of(&server).await.cookie().unwrap();
    let mut one = Attending::open(&server, "/attendance/", &[("cookie", &cookie)]).await.ok().unwrap();
    one.channel().await;
    let closed = tokio::spawn(async move { one.next().await });
    let (exit, _folder) = server.stop().await;
    assert_eq!(exit, server::Exit::Right);
    assert_eq!(closed.await.unwrap(), Err(Some(CloseCode::Restart)));
}

#[tokio::test]
async fn the_older_paths_are_no_endpoints_unless_the_operator_says_so() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let right = basic(ADMIN, &make(&admin, "Script").await.password);
    for path in ["/online_attendants/", "/online_attendants", "/notify_ws/x/?info=hi", "/notify_ws/x?info=hi"] {
        let reply = program(&server, &right, "GET", path, "").await;
        assert_eq!((reply.status, reply.json::<Value>()["code"].as_str().unwrap()), (404, "no_endpoint"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_older_paths_take_app_passwords_alone() {
    let server = Server::start_with(|raw| raw.old_attendance = Some(true)).await;
    let (admin, bob) = (admin_of(&server).await, sign_up(&server, "bob").await);
    let (script, bobs) = (make(&admin, "Script").await.password, make(&bob, "Bell").await.password);
    let (script, bobs) = (basic(ADMIN, &script), basic("bob", &bobs));
    let mut bell =
        Attending::open(&server, "/attendance/?my_id=7&a=1&a=2", &[("authorization", &bobs)]).await.ok().unwrap();
    let channel = bell.channel().await;

    let listed: Value = program(&server, &script, "GET", "/online_attendants/", "").await.json();
    assert!(listed[0]["port"].as_u64().unwrap() > 0);
    let mut expected = json!([{
        "channel": channel, "address": "127.0.0.1", "port": listed[0]["port"], "user": "bob",
        "details": {"my_id": "7", "a": "2"},
    }]);
    assert_eq!(listed, expected);
    expected[0]["address"] = Value::Null;
    expected[0]["port"] = Value::Null;
    assert_eq!(program(&server, &bobs, "GET", "/online_attendants/", "").await.json::<Value>(), expected);

    let notify = format!("/notify_ws/{channel}/?info=Come%20in");
    let sent: Value = program(&server, &script, "GET", &notify, "").await.json();
    assert_eq!(sent, json!({"channel": channel, "sent": true}));
    assert!(matches!(bell.next().await, Ok(Heard::Notice { message, .. }) if message == "Come in"));
    let status = async |authorization: &str, path: &str| program(&server, authorization, "GET", path, "").await.status;
    assert_eq!(status(&script, "/notify_ws/nobody/?info=hi").await, 404);
    // Whoever only looks whether a link leads somewhere sends nothing.
    assert_eq!(program(&server, &script, "HEAD", &notify, "").await.status, 405);
    assert_eq!(status(&script, &format!("/notify_ws/{channel}/")).await, 400);
    assert_eq!(status(&script, &format!("/notify_ws/{channel}/?info=")).await, 422);
    // What a page of another site asks for in the name of a browser that knows the password.
    let foreign = [("authorization", script.as_str()), ("sec-fetch-site", "cross-site")];
    assert_eq!(server.ask("GET", &notify, &foreign, "").await.status, 403);
    for path in ["/online_attendants/", &notify] {
        let reply = admin.get(path).await;
        assert_eq!((reply.status, reply.header("www-authenticate").starts_with("Basic ")), (401, true), "{path}");
    }
    server.stop().await;
}
