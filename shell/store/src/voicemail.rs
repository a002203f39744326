//! Messages that were spoken for whoever did not answer: one row for each. Their sound lies beside the database.

use proto::{AccountId, FileId, VoicemailId};

use crate::{
    AddFileError, ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, returned, values},
};

/// A message of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVoicemail {
    /// Which.
    pub id: VoicemailId,
    /// Whose it is.
    pub account: AccountId,
    /// Who spoke it.
    pub sender: AccountId,
    /// By which name: the one that they have now, or had when they were last here.
    pub name: String,
    /// The version of their picture, if they have one. Not kept: it is theirs.
    pub avatar: Option<String>,
    /// When it was sent, in milliseconds since 1970.
    pub at: u64,
    /// How long it is, in milliseconds.
    pub ms: u32,
    /// Where its sound is.
    pub file: FileId,
    /// How many bytes that has.
    pub size: u64,
    /// Whether it was heard.
    pub heard: bool,
}

impl Store {
    /// Keeps a message, unless whoever it is for has `most` or would have more than `quota` bytes of them.
    pub async fn add_voicemail(&self, stored: &StoredVoicemail, most: u32, quota: u64) -> Result<(), AddFileError> {
        let StoredVoicemail { id, account, sender, name, avatar: _, at, ms, file, size, heard } = stored;
        let values = values![*id, *account, *sender, name, *at, *ms, *file, *size, *heard, most, quota];
        match self.write(Change::needs(ADD, values)).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(_) => Err(AddFileError::Full),
        }
    }

    /// The messages of somebody, the last first.
    pub async fn voicemails(&self, account: AccountId) -> Result<Vec<StoredVoicemail>, ReadError> {
        self.rows(OF_ACCOUNT, values![account]).await?.into_iter().map(read).collect()
    }

    /// One of them.
    pub async fn voicemail(&self, account: AccountId, id: VoicemailId) -> Result<Option<StoredVoicemail>, ReadError> {
        self.row(BY_ID, values![account, id]).await?.map(read).transpose()
    }

    /// How many they are, and how many bytes.
    pub async fn voicemail_size(&self, account: AccountId) -> Result<(u32, u64), ReadError> {
        let row: Option<(i64, i64)> = self.row(SIZE, values![account]).await?;
        let (count, size) = row.unwrap_or_default();
        Ok((number("messages", count)?, number("size", size)?))
    }

    /// How many of them were not heard.
    pub async fn unheard_voicemails(&self, account: AccountId) -> Result<u32, ReadError> {
        let row: Option<(i64,)> = self.row(UNHEARD, values![account]).await?;
        number("messages", row.map_or(0, |(count,)| count))
    }

    /// Notes whether one was heard. `false` when there is none of that id.
    pub async fn hear_voicemail(&self, account: AccountId, id: VoicemailId, heard: bool) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(HEAR, values![account, id, heard])).await?.is_done())
    }

    /// Deletes one. Which file goes with it; nothing when there is none of that id.
    pub async fn delete_voicemail(&self, account: AccountId, id: VoicemailId) -> Result<Option<FileId>, WriteError> {
        match self.write(Change::needs(DELETE, values![account, id]).returning()).await? {
            Outcome::Done(done) => Ok(returned("file id", done)?.pop()),
            Outcome::Stopped(_) => Ok(None),
        }
    }
}

type Row = (String, String, String, String, Option<String>, i64, i64, String, i64, i64);

fn read((id, account, sender, name, avatar, at, ms, file, size, heard): Row) -> Result<StoredVoicemail, ReadError> {
    Ok(StoredVoicemail {
        id: parsed("message id", id)?,
        account: parsed("account id", account)?,
        sender: parsed("account id", sender)?,
        name,
        avatar,
        at: number("time", at)?,
        ms: number("length", ms)?,
        file: parsed("file id", file)?,
        size: number("size", size)?,
        heard: heard != 0,
    })
}

/// What is read of a message, in the order of [`Row`].
macro_rules! messages {
    () => {
        "SELECT v.id, v.account, v.sender, COALESCE(a.display_name, v.name), a.avatar, v.at, v.ms, v.file, v.size, v.heard \
         FROM voicemail v LEFT JOIN account a ON a.id = v.sender WHERE v.account = $1"
    };
}

const OF_ACCOUNT: &str = concat!(messages!(), " ORDER BY v.id DESC");

const BY_ID: &str = concat!(messages!(), " AND v.id = $2");

/// No row is written when there would be too many, or too much.
const ADD: &str = "INSERT INTO voicemail (id, account, sender, name, at, ms, file, size, heard) \
                   SELECT $1, a.id, $3, $4, $5, $6, $7, $8, $9 FROM account a WHERE a.id = $2 \
                   AND (SELECT COUNT(*) FROM voicemail v WHERE v.account = $2) < $10 \
                   AND (SELECT COALESCE(SUM(v.size), 0) FROM voicemail v WHERE v.account = $2) + $8 <= $11";

/// A sum is of a wider type in PostgreSQL.
const SIZE: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM voicemail WHERE account = $1";

const UNHEARD: &str = "SELECT COUNT(*) FROM voicemail WHERE account = $1 AND heard = 0";

const HEAR: &str = "UPDATE voicemail SET heard = $3 WHERE account = $1 AND id = $2";

const DELETE: &str = "DELETE FROM voicemail WHERE account = $1 AND id = $2 RETURNING file";
