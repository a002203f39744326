//! One signalling socket: what it carries, and what ends it.

use proto::livekit::{
    DisconnectReason, Ping, UpdateParticipantMetadata, leave_request::Action, signal_request::Message as Request,
    signal_response::Message as Response,
};
use server::Exit;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{SECRET, Server, claims, sign, token};

#[tokio::test]
async fn the_first_word_is_join_and_a_ping_is_answered() {
    let server = Server::start().await;
    let mut ann = server.join("standup", "ann").await;
    ann.send(Request::PingReq(Ping { timestamp: 42, rtt: 0 })).await;
    loop {
        match ann.response().await.expect("the socket stays open") {
            Response::PongResp(pong) => break assert_eq!(pong.last_ping_timestamp, 42),
            _ => continue,
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn nonsense_ends_that_session_with_a_reason_and_no_other() {
    let server = Server::start().await;
    let mut bystander = server.join("standup", "bob").await;
    for message in [
        Message::Binary(vec![0xff; 40].into()),
        Message::Binary(vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0xff].into()),
        Message::Text("{}".into()),
    ] {
        let mut ann = server.join("standup", "ann").await;
        ann.message(message.clone()).await.unwrap();
        let leave = ann.leave().await.unwrap_or_else(|| panic!("a reason for {message:?}"));
        assert_eq!(leave.reason(), DisconnectReason::SignalClose);
    }
    bystander.send(Request::Ping(1)).await;
    while !matches!(bystander.response().await.expect("the bystander stays"), Response::Pong(_)) {}
    assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
    server.stop().await;
}

#[tokio::test]
async fn an_empty_message_and_an_unknown_kind_are_ignored() {
    let server = Server::start().await;
    let mut ann = server.join("standup", "ann").await;
    ann.raw(Vec::new()).await;
    // Field 200, a string: a request from the future.
    ann.raw(vec![0xc2, 0x0c, 0x02, b'h', b'i']).await;
    ann.send(Request::Ping(1)).await;
    while !matches!(ann.response().await.expect("the session stays"), Response::Pong(_)) {}
    server.stop().await;
}

#[tokio::test]
async fn a_message_beyond_the_limit_ends_the_session_with_a_reason() {
    let server = Server::start().await;
    let mut ann = server.join("standup", "ann").await;
    // The server may close before it has read all of it.
    let _ = ann.message(Message::Binary(vec![0; 300 * 1024].into())).await;
    assert_eq!(ann.leave().await.map(|leave| leave.reason()), Some(DisconnectReason::SignalClose));
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_cut_and_others_go_on() {
    let server = Server::start().await;
    let deaf = server.join("standup", "deaf").await;
    let mut ann = server.join("standup", "ann").await;
    // Each change of metadata is told to all, a few at once of each participant: the deaf one's buffers fill, then its
    // outbox, then it is cut.
    for round in 0.. {
        assert!(round < 200, "the deaf client is never cut");
        let mut claims = claims("standup", &format!("talker {round}"));
        claims["video"]["canUpdateOwnMetadata"] = serde_json::json!(true);
        let token = format!("access_token={}", sign(&claims, SECRET));
        let mut talker = server.socket(&token, &[]).await.expect("a good token");
        for change in 0..5 {
            let metadata = format!("{change} {}", "x".repeat(60_000));
            talker.send(Request::UpdateMetadata(UpdateParticipantMetadata { metadata, ..Default::default() })).await;
        }
        for listener in [&mut talker, &mut ann] {
            listener.send(Request::Ping(round)).await;
            while !matches!(listener.response().await.expect("those who listen stay"), Response::Pong(_)) {}
        }
        if server.metric("parlor_sessions_overflowed_total ").await != "0" {
            break;
        }
    }
    assert_eq!(server.metric("parlor_sessions_overflowed_total ").await, "1");
    drop((deaf, ann));
    server.stop().await;
}

#[tokio::test]
async fn a_flood_is_slowed_down_and_not_punished() {
    let server = Server::start().await;
    let mut ann = server.join("standup", "ann").await;
    let began = std::time::Instant::now();
    for n in 0..230 {
        ann.send(Request::Ping(n)).await;
    }
    let mut pongs = 0;
    while pongs < 230 {
        if matches!(ann.response().await.expect("the session stays"), Response::Pong(_)) {
            pongs += 1;
        }
    }
    // 200 at once, 30 at 50 a second.
    assert!(began.elapsed().as_millis() >= 500, "{:?}", began.elapsed());
    server.stop().await;
}

#[tokio::test]
async fn stopping_tells_everybody_and_ends_right() {
    let server = Server::start().await;
    let mut ann = server.join("standup", "ann").await;
    let told = tokio::spawn(async move { ann.leave().await });
    let (exit, _folder) = server.stop().await;
    assert_eq!(exit, Exit::Right);
    assert_eq!(told.await.unwrap().expect("a reason").reason(), DisconnectReason::ServerShutdown);
}

#[tokio::test]
async fn the_same_identity_replaces_the_first() {
    let server = Server::start().await;
    let mut first = server.join("standup", "ann").await;
    let _second = server.join("standup", "ann").await;
    assert_eq!(first.leave().await.expect("a reason").reason(), DisconnectReason::DuplicateIdentity);
    server.stop().await;
}

#[tokio::test]
async fn a_socket_that_vanishes_is_forgotten() {
    let server = Server::start().await;
    drop(server.join("standup", "ann").await);
    while server.metric("parlor_sessions ").await != "0" {
        tokio::task::yield_now().await;
    }
    server.stop().await;
}

#[tokio::test]
async fn many_join_at_once() {
    let server = Server::start().await;
    let sockets = futures_util::future::join_all((0..60).map(|n| {
        let query = format!("access_token={}", token("big", &format!("p{n}")));
        let server = &server;
        async move { server.socket(&query, &[]).await.expect("a good token") }
    }))
    .await;
    assert_eq!(server.metric("parlor_participants ").await, "60");
    drop(sockets);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_says_nothing_loses_its_socket_and_may_come_back() {
    let server = Server::start().await;
    let mut ann = server.join("standup", "ann").await;
    // Nothing else of the server waits for tokio's clock; the hub has its own.
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(31)).await;
    tokio::time::resume();
    let leave = ann.leave().await.expect("the server says why");
    assert_eq!((leave.reason(), leave.action()), (DisconnectReason::ConnectionTimeout, Action::Resume));
    server.stop().await;
}
