//! `POST /api/v1/me/passkeys/finish`: keep the passkey that the browser made. Answers 201 with [`Passkey`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Refusal,
    api::{NewPasskey, Passkey},
};

use super::{begin_passkey::MOST, passkeys::view};
use crate::{
    account::names,
    clock,
    http::{App, body::Body, place::Place, problem::Fault, who::Member},
};

/// Keeps it.
#[utoipa::path(
    post, path = "/api/v1/me/passkeys/finish", operation_id = "finishPasskey", tag = "me",
    summary = "Keep a passkey that the browser made",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_name", "too_many", "passkey_refused"]))),
    request_body = NewPasskey,
    responses(
        (status = 201, description = "Kept.", body = Passkey),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    place: Place,
    Member(me): Member,
    Body(wanted): Body<NewPasskey>,
) -> Result<(StatusCode, Json<Passkey>), Fault> {
    let name = names::shown(&wanted.name)?;
    let account = me.account.id;
    let made = app.accounts.ceremonies.finish_making(Instant::now(), &place, account, wanted.credential)?;
    let (id, credential) = made;
    // Several may have been begun before the first was finished.
    if app.store.passkeys(account).await?.len() >= MOST {
        return Err(Refusal::TooMany.into());
    }
    let passkey = store::Passkey { id, account, name, credential, created_at: clock::unix_ms() };
    if !app.store.add_passkey(&passkey).await? {
        // Somebody has it already.
        return Err(Refusal::PasskeyRefused.into());
    }
    tracing::info!(account.id = %account, "account {account} made a passkey");
    Ok((StatusCode::CREATED, Json(view(passkey))))
}
