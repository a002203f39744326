//! Tokens and `/rtc/v1/validate`.

use base64::{Engine as _, prelude::BASE64_URL_SAFE};
use proto::{
    livekit::{JoinRequest, WrappedJoinRequest, signal_response::Message as Response},
    prost::Message as _,
};
use serde_json::json;

use crate::harness::{KEY, SECRET, Server, claims, sign, token};

#[tokio::test]
async fn a_bad_token_is_told_so_at_both_doors() {
    let server = Server::start().await;
    let with = |key: &str, value: serde_json::Value| {
        let mut claims = claims("r", "ann");
        claims[key] = value;
        sign(&claims, SECRET)
    };
    let none = format!(
        "{}.{}.",
        BASE64_URL_SAFE.encode(r#"{"alg":"none"}"#),
        BASE64_URL_SAFE.encode(claims("r", "ann").to_string())
    );
    for (what, token, status) in [
        ("none", String::new(), 401),
        ("nonsense", "abc".to_owned(), 401),
        ("forged", sign(&claims("r", "ann"), "guess"), 401),
        ("algorithm none", none.replace('=', ""), 401),
        ("unknown key", with("iss", json!("other")), 401),
        ("expired", with("exp", json!(server::unix() - 1)), 401),
        ("without end", with("exp", json!(null)), 401),
        ("not yet good", with("nbf", json!(server::unix() + 3600)), 401),
        ("without a grant", with("video", json!(null)), 401),
        ("without roomJoin", with("video", json!({"room": "r"})), 401),
        ("without a room", with("video", json!({"roomJoin": true})), 400),
        ("without an identity", with("sub", json!("")), 400),
        ("good", token("r", "ann"), 200),
    ] {
        let reply = server.get(&format!("/rtc/v1/validate?access_token={token}")).await;
        assert_eq!(reply.status, status, "{what}: {reply:?}");
        assert!(!reply.body.is_empty(), "{what}");
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{what}");
        match server.socket(&format!("access_token={token}"), &[]).await {
            Ok(_) => assert_eq!(status, 200, "{what}"),
            Err(reply) => assert_eq!(reply.status, status, "{what}: {reply:?}"),
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_token_may_come_in_a_header() {
    let server = Server::start().await;
    let bearer = format!("Bearer {}", token("r", "ann"));
    let reply = server.ask("GET", "/rtc/v1/validate", &[("authorization", &bearer)], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "success"));
    let mut socket = server.socket("", &[("authorization", &bearer)]).await.unwrap();
    assert!(matches!(socket.response().await, Some(Response::Join(_))));
    let reply = server
        .ask(
            "OPTIONS",
            "/rtc/v1/validate",
            &[("origin", "https://app.test"), ("access-control-request-method", "GET")],
            "",
        )
        .await;
    assert_eq!(reply.status, 204);
    assert!(reply.header("access-control-allow-headers").contains("authorization"));
    server.stop().await;
}

#[tokio::test]
async fn a_bad_join_request_is_400_and_a_good_one_gets_in() {
    let server = Server::start().await;
    let good = JoinRequest { metadata: "mine".to_owned(), ..JoinRequest::default() };
    let wrapped = WrappedJoinRequest { compression: 0, join_request: good.encode_to_vec() }.encode_to_vec();
    let mut claims = claims("r", "ann");
    claims["video"]["canUpdateOwnMetadata"] = json!(true);
    let token = sign(&claims, SECRET);
    for (request, status) in [
        ("%21%21".to_owned(), 400),
        (BASE64_URL_SAFE.encode([0xff; 12]), 400),
        (BASE64_URL_SAFE.encode(WrappedJoinRequest { compression: 1, join_request: vec![1, 2] }.encode_to_vec()), 400),
        (BASE64_URL_SAFE.encode(&wrapped), 200),
        (BASE64_URL_SAFE.encode(&wrapped).replace('=', ""), 200),
    ] {
        let query = format!("access_token={token}&join_request={request}");
        let reply = server.get(&format!("/rtc/v1/validate?{query}")).await;
        assert_eq!(reply.status, status, "{reply:?}");
        match server.socket(&query, &[]).await {
            Ok(mut socket) => {
                assert_eq!(status, 200);
                let Some(Response::Join(join)) = socket.response().await else { panic!("no join") };
                assert_eq!(join.participant.unwrap().metadata, "mine");
            }
            Err(reply) => assert_eq!(reply.status, status),
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_key_is_made_at_first_start_and_signs() {
    let server = Server::start_with(|raw| raw.api_keys = None).await;
    let kept = std::fs::read_to_string(server.folder.path().join("keys.toml")).unwrap();
    let (key, secret) = kept.lines().last().unwrap().split_once(" = ").unwrap();
    let mut claims = claims("r", "ann");
    assert_ne!(key, KEY);
    claims["iss"] = json!(key);
    let token = sign(&claims, secret.trim_matches('"'));
    assert_eq!(server.get(&format!("/rtc/v1/validate?access_token={token}")).await.status, 200);
    server.stop().await;
}
