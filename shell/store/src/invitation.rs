//! Links with a secret: invitations, with which accounts are made, and resets, with which a password is set anew. Of a secret
//! only its hash is kept.

use proto::AccountId;

use crate::{
    ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{number, parsed, returned, values},
};

/// A link with which accounts can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The id by which it can be named to people; it opens nothing.
    pub id: String,
    /// The SHA-256 of the secret in the link.
    pub secret: Vec<u8>,
    /// The name to fill in, when it is meant for somebody.
    pub name: Option<String>,
    /// How many accounts may still be made.
    pub uses_left: u32,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: u64,
    /// Whether these accounts may make rooms.
    pub may_create: bool,
    /// Who made it.
    pub created_by: AccountId,
}

/// A link with which the password of an account can be set once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// The SHA-256 of the secret in the link.
    pub secret: Vec<u8>,
    /// Whose password.
    pub account: AccountId,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: u64,
}

impl Store {
    /// Keeps a new invitation.
    pub async fn create_invitation(&self, invitation: &Invitation) -> Result<(), WriteError> {
        let Invitation { id, secret, name, uses_left, expires_at, may_create, created_by } = invitation;
        let values = values![id, secret.as_slice(), name.clone(), *uses_left, *expires_at, *may_create, *created_by];
        self.write(Change::needs(INVITE, values)).await.map(drop)
    }

    /// The invitation whose secret has this hash, also when it has ended or has no use left.
    pub async fn invitation(&self, secret: &[u8]) -> Result<Option<Invitation>, ReadError> {
        self.row(BY_SECRET, values![secret]).await?.map(read).transpose()
    }

    /// All invitations, those that end first before the others.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, ReadError> {
        self.rows(LIST, values![]).await?.into_iter().map(read).collect()
    }

    /// Takes an invitation back. `false` when there is none of that id.
    pub async fn delete_invitation(&self, id: &str) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(DELETE, values![id])).await?.is_done())
    }

    /// Keeps a new reset; the one that the account had before is good no longer.
    pub async fn create_reset(&self, reset: &Reset) -> Result<(), WriteError> {
        let Reset { secret, account, expires_at } = reset;
        self.write(Change::needs(RESET, values![*account, secret.as_slice(), *expires_at])).await.map(drop)
    }

    /// Takes the reset whose secret has this hash, sets the password (its hash in PHC form) and closes every session of the
    /// account, which it names. `None`, and nothing is written, when there is no such reset or it has ended.
    pub async fn use_reset(
        &self,
        secret: &[u8],
        now: u64,
        password_hash: &str,
    ) -> Result<Option<AccountId>, WriteError> {
        let change = Change::needs(SET_PASSWORD, values![secret, now, password_hash])
            .returning()
            .and_tries(CLOSE_SESSIONS, values![secret])
            .and_needs(TAKE_RESET, values![secret]);
        match self.write(change).await? {
            Outcome::Done(done) => Ok(returned("account id", done)?.pop()),
            Outcome::Stopped(_) => Ok(None),
        }
    }

    /// Forgets the invitations and resets that have ended.
    pub async fn forget_links(&self, now: u64) -> Result<(), WriteError> {
        let change = Change::tries(FORGET_INVITATIONS, values![now]).and_tries(FORGET_RESETS, values![now]);
        self.write(change).await.map(drop)
    }
}

type Row = (String, Vec<u8>, Option<String>, i64, i64, i64, String);

fn read((id, secret, name, uses_left, expires_at, may_create, created_by): Row) -> Result<Invitation, ReadError> {
    Ok(Invitation {
        id,
        secret,
        name,
        uses_left: number("count of uses", uses_left)?,
        expires_at: number("invitation time", expires_at)?,
        may_create: may_create != 0,
        created_by: parsed("account id", created_by)?,
    })
}

const INVITE: &str = "INSERT INTO invitation (id, secret, name, uses_left, expires_at, may_create, created_by) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7)";

const BY_SECRET: &str = "SELECT id, secret, name, uses_left, expires_at, may_create, created_by FROM invitation \
                         WHERE secret = $1";

const LIST: &str = "SELECT id, secret, name, uses_left, expires_at, may_create, created_by FROM invitation \
                    ORDER BY expires_at, id";

const DELETE: &str = "DELETE FROM invitation WHERE id = $1";

/// No row is changed when it has ended or nothing is left of it.
pub const TAKE_USE: &str =
    "UPDATE invitation SET uses_left = uses_left - 1 WHERE id = $1 AND uses_left > 0 AND expires_at > $2";

/// One for each account.
const RESET: &str = "INSERT INTO reset (account, secret, expires_at) VALUES ($1, $2, $3) \
                     ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, expires_at = excluded.expires_at";

/// No row is changed when there is no such reset or it has ended.
const SET_PASSWORD: &str = "UPDATE account SET password = $3 \
                            WHERE id = (SELECT account FROM reset WHERE secret = $1 AND expires_at > $2) RETURNING id";

const CLOSE_SESSIONS: &str = "DELETE FROM session WHERE account = (SELECT account FROM reset WHERE secret = $1)";

/// No row is touched when another node was faster.
const TAKE_RESET: &str = "DELETE FROM reset WHERE secret = $1";

const FORGET_INVITATIONS: &str = "DELETE FROM invitation WHERE expires_at <= $1";

const FORGET_RESETS: &str = "DELETE FROM reset WHERE expires_at <= $1";
