//! What is kept of meetings that go on.

use proto::{
    AccountId, Memory, Person, Policy, Role,
    memory::{Barred, Remembered, Return, Seat},
};
use store::{RoomChange, StoredMeeting};

use crate::{
    people::{NOW, guest, room},
    support::{execute, on_both},
};

fn memory() -> Memory {
    let person = Person::Account(AccountId::from(7));
    Memory {
        began: NOW,
        paused: true,
        spotlight: Some(person.clone()),
        people: vec![Remembered {
            person: person.clone(),
            name: "Ann 'the' Ärztin".to_owned(),
            renamed: true,
            avatar: Some("/picture".to_owned()),
            role: Role::Host,
            since: NOW,
            expected: false,
            hand: Some(NOW + 1),
            seats: vec![Seat { identity: person.identity("d1"), joined: NOW + 2 }],
        }],
        barred: vec![Barred { person: guest(1), way: Return::Lobby, until: NOW + 3 }],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_remembered_as_it_was_last_and_forgotten_when_it_is_over() {
    on_both(async |store, _| {
        for number in [1, 2] {
            store.create_room(&room(number)).await.unwrap();
        }
        let quiet = Memory { paused: false, spotlight: None, ..memory() };
        store.remember("code-1", &quiet, NOW).await.unwrap();
        store.remember("code-1", &memory(), NOW + 5).await.unwrap();
        store.remember("code-2", &quiet, NOW + 5).await.unwrap();
        store.remember("no-such-room", &quiet, NOW + 5).await.unwrap();
        let change = RoomChange { policy: Some(&Policy::OWNED), ..RoomChange::default() };
        store.change_room(room(1).room.id, &change).await.unwrap();
        let stored =
            |code: &str, policy, memory, seen_at| StoredMeeting { code: code.to_owned(), policy, memory, seen_at };
        let first = stored("code-1", Policy::OWNED, memory(), NOW + 5);
        let second = stored("code-2", Policy::OPEN, quiet, NOW + 5);
        assert_eq!(store.meetings().await.unwrap(), [first.clone(), second]);
        store.remember("code-2", &Memory::default(), NOW + 6).await.unwrap();
        assert_eq!(store.meetings().await.unwrap(), [first]);
        store.delete_room(room(1).room.id).await.unwrap();
        assert_eq!(store.meetings().await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn meetings_of_a_server_that_is_long_gone_are_told_from_those_of_one_that_lives() {
    on_both(async |store, target| {
        for number in [1, 2] {
            store.create_room(&room(number)).await.unwrap();
            store.remember(&format!("code-{number}"), &memory(), NOW + u64::from(number)).await.unwrap();
        }
        store.touch_meetings(NOW + 2, NOW + 60).await.unwrap();
        store.forget_meetings(NOW + 2).await.unwrap();
        let left = store.meetings().await.unwrap();
        assert_eq!(left.iter().map(|one| (&*one.code, one.seen_at)).collect::<Vec<_>>(), [("code-2", NOW + 60)]);
        // Of another version, or written by hand.
        execute(&target, "UPDATE meeting SET memory = '{\"people\":7}'").await;
        assert_eq!(store.meetings().await.unwrap()[0].memory, Memory::default());
        store.close().await;
    })
    .await;
}
