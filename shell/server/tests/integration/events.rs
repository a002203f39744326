//! The event socket: who opens one, what it reads, and what ends it.

use proto::{
    Presence,
    api::{Event, Me, Problem},
};
use serde_json::json;
use store::{Store, Target};
use tokio_tungstenite::tungstenite::Message;

use crate::{
    harness::Server,
    people::{Browser, Events, admin as admin_of, sign_in, sign_up},
};

fn refused(event: Option<Event>) -> Option<String> {
    match event {
        Some(Event::Refused { problem: Problem { code, .. } }) => Some(code),
        _ => None,
    }
}

#[tokio::test]
async fn only_our_own_pages_open_one_and_only_for_somebody() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let own = format!("http://{}", server.web());
    for (headers, opened) in [
        (vec![], Ok(())),
        (vec![("origin", own.as_str())], Ok(())),
        (vec![("origin", own.as_str()), ("sec-fetch-site", "same-origin")], Ok(())),
        (vec![("origin", "http://evil.test")], Err(403)),
        (vec![("origin", "null")], Err(403)),
        (vec![("sec-fetch-site", "cross-site")], Err(403)),
        (vec![("sec-fetch-site", "same-site")], Err(403)),
    ] {
        assert_eq!(admin.events_with(&headers).await.map(drop), opened, "{headers:?}");
    }
    assert_eq!(Browser::new(&server).events_with(&[]).await.err(), Some(401));
    admin.get("/api/v1/events").await.refused(400, "bad_request");
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_attended_is_refused_and_the_socket_stays() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let room = admin.make_room().await.room.code;
    let mut events = bob.attend("nono-nono-nono").await;
    assert_eq!(refused(events.next().await).as_deref(), Some("room_unknown"));
    events.send(json!({"ask": "attend", "code": room})).await;
    assert_eq!(events.next().await, Some(Event::Outside));
    events.send(json!({"ask": "ping"})).await;
    assert_eq!(events.next().await, Some(Event::Pong));
    // Who has quit is told no more.
    let inside = (admin.enter(&room, "Ann").await, bob.enter(&room, "Bob").await);
    events.meeting(|_| true).await;
    events.send(json!({"ask": "quit"})).await;
    events.so_far().await;
    admin.act(&room, json!({"act": "lock", "on": true})).await.done();
    assert_eq!(events.so_far().await, []);
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn codes_are_guessed_no_faster_over_the_socket() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let mut events = bob.events().await;
    let mut told = Vec::new();
    for _ in 0..20 {
        events.send(json!({"ask": "attend", "code": "nono-nono-nono"})).await;
        told.push(refused(events.next().await).unwrap());
    }
    assert_eq!(told[0], "room_unknown");
    assert_eq!(told[19], "too_often");
    server.stop().await;
}

