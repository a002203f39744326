//! Webhooks, what waits for each, and the log of what each was told.

use proto::{
    DeliveryId, HookId,
    api::{HookStopped, HookTrouble},
};

use crate::{
    ReadError, Store, WriteError,
    change::Change,
    column::{number, parsed, values},
};

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHook {
    /// Which.
    pub id: HookId,
    /// Where it is.
    pub address: String,
    /// Whether it is told what happens in rooms.
    pub rooms: bool,
    /// Whether it is told of calls.
    pub calls: bool,
    /// The API key that signs; `None`: a secret of its own.
    pub signer: Option<String>,
    /// Why it is told nothing.
    pub stopped: Option<HookStopped>,
    /// When it was named, in milliseconds since 1970.
    pub created_at: u64,
}

/// One thing that a webhook is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// Which.
    pub id: DeliveryId,
    /// Whom.
    pub hook: HookId,
    /// The name of the event.
    pub event: String,
    /// What is sent. Empty where only the log is read.
    pub body: String,
    /// When it happened, in milliseconds since 1970.
    pub at: u64,
    /// How the last try went, and when the next one is.
    pub tried: Tried,
}

/// What is changed of a webhook; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HookChange {
    /// Whether it is told what happens in rooms.
    pub rooms: Option<bool>,
    /// Whether it is told of calls.
    pub calls: Option<bool>,
    /// Whether it is told anything: switched off it is [`HookStopped::Paused`].
    pub on: Option<bool>,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// When it is tried next, in milliseconds since 1970; `None`: it is over.
    pub due: Option<u64>,
    /// How often it was tried.
    pub tries: u32,
    /// When it was last tried.
    pub at: Option<u64>,
    /// The status that was answered then.
    pub status: Option<u32>,
    /// What went wrong then. `None` and over: it was taken.
    pub trouble: Option<HookTrouble>,
}

impl Store {
    /// Keeps a new one, unless there are `most` already. Says whether it is kept.
    pub async fn add_hook(&self, hook: &StoredHook, most: u32) -> Result<bool, WriteError> {
        let StoredHook { id, address, rooms, calls, signer, stopped, created_at } = hook;
        let stopped = stopped.map(HookStopped::name);
        let values = values![*id, address, *rooms, *calls, signer.as_deref(), stopped, *created_at, most];
        Ok(self.write(Change::needs(ADD, values)).await?.is_done())
    }

    /// All of them, the oldest first.
    pub async fn hooks(&self) -> Result<Vec<StoredHook>, ReadError> {
        self.rows(ALL, values![]).await?.into_iter().map(read).collect()
    }

    /// Keeps what one is told of, and whether. `false` when there is none of that id.
    pub async fn change_hook(&self, id: HookId, change: HookChange) -> Result<bool, WriteError> {
        let HookChange { rooms, calls, on } = change;
        let stopped = on.map(|on| if on { "" } else { HookStopped::Paused.name() });
        Ok(self.write(Change::needs(CHANGE, values![id, rooms, calls, stopped])).await?.is_done())
    }

    /// Keeps why one is told nothing any more. `false` when there is none of that id.
    pub async fn stop_hook(&self, id: HookId, why: HookStopped) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(STOP, values![id, why.name()])).await?.is_done())
    }

    /// Forgets one, with its log and what waits for it. `false` when there is none of that id.
    pub async fn remove_hook(&self, id: HookId) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(REMOVE, values![id])).await?.is_done())
    }

    /// Keeps what hooks are to be told. Nothing is kept for those that are gone. Each is a statement of one write, for which all others
    /// wait: callers bring them by the hundred.
    pub async fn add_deliveries(&self, deliveries: &[StoredDelivery]) -> Result<(), WriteError> {
        let change = deliveries.iter().fold(Change::default(), |change, one| {
            let StoredDelivery { id, hook, event, body, at, tried } = one;
            change.and_tries(TELL, values![*id, *hook, event, body, *at, tried.due])
        });
        self.write(change).await.map(drop)
    }

    /// What waits, the oldest first: which, for whom, when it is due, and how often it was tried.
    pub async fn waiting_deliveries(&self) -> Result<Vec<(DeliveryId, HookId, u64, u32)>, ReadError> {
        let rows: Vec<(String, String, i64, i64)> = self.rows(WAITING, values![]).await?;
        let read = |(id, hook, due, tries)| {
            let (id, hook) = (parsed("delivery id", id)?, parsed("hook id", hook)?);
            Ok((id, hook, number("delivery time", due)?, number("tries", tries)?))
        };
        rows.into_iter().map(read).collect()
    }

    /// One delivery, whole.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<StoredDelivery>, ReadError> {
        self.row(ONE, values![id]).await?.map(read_delivery).transpose()
    }

    /// The log of a hook, the newest first, without bodies: the last `most` that are over, and as many of those that wait, of which
    /// those that were tried last go before those that were never tried.
    pub async fn deliveries(&self, hook: HookId, most: u32) -> Result<Vec<StoredDelivery>, ReadError> {
        self.rows(LOG, values![hook, most]).await?.into_iter().map(read_delivery).collect()
    }

    /// Notes how a try went. Of those of the hook that are over, the last `kept` stay.
    pub async fn note_delivery(
        &self,
        hook: HookId,
        id: DeliveryId,
        tried: &Tried,
        kept: u32,
    ) -> Result<(), WriteError> {
        let Tried { due, tries, at, status, trouble } = tried;
        let trouble = trouble.map(HookTrouble::name);
        let change = Change::tries(NOTE, values![id, *due, *tries, *at, *status, trouble]);
        // What waits on makes nothing more that is over.
        let change = if due.is_none() { change.and_tries(TRIM, values![hook, kept]) } else { change };
        self.write(change).await.map(drop)
    }

    /// Keeps that one of a hook is due once more. `false` when there is none of that id.
    pub async fn tell_again(&self, hook: HookId, id: DeliveryId, due: u64) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(AGAIN, values![id, hook, due])).await?.is_done())
    }

    /// Gives up all that waits for a hook.
    pub async fn give_up_deliveries(&self, hook: HookId, trouble: HookTrouble, kept: u32) -> Result<(), WriteError> {
        let change = Change::tries(GIVE_UP, values![hook, trouble.name()]).and_tries(TRIM, values![hook, kept]);
        self.write(change).await.map(drop)
    }
}

