//! The connection test: who gets one, what its rooms let through, and that nobody hears of them.

use proto::{
    Source,
    api::{Certificate, Problem, Reach, Trial, TrialOver, TrialWay},
    livekit::signal_response::Message as Response,
};
use serde_json::Value;

use crate::{
    harness::{Server, token},
    seat::Seat,
};

async fn begin(server: &Server) -> Trial {
    let reply = server.post("/api/v1/trials", "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

fn way(trial: &Trial, over: TrialOver) -> &TrialWay {
    trial.ways.iter().find(|way| way.over == over).unwrap()
}

/// The room that a token names.
fn room(token: &str) -> String {
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(token).unwrap();
    claims["video"]["room"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn anybody_gets_a_room_for_each_way_before_the_set_up_too() {
    let server = Server::start_bare(|_| {}).await;
    let trial = begin(&server).await;
    assert_eq!(trial.ways.len(), 4);
    assert_eq!((trial.certificate, trial.certificate_days), (Certificate::None, None));
    assert!(trial.ways.iter().all(|way| way.offered && way.reach == Reach::Machine));
    let port = server.started.media_port;
    assert_eq!(way(&trial, TrialOver::Udp).addresses, [format!("127.0.0.1:{port}")]);
    assert_eq!(way(&trial, TrialOver::Tcp).addresses, [format!("127.0.0.1:{port}")]);
    let rooms: std::collections::BTreeSet<_> = trial.ways.iter().map(|way| room(&way.sender)).collect();
    assert_eq!(rooms.len(), 4, "{rooms:?}");
    server.stop().await;
}

#[tokio::test]
async fn behind_a_proxy_there_is_no_relay_to_try() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let trial = begin(&server).await;
    assert!(!way(&trial, TrialOver::Relay).offered && way(&trial, TrialOver::Tcp).offered);
    server.stop().await;
}

#[tokio::test]
async fn one_address_begins_so_many_and_then_waits() {
    let server = Server::start().await;
    for _ in 0..8 {
        begin(&server).await;
    }
    let reply = server.post("/api/v1/trials", "").await;
    assert_eq!(reply.status, 429);
    let problem: Problem = reply.json();
    assert_eq!(problem.code, "too_often");
    assert!(problem.wait.is_some_and(|seconds| seconds > 0));
    server.stop().await;
}

#[tokio::test]
async fn a_client_is_told_of_the_way_that_is_tried_alone() {
    let server = Server::start().await;
    let trial = begin(&server).await;
    for (over, udp, tcp, relays) in [
        (TrialOver::Udp, true, false, 0),
        (TrialOver::Tcp, false, true, 0),
        (TrialOver::Relay, true, false, 1),
        (TrialOver::Any, true, true, 1),
    ] {
        let sender = &way(&trial, over).sender;
        let mut socket = server.socket(&format!("access_token={sender}&auto_subscribe=0"), &[]).await.unwrap();
        let Some(Response::Join(join)) = socket.response().await else { panic!("no join") };
        assert_eq!(join.ice_servers.len(), relays, "{over:?}");
        drop(socket);
        let answer = answer(&server, sender).await;
        assert_eq!((answer.contains(" udp "), answer.contains(" tcp ")), (udp, tcp), "{over:?}: {answer}");
    }
    server.stop().await;
}

/// What the server answers to the offer of a client with this token.
async fn answer(server: &Server, token: &str) -> String {
    use std::time::Instant;

    use client::{Client, Config, Output, wire};
    let mut client = Client::new(Config::new("127.0.0.1:9".parse().unwrap()), Instant::now());
    let Some(Output::Connect(join)) = client.poll_output() else { panic!("a client begins with its join request") };
    let query = format!("access_token={token}&join_request={}", wire::join_parameter(&join));
    let mut socket = server.socket(&query, &[]).await.unwrap();
    loop {
        match socket.response().await {
            Some(Response::Answer(answer)) => return answer.sdp,
            Some(_) => {}
            None => panic!("closed without an answer"),
        }
    }
}

#[tokio::test]
async fn nobody_hears_of_a_trial_or_gets_in_without_one() {
    let mut server = Server::start_bare(|_| {}).await;
    server.set_up().await;
    let trial = begin(&server).await;
    let TrialWay { sender, receiver, .. } = way(&trial, TrialOver::Any);
    let _sends = Seat::take(&server, sender, false, &[Source::Camera]).await.unwrap();
    let _takes = Seat::take(&server, receiver, true, &[]).await.unwrap();
    let name = room(sender);
    for path in ["/api/v1/rooms", "/api/v1/rooms/now"] {
        let reply = server.by_admin("GET", path, "").await;
        assert!(reply.status == 200 && !reply.body.contains("trial"), "{path}: {reply:?}");
    }
    let looked = server.by_admin("GET", &format!("/api/v1/rooms/{name}"), "").await;
    assert_eq!(looked.json::<Problem>().code, "room_unknown");
    let knocked = server.by_admin("POST", &format!("/api/v1/rooms/{name}/join"), r#"{"name":"Eve"}"#).await;
    assert_eq!(knocked.json::<Problem>().code, "room_unknown");
    // Nor does a key of the API open what does not run (any more).
    let made_up = token("parlor-trial:abc:udp", "eve");
    let Err(refused) = server.socket(&format!("access_token={made_up}"), &[]).await else { panic!("let in") };
    assert_eq!((refused.status, refused.body.as_str()), (403, "this connection test is over; begin another"));
    server.stop().await;
}
