//! The chat of a room: its lines and the reactions to them.

use std::collections::BTreeMap;

use proto::{FileId, MessageId, Person, RoomId, api, id::IdSource};

use crate::{
    AddMessageError, DeleteMessageError, ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, person, returned, values},
    file,
};

impl Store {
    /// Keeps a new line. Its id is one of the moment that it says (`at`): by that, the lines since a moment are found. Its file, when it has one, must be one that its writer gave to this room and that came with no
    /// other line. Its reactions are not looked at: a new line has none.
    pub async fn add_message(&self, room: RoomId, message: &api::Message) -> Result<(), AddMessageError> {
        match self.write(with_line(Change::default(), room, message)).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(0) => Err(AddMessageError::RoomGone),
            Outcome::Stopped(_) => Err(AddMessageError::FileGone),
        }
    }

    /// The line of that id, whoever may read it.
    pub async fn message(&self, room: RoomId, id: MessageId) -> Result<Option<api::Message>, ReadError> {
        let row = self.row::<Row>(BY_ID, values![room, id]).await?;
        Ok(self.with_reactions(room, row.into_iter().collect()).await?.pop())
    }

    /// At most `most` lines before `before`, the oldest first: the last ones that were written at `from` or later and that
    /// this person may read. What was said to one person alone is read by those two.
    pub async fn history(
        &self,
        room: RoomId,
        person: &Person,
        from: u64,
        before: Option<MessageId>,
        most: u32,
    ) -> Result<Vec<api::Message>, ReadError> {
        let before = before.map_or(AFTER_ALL.to_owned(), |id| id.to_string());
        let first: MessageId = IdSource::least(from);
        let mut rows: Vec<Row> = self.rows(HISTORY, values![room, before, from, person, most, first]).await?;
        rows.reverse();
        self.with_reactions(room, rows).await
    }

    /// Changes what a line says, and marks it as changed. `false` when there is no such line.
    pub async fn edit_message(&self, room: RoomId, id: MessageId, text: &str) -> Result<bool, WriteError> {
        let Some(message) = self.message(room, id).await? else { return Ok(false) };
        let folded = folded(text, message.file.as_ref());
        let change = Change::needs(EDIT, values![room, id, text, folded]).and_tries(HAPPENED, values![room]);
        Ok(self.write(change).await?.is_done())
    }

    /// Forgets a line with its reactions and its file. Says which file is to be taken from the disk.
    pub async fn delete_message(&self, room: RoomId, id: MessageId) -> Result<Option<FileId>, DeleteMessageError> {
        let change = Change::tries(file::DELETE_OF_MESSAGE, values![room, id])
            .returning()
            .and_needs(DELETE, values![room, id])
            .and_tries(HAPPENED, values![room]);
        match self.write(change).await? {
            Outcome::Done(done) => Ok(returned("file id", done)?.pop()),
            Outcome::Stopped(_) => Err(DeleteMessageError::Unknown),
        }
    }

    /// Puts a reaction of somebody under a line, or takes it away. `false` when that changed nothing: there is no such line,
    /// it is so already, or the line holds as many reactions as it may ([`MOST_EMOJI`], [`MOST_REACTIONS`]).
    pub async fn react(
        &self,
        room: RoomId,
        id: MessageId,
        person: &Person,
        emoji: &str,
        on: bool,
        at: u64,
    ) -> Result<bool, WriteError> {
        let change = if on {
            Change::needs(REACT, values![room, id, person, emoji, at, MOST_EMOJI, MOST_REACTIONS])
        } else {
            Change::needs(TAKE_REACTION, values![room, id, person, emoji])
        };
        Ok(self.write(change.and_tries(HAPPENED, values![room])).await?.is_done())
    }

    /// Reads the rows, which are in order of id, and what is under them.
    async fn with_reactions(&self, room: RoomId, rows: Vec<Row>) -> Result<Vec<api::Message>, ReadError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
        let reactions = self.rows(REACTIONS, values![room, &first.0, &last.0]).await?;
        let mut under: BTreeMap<String, Vec<api::Reaction>> = BTreeMap::new();
        for (message, emoji, who) in reactions {
            let reactions = under.entry(message).or_default();
            let who = person(who)?;
            match reactions.iter_mut().find(|reaction| reaction.emoji == emoji) {
                Some(reaction) => reaction.people.push(who),
                None => reactions.push(api::Reaction { emoji, people: vec![who] }),
            }
        }
        rows.into_iter()
            .map(|row| {
                let reactions = under.remove(&row.0).unwrap_or_default();
                read(row, reactions)
            })
            .collect()
    }
}

/// A change with a new line at its end, read by its writer and counted in its conversation when it stands in one.
pub fn with_line(change: Change, room: RoomId, message: &api::Message) -> Change {
    let api::Message { id, from, name, to, at, text, reply_to, edited, file, reactions: _, deed } = message;
    let deed =
        deed.as_ref().map(|deed| serde_json::to_string(deed).expect("a deed is an object of names and plain values"));
    let folded = deed.is_none().then(|| folded(text, file.as_ref()));
    let mut change =
        change.and_needs(ADD, values![*id, room, from, name, to.as_ref(), *at, text, *reply_to, *edited, deed, folded]);
    if let Some(file) = file {
        change = change.and_needs(file::ATTACH, values![file.id, room, *id, from]);
    }
    change.and_tries(OWN, values![room, from, *id]).and_tries(HAPPENED, values![room])
}

