//! Removes files that came with no line: somebody gave them and thought better of it, or a crash came between.

use std::time::Duration;

use store::Store;

use super::Files;
use crate::clock;

/// Looks for them now and then, for ever.
pub async fn run(store: Store, files: Files) {
    let mut rounds = tokio::time::interval(ROUND);
    loop {
        rounds.tick().await;
        let before = clock::unix_ms().saturating_sub(LIFE.as_millis() as u64);
        let removed = sweep(&store, &files, before).await;
        if removed > 0 {
            tracing::info!(removed, "{removed} files that came with no line of a chat were removed");
        }
    }
}

/// Removes those that were given before `before`, and says how many.
pub async fn sweep(store: &Store, files: &Files, before: u64) -> usize {
    let orphans = match store.orphaned_files(before).await {
        Ok(orphans) => orphans,
        Err(error) => {
            tracing::error!(%error, "files without a line could not be looked up");
            return 0;
        }
    };
    let mut removed = 0;
    for id in orphans {
        match store.forget_file(id).await {
            Ok(true) => {
                files.remove(&[id]).await;
                removed += 1;
            }
            // A line took it at the last moment.
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, file.id = %id, "file {id} could not be forgotten");
                break;
            }
        }
    }
    removed
}

/// How long a file waits for the line that it comes with: longer than anybody writes at one.
const LIFE: Duration = Duration::from_secs(3600);
/// How often to look. What lies longer counts towards the room's quota and harms nobody.
const ROUND: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use proto::{
        FileId, MessageId, Person, Policy, RoomId,
        api::{File, Message, Room},
    };
    use store::{StoredFile, StoredRoom, Target};

    use super::*;
    use crate::folder::Folder;

    #[tokio::test]
    async fn only_old_files_without_a_line_are_removed() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(place.path().to_owned())).await.unwrap();
        let files = Files::open(&Folder::open(place.path()).unwrap(), None).unwrap();
        let room = RoomId::from(1);
        let (code, title, description) = ("bolu-kesi-dafo".to_owned(), "Tea".to_owned(), String::new());
        let view = Room { id: room, code, title, description, created_at: 0 };
        let stored = StoredRoom { room: view, owner: None, listed: false, policy: Policy::OPEN };
        store.create_room(&stored).await.unwrap();
        let by = Person::Guest("0123456789abcdef".to_owned());
        for (id, at) in [(1, 10), (2, 10), (3, 90)] {
            let mut draft = files.begin(FileId::from(id)).await.unwrap().unwrap();
            draft.write(b"x").await.unwrap();
            draft.settle().await.unwrap();
            let (name, kind) = ("a".to_owned(), "application/octet-stream".to_owned());
            let file = File { id: FileId::from(id), name, size: 1, kind, preview: None };
            let line = Message {
                id: MessageId::from(id),
                from: by.clone(),
                name: "Gus".to_owned(),
                to: None,
                at,
                text: String::new(),
                reply_to: None,
                edited: false,
                file: Some(file.clone()),
                reactions: Vec::new(),
            };
            store.add_file(&StoredFile { file, room, by: by.clone(), at }, 100).await.unwrap();
            draft.keep(false).await.unwrap();
            if id == 2 {
                store.add_message(room, &line).await.unwrap();
            }
        }
        assert_eq!(sweep(&store, &files, 50).await, 1);
        assert!(files.read(FileId::from(1)).await.is_err());
        for id in [2, 3] {
            assert!(files.read(FileId::from(id)).await.is_ok(), "{id}");
        }
        assert_eq!(sweep(&store, &files, 50).await, 0);
    }
}
