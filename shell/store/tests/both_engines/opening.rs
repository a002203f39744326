//! How a database is opened, and what is said when that is not possible.

use store::{OpenError, Store, Target};

use crate::{
    people::room,
    support::{execute, file, on_both},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_from_the_future_is_refused_in_one_sentence() {
    on_both(async |store, target| {
        store.close().await;
        let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                      VALUES (99, 'later', TRUE, '', 0)";
        execute(&target, future).await;
        let error = Store::open(&target).await.unwrap_err();
        assert!(matches!(error, OpenError::TooNew { found: 99, .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("newer version of Parlor") && text.contains("restore the backup"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let not_a_folder = folder.path().join("file");
    std::fs::write(&not_a_folder, "").unwrap();
    let error = Store::open(&Target::Sqlite(not_a_folder.join("data"))).await.unwrap_err();
    assert!(matches!(error, OpenError::Folder { .. }), "{error}");

    let not_a_database = folder.path().join("other");
    std::fs::create_dir(&not_a_database).unwrap();
    std::fs::write(file(&not_a_database), "this is a letter to my aunt, and nothing else at all\n".repeat(99)).unwrap();
    let error = Store::open(&Target::Sqlite(not_a_database)).await.unwrap_err();
    assert!(error.to_string().contains("not a database"), "{error}");

    let nowhere = format!("postgres://ann:secret@localhost/parlor?host={}", folder.path().display());
    let error = Store::open(&Target::Postgres(nowhere)).await.unwrap_err();
    assert!(matches!(error, OpenError::Connect { .. }), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn a_sqlite_file_is_set_for_safety_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
    store.create_room(&room(1)).await.unwrap();
    let mut bytes = std::fs::read(file(folder.path())).unwrap();
    bytes.truncate(20);
    assert_eq!(bytes[18..20], [2, 2], "the file is in write-ahead mode");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
    store.close().await;
    assert!(!folder.path().join("parlor.db-wal").exists(), "closing leaves one complete file");
}
