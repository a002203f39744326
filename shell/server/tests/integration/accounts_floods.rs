//! Floods of sign-ins (R1), and links that say nothing of whether they ever were good (R7).

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use proto::api::SecretLink;
use serde_json::{Value, json};

use crate::{
    accounts::{JSON, reset, sign_in},
    harness::{Reply, Server},
    people::{Browser, admin},
    scene::from,
};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_do_not_use_the_machine_up() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let web = server.web();
    let tries: Vec<_> = (0..200)
        .map(|n| {
            tokio::spawn(async move {
                let stream = tokio::net::TcpStream::connect(web).await.unwrap();
                let address = format!("203.0.113.{n}");
                let headers = [JSON, ("x-forwarded-for", address.as_str())];
                let body = sign_in(&format!("name{n}"), "wrong");
                crate::harness::ask(stream, "POST", "/api/v1/session", &headers, body).await.status
            })
        })
        .collect();
    let (mut wrong, mut busy) = (0, 0);
    for one in tries {
        match one.await.unwrap() {
            401 => wrong += 1,
            503 => busy += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!(wrong + busy, 200);
    assert!(wrong >= 50, "the queue is used: {wrong} were answered, {busy} told to come back");
    let most: usize = server.metric("parlor_heavy_work_most").await.parse().unwrap();
    let cores = std::thread::available_parallelism().unwrap().get();
    assert!((1..=cores).contains(&most), "{most} at once on {cores} cores");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_served_while_hashing_is_at_its_limit() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let ann = server.sign_up("ann").await;
    let (refused, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    // More at once than may run and wait, each again and again: the queue is full until it is over.
    let flood = futures_util::future::join_all((0..100).map(|n| {
        let (server, refused, over) = (&server, &refused, &over);
        async move {
            while !over.load(Ordering::Relaxed) {
                let body = sign_in(&format!("name{n}"), "wrong");
                let address = from();
                let headers = [JSON, ("x-forwarded-for", address.as_str())];
                let reply = server.ask("POST", "/api/v1/session", &headers, &body).await;
                match reply.status {
                    // The name was tried too often: on with what costs nothing.
                    401 | 429 => {}
                    503 => {
                        assert_eq!(reply.json::<proto::api::Problem>().code, "server_full");
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                    other => panic!("{other}"),
                }
            }
        }
    }));
    let asked = async {
        let until_refused = async |more: usize| {
            let enough = refused.load(Ordering::Relaxed) + more;
            while refused.load(Ordering::Relaxed) < enough {
                tokio::task::yield_now().await;
            }
        };
        until_refused(1).await;
        for _ in 0..5 {
            assert_eq!(server.get("/healthz").await.status, 200);
            assert_eq!(server.get("/api/v1/server").await.status, 200);
            assert_eq!(server.by(&ann, "GET", "/api/v1/me", "").await.status, 200);
            // It was at its limit before and is so after.
            until_refused(1).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(flood, asked);
    let address = from();
    let again =
        server.ask("POST", "/api/v1/session", &[JSON, ("x-forwarded-for", &address)], sign_in("ann", "x")).await;
    assert_eq!(again.status, 401, "and then it goes on as before");
    server.stop().await;
}

#[tokio::test]
async fn links_do_not_say_whether_they_ever_were_good() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    server.sign_up("ann").await;
    let admin = admin(&server).await;
    let secret = |link: SecretLink| link.path.split_once('#').unwrap().1.to_owned();
    let taken_back = secret(admin.post("/api/v1/invitations", json!({"uses": 1})).await.right());
    let rows: Value = admin.get("/api/v1/invitations").await.right();
    admin.delete(&format!("/api/v1/invitations/{}", rows[0]["id"].as_str().unwrap())).await.done();
    let used_up = secret(admin.post("/api/v1/invitations", json!({"uses": 1})).await.right());
    let account = json!({"name": "invited", "password": crate::harness::PASSWORD, "invitation": used_up});
    Browser::new(&server).post("/api/v1/accounts", account).await.right::<Value>();
    let rows: Value = admin.get("/api/v1/accounts").await.right();
    let id =
        rows.as_array().unwrap().iter().find(|row| row["account"]["name"] == "ann").unwrap()["account"]["id"].clone();
    let path = format!("/api/v1/accounts/{}/reset", id.as_str().unwrap());
    let replaced = secret(admin.post(&path, json!({})).await.right());
    let used = secret(admin.post(&path, json!({})).await.right());
    assert_eq!(server.post("/api/v1/resets", &reset(&used, "seven lamps in a row")).await.status, 204);

    let unknown = "A".repeat(used.len());
    for path in ["/api/v1/invitations/check", "/api/v1/resets"] {
        let mut answers = Vec::new();
        for secret in [&unknown, &taken_back, &used_up, &replaced, &used, &"x".to_owned(), &String::new()] {
            let body = match path {
                "/api/v1/resets" => reset(secret, "seven lamps in a row"),
                _ => json!({"secret": secret}).to_string(),
            };
            let address = from();
            let reply = server.ask("POST", path, &[JSON, ("x-forwarded-for", &address)], body).await;
            assert_eq!(reply.status, 403, "{path} {secret}: {reply:?}");
            answers.push(said(reply));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}: {answers:#?}");
    }
    server.stop().await;
}

/// An answer but for its time.
fn said(reply: Reply) -> (Vec<(String, String)>, String) {
    (reply.headers.into_iter().filter(|(name, _)| name != "date").collect(), reply.body)
}
