//! `GET /api/v1/news`: what the feeds say. Answers a list of [`NewsItem`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::NewsItem;

use crate::http::{App, who::Member};

/// Lists the newest first, from memory.
#[utoipa::path(
    get, path = "/api/v1/news", operation_id = "news", tag = "news",
    summary = "What the feeds say",
    security(("session" = [])),
    responses(
        (status = 200, description = "The newest of all feeds.", body = Vec<NewsItem>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, _: Member) -> Json<Vec<NewsItem>> {
    Json(app.news.page().items.clone())
}
