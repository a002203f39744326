//! `GET /api/v1/me/devices`: from where this account is signed in, the one seen last first. Answers a list of [`Device`].

use std::{cmp::Reverse, sync::Arc};

use axum::{Json, extract::State};
use proto::api::Device;

use crate::http::{App, problem::Fault, who::Member};

/// Lists them.
#[utoipa::path(
    get, path = "/api/v1/me/devices", operation_id = "listDevices", tag = "me",
    summary = "From where the account is signed in",
    security(("session" = [])),
    responses(
        (status = 200, description = "From where this account is signed in.", body = Vec<Device>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, Member(me): Member) -> Result<Json<Vec<Device>>, Fault> {
    let sessions = app.store.sessions(me.account.id).await?;
    let mut devices: Vec<_> = sessions
        .into_iter()
        .map(|session| Device {
            current: session.id == me.session,
            id: session.id,
            name: session.agent,
            since: session.created_at,
            seen: session.seen_at,
        })
        .collect();
    devices.sort_by_key(|device| (!device.current, Reverse(device.seen)));
    Ok(Json(devices))
}
