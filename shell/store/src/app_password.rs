//! App passwords: what programs of an account come in with. Of each only its hash is kept.

use proto::AccountId;

use crate::{
    ReadError, Store, WriteError,
    account::{self, Account},
    change::{Change, Outcome},
    column::{number, parsed, values},
    error::AddAppPasswordError,
};

/// A password of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppPassword {
    /// The id by which it can be named to people; it opens nothing.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// The SHA-256 of the password.
    pub secret: Vec<u8>,
    /// When it was made, in milliseconds since 1970.
    pub created_at: u64,
    /// When it was last used; `None` before the first time.
    pub used_at: Option<u64>,
}

impl Store {
    /// Keeps a new one, unless its account has `most` already, is gone or shut out.
    pub async fn add_app_password(&self, password: &AppPassword, most: u32) -> Result<(), AddAppPasswordError> {
        let AppPassword { id, account, name, secret, created_at, used_at } = password;
        let change = Change::needs(ADD, values![id, *account, name, secret.as_slice(), *created_at, *used_at])
            .and_needs(NOT_TOO_MANY, values![*account, most]);
        match self.write(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(0) => Err(AddAppPasswordError::NoAccount),
            Outcome::Stopped(_) => Err(AddAppPasswordError::Full),
        }
    }

    /// Those of an account, the oldest first.
    pub async fn app_passwords(&self, account: AccountId) -> Result<Vec<AppPassword>, ReadError> {
        self.rows(OF_ACCOUNT, values![account]).await?.into_iter().map(read).collect()
    }

    /// The one with this hash, with its account; none of an account that is shut out.
    pub async fn app_password(&self, secret: &[u8]) -> Result<Option<(AppPassword, Account)>, ReadError> {
        let Some(row) = self.row::<WithAccount>(BY_SECRET, values![secret]).await? else { return Ok(None) };
        let (id, of, name, secret, created_at, used_at, a, b, c, d, e, f, g, h, i) = row;
        let password = read((id, of, name, secret, created_at, used_at))?;
        Ok(Some((password, account::read((a, b, c, d, e, f, g, h, i))?)))
    }

    /// Notes that one was used.
    pub async fn touch_app_password(&self, id: &str, used_at: u64) -> Result<(), WriteError> {
        self.write(Change::tries(TOUCH, values![id, used_at])).await.map(drop)
    }

    /// Forgets one of this account. `false` when there is none of that id.
    pub async fn remove_app_password(&self, account: AccountId, id: &str) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(REMOVE, values![account, id])).await?.is_done())
    }
}

type Row = (String, String, String, Vec<u8>, i64, Option<i64>);

/// An app password and its account.
type WithAccount = (
    String,
    String,
    String,
    Vec<u8>,
    i64,
    Option<i64>,
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

fn read((id, account, name, secret, created_at, used_at): Row) -> Result<AppPassword, ReadError> {
    Ok(AppPassword {
        id,
        account: parsed("account id", account)?,
        name,
        secret,
        created_at: number("app password time", created_at)?,
        used_at: used_at.map(|at| number("app password time", at)).transpose()?,
    })
}

/// What is read of one, in the order of [`Row`]; `p` is the table.
macro_rules! columns {
    () => {
        "p.id, p.account, p.name, p.secret, p.created_at, p.used_at"
    };
}

/// No row is written when the account is gone or shut out.
const ADD: &str = "INSERT INTO app_password (id, account, name, secret, created_at, used_at) \
                   SELECT $1, a.id, $3, $4, $5, $6 FROM account a WHERE a.id = $2 AND a.disabled = 0";

/// Touches the owner's row alone, and only while there are not too many: whoever adds at the same time waits for it.
const NOT_TOO_MANY: &str = "UPDATE account SET admin = admin WHERE id = $1 \
                            AND (SELECT COUNT(*) FROM app_password p WHERE p.account = $1) <= $2";

const OF_ACCOUNT: &str =
    concat!("SELECT ", columns!(), " FROM app_password p WHERE p.account = $1 ORDER BY p.created_at, p.id");

const BY_SECRET: &str = concat!(
    "SELECT ",
    columns!(),
    ", ",
    account::columns!(),
    " FROM app_password p JOIN account a ON a.id = p.account WHERE p.secret = $1 AND a.disabled = 0"
);

/// Never back in time: two requests may come in another order than they are written.
const TOUCH: &str = "UPDATE app_password SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)";

const REMOVE: &str = "DELETE FROM app_password WHERE account = $1 AND id = $2";
