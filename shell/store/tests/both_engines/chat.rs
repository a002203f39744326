//! Lines of the chat and reactions to them.

use proto::{MessageId, Person, RoomId, api};
use store::{AddMessageError, DeleteMessageError, MOST_EMOJI, MOST_REACTIONS, ReadError, WriteError};

use crate::{
    people::{NOW, QUOTA, file, guest, kept_account, kept_room, line, line_id, outside},
    support::{execute, on_both},
};

fn ids(messages: &[api::Message]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

fn numbers(numbers: impl IntoIterator<Item = u32>) -> Vec<MessageId> {
    numbers.into_iter().map(line_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_kept_changed_and_deleted() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        let ann = kept_account(&store, 1).await;
        let given = file(2, id, &Person::Account(ann.id));
        store.add_file(&given, QUOTA).await.unwrap();
        let first = line(1, &guest(1));
        let answer = api::Message {
            to: Some(guest(1)),
            reply_to: Some(first.id),
            file: Some(given.file.clone()),
            ..line(2, &Person::Account(ann.id))
        };
        let robot = line(3, &outside());
        for message in [&first, &answer, &robot] {
            store.add_message(id, message).await.unwrap();
            assert_eq!(store.message(id, message.id).await.unwrap().as_ref(), Some(message));
            assert_eq!(store.message(other, message.id).await.unwrap(), None, "not by way of another room");
        }
        let error = store.add_message(id, &first).await.unwrap_err();
        assert!(matches!(error, AddMessageError::Write(WriteError::Database(_))), "{error}");
        let error = store.add_message(RoomId::from(7), &line(9, &guest(1))).await.unwrap_err();
        assert!(matches!(error, AddMessageError::RoomGone), "{error}");

        assert!(!store.edit_message(other, first.id, "x").await.unwrap());
        assert!(store.edit_message(id, first.id, "'; --").await.unwrap());
        let edited = api::Message { text: "'; --".to_owned(), edited: true, ..first.clone() };
        assert_eq!(store.message(id, first.id).await.unwrap(), Some(edited));

        assert!(matches!(store.delete_message(other, answer.id).await, Err(DeleteMessageError::Unknown)));
        assert!(store.message(id, answer.id).await.unwrap().is_some_and(|kept| kept.file.is_some()));
        assert_eq!(store.delete_message(id, first.id).await.unwrap(), None);
        let orphan = store.message(id, answer.id).await.unwrap().unwrap();
        assert_eq!(orphan.reply_to, Some(first.id), "the answer still says what it answered");
        assert_eq!(store.delete_message(id, answer.id).await.unwrap(), Some(given.file.id));
        assert_eq!(store.file(id, given.file.id).await.unwrap(), None);
        assert!(matches!(store.delete_message(id, answer.id).await, Err(DeleteMessageError::Unknown)));
        assert!(!store.edit_message(id, answer.id, "x").await.unwrap());
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_is_read_in_pages_from_its_end() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        for number in 1..=25 {
            store.add_message(id, &line(number, &guest(1))).await.unwrap();
            store.add_message(other, &line(100 + number, &guest(1))).await.unwrap();
        }
        let page = store.history(id, &guest(2), 0, None, 10).await.unwrap();
        assert_eq!(page, (16..=25).map(|number| line(number, &guest(1))).collect::<Vec<_>>());
        let page = store.history(id, &guest(2), 0, Some(page[0].id), 10).await.unwrap();
        assert_eq!(ids(&page), numbers(6..=15));
        let page = store.history(id, &guest(2), 0, Some(page[0].id), 10).await.unwrap();
        assert_eq!(ids(&page), numbers(1..=5));
        assert_eq!(store.history(id, &guest(2), 0, Some(page[0].id), 10).await.unwrap(), []);
        // Who came later sees what was written since, where the room wants that.
        let since = store.history(id, &guest(2), NOW + 23, None, 10).await.unwrap();
        assert_eq!(ids(&since), numbers(23..=25));
        assert_eq!(store.history(id, &guest(2), NOW + 26, None, 10).await.unwrap(), []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_to_one_is_read_by_two() {
    on_both(async |store, _| {
        let id = kept_room(&store, 1).await;
        let private = |number, from, to: u32| api::Message { to: Some(guest(to)), ..line(number, &guest(from)) };
        for message in [private(1, 1, 2), line(2, &guest(1)), private(3, 2, 1), private(4, 2, 3), private(5, 3, 3)] {
            store.add_message(id, &message).await.unwrap();
        }
        let seen = async |person: Person| ids(&store.history(id, &person, 0, None, 10).await.unwrap());
        assert_eq!(seen(guest(1)).await, numbers([1, 2, 3]));
        assert_eq!(seen(guest(2)).await, numbers([1, 2, 3, 4]));
        assert_eq!(seen(guest(3)).await, numbers([2, 4, 5]));
        assert_eq!(seen(guest(4)).await, numbers([2]));
        // Somebody from outside whose identity reads like that of the guest.
        assert_eq!(seen(Person::Other(guest(1).to_string().parse().unwrap())).await, numbers([2]));
        // What one may not read takes no place on the page.
        assert_eq!(ids(&store.history(id, &guest(4), 0, None, 1).await.unwrap()), numbers([2]));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_takes_the_file_that_its_writer_gave_once() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        let (mine, theirs, elsewhere) = (file(1, id, &guest(1)), file(2, id, &guest(2)), file(3, other, &guest(1)));
        for file in [&mine, &theirs, &elsewhere] {
            store.add_file(file, QUOTA).await.unwrap();
        }
        let with = |number, file: api::File| api::Message { file: Some(file), ..line(number, &guest(1)) };
        for file in [theirs.file, elsewhere.file, file(4, id, &guest(1)).file] {
            let error = store.add_message(id, &with(1, file)).await.unwrap_err();
            assert!(matches!(error, AddMessageError::FileGone), "{error}");
            assert_eq!(store.message(id, line(1, &guest(1)).id).await.unwrap(), None, "nor is the line kept");
        }
        store.add_message(id, &with(2, mine.file.clone())).await.unwrap();
        let error = store.add_message(id, &with(3, mine.file.clone())).await.unwrap_err();
        assert!(matches!(error, AddMessageError::FileGone), "{error}");
        let page = store.history(id, &guest(5), 0, None, 10).await.unwrap();
        assert_eq!(page, [with(2, mine.file)]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_stand_under_their_line_in_order_of_first_use() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        let (first, second) = (line(1, &guest(1)), line(2, &guest(1)));
        for line in [&first, &second] {
            store.add_message(id, line).await.unwrap();
        }
        let react = async |message: &api::Message, who: &Person, emoji, on, at| {
            store.react(id, message.id, who, emoji, on, NOW + at).await.unwrap()
        };
        assert!(react(&first, &guest(2), "🎉", true, 5).await);
        assert!(react(&first, &guest(1), "👍", true, 6).await);
        assert!(react(&first, &outside(), "🎉", true, 7).await);
        assert!(react(&second, &guest(1), "🎉", true, 8).await);
        assert!(!react(&first, &guest(2), "🎉", true, 9).await, "it is there");
        assert!(!react(&first, &guest(3), "🎉", false, 9).await, "it is not there");
        assert!(!react(&line(9, &guest(1)), &guest(1), "🎉", true, 9).await, "no such line");
        assert!(!store.react(other, first.id, &guest(1), "🎉", true, NOW).await.unwrap(), "not in that room");
        assert!(!store.react(other, first.id, &guest(2), "🎉", false, NOW).await.unwrap(), "not in that room");

        let reaction =
            |emoji: &str, people: &[Person]| api::Reaction { emoji: emoji.to_owned(), people: people.to_vec() };
        let under = async || {
            let page = store.history(id, &guest(1), 0, None, 10).await.unwrap();
            page.into_iter().map(|message| message.reactions).collect::<Vec<_>>()
        };
        let both = [reaction("🎉", &[guest(2), outside()]), reaction("👍", &[guest(1)])];
        assert_eq!(under().await, [both.to_vec(), vec![reaction("🎉", &[guest(1)])]]);
        assert_eq!(store.message(id, first.id).await.unwrap().unwrap().reactions, both);

        assert!(react(&first, &guest(2), "🎉", false, 10).await);
        assert_eq!(under().await[0], [reaction("👍", &[guest(1)]), reaction("🎉", &[outside()])]);
        store.delete_message(id, first.id).await.unwrap();
        assert_eq!(under().await, [[reaction("🎉", &[guest(1)])]]);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_bears_so_many_reactions_and_no_more() {
    on_both(async |store, target| {
        let id = kept_room(&store, 1).await;
        let line = line(1, &guest(1));
        store.add_message(id, &line).await.unwrap();
        let react = async |who: u32, emoji: u32, on| {
            store.react(id, line.id, &guest(who), &format!("emoji-{emoji}"), on, NOW).await.unwrap()
        };
        for emoji in 0..MOST_EMOJI {
            assert!(react(1, emoji, true).await);
        }
        assert!(!react(1, MOST_EMOJI, true).await, "one emoji more");
        assert!(react(2, 0, true).await, "one that is there already");
        assert!(react(1, 1, false).await && react(1, MOST_EMOJI, true).await, "one that went made place");

        // All but two of the others, by a shorter way: numbers from 1,001 have as many digits.
        let fill = "INSERT INTO reaction (message, emoji, person, at) \
                    WITH RECURSIVE n (i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n WHERE i < 1977) \
                    SELECT message.id, 'emoji-0', 'guest_000000000000' || i, 1 FROM n, message";
        assert_eq!(MOST_REACTIONS, (MOST_EMOJI + 1) + 977 + 2, "the numbers above");
        execute(&target, fill).await;
        assert!(react(3, 0, true).await && react(4, 0, true).await);
        assert!(!react(5, 0, true).await, "one reaction more");
        let kept = store.message(id, line.id).await.unwrap().unwrap();
        let all: usize = kept.reactions.iter().map(|reaction| reaction.people.len()).sum();
        assert_eq!(all, MOST_REACTIONS as usize);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_line_is_an_error_and_not_a_panic() {
    on_both(async |store, target| {
        let id = kept_room(&store, 1).await;
        let line = line(1, &guest(1));
        store.add_message(id, &line).await.unwrap();
        store.react(id, line.id, &guest(1), "👍", true, NOW).await.unwrap();
        for damage in [
            "UPDATE reaction SET person = 'guest_'",
            "UPDATE message SET reply_to = 'x'",
            "UPDATE message SET recipient = 'x'",
            "UPDATE message SET sender = 'x'",
        ] {
            execute(&target, damage).await;
            let error = store.message(id, line.id).await.unwrap_err();
            assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
        }
        store.close().await;
    })
    .await;
}
