//! Browsers that are woken when it rings for their person. Each stands with the session that it is signed in by, and goes with it.

use proto::{AccountId, DeviceKey};

use crate::{
    AddPushError, ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{parsed, values},
};

/// A browser that can be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPush {
    /// The public id of its session.
    pub session: String,
    /// Whose it is.
    pub account: AccountId,
    /// Which of their devices.
    pub device: DeviceKey,
    /// Where it is reached.
    pub endpoint: String,
    /// Its public key: a point of P-256, uncompressed (RFC 8291, section 3.1).
    pub key: Vec<u8>,
    /// The secret that it shares with us (RFC 8291, section 3.2).
    pub secret: Vec<u8>,
    /// The host by which it knows us.
    pub host: String,
}

impl Store {
    /// Keeps how a browser is woken, in place of what was kept of its session, and of whoever had that endpoint before: one
    /// browser is of one person. An account has `most` at most.
    pub async fn add_push(&self, push: &StoredPush, most: u32) -> Result<(), AddPushError> {
        let StoredPush { session, account, device, endpoint, key, secret, host } = push;
        let change = Change::tries(TAKE, values![endpoint, session])
            .and_needs(
                ADD,
                values![session, *account, device.as_str(), endpoint, key.as_slice(), secret.as_slice(), host],
            )
            .and_needs(NOT_FULL, values![*account, most]);
        match self.write(change).await? {
            Outcome::Done(_) => Ok(()),
            Outcome::Stopped(1) => Err(AddPushError::NoSession),
            Outcome::Stopped(_) => Err(AddPushError::Full),
        }
    }

    /// The browsers of somebody that can be woken.
    pub async fn pushes(&self, account: AccountId) -> Result<Vec<StoredPush>, ReadError> {
        self.rows(OF_ACCOUNT, values![account]).await?.into_iter().map(read).collect()
    }

    /// Whether the browser of a session can be woken.
    pub async fn has_push(&self, session: &str) -> Result<bool, ReadError> {
        Ok(self.row::<(String,)>(OF_SESSION, values![session]).await?.is_some())
    }

    /// The browser of a session is woken no more.
    pub async fn remove_push(&self, session: &str) -> Result<(), WriteError> {
        self.write(Change::tries(REMOVE, values![session])).await.map(drop)
    }

    /// Nobody is reached by that endpoint any more.
    pub async fn forget_push(&self, endpoint: &str) -> Result<(), WriteError> {
        self.write(Change::tries(FORGET, values![endpoint])).await.map(drop)
    }
}

type Row = (String, String, String, String, Vec<u8>, Vec<u8>, String);

fn read((session, account, device, endpoint, key, secret, host): Row) -> Result<StoredPush, ReadError> {
    let (account, device) = (parsed("account id", account)?, parsed("device key", device)?);
    Ok(StoredPush { session, account, device, endpoint, key, secret, host })
}

const TAKE: &str = "DELETE FROM push WHERE endpoint = $1 AND session <> $2";

/// No row is written when the session is over.
const ADD: &str = "INSERT INTO push (session, account, device, endpoint, key, secret, host) \
                   SELECT s.id, s.account, $3, $4, $5, $6, $7 FROM session s WHERE s.id = $1 AND s.account = $2 \
                   ON CONFLICT (session) DO UPDATE SET device = excluded.device, endpoint = excluded.endpoint, \
                   key = excluded.key, secret = excluded.secret, host = excluded.host";

/// No row is touched when there are more than `$2`.
const NOT_FULL: &str = "UPDATE account SET admin = admin WHERE id = $1 \
                        AND (SELECT COUNT(*) FROM push p WHERE p.account = $1) <= $2";

const OF_ACCOUNT: &str =
    "SELECT session, account, device, endpoint, key, secret, host FROM push WHERE account = $1 ORDER BY session";

const OF_SESSION: &str = "SELECT session FROM push WHERE session = $1";

const REMOVE: &str = "DELETE FROM push WHERE session = $1";

const FORGET: &str = "DELETE FROM push WHERE endpoint = $1";
