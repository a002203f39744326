//! Runs a test on SQLite and on PostgreSQL, each time in an empty database of its own.

mod cluster;

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use store::{Store, Target};

/// Runs `test` once per engine with an open store and the place where it lies.
pub async fn on_both(test: impl AsyncFn(Store, Target)) {
    in_empty(async |target| {
        let store = Store::open(&target).await.unwrap();
        test(store, target).await;
    })
    .await;
}

/// Runs `test` once per engine with a place where nothing lies yet.
pub async fn in_empty(test: impl AsyncFn(Target)) {
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

async fn on_sqlite(test: &impl AsyncFn(Target)) {
    let folder = tempfile::tempdir().unwrap();
    eprintln!("on SQLite");
    test(Target::Sqlite(folder.path().join("data"))).await;
}

async fn on_postgres(test: &impl AsyncFn(Target)) {
    let Some(server) = cluster::url() else { return };
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("parlor_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut administrator = administrator(server).await;
    // Of a run before that was cut short and had our process id.
    command(&mut administrator, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    command(&mut administrator, format!("CREATE DATABASE {name}")).await;
    eprintln!("on PostgreSQL");
    test(Target::Postgres(server.replacen("/postgres?", &format!("/{name}?"), 1))).await;
    command(&mut administrator, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    administrator.close().await.unwrap();
}

async fn administrator(url: &str) -> PgConnection {
    url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
}

async fn command(connection: &mut PgConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// The database file of a SQLite target.
pub fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("parlor.db")
}

/// Does to a database what nothing of ours would do.
pub async fn execute(target: &Target, sql: &'static str) {
    match target {
        Target::Sqlite(folder) => drop(sqlite(folder).await.execute(sql).await.unwrap()),
        Target::Postgres(url) => drop(postgres(url).await.execute(sql).await.unwrap()),
    }
}

/// A connection past the store.
pub async fn sqlite(folder: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file(folder)).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// As above.
pub async fn postgres(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}
