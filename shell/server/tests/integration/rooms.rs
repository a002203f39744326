//! Rooms: who makes and changes them, who comes in and who waits, and what people do in their meetings.

use proto::{
    Person, Role,
    api::{Door, Entry, Event, Member, MyRoom, Room, RoomView},
};
use serde_json::json;

use crate::{
    harness::Server,
    people::{Browser, admin as admin_of, sign_in, sign_up, use_ticket},
};

fn path(room: &str) -> String {
    format!("/api/v1/rooms/{room}")
}

#[tokio::test]
async fn who_stops_waiting_is_at_the_door_no_more() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let inside = admin.enter(&room, "Ann").await;
    let mut host = admin.attend(&room).await;
    let gina = Browser::new(&server);
    assert!(matches!(gina.join(&room, "Gina").await.right(), Entry::Waiting { .. }));
    let mut page = gina.attend(&room).await;
    assert_eq!(page.next().await, Some(Event::Waiting { host_present: true, moved: false }));
    let waiting = host.meeting(|state| !state.waiting.is_empty()).await.waiting;
    // A line that is lost says nothing about whoever held it.
    drop(page);
    let mut page = gina.attend(&room).await;
    assert_eq!(page.next().await, Some(Event::Waiting { host_present: true, moved: false }));
    assert!(host.so_far().await.iter().all(|event| match event {
        Event::Meeting { state } => !state.waiting.is_empty(),
        _ => true,
    }));
    page.send(json!({"ask": "quit"})).await;
    host.meeting(|state| state.waiting.is_empty()).await;
    let person = &waiting[0].person;
    admin.act(&room, json!({"act": "admit", "person": person})).await.refused(404, "not_found");
    // Back at once, by the door as before.
    page.send(json!({"ask": "attend", "code": room})).await;
    assert_eq!(page.next().await, Some(Event::Outside));
    assert!(matches!(gina.join(&room, "Gina").await.right(), Entry::Waiting { .. }));
    assert_eq!(page.next().await, Some(Event::Waiting { host_present: true, moved: false }));
    admin.act(&room, json!({"act": "admit", "person": person})).await.done();
    assert!(matches!(page.next().await, Some(Event::Admitted { .. })));
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn a_room_is_made_listed_changed_and_deleted() {
    let server = Server::start().await;
    let ann = sign_up(&server, "ann").await;
    let made: RoomView = ann.post("/api/v1/rooms", json!({"title": " Tea ", "listed": true})).await.right();
    assert_eq!((made.role, made.door, made.count), (Role::Owner, Door::Open, 0));
    assert_eq!(made.policy.as_ref().map(|policy| policy.guests), Some(true));
    let code = &made.room.code;
    let instant: RoomView = ann.post("/api/v1/rooms", json!({})).await.right();
    assert_eq!(instant.room.title, "Meeting");
    let mine: Vec<MyRoom> = ann.get("/api/v1/rooms").await.right();
    assert_eq!(
        mine.iter().map(|room| (room.room.title.as_str(), room.listed)).collect::<Vec<_>>(),
        [("Tea", true), ("Meeting", false)],
        "instant ones can be found again, and come after those that are kept"
    );

    // What fits is counted in letters, as the page does.
    ann.patch(&path(code), json!({"description": "é".repeat(2_000)})).await.right::<Room>();
    let changed: Room = ann.patch(&path(code), json!({"title": "Coffee", "description": "Two\nlines"})).await.right();
    assert_eq!((changed.title.as_str(), changed.description.as_str()), ("Coffee", "Two\nlines"));
    assert_eq!(ann.get(&path(code)).await.right::<RoomView>().room, changed);
    for (body, status, problem) in [
        (json!({"title": ""}), 422, "bad_name"),
        (json!({"description": "x".repeat(2_001)}), 422, "bad_text"),
        (json!({"description": "a\u{1b}b"}), 422, "bad_text"),
        (json!({"policy": {"dances": true}}), 400, "bad_request"),
    ] {
        ann.patch(&path(code), body).await.refused(status, problem);
    }

    let bob = sign_up(&server, "bob").await;
    bob.patch(&path(code), json!({"title": "Mine"})).await.refused(403, "not_allowed");
    bob.delete(&path(code)).await.refused(403, "not_allowed");
    let guest = Browser::new(&server);
    guest.patch(&path(code), json!({"title": "Mine"})).await.refused(401, "sign_in_first");
    guest.delete(&path(code)).await.refused(401, "sign_in_first");
    guest.get("/api/v1/rooms").await.refused(401, "sign_in_first");

    let inside = ann.enter(code, "Ann").await;
    let now: Vec<MyRoom> = ann.get("/api/v1/rooms/now").await.right();
    assert_eq!((now.len(), now[0].count, now[0].present[0].name.as_str()), (1, 1, "Ann"));
    let mut events = ann.attend(code).await;
    events.meeting(|_| true).await;
    ann.delete(&path(code)).await.done();
    events.sees(&Event::Ended).await;
    ann.get(&path(code)).await.refused(404, "room_unknown");
    ann.join(code, "Ann").await.refused(404, "room_unknown");
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn who_may_make_rooms_is_a_setting() {
    let mut server = Server::start_bare(|_| {}).await;
    Browser::new(&server).post("/api/v1/rooms", json!({})).await.refused(403, "not_set_up");
    server.set_up().await;
    let (nobody, admin) = (Browser::new(&server), admin_of(&server).await);
    let ann = sign_up(&server, "ann").await;
    admin.patch("/api/v1/settings", json!({"create": "signedIn"})).await.right::<serde_json::Value>();
    nobody.post("/api/v1/rooms", json!({})).await.refused(401, "sign_in_first");
    ann.post("/api/v1/rooms", json!({})).await.right::<RoomView>();
    admin.patch("/api/v1/settings", json!({"create": "invited"})).await.right::<serde_json::Value>();
    ann.post("/api/v1/rooms", json!({})).await.refused(403, "not_allowed");
    admin.post("/api/v1/rooms", json!({})).await.right::<RoomView>();
    admin.patch("/api/v1/settings", json!({"create": "anyone"})).await.right::<serde_json::Value>();
    let room: RoomView = nobody.post("/api/v1/rooms", json!({"listed": true})).await.right();
    assert_eq!(room.role, Role::Guest, "nobody owns it");
    // Nobody could let anybody in, so nobody waits.
    Browser::new(&server).ticket(&room.room.code, "Somebody").await;
    server.stop().await;
}

#[tokio::test]
async fn guests_are_known_again_and_need_a_name() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let mut policy = serde_json::to_value(proto::Policy::OPEN).unwrap();
    admin.patch(&path(&room), json!({"policy": policy})).await.right::<Room>();
    let guest = Browser::new(&server);
    guest.post(&format!("{}/join", path(&room)), json!({})).await.refused(422, "bad_name");
    guest.join(&room, " \n ").await.refused(422, "bad_name");
    let first = guest.ticket(&room, "Gus").await;
    let second = guest.ticket(&room, "Gus").await;
    assert_eq!(first.person, second.person);
    assert_ne!(first.identity, second.identity, "each stay is its own");
    assert!(matches!(first.person, Person::Guest(_)));
    assert_ne!(Browser::new(&server).ticket(&room, "Gus").await.person, first.person);
    let mine = admin.post(&format!("{}/join", path(&room)), json!({})).await.right::<Entry>();
    assert!(matches!(mine, Entry::Admitted { .. }), "the name is the account's");

    policy["guests"] = json!(false);
    admin.patch(&path(&room), json!({"policy": policy})).await.right::<Room>();
    let stranger = Browser::new(&server);
    let view: RoomView = stranger.get(&path(&room)).await.right();
    assert_eq!((view.door, view.count, view.policy), (Door::MembersOnly, 0, None));
    stranger.join(&room, "Sly").await.refused(403, "members_only");
    sign_up(&server, "bob").await.ticket(&room, "Bob").await;
    server.stop().await;
}

