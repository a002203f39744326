//! `POST /api/v1/session/passkey/begin`: what the browser needs to ask for a passkey. Answers [`PasskeyOptions`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::api::PasskeyOptions;

use crate::http::{App, Caller, place::Place, problem::Fault};

/// Begins. It names nobody, so it tells nobody who has passkeys.
#[utoipa::path(
    post, path = "/api/v1/session/passkey/begin", operation_id = "beginPasskeySignIn", tag = "session",
    summary = "Begin to sign in with a passkey",
    security(()),
    extensions(("x-problems" = json!(["too_often", "passkey_refused"]))),
    responses(
        (status = 200, description = "What the browser needs.", body = PasskeyOptions),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, caller: Caller, place: Place) -> Result<Json<PasskeyOptions>, Fault> {
    let now = Instant::now();
    app.limits.passkeys.take(now, caller)?;
    Ok(Json(PasskeyOptions { options: app.accounts.ceremonies.begin_using(now, &place)? }))
}
