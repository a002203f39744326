//! A look at a database from outside, beside a server that may run: nothing is made, and nothing changes.

use std::str::FromStr;

use sqlx::{
    ConnectOptions, Connection, Executor, Row as _,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};

use crate::{
    OpenError, Target, migrate,
    open::{BUSY, FILE},
};

/// What a look at a database showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Where it is, without passwords.
    pub place: String,
    /// What stands in it.
    pub schema: Schema,
    /// Whether it may be written; of one that is not there yet nothing is known.
    pub writable: Option<bool>,
}

/// How the schema stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There is none: the first start makes it.
    Missing,
    /// It is older: the next start brings it up to date.
    Behind {
        /// The number that was found.
        found: i64,
        /// The number that this program knows.
        known: i64,
    },
    /// It is what this program knows.
    Current,
}

/// Looks.
pub async fn look(target: &Target) -> Result<Look, OpenError> {
    match target {
        Target::Sqlite(folder) => {
            let file = folder.join(FILE);
            let place = file.display().to_string();
            if !file.exists() {
                return Ok(Look { place, schema: Schema::Missing, writable: None });
            }
            let failed = |source| OpenError::Connect { place: place.clone(), source };
            let options = SqliteConnectOptions::new().filename(&file).create_if_missing(false).busy_timeout(BUSY);
            let mut connection = options.connect().await.map_err(failed)?;
            let found = sqlite_schema(&mut connection).await.map_err(failed)?;
            // Takes the lock of a writer, and gives it back without having written.
            let writable = connection.execute("BEGIN IMMEDIATE").await.is_ok();
            if writable {
                connection.execute("ROLLBACK").await.map_err(failed)?;
            }
            connection.close().await.map_err(failed)?;
            let schema = schema(found, migrate::sqlite().iter().map(|one| one.version).max())?;
            Ok(Look { place, schema, writable: Some(writable) })
        }
        Target::Postgres(url) => {
            let unread = |source| OpenError::Connect { place: "at the configured URL".to_owned(), source };
            let options = PgConnectOptions::from_str(url).map_err(unread)?.application_name("parlor");
            let database = options.get_database().unwrap_or("postgres");
            let place = format!("{database} at {}:{}", options.get_host(), options.get_port());
            let failed = |source| OpenError::Connect { place: place.clone(), source };
            let mut connection = options.connect().await.map_err(failed)?;
            let there = connection.fetch_one(POSTGRES_TABLE).await.map_err(failed)?;
            let found = match there.try_get::<bool, _>(0).map_err(failed)? {
                true => connection.fetch_one(APPLIED).await.map_err(failed)?.try_get(0).map_err(failed)?,
                false => None,
            };
            let mode = connection.fetch_one("SELECT current_setting('transaction_read_only')").await.map_err(failed)?;
            let writable = mode.try_get::<String, _>(0).map_err(failed)? == "off";
            connection.close().await.map_err(failed)?;
            let schema = schema(found, migrate::postgres().iter().map(|one| one.version).max())?;
            Ok(Look { place, schema, writable: Some(writable) })
        }
    }
}

async fn sqlite_schema(connection: &mut SqliteConnection) -> Result<Option<i64>, sqlx::Error> {
    let tables: i64 = connection.fetch_one(SQLITE_TABLE).await?.try_get(0)?;
    if tables == 0 { Ok(None) } else { connection.fetch_one(APPLIED).await?.try_get(0) }
}

fn schema(found: Option<i64>, known: Option<i64>) -> Result<Schema, OpenError> {
    let known = known.unwrap_or_default();
    match found {
        None => Ok(Schema::Missing),
        Some(found) if found > known => Err(OpenError::TooNew { found, known }),
        Some(found) if found < known => Ok(Schema::Behind { found, known }),
        Some(_) => Ok(Schema::Current),
    }
}

/// The number of the last migration that ran, in the table of `migrate::TABLE`.
const APPLIED: &str = "SELECT max(version) FROM _sqlx_migrations";
/// Whether that table is there.
const SQLITE_TABLE: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
/// The same.
const POSTGRES_TABLE: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn the_table_is_the_one_that_migrations_write() {
        assert!([APPLIED, SQLITE_TABLE, POSTGRES_TABLE].iter().all(|sql| sql.contains(migrate::TABLE)));
    }

    #[tokio::test]
    async fn a_look_makes_nothing_and_says_how_far_the_schema_is() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().to_owned());
        let seen = look(&target).await.unwrap();
        assert_eq!((seen.schema, seen.writable), (Schema::Missing, None));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");

        Store::open(&target).await.unwrap().close().await;
        let seen = look(&target).await.unwrap();
        assert_eq!((seen.schema, seen.writable), (Schema::Current, Some(true)));

        let options = SqliteConnectOptions::new().filename(folder.path().join(FILE));
        let mut connection = options.connect().await.unwrap();
        let known = migrate::sqlite().len() as i64;
        connection.execute("DELETE FROM _sqlx_migrations WHERE version > 1").await.unwrap();
        assert_eq!(look(&target).await.unwrap().schema, Schema::Behind { found: 1, known });
        connection
            .execute("INSERT INTO _sqlx_migrations VALUES (9999, 'later', CURRENT_TIMESTAMP, TRUE, x'00', 0)")
            .await
            .unwrap();
        assert!(matches!(look(&target).await, Err(OpenError::TooNew { found: 9999, .. })));
        connection.execute("DROP TABLE _sqlx_migrations").await.unwrap();
        assert_eq!(look(&target).await.unwrap().schema, Schema::Missing);
    }
}
