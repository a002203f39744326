//! Sessions: the browsers in which an account is signed in. Of a cookie only its hash is kept.

use proto::AccountId;

use crate::{
    ReadError, Store, WriteError,
    account::{self, Account},
    change::{Change, Outcome},
    column::{number, parsed, values},
};

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The id by which it can be named to people; it opens nothing.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// The SHA-256 of the cookie.
    pub secret: Vec<u8>,
    /// What the browser said of itself.
    pub agent: String,
    /// When it signed in, in milliseconds since 1970.
    pub created_at: u64,
    /// When it was last seen.
    pub seen_at: u64,
}

impl Store {
    /// Keeps a new session. `false`, and nothing is written, when the account is gone or shut out, or when its password is
    /// not `checked` any more (a hash in PHC form; `None` when it was no password that opened it).
    pub async fn open_session(&self, session: &Session, checked: Option<&str>) -> Result<bool, WriteError> {
        let Session { id, account, secret, agent, created_at, seen_at } = session;
        let values = values![id, *account, secret.as_slice(), agent, *created_at, *seen_at, checked];
        Ok(self.write(Change::needs(OPEN, values)).await?.is_done())
    }

    /// The session whose cookie has this hash, with its account; none of an account that is shut out.
    pub async fn session(&self, secret: &[u8]) -> Result<Option<(Session, Account)>, ReadError> {
        let Some(row) = self.row::<WithAccount>(BY_SECRET, values![secret]).await? else { return Ok(None) };
        let (id, of, secret, agent, created_at, seen_at, a, b, c, d, e, f, g, h, i) = row;
        let session = read((id, of, secret, agent, created_at, seen_at))?;
        Ok(Some((session, account::read((a, b, c, d, e, f, g, h, i))?)))
    }

    /// Notes that a session was seen.
    pub async fn touch_session(&self, id: &str, seen_at: u64) -> Result<(), WriteError> {
        self.write(Change::tries(TOUCH, values![id, seen_at])).await.map(drop)
    }

    /// Ends a session of this account. `false` when there is none of that id.
    pub async fn close_session(&self, account: AccountId, id: &str) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(CLOSE, values![account, id])).await?.is_done())
    }

    /// Puts another hash of the same password in the place of `old`. `false` when that is not the password any more.
    pub async fn renew_password(&self, account: AccountId, old: &str, renewed: &str) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(RENEW_PASSWORD, values![account, old, renewed])).await?.is_done())
    }

    /// Sets the password of an account (its hash in PHC form) and ends every session of it but the one of the id `except`,
    /// together. `false`, and nothing is written, when there is no such account.
    pub async fn change_password(
        &self,
        account: AccountId,
        password_hash: &str,
        except: Option<&str>,
    ) -> Result<bool, WriteError> {
        // No session has the empty id.
        let change = Change::needs(SET_PASSWORD, values![account, password_hash])
            .and_tries(CLOSE_ALL, values![account, except.unwrap_or_default()]);
        Ok(self.write(change).await?.is_done())
    }

    /// The sessions of an account, the last seen first.
    pub async fn sessions(&self, account: AccountId) -> Result<Vec<Session>, ReadError> {
        self.rows(OF_ACCOUNT, values![account]).await?.into_iter().map(read).collect()
    }

    /// Ends the sessions that were last seen before `idle_before`, and those opened before `made_before`. Says how many.
    pub async fn forget_sessions(&self, idle_before: u64, made_before: u64) -> Result<u64, WriteError> {
        match self.write(Change::tries(FORGET, values![idle_before, made_before])).await? {
            Outcome::Done(done) => Ok(done.touched),
            Outcome::Stopped(_) => Ok(0),
        }
    }
}

type Row = (String, String, Vec<u8>, String, i64, i64);

/// A session and its account.
type WithAccount = (
    String,
    String,
    Vec<u8>,
    String,
    i64,
    i64,
    String,
    String,
    String,
    Option<String>,
    i64,
    i64,
    i64,
    Option<String>,
    i64,
);

fn read((id, account, secret, agent, created_at, seen_at): Row) -> Result<Session, ReadError> {
    Ok(Session {
        id,
        account: parsed("account id", account)?,
        secret,
        agent,
        created_at: number("session time", created_at)?,
        seen_at: number("session time", seen_at)?,
    })
}

/// What is read of a session, in the order of [`Row`]; `s` is the table.
macro_rules! columns {
    () => {
        "s.id, s.account, s.secret, s.agent, s.created_at, s.seen_at"
    };
}

/// No row is written when the account is not as it was when its owner was let in.
const OPEN: &str = "INSERT INTO session (id, account, secret, agent, created_at, seen_at) \
                    SELECT $1, a.id, $3, $4, $5, $6 FROM account a WHERE a.id = $2 AND a.disabled = 0 \
                    AND (CAST($7 AS TEXT) IS NULL OR a.password = $7)";

const RENEW_PASSWORD: &str = "UPDATE account SET password = $3 WHERE id = $1 AND password = $2";

const BY_SECRET: &str = concat!(
    "SELECT ",
    columns!(),
    ", ",
    account::columns!(),
    " FROM session s JOIN account a ON a.id = s.account WHERE s.secret = $1 AND a.disabled = 0"
);

const OF_ACCOUNT: &str =
    concat!("SELECT ", columns!(), " FROM session s WHERE s.account = $1 ORDER BY s.seen_at DESC, s.id");

/// Never back in time: two requests may come in another order than they are written.
const TOUCH: &str = "UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2";

const CLOSE: &str = "DELETE FROM session WHERE account = $1 AND id = $2";

/// No row is changed when there is no such account.
const SET_PASSWORD: &str = "UPDATE account SET password = $2 WHERE id = $1";

/// All but the one of the id `$2`.
pub const CLOSE_ALL: &str = "DELETE FROM session WHERE account = $1 AND id <> $2";

/// Reads the whole table, once in a while.
const FORGET: &str = "DELETE FROM session WHERE seen_at < $1 OR created_at < $2";
