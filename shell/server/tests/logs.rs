//! Plants secrets wherever a client can say something, and looks for them in the log (R21).
//!
//! A test program of its own, because it listens to the log of the whole process.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

#[path = "integration/harness.rs"]
#[expect(dead_code, reason = "only part of the harness is needed here")]
mod harness;
#[path = "integration/people.rs"]
#[expect(dead_code, reason = "only part of it is needed here")]
mod people;
#[path = "integration/wire.rs"]
#[expect(dead_code, reason = "only part of it is needed here")]
mod wire;

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Instant,
};

use client::wire::join_parameter;
use harness::{SECRET, Server, claims, sign};
use people::{Browser, Events};
use proto::{
    api::{SecretLink, Ticket},
    livekit::{
        AddTrackRequest, JoinRequest, SessionDescription, UpdateParticipantMetadata, signal_request::Message as Request,
    },
};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use wire::Peer;

#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn secrets_do_not_reach_the_log() {
    let page = Page::default();
    let writer = page.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    let server = Server::start().await;
    let made: proto::api::RoomView = server.post("/api/v1/rooms", r#"{"title":"planted-title"}"#).await.json();
    let path = format!("/api/v1/rooms/{}", made.room.code);
    let entry = server.post(&format!("{path}/join"), r#"{"name":"planted-name"}"#).await;
    let proto::api::Entry::Admitted { ticket } = entry.json() else { panic!("{entry:?}") };
    let account = r#"{"name":"planted-account","displayName":"planted-display","password":"planted-password"}"#;
    let ann = server.post("/api/v1/accounts", account).await;
    assert_eq!(ann.status, 201, "{ann:?}");
    let agent = [("content-type", "application/json"), ("user-agent", "planted-agent"), ("cookie", "planted=cookie")];
    for body in [account, r#"{"name":"planted-account","password":"planted-wrong"}"#, "planted-nonsense"] {
        server.ask("POST", "/api/v1/session", &agent, body).await;
    }
    let change = r#"{"current":"planted-password","new":"planted-new-password"}"#;
    assert_eq!(server.by(&ann.cookie(), "PUT", "/api/v1/me/password", change).await.status, 204);
    let invitation = server.by_admin("POST", "/api/v1/invitations", r#"{"name":"planted-guest"}"#).await;
    let invitation: SecretLink = invitation.json();
    server.post("/api/v1/invitations/check", r#"{"secret":"planted-secret"}"#).await;
    server.post("/api/v1/resets", r#"{"secret":"planted-secret","password":"planted-password"}"#).await;
    server.post("/api/v1/setup", r#"{"code":"planted-code"}"#).await;
    server.post("/api/v1/setup/check", r#"{"code":"planted-code"}"#).await;
    let credential = r#"{"credential":{"response":{"clientDataJSON":"planted-passkey"}}}"#;
    server.post("/api/v1/session/passkey/finish", credential).await;
    server.get(&format!("{path}?planted-query")).await;
    server.get("/r/planted-path").await;
    server.get("/rtc/v1/validate?access_token=planted-token").await;
    assert!(server.socket("access_token=planted-token", &[("cookie", "planted-cookie")]).await.is_err());
    assert!(server.socket("", &[("authorization", "Bearer planted-bearer")]).await.is_err());

    let mut ours = said_in_a_meeting(&server).await;
    ours.push(said_in_signalling(&server).await);
    ours.push(set_by_a_link(&server).await);
    let code = server.started.set_up_code.clone().unwrap();
    let cookies = [server.admin.clone(), ann.cookie()].map(|cookie| cookie.split_once('=').unwrap().1.to_owned());
    server.stop().await;

    let log = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("room.id=RM_") && log.contains("participant.id=PA_") && log.contains("session.id="), "{log}");
    assert!(log.contains("/api/v1/rooms/{code}"), "requests are logged by their route: {log}");
    assert!(log.contains("account.id=AC_"), "{log}");
    let invited = invitation.path.split_once('#').unwrap().1;
    ours.extend([code, invited.to_owned(), made.room.code, ticket.token]);
    ours.extend(cookies);
    ours.extend(["planted", SECRET, harness::PASSWORD].map(str::to_owned));
    for secret in &ours {
        let found: Vec<_> = log.lines().filter(|line| line.contains(secret.as_str())).collect();
        assert!(found.is_empty(), "{secret}: {found:#?}");
    }
}

/// Everything that people say in a meeting and before it; gives back what is secret and not planted.
async fn said_in_a_meeting(server: &Server) -> Vec<String> {
    let host = people::admin(server).await;
    let described = json!({"title": "planted-title", "description": "planted-description", "listed": true});
    let made: Value = host.post("/api/v1/rooms", described).await.right();
    let code = made["room"]["code"].as_str().unwrap().to_owned();
    let room = format!("/api/v1/rooms/{code}");
    host.patch(&room, json!({"title": "planted-other-title", "description": "planted-more"})).await.right::<Value>();
    let there: Ticket = host.ticket(&code, "planted-host").await;
    let mut ann = Peer::join(server, &there.token).await;
    host.act(&code, json!({"act": "lobby", "lobby": "off"})).await.done();
    let guest = Browser::new(server);
    let ticket: Ticket = guest.ticket(&code, "planted-guest").await;
    let speakers = [("planted-data", Peer::join(server, &ticket.token).await)];
    ann.hears(&speakers, &["planted-data"], Instant::now()).await;

    let mut pages: Vec<Events> = vec![host.attend(&code).await, guest.attend(&code).await];
    let line = guest.say(&code, "planted-line").await;
    let private = json!({"text": "planted-private", "to": there.person});
    guest.write(&code, private).await.right::<Value>();
    guest.send_file(&code, "planted-file.txt", b"planted-content").await;
    guest.write(&code, json!({"text": "planted-much".repeat(10_000)})).await;
    guest.patch(&format!("{room}/messages/{}", line.id), json!({"text": "planted-edit"})).await.right::<Value>();
    guest.put(&format!("{room}/messages/{}/reactions/planted-emoji", line.id), json!({})).await;
    guest.put(&format!("{room}/messages/{}/reactions/%F0%9F%91%8D", line.id), json!({})).await.right::<Value>();
    guest.get(&format!("{room}/files/planted-id")).await;
    for act in [
        json!({"act": "hand", "up": true}),
        json!({"act": "react", "emoji": "planted-emoji"}),
        json!({"act": "rename", "person": ticket.person, "name": "planted-rename"}),
        json!({"act": "planted-act"}),
    ] {
        host.act(&code, act).await;
    }
    for page in &mut pages {
        page.so_far().await;
        page.send(json!({"ask": "attend", "code": "planted-code"})).await;
        page.raw(Message::Text("planted-nonsense".into())).await;
        while page.next().await.is_some() {}
    }
    let removed = json!({"act": "remove", "person": ticket.person, "mayReturn": false});
    host.act(&code, removed).await.done();
    let cookies = [&host, &guest].map(|browser| browser.cookie().unwrap());
    let values = cookies.iter().flat_map(|all| all.split("; ")).map(|pair| pair.split_once('=').unwrap().1.to_owned());
    values.chain([code, there.token, ticket.token]).collect()
}

/// What clients say of themselves and of their media; gives back the token.
async fn said_in_signalling(server: &Server) -> String {
    let mut claims = claims("planted-room", "planted-identity");
    claims["metadata"] = "planted-metadata".into();
    claims["video"]["canUpdateOwnMetadata"] = true.into();
    let token = sign(&claims, SECRET);
    let join = JoinRequest {
        metadata: "planted-join-metadata".to_owned(),
        participant_attributes: [("planted-key".to_owned(), "planted-value".to_owned())].into(),
        ..Default::default()
    };
    let query = format!("access_token={token}&join_request={}", join_parameter(&join));
    let mut socket = server.socket(&query, &[]).await.unwrap();
    let named = UpdateParticipantMetadata {
        name: "planted-new-name".to_owned(),
        metadata: "planted-new-metadata".to_owned(),
        ..Default::default()
    };
    socket.send(Request::UpdateMetadata(named)).await;
    let track =
        AddTrackRequest { cid: "planted-cid".to_owned(), name: "planted-track".to_owned(), ..Default::default() };
    socket.send(Request::AddTrack(track)).await;
    let sdp = SessionDescription {
        r#type: "offer".to_owned(),
        sdp: "v=0\r\ns=planted-sdp\r\n".to_owned(),
        ..Default::default()
    };
    socket.send(Request::Offer(sdp)).await;
    socket.message(Message::Text("planted-text".into())).await.unwrap();
    socket.leave().await;
    let refused = format!("access_token={token}&join_request=planted-request");
    assert!(server.socket(&refused, &[]).await.is_err());
    token
}

/// A reset link, made and used; gives back its secret.
async fn set_by_a_link(server: &Server) -> String {
    let admin = people::admin(server).await;
    let accounts: Value = admin.get("/api/v1/accounts").await.right();
    let one = accounts.as_array().unwrap().iter().find(|row| row["account"]["name"] == "planted-account").unwrap();
    let path = format!("/api/v1/accounts/{}/reset", one["account"]["id"].as_str().unwrap());
    let link: SecretLink = admin.post(&path, json!({})).await.right();
    let secret = link.path.split_once('#').unwrap().1.to_owned();
    let taken = json!({"secret": secret, "password": "planted-reset-password"});
    Browser::new(server).post("/api/v1/resets", taken).await.done();
    secret
}
