//! Accounts. Their names are unique without regard to case.

use std::fmt;

use proto::AccountId;

use crate::{
    ChangeAccountError, CreateAccountError, ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, values},
    setting::SET,
};

/// Somebody who can sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The name to sign in with, as it was typed.
    pub name: String,
    /// The name to show.
    pub display_name: String,
    /// The hash of the password in PHC form, when there is one.
    pub password: Option<String>,
    /// Whether it administers the server.
    pub admin: bool,
    /// Whether it may make rooms when only the invited may.
    pub may_create: bool,
    /// Whether it is shut out.
    pub disabled: bool,
    /// A text that changes with each picture; `None` without one.
    pub avatar: Option<String>,
    /// When it was made, in milliseconds since 1970.
    pub created_at: u64,
}

/// What is to be different about an account; what is `None` stays.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The name to show.
    pub display_name: Option<String>,
    /// The hash of the password in PHC form.
    pub password: Option<String>,
    /// Whether it administers the server.
    pub admin: Option<bool>,
    /// Whether it may make rooms when only the invited may.
    pub may_create: Option<bool>,
    /// Whether it is shut out. Shutting it out closes all its sessions.
    pub disabled: Option<bool>,
    /// The version of the picture; `Some(None)` takes the picture away.
    pub avatar: Option<Option<String>>,
}

impl fmt::Debug for Account {
    /// Without the hash of the password, which must not come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for AccountChange {
    /// As for [`Account`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { display_name, password, admin, may_create, disabled, avatar } = self;
        f.debug_struct("AccountChange")
            .field("display_name", display_name)
            .field("password", &password.as_ref().map(|_| "..."))
            .field("admin", admin)
            .field("may_create", may_create)
            .field("disabled", disabled)
            .field("avatar", avatar)
            .finish()
    }
}

impl Store {
    /// Makes the first administrator and keeps the first settings, together. `false`, and nothing is written, when there is
    /// an administrator already.
    pub async fn set_up(&self, account: &Account, settings: &[(&str, &str)]) -> Result<bool, WriteError> {
        let mut change = Change::needs(CREATE_FIRST, row_values(account));
        for (key, value) in settings {
            change = change.and_needs(SET, values![*key, *value]);
        }
        Ok(self.write(change).await?.is_done())
    }

    /// Whether the server was set up: whether there is an administrator.
    pub async fn is_set_up(&self) -> Result<bool, ReadError> {
        Ok(self.row::<(String,)>(ANY_ADMIN, values![]).await?.is_some())
    }

    /// Keeps a new account. With an invitation (its id, and the time now) it takes one use of that in the same breath. A bad
    /// invitation is said before a taken name, so that only the invited learn which names there are.
    pub async fn create_account(
        &self,
        account: &Account,
        invitation: Option<(&str, u64)>,
    ) -> Result<(), CreateAccountError> {
        let mut change = Change::default();
        if let Some((id, now)) = invitation {
            change = change.and_needs(crate::invitation::TAKE_USE, values![id, now]);
        }
        change = change.and_needs(CREATE, row_values(account));
        match self.write(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(0) if invitation.is_some() => Err(CreateAccountError::InvitationGone),
            Outcome::Stopped(_) => Err(CreateAccountError::NameTaken),
        }
    }

    /// The account of that id.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, ReadError> {
        self.row(BY_ID, values![id]).await?.map(read).transpose()
    }

    /// The account of that name to sign in with, in whatever case it is written.
    pub async fn account_by_name(&self, name: &str) -> Result<Option<Account>, ReadError> {
        self.row(BY_NAME, values![key(name)]).await?.map(read).transpose()
    }

    /// At most `most` accounts after `after`, in the order in which they were made.
    pub async fn accounts(&self, after: Option<AccountId>, most: u32) -> Result<Vec<Account>, ReadError> {
        // The empty text is before every id.
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        self.rows(LIST, values![after, most]).await?.into_iter().map(read).collect()
    }

    /// Changes an account, unless nobody would be left to administer the server.
    pub async fn change_account(&self, id: AccountId, change: &AccountChange) -> Result<(), ChangeAccountError> {
        let AccountChange { display_name, password, admin, may_create, disabled, avatar } = change.clone();
        let (new_avatar, avatar) = (avatar.is_some(), avatar.flatten());
        let closes = disabled == Some(true);
        let values = values![id, display_name, password, admin, may_create, disabled, new_avatar, avatar];
        let mut change = Change::tries(LOCK_ADMINS, values![]).and_needs(LOCK, values![id]).and_needs(CHANGE, values);
        if closes {
            change = change.and_tries(crate::session::CLOSE_ALL, values![id, ""]);
        }
        match self.write(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(1) => Err(ChangeAccountError::Unknown),
            Outcome::Stopped(_) => Err(ChangeAccountError::LastAdmin),
        }
    }
}

