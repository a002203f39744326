//! Conversations between people: who is in them and how far each has read. Their lines and files are those of rooms, which they are.

use std::collections::BTreeMap;

use proto::{AccountId, FileId, MessageId, RoomId, api};

use crate::{
    AddMemberError, MakeConversationError, ReadError, Store, StoredRoom, WriteError,
    change::{Change, Outcome},
    chat,
    column::{number, parsed, returned, values},
    file, room,
};

/// A conversation with everybody in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredConversation {
    /// Which room it is.
    pub id: RoomId,
    /// What it is called, when it is a group.
    pub name: Option<String>,
    /// Counts what happened in it.
    pub number: u64,
    /// Everybody in it, in the order of their names.
    pub people: Vec<Talker>,
}

/// Somebody in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talker {
    /// Who.
    pub account: AccountId,
    /// The name to show.
    pub name: String,
    /// A text that changes with each picture; `None` without one.
    pub avatar: Option<String>,
    /// Whether the account is shut out.
    pub disabled: bool,
    /// From when on they read, in milliseconds since 1970.
    pub since: u64,
}

/// A conversation as somebody in it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The conversation.
    pub conversation: StoredConversation,
    /// When it was made, in milliseconds since 1970.
    pub made: u64,
    /// The last line that they may read, without its reactions.
    pub last: Option<api::Message>,
    /// The last line that they have read.
    pub read: Option<MessageId>,
    /// How many lines of others came after it, at most [`MOST_UNREAD`].
    pub unread: u32,
}

/// Unread lines are counted so far: more are many.
pub const MOST_UNREAD: u32 = 100;

impl Store {
    /// Keeps a new conversation of these people: the one between two when it has no `deed`, else a group. The first of them begins
    /// it, and has begun at most `most` groups, those that they left included; what others began does not count, else anybody could
    /// use up what somebody may begin, and neither does one between two, of which there is one with each.
    pub async fn make_conversation(
        &self,
        stored: &StoredRoom,
        people: &[AccountId],
        deed: Option<&api::Message>,
        most: u32,
    ) -> Result<(), MakeConversationError> {
        let id = stored.room.id;
        let pair = match (people, deed) {
            ([one, other], None) => Some(pair(*one, *other)),
            _ => None,
        };
        let mut change = Change::needs(room::CREATE, room::row_values(stored)).and_needs(MAKE, values![id, pair]);
        if let Some(maker) = people.first() {
            change = change.and_needs(BEGAN, values![id, *maker, most]);
        }
        let since = if deed.is_some() { stored.room.created_at } else { 0 };
        for person in people {
            change = change.and_needs(ADD, values![id, *person, since, u32::MAX]);
        }
        if let Some(deed) = deed {
            change = chat::with_line(change, id, deed);
        }
        match self.write(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(0 | 1) => Err(MakeConversationError::Taken),
            Outcome::Stopped(_) => Err(MakeConversationError::Full),
        }
    }

    /// The conversation between two.
    pub async fn conversation_between(&self, one: AccountId, other: AccountId) -> Result<Option<RoomId>, ReadError> {
        let row: Option<(String,)> = self.row(BETWEEN, values![pair(one, other)]).await?;
        row.map(|(id,)| parsed("room id", id)).transpose()
    }

    /// The conversation of that id, whoever may see it.
    pub async fn conversation(&self, id: RoomId) -> Result<Option<StoredConversation>, ReadError> {
        let rows: Vec<PersonRow> = self.rows(PEOPLE, values![id]).await?;
        let mut found: Option<StoredConversation> = None;
        for (id, pair, title, count, account, name, avatar, disabled, since) in rows {
            let talker = talker(account, name, avatar, disabled, since)?;
            if found.is_none() {
                let (id, number) = (parsed("room id", id)?, number("count", count)?);
                found =
                    Some(StoredConversation { id, name: pair.is_none().then_some(title), number, people: Vec::new() });
            }
            if let Some(conversation) = &mut found {
                conversation.people.push(talker);
            }
        }
        Ok(found)
    }

