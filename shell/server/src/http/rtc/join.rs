//! `GET /rtc/v1`: the signalling socket.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension,
    extract::{
        Query, State,
        rejection::QueryRejection,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use proto::ParticipantId;

use super::{admit, furnish};
use crate::{
    http::{App, Connection},
    listen::Place,
    session,
    turn::Signpost,
};

/// Checks everything, opens a session, and only then upgrades.
pub async fn handle(
    State(app): State<Arc<App>>,
    place: Option<Extension<Place>>,
    connection: Option<Extension<Connection>>,
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
    let signpost = signpost(&app, connection, &headers, join.resume);
    // It ran a moment ago; where it is over meanwhile, its room ends.
    let trial = app.trials.way(&join.room, Instant::now()).ok().flatten();
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
                Ok(line) => session::run(socket, line, app.control.clone(), session::Told { signpost, trial }).await,
                Err(closed) => tracing::debug!("a session came too late: {closed}"),
            };
            let session = async |app| {
                session(app).await;
                drop(place);
            };
            app.tasks.spawn("session", &app.tasks.cut, session(app.clone()));
        })
}

/// Where the relay is for whoever reached us like this. A reverse proxy passes HTTP on and nothing else, so that behind one there is none.
fn signpost(
    app: &App,
    connection: Option<Extension<Connection>>,
    headers: &HeaderMap,
    resumed: Option<ParticipantId>,
) -> Option<Signpost> {
    let Extension(connection) = connection.filter(|_| !app.behind_proxy)?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    Some(Signpost::new(&app.relay, host, connection.secure, resumed))
}
