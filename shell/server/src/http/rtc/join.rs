//! `GET /rtc/v1`: the signalling socket.

#![expect(clippy::disallowed_types, reason = "as LiveKit refuses, in plain text")]

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

use hub::Join;
use proto::ParticipantId;

use super::{admit, furnish};
use crate::{
    control::Line,
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
    if app.tasks.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping").into_response();
    }
    upgrade
        .max_message_size(session::LARGEST)
        .max_frame_size(session::LARGEST)
        .write_buffer_size(0)
        .read_buffer_size(session::READ_BUFFER)
        .on_upgrade(move |socket| async move {
            let session = async move |app: Arc<App>| match open(&app, join, signpost).await {
                Some((line, told)) => session::run(socket, line, app.control.clone(), told).await,
                None => tracing::debug!("a session came too late"),
            };
            let session = async |app| {
                session(app).await;
                drop(place);
            };
            app.tasks.spawn("session", &app.tasks.cut, session(app.clone()));
        })
}

/// Opens the session. Nothing when it is too late: the server ends, or the connection test or message is over whose room it is. A client can
/// take its time between its request and here, and whoever came after its end would begin a room that nothing ends.
async fn open(app: &App, join: Join, signpost: Option<Signpost>) -> Option<(Line, session::Told)> {
    let trial = app.trials.way(&join.room, Instant::now()).ok()?;
    app.voicemail.may_enter(&join.room).ok()?;
    let line = app.control.open(join).await.ok()?;
    Some((line, session::Told { signpost, trial }))
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

#[cfg(test)]
mod tests {
    use proto::{Rights, RoomName, api::TrialOver};

    use super::*;
    use crate::{http::health::tests::app, trials};

    fn join(room: RoomName) -> Join {
        Join {
            room,
            identity: "sender".parse().unwrap(),
            name: String::new(),
            metadata: String::new(),
            attributes: Vec::new(),
            rights: Rights::FULL,
            auto_subscribe: true,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: None,
            role: None,
        }
    }

    #[tokio::test]
    async fn who_comes_after_the_end_of_a_trial_begins_no_room() {
        let (app, _threads, _folder) = app(true).await;
        let trial = app.trials.begin(Instant::now(), [192, 0, 2, 1].into()).unwrap();
        let (_, told) = open(&app, join(trials::room(&trial, TrialOver::Tcp)), None).await.unwrap();
        assert_eq!(told.trial, Some(TrialOver::Tcp));
        assert!(open(&app, join(trials::room("one that is over", TrialOver::Tcp)), None).await.is_none());
        let (_, told) = open(&app, join("standup".parse().unwrap()), None).await.unwrap();
        assert_eq!(told.trial, None);
        assert_eq!(app.control.report().await.unwrap().counts.rooms, 2);
    }
}
