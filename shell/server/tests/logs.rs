//! Plants secrets wherever a client can say something, and looks for them in the log (R21).
//!
//! A test program of its own, because it listens to the log of the whole process.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

#[path = "integration/harness.rs"]
#[expect(dead_code, reason = "only part of the harness is needed here")]
mod harness;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use harness::{SECRET, Server, claims, sign};
use proto::livekit::{SessionDescription, signal_request::Message as Request};

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
    let invitation: proto::api::SecretLink = invitation.json();
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

    let mut claims = claims("planted-room", "planted-identity");
    claims["metadata"] = "planted-metadata".into();
    let token = sign(&claims, SECRET);
    let mut socket = server.socket(&format!("access_token={token}"), &[]).await.unwrap();
    let sdp = SessionDescription {
        r#type: "offer".to_owned(),
        sdp: "v=0\r\ns=planted-sdp\r\n".to_owned(),
        ..Default::default()
    };
    socket.send(Request::Offer(sdp)).await;
    socket.message(tokio_tungstenite::tungstenite::Message::Text("planted-text".into())).await.unwrap();
    socket.leave().await;
    let code = server.started.set_up_code.clone().unwrap();
    let cookies = [server.admin.clone(), ann.cookie()].map(|cookie| cookie.split_once('=').unwrap().1.to_owned());
    server.stop().await;

    let log = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("room.id=RM_") && log.contains("participant.id=PA_") && log.contains("session.id="), "{log}");
    assert!(log.contains("/api/v1/rooms/{code}"), "requests are logged by their route: {log}");
    assert!(log.contains("account.id=AC_"), "{log}");
    let invited = invitation.path.split_once('#').unwrap().1;
    let ours = [code.as_str(), &cookies[0], &cookies[1], invited, harness::PASSWORD];
    for secret in ["planted", SECRET, &made.room.code, &ticket.token, &token].iter().chain(&ours) {
        let found: Vec<_> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(found.is_empty(), "{secret}: {found:#?}");
    }
}
