//! What people have their callers told before these speak a message: at most one row for each. Its sound lies beside the
//! database.

use proto::{AccountId, FileId};

use crate::{
    ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, returned, values},
};

/// The greeting of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGreeting {
    /// Whose it is.
    pub account: AccountId,
    /// Since when, in milliseconds since 1970.
    pub at: u64,
    /// How long it is, in milliseconds.
    pub ms: u32,
    /// Where its sound is.
    pub file: FileId,
    /// How many bytes that has.
    pub size: u64,
}

impl Store {
    /// Keeps a greeting in place of the one before. Which file that had, if there was one.
    pub async fn set_greeting(&self, stored: &StoredGreeting) -> Result<Option<FileId>, WriteError> {
        let StoredGreeting { account, at, ms, file, size } = stored;
        let change = Change::tries(DELETE, values![*account]).returning();
        let change = change.and_needs(ADD, values![*account, *at, *ms, *file, *size]);
        former(self.write(change).await?)
    }

    /// The greeting of somebody, if it is one of their own.
    pub async fn greeting(&self, account: AccountId) -> Result<Option<StoredGreeting>, ReadError> {
        self.row(OF_ACCOUNT, values![account]).await?.map(read).transpose()
    }

    /// Takes it back. Which file goes with it; nothing when there is none.
    pub async fn delete_greeting(&self, account: AccountId) -> Result<Option<FileId>, WriteError> {
        former(self.write(Change::tries(DELETE, values![account]).returning()).await?)
    }
}

fn former(outcome: Outcome) -> Result<Option<FileId>, WriteError> {
    match outcome {
        Outcome::Done(done) => Ok(returned("file id", done)?.pop()),
        Outcome::Stopped(_) => Ok(None),
    }
}

type Row = (String, i64, i64, String, i64);

fn read((account, at, ms, file, size): Row) -> Result<StoredGreeting, ReadError> {
    Ok(StoredGreeting {
        account: parsed("account id", account)?,
        at: number("time", at)?,
        ms: number("length", ms)?,
        file: parsed("file id", file)?,
        size: number("size", size)?,
    })
}

const OF_ACCOUNT: &str = "SELECT account, at, ms, file, size FROM greeting WHERE account = $1";

const ADD: &str = "INSERT INTO greeting (account, at, ms, file, size) VALUES ($1, $2, $3, $4, $5)";

const DELETE: &str = "DELETE FROM greeting WHERE account = $1 RETURNING file";
