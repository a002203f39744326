//! `GET /manifest.webmanifest`: under which name and sign a browser installs the client as an application.
//!
//! The only file of the client that is made and not embedded, since the server's name stands in it.

use std::sync::Arc;

use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde_json::{Value, json};

use super::{App, problem::Fault};
use crate::account::settings::Settings;

/// Gives it.
pub async fn handle(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Fault> {
    let name = Settings::read(&app.store).await?.name;
    // The name may change at any time; the browser asks again at each visit.
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, Json(manifest(&name))))
}

fn manifest(name: &str) -> Value {
    json!({
        "id": "/",
        "name": name,
        "short_name": name,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": WALL,
        "theme_color": WALL,
        "icons": [
            { "src": "/favicon.svg", "type": "image/svg+xml", "sizes": "any", "purpose": "any" },
            { "src": "/icon-192.png", "type": "image/png", "sizes": "192x192", "purpose": "any" },
            { "src": "/icon-512.png", "type": "image/png", "sizes": "512x512", "purpose": "any" },
            { "src": "/icon-maskable-512.png", "type": "image/png", "sizes": "512x512", "purpose": "maskable" },
        ],
    })
}

/// The ground of light pages, as `--wall` in the client's tokens. A manifest holds one colour; the page itself says the
/// dark one in its `theme-color`.
const WALL: &str = "#EEF0E9";
