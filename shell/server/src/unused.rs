//! Removes rooms that nobody would miss: meetings that were begun with one press and never kept, in which nothing was written
//! or given, and to which nobody has come for a month. Rooms that are kept, and those that nobody owns, stay.

use std::time::Duration;

use store::Store;

use crate::clock;

/// Looks for them at once and then once a day, for ever.
pub async fn run(store: Store) {
    let mut days = tokio::time::interval(DAY);
    loop {
        days.tick().await;
        sweep(&store, clock::unix_ms()).await;
    }
}

/// Removes those that are unused at `unix_ms`, and says how many.
pub async fn sweep(store: &Store, unix_ms: u64) -> usize {
    match store.forget_unused_rooms(unix_ms.saturating_sub(KEPT.as_millis() as u64)).await {
        Ok(rooms) => {
            if !rooms.is_empty() {
                tracing::info!(removed = rooms.len(), "{} rooms that nobody kept or used were removed", rooms.len());
            }
            rooms.len()
        }
        Err(error) => {
            tracing::error!(%error, "rooms that nobody uses could not be removed");
            0
        }
    }
}

/// How often it is looked for them.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a meeting that nobody kept can be come back to by its link.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use proto::{Policy, RoomId, api::Room};
    use store::{Account, StoredRoom, Target};

    use super::*;

    #[tokio::test]
    async fn a_meeting_that_nobody_keeps_goes_after_a_month() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
        let account = Account {
            id: proto::AccountId::from(1),
            name: "ann".to_owned(),
            display_name: "Ann".to_owned(),
            password: None,
            admin: true,
            may_create: true,
            disabled: false,
            avatar: None,
            created_at: 0,
        };
        store.set_up(&account, &[]).await.unwrap();
        let made = 1_700_000_000_000;
        for (number, listed, owner) in [(1, false, Some(account.id)), (2, true, Some(account.id)), (3, false, None)] {
            let (title, description) = ("Meeting".to_owned(), String::new());
            let room =
                Room { id: RoomId::from(number), code: format!("code-{number}"), title, description, created_at: made };
            let stored = StoredRoom { room, owner, listed, policy: Policy::OPEN, used_at: 0 };
            store.create_room(&stored).await.unwrap();
        }
        let month = KEPT.as_millis() as u64;
        assert_eq!(sweep(&store, made + month).await, 0);
        assert_eq!(sweep(&store, made + month + 1).await, 1);
        assert!(store.room_by_code("code-1").await.unwrap().is_none());
        assert!(
            store.room_by_code("code-2").await.unwrap().is_some()
                && store.room_by_code("code-3").await.unwrap().is_some()
        );
        store.close().await;
    }
}
