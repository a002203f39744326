//! Who has no business in a meeting any more, and what others cannot do to those who have.

use proto::{
    Role,
    api::{AccountRow, Ban, Door, Entry, Event, Problem, Ratings, RoomView},
    livekit::{DisconnectReason, signal_response::Message as Response},
};
use serde_json::{Value, json};

use crate::{
    harness::{PASSWORD, Server},
    people::{Browser, admin as admin_of, sign_in, sign_up, use_ticket},
};

fn path(room: &str) -> String {
    format!("/api/v1/rooms/{room}")
}

/// The id of an account.
async fn id_of(admin: &Browser<'_>, name: &str) -> String {
    let accounts: Vec<AccountRow> = admin.get("/api/v1/accounts").await.right();
    accounts.iter().find(|row| row.account.name == name).unwrap().account.id.to_string()
}

#[tokio::test]
async fn an_account_that_is_shut_out_does_not_come_in_with_a_ticket_from_before() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let rooms = [admin.make_room().await.room.code, bob.make_room().await.room.code];
    let mut tickets = Vec::new();
    for room in &rooms {
        tickets.push(bob.ticket(room, "Bob").await);
    }
    let id = id_of(&admin, "bob").await;
    admin.patch(&format!("/api/v1/accounts/{id}"), json!({"disabled": true})).await.right::<Value>();
    for ticket in tickets {
        let refused = server.socket(&format!("access_token={}", ticket.token), &[]).await;
        assert_eq!(refused.err().map(|reply| reply.status), Some(403));
        // Clients ask there what was wrong.
        let asked = server.get(&format!("/rtc/v1/validate?access_token={}", ticket.token)).await;
        assert_eq!(asked.status, 403);
    }
    server.stop().await;
}

#[tokio::test]
async fn signing_a_device_out_or_changing_the_password_ends_what_it_sees_and_hears() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let bob = sign_up(&server, "bob").await;
    let stolen = sign_in(&server, "bob").await;
    let ticket = stolen.ticket(&room, "Bob").await;
    let mut inside = use_ticket(&server, ticket.clone()).await;
    let devices: Vec<Value> = bob.get("/api/v1/me/devices").await.right();
    let there = devices.iter().find(|device| device["current"] == json!(false)).unwrap();
    bob.delete(&format!("/api/v1/me/devices/{}", there["id"].as_str().unwrap())).await.done();
    assert!(inside.socket.leave().await.is_some(), "its media socket is closed");
    let mut again = server.socket(&format!("access_token={}", ticket.token), &[]).await.expect("an upgrade");
    assert!(again.leave().await.is_some(), "its token counts no more");
    // Who is signed in comes back by the door.
    let mut here = bob.enter(&room, "Bob").await;
    let changed = json!({"current": PASSWORD, "new": "another password for the tests"});
    bob.put("/api/v1/me/password", changed).await.done();
    assert!(here.socket.leave().await.is_some());
    bob.ticket(&room, "Bob").await;
    server.stop().await;
}

#[tokio::test]
async fn who_administers_no_more_leads_no_running_meeting() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let (ann, bob) = (sign_up(&server, "ann").await, sign_up(&server, "bob").await);
    let id = id_of(&admin, "bob").await;
    let account = format!("/api/v1/accounts/{id}");
    admin.patch(&account, json!({"admin": true})).await.right::<Value>();
    let room = ann.make_room().await.room.code;
    let inside = bob.enter(&room, "Bob").await;
    let mut events = bob.attend(&room).await;
    assert_eq!(events.meeting(|_| true).await.role, Role::Owner);
    admin.patch(&account, json!({"admin": false})).await.right::<Value>();
    assert_eq!(events.meeting(|state| state.role != Role::Owner).await.role, Role::Member);
    bob.act(&room, json!({"act": "endForAll"})).await.refused(403, "not_allowed");
    drop(inside);
    // Coming back makes nothing of it either.
    let inside = bob.enter(&room, "Bob").await;
    bob.act(&room, json!({"act": "lock", "on": true})).await.refused(403, "not_allowed");
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn a_host_of_one_meeting_belongs_to_its_room_no_longer() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let room = admin.make_room().await.room.code;
    let (host, inside) = (admin.enter(&room, "Ada").await, bob.enter(&room, "Bob").await);
    for (act, rooms) in [("promote", 1), ("demote", 0)] {
        admin.act(&room, json!({"act": act, "person": inside.person})).await.done();
        assert_eq!(bob.get("/api/v1/rooms").await.right::<Vec<Value>>().len(), rooms, "{act}");
    }
    drop((host, inside));
    server.stop().await;
}

#[tokio::test]
async fn those_who_lead_see_who_is_kept_out_and_let_them_back() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let bans = format!("{}/bans", path(&room));
    let host = admin.enter(&room, "Ada").await;
    admin.act(&room, json!({"act": "lobby", "lobby": "off"})).await.done();
    let gus = Browser::new(&server);
    let inside = gus.enter(&room, "Gus").await;
    admin.act(&room, json!({"act": "remove", "person": inside.person, "mayReturn": false})).await.done();
    let listed: Vec<Ban> = admin.get(&bans).await.right();
    assert_eq!((listed.len(), &listed[0].person, listed[0].name.as_str()), (1, &inside.person, "Gus"));
    assert!(listed[0].at > 0);
    let bob = sign_up(&server, "bob").await;
    bob.get(&bans).await.refused(403, "not_allowed");
    let one = format!("{bans}/{}", inside.person);
    bob.delete(&one).await.refused(403, "not_allowed");
    gus.delete(&one).await.refused(401, "sign_in_first");
    gus.join(&room, "Gus").await.refused(403, "removed");
    admin.delete(&one).await.done();
    admin.delete(&one).await.refused(404, "not_found");
    assert_eq!(admin.get(&bans).await.right::<Vec<Ban>>(), []);
    // While the same meeting goes on, too.
    assert_eq!(gus.get(&path(&room)).await.right::<RoomView>().door, Door::Open);
    let inside = gus.enter(&room, "Gus").await;
    drop((host, inside));
    server.stop().await;
}

