//! Files that were given to rooms: what is known of them. Their bytes lie beside the database.

use proto::{FileId, Person, RoomId, api};

use crate::{
    AddFileError, ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, person, values},
};

/// A file of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// What people see of it.
    pub file: api::File,
    /// The room that it was given to.
    pub room: RoomId,
    /// Who gave it.
    pub by: Person,
    /// When, in milliseconds since 1970.
    pub at: u64,
}

impl Store {
    /// Keeps a new file, which comes with no line yet, unless the room's files would be more than `quota_room` bytes.
    pub async fn add_file(&self, stored: &StoredFile, quota_room: u64) -> Result<(), AddFileError> {
        let StoredFile { file, room, by, at } = stored;
        let api::File { id, name, size, kind, preview } = file;
        let (width, height) = (preview.map(|(width, _)| width), preview.map(|(_, height)| height));
        let values = values![*id, *room, by, *at, name, *size, kind, width, height, quota_room];
        match self.write(Change::needs(ADD, values)).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(_) => Err(AddFileError::Full),
        }
    }

    /// The file of that id, whoever may read it.
    pub async fn file(&self, room: RoomId, id: FileId) -> Result<Option<StoredFile>, ReadError> {
        self.row(BY_ID, values![room, id]).await?.map(read).transpose()
    }

    /// The file of that id, if this person may read it: it is theirs, or it came at `from` or later with a line that they
    /// may read.
    pub async fn file_for(
        &self,
        room: RoomId,
        id: FileId,
        person: &Person,
        from: u64,
    ) -> Result<Option<StoredFile>, ReadError> {
        self.row(BY_ID_FOR, values![room, id, person, from]).await?.map(read).transpose()
    }

    /// How many bytes the files of a room are together.
    pub async fn files_size(&self, room: RoomId) -> Result<u64, ReadError> {
        let row = self.row::<(i64,)>(SIZE, values![room]).await?;
        row.map_or(Ok(0), |(size,)| number("size", size))
    }

    /// The files that were given before `before` and came with no line since.
    pub async fn orphaned_files(&self, before: u64) -> Result<Vec<FileId>, ReadError> {
        let rows: Vec<(String,)> = self.rows(ORPHANED, values![before]).await?;
        rows.into_iter().map(|(id,)| parsed("file id", id)).collect()
    }

    /// Those of the files from `first` to `last` that are known, in the order of their ids.
    pub async fn known_files(&self, first: FileId, last: FileId) -> Result<Vec<FileId>, ReadError> {
        let rows: Vec<(String,)> = self.rows(KNOWN, values![first, last]).await?;
        rows.into_iter().map(|(id,)| parsed("file id", id)).collect()
    }

    /// Forgets a file that came with no line. `false` when there is none, or it came with one meanwhile: then its bytes
    /// have to stay.
    pub async fn forget_file(&self, id: FileId) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(FORGET, values![id])).await?.is_done())
    }
}

type Row = (String, String, String, i64, String, i64, String, Option<i64>, Option<i64>);

fn read((id, room, by, at, name, size, kind, width, height): Row) -> Result<StoredFile, ReadError> {
    let file = read_view((id, name, size, kind, width, height))?;
    Ok(StoredFile { file, room: parsed("room id", room)?, by: person(by)?, at: number("file time", at)? })
}

/// Id, name, size, kind, and the width and height of the preview.
pub type View = (String, String, i64, String, Option<i64>, Option<i64>);

/// Reads what people see of a file.
pub fn read_view((id, name, size, kind, width, height): View) -> Result<api::File, ReadError> {
    let preview = match width.zip(height) {
        Some((width, height)) => Some((number("width", width)?, number("height", height)?)),
        None => None,
    };
    Ok(api::File { id: parsed("file id", id)?, name, size: number("size", size)?, kind, preview })
}

/// What is read of a file, in the order of [`Row`]; `f` is the table.
macro_rules! columns {
    () => {
        "f.id, f.room, f.person, f.at, f.name, f.size, f.kind, f.preview_width, f.preview_height"
    };
}

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM file f WHERE f.room = $1 AND f.id = $2");

const BY_ID_FOR: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM file f LEFT JOIN message m ON m.id = f.message WHERE f.room = $1 AND f.id = $2 AND (f.person = $3 \
     OR m.at >= $4 AND (m.recipient IS NULL OR m.recipient = $3 OR m.sender = $3))"
);

/// A sum is of a wider type in PostgreSQL.
const SIZE: &str = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM file WHERE room = $1";

const ORPHANED: &str = "SELECT id FROM file WHERE message IS NULL AND at < $1 ORDER BY id";

/// Those of messages that were spoken, and of greetings, lie in the same folder.
const KNOWN: &str = "SELECT id FROM file WHERE id >= $1 AND id <= $2 \
                     UNION SELECT file FROM voicemail WHERE file >= $1 AND file <= $2 \
                     UNION SELECT file FROM greeting WHERE file >= $1 AND file <= $2 ORDER BY 1";

/// No row is written when the room would hold too much.
const ADD: &str = "INSERT INTO file (id, room, person, at, name, size, kind, preview_width, preview_height) \
                   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 \
                   WHERE (SELECT COALESCE(SUM(f.size), 0) FROM file f WHERE f.room = $2) + $6 <= $10";

/// No row is changed when it is not a file that this person gave to this room, or it came with another line.
pub const ATTACH: &str = "UPDATE file SET message = $3 WHERE id = $1 AND room = $2 AND person = $4 AND message IS NULL";

const FORGET: &str = "DELETE FROM file WHERE id = $1 AND message IS NULL";

/// Before its line, which would take the row with it in silence.
pub const DELETE_OF_MESSAGE: &str = "DELETE FROM file WHERE room = $1 AND message = $2 RETURNING id";

/// Before its room, for the same reason.
pub const DELETE_OF_ROOM: &str = "DELETE FROM file WHERE room = $1 RETURNING id";
