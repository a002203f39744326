//! Rooms, their members, bans, and how their meetings were.

use proto::{AccountId, Lobby, Person, Policy, Role, RoomId, api};
use store::{
    AccountChange, Ban, ChangeRoomError, CreateRoomError, DeleteRoomError, ReadError, RoomChange, StoredRating,
    StoredRoom,
};

use crate::{
    people::{NOW, QUOTA, file, guest, kept_account, kept_room, line, outside, room},
    support::{execute, on_both},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_kept_found_changed_and_deleted() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        let first = StoredRoom { owner: Some(ann.id), listed: true, policy: Policy::OWNED, ..room(1) };
        let (id, code) = (first.room.id, first.room.code.as_str());
        assert_eq!(store.room_by_code(code).await.unwrap(), None);
        store.create_room(&first).await.unwrap();
        assert_eq!(store.room_by_code(code).await.unwrap().as_ref(), Some(&first));
        assert_eq!(store.room_by_id(id).await.unwrap().as_ref(), Some(&first));
        let other = kept_room(&store, 2).await;

        let change = RoomChange::default();
        store.change_room(id, &RoomChange { title: Some("Robert'); DROP TABLE room; --"), ..change }).await.unwrap();
        store.change_room(id, &RoomChange { description: Some(""), ..change }).await.unwrap();
        let policy = Policy { lobby: Lobby::Everyone, locked: true, history: false, ..Policy::OPEN };
        store.change_room(id, &RoomChange { policy: Some(&policy), ..change }).await.unwrap();
        store.change_room(id, &change).await.unwrap();
        let title = "Robert'); DROP TABLE room; --".to_owned();
        let changed = api::Room { title, description: String::new(), ..first.room.clone() };
        let changed = StoredRoom { room: changed, policy, ..first };
        assert_eq!(store.room_by_id(id).await.unwrap(), Some(changed));
        assert_eq!(store.room_by_id(other).await.unwrap(), Some(room(2)));

        assert_eq!(store.delete_room(id).await.unwrap(), []);
        assert_eq!(store.room_by_id(id).await.unwrap(), None);
        let error = store.change_room(id, &RoomChange { title: Some("x"), ..change }).await.unwrap_err();
        assert!(matches!(error, ChangeRoomError::Unknown), "{error}");
        assert!(matches!(store.delete_room(id).await, Err(DeleteRoomError::Unknown)));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_given_once() {
    on_both(async |store, _| {
        let first = room(1);
        store.create_room(&first).await.unwrap();
        let mut second = room(2);
        second.room.code.clone_from(&first.room.code);
        assert!(matches!(store.create_room(&second).await, Err(CreateRoomError::CodeTaken)));
        assert_eq!(store.room_by_code(&first.room.code).await.unwrap(), Some(first));
        assert_eq!(store.room_by_id(second.room.id).await.unwrap(), None);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_listed_in_pages_in_the_order_of_their_making() {
    on_both(async |store, _| {
        let rooms: Vec<StoredRoom> = (0..25).map(|number| room(number * 1_000)).collect();
        for room in rooms.iter().rev() {
            store.create_room(room).await.unwrap();
        }
        let mut listed: Vec<StoredRoom> = Vec::new();
        loop {
            let page = store.list_rooms(listed.last().map(|stored| stored.room.id), 10).await.unwrap();
            if page.is_empty() {
                break;
            }
            listed.extend(page);
        }
        assert_eq!(listed, rooms);
        assert_eq!(store.list_rooms(None, 0).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mine_are_the_rooms_that_i_own_and_those_that_i_belong_to_listed_ones_first() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        let owned = |number, listed| StoredRoom { owner: Some(ann.id), listed, ..room(number) };
        let theirs = StoredRoom { owner: Some(bob.id), listed: true, ..room(4) };
        for room in [&owned(1, true), &owned(2, false), &room(3), &theirs, &owned(5, true), &room(6)] {
            store.create_room(room).await.unwrap();
        }
        let member = async |room: &StoredRoom, role| {
            assert!(store.set_room_member(room.room.id, ann.id, role).await.unwrap());
        };
        member(&room(3), Role::Member).await;
        member(&theirs, Role::Host).await;
        // Who owns a room is its owner, also when it stands among the members.
        member(&owned(5, true), Role::Member).await;

        let all = [
            (owned(5, true), Role::Owner),
            (theirs.clone(), Role::Host),
            (owned(1, true), Role::Owner),
            (room(3), Role::Member),
            (owned(2, false), Role::Owner),
        ];
        assert_eq!(store.rooms_of(ann.id, 10).await.unwrap(), all);
        assert_eq!(store.rooms_of(ann.id, 2).await.unwrap(), all[..2]);
        assert_eq!(store.rooms_of(bob.id, 10).await.unwrap(), [(theirs, Role::Owner)]);
        assert_eq!(store.rooms_of(AccountId::from(77), 10).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_is_to_a_room() {
    on_both(async |store, _| {
        let (admin, ann, bob) =
            (kept_account(&store, 10).await, kept_account(&store, 1).await, kept_account(&store, 2).await);
        let owned = StoredRoom { owner: Some(ann.id), ..room(1) };
        store.create_room(&owned).await.unwrap();
        let id = owned.room.id;
        let role = async |person: Person| store.room_role(id, &person).await.unwrap();
        assert_eq!(role(Person::Account(admin.id)).await, Some(Role::Owner));
        assert_eq!(role(Person::Account(ann.id)).await, Some(Role::Owner));
        assert_eq!(role(Person::Account(bob.id)).await, Some(Role::Member));
        assert_eq!(role(guest(1)).await, Some(Role::Guest));
        assert_eq!(role(outside()).await, Some(Role::Guest));
        assert_eq!(role(Person::Account(AccountId::from(77))).await, Some(Role::Guest));
        // An identity that reads like an account is none.
        assert_eq!(role(Person::Other(ann.id.to_string().parse().unwrap())).await, Some(Role::Guest));
        assert_eq!(store.room_role(RoomId::from(7), &Person::Account(admin.id)).await.unwrap(), None);

        for as_what in [Role::Host, Role::Member, Role::Host] {
            assert!(store.set_room_member(id, bob.id, as_what).await.unwrap());
            assert_eq!(role(Person::Account(bob.id)).await, Some(as_what));
        }
        let out = AccountChange { disabled: Some(true), ..AccountChange::default() };
        store.change_account(bob.id, &out).await.unwrap();
        assert_eq!(role(Person::Account(bob.id)).await, Some(Role::Guest), "who is shut out leads nothing");
        store.change_account(ann.id, &out).await.unwrap();
        assert_eq!(role(Person::Account(ann.id)).await, Some(Role::Guest), "also in a room of their own");
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_come_and_go() {
    on_both(async |store, _| {
        let accounts = [kept_account(&store, 3).await, kept_account(&store, 1).await, kept_account(&store, 2).await];
        let [cid, ann, bob] = &accounts;
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        assert!(!store.set_room_member(RoomId::from(7), ann.id, Role::Host).await.unwrap(), "no such room");
        assert!(!store.set_room_member(id, AccountId::from(77), Role::Host).await.unwrap(), "no such account");
        for (account, role) in [(ann, Role::Member), (cid, Role::Host), (bob, Role::Member)] {
            assert!(store.set_room_member(id, account.id, role).await.unwrap());
        }
        let expected = [(cid.clone(), Role::Host), (ann.clone(), Role::Member), (bob.clone(), Role::Member)];
        assert_eq!(store.room_members(id).await.unwrap(), expected);
        assert_eq!(store.room_members(other).await.unwrap(), []);
        assert!(store.remove_room_member(id, cid.id).await.unwrap());
        assert!(!store.remove_room_member(id, cid.id).await.unwrap());
        assert!(!store.remove_room_member(other, ann.id).await.unwrap());
        assert_eq!(store.room_members(id).await.unwrap(), expected[1..]);
        store.close().await;
    })
    .await;
}

fn ban(person: &Person, at: u64) -> Ban {
    Ban { person: person.clone(), name: "somebody".to_owned(), at }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_stays_out_of_that_room() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        let everybody = [Person::Account(AccountId::from(1)), guest(1), guest(2), outside()];
        for person in &everybody {
            assert!(!store.is_banned(id, person).await.unwrap());
            store.ban(id, &ban(person, NOW)).await.unwrap();
            store.ban(id, &ban(person, NOW + 1)).await.unwrap();
            assert!(store.is_banned(id, person).await.unwrap());
            assert!(!store.is_banned(other, person).await.unwrap());
        }
        assert!(store.unban(id, &guest(1)).await.unwrap());
        assert!(!store.unban(id, &guest(1)).await.unwrap());
        assert!(!store.is_banned(id, &guest(1)).await.unwrap());
        assert!(store.is_banned(id, &guest(2)).await.unwrap());
        let listed = store.bans(id, 10).await.unwrap();
        assert_eq!(listed.iter().map(|ban| &ban.person).collect::<std::collections::BTreeSet<_>>().len(), 3);
        assert!(listed.iter().all(|ban| ban.name == "somebody" && ban.at == NOW));
        assert_eq!(store.bans(id, 2).await.unwrap().len(), 2);
        // A room that is gone meanwhile keeps nobody out.
        store.ban(RoomId::from(7), &ban(&guest(1), NOW)).await.unwrap();
        store.close().await;
    })
    .await;
}

fn rating(at: u64, stars: u32) -> StoredRating {
    StoredRating { at, stars, sound: stars < 3, picture: false, share: false, connection: stars == 1 }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_meeting_the_last_word_of_each_counts() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        let hour = 60 * 60 * 1_000;
        let rate = async |room, who: &Person, rating: StoredRating| {
            store.rate(room, who, &rating, rating.at - 8 * hour, rating.at - 100 * hour).await.unwrap()
        };
        assert!(rate(id, &guest(1), rating(NOW, 1)).await);
        assert!(rate(id, &guest(1), rating(NOW + hour, 4)).await);
        assert!(rate(id, &guest(2), rating(NOW + hour, 5)).await);
        assert!(rate(other, &guest(1), rating(NOW + hour, 2)).await);
        assert_eq!(store.ratings(id, 10).await.unwrap(), [rating(NOW + hour, 4), rating(NOW + hour, 5)]);
        assert!(rate(id, &guest(1), rating(NOW + 20 * hour, 2)).await);
        assert_eq!(store.ratings(id, 10).await.unwrap().len(), 3, "of another meeting");
        assert_eq!(store.ratings(id, 1).await.unwrap(), [rating(NOW + 20 * hour, 2)], "the last first");
        assert!(rate(id, &guest(2), rating(NOW + 110 * hour, 3)).await);
        assert_eq!(store.ratings(id, 10).await.unwrap(), [rating(NOW + 110 * hour, 3), rating(NOW + 20 * hour, 2)]);
        store.delete_room(id).await.unwrap();
        assert_eq!(store.ratings(id, 10).await.unwrap(), []);
        assert!(!rate(id, &guest(1), rating(NOW, 1)).await, "the room is gone");
        assert_eq!(store.ratings(other, 10).await.unwrap(), [rating(NOW + hour, 2)]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_room_goes_all_that_belongs_to_it() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        for (number, room) in [(1, id), (2, id), (3, other)] {
            let file = file(number, room, &guest(1));
            store.add_file(&file, QUOTA).await.unwrap();
            // The second comes with no line.
            let with = (number != 2).then_some(file.file);
            store.add_message(room, &api::Message { file: with, ..line(number, &guest(1)) }).await.unwrap();
            assert!(store.react(room, line(number, &guest(1)).id, &guest(2), "👍", true, NOW).await.unwrap());
        }
        for room in [id, other] {
            store.set_room_member(room, ann.id, Role::Host).await.unwrap();
            store.ban(room, &ban(&guest(9), NOW)).await.unwrap();
        }
        let mut files = store.delete_room(id).await.unwrap();
        files.sort();
        assert_eq!(files, [file(1, id, &guest(1)).file.id, file(2, id, &guest(1)).file.id]);
        assert_eq!(store.history(id, &guest(1), 0, None, 10).await.unwrap(), []);
        assert_eq!(store.room_members(id).await.unwrap(), []);
        assert_eq!(store.files_size(id).await.unwrap(), 0);
        assert!(!store.is_banned(id, &guest(9)).await.unwrap());

        let left = store.history(other, &guest(1), 0, None, 10).await.unwrap();
        assert!(left[0].file.is_some() && left[0].reactions.len() == 1, "{left:?}");
        assert_eq!(store.room_members(other).await.unwrap().len(), 1);
        assert!(store.is_banned(other, &guest(9)).await.unwrap());
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_outlives_the_account_that_made_it() {
    on_both(async |store, target| {
        let ann = kept_account(&store, 1).await;
        let owned = StoredRoom { owner: Some(ann.id), ..room(1) };
        store.create_room(&owned).await.unwrap();
        store.set_room_member(owned.room.id, ann.id, Role::Host).await.unwrap();
        execute(&target, "DELETE FROM account").await;
        assert_eq!(store.room_by_id(owned.room.id).await.unwrap(), Some(room(1)));
        assert_eq!(store.room_members(owned.room.id).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_is_an_error_and_not_a_panic() {
    on_both(async |store, target| {
        for (number, damage) in [
            "UPDATE room SET id = 'nonsense' WHERE code = 'code-0'",
            "UPDATE room SET created_at = -1 WHERE code = 'code-1'",
            "UPDATE room SET owner = id WHERE code = 'code-2'",
            "UPDATE room SET policy = '{}' WHERE code = 'code-3'",
        ]
        .into_iter()
        .enumerate()
        {
            let room = room(number as u32);
            store.create_room(&room).await.unwrap();
            if damage.contains("owner") {
                execute(&target, "INSERT INTO account SELECT id, id, id, id, id, 0, 0, 0, NULL, 0 FROM room").await;
            }
            execute(&target, damage).await;
            let error = store.room_by_code(&room.room.code).await.unwrap_err();
            assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
        }
        assert_eq!(store.room_by_id(RoomId::from(2)).await.unwrap(), None);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_one_meeting_belongs_to_the_room_no_longer_than_that() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await, kept_account(&store, 2).await);
        let id = kept_room(&store, 1).await;
        store.set_room_member(id, bob.id, Role::Member).await.unwrap();
        for account in [&ann, &bob] {
            assert!(store.promote(id, account.id).await.unwrap());
            assert_eq!(store.room_role(id, &Person::Account(account.id)).await.unwrap(), Some(Role::Host));
            store.demote(id, account.id).await.unwrap();
        }
        assert_eq!(
            store.room_members(id).await.unwrap(),
            [(bob, Role::Member)],
            "who belonged to it before still does"
        );
        store.promote(id, ann.id).await.unwrap();
        store.set_room_member(id, ann.id, Role::Host).await.unwrap();
        store.demote(id, ann.id).await.unwrap();
        assert_eq!(store.room_members(id).await.unwrap().len(), 2, "and whom the owner took up meanwhile");
        assert!(!store.promote(RoomId::from(7), ann.id).await.unwrap());
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_that_nobody_kept_or_used_are_forgotten() {
    on_both(async |store, _| {
        let ann = kept_account(&store, 1).await;
        let owned = |number, listed| StoredRoom { owner: Some(ann.id), listed, ..room(number) };
        let rooms: Vec<StoredRoom> = vec![
            owned(1, true),
            owned(2, false),
            owned(3, false),
            owned(4, false),
            owned(5, false),
            room(6),
            owned(7, false),
        ];
        for room in &rooms {
            store.create_room(room).await.unwrap();
        }
        let id = |number: usize| rooms[number - 1].room.id;
        store.add_message(id(3), &line(1, &guest(1))).await.unwrap();
        store.add_file(&file(1, id(4), &guest(1)), QUOTA).await.unwrap();
        store.touch_room(id(5), NOW + 2_000).await.unwrap();
        assert_eq!(store.room_by_id(id(5)).await.unwrap().unwrap().used_at, NOW + 2_000);
        store.promote(id(2), ann.id).await.unwrap();
        store.set_room_member(id(7), ann.id, Role::Member).await.unwrap();
        assert_eq!(store.rooms_kept(ann.id).await.unwrap(), 1);
        assert_eq!(store.forget_unused_rooms(NOW).await.unwrap(), []);
        assert_eq!(store.forget_unused_rooms(NOW + 1_000).await.unwrap(), [id(2)]);
        assert_eq!(store.forget_unused_rooms(NOW + 3_000).await.unwrap(), [id(5)]);
        store.change_room(id(3), &RoomChange { listed: Some(true), ..RoomChange::default() }).await.unwrap();
        assert_eq!(store.rooms_kept(ann.id).await.unwrap(), 2);
        store.close().await;
    })
    .await;
}