#[tokio::test]
async fn a_guest_waits_until_somebody_lets_them_in() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    // Early, before anybody is there.
    let early = Browser::new(&server);
    let entry: Entry = early.join(&room, "Early").await.right();
    assert_eq!(entry, Entry::Waiting { host_present: false });
    let mut door = early.attend(&room).await;
    door.sees(&Event::Waiting { host_present: false, moved: false }).await;

    let host = admin.enter(&room, "Ann").await;
    door.sees(&Event::Waiting { host_present: true, moved: false }).await;
    let mut events = admin.attend(&room).await;
    let state = events.meeting(|state| !state.waiting.is_empty()).await;
    assert_eq!(state.waiting[0].name, "Early", "still held when the host comes");

    // What somebody sees who waits: no faces, no chat, no place on the media path.
    let view: RoomView = early.get(&path(&room)).await.right();
    assert_eq!((view.door, view.present.len(), view.role), (Door::Knock, 0, Role::Guest));
    early.get(&format!("{}/messages", path(&room))).await.refused(403, "not_in");
    early.write(&room, json!({"text": "hello"})).await.refused(403, "not_in");
    early.give(&room, "a.txt", b"hello").await.refused(403, "not_in");
    early.act(&room, json!({"act": "admitAll"})).await.refused(403, "not_in");

    let person = state.waiting[0].person.clone();
    admin.act(&room, json!({"act": "admit", "person": person})).await.done();
    let ticket = door
        .until(|event| match event {
            Event::Admitted { ticket } => Some(ticket),
            _ => None,
        })
        .await;
    assert_eq!((&ticket.person, ticket.room.code.as_str()), (&person, room.as_str()));
    let inside = use_ticket(&server, ticket).await;
    let state = door.meeting(|state| state.people.len() == 2).await;
    assert_eq!((state.role, state.waiting.len()), (Role::Guest, 0));
    assert_eq!(state.people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ann", "Early"]);
    assert_eq!(early.get(&path(&room)).await.right::<RoomView>().door, Door::Open, "the second time in one step");

    // Another one is not let in, and may ask again.
    let late = Browser::new(&server);
    late.join(&room, "Late").await.right::<Entry>();
    let mut door = late.attend(&room).await;
    door.sees(&Event::Waiting { host_present: true, moved: false }).await;
    let state = events.meeting(|state| state.waiting.iter().any(|knocker| knocker.name == "Late")).await;
    let deny = json!({"act": "deny", "person": state.waiting[0].person});
    early.act(&room, deny.clone()).await.refused(403, "not_allowed");
    admin.act(&room, deny.clone()).await.done();
    door.sees(&Event::Denied).await;
    admin.act(&room, deny).await.refused(404, "not_found");
    drop((host, inside));
    server.stop().await;
}

