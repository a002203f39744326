//! The schema and its history: numbered migrations, forward only, the same numbers for both engines.
//!
//! Each runs in a transaction together with the note that it ran. A database of SQLite is copied before its schema changes;
//! for PostgreSQL the operator's own backups are the right place.

use std::{borrow::Cow, path::Path, time::SystemTime};

use sqlx::{
    SqlSafeStr, SqliteConnection,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
};

use crate::OpenError;

macro_rules! history {
    ($folder:literal: $($number:literal $name:literal),+ $(,)?) => {
        vec![$(migration($number, $name, include_str!(concat!("../", $folder, "/", $number, "_", $name, ".sql")))),+]
    };
}

/// The migrations of SQLite.
pub fn sqlite() -> Vec<Migration> {
    history!("sqlite": "0001" "room", "0002" "people", "0003" "rating", "0004" "meeting", "0005" "quality",
        "0006" "call", "0007" "people", "0008" "conversation", "0009" "room_of_call", "0010" "push", "0011" "voicemail", "0012" "app_password",
        "0013" "call_wish", "0014" "greeting", "0015" "maker", "0016" "hook", "0017" "seen_by")
}

/// The migrations of PostgreSQL: the same numbers and names.
pub fn postgres() -> Vec<Migration> {
    history!("postgres": "0001" "room", "0002" "people", "0003" "rating", "0004" "meeting", "0005" "quality",
        "0006" "call", "0007" "people", "0008" "conversation", "0009" "room_of_call", "0010" "push", "0011" "voicemail", "0012" "app_password",
        "0013" "call_wish", "0014" "greeting", "0015" "maker", "0016" "hook", "0017" "seen_by")
}

/// What a schema still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is there yet.
    Empty,
    /// It is at this number, and there are later ones.
    Behind(i64),
    /// It is what this program knows.
    Current,
}

/// Compares the schema with `migrations`. A newer one is refused: this program would misread it.
pub async fn state<C: Migrate>(connection: &mut C, migrations: &[Migration]) -> Result<State, OpenError> {
    connection.ensure_migrations_table(TABLE).await?;
    let applied = connection.list_applied_migrations(TABLE).await?;
    let found = applied.iter().map(|migration| migration.version).max();
    let known = migrations.iter().map(|migration| migration.version).max().unwrap_or(0);
    match found {
        None => Ok(State::Empty),
        Some(found) if found > known => Err(OpenError::TooNew { found, known }),
        Some(found) if found < known => Ok(State::Behind(found)),
        Some(_) => Ok(State::Current),
    }
}

/// Runs what is missing, each migration in its own transaction; a changed one from the past is an error.
pub async fn run<C: Migrate>(connection: &mut C, migrations: Vec<Migration>) -> Result<(), MigrateError> {
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.dangerous_set_table_name(TABLE);
    migrator.run_direct(None, connection, false).await
}

/// Brings a SQLite file up to date; a copy of it goes to `backups` first when it holds an older schema.
pub async fn sqlite_file(
    connection: &mut SqliteConnection,
    migrations: Vec<Migration>,
    backups: &Path,
) -> Result<(), OpenError> {
    if let State::Behind(from) = state(connection, &migrations).await? {
        back_up(connection, from, backups).await?;
    }
    Ok(run(connection, migrations).await?)
}

async fn back_up(connection: &mut SqliteConnection, schema: i64, folder: &Path) -> Result<(), OpenError> {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let file = folder.join(format!("parlor-schema-{schema}-{seconds}.db"));
    let failed = |source| OpenError::Backup { file: file.clone(), source };
    std::fs::create_dir_all(folder).map_err(|error| failed(sqlx::Error::Io(error)))?;
    // A consistent copy, also while others read and write. It refuses to overwrite a file.
    let copy = sqlx::query("VACUUM INTO $1").bind(file.to_string_lossy().into_owned());
    copy.execute(connection).await.map_err(failed)?;
    tracing::info!(file = %file.display(), schema, "database copied before its schema changes");
    Ok(())
}

