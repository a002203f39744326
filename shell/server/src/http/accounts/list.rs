//! `GET /api/v1/accounts?after=`: all accounts, a page at a time, in the order in which they were made. Answers a list of
//! [`AccountRow`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::AccountRow;
use serde::Deserialize;

use super::parse;
use crate::{
    account::views,
    http::{App, problem::Fault, query::Query, who::Admin},
};

/// Where the page begins.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// The last account of the page before.
    after: Option<String>,
}

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/accounts", operation_id = "listAccounts", tag = "accounts",
    summary = "All accounts, a page at a time",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found"]))),
    params(("after" = Option<String>, Query, description = "The last account of the page before.")),
    responses(
        (status = 200, description = "A page of accounts.", body = Vec<AccountRow>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(_): Admin,
    Query(page): Query<Page>,
) -> Result<Json<Vec<AccountRow>>, Fault> {
    let after = page.after.as_deref().map(parse).transpose()?;
    let accounts = app.store.accounts(after, PAGE).await?;
    Ok(Json(accounts.iter().map(views::row).collect()))
}

/// Accounts on one page: more than a screen shows, few enough to answer at once.
const PAGE: u32 = 100;
