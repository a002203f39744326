//! `/api/v1/accounts`: signing up, and what administrators do with the accounts of others.

pub mod avatar;
pub mod change;
pub mod list;
pub mod reset;
pub mod sign_up;

use proto::{AccountId, Refusal, api::NewAccount, id::IdSource};
use store::Account;

use super::{App, problem::Fault};
use crate::{
    account::{names, weak},
    clock, random,
};

/// A new account as somebody filled it in, checked, with its password hashed; not yet kept.
pub(super) async fn draft(app: &App, wanted: NewAccount) -> Result<Account, Fault> {
    let name = names::account(&wanted.name)?;
    let display_name = match wanted.display_name.as_deref() {
        Some(display_name) => names::shown(display_name)?,
        // An e-mail address is longer than a name to show may be, and nobody's business.
        None => names::shown(name.split('@').next().unwrap_or(&name))?,
    };
    weak::refuse(&wanted.password, &name)?;
    let created_at = clock::unix_ms();
    Ok(Account {
        id: IdSource::new(random::seed()).next(created_at),
        name,
        display_name,
        password: Some(app.accounts.passwords.hash(wanted.password).await?),
        admin: false,
        may_create: false,
        disabled: false,
        avatar: None,
        created_at,
    })
}

/// The account that a path names.
fn parse(id: &str) -> Result<AccountId, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound)
}
