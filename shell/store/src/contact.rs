//! Phone books: one row for each entry of somebody's own.

use proto::{
    AccountId, ContactId,
    api::{BookEntry, ChangeContact},
};

use crate::{
    AddContactsError, ReadError, Store, WriteError,
    change::{Change, Outcome},
    column::{Value, parsed, values},
};

impl Store {
    /// All entries of somebody, in the order in which they were made.
    pub async fn contacts(&self, owner: AccountId) -> Result<Vec<BookEntry>, ReadError> {
        self.rows(OF_OWNER, values![owner]).await?.into_iter().map(read).collect()
    }

    /// One entry of somebody.
    pub async fn contact(&self, owner: AccountId, id: ContactId) -> Result<Option<BookEntry>, ReadError> {
        self.row(BY_ID, values![owner, id]).await?.map(read).transpose()
    }

    /// The entry of somebody about an account.
    pub async fn contact_about(&self, owner: AccountId, about: AccountId) -> Result<Option<BookEntry>, ReadError> {
        self.row(ABOUT, values![owner, about]).await?.map(read).transpose()
    }

    /// Keeps new entries, all or none: with them somebody may have `most`. One about an account that stands there already, or is
    /// no more, is left out. Says how many were kept.
    pub async fn add_contacts(
        &self,
        owner: AccountId,
        entries: &[BookEntry],
        most: u32,
    ) -> Result<usize, AddContactsError> {
        let mut change = Change::default();
        for entry in entries {
            change = change.and_tries(ADD, entry_values(owner, entry)).returning();
        }
        change = change.and_needs(NOT_FULL, values![owner, most]);
        match self.write(change).await? {
            Outcome::Done(done) => Ok(done.returned.len()),
            Outcome::Stopped(_) => Err(AddContactsError::Full),
        }
    }

    /// Changes an entry. `false` when there is none of that id.
    pub async fn change_contact(
        &self,
        owner: AccountId,
        id: ContactId,
        change: &ChangeContact,
    ) -> Result<bool, WriteError> {
        let ChangeContact { name, circle, phones, mails, favourite, blocked } = change.clone();
        let (phones, mails) = (phones.as_deref().map(list), mails.as_deref().map(list));
        let values = values![owner, id, name, circle, phones, mails, favourite, blocked];
        Ok(self.write(Change::needs(CHANGE, values)).await?.is_done())
    }

    /// Takes an entry away. `false` when there is none of that id.
    pub async fn delete_contact(&self, owner: AccountId, id: ContactId) -> Result<bool, WriteError> {
        Ok(self.write(Change::needs(DELETE, values![owner, id])).await?.is_done())
    }

    /// Who has blocked an account.
    pub async fn blockers(&self, account: AccountId) -> Result<Vec<AccountId>, ReadError> {
        let rows: Vec<(String,)> = self.rows(BLOCKERS, values![account]).await?;
        rows.into_iter().map(|(owner,)| parsed("account id", owner)).collect()
    }

    /// The accounts that stand in somebody's phone book, but for those that are blocked.
    pub async fn known(&self, owner: AccountId) -> Result<Vec<AccountId>, ReadError> {
        let rows: Vec<(String,)> = self.rows(KNOWN, values![owner]).await?;
        rows.into_iter().map(|(account,)| parsed("account id", account)).collect()
    }

    /// Whom somebody likes to hear, and whom not: accounts that are favourites, and accounts that are blocked.
    pub async fn likes(&self, owner: AccountId) -> Result<(Vec<AccountId>, Vec<AccountId>), ReadError> {
        let rows: Vec<(String, i64, i64)> = self.rows(LIKES, values![owner]).await?;
        let (mut favourites, mut blocked) = (Vec::new(), Vec::new());
        for (account, liked, barred) in rows {
            let account = parsed("account id", account)?;
            if barred != 0 {
                blocked.push(account);
            } else if liked != 0 {
                favourites.push(account);
            }
        }
        Ok((favourites, blocked))
    }
}

/// The columns of [`COLUMNS`](columns).
type Row = (String, Option<String>, String, String, String, String, i64, i64);

fn read(row: Row) -> Result<BookEntry, ReadError> {
    let (id, account, name, circle, phones, mails, favourite, blocked) = row;
    let texts = |text: String| {
        serde_json::from_str(&text).map_err(|_| ReadError::Damaged { what: "list of texts", value: text })
    };
    Ok(BookEntry {
        id: parsed("contact id", id)?,
        account: account.map(|id| parsed("account id", id)).transpose()?,
        name,
        circle,
        phones: texts(phones)?,
        mails: texts(mails)?,
        favourite: favourite != 0,
        blocked: blocked != 0,
    })
}

fn entry_values(owner: AccountId, entry: &BookEntry) -> Vec<Value> {
    let BookEntry { id, account, name, circle, phones, mails, favourite, blocked } = entry;
    values![owner, *id, *account, name, circle, list(phones), list(mails), *favourite, *blocked]
}

fn list(texts: &[String]) -> String {
    serde_json::to_string(texts).expect("a list of texts is JSON")
}

macro_rules! columns {
    () => {
        "id, account, name, circle, phones, mails, favourite, blocked"
    };
}

const OF_OWNER: &str = concat!("SELECT ", columns!(), " FROM contact WHERE owner = $1 ORDER BY id");

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM contact WHERE owner = $1 AND id = $2");

const ABOUT: &str = concat!("SELECT ", columns!(), " FROM contact WHERE owner = $1 AND account = $2");

/// Without an account it is a card; with one, that has to be there.
const ADD: &str = concat!(
    "INSERT INTO contact (owner, ",
    columns!(),
    ") SELECT a.id, $2, $3, $4, $5, $6, $7, $8, $9 FROM account a WHERE a.id = $1 \
     AND ($3 IS NULL OR EXISTS (SELECT 1 FROM account o WHERE o.id = $3)) ON CONFLICT DO NOTHING RETURNING id"
);

/// Touches the owner's row alone, and only while there are not too many entries: whoever adds at the same time waits for it.
const NOT_FULL: &str = "UPDATE account SET admin = admin WHERE id = $1 \
                        AND (SELECT COUNT(*) FROM contact c WHERE c.owner = $1) <= $2";

const CHANGE: &str = "UPDATE contact SET name = COALESCE($3, name), circle = COALESCE($4, circle), \
                      phones = COALESCE($5, phones), mails = COALESCE($6, mails), \
                      favourite = COALESCE($7, favourite), blocked = COALESCE($8, blocked) \
                      WHERE owner = $1 AND id = $2";

const DELETE: &str = "DELETE FROM contact WHERE owner = $1 AND id = $2";

const LIKES: &str = "SELECT account, favourite, blocked FROM contact \
                     WHERE owner = $1 AND account IS NOT NULL AND (favourite = 1 OR blocked = 1)";

const KNOWN: &str = "SELECT account FROM contact WHERE owner = $1 AND account IS NOT NULL AND blocked = 0";

const BLOCKERS: &str = "SELECT owner FROM contact WHERE account = $1 AND blocked = 1";
