//! `DELETE /api/v1/session`: sign out. Answers 204, signed in or not.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::AppendHeaders,
};

use super::Cookies;
use crate::{
    account::session,
    http::{
        App,
        place::Place,
        problem::Fault,
        who::{Carried, no_session_cookie},
    },
};

/// Signs out. The cookie is good for nothing from now on, whoever has a copy.
#[utoipa::path(
    delete, path = "/api/v1/session", operation_id = "signOut", tag = "session",
    summary = "Sign out",
    security((), ("session" = [])),
    responses(
        (status = 204, description = "Signed out."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    place: Place,
    carried: Carried,
) -> Result<(StatusCode, Cookies), Fault> {
    if let Some(secret) = carried.secret()
        && let Some(account) = session::close(&app.store, secret).await?
    {
        super::ended(&app, account).await?;
    }
    let ended = vec![(header::SET_COOKIE, no_session_cookie(&place))];
    Ok((StatusCode::NO_CONTENT, AppendHeaders(ended)))
}