    /// The conversations of somebody, or the one of that id if they are in it; in no order.
    pub async fn conversations_of(&self, account: AccountId, only: Option<RoomId>) -> Result<Vec<Seen>, ReadError> {
        let mut people: BTreeMap<String, Vec<Talker>> = BTreeMap::new();
        let rows: Vec<OtherRow> = self.rows(OTHERS, values![account, only]).await?;
        for (id, account, name, avatar, disabled, since) in rows {
            people.entry(id).or_default().push(talker(account, name, avatar, disabled, since)?);
        }
        let mut last: BTreeMap<String, api::Message> = BTreeMap::new();
        let rows: Vec<chat::RowIn> = self.rows(LAST, values![account, only]).await?;
        for row in rows {
            let (id, message) = chat::read_in(row)?;
            last.insert(id, message);
        }
        let rows: Vec<SeenRow> = self.rows(OF_ACCOUNT, values![account, only, MOST_UNREAD]).await?;
        rows.into_iter()
            .map(|(id, pair, title, count, made, seen, unread)| {
                let people = people.remove(&id).unwrap_or_default();
                let last = last.remove(&id);
                let (name, number) = (pair.is_none().then_some(title), number("count", count)?);
                let conversation = StoredConversation { id: parsed("room id", id)?, name, number, people };
                let read = if seen.is_empty() { None } else { Some(parsed("message id", seen)?) };
                let (made, unread) = (self::number("room time", made)?, self::number("count", unread)?);
                Ok(Seen { conversation, made, last, read, unread })
            })
            .collect()
    }

    /// Calls a group otherwise. `false` when it is gone.
    pub async fn rename_conversation(&self, id: RoomId, deed: &api::Message, name: &str) -> Result<bool, WriteError> {
        let change = chat::with_line(Change::needs(RENAME, values![id, name]), id, deed);
        Ok(self.write(change).await?.is_done())
    }

    /// Takes people into a group who are not in it yet: none when it would hold more than `most_people`.
    pub async fn add_to_conversation(
        &self,
        id: RoomId,
        people: &[AccountId],
        deed: &api::Message,
        most_people: u32,
    ) -> Result<(), AddMemberError> {
        let mut change = Change::default();
        for person in people {
            change = change.and_needs(ADD, values![id, *person, deed.at, most_people]);
        }
        match self.write(chat::with_line(change, id, deed)).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(_) => Err(AddMemberError::Full),
        }
    }

    /// Somebody leaves a group, and the deed says so to the others.
    pub async fn leave_conversation(
        &self,
        id: RoomId,
        account: AccountId,
        deed: &api::Message,
    ) -> Result<(), WriteError> {
        let change = chat::with_line(Change::needs(LEAVE, values![id, account]), id, deed);
        self.write(change).await.map(drop)
    }

    /// Forgets a conversation in which nobody is any more, with all that was written in it. Says which files are to be taken from the
    /// disk.
    pub async fn forget_deserted(&self, id: RoomId) -> Result<Vec<FileId>, WriteError> {
        let change = Change::tries(file::DELETE_OF_ROOM, values![id]).returning().and_needs(DESERTED, values![id]);
        match self.write(change).await? {
            Outcome::Done(done) => returned("file id", done),
            Outcome::Stopped(_) => Ok(Vec::new()),
        }
    }

    /// The conversations in which nobody is any more, at most `most` of them.
    pub async fn deserted_conversations(&self, most: u32) -> Result<Vec<RoomId>, ReadError> {
        let rows: Vec<(String,)> = self.rows(ALL_DESERTED, values![most]).await?;
        rows.into_iter().map(|(id,)| parsed("room id", id)).collect()
    }

    /// Somebody has read so far. `false` when that is nothing new: they had read it, or there is no such line.
    pub async fn mark_read(&self, id: RoomId, account: AccountId, line: MessageId) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(READ, values![id, account, line])).await?.is_done())
    }

    /// How many lines of others somebody has not read, at most [`MOST_UNREAD`].
    pub async fn unread(&self, id: RoomId, account: AccountId) -> Result<u32, ReadError> {
        let rows: Vec<SeenRow> = self.rows(OF_ACCOUNT, values![account, Some(id), MOST_UNREAD]).await?;
        rows.into_iter().next().map_or(Ok(0), |row| number("count", row.6))
    }

    /// At most `most` lines with this text, in whatever case, out of the last `looked_at` of each conversation of somebody, or of one; the
    /// last first, without their reactions.
    pub async fn find_lines(
        &self,
        account: AccountId,
        text: &str,
        only: Option<RoomId>,
        before: Option<MessageId>,
        most: u32,
        looked_at: u32,
    ) -> Result<Vec<(RoomId, api::Message)>, ReadError> {
        let mut pattern = String::from("%");
        for letter in text.to_lowercase().chars() {
            if matches!(letter, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(letter);
        }
        pattern.push('%');
        let before = before.map_or_else(|| chat::AFTER_ALL.to_owned(), |id| id.to_string());
        let rows: Vec<chat::RowIn> = self.rows(FIND, values![account, pattern, only, before, most, looked_at]).await?;
        rows.into_iter()
            .map(|row| {
                let (id, message) = chat::read_in(row)?;
                Ok((parsed("room id", id)?, message))
            })
            .collect()
    }

    /// Whether [`Store::find_lines`] looks at all that somebody may read there, before this line.
    pub async fn finds_all(
        &self,
        account: AccountId,
        only: Option<RoomId>,
        before: Option<MessageId>,
        looked_at: u32,
    ) -> Result<bool, ReadError> {
        let before = before.map_or_else(|| chat::AFTER_ALL.to_owned(), |id| id.to_string());
        let beyond: Option<(String,)> = self.row(BEYOND, values![account, only, before, looked_at]).await?;
        Ok(beyond.is_none())
    }
}

