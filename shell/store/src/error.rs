//! What can go wrong, by operation. Each text is one sentence for the operator.

use std::path::PathBuf;

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder for the data could not be made or written.
    #[error("Cannot write to the data folder {}: {source}. Check its owner and rights, or choose another with --data.", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A newer program has changed the schema.
    #[error(
        "The database was written by a newer version of Parlor (schema {found}, this program knows up to {known}). \
         Start that version, or restore the backup made before the upgrade."
    )]
    TooNew {
        /// The number of the newest migration in the database.
        found: i64,
        /// The newest that this program has.
        known: i64,
    },
    /// The database could not be reached or read.
    #[error("Cannot open the database {place}: {source}.")]
    Connect {
        /// The file, or the URL without its password.
        place: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// The copy before a migration could not be made, so nothing was migrated.
    #[error("Cannot back up the database to {} before changing its schema: {source}. Free some space or check the rights.", file.display())]
    Backup {
        /// The copy.
        file: PathBuf,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A migration failed. It was rolled back.
    #[error("Cannot bring the database up to date: {0}. Nothing was changed; keep the file and report this.")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database failed.
    #[error("cannot read from the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A stored value is not what we write there.
    #[error("the database holds a {what} that cannot be read: {value}")]
    Damaged {
        /// Which column.
        what: &'static str,
        /// What stands there.
        value: String,
    },
}

/// Why something could not be written. Nothing of the request was kept, but for [`WriteError::Damaged`].
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The database failed.
    #[error("cannot write to the database: {0}")]
    Database(#[from] std::sync::Arc<sqlx::Error>),
    /// Too much waits to be written already; see `writer::QUEUE`.
    #[error("the database is too slow for what is asked of it; try again")]
    Busy,
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// What the database holds, or said of what was written, is not what we write there. It may have been written.
    #[error("the database holds a {what} that cannot be read: {value}")]
    Damaged {
        /// Which column.
        what: &'static str,
        /// What stands there.
        value: String,
    },
}

/// Why an app password was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AddAppPasswordError {
    /// With it there would be too many.
    #[error("there would be too many app passwords")]
    Full,
    /// The account is gone or shut out.
    #[error("the account is gone or shut out")]
    NoAccount,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why entries of a phone book were not kept.
#[derive(Debug, thiserror::Error)]
pub enum AddContactsError {
    /// With them there would be too many.
    #[error("there would be too many entries")]
    Full,
    /// They could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why it was not kept how a browser is woken.
#[derive(Debug, thiserror::Error)]
pub enum AddPushError {
    /// Its session is over.
    #[error("the session is over")]
    NoSession,
    /// With it there would be too many of that account.
    #[error("there would be too many browsers")]
    Full,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<ReadError> for WriteError {
    /// Of a change that has to read first.
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Database(error) => Self::Database(std::sync::Arc::new(error)),
            ReadError::Damaged { what, value } => Self::Damaged { what, value },
        }
    }
}

/// Why a room was not kept.
#[derive(Debug, thiserror::Error)]
pub enum CreateRoomError {
    /// Another room has this code: draw another.
    #[error("another room has this code")]
    CodeTaken,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a room was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRoomError {
    /// There is no such room.
    #[error("there is no such room")]
    Unknown,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a room was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteRoomError {
    /// There is no such room.
    #[error("there is no such room")]
    Unknown,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a conversation was not kept.
#[derive(Debug, thiserror::Error)]
pub enum MakeConversationError {
    /// The two have one already.
    #[error("there is one already")]
    Taken,
    /// Somebody of it is in as many as they may be, or there is no such account.
    #[error("somebody is in as many conversations as they may be")]
    Full,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why nobody was taken into a conversation.
#[derive(Debug, thiserror::Error)]
pub enum AddMemberError {
    /// It would hold too many, somebody would be in too many, or is in it already.
    #[error("the conversation is full, or somebody is in as many as they may be")]
    Full,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why an account was not kept.
#[derive(Debug, thiserror::Error)]
pub enum CreateAccountError {
    /// Another account has this name, in whatever case.
    #[error("another account has this name")]
    NameTaken,
    /// The invitation was taken back, used up, or has ended.
    #[error("the invitation is good no longer")]
    InvitationGone,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAccountError {
    /// There is no such account.
    #[error("there is no such account")]
    Unknown,
    /// Nobody would be left to administer the server.
    #[error("nobody would be left to administer the server")]
    LastAdmin,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a line of a chat was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AddMessageError {
    /// There is no such room any more.
    #[error("there is no such room")]
    RoomGone,
    /// The file is not one that its writer gave to this room, or it came with another line already.
    #[error("the file is not there any more")]
    FileGone,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a line of a chat was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteMessageError {
    /// There is no such line.
    #[error("there is no such line")]
    Unknown,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AddFileError {
    /// The room would hold more bytes than it may.
    #[error("the room holds as many files as it may")]
    Full,
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}
