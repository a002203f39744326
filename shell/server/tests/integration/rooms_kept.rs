//! What is kept of rooms: meetings that were only begun, and policies that several people change at once.

use proto::{
    Lobby, Policy, RoomId,
    api::{MyRoom, Room, RoomView},
};
use serde_json::json;
use store::{Store, StoredRoom, Target};

use crate::{
    harness::Server,
    people::{admin as admin_of, sign_up},
};

fn path(room: &str) -> String {
    format!("/api/v1/rooms/{room}")
}

#[tokio::test]
async fn a_meeting_that_was_only_begun_is_found_again_and_can_be_kept() {
    let server = Server::start().await;
    let ann = sign_up(&server, "ann").await;
    let begun: RoomView = ann.post("/api/v1/rooms", json!({})).await.right();
    let code = &begun.room.code;
    let inside = ann.enter(code, "Ann").await;
    let now: Vec<MyRoom> = ann.get("/api/v1/rooms/now").await.right();
    assert_eq!((now.len(), now[0].room.code.as_str(), now[0].listed), (1, code.as_str(), false));
    drop(inside);
    ann.patch(&path(code), json!({"listed": true})).await.right::<Room>();
    let mine: Vec<MyRoom> = ann.get("/api/v1/rooms").await.right();
    assert_eq!((mine.len(), mine[0].listed), (1, true));
    let bob = sign_up(&server, "bob").await;
    bob.patch(&path(code), json!({"listed": false})).await.refused(403, "not_allowed");
    server.stop().await;
}

#[tokio::test]
async fn a_change_of_one_thing_leaves_what_others_changed_meanwhile() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let inside = admin.enter(&room, "Ada").await;
    let mut events = admin.attend(&room).await;
    events.meeting(|_| true).await;
    // The page about the room was opened before this.
    admin.act(&room, json!({"act": "lock", "on": true})).await.done();
    admin.patch(&path(&room), json!({"policy": {"history": false}})).await.right::<Room>();
    let live = events.meeting(|state| !state.policy.history).await.policy;
    assert_eq!(live, Policy { locked: true, history: false, ..Policy::OWNED });
    assert_eq!(admin.get(&path(&room)).await.right::<RoomView>().policy, Some(live));
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn decisions_at_once_are_all_kept() {
    let server = Server::start().await;
    let admin = admin_of(&server).await;
    let room = admin.make_room().await.room.code;
    let inside = admin.enter(&room, "Ada").await;
    let mut events = admin.attend(&room).await;
    for round in 0..10 {
        let on = round % 2 == 0;
        let lobby = if on { Lobby::Everyone } else { Lobby::Off };
        let share = json!({"policy": {"share": !on}});
        let at = path(&room);
        let (lock, wait, forbid) = tokio::join!(
            admin.act(&room, json!({"act": "lock", "on": on})),
            admin.act(&room, json!({"act": "lobby", "lobby": lobby})),
            admin.patch(&at, share),
        );
        lock.done();
        wait.done();
        forbid.right::<Room>();
        let wanted = Policy { locked: on, lobby, share: !on, ..Policy::OWNED };
        assert_eq!(admin.get(&at).await.right::<RoomView>().policy.as_ref(), Some(&wanted), "kept, in round {round}");
        events.meeting(|state| state.policy == wanted).await;
    }
    drop(inside);
    server.stop().await;
}

#[tokio::test]
async fn an_account_keeps_so_many_rooms() {
    let server = Server::start().await;
    let ann = sign_up(&server, "ann").await;
    let kept = json!({"listed": true});
    let first: RoomView = ann.post("/api/v1/rooms", kept.clone()).await.right();
    let store = Store::open(&Target::Sqlite(server.folder.path().to_owned())).await.unwrap();
    let stored = store.room_by_code(&first.room.code).await.unwrap().unwrap();
    let more: Vec<StoredRoom> = (1..999)
        .map(|number| {
            let room = Room { id: RoomId::from(number), code: format!("more-{number}"), ..stored.room.clone() };
            StoredRoom { room, ..stored.clone() }
        })
        .collect();
    let made = futures_util::future::join_all(more.iter().map(|room| store.create_room(room))).await;
    assert!(made.iter().all(Result::is_ok));
    store.close().await;
    ann.post("/api/v1/rooms", kept.clone()).await.right::<RoomView>();
    ann.post("/api/v1/rooms", kept).await.refused(409, "too_many");
    let begun: RoomView = ann.post("/api/v1/rooms", json!({})).await.right();
    ann.patch(&path(&begun.room.code), json!({"listed": true})).await.refused(409, "too_many");
    server.stop().await;
}
