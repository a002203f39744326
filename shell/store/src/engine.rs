//! The two kinds of database behind one word, each with its own typed pool.

use std::time::Duration;

use sqlx::{
    FromRow, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow},
};

use crate::column::Value;

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

/// Binds values to a query of either engine, in their order.
macro_rules! bind {
    ($query:expr, $values:expr) => {
        $values.iter().fold($query, |query, value| match value {
            $crate::column::Value::Text(text) => query.bind(text.as_deref()),
            $crate::column::Value::Integer(number) => query.bind(*number),
            $crate::column::Value::Bytes(bytes) => query.bind(bytes.as_slice()),
        })
    };
}
pub(crate) use bind;

/// What a row of either engine can be read into.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

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

    /// The rows that a query finds.
    pub async fn rows<R: Row>(&self, sql: &'static str, values: &[Value]) -> Result<Vec<R>, sqlx::Error> {
        on!(self, pool => bind!(sqlx::query_as(sql), values).fetch_all(pool).await)
    }

    /// The first row that a query finds.
    pub async fn row<R: Row>(&self, sql: &'static str, values: &[Value]) -> Result<Option<R>, sqlx::Error> {
        on!(self, pool => bind!(sqlx::query_as(sql), values).fetch_optional(pool).await)
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
