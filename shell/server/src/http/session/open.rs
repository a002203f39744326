//! `POST /api/v1/session`: sign in with a name and a password. Answers [`Me`], with the cookie.

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::{
    Refusal,
    api::{Me, SignIn},
};
use sha2::{Digest as _, Sha256};
use store::AccountChange;

use super::{Cookie, sign_in};
use crate::{
    account::{names, passwords::Verdict},
    http::{
        App, Caller,
        body::Body,
        place::Place,
        problem::Fault,
        who::{Agent, Carried},
    },
};

/// Signs in. A wrong password, a name that nobody has and an account that was shut out are answered alike, after the same
/// work (R7).
#[utoipa::path(
    post, path = "/api/v1/session", operation_id = "signIn", tag = "session",
    summary = "Sign in with a name and a password",
    security(()),
    extensions(("x-problems" = json!(["wrong_password", "too_often"]))),
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in.", body = Me),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Place,
    carried: Carried,
    agent: Agent,
    Body(wanted): Body<SignIn>,
) -> Result<(Cookie, Json<Me>), Fault> {
    let weight = Weight::take(&app, caller, &wanted.name)?;
    let account = app.store.account_by_name(wanted.name.trim()).await?.filter(|account| !account.disabled);
    let kept = account.as_ref().and_then(|account| account.password.clone());
    let verdict = match app.accounts.passwords.check(kept, wanted.password).await {
        Ok(verdict) => verdict,
        Err(fault) => {
            // Nothing was tried.
            weight.give_back(&app);
            return Err(fault);
        }
    };
    let Some(account) = account.filter(|_| verdict != Verdict::Wrong) else {
        tracing::info!(%caller, "somebody from {caller} did not sign in: wrong name or password");
        return Err(Refusal::WrongPassword.into());
    };
    weight.give_back(&app);
    if let Verdict::Renew(password) = verdict {
        let change = AccountChange { password: Some(password), ..AccountChange::default() };
        if let Err(error) = app.store.change_account(account.id, &change).await {
            // The old hash is as right as before; the next sign-in tries again.
            tracing::warn!(%error, account.id = %account.id, "the password hash of an account could not be renewed");
        }
    }
    let (cookie, me) = sign_in(&app, &place, &carried, &agent, &account).await?;
    Ok((cookie, Json(me)))
}

/// One try, which weighs on the address and on the name.
pub struct Weight {
    caller: Caller,
    name: [u8; 32],
}

impl Weight {
    /// Takes it before the password is looked at, so that tries sent side by side count as well.
    ///
    /// # Errors
    /// When the address, or the name from whatever addresses, was tried too often.
    pub fn take(app: &App, caller: Caller, name: &str) -> Result<Self, Refusal> {
        let now = Instant::now();
        let name = Sha256::digest(names::key(name)).into();
        app.limits.passwords.take(now, caller)?;
        app.limits.names.take(now, name)?;
        Ok(Self { caller, name })
    }

    /// Takes the weight off again: it was no guess.
    pub fn give_back(self, app: &App) {
        app.limits.passwords.give_back(self.caller);
        app.limits.names.give_back(self.name);
    }
}
