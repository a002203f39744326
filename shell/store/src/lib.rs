//! All that is kept: the schema, its migrations, and every query.
//!
//! Only this crate contains SQL. It knows no rules: who may make or rename a room was decided before a call arrives here.
//! It sees no secret either: of passwords, cookies and links it is given hashes.
//!
//! Start with [`Store`]. Each area has a file with its rows, its methods of the store and its SQL, in words that SQLite and
//! PostgreSQL share; how values stand in columns is in `column`, what a change is in `change`, its way to the disk in
//! `writer`. Each query is run on both engines by `tests/both_engines`.

#![forbid(unsafe_code)]

mod account;
mod app_password;
mod call;
mod call_wish;
mod change;
mod chat;
mod column;
mod contact;
mod conversation;
mod engine;
mod error;
mod file;
mod greeting;
mod hook;
mod invitation;
mod look;
mod meeting;
mod migrate;
mod open;
mod passkey;
mod push;
mod quality;
mod rating;
mod room;
mod session;
mod setting;
mod voicemail;
mod writer;

use std::path::PathBuf;

pub use account::{Account, AccountChange};
pub use app_password::AppPassword;
#[doc(hidden)]
pub use call::MOST_OF_ONE as MOST_CALLS;
pub use call::{CallsAsked, StoredCall};
#[doc(hidden)]
pub use chat::HISTORY;
pub use chat::{MOST_EMOJI, MOST_REACTIONS};
pub use conversation::{MOST_UNREAD, Seen, StoredConversation, Talker};
pub use error::{
    AddAppPasswordError, AddContactsError, AddFileError, AddMemberError, AddMessageError, AddPushError,
    ChangeAccountError, ChangeRoomError, CreateAccountError, CreateRoomError, DeleteMessageError, DeleteRoomError,
    MakeConversationError, OpenError, ReadError, WriteError,
};
pub use file::StoredFile;
pub use greeting::StoredGreeting;
pub use hook::{HookChange, StoredDelivery, StoredHook, Tried};
pub use invitation::{Invitation, Reset};
pub use look::{Look, Schema};
pub use meeting::StoredMeeting;
pub use passkey::Passkey;
pub use push::StoredPush;
pub use quality::{MOST_RECORDS, Stay, StoredTrouble};
pub use rating::StoredRating;
pub use room::{Ban, RoomChange, StoredRoom};
pub use session::Session;
pub use voicemail::StoredVoicemail;

use change::{Change, Outcome};
use column::Value;
use engine::{Pool, Row};
use writer::Writer;

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

    /// Looks at a database without making or changing anything: whether it opens, may be written, and which schema it has.
    ///
    /// # Errors
    /// When it is there and cannot be used, or cannot be reached.
    pub async fn look(target: &Target) -> Result<Look, OpenError> {
        look::look(target).await
    }

    /// Writes what is waiting and closes the database. Calls on other clones fail from now on.
    pub async fn close(self) {
        self.writer.close().await;
    }

    async fn rows<R: Row>(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<R>, ReadError> {
        Ok(self.readers.rows(sql, &values).await?)
    }

    async fn row<R: Row>(&self, sql: &'static str, values: Vec<Value>) -> Result<Option<R>, ReadError> {
        Ok(self.readers.row(sql, &values).await?)
    }

    async fn write(&self, change: Change) -> Result<Outcome, WriteError> {
        self.writer.write(change).await
    }
}
