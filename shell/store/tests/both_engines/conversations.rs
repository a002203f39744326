//! Conversations between people: who is in them, what they read, and how far.

use proto::{AccountId, Person, RoomId, api};
use store::{AddMemberError, MakeConversationError, Store, StoredRoom};

use crate::{
    people::{NOW, QUOTA, file, kept_account, kept_room, line, line_id, room},
    support::on_both,
};

/// A room that is a conversation.
fn stored(number: u32) -> StoredRoom {
    let mut stored = room(number);
    stored.room.code = stored.room.id.to_string();
    stored
}

fn said(number: u32, by: AccountId) -> api::Message {
    line(number, &Person::Account(by))
}

fn deed(number: u32, by: AccountId, deed: api::Deed) -> api::Message {
    api::Message { text: String::new(), deed: Some(deed), ..said(number, by) }
}

fn made() -> api::Deed {
    api::Deed::Made { name: "Räume".to_owned() }
}

async fn between(store: &Store, one: AccountId, other: AccountId) -> RoomId {
    let stored = stored(1);
    store.make_conversation(&stored, &[one, other], None, 9).await.unwrap();
    stored.room.id
}

async fn unread(store: &Store, of: AccountId) -> Vec<(u64, u32)> {
    let seen = store.conversations_of(of, None).await.unwrap();
    seen.into_iter().map(|seen| (seen.conversation.number, seen.unread)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_have_one_conversation_whoever_begins_it() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        assert_eq!(store.conversation_between(ann, bob).await.unwrap(), None);
        let id = between(&store, ann, bob).await;
        let again = store.make_conversation(&stored(2), &[bob, ann], None, 9).await;
        assert!(matches!(again, Err(MakeConversationError::Taken)), "{again:?}");
        assert_eq!(store.room_by_id(stored(2).room.id).await.unwrap(), None, "nothing of it stays");
        for (one, other) in [(ann, bob), (bob, ann)] {
            assert_eq!(store.conversation_between(one, other).await.unwrap(), Some(id));
            let seen = store.conversations_of(one, None).await.unwrap();
            assert_eq!(seen.len(), 1);
            assert!(seen[0].conversation.name.is_none() && seen[0].last.is_none() && seen[0].read.is_none());
        }
        assert_eq!(store.conversation(id).await.unwrap().unwrap().people.len(), 2);
        assert_eq!(store.rooms_of(ann, 9).await.unwrap(), [], "it is none of their rooms");
        // Nothing was said: after a while it is forgotten, and can be begun again.
        store.forget_unused_rooms(NOW + 1_000_000).await.unwrap();
        assert_eq!(store.conversation_between(ann, bob).await.unwrap(), None);
        let id = between(&store, ann, bob).await;
        store.add_message(id, &said(3, ann)).await.unwrap();
        store.forget_unused_rooms(NOW + 1_000_000).await.unwrap();
        assert_eq!(store.conversation_between(ann, bob).await.unwrap(), Some(id));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted_and_what_was_read_is_kept() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let id = between(&store, ann, bob).await;
        for number in 2..5 {
            store.add_message(id, &said(number, ann)).await.unwrap();
        }
        assert_eq!(unread(&store, ann).await, [(3, 0)], "who writes has read");
        assert_eq!(unread(&store, bob).await, [(3, 3)]);
        assert!(store.mark_read(id, bob, line_id(3)).await.unwrap());
        assert_eq!((unread(&store, bob).await, store.unread(id, bob).await.unwrap()), (vec![(3, 1)], 1));
        assert!(!store.mark_read(id, bob, line_id(2)).await.unwrap(), "what was read stays so");
        assert!(!store.mark_read(id, bob, line_id(99)).await.unwrap(), "there is no such line");
        let seen = store.conversations_of(bob, Some(id)).await.unwrap().pop().unwrap();
        assert_eq!((seen.read, seen.last.unwrap().id), (Some(line_id(3)), line_id(4)));
        assert!(store.edit_message(id, line_id(4), "Otherwise").await.unwrap());
        assert!(store.react(id, line_id(4), &Person::Account(bob), "👍", true, NOW).await.unwrap());
        assert_eq!(unread(&store, bob).await, [(5, 1)]);
        store.delete_message(id, line_id(4)).await.unwrap();
        assert_eq!(unread(&store, bob).await, [(6, 0)]);
        // In a room the same lines are counted nowhere.
        let room = kept_room(&store, 9).await;
        store.add_message(room, &said(10, ann)).await.unwrap();
        assert_eq!(unread(&store, ann).await.len(), 1);
        for number in 11..120 {
            store.add_message(id, &said(number, ann)).await.unwrap();
        }
        assert_eq!(store.unread(id, bob).await.unwrap(), store::MOST_UNREAD);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_to_a_group_reads_from_then_on_and_who_left_reads_nothing() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let (cid, dan) = (kept_account(&store, 3).await.id, kept_account(&store, 4).await.id);
        let group = stored(1);
        let id = group.room.id;
        store.make_conversation(&group, &[ann, bob], Some(&deed(1, ann, made())), 9).await.unwrap();
        store.add_message(id, &said(2, bob)).await.unwrap();
        let added = api::Deed::Added { names: vec!["Cid".to_owned()] };
        store.add_to_conversation(id, &[cid], &deed(3, ann, added.clone()), 3).await.unwrap();
        let full = store.add_to_conversation(id, &[dan], &deed(4, ann, added.clone()), 3).await;
        assert!(matches!(full, Err(AddMemberError::Full)), "{full:?}");
        let lines = |lines: Vec<api::Message>| lines.into_iter().map(|line| line.id).collect::<Vec<_>>();
        let from = |of: AccountId| {
            let store = &store;
            async move {
                let kept = store.conversation(id).await.unwrap().unwrap();
                kept.people.iter().find(|talker| talker.account == of).map(|talker| talker.since)
            }
        };
        let history =
            async |of: AccountId, since| lines(store.history(id, &Person::Account(of), since, None, 9).await.unwrap());
        assert_eq!(history(ann, from(ann).await.unwrap()).await, [line_id(1), line_id(2), line_id(3)]);
        assert_eq!(history(cid, from(cid).await.unwrap()).await, [line_id(3)]);
        assert_eq!(store.message(id, line_id(3)).await.unwrap().unwrap().deed, Some(added));
        assert_eq!(unread(&store, cid).await, [(3, 0)], "what was done is nothing to be read");

        let renamed = deed(5, cid, api::Deed::Renamed { name: "Else".to_owned() });
        assert!(store.rename_conversation(id, &renamed, "Else").await.unwrap());
        assert!(!store.rename_conversation(id, &renamed, "Else").await.unwrap(), "it is called so");
        assert_eq!(store.conversation(id).await.unwrap().unwrap().name.as_deref(), Some("Else"));

        let given = file(1, id, &Person::Account(ann));
        store.add_file(&given, QUOTA).await.unwrap();
        for (number, who) in [(6, cid), (7, bob), (8, ann)] {
            store.leave_conversation(id, who, &deed(number, who, api::Deed::Left)).await.unwrap();
            assert_eq!(store.conversations_of(who, None).await.unwrap(), []);
            assert_eq!(from_or_none(&store, id, who).await, None);
        }
        assert_eq!(store.conversation(id).await.unwrap(), None);
        assert_eq!(store.forget_deserted(id).await.unwrap(), [given.file.id]);
        assert_eq!(store.room_by_id(id).await.unwrap(), None);
        let room = kept_room(&store, 9).await;
        assert_eq!(store.forget_deserted(room).await.unwrap(), []);
        assert!(store.room_by_id(room).await.unwrap().is_some(), "a room with a door stays");
    })
    .await;
}

