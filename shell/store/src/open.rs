//! How each kind of database is opened and set.

use std::{fs::OpenOptions, io, path::Path, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{OpenError, engine::Pool, migrate};

/// Opens the file in `folder`: connections to read with, and the one to write with.
pub async fn sqlite(folder: &Path) -> Result<(Pool, Pool), OpenError> {
    let file = folder.join(FILE);
    make(folder, &file).map_err(|source| OpenError::Folder { folder: folder.to_owned(), source })?;
    let failed = |source| OpenError::Connect { place: file.display().to_string(), source };
    let options = SqliteConnectOptions::new()
        .filename(&file)
        // Readers and the writer do not wait for each other.
        .journal_mode(SqliteJournalMode::Wal)
        // With NORMAL a power cut takes acknowledged rows with it.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        // A prepared file must not make us run functions by its schema.
        .pragma("trusted_schema", "OFF");
    // One plain connection first: a pool would try again for a while and then not say why.
    let mut connection = options.connect().await.map_err(failed)?;
    migrate::sqlite_file(&mut connection, migrate::sqlite(), &folder.join(BACKUPS)).await?;
    connection.close().await.map_err(failed)?;
    Ok((Pool::sqlite_readers(options.clone()), Pool::sqlite_writer(options)))
}

/// Opens a PostgreSQL database: the same pool twice, since there everyone may write.
pub async fn postgres(url: &str) -> Result<(Pool, Pool), OpenError> {
    let unread = |source| OpenError::Connect { place: "at the configured URL".to_owned(), source };
    let options = PgConnectOptions::from_str(url).map_err(unread)?.application_name("parlor");
    let database = options.get_database().unwrap_or("postgres");
    // Without the password, and without the user either: it helps nobody.
    let place = format!("{database} at {}:{}", options.get_host(), options.get_port());
    let failed = |source| OpenError::Connect { place: place.clone(), source };
    let mut connection = options.connect().await.map_err(failed)?;
    let migrations = migrate::postgres();
    migrate::state(&mut connection, &migrations).await?;
    migrate::run(&mut connection, migrations).await?;
    connection.close().await.map_err(failed)?;
    let pool = Pool::postgres(options);
    Ok((pool.clone(), pool))
}

/// Makes the folder and an empty file, for which the system gives better reasons than SQLite does.
fn make(folder: &Path, file: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Who meets whom is nobody else's business on this machine.
        options.mode(0o600);
    }
    options.open(file).map(drop)
}

/// The database in the data folder.
pub const FILE: &str = "parlor.db";

/// The folder for copies in the data folder.
const BACKUPS: &str = "backups";

/// How long a connection waits for another one's lock: a backup or an administrator's shell, never one of ours.
pub const BUSY: Duration = Duration::from_millis(5_000);
