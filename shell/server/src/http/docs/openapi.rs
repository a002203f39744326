//! `GET /api/v1/openapi.json`: this API as OpenAPI 3.1. It needs nobody to be signed in, and no set-up.

use std::sync::LazyLock;

use axum::{
    body::Bytes,
    http::{HeaderName, HeaderValue, header},
};

use super::document::document;

/// Sends it.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", operation_id = "getOpenApi", tag = "server",
    summary = "This document",
    security(()),
    responses(
        (status = 200, description = "The API as OpenAPI 3.1.", body = serde_json::Value),
    ),
)]
pub async fn handle() -> ([(HeaderName, HeaderValue); 2], Bytes) {
    static TEXT: LazyLock<Bytes> = LazyLock::new(|| document().to_string().into());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        // It changes with the program alone.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, TEXT.clone())
}
