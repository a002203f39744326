//! `PUT /api/v1/news/feeds`: name the feeds anew. Answers the list of [`Feed`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::{ChangeFeeds, Feed};

use super::feeds::list;
use crate::{
    http::{App, body::Body, problem::Fault, who::Admin},
    news,
};

/// Keeps the addresses, and has the new ones asked for.
#[utoipa::path(
    put, path = "/api/v1/news/feeds", operation_id = "changeFeeds", tag = "news",
    summary = "Name the feeds",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["bad_setting", "too_many"]))),
    request_body = ChangeFeeds,
    responses(
        (status = 200, description = "The feeds; new ones have not been asked for yet.", body = Vec<Feed>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Body(wanted): Body<ChangeFeeds>,
) -> Result<Json<Vec<Feed>>, Fault> {
    news::change(&app.store, &app.outgoing, &wanted.addresses).await?;
    tracing::info!(account.id = %admin.account.id, "the feeds were changed by account {}", admin.account.id);
    app.news.feeds_changed();
    Ok(Json(list(&app).await?))
}