fn migration(number: &'static str, name: &'static str, sql: &'static str) -> Migration {
    let number = number.parse().expect("the numbers above are digits");
    Migration::new(number, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
}

/// Where the database notes which migrations ran.
pub const TABLE: &str = "_sqlx_migrations";

#[cfg(test)]
mod tests {
    use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

    use super::*;

    async fn open(file: &Path) -> SqliteConnection {
        SqliteConnectOptions::new().filename(file).create_if_missing(true).connect().await.unwrap()
    }

    /// A history of which this program is one step behind.
    fn with_a_next_one() -> Vec<Migration> {
        let mut migrations = sqlite();
        let next = "ALTER TABLE room ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;";
        let number = migrations.len() as i64 + 1;
        migrations.push(Migration::new(number, "locked".into(), MigrationType::Simple, next.into_sql_str(), false));
        migrations
    }

    const ROOM: &str = "INSERT INTO room (id, code, title, created_at) VALUES ('RM_1', 'a', 'A', 1)";

    #[tokio::test]
    async fn an_older_database_is_copied_before_it_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let backups = folder.path().join("backups");
        let mut connection = open(&folder.path().join("parlor.db")).await;
        sqlite_file(&mut connection, sqlite(), &backups).await.unwrap();
        assert!(!backups.exists(), "a new database needs no copy");
        sqlite_file(&mut connection, sqlite(), &backups).await.unwrap();
        assert!(!backups.exists(), "a current one needs none either");
        sqlx::query(ROOM).execute(&mut connection).await.unwrap();

        sqlite_file(&mut connection, with_a_next_one(), &backups).await.unwrap();
        let copies: Vec<_> = std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(copies.len(), 1);
        let mut copy = open(&copies[0]).await;
        let (titles,): (String,) = sqlx::query_as("SELECT title FROM room").fetch_one(&mut copy).await.unwrap();
        assert_eq!(titles, "A");
        assert!(sqlx::query("SELECT locked FROM room").fetch_one(&mut copy).await.is_err(), "as it was before");
        assert!(sqlx::query("SELECT locked FROM room").fetch_one(&mut connection).await.is_ok());
        assert_eq!(state(&mut copy, &sqlite()).await.unwrap(), State::Current);
        assert!(matches!(state(&mut connection, &sqlite()).await, Err(OpenError::TooNew { .. })));
    }

    #[tokio::test]
    async fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = open(&folder.path().join("parlor.db")).await;
        let mut migrations = sqlite();
        let broken = "ALTER TABLE room ADD COLUMN locked INTEGER; SELECT nonsense FROM nowhere;";
        let number = migrations.len() as i64 + 1;
        migrations.push(Migration::new(number, "broken".into(), MigrationType::Simple, broken.into_sql_str(), false));
        let error = sqlite_file(&mut connection, migrations, folder.path()).await.unwrap_err();
        assert!(matches!(error, OpenError::Migrate(_)), "{error}");
        assert!(sqlx::query("SELECT locked FROM room").fetch_optional(&mut connection).await.is_err());
        assert_eq!(state(&mut connection, &sqlite()).await.unwrap(), State::Current);
    }

    #[tokio::test]
    async fn without_a_copy_nothing_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = open(&folder.path().join("parlor.db")).await;
        sqlite_file(&mut connection, sqlite(), folder.path()).await.unwrap();
        let blocked = folder.path().join("backups");
        std::fs::write(&blocked, "a file where the folder should be").unwrap();
        let error = sqlite_file(&mut connection, with_a_next_one(), &blocked).await.unwrap_err();
        assert!(matches!(error, OpenError::Backup { .. }), "{error}");
        assert_eq!(state(&mut connection, &sqlite()).await.unwrap(), State::Current);
    }

    #[test]
    fn both_histories_have_the_same_numbers_and_names_without_gaps() {
        let names = |migrations: Vec<Migration>| -> Vec<_> {
            migrations.into_iter().map(|migration| (migration.version, migration.description)).collect()
        };
        assert_eq!(names(sqlite()), names(postgres()));
        assert!(sqlite().iter().map(|migration| migration.version).eq(1..=sqlite().len() as i64));
        for (folder, migrations) in [("sqlite", sqlite()), ("postgres", postgres())] {
            let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
            assert_eq!(files.count(), migrations.len(), "every file in {folder} is in the list");
        }
    }
}
