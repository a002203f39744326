//! Removes files that nobody can reach: those that came with no line, because somebody thought better of it or a crash
//! came between, and those that lie on the disk and are not in the database, because a crash came between the end of their
//! line or room and their own. What a crash left half-written, [`Files::open`] removes. And conversations in which nobody is any
//! more, because a crash came between the last one's leaving and their end.

use std::{
    io,
    time::{Duration, UNIX_EPOCH},
};

use proto::FileId;
use store::Store;

use super::Files;
use crate::clock;

/// Looks for them at once and then now and then, for ever.
pub async fn run(store: Store, files: Files) {
    let (mut unsent, mut unknown) = (tokio::time::interval(UNSENT), tokio::time::interval(UNKNOWN));
    loop {
        tokio::select! {
            _ = unsent.tick() => {
                let before = clock::unix_ms().saturating_sub(LIFE.as_millis() as u64);
                let removed = sweep(&store, &files, before).await;
                if removed > 0 {
                    tracing::info!(removed, "{removed} files that came with no line of a chat were removed");
                }
            }
            _ = unknown.tick() => {
                let ended = sweep_deserted(&store, &files).await;
                if ended > 0 {
                    tracing::info!(ended, "{ended} conversations that everybody had left were removed");
                }
                let removed = sweep_folder(&store, &files).await;
                if removed > 0 {
                    tracing::info!(removed, "{removed} files that are not in the database were removed");
                }
            }
        }
    }
}

/// Removes what lies on the disk and is not in the database, and says how many files that were.
///
/// A file is in the database before it lies on the disk under its name, and is listed before it is looked up: nothing that
/// is on its way in is taken for a stranger. What is older than the first account is left alone: the server was started with
/// another database than that of these files, and the right one would miss them.
pub async fn sweep_folder(store: &Store, files: &Files) -> usize {
    match unknown(store, files).await {
        Ok(unknown) => {
            files.remove(&unknown).await;
            unknown.len()
        }
        Err(error) => {
            tracing::error!(%error, "the folder of files could not be compared with the database");
            0
        }
    }
}

async fn unknown(store: &Store, files: &Files) -> Result<Vec<FileId>, Failure> {
    let accounts = store.accounts(None, 1).await?;
    let Some(first) = accounts.first() else { return Ok(Vec::new()) };
    let mut unknown = files.list(UNIX_EPOCH + Duration::from_millis(first.created_at)).await?;
    let on_disk: Vec<FileId> = unknown.iter().copied().collect();
    for some in on_disk.chunks(AT_A_TIME) {
        if let Some((first, last)) = some.first().zip(some.last()) {
            for id in store.known_files(*first, *last).await? {
                unknown.remove(&id);
            }
        }
    }
    Ok(unknown.into_iter().collect())
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Folder(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] store::ReadError),
}

