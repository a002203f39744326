//! `POST /api/v1/session/passkey/finish`: sign in with a passkey. Answers [`Me`], with the cookie.

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::{
    Refusal,
    api::{Me, UsePasskey},
};

use super::{Cookies, sign_in};
use crate::http::{
    App, Caller,
    body::Body,
    place::Place,
    problem::Fault,
    who::{Agent, Carried},
};

/// Signs in. A passkey that nobody has and one that does not stand the check are answered alike.
#[utoipa::path(
    post, path = "/api/v1/session/passkey/finish", operation_id = "finishPasskeySignIn", tag = "session",
    summary = "Sign in with a passkey",
    security(()),
    extensions(("x-problems" = json!(["passkey_refused"]))),
    request_body = UsePasskey,
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
    Body(wanted): Body<UsePasskey>,
) -> Result<(Cookies, Json<Me>), Fault> {
    let refused = || {
        tracing::info!(%caller, "somebody from {caller} did not sign in: passkey refused");
        Fault::from(Refusal::PasskeyRefused)
    };
    let answered = app.accounts.ceremonies.answered(Instant::now(), wanted.credential).map_err(|_| refused())?;
    let Some(kept) = app.store.passkey(&answered.id).await? else { return Err(refused()) };
    let renewed = answered.check(&place, &kept).map_err(|_| refused())?;
    let account = app.store.account(kept.account).await?.filter(|account| !account.disabled);
    let Some(account) = account else { return Err(refused()) };
    if let Some(credential) = renewed {
        app.store.update_passkey(&kept.id, &credential).await?;
    }
    let (cookie, me) = sign_in(&app, &place, &carried, &agent, &account, None).await?;
    Ok((cookie, Json(me)))
}