#[tokio::test]
async fn a_locked_room_takes_nobody_and_the_lock_is_kept() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let host = admin.enter(&room, "Ann").await;
    admin.act(&room, json!({"act": "lock", "on": true})).await.done();
    let bob = sign_up(&server, "bob").await;
    for browser in [&bob, &Browser::new(&server)] {
        assert_eq!(browser.get(&path(&room)).await.right::<RoomView>().door, Door::Locked);
        browser.join(&room, "Bob").await.refused(403, "locked");
    }
    admin.ticket(&room, "Ann").await;
    assert!(admin.get(&path(&room)).await.right::<RoomView>().policy.is_some_and(|policy| policy.locked));
    drop(host);
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    Browser::new(&server).join(&room, "Bob").await.refused(403, "locked");
    server.stop().await;
}

#[tokio::test]
async fn who_was_removed_for_good_stays_out_until_the_owner_says_otherwise() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let host = admin.enter(&room, "Ann").await;
    let bob = sign_up(&server, "bob").await;
    let ticket = bob.ticket(&room, "Bob").await;
    let mut inside = use_ticket(&server, ticket.clone()).await;
    let mut events = bob.attend(&room).await;
    events.meeting(|_| true).await;
    let remove = json!({"act": "remove", "person": inside.person, "mayReturn": false});
    bob.act(&room, remove.clone()).await.refused(403, "not_allowed");
    admin.act(&room, remove).await.done();
    events.sees(&Event::Removed { may_return: false }).await;
    assert!(inside.socket.leave().await.is_some(), "the media socket is closed");
    let again = server.socket(&format!("access_token={}", ticket.token), &[]).await;
    assert_eq!(again.err().map(|reply| reply.status), Some(403), "the old ticket is good for nothing");
    assert_eq!(bob.get(&path(&room)).await.right::<RoomView>().door, Door::Removed);
    bob.join(&room, "Bob").await.refused(403, "removed");

    drop(host);
    let (_, folder) = server.stop().await;
    let server = Server::start_bare(|raw| raw.data = Some(folder.path().to_owned())).await;
    let (admin, bob) = (admin_of(&server).await, sign_in(&server, "bob").await);
    bob.join(&room, "Bob").await.refused(403, "removed");
    admin.put(&format!("{}/members/bob", path(&room)), json!({"role": "member"})).await.done();
    bob.ticket(&room, "Bob").await;
    server.stop().await;
}

