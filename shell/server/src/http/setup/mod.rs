//! `/api/v1/setup`: the first run, with the code that the server printed.

pub mod check;
pub mod finish;

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use proto::Refusal;

use super::{App, Caller, problem::Fault};
use crate::clock;

/// Answers `not_set_up` to everything that needs a server which was set up.
pub async fn refuse_before(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    if app.accounts.set_up.is_done() || route.is_some_and(|route| BEFORE.contains(&route)) {
        return next.run(request).await;
    }
    Fault::from(Refusal::NotSetUp).into_response()
}

/// Refuses a code that is not right, and whoever tries too many.
fn check_code(app: &App, caller: Caller, code: &str) -> Result<(), Fault> {
    app.limits.secrets.take(Instant::now(), caller)?;
    if !app.accounts.set_up.is_right(code, clock::unix_ms()) {
        tracing::warn!(%caller, "a wrong set-up code came from {caller}");
        return Err(Refusal::WrongCode.into());
    }
    app.limits.secrets.give_back(caller);
    Ok(())
}

/// What works before the set-up: what the set-up page needs, the description of the API, and the connection test, which
/// says whether it is worth going on.
pub const BEFORE: [&str; 6] = [
    "/api/v1/server",
    "/api/v1/setup",
    "/api/v1/setup/check",
    "/api/v1/branding/logo",
    "/api/v1/openapi.json",
    "/api/v1/trials",
];
