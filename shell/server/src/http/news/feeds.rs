//! `GET /api/v1/news/feeds`: which feeds there are, and how they are. Answers a list of [`Feed`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Feed;

use crate::{
    http::{App, problem::Fault, who::Admin},
    news,
};

/// Lists them as they were named.
#[utoipa::path(
    get, path = "/api/v1/news/feeds", operation_id = "feeds", tag = "news",
    summary = "Which feeds there are",
    security(("session" = ["admin"])),
    responses(
        (status = 200, description = "The feeds.", body = Vec<Feed>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, _: Admin) -> Result<Json<Vec<Feed>>, Fault> {
    Ok(Json(list(&app).await?))
}

/// All that are named, with what is known of each.
pub(super) async fn list(app: &App) -> Result<Vec<Feed>, Fault> {
    let page = app.news.page();
    let addresses = news::addresses(&app.store).await?.into_iter();
    let known = |address: String| {
        let known = page.feeds.iter().find(|feed| feed.address == address).cloned();
        known.unwrap_or(Feed { address, title: None, asked_at: None, trouble: None, again_at: None })
    };
    Ok(addresses.map(known).collect())
}
