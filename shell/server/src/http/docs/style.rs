//! `GET /api/style.css`: how that page looks: the colours and letters of the web client, and few rules of its own.

use axum::http::{HeaderName, HeaderValue, header};

/// Sends it.
pub async fn handle() -> ([(HeaderName, HeaderValue); 2], &'static str) {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, concat!(include_str!("../../../../../web/src/look/tokens.css"), include_str!("page.css")))
}
