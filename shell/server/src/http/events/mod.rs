//! `GET /api/v1/events`: the event socket of a page.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{
        State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    response::Response,
};
use proto::Refusal;

use super::{
    App, Caller, Fault,
    csrf::OwnPage,
    who::{Carried, Somebody},
};
use crate::{
    events::{self, Visitor},
    listen::Place,
};

/// Checks from where and who, and only then upgrades. Browsers send cookies along with the socket of any page, so what
/// counts is that the page is one of ours.
#[utoipa::path(
    get, path = "/api/v1/events", operation_id = "events", tag = "events",
    summary = "The event socket",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["foreign_page", "bad_request"]))),
    responses(
        (status = 101, description = "The event socket: `Ask` in, `Event` out, as JSON texts."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    place: Option<Extension<Place>>,
    caller: Caller,
    somebody: Somebody,
    carried: Carried,
    _: OwnPage,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Fault> {
    let upgrade = upgrade.map_err(|_| Fault::BadRequest)?;
    if app.tasks.stop.is_cancelled() {
        return Err(Refusal::Stopping.into());
    }
    let secret = somebody.account().and_then(|_| carried.secret()).map(str::to_owned);
    let visitor = Visitor { somebody, secret, caller };
    let upgrade = upgrade
        .max_message_size(events::LARGEST)
        .max_frame_size(events::LARGEST)
        .write_buffer_size(0)
        .read_buffer_size(events::READ_BUFFER);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let carry = async move |app: Arc<App>| {
            match app.control.listen().await {
                Ok(page) => events::run(socket, page, visitor, &app).await,
                Err(closed) => tracing::debug!("an event socket came too late: {closed}"),
            }
            drop(place);
        };
        app.tasks.spawn("events", &app.tasks.cut, carry(app.clone()));
    }))
}
