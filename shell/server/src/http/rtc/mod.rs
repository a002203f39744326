//! `/rtc/v1`: LiveKit's signalling, version 1.
//!
//! The token is in the address, because LiveKit's clients put it there; it therefore appears in no log of ours. Pages of
//! any origin may connect: what counts is the token, which no browser sends along by itself.

pub mod join;
pub mod validate;

use std::time::Instant;

use axum::http::{HeaderMap, StatusCode, header};
use hub::{Join, Pass};
use proto::{Person, Refusal, Role};
use serde::Deserialize;

use super::{App, problem::Fault};
use crate::{
    clock,
    session::join::{Beside, read},
    token::{self, AccessError},
};

/// The older versions of the protocol, and whatever else there might be: an honest 404, from which clients learn.
pub async fn not_here() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// What may stand in the address. Prints nothing: the token is in there.
#[derive(Deserialize)]
pub struct Query {
    access_token: Option<String>,
    join_request: Option<String>,
    room: Option<String>,
    auto_subscribe: Option<String>,
    reconnect: Option<String>,
    sid: Option<String>,
}

/// Who wants in and how, checked; or the status and the text that say why not.
fn admit(app: &App, headers: &HeaderMap, query: &Query) -> Result<Join, (StatusCode, String)> {
    let pass = pass(app, headers, query).map_err(|error| (error.status(), error.to_string()))?;
    app.trials.way(&pass.room, Instant::now()).map_err(|over| (StatusCode::FORBIDDEN, over.to_string()))?;
    app.voicemail.may_enter(&pass.room).map_err(|over| (StatusCode::FORBIDDEN, over.to_string()))?;
    let beside = Beside {
        join_request: query.join_request.as_deref(),
        auto_subscribe: query.auto_subscribe.as_deref(),
        reconnect: query.reconnect.as_deref(),
        sid: query.sid.as_deref(),
    };
    read(pass, beside).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

/// Adds what is kept of the room, when it is one of ours: after a restart the hub knows nothing of it. Who was removed for
/// good or shut out since the token was signed stays out.
async fn furnish(app: &App, mut join: Join) -> Result<Join, Fault> {
    let person = Person::of(&join.identity);
    if let Person::Account(account) = person
        && app.store.account(account).await?.is_none_or(|account| account.disabled)
    {
        return Err(Refusal::Removed.into());
    }
    let Some(stored) = app.store.room_by_code(join.room.as_str()).await? else { return Ok(join) };
    let role = app.store.room_role(stored.room.id, &person).await?;
    if !role.is_some_and(Role::leads) && app.store.is_banned(stored.room.id, &person).await? {
        return Err(Refusal::Removed.into());
    }
    join.policy = Some(stored.policy);
    join.role = role.filter(|_| matches!(person, Person::Account(_)));
    Ok(join)
}

fn pass(app: &App, headers: &HeaderMap, query: &Query) -> Result<Pass, AccessError> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let token = bearer.or(query.access_token.as_deref()).map(str::trim).filter(|token| !token.is_empty());
    token::check(&app.keys, token.ok_or(AccessError::Missing)?, query.room.as_deref(), clock::unix())
}