/// What makes the conversation between two the only one.
fn pair(one: AccountId, other: AccountId) -> String {
    format!("{} {}", one.min(other), one.max(other))
}

/// Room, pair, title, number; account, name, picture, whether it is shut out, since when it reads.
type PersonRow = (String, Option<String>, String, i64, String, String, Option<String>, i64, i64);

/// Room, and the rest of [`PersonRow`].
type OtherRow = (String, String, String, Option<String>, i64, i64);

/// Room, pair, title, number, when it was made, last line read, how many were not.
type SeenRow = (String, Option<String>, String, i64, i64, String, i64);

fn talker(
    account: String,
    name: String,
    avatar: Option<String>,
    disabled: i64,
    since: i64,
) -> Result<Talker, ReadError> {
    let (account, since) = (parsed("account id", account)?, number("time", since)?);
    Ok(Talker { account, name, avatar, disabled: disabled != 0, since })
}

/// No row is written when the two have one already.
const MAKE: &str = "INSERT INTO conversation (room, pair, number) VALUES ($1, $2, 0) ON CONFLICT (pair) DO NOTHING";

/// No row is changed when they have begun too many before.
const BEGAN: &str = "UPDATE conversation SET maker = $2 WHERE room = $1 \
                     AND (SELECT COUNT(*) FROM conversation b WHERE b.maker = $2 AND b.pair IS NULL) < $3";

/// No row is written when there is no such account or conversation, or it is full. Nothing that is there is new to
/// somebody who comes: they read what is written from then on.
const ADD: &str = "INSERT INTO conversation_member (room, account, since, seen) SELECT c.room, a.id, $3, '' \
                   FROM conversation c, account a WHERE c.room = $1 AND a.id = $2 \
                   AND (SELECT COUNT(*) FROM conversation_member m WHERE m.room = $1) < $4 \
                   ON CONFLICT (room, account) DO NOTHING";

const BETWEEN: &str = "SELECT room FROM conversation WHERE pair = $1";

