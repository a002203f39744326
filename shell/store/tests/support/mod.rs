//! Runs a test on SQLite and on PostgreSQL, each time in an empty database of its own.

mod cluster;

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use store::{Store, Target};

/// Runs `test` once per engine with an open store and the place where it lies.
pub async fn on_both(test: impl AsyncFn(Store, Target)) {
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

async fn on_sqlite(test: &impl AsyncFn(Store, Target)) {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(folder.path().join("data"));
    let store = Store::open(&target).await.unwrap();
    eprintln!("on SQLite");
    test(store, target).await;
}

async fn on_postgres(test: &impl AsyncFn(Store, Target)) {
    let Some(server) = cluster::url() else { return };
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("parlor_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut administrator = administrator(server).await;
    // Of a run before that was cut short and had our process id.
    execute(&mut administrator, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    execute(&mut administrator, format!("CREATE DATABASE {name}")).await;
    let target = Target::Postgres(server.replacen("/postgres?", &format!("/{name}?"), 1));
    let store = Store::open(&target).await.unwrap();
    eprintln!("on PostgreSQL");
    test(store, target).await;
    execute(&mut administrator, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    administrator.close().await.unwrap();
}

async fn administrator(url: &str) -> PgConnection {
    url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap()
}

async fn execute(connection: &mut PgConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// The database file of a SQLite target.
pub fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("parlor.db")
}
