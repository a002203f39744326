//! `GET /api`: the API to read, as one page without scripts.

use std::sync::LazyLock;

use axum::{body::Bytes, response::Html};

use super::{document::document, render::page};

/// Sends it.
pub async fn handle() -> Html<Bytes> {
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| page(document()).into());
    Html(TEXT.clone())
}
