//! Calls: one row for each, kept as a whole, and one for each party, which is its history. And what people say of themselves.

use proto::{
    AccountId, CallId,
    api::MyPresence,
    call::{CallRecord, LegRecord, Stage, Why},
    presence::{Chosen, SeenBy},
};

use crate::{
    ReadError, Store, WriteError,
    change::Change,
    column::{number, parsed, values},
};

/// A call out of somebody's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCall {
    /// What was kept of it.
    pub record: CallRecord,
    /// Whether they were called, did not answer, and have not looked since.
    pub missed: bool,
}

/// Which calls of somebody are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallsAsked {
    /// Those before this one.
    pub before: Option<CallId>,
    /// Those alone that were missed, looked at or not.
    pub missed: bool,
    /// Those alone in which this one was a party too.
    pub with: Option<AccountId>,
}

impl Store {
    /// Keeps how a call is now, in place of what was kept of it before.
    pub async fn keep_call(&self, record: &CallRecord) -> Result<(), WriteError> {
        let text = serde_json::to_string(record).expect("a call is an object of names and plain values");
        let values = values![record.id, record.room.as_str(), record.began, record.ended, text];
        let mut change = Change::tries(KEEP, values);
        // Of somebody who was called again the last leg counts.
        let counts = |leg: &LegRecord| record.own(leg.account).is_some_and(|own| std::ptr::eq(own, leg));
        for (place, leg) in record.legs.iter().enumerate().filter(|(_, leg)| counts(leg)) {
            let missed = if place > 0 { missed(record, leg) } else { leg.stage.is_over().then_some(false) };
            change = change.and_tries(PARTY, values![leg.account, record.id, missed.map(u64::from)]);
        }
        if record.ended.is_some() {
            for leg in &record.legs {
                change = change.and_tries(BOUND, values![leg.account, MOST_OF_ONE]);
            }
        }
        self.write(change).await.map(drop)
    }

    /// A call, as it was last kept.
    pub async fn call(&self, id: CallId) -> Result<Option<CallRecord>, ReadError> {
        let row: Option<(String,)> = self.row(BY_ID, values![id]).await?;
        Ok(row.and_then(|(record,)| read(&record)))
    }

    /// The calls that were not over when last kept, the oldest first.
    pub async fn open_calls(&self) -> Result<Vec<CallRecord>, ReadError> {
        let rows: Vec<(String,)> = self.rows(OPEN, values![]).await?;
        Ok(rows.iter().filter_map(|(record,)| read(record)).collect())
    }

    /// At most `most` of the calls of somebody that are asked for, the last first.
    pub async fn calls_of(
        &self,
        account: AccountId,
        asked: CallsAsked,
        most: u32,
    ) -> Result<Vec<StoredCall>, ReadError> {
        // Letters come after all digits of an id.
        let before = asked.before.map_or_else(|| "CA_~".to_owned(), |id| id.to_string());
        // What stands in the record is asked, and not the other's history: it lacks the calls of whoever the other has blocked,
        // and nobody is to learn that.
        let with = asked.with.map_or_else(|| "%".to_owned(), |id| format!("%\"account\":\"{id}\"%"));
        let values = values![account, before, asked.missed, with, most];
        let rows: Vec<(String, Option<i64>)> = self.rows(OF_ACCOUNT, values).await?;
        let stored = |(record, missed): (String, Option<i64>)| {
            Some(StoredCall { record: read(&record)?, missed: missed == Some(MISSED) })
        };
        Ok(rows.into_iter().filter_map(stored).collect())
    }

    /// How many calls somebody has missed and not looked at.
    pub async fn missed_calls(&self, account: AccountId) -> Result<u32, ReadError> {
        let row: Option<(i64,)> = self.row(COUNT_MISSED, values![account]).await?;
        number("missed calls", row.map_or(0, |(count,)| count))
    }

    /// Somebody has looked at the calls that they missed.
    pub async fn look_at_calls(&self, account: AccountId) -> Result<(), WriteError> {
        self.write(Change::tries(LOOKED, values![account])).await.map(drop)
    }

    /// Forgets the calls that were over before `before`, in milliseconds since 1970, and those that began before it and of which no
    /// end was kept, and those that stand in nobody's history any more. The rooms that were made for them go with them.
    pub async fn forget_calls(&self, before: u64) -> Result<(), WriteError> {
        let change = Change::tries(FORGET, values![before])
            .and_tries(FORGET_OF_NOBODY, values![])
            .and_tries(crate::room::FORGET_OF_CALLS, values![before]);
        self.write(change).await.map(drop)
    }

    /// What somebody says of themselves.
    pub async fn chosen(&self, account: AccountId) -> Result<MyPresence, ReadError> {
        let row: Option<(String, String)> = self.row(CHOSEN, values![account]).await?;
        row.map_or(Ok(MyPresence::default()), |(name, note)| {
            let chosen = Chosen::from_name(&name).ok_or(ReadError::Damaged { what: "presence", value: name })?;
            Ok(MyPresence { chosen, note })
        })
    }

    /// Keeps what somebody says of themselves.
    pub async fn choose(&self, account: AccountId, said: &MyPresence) -> Result<(), WriteError> {
        self.write(Change::tries(CHOOSE, values![account, said.chosen.name(), &said.note])).await.map(drop)
    }

    /// Who sees how somebody is to be found.
    pub async fn seen_by(&self, account: AccountId) -> Result<SeenBy, ReadError> {
        let row: Option<(String,)> = self.row(SEEN_BY, values![account]).await?;
        row.map_or(Ok(SeenBy::default()), |(name,)| {
            SeenBy::from_name(&name).ok_or(ReadError::Damaged { what: "visibility", value: name })
        })
    }

