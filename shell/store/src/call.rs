//! Calls: one row for each, kept as a whole, and one for each party, which is its history. And what people say of themselves.

use proto::{
    AccountId, CallId,
    call::{CallRecord, Stage, Why},
    presence::Chosen,
};

use crate::{ReadError, Store, WriteError, change::Change, column::values};

/// A call out of somebody's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCall {
    /// What was kept of it.
    pub record: CallRecord,
    /// Whether they were called, did not answer, and have not looked since.
    pub missed: bool,
}

impl Store {
    /// Keeps how a call is now, in place of what was kept of it before.
    pub async fn keep_call(&self, record: &CallRecord) -> Result<(), WriteError> {
        let text = serde_json::to_string(record).expect("a call is an object of names and plain values");
        let values = values![record.id, record.room.as_str(), record.began, record.ended, text];
        let mut change = Change::tries(KEEP, values);
        for (place, leg) in record.legs.iter().enumerate() {
            let missed = match leg.stage {
                Stage::Ended { why } => Some(place > 0 && is_missed(why)),
                _ => None,
            };
            change = change.and_tries(PARTY, values![leg.account, record.id, missed.map(u64::from)]);
        }
        self.write(change).await.map(drop)
    }

    /// The calls that were not over when last kept, the oldest first.
    pub async fn open_calls(&self) -> Result<Vec<CallRecord>, ReadError> {
        let rows: Vec<(String,)> = self.rows(OPEN, values![]).await?;
        Ok(rows.iter().filter_map(|(record,)| read(record)).collect())
    }

    /// At most `most` calls of somebody before `before`, the last first.
    pub async fn calls_of(
        &self,
        account: AccountId,
        before: Option<CallId>,
        most: u32,
    ) -> Result<Vec<StoredCall>, ReadError> {
        // Letters come after all digits of an id.
        let before = before.map_or_else(|| "CA_~".to_owned(), |id| id.to_string());
        let rows: Vec<(String, Option<i64>)> = self.rows(OF_ACCOUNT, values![account, before, most]).await?;
        let stored = |(record, missed): (String, Option<i64>)| {
            Some(StoredCall { record: read(&record)?, missed: missed == Some(1) })
        };
        Ok(rows.into_iter().filter_map(stored).collect())
    }

    /// Somebody has looked at the calls that they missed.
    pub async fn look_at_calls(&self, account: AccountId) -> Result<(), WriteError> {
        self.write(Change::tries(LOOKED, values![account])).await.map(drop)
    }

    /// Forgets the calls that were over before `before`, in milliseconds since 1970.
    pub async fn forget_calls(&self, before: u64) -> Result<(), WriteError> {
        self.write(Change::tries(FORGET, values![before])).await.map(drop)
    }

    /// What somebody says of themselves.
    pub async fn chosen(&self, account: AccountId) -> Result<Chosen, ReadError> {
        let row: Option<(String,)> = self.row(CHOSEN, values![account]).await?;
        let read =
            |(name,): (String,)| Chosen::from_name(&name).ok_or(ReadError::Damaged { what: "presence", value: name });
        row.map_or(Ok(Chosen::Automatic), read)
    }

    /// Keeps what somebody says of themselves.
    pub async fn choose(&self, account: AccountId, chosen: Chosen) -> Result<(), WriteError> {
        self.write(Change::tries(CHOOSE, values![account, chosen.name()])).await.map(drop)
    }
}

/// Whether somebody who was called has missed the call.
fn is_missed(why: Why) -> bool {
    matches!(why, Why::NoAnswer | Why::Unreachable | Why::Cancelled | Why::Busy | Why::DoNotDisturb)
}

/// A call as it was kept; nothing when a version wrote it that thought otherwise of calls: a history goes on without it.
fn read(record: &str) -> Option<CallRecord> {
    serde_json::from_str(record).ok()
}

const KEEP: &str = "INSERT INTO call (id, room, began, ended, record) VALUES ($1, $2, $3, $4, $5) \
                    ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, record = excluded.record";

/// What was decided once stays: somebody may have looked meanwhile.
const PARTY: &str = "INSERT INTO call_party (account, call, missed) SELECT a.id, $2, $3 FROM account a WHERE a.id = $1 \
                     ON CONFLICT (account, call) DO UPDATE SET missed = COALESCE(call_party.missed, excluded.missed)";

const OPEN: &str = "SELECT record FROM call WHERE ended IS NULL ORDER BY id";

const OF_ACCOUNT: &str = "SELECT c.record, p.missed FROM call_party p JOIN call c ON c.id = p.call \
                          WHERE p.account = $1 AND p.call < $2 ORDER BY p.call DESC LIMIT $3";

const LOOKED: &str = "UPDATE call_party SET missed = 0 WHERE account = $1 AND missed = 1";

const FORGET: &str = "DELETE FROM call WHERE ended < $1";

const CHOSEN: &str = "SELECT chosen FROM presence WHERE account = $1";

const CHOOSE: &str = "INSERT INTO presence (account, chosen) SELECT a.id, $2 FROM account a WHERE a.id = $1 \
                      ON CONFLICT (account) DO UPDATE SET chosen = excluded.chosen";
