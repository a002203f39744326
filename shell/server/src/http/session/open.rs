//! `POST /api/v1/session`: sign in with a name and a password. Answers [`Me`], with the cookie.

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::{
    Refusal,
    api::{Me, SignIn},
};
use sha2::{Digest as _, Sha256};

use super::{Cookies, sign_in};
use crate::{
    account::{names, passwords::Verdict},
    http::{
        App, Caller,
        body::Body,
        place::Place,
        problem::{Fault, TooSoon},
        who::{Agent, Carried, Known},
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
    known: Known,
    Body(wanted): Body<SignIn>,
) -> Result<(Cookies, Json<Me>), Fault> {
    let weight = Weight::take(&app, caller, &known, &wanted.name)?;
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
    let mut checked = account.password.clone().unwrap_or_default();
    if let Verdict::Renew(password) = verdict {
        match app.store.renew_password(account.id, &checked, &password).await {
            Ok(true) => checked = password,
            // It was changed meanwhile, and opens nothing below.
            Ok(false) => {}
            // The old hash is as right as before; the next sign-in tries again.
            Err(error) => {
                tracing::warn!(%error, account.id = %account.id, "the password hash of an account could not be renewed");
            }
        }
    }
    let (cookie, me) = sign_in(&app, &place, &carried, &agent, &account, Some(&checked)).await?;
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
    /// When the address, or the name from whatever addresses, was tried too often. A browser in which the account signed in
    /// before has tries of its own: otherwise anybody could keep anybody from signing in.
    pub fn take(app: &App, caller: Caller, known: &Known, name: &str) -> Result<Self, TooSoon> {
        let now = Instant::now();
        let name = known.of(&app.keys, name).unwrap_or_else(|| Sha256::digest(names::key(name)).into());
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