/// Removes the conversations in which nobody is any more, with all that was in them, and says how many.
pub async fn sweep_deserted(store: &Store, files: &Files) -> usize {
    let deserted = match store.deserted_conversations(AT_A_TIME as u32).await {
        Ok(deserted) => deserted,
        Err(error) => {
            tracing::error!(%error, "conversations without people could not be looked up");
            return 0;
        }
    };
    let mut ended = 0;
    for id in deserted {
        match store.forget_deserted(id).await {
            Ok(theirs) => {
                files.remove(&theirs).await;
                ended += 1;
            }
            Err(error) => {
                tracing::error!(%error, room.id = %id, "conversation {id} could not be removed");
                break;
            }
        }
    }
    ended
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
/// How often to look for those that came with no line. What lies longer counts towards the room's quota and harms nobody.
const UNSENT: Duration = Duration::from_secs(600);
/// How often to look for those that are not in the database. Only crashes and failing disks make any, and the whole folder is
/// read.
const UNKNOWN: Duration = Duration::from_secs(3600);
/// How many files are looked up at a time: some ten milliseconds of the database.
const AT_A_TIME: usize = 1_000;

#[cfg(test)]
mod tests {
    use proto::{
        AccountId, MessageId, Person, Policy, RoomId,
        api::{Deed, File, Message, Room},
    };
    use store::{Account, StoredFile, StoredRoom, Target};

    use super::*;
    use crate::folder::Folder;

    const ROOM: u128 = 1;

    async fn opened(place: &std::path::Path) -> (Store, Files) {
        let store = Store::open(&Target::Sqlite(place.to_owned())).await.unwrap();
        let files = Files::open(&Folder::open(place).unwrap(), None).unwrap();
        let (code, title, description) = ("bolu-kesi-dafo".to_owned(), "Tea".to_owned(), String::new());
        let view = Room { id: RoomId::from(ROOM), code, title, description, created_at: 0 };
        let stored = StoredRoom { room: view, owner: None, listed: false, policy: Policy::OPEN, used_at: 0 };
        store.create_room(&stored).await.unwrap();
        (store, files)
    }

    fn account(created_at: u64) -> Account {
        Account {
            id: AccountId::from(1),
            name: "ada".to_owned(),
            display_name: "Ada".to_owned(),
            password: None,
            admin: true,
            may_create: true,
            disabled: false,
            avatar: None,
            created_at,
        }
    }

    fn by() -> Person {
        Person::Guest("0123456789abcdef".to_owned())
    }

    /// Brings a file to the disk.
    async fn lay(files: &Files, id: u128) {
        let mut draft = files.begin(FileId::from(id)).await.unwrap().unwrap();
        draft.write(b"x").await.unwrap();
        draft.settle().await.unwrap();
        draft.keep(false).await.unwrap();
    }

    /// And to the database.
    async fn give(store: &Store, files: &Files, id: u128, at: u64) -> File {
        let (name, kind) = ("a".to_owned(), "application/octet-stream".to_owned());
        let file = File { id: FileId::from(id), name, size: 1, kind, preview: None };
        let stored = StoredFile { file: file.clone(), room: RoomId::from(ROOM), by: by(), at };
        store.add_file(&stored, 10_000).await.unwrap();
        lay(files, id).await;
        file
    }

    #[tokio::test]
    async fn conversations_that_everybody_left_go_with_their_files() {
        let place = tempfile::tempdir().unwrap();
        let (store, files) = opened(place.path()).await;
        let ada = account(0);
        store.create_account(&ada, None).await.unwrap();
        // The room of the file, made a conversation in which nobody is.
        store.delete_room(RoomId::from(ROOM)).await.unwrap();
        let view = Room {
            id: RoomId::from(ROOM),
            code: "talk".to_owned(),
            title: "Tea".to_owned(),
            description: String::new(),
            created_at: 0,
        };
        let stored = StoredRoom { room: view, owner: None, listed: false, policy: Policy::OPEN, used_at: 0 };
        let deed = |id, deed| Message {
            id: MessageId::from(id),
            from: Person::Account(ada.id),
            name: "Ada".to_owned(),
            to: None,
            at: 1,
            text: String::new(),
            reply_to: None,
            edited: false,
            file: None,
            reactions: Vec::new(),
            deed: Some(deed),
        };
        let made = deed(1, Deed::Made { name: "Tea".to_owned() });
        store.make_conversation(&stored, &[ada.id], Some(&made), 9).await.unwrap();
        give(&store, &files, 7, 10).await;
        assert_eq!(sweep_deserted(&store, &files).await, 0);
        store.leave_conversation(RoomId::from(ROOM), ada.id, &deed(2, Deed::Left)).await.unwrap();
        assert_eq!(sweep_deserted(&store, &files).await, 1);
        assert!(files.read(FileId::from(7)).await.is_err());
        assert_eq!(store.room_by_code("talk").await.unwrap(), None);
        assert_eq!(sweep_deserted(&store, &files).await, 0);
    }

    #[tokio::test]
    async fn only_old_files_without_a_line_are_removed() {
        let place = tempfile::tempdir().unwrap();
        let (store, files) = opened(place.path()).await;
        for (id, at) in [(1, 10), (2, 10), (3, 90)] {
            let file = give(&store, &files, id, at).await;
            let line = Message {
                id: MessageId::from(id),
                from: by(),
                name: "Gus".to_owned(),
                to: None,
                at,
                text: String::new(),
                reply_to: None,
                edited: false,
                file: Some(file),
                reactions: Vec::new(),
                deed: None,
            };
            if id == 2 {
                store.add_message(RoomId::from(ROOM), &line).await.unwrap();
            }
        }
        assert_eq!(sweep(&store, &files, 50).await, 1);
        assert!(files.read(FileId::from(1)).await.is_err());
        for id in [2, 3] {
            assert!(files.read(FileId::from(id)).await.is_ok(), "{id}");
        }
        assert_eq!(sweep(&store, &files, 50).await, 0);
    }

    #[tokio::test]
    async fn what_the_database_does_not_know_is_removed_from_the_disk() {
        let place = tempfile::tempdir().unwrap();
        let (store, files) = opened(place.path()).await;
        assert!(store.set_up(&account(1_000), &[]).await.unwrap());
        assert_eq!(sweep_folder(&store, &files).await, 0);
        // More than are looked up at a time.
        for id in 1..=AT_A_TIME as u128 + 5 {
            if id % 2 == 0 {
                give(&store, &files, id, 10).await;
            } else {
                lay(&files, id).await;
            }
        }
        let folder = place.path().join("files");
        // A preview whose file was removed just before a crash, and what is not ours.
        std::fs::write(folder.join(format!("{}.preview", FileId::from(u128::MAX))), "x").unwrap();
        std::fs::write(folder.join("README"), "x").unwrap();
        let coming = files.begin(FileId::from(9_999)).await.unwrap().unwrap();
        assert_eq!(sweep_folder(&store, &files).await, AT_A_TIME / 2 + 3 + 1);
        for id in 1..=AT_A_TIME as u128 + 5 {
            assert_eq!(files.read(FileId::from(id)).await.is_ok(), id % 2 == 0, "{id}");
        }
        let rest = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(rest, AT_A_TIME / 2 + 2 + 2, "the known ones, the stranger, and the one on its way in");
        drop(coming);
    }

    #[tokio::test]
    async fn another_database_costs_no_files() {
        let place = tempfile::tempdir().unwrap();
        let (store, files) = opened(place.path()).await;
        lay(&files, 1).await;
        assert_eq!(sweep_folder(&store, &files).await, 0, "the server was not set up");
        assert!(store.set_up(&account(clock::unix_ms() + 60_000), &[]).await.unwrap());
        assert_eq!(sweep_folder(&store, &files).await, 0, "it was set up after the file was given");
        assert!(files.read(FileId::from(1)).await.is_ok());
    }
}
