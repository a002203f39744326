//! Removes rooms that nobody would miss: meetings that were begun with one press and never kept, in which nothing was written
//! or given, and to which nobody has come for a month. Rooms that are kept, and those that nobody owns, stay; how their meetings
//! were does not, once it is too old, also where nobody meets any more, and neither do calls of long ago.

use std::time::Duration;

use store::Store;

use crate::{clock, control::memories};

/// Looks for them at once and then once a day, for ever.
pub async fn run(store: Store) {
    let mut days = tokio::time::interval(DAY);
    loop {
        days.tick().await;
        day(&store, clock::unix_ms()).await;
    }
}

/// All that is done once a day.
async fn day(store: &Store, unix_ms: u64) {
    sweep(store, unix_ms).await;
    forget(store, unix_ms).await;
}

/// Removes what is kept of how meetings were and is too old at `unix_ms`.
async fn forget(store: &Store, unix_ms: u64) {
    if let Err(error) = store.forget_quality(unix_ms.saturating_sub(memories::KEPT)).await {
        tracing::error!(%error, "how meetings were could not be forgotten");
    }
    if let Err(error) = store.forget_calls(unix_ms.saturating_sub(CALLS_KEPT.as_millis() as u64)).await {
        tracing::error!(%error, "calls of long ago could not be forgotten");
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
/// How long calls stand in the history of their parties.
const CALLS_KEPT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use proto::{
        Person, Policy, RoomId,
        api::Room,
        quality::{Minute, Record},
    };
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

    #[tokio::test]
    async fn how_meetings_were_is_forgotten_where_nobody_meets_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
        let (title, description, made) = ("Meeting".to_owned(), String::new(), 1_700_000_000_000);
        let room = Room { id: RoomId::from(1), code: "code-1".to_owned(), title, description, created_at: made };
        let stored = StoredRoom { room, owner: None, listed: true, policy: Policy::OPEN, used_at: 0 };
        store.create_room(&stored).await.unwrap();
        let person = Person::Guest(format!("{:016}", 1));
        let minute = Record {
            at: made,
            began: made,
            identity: person.identity("d1"),
            person,
            name: "Gus".to_owned(),
            seconds: 60,
            bad: None,
            bad_for: 0,
            minute: Minute::default(),
        };
        store.keep_quality("code-1", &[minute], 0).await.unwrap();
        for (unix_ms, left) in [(made + memories::KEPT, 1), (made + memories::KEPT + 1, 0)] {
            day(&store, unix_ms).await;
            assert_eq!(store.past_meetings(RoomId::from(1), 9).await.unwrap().len(), left);
        }
        store.close().await;
    }
}