const PEOPLE: &str = "SELECT c.room, c.pair, r.title, c.number, a.id, a.display_name, a.avatar, a.disabled, m.since \
                      FROM conversation c JOIN room r ON r.id = c.room JOIN conversation_member m ON m.room = c.room \
                      JOIN account a ON a.id = m.account WHERE c.room = $1 ORDER BY a.id";

const OTHERS: &str = "SELECT o.room, a.id, a.display_name, a.avatar, a.disabled, o.since FROM conversation_member m \
                      JOIN conversation_member o ON o.room = m.room JOIN account a ON a.id = o.account \
                      WHERE m.account = $1 AND ($2 IS NULL OR m.room = $2) ORDER BY o.room, a.id";

/// The last line of each is found from the end of the index of its lines.
const LAST: &str = concat!(
    "SELECT ",
    chat::columns!(),
    ", m.room FROM conversation_member s JOIN message m ON m.id = (SELECT x.id FROM message x WHERE x.room = s.room \
     AND x.at >= s.since ORDER BY x.id DESC LIMIT 1) LEFT JOIN file f ON f.message = m.id \
     WHERE s.account = $1 AND ($2 IS NULL OR s.room = $2)"
);

/// What somebody did to a group is no line to be read.
const OF_ACCOUNT: &str = "SELECT c.room, c.pair, r.title, c.number, r.created_at, s.seen, (SELECT COUNT(*) FROM \
                          (SELECT x.id FROM message x WHERE x.room = s.room AND x.id > s.seen AND x.at >= s.since \
                          AND x.sender <> s.account AND x.deed IS NULL LIMIT $3) AS few) \
                          FROM conversation_member s JOIN conversation c ON c.room = s.room \
                          JOIN room r ON r.id = s.room WHERE s.account = $1 AND ($2 IS NULL OR s.room = $2)";

const RENAME: &str = "UPDATE room SET title = $2 WHERE id = $1 AND title <> $2";

const LEAVE: &str = "DELETE FROM conversation_member WHERE room = $1 AND account = $2";

/// Only where nobody is, whoever asks.
const DESERTED: &str = "DELETE FROM room WHERE id = $1 AND EXISTS (SELECT 1 FROM conversation c WHERE c.room = room.id) \
                        AND NOT EXISTS (SELECT 1 FROM conversation_member m WHERE m.room = room.id)";

const ALL_DESERTED: &str = "SELECT c.room FROM conversation c WHERE NOT EXISTS \
                            (SELECT 1 FROM conversation_member m WHERE m.room = c.room) LIMIT $1";

/// What was read stays so.
const READ: &str = "UPDATE conversation_member SET seen = $3 WHERE room = $1 AND account = $2 AND seen < $3 \
                    AND EXISTS (SELECT 1 FROM message x WHERE x.room = $1 AND x.id = $3)";

/// Where to begin in each conversation is found first, in its index alone.
const FIND: &str = concat!(
    "WITH looked AS MATERIALIZED (SELECT s.room AS room, s.since AS since, COALESCE((SELECT x.id FROM message x \
     WHERE x.room = s.room AND x.id < $4 ORDER BY x.id DESC LIMIT 1 OFFSET $6), '') AS behind \
     FROM conversation_member s WHERE s.account = $1 AND ($3 IS NULL OR s.room = $3)) SELECT ",
    chat::columns!(),
    ", m.room FROM looked l CROSS JOIN message m LEFT JOIN file f ON f.message = m.id \
     WHERE m.room = l.room AND m.id > l.behind AND m.id < $4 AND m.at >= l.since AND m.folded LIKE $2 ESCAPE '!' \
     ORDER BY m.id DESC LIMIT $5"
);

const BEYOND: &str = "SELECT s.room FROM conversation_member s WHERE s.account = $1 AND ($2 IS NULL OR s.room = $2) \
                      AND (SELECT x.at FROM message x WHERE x.room = s.room AND x.id < $3 \
                      ORDER BY x.id DESC LIMIT 1 OFFSET $4) >= s.since LIMIT 1";
