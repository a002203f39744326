//! What an acknowledgement promises, and what it does not.

use store::{CreateRoomError, ReadError, Store, StoredRoom, WriteError};

use crate::{people::room, support::on_both};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_to_many_writers_at_once_is_there_afterwards() {
    on_both(async |store, target| {
        let writers: Vec<_> = (0..600)
            .map(|number| {
                let mut room = room(number);
                // Every tenth wants a code that another one wants too.
                if number % 10 == 9 {
                    room.room.code = format!("code-{}", number - 1);
                }
                let store = store.clone();
                tokio::spawn(async move { store.create_room(&room).await.map(|()| room) })
            })
            .collect();
        let mut acknowledged = Vec::new();
        for writer in writers {
            match writer.await.unwrap() {
                Ok(room) => acknowledged.push(room),
                Err(error) => assert!(matches!(error, CreateRoomError::CodeTaken), "{error}"),
            }
        }
        store.close().await;
        acknowledged.sort_by_key(|stored| stored.room.id);
        let store = Store::open(&target).await.unwrap();
        assert_eq!(store.list_rooms(None, 1_000).await.unwrap(), acknowledged);
        assert_eq!(acknowledged.len(), 540);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_change_that_fails_takes_no_other_of_its_group_with_it() {
    on_both(async |store, _| {
        let first = room(1);
        store.create_room(&first).await.unwrap();
        // The same id with another code: a mistake of the caller, which the database refuses.
        let mut twice = first;
        twice.room.code = "another".to_owned();
        let write = |room: StoredRoom| {
            let store = store.clone();
            tokio::spawn(async move { store.create_room(&room).await })
        };
        let bad = write(twice);
        let others: Vec<_> = (2..30).map(room).map(write).collect();
        let error = bad.await.unwrap().unwrap_err();
        assert!(matches!(error, CreateRoomError::Write(WriteError::Database(_))), "{error}");
        for other in others {
            other.await.unwrap().unwrap();
        }
        assert_eq!(store.list_rooms(None, 100).await.unwrap().len(), 29);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_store_says_so() {
    on_both(async |store, _| {
        let other = store.clone();
        store.close().await;
        let error = other.create_room(&room(1)).await.unwrap_err();
        assert!(matches!(error, CreateRoomError::Write(WriteError::Closed)), "{error}");
        assert!(matches!(other.room_by_code("x").await, Err(ReadError::Database(sqlx::Error::PoolClosed))));
        other.close().await;
    })
    .await;
}
