//! The two kinds of database behind one word, each with its own typed pool.

use std::time::Duration;

use sqlx::{
    PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

/// A pool of connections.
#[derive(Debug, Clone)]
pub enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Does the same with the pool of either engine: the types differ, the words do not.
macro_rules! on {
    ($pool:expr, $inner:ident => $body:expr) => {
        match $pool {
            $crate::engine::Pool::Sqlite($inner) => $body,
            $crate::engine::Pool::Postgres($inner) => $body,
        }
    };
}
pub(crate) use on;

impl Pool {
    /// Connections that only read.
    pub fn sqlite_readers(options: SqliteConnectOptions) -> Self {
        let options = options.pragma("query_only", "ON");
        Self::Sqlite(
            SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(PATIENCE).connect_lazy_with(options),
        )
    }

    /// The one connection that writes.
    pub fn sqlite_writer(options: SqliteConnectOptions) -> Self {
        Self::Sqlite(SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(options))
    }

    /// Connections for both.
    pub fn postgres(options: PgConnectOptions) -> Self {
        let pool = PgPoolOptions::new().max_connections(READERS + 1).acquire_timeout(PATIENCE);
        Self::Postgres(pool.connect_lazy_with(options))
    }

    /// How a transaction begins which is known to write.
    pub fn begin(&self) -> &'static str {
        match self {
            // Takes the write lock at once, so that the busy time-out counts and not an error in the middle.
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            Self::Postgres(_) => "BEGIN",
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        on!(self, pool => pool.close().await);
    }
}

/// Connections that read at once. Queries take well under a millisecond, so a few serve thousands per second; a node of
/// a larger installation must leave connections to the others.
const READERS: u32 = 4;

/// How long a request waits for a connection before it fails. A database away for longer is down, and people are told.
const PATIENCE: Duration = Duration::from_secs(5);
