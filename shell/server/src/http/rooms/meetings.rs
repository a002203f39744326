//! `GET /api/v1/rooms/{code}/meetings`: the last meetings of a room, who was in and what was bad, for its owner.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use hub::report::{BadMinute, troubles};
use proto::api::{Attended, PastMeeting};
use store::StoredTrouble;

use super::find_own;
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Lists them, the last first.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/meetings", operation_id = "pastMeetings", tag = "rooms",
    summary = "The last meetings of a room",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 200, description = "The last twenty, the last first: who was in, and what was bad. Kept for 90 days.", body = Vec<PastMeeting>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
) -> Result<Json<Vec<PastMeeting>>, Fault> {
    let stored = find_own(&app, caller, me.account.id, &code).await?;
    let room = stored.room.id;
    let meetings = app.store.past_meetings(room, LISTED).await?;
    let since = meetings.last().map_or(u64::MAX, |(began, _)| *began);
    let mut people: BTreeMap<u64, Vec<Attended>> = BTreeMap::new();
    for (began, attended) in app.store.attended(room, since).await? {
        people.entry(began).or_default().push(attended);
    }
    let mut minutes: BTreeMap<u64, Vec<BadMinute>> = BTreeMap::new();
    for minute in app.store.bad_minutes(room, since, u64::MAX).await? {
        minutes.entry(minute.began).or_default().push(bad(minute));
    }
    let meeting = |(began, until)| PastMeeting {
        began,
        until,
        people: people.remove(&began).unwrap_or_default(),
        troubles: troubles(&minutes.remove(&began).unwrap_or_default()),
    };
    Ok(Json(meetings.into_iter().map(meeting).collect()))
}

/// A stored minute, as reports are made of them.
pub fn bad(stored: StoredTrouble) -> BadMinute {
    let StoredTrouble { began: _, at, seconds, person, name, cause, bad_for } = stored;
    BadMinute { at, seconds, person, name, cause, bad_for }
}

/// So many are listed: those of a month, where a team meets each working day.
const LISTED: u32 = 20;
