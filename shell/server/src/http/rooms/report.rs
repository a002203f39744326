//! `GET /api/v1/rooms/{code}/report`: why a call was bad, for somebody who was in it.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
};
use hub::report::troubles_for;
use proto::{Refusal, api::Report};

use super::{find_for, meetings::bad};
use crate::{
    clock,
    http::{App, Caller, problem::Fault, who::Somebody},
};

/// Reads it out of the minutes that are kept.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/report", operation_id = "report", tag = "rooms",
    summary = "How my last meeting in a room went",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 200, description = "What was bad while I was in, of mine and of what I will have noticed of others.", body = Report),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
) -> Result<Json<Report>, Fault> {
    let me = who.person();
    let stored = find_for(&app, caller, &me, &code).await?;
    // The last minute of somebody who has just left may still be on its way to the store. Where it cannot be written there is
    // less to read.
    let _ = app.control.kept().await;
    let room = stored.room.id;
    let since = clock::unix_ms().saturating_sub(OF_LATE);
    let Some(stay) = app.store.last_stay(room, &me, since).await? else {
        // In for so short a time that there is nothing of it.
        let known = app.stays.knows(Instant::now(), room, &me);
        let now = clock::unix_ms();
        let nothing = Report { me, from: now, until: now, troubles: Vec::new() };
        return if known { Ok(Json(nothing)) } else { Err(Refusal::NotIn.into()) };
    };
    let mut minutes = app.store.bad_minutes(room, stay.began, stay.began).await?;
    minutes.retain(|minute| minute.at + u64::from(minute.seconds) * 1_000 > stay.from && minute.at < stay.until);
    let troubles = troubles_for(&me, &minutes.into_iter().map(bad).collect::<Vec<_>>());
    Ok(Json(Report { me, from: stay.from, until: stay.until, troubles }))
}

/// Nobody asks why a call was bad two days later, in milliseconds; the owner of the room may.
const OF_LATE: u64 = 2 * 24 * 60 * 60 * 1_000;