/// The columns of [`COLUMNS`](columns).
pub type Row = (String, String, String, Option<String>, i64, i64, i64, Option<String>, i64);

/// Reads a row.
pub fn read(row: Row) -> Result<Account, ReadError> {
    let (id, name, display_name, password, admin, may_create, disabled, avatar, created_at) = row;
    Ok(Account {
        id: parsed("account id", id)?,
        name,
        display_name,
        password,
        admin: admin != 0,
        may_create: may_create != 0,
        disabled: disabled != 0,
        avatar,
        created_at: number("account time", created_at)?,
    })
}

/// The name by which accounts are told apart.
fn key(name: &str) -> String {
    name.to_lowercase()
}

fn row_values(account: &Account) -> Vec<crate::column::Value> {
    let Account { id, name, display_name, password, admin, may_create, disabled, avatar, created_at } = account;
    values![
        *id,
        key(name),
        name,
        display_name,
        password.clone(),
        *admin,
        *may_create,
        *disabled,
        avatar.clone(),
        *created_at
    ]
}

/// What is read of an account, in the order of [`Row`]; `a` is the table.
macro_rules! columns {
    () => {
        "a.id, a.name, a.display_name, a.password, a.admin, a.may_create, a.disabled, a.avatar, a.created_at"
    };
}
pub(crate) use columns;

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM account a WHERE a.id = $1");

const BY_NAME: &str = concat!("SELECT ", columns!(), " FROM account a WHERE a.name_key = $1");

/// Ids sort by time, so that a page begins where the last one ended.
const LIST: &str = concat!("SELECT ", columns!(), " FROM account a WHERE a.id > $1 ORDER BY a.id LIMIT $2");

const ANY_ADMIN: &str = "SELECT id FROM account WHERE admin = 1 LIMIT 1";

/// No row is written when the name is taken.
const CREATE: &str = "INSERT INTO account (id, name_key, name, display_name, password, admin, may_create, disabled, \
                      avatar, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                      ON CONFLICT (name_key) DO NOTHING";

/// As above, nor when there is an administrator.
const CREATE_FIRST: &str = "INSERT INTO account (id, name_key, name, display_name, password, admin, may_create, \
                            disabled, avatar, created_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 \
                            WHERE NOT EXISTS (SELECT 1 FROM account WHERE admin = 1) \
                            ON CONFLICT (name_key) DO NOTHING";

/// Two nodes that each take the rights of another administrator at once have to see each other, so each holds all of them.
const LOCK_ADMINS: &str = "UPDATE account SET admin = admin WHERE admin = 1";

/// No row is touched when there is no such account.
const LOCK: &str = "UPDATE account SET admin = admin WHERE id = $1";

/// No row is changed when this would leave no administrator who can sign in.
const CHANGE: &str = "UPDATE account SET display_name = COALESCE($2, display_name), password = COALESCE($3, password), \
                      admin = COALESCE($4, admin), may_create = COALESCE($5, may_create), \
                      disabled = COALESCE($6, disabled), avatar = CASE WHEN $7 = 1 THEN $8 ELSE avatar END \
                      WHERE id = $1 AND (admin = 0 OR disabled = 1 \
                      OR (COALESCE($4, admin) = 1 AND COALESCE($6, disabled) = 0) \
                      OR EXISTS (SELECT 1 FROM account o WHERE o.admin = 1 AND o.disabled = 0 AND o.id <> $1))";
