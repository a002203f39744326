//! `GET /api/v1/contacts`: my phone book. Answers a list of [`BookEntry`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::BookEntry;

use crate::http::{App, problem::Fault, who::Member};

/// Lists it.
#[utoipa::path(
    get, path = "/api/v1/contacts", operation_id = "contacts", tag = "calls",
    summary = "My phone book",
    security(("session" = [])),
    responses(
        (status = 200, description = "All entries, at most 2,000, in the order in which they were made.", body = Vec<BookEntry>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<BookEntry>>, Fault> {
    Ok(Json(app.store.contacts(me.account.id).await?))
}
