//! `GET /rtc/v1`: the signalling socket.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{
        Query, State,
        rejection::QueryRejection,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};

use super::{admit, furnish};
use crate::{http::App, listen::Place, session};

/// Checks everything, opens a session, and only then upgrades.
pub async fn handle(
    State(app): State<Arc<App>>,
    place: Option<Extension<Place>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    query: Result<Query<super::Query>, QueryRejection>,
) -> Response {
    // As LiveKit answers what is no upgrade.
    let Ok(upgrade) = upgrade else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(Query(query)) = query else { return StatusCode::BAD_REQUEST.into_response() };
    let join = match admit(&app, &headers, &query) {
        Ok(join) => join,
        Err(refused) => {
            tracing::debug!(status = refused.0.as_u16(), "a session was refused: {}", refused.1);
            return refused.into_response();
        }
    };
    let join = match furnish(&app, join).await {
        Ok(join) => join,
        Err(fault) => return fault.into_response(),
    };
    if app.tasks.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping").into_response();
    }
    upgrade
        .max_message_size(session::LARGEST)
        .max_frame_size(session::LARGEST)
        .write_buffer_size(0)
        .read_buffer_size(session::READ_BUFFER)
        .on_upgrade(move |socket| async move {
            let session = async move |app: Arc<App>| match app.control.open(join).await {
                Ok(line) => session::run(socket, line, app.control.clone()).await,
                Err(closed) => tracing::debug!("a session came too late: {closed}"),
            };
            let session = async |app| {
                session(app).await;
                drop(place);
            };
            app.tasks.spawn("session", &app.tasks.cut, session(app.clone()));
        })
}
