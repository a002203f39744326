//! Every query and every promise of the store, on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test says that something failed by failing")]

mod support;

use std::collections::BTreeMap;

use proto::{RoomId, api::Room, id::IdSource};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{CreateRoomError, DeleteRoomError, OpenError, ReadError, RenameRoomError, Store, Target, WriteError};
use support::{file, on_both};

fn room(ids: &mut IdSource, number: u64) -> Room {
    Room {
        id: ids.next(1_700_000_000_000 + number),
        code: format!("code-{number}"),
        title: format!("Räume & 'Zitate' № {number}"),
        created_at: 1_700_000_000_000 + number,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_kept_found_renamed_and_deleted() {
    on_both(async |store, _| {
        let mut ids = IdSource::new(1);
        let first = room(&mut ids, 1);
        assert_eq!(store.room_by_code(&first.code).await.unwrap(), None);
        store.create_room(&first).await.unwrap();
        assert_eq!(store.room_by_code(&first.code).await.unwrap().as_ref(), Some(&first));
        assert_eq!(store.room_by_id(first.id).await.unwrap().as_ref(), Some(&first));

        store.rename_room(first.id, "Robert'); DROP TABLE room; --").await.unwrap();
        let renamed = store.room_by_id(first.id).await.unwrap().unwrap();
        assert_eq!(renamed, Room { title: "Robert'); DROP TABLE room; --".to_owned(), ..first.clone() });

        store.delete_room(first.id).await.unwrap();
        assert_eq!(store.room_by_id(first.id).await.unwrap(), None);
        assert!(matches!(store.rename_room(first.id, "x").await, Err(RenameRoomError::Unknown)));
        assert!(matches!(store.delete_room(first.id).await, Err(DeleteRoomError::Unknown)));
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_given_once() {
    on_both(async |store, _| {
        let mut ids = IdSource::new(2);
        let first = room(&mut ids, 1);
        let second = Room { code: first.code.clone(), ..room(&mut ids, 2) };
        store.create_room(&first).await.unwrap();
        assert!(matches!(store.create_room(&second).await, Err(CreateRoomError::CodeTaken)));
        assert_eq!(store.room_by_code(&first.code).await.unwrap(), Some(first));
        assert_eq!(store.room_by_id(second.id).await.unwrap(), None);
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_listed_in_pages_in_the_order_of_their_making() {
    on_both(async |store, _| {
        let mut ids = IdSource::new(3);
        let rooms: Vec<Room> = (0..25).map(|number| room(&mut ids, number * 1_000)).collect();
        for room in rooms.iter().rev() {
            store.create_room(room).await.unwrap();
        }
        let mut listed: Vec<Room> = Vec::new();
        loop {
            let page = store.list_rooms(listed.last().map(|room| room.id), 10).await.unwrap();
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
async fn what_was_acknowledged_to_many_writers_at_once_is_there_afterwards() {
    on_both(async |store, target| {
        let mut ids = IdSource::new(4);
        // Every tenth wants a code that another one wants too.
        let rooms: Vec<Room> = (0..600)
            .map(|number| {
                let room = room(&mut ids, number);
                if number % 10 == 9 { Room { code: format!("code-{}", number - 1), ..room } } else { room }
            })
            .collect();
        let writers: Vec<_> = rooms
            .into_iter()
            .map(|room| {
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
        acknowledged.sort_by_key(|room| room.id);
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
        let mut ids = IdSource::new(5);
        let first = room(&mut ids, 1);
        store.create_room(&first).await.unwrap();
        // The same id with another code: a mistake of the caller, which the database refuses.
        let twice = Room { code: "another".to_owned(), ..first };
        let good: Vec<Room> = (2..30).map(|number| room(&mut ids, number)).collect();
        let bad = tokio::spawn({
            let store = store.clone();
            async move { store.create_room(&twice).await }
        });
        let others: Vec<_> = good
            .iter()
            .cloned()
            .map(|room| {
                let store = store.clone();
                tokio::spawn(async move { store.create_room(&room).await })
            })
            .collect();
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
        let error = other.create_room(&room(&mut IdSource::new(6), 1)).await.unwrap_err();
        assert!(matches!(error, CreateRoomError::Write(WriteError::Closed)), "{error}");
        assert!(matches!(other.room_by_code("x").await, Err(ReadError::Database(sqlx::Error::PoolClosed))));
        other.close().await;
    })
    .await;
}

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

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_row_is_an_error_and_not_a_panic() {
    on_both(async |store, target| {
        execute(&target, "INSERT INTO room VALUES ('nonsense', 'damaged-id', 'x', 1)").await;
        execute(&target, "INSERT INTO room VALUES ('RM_00000000000000000000000001', 'damaged-time', 'x', -1)").await;
        for code in ["damaged-id", "damaged-time"] {
            let error = store.room_by_code(code).await.unwrap_err();
            assert!(matches!(error, ReadError::Damaged { .. }), "{error}");
        }
        assert_eq!(store.room_by_id(RoomId::from(2)).await.unwrap(), None);
        store.close().await;
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
    store.create_room(&room(&mut IdSource::new(7), 1)).await.unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_schema() {
    let schemas = std::cell::RefCell::new(Vec::new());
    on_both(async |store, target| {
        store.close().await;
        let schema = match &target {
            Target::Sqlite(folder) => sqlite_schema(&mut sqlite(folder).await).await,
            Target::Postgres(url) => postgres_schema(&mut postgres(url).await).await,
        };
        assert!(schema.contains_key("room"));
        schemas.borrow_mut().push(schema);
    })
    .await;
    if let [sqlite, postgres] = &schemas.borrow()[..] {
        assert_eq!(sqlite, postgres);
    }
}

/// Table to its columns (name, type, whether it may be null) and its unique sets of columns, primary key included.
type Schema = BTreeMap<String, (Vec<(String, String, bool)>, Vec<String>)>;

async fn sqlite_schema(connection: &mut SqliteConnection) -> Schema {
    let mut schema = Schema::new();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
                  AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    for (table,) in sqlx::query_as::<_, (String,)>(tables).fetch_all(&mut *connection).await.unwrap() {
        let columns = sqlx::query("SELECT name, type, \"notnull\" FROM pragma_table_info($1) ORDER BY cid")
            .bind(&table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let columns =
            columns.iter().map(|row| (row.get(0), plain_type(row.get(1)), row.get::<i64, _>(2) == 0)).collect();
        let unique = "SELECT group_concat(i.name, ',') FROM pragma_index_list($1) l, pragma_index_info(l.name) i \
                      WHERE l.\"unique\" GROUP BY l.name";
        let unique = sqlx::query_as::<_, (String,)>(unique).bind(&table).fetch_all(&mut *connection).await.unwrap();
        let mut unique: Vec<String> = unique.into_iter().map(|(columns,)| columns).collect();
        unique.sort();
        schema.insert(table, (columns, unique));
    }
    schema
}

async fn postgres_schema(connection: &mut PgConnection) -> Schema {
    let mut schema = Schema::new();
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'";
    for (table,) in sqlx::query_as::<_, (String,)>(tables).fetch_all(&mut *connection).await.unwrap() {
        let columns = "SELECT column_name::text, data_type::text, is_nullable = 'YES' \
                       FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position";
        let columns = sqlx::query(columns).bind(&table).fetch_all(&mut *connection).await.unwrap();
        let columns = columns.iter().map(|row| (row.get(0), plain_type(row.get(1)), row.get::<bool, _>(2))).collect();
        let unique = "SELECT string_agg(a.attname::text, ',' ORDER BY array_position(i.indkey::int2[], a.attnum)) \
                      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) \
                      WHERE i.indisunique AND i.indrelid = to_regclass($1) GROUP BY i.indexrelid";
        let unique = sqlx::query_as::<_, (String,)>(unique).bind(&table).fetch_all(&mut *connection).await.unwrap();
        let mut unique: Vec<String> = unique.into_iter().map(|(columns,)| columns).collect();
        unique.sort();
        schema.insert(table, (columns, unique));
    }
    schema
}

/// The types that both have, under one name.
fn plain_type(name: String) -> String {
    match name.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => "integer",
        "blob" | "bytea" => "bytes",
        "text" => "text",
        _ => panic!("{name} is not a type that both engines have"),
    }
    .to_owned()
}

async fn execute(target: &Target, sql: &'static str) {
    match target {
        Target::Sqlite(folder) => drop(sqlite(folder).await.execute(sql).await.unwrap()),
        Target::Postgres(url) => drop(postgres(url).await.execute(AssertSqlSafe(sql)).await.unwrap()),
    }
}

async fn sqlite(folder: &std::path::Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file(folder))).await.unwrap()
}

async fn postgres(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}
