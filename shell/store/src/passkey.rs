//! Passkeys: what an account can sign in with instead of a password. They hold no secret; that stays in the device.

use proto::AccountId;

use crate::{
    ReadError, Store, WriteError,
    change::Change,
    column::{number, parsed, values},
};

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The credential's id, in base64url.
    pub id: String,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// The credential as the library that checks it wrote it.
    pub credential: String,
    /// When it was made, in milliseconds since 1970.
    pub created_at: u64,
}

impl Store {
    /// Keeps a new passkey. `false` when that credential is known already.
    pub async fn add_passkey(&self, passkey: &Passkey) -> Result<bool, WriteError> {
        let Passkey { id, account, name, credential, created_at } = passkey;
        Ok(self.write(Change::needs(ADD, values![id, *account, name, credential, *created_at])).await?.is_done())
    }

    /// The passkeys of an account, the oldest first.
    pub async fn passkeys(&self, account: AccountId) -> Result<Vec<Passkey>, ReadError> {
        self.rows(OF_ACCOUNT, values![account]).await?.into_iter().map(read).collect()
    }

    /// The passkey of that credential id.
    pub async fn passkey(&self, id: &str) -> Result<Option<Passkey>, ReadError> {
        self.row(BY_ID, values![id]).await?.map(read).transpose()
    }

    /// Keeps what became of a credential when it was used: its counter. `false` when there is no such passkey.
    pub async fn update_passkey(&self, id: &str, credential: &str) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(UPDATE, values![id, credential])).await?.is_done())
    }

    /// Forgets a passkey of this account. `false` when there is none of that id.
    pub async fn remove_passkey(&self, account: AccountId, id: &str) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(REMOVE, values![account, id])).await?.is_done())
    }
}

type Row = (String, String, String, String, i64);

fn read((id, account, name, credential, created_at): Row) -> Result<Passkey, ReadError> {
    let created_at = number("passkey time", created_at)?;
    Ok(Passkey { id, account: parsed("account id", account)?, name, credential, created_at })
}

/// No row is written when the credential is known.
const ADD: &str = "INSERT INTO passkey (id, account, name, credential, created_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (id) DO NOTHING";

const OF_ACCOUNT: &str =
    "SELECT id, account, name, credential, created_at FROM passkey WHERE account = $1 ORDER BY created_at, id";

const BY_ID: &str = "SELECT id, account, name, credential, created_at FROM passkey WHERE id = $1";

const UPDATE: &str = "UPDATE passkey SET credential = $2 WHERE id = $1";

const REMOVE: &str = "DELETE FROM passkey WHERE account = $1 AND id = $2";
