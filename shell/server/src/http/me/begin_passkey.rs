//! `POST /api/v1/me/passkeys/begin`: what the browser needs to make a passkey. Answers [`PasskeyOptions`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::{Refusal, api::PasskeyOptions};

use crate::{
    account::settings::Settings,
    http::{App, Caller, place::Place, problem::Fault, who::Member},
};

/// Begins.
#[utoipa::path(
    post, path = "/api/v1/me/passkeys/begin", operation_id = "beginPasskey", tag = "me",
    summary = "Begin to make a passkey",
    security(("session" = [])),
    extensions(("x-problems" = json!(["too_often", "too_many", "passkey_refused"]))),
    responses(
        (status = 200, description = "What the browser needs.", body = PasskeyOptions),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Place,
    Member(me): Member,
) -> Result<Json<PasskeyOptions>, Fault> {
    let now = Instant::now();
    app.limits.passkeys.take(now, caller)?;
    let kept = app.store.passkeys(me.account.id).await?;
    if kept.len() >= MOST {
        return Err(Refusal::TooMany.into());
    }
    let server = Settings::read(&app.store).await?.name;
    let options = app.accounts.ceremonies.begin_making(now, &place, &server, &me.account, &kept)?;
    Ok(Json(PasskeyOptions { options }))
}

/// Passkeys of one account: one for each device that anybody has, and some for the drawer.
pub(super) const MOST: usize = 20;
