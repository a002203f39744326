//! Being told when somebody is free.

use proto::{
    Presence,
    api::{Event, Me},
};
use serde_json::{Value, json};

use crate::{
    calls::Phone,
    harness::Server,
    people::{Browser, Events, admin as admin_of, sign_in, sign_up},
};

fn path(whom: &str) -> String {
    format!("/api/v1/people/{whom}/awaited")
}

async fn id(browser: &Browser<'_>) -> String {
    browser.get("/api/v1/me").await.right::<Me>().account.id.to_string()
}

/// A page, and for whom it waits as it is told first.
async fn page(browser: &Browser<'_>, device: &str) -> (Events, Vec<String>) {
    let mut events = browser.events().await;
    events.send(json!({"ask": "here", "device": device})).await;
    let waits = events.until(|event| match event {
        Event::People { awaited, .. } => Some(awaited.iter().map(|one| one.account.to_string()).collect()),
        _ => None,
    });
    let waits = waits.await;
    (events, waits)
}

/// The next that is told of waiting.
async fn told(events: &mut Events) -> Value {
    let told = |event| matches!(event, Event::Awaited { .. } | Event::Free { .. }).then(|| json!(event));
    events.until(told).await
}

fn waits(whom: &[&str]) -> Value {
    let people: Vec<Value> = whom.iter().map(|one| json!({"account": one, "name": "bob"})).collect();
    json!({"event": "awaited", "people": people})
}

fn free(whom: &str) -> Value {
    json!({"event": "free", "person": {"account": whom, "name": "bob"}})
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_is_told_on_all_devices_when_somebody_is_free() {
    let server = Server::start().await;
    let ann = admin_of(&server).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let (mut one, none) = page(&ann, "d1").await;
    assert!(none.is_empty());
    bob.browser.put("/api/v1/me/presence", json!({"chosen": "busy"})).await.done();

    ann.put(&path(&bob.id), json!({})).await.done();
    assert_eq!(told(&mut one).await, waits(&[&bob.id]));
    let (mut two, known) = page(&ann, "d2").await;
    assert_eq!(known, std::slice::from_ref(&bob.id));
    ann.delete(&path(&bob.id)).await.done();
    ann.delete(&path(&bob.id)).await.done();
    ann.put(&path(&bob.id), json!({"anew": true})).await.done();
    for events in [&mut one, &mut two] {
        assert_eq!(told(events).await, waits(&[]));
        assert_eq!(told(events).await, waits(&[&bob.id]));
    }
    bob.browser.put("/api/v1/me/presence", json!({"chosen": "automatic"})).await.done();
    for events in [&mut one, &mut two] {
        assert_eq!(told(events).await, free(&bob.id));
    }
    assert!(page(&ann, "d3").await.1.is_empty(), "told, and waited for no longer");

    // Whoever is free is so at once, unless they did not answer.
    ann.put(&path(&bob.id), json!({"anew": true})).await.done();
    assert_eq!(told(&mut one).await, waits(&[&bob.id]));
    ann.put(&path(&bob.id), json!({})).await.done();
    assert_eq!(told(&mut one).await, waits(&[&bob.id]));
    assert_eq!(told(&mut one).await, free(&bob.id));

    let me = id(&ann).await;
    ann.put(&path(&me), json!({})).await.refused(422, "own_number");
    ann.put(&path("AC_00000000000000000000000000"), json!({})).await.refused(404, "not_found");
    ann.put(&path("nobody"), json!({})).await.refused(404, "not_found");
    ann.delete(&path("nobody")).await.refused(404, "not_found");
    ann.put(&path(&bob.id), json!({"until": 5})).await.refused(400, "bad_request");
    Browser::new(&server).put(&path(&bob.id), json!({})).await.refused(401, "sign_in_first");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_is_answered_like_everybody_and_never_told() {
    let server = Server::start().await;
    let ann = admin_of(&server).await;
    let bob = Phone::of(sign_up(&server, "bob").await).await;
    let cy = sign_up(&server, "cy").await;
    let (mut blocked, _) = page(&ann, "d1").await;
    let (mut other, _) = page(&cy, "d1").await;
    let entry = json!({"account": id(&ann).await, "entry": {"blocked": true}});
    bob.browser.post("/api/v1/contacts", entry).await.right::<Value>();
    ann.put(&path(&bob.id), json!({})).await.done();
    cy.put(&path(&bob.id), json!({"anew": true})).await.done();
    assert_eq!(told(&mut blocked).await, waits(&[&bob.id]));
    assert_eq!(told(&mut other).await, waits(&[&bob.id]));
    for chosen in ["busy", "automatic"] {
        bob.browser.put("/api/v1/me/presence", json!({"chosen": chosen})).await.done();
    }
    assert_eq!(told(&mut other).await, free(&bob.id));
    // Had they been told, that would come before their own presence.
    ann.put("/api/v1/me/presence", json!({"chosen": "away"})).await.done();
    let next = blocked.until(|event| match event {
        Event::Free { .. } => Some(false),
        Event::Presence { person } if person.presence == Presence::Away => Some(true),
        _ => None,
    });
    assert!(next.await, "who is blocked was told");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_everywhere_waits_for_nobody() {
    let server = Server::start().await;
    let bob = id(&admin_of(&server).await).await;
    let ann = sign_up(&server, "ann").await;
    ann.put(&path(&bob), json!({})).await.done();
    let second = sign_in(&server, "ann").await;
    ann.delete("/api/v1/session").await.done();
    assert_eq!(page(&second, "d1").await.1, std::slice::from_ref(&bob), "one of two devices is no matter");
    second.delete("/api/v1/session").await.done();
    let third = sign_in(&server, "ann").await;
    assert!(page(&third, "d1").await.1.is_empty());
    server.stop().await;
}
