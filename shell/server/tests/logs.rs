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
    let ticket: proto::api::Ticket = server.post(&format!("{path}/join"), r#"{"name":"planted-name"}"#).await.json();
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
    server.stop().await;

    let log = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("room.id=RM_") && log.contains("participant.id=PA_") && log.contains("session.id="), "{log}");
    assert!(log.contains("/api/v1/rooms/{code}"), "requests are logged by their route: {log}");
    for secret in ["planted", SECRET, &made.room.code, &ticket.token, &token] {
        let found: Vec<_> = log.lines().filter(|line| line.contains(secret)).collect();
        assert!(found.is_empty(), "{secret}: {found:#?}");
    }
}
