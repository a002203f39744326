//! All that is kept: the schema, its migrations, and every query.
//!
//! Only this crate contains SQL. It knows no rules: who may make or rename a room was decided before a call arrives here.
//! Start with [`Store`]; the queries are in `sql`, the way of a change to the disk in `writer`.

mod engine;
mod error;
mod migrate;
mod open;
mod room;
mod sql;
mod writer;

use std::path::PathBuf;

use proto::{RoomId, api::Room};

pub use error::{CreateRoomError, DeleteRoomError, OpenError, ReadError, RenameRoomError, WriteError};

use engine::{Pool, on};
use writer::{Change, Writer};

/// Where the data lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A folder of this machine, which holds the SQLite file `parlor.db` and its backups. It is made when missing.
    Sqlite(PathBuf),
    /// A PostgreSQL database by its URL, `postgres://user:password@host/database`.
    Postgres(String),
}

/// The database, open and migrated. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    readers: Pool,
    writer: Writer,
}

impl Store {
    /// Opens the database, makes it when it is missing, and brings its schema up to date. Needs a tokio runtime.
    pub async fn open(target: &Target) -> Result<Self, OpenError> {
        let (readers, pool) = match target {
            Target::Sqlite(folder) => open::sqlite(folder).await?,
            Target::Postgres(url) => open::postgres(url).await?,
        };
        let writer = writer::start(readers.clone(), pool);
        Ok(Self { readers, writer })
    }

    /// Keeps a new room. A room that was acknowledged survives a power cut.
    pub async fn create_room(&self, room: &Room) -> Result<(), CreateRoomError> {
        match self.writer.write(Change::Create(room.clone())).await? {
            0 => Err(CreateRoomError::CodeTaken),
            _ => Ok(()),
        }
    }

    /// The room behind the code of a link.
    pub async fn room_by_code(&self, code: &str) -> Result<Option<Room>, ReadError> {
        let row: Option<room::Row> =
            on!(&self.readers, pool => sqlx::query_as(sql::ROOM_BY_CODE).bind(code).fetch_optional(pool).await?);
        row.map(room::read).transpose()
    }

    /// The room of that id.
    pub async fn room_by_id(&self, id: RoomId) -> Result<Option<Room>, ReadError> {
        let id = id.to_string();
        let row: Option<room::Row> =
            on!(&self.readers, pool => sqlx::query_as(sql::ROOM_BY_ID).bind(id).fetch_optional(pool).await?);
        row.map(room::read).transpose()
    }

    /// Gives a room another title.
    pub async fn rename_room(&self, id: RoomId, title: &str) -> Result<(), RenameRoomError> {
        match self.writer.write(Change::Rename { id, title: title.to_owned() }).await? {
            0 => Err(RenameRoomError::Unknown),
            _ => Ok(()),
        }
    }

    /// Forgets a room.
    pub async fn delete_room(&self, id: RoomId) -> Result<(), DeleteRoomError> {
        match self.writer.write(Change::Delete { id }).await? {
            0 => Err(DeleteRoomError::Unknown),
            _ => Ok(()),
        }
    }

    /// At most `most` rooms after `after`, in the order in which they were made.
    pub async fn list_rooms(&self, after: Option<RoomId>, most: u32) -> Result<Vec<Room>, ReadError> {
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let most = i64::from(most);
        let rows: Vec<room::Row> =
            on!(&self.readers, pool => sqlx::query_as(sql::LIST_ROOMS).bind(after).bind(most).fetch_all(pool).await?);
        rows.into_iter().map(room::read).collect()
    }

    /// Writes what is waiting and closes the database. Calls on other clones fail from now on.
    pub async fn close(self) {
        self.writer.close().await;
    }
}