#[tokio::test]
async fn one_address_cannot_keep_everybody_else_from_the_door() {
    let server = Server::start_with(|raw| raw.behind_proxy = Some(true)).await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let knock = async |from: &str| {
        let headers = [("x-forwarded-for", from)];
        Browser::new(&server).ask("POST", &format!("{}/join", path(&room)), &headers, br#"{"name": "Sly"}"#).await
    };
    let mut waiting = 0;
    let refused = loop {
        let reply = knock("192.0.2.1").await;
        if reply.status != 200 {
            break reply;
        }
        waiting += 1;
    };
    refused.refused(429, "too_often");
    assert!((60..75).contains(&waiting), "{waiting} waited");
    let wait = refused.json::<Problem>().wait.unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(refused.header("retry-after"), wait.to_string());
    let honest: Entry = knock("192.0.2.2").await.right();
    assert!(matches!(honest, Entry::Waiting { .. }));
    server.stop().await;
}

#[tokio::test]
async fn wrong_codes_of_a_neighbour_silence_nobody_in_a_meeting() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let inside = admin.enter(&room, "Ada").await;
    let mut events = admin.attend(&room).await;
    events.meeting(|_| true).await;
    // The same address, as behind one router.
    let neighbour = Browser::new(&server);
    let refused = loop {
        let reply = neighbour.get("/api/v1/rooms/baba-baba-baba").await;
        if reply.status == 429 {
            break reply;
        }
    };
    let wait = refused.json::<Problem>().wait.unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    neighbour.get(&path(&room)).await.refused(429, "too_often");
    admin.write(&room, json!({"text": "hello"})).await.right::<Value>();
    admin.act(&room, json!({"act": "hand", "up": true})).await.done();
    admin.get(&format!("{}/messages", path(&room))).await.right::<Value>();
    admin.give(&room, "a.txt", b"hello").await.right::<Value>();
    let mut again = admin.attend(&room).await;
    assert!(matches!(again.next().await, Some(Event::Meeting { .. })));
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn who_comes_back_under_another_name_is_called_by_it() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let host = admin.enter(&room, "Ada").await;
    let mut events = admin.attend(&room).await;
    let bob = sign_up(&server, "bob").await;
    let inside = bob.enter(&room, "Bbo").await;
    events.meeting(|state| state.people.iter().any(|one| one.name == "Bbo")).await;
    let ticket = bob.ticket(&room, "Bob").await;
    let again = use_ticket(&server, ticket).await;
    events.meeting(|state| state.people.iter().any(|one| one.name == "Bob")).await;
    drop((host, inside, again));
    server.stop().await;
}

#[tokio::test]
async fn who_was_in_says_how_it_was_and_the_owner_reads_numbers() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let ratings = format!("{}/ratings", path(&room));
    let host = admin.enter(&room, "Ada").await;
    admin.act(&room, json!({"act": "lobby", "lobby": "off"})).await.done();
    let gus = Browser::new(&server);
    drop(gus.enter(&room, "Gus").await);
    gus.post(&ratings, json!({"stars": 2, "reasons": ["sound", "share"]})).await.done();
    gus.post(&ratings, json!({"stars": 3, "reasons": ["sound"]})).await.done();
    admin.post(&ratings, json!({"stars": 5})).await.done();
    for stars in [0, 6] {
        gus.post(&ratings, json!({"stars": stars})).await.refused(422, "bad_setting");
    }
    let bob = sign_up(&server, "bob").await;
    bob.post(&ratings, json!({"stars": 1})).await.refused(403, "not_in");
    bob.get(&ratings).await.refused(403, "not_allowed");
    gus.get(&ratings).await.refused(401, "sign_in_first");
    let counted: Ratings = admin.get(&ratings).await.right();
    assert_eq!(counted, Ratings { stars: vec![0, 0, 1, 0, 1], sound: 1, ..Ratings::default() });
    // Also when nobody is in any more.
    drop(host);
    gus.post(&ratings, json!({"stars": 4})).await.done();
    assert_eq!(admin.get(&ratings).await.right::<Ratings>().stars, [0, 0, 0, 1, 1]);
    server.stop().await;
}

#[tokio::test]
async fn who_is_in_already_is_told_so_at_the_door_and_goes_on_with_one_device() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    assert_eq!(admin.get(&path(&room)).await.right::<RoomView>().here, 0);
    let mut first = admin.enter(&room, "Ada").await;
    assert_eq!(admin.get(&path(&room)).await.right::<RoomView>().here, 1);
    let bob = sign_up(&server, "bob").await;
    assert_eq!(bob.get(&path(&room)).await.right::<RoomView>().here, 0, "of others nothing is told");
    let second = admin.enter(&room, "Ada").await;
    assert_eq!(admin.get(&path(&room)).await.right::<RoomView>().here, 2);
    admin.act(&room, json!({"act": "moveHere", "identity": second.identity})).await.done();
    let reason = loop {
        match first.socket.response().await {
            Some(Response::Leave(leave)) => break leave.reason(),
            Some(_) => {}
            None => panic!("closed without a word"),
        }
    };
    assert_eq!(reason, DisconnectReason::DuplicateIdentity);
    assert_eq!(admin.get(&path(&room)).await.right::<RoomView>().here, 1);
    drop(second);
    server.stop().await;
}