#[tokio::test]
async fn nonsense_ends_the_socket_with_a_reason() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let deep = format!(r#"{{"ask":"attend","code":{}"#, "[".repeat(30_000));
    for (message, code) in [
        (Message::Text("{".into()), "bad_request"),
        (Message::Text("null".into()), "bad_request"),
        (Message::Text(r#"{"ask":"dance"}"#.into()), "bad_request"),
        (Message::Text(deep.into()), "bad_request"),
        (Message::Binary(vec![1, 2, 3].into()), "bad_request"),
        (Message::Text(format!(r#"{{"ask":"attend","code":"{}"}}"#, "x".repeat(70_000)).into()), "too_large"),
    ] {
        let mut events = admin.events().await;
        events.raw(message.clone()).await;
        assert_eq!(refused(events.next().await).as_deref(), Some(code), "{message:.40}");
        assert_eq!(events.next().await, None);
    }
    assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
    server.stop().await;
}

#[tokio::test]
async fn a_page_that_says_nothing_is_given_up() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let mut silent = admin.events().await;
    let mut awake = admin.events().await;
    awake.so_far().await;
    // Nothing else of this test waits for tokio's clock.
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    tokio::time::resume();
    assert_eq!(silent.next().await, None, "no first word");
    assert_eq!(awake.so_far().await, [], "the other has said something");
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(66)).await;
    tokio::time::resume();
    assert_eq!(awake.next().await, None);
    server.stop().await;
}

#[tokio::test]
async fn a_flood_is_slowed_down_and_not_punished() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let mut events = bob.events().await;
    let began = std::time::Instant::now();
    for _ in 0..230 {
        events.send(json!({"ask": "ping"})).await;
    }
    for _ in 0..230 {
        assert_eq!(events.next().await, Some(Event::Pong));
    }
    // 200 at once, 30 at 50 a second.
    assert!(began.elapsed().as_millis() >= 500, "{:?}", began.elapsed());
    server.stop().await;
}

#[tokio::test]
async fn whoever_is_signed_out_elsewhere_is_told_nothing_more() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let elsewhere = sign_in(&server, "bob").await;
    let mut events = elsewhere.events().await;
    assert_eq!(events.so_far().await, []);
    let devices: Vec<proto::api::Device> = bob.get("/api/v1/me/devices").await.right();
    let other = devices.iter().find(|device| !device.current).unwrap();
    bob.delete(&format!("/api/v1/me/devices/{}", other.id)).await.done();
    assert_eq!(refused(events.next().await).as_deref(), Some("sign_in_first"));
    assert_eq!(events.next().await, None);
    server.stop().await;
}

#[tokio::test]
async fn whoever_signs_out_is_there_no_more_whatever_the_page_asks() {
    let server = Server::start().await;
    let mut admin = admin_of(&server).await.events().await;
    admin.send(json!({"ask": "here", "device": "d1"})).await;
    let bob = sign_up(&server, "bob").await;
    let other = sign_in(&server, "bob").await;
    let mut events = bob.events().await;
    let mut others = other.events().await;
    events.send(json!({"ask": "here", "device": "d1"})).await;
    let is = |wanted: Presence| {
        move |event| match event {
            Event::Presence { person } if person.presence == wanted => Some(person.account),
            _ => None,
        }
    };
    events.until(is(Presence::Available)).await;
    admin.until(is(Presence::Available)).await;
    // Only asks that need nobody to be known.
    events.send(json!({"ask": "quit"})).await;
    bob.delete("/api/v1/session").await.done();
    let refusal = async |events: &mut Events| loop {
        if let Some(code) = refused(events.next().await) {
            return code;
        }
    };
    assert_eq!(refusal(&mut events).await, "sign_in_first");
    // The page does not take its leave, and nobody waits for that.
    admin.until(is(Presence::Offline)).await;
    assert_eq!(others.so_far().await, [], "another session goes on");
    let id = other.get("/api/v1/me").await.right::<Me>().account.id;
    server.by_admin("PATCH", &format!("/api/v1/accounts/{id}"), r#"{"disabled":true}"#).await;
    assert_eq!(refusal(&mut others).await, "sign_in_first");
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_is_over_unheard_of_ends_the_socket_all_the_same() {
    let server = Server::start().await;
    let bob = sign_up(&server, "bob").await;
    let mut events = bob.events().await;
    assert_eq!(events.so_far().await, []);
    // As somebody does who resets a password from the command line.
    let store = Store::open(&Target::Sqlite(server.folder.path().to_owned())).await.unwrap();
    let id = bob.get("/api/v1/me").await.right::<Me>().account.id;
    let session = store.sessions(id).await.unwrap().remove(0).id;
    assert!(store.close_session(id, &session).await.unwrap());
    store.close().await;
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(61)).await;
    tokio::time::resume();
    assert_eq!(refused(events.next().await).as_deref(), Some("sign_in_first"));
    server.stop().await;
}

#[tokio::test]
async fn a_page_that_only_beats_is_given_up() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let mut events = admin.events().await;
    for _ in 0..3 {
        events.raw(Message::Ping(Default::default())).await;
        assert_eq!(server.metric("parlor_tasks_broken_total ").await, "0");
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_secs(5)).await;
        tokio::time::resume();
    }
    assert_eq!(events.next().await, None, "no first word");
    server.stop().await;
}

#[tokio::test]
async fn stopping_closes_it_and_ends_right() {
    let server = Server::start().await;
    let mut events = admin_of(&server).await.events().await;
    assert_eq!(events.so_far().await, []);
    let closed = tokio::spawn(async move { events.next().await });
    let (exit, _folder) = server.stop().await;
    assert_eq!(exit, server::Exit::Right);
    assert_eq!(closed.await.unwrap(), None);
}
