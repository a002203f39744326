//! Files of rooms.

use proto::{FileId, Person, RoomId, api};
use store::{AddFileError, ReadError, WriteError};

use crate::{
    people::{NOW, QUOTA, file, guest, kept_room, line},
    support::{execute, on_both},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_and_found_in_its_room() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        // The second has a preview.
        for number in [1, 2] {
            let file = file(number, id, &guest(1));
            store.add_file(&file, QUOTA).await.unwrap();
            assert_eq!(store.file(id, file.file.id).await.unwrap().as_ref(), Some(&file));
            assert_eq!(store.file(other, file.file.id).await.unwrap(), None);
        }
        assert_eq!(store.file(id, FileId::from(9)).await.unwrap(), None);
        let error = store.add_file(&file(3, RoomId::from(7), &guest(1)), QUOTA).await.unwrap_err();
        assert!(matches!(error, AddFileError::Write(WriteError::Database(_))), "{error}");
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_holds_so_many_bytes_however_many_come_at_once() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        store.add_file(&file(1_000, other, &guest(1)), 1_000).await.unwrap();
        let many: Vec<_> = (1..=20)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move { store.add_file(&file(number, id, &guest(1)), 5_999).await })
            })
            .collect();
        let mut kept = 0;
        for one in many {
            match one.await.unwrap() {
                Ok(()) => kept += 1,
                Err(error) => assert!(matches!(error, AddFileError::Full), "{error}"),
            }
        }
        assert_eq!(kept, 5);
        assert_eq!(store.files_size(id).await.unwrap(), 5_000);
        assert_eq!(store.files_size(other).await.unwrap(), 1_000);
        assert_eq!(store.files_size(RoomId::from(7)).await.unwrap(), 0);
        store.add_file(&file(100, id, &guest(1)), 6_000).await.unwrap();
        assert!(matches!(store.add_file(&file(101, id, &guest(1)), 6_000).await, Err(AddFileError::Full)));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_by_those_who_may_read_its_line() {
    on_both(async |store, _| {
        let (id, other) = (kept_room(&store, 1).await, kept_room(&store, 2).await);
        let [open, private, alone] = [1, 2, 3].map(|number| file(number, id, &guest(1)));
        for file in [&open, &private, &alone] {
            store.add_file(file, QUOTA).await.unwrap();
        }
        let with = |number, file: &api::File| api::Message { file: Some(file.clone()), ..line(number, &guest(1)) };
        store.add_message(id, &with(1, &open.file)).await.unwrap();
        store.add_message(id, &api::Message { to: Some(guest(2)), ..with(2, &private.file) }).await.unwrap();
        let reads = async |person: Person, from| {
            let mut read = Vec::new();
            for file in [&open, &private, &alone] {
                let found = store.file_for(id, file.file.id, &person, from).await.unwrap();
                read.push(found.is_some_and(|found| found == *file));
            }
            read
        };
        assert_eq!(reads(guest(1), 0).await, [true, true, true]);
        assert_eq!(reads(guest(2), 0).await, [true, true, false]);
        assert_eq!(reads(guest(3), 0).await, [true, false, false]);
        assert_eq!(reads(guest(3), NOW + 1).await, [true, false, false]);
        assert_eq!(reads(guest(3), NOW + 2).await, [false, false, false], "written before they came");
        assert_eq!(reads(guest(1), NOW + 9).await, [true, true, true], "what is one's own");
        assert_eq!(store.file_for(other, open.file.id, &guest(1), 0).await.unwrap(), None);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_no_line_came_with_are_found_and_forgotten() {
    on_both(async |store, _| {
        let id = kept_room(&store, 1).await;
        let files = [1, 2, 3].map(|number| file(number, id, &guest(1)));
        for file in &files {
            store.add_file(file, QUOTA).await.unwrap();
        }
        let [first, second, third] = files.map(|stored| stored.file);
        let with = |number, file: &api::File| api::Message { file: Some(file.clone()), ..line(number, &guest(1)) };
        store.add_message(id, &with(1, &first)).await.unwrap();
        assert_eq!(store.orphaned_files(NOW + 3).await.unwrap(), [second.id]);
        assert_eq!(store.orphaned_files(NOW + 4).await.unwrap(), [second.id, third.id]);

        // Between finding and forgetting somebody may have sent it.
        store.add_message(id, &with(2, &second)).await.unwrap();
        assert!(!store.forget_file(second.id).await.unwrap());
        assert!(store.forget_file(third.id).await.unwrap());
        assert!(!store.forget_file(third.id).await.unwrap());
        assert_eq!(store.orphaned_files(u64::MAX).await.unwrap(), []);
        assert_eq!(store.files_size(id).await.unwrap(), 2_000);
        let known = async |from, to| store.known_files(FileId::from(from), FileId::from(to)).await.unwrap();
        assert_eq!(known(0, u128::MAX).await, [first.id, second.id]);
        assert_eq!(known(2, 2).await, [second.id]);
        assert_eq!(known(3, 9).await, []);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_an_error_and_not_a_panic() {
    on_both(async |store, target| {
        let id = kept_room(&store, 1).await;
        let given = file(2, id, &guest(1));
        store.add_file(&given, QUOTA).await.unwrap();
        for damage in ["UPDATE file SET preview_width = -1", "UPDATE file SET size = -1"] {
            execute(&target, damage).await;
            let error = store.file(id, given.file.id).await.unwrap_err();
            assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
        }
        assert!(matches!(store.files_size(id).await, Err(ReadError::Damaged { .. })));
        execute(&target, "UPDATE file SET id = 'nonsense'").await;
        assert!(matches!(store.orphaned_files(u64::MAX).await, Err(ReadError::Damaged { .. })));
        store.close().await;
    })
    .await;
}
