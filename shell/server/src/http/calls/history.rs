//! `GET /api/v1/calls`: my calls, the last first. Answers a list of [`PastCall`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::{AccountId, CallId, Refusal, api::PastCall};
use serde::Deserialize;
use store::CallsAsked;

use crate::http::{App, problem::Fault, query::Query, who::Member};

/// Which calls, and where the list goes on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    before: Option<String>,
    #[serde(default)]
    missed: bool,
    with: Option<String>,
}

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/calls", operation_id = "myCalls", tag = "calls",
    summary = "My calls",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(
        ("before" = Option<String>, Query, description = "The id of the last call of the page before."),
        ("missed" = Option<bool>, Query, description = "Those alone that I missed, whether I have looked or not."),
        ("with" = Option<String>, Query, description = "Those alone with this account."),
    ),
    responses(
        (status = 200, description = "At most 100 calls, the last first. Kept for a year.", body = Vec<PastCall>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Query(page): Query<Page>,
) -> Result<Json<Vec<PastCall>>, Fault> {
    let before: Option<CallId> = page.before.map(|id| id.parse().map_err(|_| Refusal::NotFound)).transpose()?;
    let with: Option<AccountId> = page.with.map(|id| id.parse().map_err(|_| Refusal::NotFound)).transpose()?;
    // What could not be written is not read; the rest is.
    super::settled(&app).await;
    let calls = app.store.calls_of(me.account.id, CallsAsked { before, missed: page.missed, with }, LISTED).await?;
    let past = calls.iter().filter_map(|stored| {
        Some(PastCall { call: hub::past_call(&stored.record, me.account.id)?, missed: stored.missed })
    });
    Ok(Json(past.collect()))
}

/// So many are listed at once: what somebody scrolls through.
const LISTED: u32 = 100;
