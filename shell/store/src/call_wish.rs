//! What becomes of calls to somebody: where they go, and whether favourites ring all the same.

use proto::{
    AccountId,
    api::{CallWishes, Onward},
};

use crate::{
    ReadError, Store, WriteError,
    change::Change,
    column::{parsed, values},
};

impl Store {
    /// What somebody wishes of calls to them. Whom it names may be gone.
    pub async fn call_wishes(&self, account: AccountId) -> Result<CallWishes, ReadError> {
        let row: Option<(String, String, String, i64)> = self.row(READ, values![account]).await?;
        let Some((always, busy, unanswered, favourites)) = row else { return Ok(CallWishes::default()) };
        Ok(CallWishes {
            always: read(always)?,
            busy: read(busy)?,
            unanswered: read(unanswered)?,
            favourites: favourites != 0,
        })
    }

    /// Keeps what somebody wishes of calls to them, in place of what they wished before.
    pub async fn wish_calls(&self, account: AccountId, wishes: &CallWishes) -> Result<(), WriteError> {
        let CallWishes { always, busy, unanswered, favourites } = *wishes;
        let values = values![account, text(always), text(busy), text(unanswered), favourites];
        self.write(Change::tries(KEEP, values)).await.map(drop)
    }
}

fn text(onward: Onward) -> String {
    match onward {
        Onward::Nobody => String::new(),
        Onward::Voicemail => VOICEMAIL.to_owned(),
        Onward::Person { person } => person.to_string(),
    }
}

fn read(text: String) -> Result<Onward, ReadError> {
    Ok(match text.as_str() {
        "" => Onward::Nobody,
        VOICEMAIL => Onward::Voicemail,
        _ => Onward::Person { person: parsed("account id", text)? },
    })
}

/// What stands for a message; the id of no account.
const VOICEMAIL: &str = "voicemail";

const READ: &str = "SELECT always_to, busy_to, unanswered_to, favourites FROM call_wish WHERE account = $1";

const KEEP: &str = "INSERT INTO call_wish (account, always_to, busy_to, unanswered_to, favourites) \
                    SELECT a.id, $2, $3, $4, $5 FROM account a WHERE a.id = $1 \
                    ON CONFLICT (account) DO UPDATE SET always_to = excluded.always_to, busy_to = excluded.busy_to, \
                    unanswered_to = excluded.unanswered_to, favourites = excluded.favourites";