/// What is searched of a line.
fn folded(text: &str, file: Option<&api::File>) -> String {
    let name = file.map(|file| file.name.as_str()).unwrap_or_default();
    format!("{text}\n{name}").to_lowercase()
}

/// The most different emoji under one line: more are not told apart any more. One more is not taken.
pub const MOST_EMOJI: u32 = 20;

/// The most reactions under one line: a large meeting whose every guest presses twice. One more is not taken.
pub const MOST_REACTIONS: u32 = 1_000;

/// A line and its file.
type Row = (
    String,
    String,
    String,
    Option<String>,
    i64,
    String,
    Option<String>,
    i64,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<String>,
);

/// As above, and the room.
pub type RowIn = (
    String,
    String,
    String,
    Option<String>,
    i64,
    String,
    Option<String>,
    i64,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    String,
);

/// A line without its reactions, and the id of its room.
pub fn read_in(row: RowIn) -> Result<(String, api::Message), ReadError> {
    let (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, room) = row;
    Ok((room, read((a, b, c, d, e, f, g, h, i, j, k, l, m, n, o), Vec::new())?))
}

fn read(row: Row, reactions: Vec<api::Reaction>) -> Result<api::Message, ReadError> {
    let (id, from, name, to, at, text, reply_to, edited, file_id, file_name, size, kind, width, height, deed) = row;
    let deed = match deed {
        Some(text) => Some(serde_json::from_str(&text).map_err(|_| ReadError::Damaged { what: "deed", value: text })?),
        None => None,
    };
    let file = match (file_id, file_name, size, kind) {
        (Some(id), Some(name), Some(size), Some(kind)) => Some(file::read_view((id, name, size, kind, width, height))?),
        _ => None,
    };
    Ok(api::Message {
        id: parsed("message id", id)?,
        from: person(from)?,
        name,
        to: to.map(person).transpose()?,
        at: number("message time", at)?,
        text,
        reply_to: reply_to.map(|id| parsed("message id", id)).transpose()?,
        edited: edited != 0,
        file,
        reactions,
        deed,
    })
}

/// What is read of a line, in the order of [`Row`]; `m` and `f` are the tables.
macro_rules! columns {
    () => {
        "m.id, m.sender, m.name, m.recipient, m.at, m.text, m.reply_to, m.edited, \
         f.id, f.name, f.size, f.kind, f.preview_width, f.preview_height, m.deed"
    };
}
pub(crate) use columns;

/// After every id: its digits and letters all come before this sign.
pub const AFTER_ALL: &str = "MS_~";

/// No row is written when there is no such room.
const ADD: &str = "INSERT INTO message (id, room, sender, name, recipient, at, text, reply_to, edited, deed, folded) \
                   SELECT $1, r.id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM room r WHERE r.id = $2";

/// Nothing, where the room is no conversation of the writer's.
const OWN: &str = "UPDATE conversation_member SET seen = $3 WHERE room = $1 AND account = $2 AND seen < $3";

/// Nothing, where the room is no conversation.
const HAPPENED: &str = "UPDATE conversation SET number = number + 1 WHERE room = $1";

const BY_ID: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM message m LEFT JOIN file f ON f.message = m.id WHERE m.room = $1 AND m.id = $2"
);

/// Ids sort by time, so that the last lines come first here, and the index is read between two ids and no further: whoever
/// came late to a room of many years costs no more than others.
pub const HISTORY: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM message m LEFT JOIN file f ON f.message = m.id WHERE m.room = $1 AND m.id >= $6 AND m.id < $2 AND m.at >= $3 \
     AND (m.recipient IS NULL OR m.recipient = $4 OR m.sender = $4) ORDER BY m.id DESC LIMIT $5"
);

/// Of the lines of a page, some that are not on it included: those that the reader may not read.
const REACTIONS: &str = "SELECT e.message, e.emoji, e.person FROM reaction e JOIN message m ON m.id = e.message \
                         WHERE m.room = $1 AND m.id >= $2 AND m.id <= $3 ORDER BY e.message, e.at, e.emoji, e.person";

/// No row is changed when there is no such line.
const EDIT: &str = "UPDATE message SET text = $3, folded = $4, edited = 1 WHERE room = $1 AND id = $2";

/// As above.
const DELETE: &str = "DELETE FROM message WHERE room = $1 AND id = $2";

/// No row is written when there is no such line, the reaction is there, or no more are taken.
const REACT: &str = "INSERT INTO reaction (message, emoji, person, at) SELECT m.id, $4, $3, $5 FROM message m \
                     WHERE m.room = $1 AND m.id = $2 \
                     AND (SELECT COUNT(*) FROM reaction e WHERE e.message = m.id) < $7 \
                     AND (EXISTS (SELECT 1 FROM reaction e WHERE e.message = m.id AND e.emoji = $4) \
                     OR (SELECT COUNT(DISTINCT e.emoji) FROM reaction e WHERE e.message = m.id) < $6) \
                     ON CONFLICT (message, emoji, person) DO NOTHING";

const TAKE_REACTION: &str = "DELETE FROM reaction WHERE message = (SELECT id FROM message WHERE room = $1 AND id = $2) \
                             AND person = $3 AND emoji = $4";
