//! The schema: the same for both engines, and reached from every schema that was released.

use std::collections::BTreeMap;

use proto::{Policy, RoomId, api::Room};
use sqlx::{
    Connection, PgConnection, Row, SqlSafeStr, SqliteConnection,
    migrate::{Migrate, Migration, MigrationType, Migrator},
};
use store::{RoomChange, Store, StoredRoom, Target};

use crate::{
    people::{QUOTA, file, guest, line},
    support::{execute, in_empty, on_both, postgres, sqlite},
};

/// Brings an empty database to the schema of the first release.
async fn first_schema<C: Migrate>(connection: &mut C, sql: &'static str) {
    let migration = Migration::new(1, "room".into(), MigrationType::Simple, sql.into_sql_str(), false);
    Migrator::with_migrations(vec![migration]).run_direct(None, connection, false).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_from_before_there_were_accounts_stay_as_open_as_they_were() {
    in_empty(async |target| {
        match &target {
            Target::Sqlite(folder) => {
                std::fs::create_dir_all(folder).unwrap();
                let mut connection = sqlite(folder).await;
                first_schema(&mut connection, include_str!("../../sqlite/0001_room.sql")).await;
                connection.close().await.unwrap();
            }
            Target::Postgres(url) => {
                let mut connection = postgres(url).await;
                first_schema(&mut connection, include_str!("../../postgres/0001_room.sql")).await;
                connection.close().await.unwrap();
            }
        }
        execute(&target, "INSERT INTO room VALUES ('RM_00000000000000000000000001', 'a-code', 'Äpfel', 7)").await;
        let store = Store::open(&target).await.unwrap();
        let room = Room {
            id: RoomId::from(1),
            code: "a-code".to_owned(),
            title: "Äpfel".to_owned(),
            description: String::new(),
            created_at: 7,
        };
        let stored = StoredRoom { room, owner: None, listed: false, policy: Policy::OPEN, used_at: 0 };
        assert_eq!(store.room_by_code("a-code").await.unwrap(), Some(stored));
        // And it does all that a new one does.
        store.add_file(&file(1, RoomId::from(1), &guest(1)), QUOTA).await.unwrap();
        store.add_message(RoomId::from(1), &line(1, &guest(1))).await.unwrap();
        store
            .change_room(RoomId::from(1), &RoomChange { policy: Some(&Policy::OWNED), ..RoomChange::default() })
            .await
            .unwrap();
        store.close().await;
        if let Target::Sqlite(folder) = &target {
            assert_eq!(std::fs::read_dir(folder.join("backups")).unwrap().count(), 1, "copied before it was changed");
        }
        Store::open(&target).await.unwrap().close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_read_from_the_index_between_two_ids() {
    on_both(async |store, target| {
        store.close().await;
        match &target {
            Target::Sqlite(folder) => {
                let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", store::HISTORY));
                let rows = sqlx::query(explain).fetch_all(&mut sqlite(folder).await).await.unwrap();
                let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
                assert_eq!(plan[0], "SEARCH m USING INDEX message_room (room=? AND id>? AND id<?)", "{plan:?}");
                assert!(!plan.iter().any(|step| step.starts_with("SCAN") || step.contains("B-TREE")), "{plan:?}");
            }
            Target::Postgres(url) => {
                let mut connection = postgres(url).await;
                // An empty table is read whole otherwise, and rightly so.
                sqlx::query("SET enable_seqscan = off").execute(&mut connection).await.unwrap();
                sqlx::query("SET enable_bitmapscan = off").execute(&mut connection).await.unwrap();
                let explain = sqlx::AssertSqlSafe(format!("EXPLAIN {}", store::HISTORY));
                let explain = sqlx::query(explain).bind("RM_").bind("MS_~").bind(7_i64).bind("guest_").bind(50_i64);
                let rows = explain.bind("MS_").fetch_all(&mut connection).await.unwrap();
                let plan = rows.iter().map(|row| row.get(0)).collect::<Vec<String>>().join("\n");
                assert!(plan.contains("Index Scan Backward using message_room on message m"), "{plan}");
                let both_ends = plan.lines().find(|line| line.contains("Index Cond") && line.contains("room"));
                assert!(both_ends.is_some_and(|line| line.contains("id >=") && line.contains("id <")), "{plan}");
                assert!(!plan.contains("Sort"), "{plan}");
            }
        }
    })
    .await;
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
        assert_eq!(schema.len(), 28, "{:?}", schema.keys());
        for (table, of) in &schema {
            // Whoever deletes a row must not read a whole table to find what refers to it.
            for reference in &of.references {
                let column = reference.split(' ').next().unwrap();
                let begins = |key: &String| key.split([' ', ',']).nth(1) == Some(column);
                assert!(of.keys.iter().any(begins), "{table}.{column} has no index");
            }
        }
        schemas.borrow_mut().push(schema);
    })
    .await;
    if let [sqlite, postgres] = &schemas.borrow()[..] {
        assert_eq!(sqlite, postgres);
    }
}

type Schema = BTreeMap<String, Table>;

/// What both engines must have alike.
#[derive(Debug, PartialEq)]
struct Table {
    /// Name, type, whether it may be null.
    columns: Vec<(String, String, bool)>,
    /// The unique sets of columns, the primary key included, and the named indices.
    keys: Vec<String>,
    /// Column, table that it refers to, what happens when that row goes.
    references: Vec<String>,
}

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
        let keys = "SELECT CASE WHEN l.\"unique\" THEN 'unique' ELSE l.name END || ' ' || group_concat(i.name, ',') \
                    FROM pragma_index_list($1) l, pragma_index_info(l.name) i GROUP BY l.name";
        let keys = sqlx::query_as(keys).bind(&table).fetch_all(&mut *connection).await.unwrap();
        let references = "SELECT \"from\" || ' ' || \"table\" || ' ' || on_delete FROM pragma_foreign_key_list($1)";
        let references = sqlx::query_as(references).bind(&table).fetch_all(&mut *connection).await.unwrap();
        schema.insert(table, Table { columns, keys: sorted(keys), references: sorted(references) });
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
        let keys = "SELECT CASE WHEN i.indisunique THEN 'unique' ELSE c.relname::text END || ' ' || \
                    string_agg(a.attname::text, ',' ORDER BY array_position(i.indkey::int2[], a.attnum)) \
                    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) \
                    JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass($1) \
                    GROUP BY i.indexrelid, i.indisunique, c.relname";
        let keys = sqlx::query_as(keys).bind(&table).fetch_all(&mut *connection).await.unwrap();
        let references = "SELECT a.attname::text || ' ' || k.confrelid::regclass::text || ' ' || CASE k.confdeltype \
                          WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'NO ACTION' END \
                          FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] \
                          WHERE k.contype = 'f' AND k.conrelid = to_regclass($1)";
        let references = sqlx::query_as(references).bind(&table).fetch_all(&mut *connection).await.unwrap();
        schema.insert(table, Table { columns, keys: sorted(keys), references: sorted(references) });
    }
    schema
}

fn sorted(rows: Vec<(String,)>) -> Vec<String> {
    let mut texts: Vec<String> = rows.into_iter().map(|(text,)| text).collect();
    texts.sort();
    texts
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