type Row = (String, String, i64, i64, Option<String>, Option<String>, i64);

fn read((id, address, rooms, calls, signer, stopped, created_at): Row) -> Result<StoredHook, ReadError> {
    let damaged = |value: String| ReadError::Damaged { what: "state of a hook", value };
    let stopped = stopped.map(|name| HookStopped::from_name(&name).ok_or_else(|| damaged(name))).transpose()?;
    let (id, created_at) = (parsed("hook id", id)?, number("hook time", created_at)?);
    Ok(StoredHook { id, address, rooms: rooms != 0, calls: calls != 0, signer, stopped, created_at })
}

type Delivery = (String, String, String, String, i64, Option<i64>, i64, Option<i64>, Option<i64>, Option<String>);

fn read_delivery(
    (id, hook, event, body, at, due, tries, tried_at, status, trouble): Delivery,
) -> Result<StoredDelivery, ReadError> {
    let damaged = |value: String| ReadError::Damaged { what: "trouble of a delivery", value };
    let tried = Tried {
        due: due.map(|due| number("delivery time", due)).transpose()?,
        tries: number("tries", tries)?,
        at: tried_at.map(|at| number("delivery time", at)).transpose()?,
        status: status.map(|status| number("status", status)).transpose()?,
        trouble: trouble.map(|name| HookTrouble::from_name(&name).ok_or_else(|| damaged(name))).transpose()?,
    };
    let (id, hook) = (parsed("delivery id", id)?, parsed("hook id", hook)?);
    Ok(StoredDelivery { id, hook, event, body, at: number("delivery time", at)?, tried })
}

/// No row is written when there are too many.
const ADD: &str = "INSERT INTO hook (id, address, rooms, calls, signer, stopped, created_at) \
                   SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT COUNT(*) FROM hook) < $8";

const ALL: &str = "SELECT id, address, rooms, calls, signer, stopped, created_at FROM hook ORDER BY id";

/// One statement, and nothing read before it: what somebody else changes meanwhile stays. An empty text stands for nothing.
const CHANGE: &str = "UPDATE hook SET rooms = COALESCE($2, rooms), calls = COALESCE($3, calls), \
                      stopped = NULLIF(COALESCE($4, stopped), '') WHERE id = $1";

const STOP: &str = "UPDATE hook SET stopped = $2 WHERE id = $1";

const REMOVE: &str = "DELETE FROM hook WHERE id = $1";

const TELL: &str = "INSERT INTO hook_delivery (id, hook, event, body, at, due, tries) \
                    SELECT $1, h.id, $3, $4, $5, $6, 0 FROM hook h WHERE h.id = $2";

const WAITING: &str = "SELECT id, hook, due, tries FROM hook_delivery WHERE due IS NOT NULL ORDER BY id";

const ONE: &str =
    "SELECT id, hook, event, body, at, due, tries, tried_at, status, trouble FROM hook_delivery WHERE id = $1";

const LOG: &str = "SELECT id, hook, event, '', at, due, tries, tried_at, status, trouble FROM hook_delivery \
                   WHERE hook = $1 AND id IN (SELECT id FROM (SELECT id FROM hook_delivery \
                   WHERE hook = $1 AND due IS NULL ORDER BY id DESC LIMIT $2) AS past \
                   UNION ALL SELECT id FROM (SELECT id FROM hook_delivery WHERE hook = $1 AND due IS NOT NULL \
                   ORDER BY COALESCE(tried_at, 0) DESC, id DESC LIMIT $2) AS waiting) ORDER BY id DESC";

const NOTE: &str =
    "UPDATE hook_delivery SET due = $2, tries = $3, tried_at = $4, status = $5, trouble = $6 WHERE id = $1";

const AGAIN: &str = "UPDATE hook_delivery SET due = $3 WHERE id = $1 AND hook = $2";

const GIVE_UP: &str = "UPDATE hook_delivery SET due = NULL, trouble = $2 WHERE hook = $1 AND due IS NOT NULL";

/// What waits is never trimmed, nor looked at: `hook_delivery_over` holds the others alone.
const TRIM: &str = "DELETE FROM hook_delivery WHERE hook = $1 AND due IS NULL AND id NOT IN \
                    (SELECT id FROM hook_delivery WHERE hook = $1 AND due IS NULL ORDER BY id DESC LIMIT $2)";

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn what_is_over_is_trimmed_without_a_look_at_what_waits() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::raw_sql(include_str!("../sqlite/0016_hook.sql")).execute(&mut connection).await.unwrap();
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {TRIM}"));
        let rows = sqlx::query(explain).fetch_all(&mut connection).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
        let looks: Vec<&String> = plan.iter().filter(|step| step.contains("hook_delivery")).collect();
        assert_eq!(looks.len(), 2, "{plan:?}");
        assert!(looks.iter().all(|step| step.contains("hook_delivery_over")), "{plan:?}");
    }
}