async fn from_or_none(store: &Store, id: RoomId, of: AccountId) -> Option<u64> {
    let kept = store.conversation(id).await.unwrap()?;
    kept.people.iter().find(|talker| talker.account == of).map(|talker| talker.since)
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_begins_more_conversations_than_the_limit() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let cid = kept_account(&store, 3).await.id;
        let first = stored(1);
        store.make_conversation(&first, &[ann, bob], Some(&deed(1, ann, made())), 1).await.unwrap();
        for own in [Some(&deed(2, ann, made())), None] {
            let more = store.make_conversation(&stored(2), &[ann, cid], own, 1).await;
            assert!(matches!(more, Err(MakeConversationError::Full)), "{more:?}");
        }
        // What others begin uses up nothing of theirs, else anybody could keep them from beginning any.
        store.make_conversation(&stored(2), &[cid, bob], Some(&deed(2, cid, made())), 1).await.unwrap();
        let added = api::Deed::Added { names: Vec::new() };
        store.add_to_conversation(first.room.id, &[cid], &deed(4, ann, added), 9).await.unwrap();
        store.make_conversation(&stored(3), &[bob, cid], None, 1).await.unwrap();
        // Nor is there place for another once they have left what they began.
        store.leave_conversation(first.room.id, ann, &deed(5, ann, api::Deed::Left)).await.unwrap();
        let more = store.make_conversation(&stored(4), &[ann, cid], None, 1).await;
        assert!(matches!(more, Err(MakeConversationError::Full)), "{more:?}");
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_that_everybody_left_are_found() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let group = stored(1);
        store.make_conversation(&group, &[ann, bob], Some(&deed(1, ann, made())), 9).await.unwrap();
        store.make_conversation(&stored(2), &[ann, bob], None, 9).await.unwrap();
        store.leave_conversation(group.room.id, ann, &deed(3, ann, api::Deed::Left)).await.unwrap();
        assert_eq!(store.deserted_conversations(9).await.unwrap(), []);
        store.leave_conversation(group.room.id, bob, &deed(4, bob, api::Deed::Left)).await.unwrap();
        assert_eq!(store.deserted_conversations(9).await.unwrap(), [group.room.id]);
        assert_eq!(store.deserted_conversations(0).await.unwrap(), []);
        store.forget_deserted(group.room.id).await.unwrap();
        assert_eq!(store.deserted_conversations(9).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_lines_of_a_conversation_are_looked_at_and_no_more() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let id = between(&store, ann, bob).await;
        let text = |number, text: &str| api::Message { text: text.to_owned(), ..said(number, ann) };
        store.add_message(id, &text(2, "the needle")).await.unwrap();
        store.add_message(id, &text(3, "the thimble")).await.unwrap();
        for number in 4..=6 {
            store.add_message(id, &text(number, "hay")).await.unwrap();
        }
        let find = async |what: &str, before: Option<u32>| {
            let found = store.find_lines(bob, what, None, before.map(line_id), 9, 4).await.unwrap();
            let all = store.finds_all(bob, None, before.map(line_id), 4).await.unwrap();
            (found.into_iter().map(|(_, line)| line.id).collect::<Vec<_>>(), all)
        };
        assert_eq!(find("thimble", None).await, (vec![line_id(3)], false), "the first of those that are looked at");
        assert_eq!(find("needle", None).await, (vec![], false));
        assert_eq!(find("needle", Some(6)).await, (vec![line_id(2)], true));
        assert!(store.finds_all(bob, Some(room(9).room.id), None, 0).await.unwrap(), "of nothing that is all");
        // Whoever came later has no older ones.
        let cid = kept_account(&store, 3).await.id;
        assert!(store.finds_all(cid, None, None, 4).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_found_in_whatever_case_by_those_who_may_read_them() {
    on_both(async |store, _| {
        let (ann, bob) = (kept_account(&store, 1).await.id, kept_account(&store, 2).await.id);
        let cid = kept_account(&store, 3).await.id;
        let id = between(&store, ann, bob).await;
        let text = |number, by, text: &str| api::Message { text: text.to_owned(), ..said(number, by) };
        store.add_message(id, &text(2, ann, "100 % Äpfel_Birnen!")).await.unwrap();
        store.add_message(id, &text(3, bob, "nothing of it")).await.unwrap();
        let given = file(2, id, &Person::Account(ann));
        store.add_file(&given, QUOTA).await.unwrap();
        store.add_message(id, &api::Message { file: Some(given.file), ..text(4, ann, "") }).await.unwrap();
        let find = async |who, text: &str, only| {
            let found = store.find_lines(who, text, only, None, 9, 99).await.unwrap();
            found.into_iter().map(|(room, line)| (room, line.id)).collect::<Vec<_>>()
        };
        assert_eq!(find(bob, "äPFEL", None).await, [(id, line_id(2))]);
        assert_eq!(find(bob, "ÜBERSICHT", Some(id)).await, [(id, line_id(4))]);
        assert_eq!(find(bob, "%", None).await, [(id, line_id(2))], "a sign is itself");
        assert_eq!(find(bob, "l_b", None).await, [(id, line_id(2))]);
        assert_eq!(find(bob, "l.b", None).await, []);
        assert_eq!(find(bob, "birnen!", None).await, [(id, line_id(2))]);
        assert_eq!(find(bob, "äpfel", Some(room(9).room.id)).await, []);
        assert_eq!(find(cid, "äpfel", None).await, [], "who is not in it finds nothing");
        store.edit_message(id, line_id(2), "Kirschen").await.unwrap();
        assert_eq!(find(bob, "äpfel", None).await, []);
        assert_eq!(find(ann, "KIRSCHEN", None).await, [(id, line_id(2))]);
        let before = store.find_lines(ann, "n", None, Some(line_id(3)), 9, 99).await.unwrap();
        assert_eq!(before.len(), 1);
    })
    .await;
}
