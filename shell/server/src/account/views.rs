//! Accounts as the API shows them.

use proto::{
    AccountId,
    api::{AccountRow, AccountView, Me},
};
use store::Account;

use super::settings::Settings;

/// An account as others see it.
pub fn account(account: &Account) -> AccountView {
    AccountView {
        id: account.id,
        name: account.name.clone(),
        display_name: account.display_name.clone(),
        avatar: avatar(account),
    }
}

/// The address of an account's picture, which changes with each picture.
pub fn avatar(account: &Account) -> Option<String> {
    account.avatar.as_ref().map(|version| avatar_path(account.id, version))
}

/// As above, of an account of which no more is known.
pub fn avatar_path(account: AccountId, version: &str) -> String {
    format!("/api/v1/accounts/{account}/avatar?v={version}")
}

/// An account as it sees itself.
pub fn me(of: &Account, settings: &Settings) -> Me {
    Me {
        account: account(of),
        admin: of.admin,
        may_create: settings.may_create(Some(of)),
        has_password: of.password.is_some(),
    }
}

/// An account as administrators see it.
pub fn row(of: &Account) -> AccountRow {
    AccountRow {
        account: account(of),
        admin: of.admin,
        may_create: of.may_create,
        disabled: of.disabled,
        created_at: of.created_at,
    }
}
