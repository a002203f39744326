//! `GET /healthz`: whether the server does its work, for whoever supervises it.

use std::{sync::Arc, time::Duration};

use axum::{extract::State, http::StatusCode};
use tokio::time::timeout;

use super::App;

/// `ok`, or 503 with what is wrong.
pub async fn handle(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    match timeout(PATIENCE, check(&app)).await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n"),
        Ok(Err(wrong)) => (StatusCode::SERVICE_UNAVAILABLE, wrong),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the hub or a media thread does not answer\n"),
    }
}

async fn check(app: &App) -> Result<(), &'static str> {
    let report = app.control.report().await.map_err(|_| "the server is stopping\n")?;
    if !report.media_alive {
        return Err("a media thread takes no more commands\n");
    }
    for thread in &app.media {
        thread.stats().await.ok_or("a media thread has ended\n")?;
    }
    Ok(())
}

/// Both answer within milliseconds unless they hang.
const PATIENCE: Duration = Duration::from_secs(2);