#[tokio::test]
async fn members_and_hosts_are_named_by_the_owner() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let ann = sign_up(&server, "ann").await;
    let bob = sign_up(&server, "bob").await;
    let room = ann.make_room().await.room.code;
    let member = |name: &str| format!("{}/members/{name}", path(&room));
    bob.put(&member("bob"), json!({"role": "host"})).await.refused(403, "not_allowed");
    ann.put(&member("nobody"), json!({"role": "host"})).await.refused(404, "not_found");
    ann.put(&member("bob"), json!({"role": "owner"})).await.refused(422, "bad_setting");
    ann.put(&member("ann"), json!({"role": "member"})).await.refused(403, "not_allowed");
    bob.get(&format!("{}/members", path(&room))).await.refused(403, "not_allowed");

    let inside = bob.enter(&room, "Bob").await;
    let mut events = bob.attend(&room).await;
    assert_eq!(events.meeting(|_| true).await.role, Role::Member);
    ann.put(&member("Bob"), json!({"role": "host"})).await.done();
    events.meeting(|state| state.role == Role::Host).await;
    let members: Vec<Member> = bob.get(&format!("{}/members", path(&room))).await.right();
    assert_eq!((members.len(), members[0].account.name.as_str(), members[0].role), (1, "bob", Role::Host));
    assert_eq!(bob.get("/api/v1/rooms").await.right::<Vec<MyRoom>>().len(), 1);
    assert_eq!(bob.get(&path(&room)).await.right::<RoomView>().role, Role::Host);
    // An administrator owns every room.
    assert_eq!(admin.get(&path(&room)).await.right::<RoomView>().role, Role::Owner);
    bob.delete(&member("bob")).await.done();
    events.meeting(|state| state.role == Role::Member).await;
    bob.delete(&member("bob")).await.refused(404, "not_found");
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn a_promotion_is_kept_before_it_is_answered_and_acts_are_for_those_who_may() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let bob = sign_up(&server, "bob").await;
    let room = admin.make_room().await.room.code;
    let acts = |person: &Person| {
        vec![
            json!({"act": "lock", "on": true}),
            json!({"act": "muteAll"}),
            json!({"act": "stopCameras"}),
            json!({"act": "allow", "what": "chat", "on": false}),
            json!({"act": "lobby", "lobby": "everyone"}),
            json!({"act": "mute", "person": person, "what": "microphone"}),
            json!({"act": "promote", "person": person}),
            json!({"act": "rename", "person": person, "name": "Fool"}),
            json!({"act": "remove", "person": person, "mayReturn": true}),
            json!({"act": "endForAll"}),
        ]
    };
    let host = admin.enter(&room, "Ann").await;
    let inside = bob.enter(&room, "Bob").await;
    for act in acts(&host.person) {
        bob.act(&room, act).await.refused(403, "not_allowed");
    }
    bob.act(&room, json!({"act": "hand", "up": true})).await.done();
    bob.act(&room, json!({"act": "react", "emoji": "👍"})).await.done();
    bob.act(&room, json!({"act": "react", "emoji": "<b>"})).await.refused(422, "bad_text");
    let outsider = Browser::new(&server);
    outsider.act(&room, json!({"act": "lock", "on": true})).await.refused(401, "sign_in_first");
    sign_up(&server, "cy").await.act(&room, json!({"act": "lock", "on": true})).await.refused(403, "not_in");
    bob.act(&room, json!({"act": "dance"})).await.refused(400, "bad_request");
    admin.act(&room, json!({"act": "rename", "person": inside.person, "name": "\n"})).await.refused(422, "bad_name");

    admin.act(&room, json!({"act": "promote", "person": inside.person})).await.done();
    assert_eq!(bob.get(&path(&room)).await.right::<RoomView>().role, Role::Host, "kept with the room");
    admin.act(&room, json!({"act": "demote", "person": inside.person})).await.done();
    assert_eq!(bob.get(&path(&room)).await.right::<RoomView>().role, Role::Member);
    let mut events = bob.attend(&room).await;
    events.meeting(|_| true).await;
    admin.act(&room, json!({"act": "endForAll"})).await.done();
    events.sees(&Event::Ended).await;
    drop((host, inside));
    server.stop().await;
}

#[tokio::test]
async fn a_whole_class_behind_one_address_comes_in_at_once() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let pupils: Vec<Browser<'_>> = (0..60).map(|_| Browser::new(&server)).collect();
    let views = futures_util::future::join_all(pupils.iter().map(|pupil| pupil.join(&room, "Pupil"))).await;
    assert!(views.iter().all(|reply| reply.status == 200), "nobody passes for somebody who guesses");
    server.stop().await;
}