    /// Keeps who sees how somebody is to be found, until they choose otherwise.
    pub async fn show_to(&self, account: AccountId, seen_by: SeenBy) -> Result<(), WriteError> {
        self.write(Change::tries(SHOW_TO, values![account, Chosen::default().name(), seen_by.name()])).await.map(drop)
    }

    /// Everybody who has chosen not to be seen by an account.
    pub async fn unseen(&self, by: AccountId) -> Result<Vec<AccountId>, ReadError> {
        let rows: Vec<(String,)> = self.rows(UNSEEN, values![by]).await?;
        rows.into_iter().map(|(account,)| parsed("account id", account)).collect()
    }

    /// The notes of everybody who has one.
    pub async fn notes(&self) -> Result<Vec<(AccountId, String)>, ReadError> {
        let rows: Vec<(String, String)> = self.rows(NOTES, values![]).await?;
        rows.into_iter().map(|(account, note)| Ok((parsed("account id", account)?, note))).collect()
    }
}

/// Whether a party who was called has missed the call; nothing as long as that is open. Forwarded is missed by both or by neither.
fn missed(record: &CallRecord, leg: &LegRecord) -> Option<bool> {
    let Stage::Ended { why } = leg.stage else { return None };
    let next = record.legs.iter().find(|next| why == Why::Forwarded && next.forwarder == Some(leg.account));
    match next.map(|next| (next.stage, next.device.is_some())) {
        None => Some(is_missed(why, leg.device.is_some())),
        Some((Stage::Ended { why }, answered)) => Some(why == Why::Declined || is_missed(why, answered)),
        Some(_) => None,
    }
}

/// Whether somebody who was called has missed the call. What failed without having been answered rang when the server ended.
fn is_missed(why: Why, answered: bool) -> bool {
    match why {
        Why::NoAnswer
        | Why::Unreachable
        | Why::Cancelled
        | Why::Busy
        | Why::DoNotDisturb
        | Why::Forwarded
        | Why::Voicemail => true,
        Why::Failed => !answered,
        _ => false,
    }
}

/// What stands in `call_party.missed` of a missed call that was not looked at; afterwards 2, and 0 where none was missed.
const MISSED: i64 = 1;

/// A call as it was kept; nothing when a version wrote it that thought otherwise of calls: a history goes on without it.
fn read(record: &str) -> Option<CallRecord> {
    serde_json::from_str(record).ok()
}

const KEEP: &str = "INSERT INTO call (id, room, began, ended, record) VALUES ($1, $2, $3, $4, $5) \
                    ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, record = excluded.record";

/// Who has looked at what they missed has looked at it, however often it is kept again. Who is called again has missed it or
/// not by what becomes of that.
const PARTY: &str = "INSERT INTO call_party (account, call, missed) SELECT a.id, $2, $3 FROM account a WHERE a.id = $1 \
                     ON CONFLICT (account, call) DO UPDATE SET missed = CASE \
                     WHEN excluded.missed IS NULL OR (excluded.missed = 1 AND call_party.missed = 2) \
                     THEN call_party.missed ELSE excluded.missed END";

const BY_ID: &str = "SELECT record FROM call WHERE id = $1";

const OPEN: &str = "SELECT record FROM call WHERE ended IS NULL ORDER BY id";

const OF_ACCOUNT: &str = "SELECT c.record, p.missed FROM call_party p JOIN call c ON c.id = p.call \
                          WHERE p.account = $1 AND p.call < $2 AND ($3 = 0 OR p.missed >= 1) \
                          AND c.record LIKE $4 \
                          ORDER BY p.call DESC LIMIT $5";

const COUNT_MISSED: &str = "SELECT COUNT(*) FROM call_party WHERE account = $1 AND missed = 1";

const LOOKED: &str = "UPDATE call_party SET missed = 2 WHERE account = $1 AND missed = 1";

const FORGET: &str = "DELETE FROM call WHERE ended < $1 OR (ended IS NULL AND began < $1)";

const FORGET_OF_NOBODY: &str = "DELETE FROM call WHERE ended IS NOT NULL \
                                AND NOT EXISTS (SELECT 1 FROM call_party p WHERE p.call = call.id)";

const BOUND: &str = "DELETE FROM call_party WHERE account = $1 AND call <= \
                     (SELECT p.call FROM call_party p WHERE p.account = $1 ORDER BY p.call DESC LIMIT 1 OFFSET $2)";

/// The most calls in the history of one account: some years of somebody who calls a lot. The oldest are forgotten.
pub const MOST_OF_ONE: u32 = 2_000;

const CHOSEN: &str = "SELECT chosen, note FROM presence WHERE account = $1";

const SEEN_BY: &str = "SELECT seen_by FROM presence WHERE account = $1";

const SHOW_TO: &str = "INSERT INTO presence (account, chosen, seen_by) SELECT a.id, $2, $3 FROM account a WHERE a.id = $1 \
                       ON CONFLICT (account) DO UPDATE SET seen_by = excluded.seen_by";

/// Whoever is blocked is no contact for that.
const UNSEEN: &str = "SELECT p.account FROM presence p WHERE p.account <> $1 AND (p.seen_by = 'nobody' \
                      OR (p.seen_by = 'contacts' AND NOT EXISTS \
                      (SELECT 1 FROM contact c WHERE c.owner = p.account AND c.account = $1 AND c.blocked = 0)))";

const NOTES: &str = "SELECT account, note FROM presence WHERE note <> ''";

const CHOOSE: &str = "INSERT INTO presence (account, chosen, note) SELECT a.id, $2, $3 FROM account a WHERE a.id = $1 \
                      ON CONFLICT (account) DO UPDATE SET chosen = excluded.chosen, note = excluded.note";
