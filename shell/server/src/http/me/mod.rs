//! `/api/v1/me`: the account that asks: its name, password, presence and who sees it, picture, devices, passkeys and app passwords, what
//! becomes of calls to it, and whether this browser is woken for them.

pub mod app_passwords;
pub mod begin_passkey;
pub mod calls;
pub mod change;
pub mod choose;
pub mod close_device;
pub mod devices;
pub mod finish_passkey;
pub mod forget_avatar;
pub mod forget_push;
pub mod make_app_password;
pub mod passkeys;
pub mod password;
pub mod presence;
pub mod push;
pub mod put_avatar;
pub mod put_calls;
pub mod put_push;
pub mod put_visibility;
pub mod remove_app_password;
pub mod remove_passkey;
pub mod view;
pub mod visibility;

use proto::{AccountId, Refusal, api::Me};
use store::{AccountChange, ChangeAccountError};

use super::{App, problem::Fault};
use crate::account::{settings::Settings, views};

/// Changes an account, and gives it back as it sees itself now.
async fn change(app: &App, id: AccountId, change: AccountChange) -> Result<Me, Fault> {
    app.store.change_account(id, &change).await?;
    let account = app.store.account(id).await?.ok_or(Refusal::SignInFirst)?;
    Ok(views::me(&account, &Settings::read(&app.store).await?))
}

impl From<ChangeAccountError> for Fault {
    fn from(error: ChangeAccountError) -> Self {
        match error {
            ChangeAccountError::Unknown => Refusal::NotFound.into(),
            ChangeAccountError::LastAdmin => Refusal::LastAdmin.into(),
            ChangeAccountError::Write(error) => error.into(),
        }
    }
}
