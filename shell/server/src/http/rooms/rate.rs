//! `POST /api/v1/rooms/{code}/ratings`: somebody who was in says how the meeting was. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{
    Refusal,
    api::{RateMeeting, Reason},
};
use store::StoredRating;

use super::find;
use crate::{
    clock,
    http::{App, Caller, body::Body, problem::Fault, who::Somebody},
};

/// Keeps it.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/ratings", operation_id = "rateMeeting", tag = "rooms",
    summary = "Say how the meeting was",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "bad_setting", "too_often"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = RateMeeting,
    responses(
        (status = 204, description = "Kept, in place of what was said of the same meeting before."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
    Body(rating): Body<RateMeeting>,
) -> Result<StatusCode, Fault> {
    let person = who.person();
    app.writers.take(Instant::now(), &person)?;
    let stored = find(&app, caller, &code).await?;
    if !app.stays.knows(Instant::now(), stored.room.id, &person) {
        return Err(Refusal::NotIn.into());
    }
    if !(1..=STARS).contains(&rating.stars) || rating.reasons.len() > REASONS {
        return Err(Refusal::BadSetting.into());
    }
    let names = |reason: Reason| rating.reasons.contains(&reason);
    let now = clock::unix_ms();
    let kept = StoredRating {
        at: now,
        stars: rating.stars.into(),
        sound: names(Reason::Sound),
        picture: names(Reason::Picture),
        share: names(Reason::Share),
        connection: names(Reason::Connection),
    };
    let (replaces, forget) = (now.saturating_sub(ONE_MEETING), now.saturating_sub(KEPT));
    if app.store.rate(stored.room.id, &person, &kept, replaces, forget).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        // It was deleted since it was found.
        Err(Refusal::RoomUnknown.into())
    }
}

/// The most stars.
const STARS: u8 = 5;
/// As many reasons as there are.
const REASONS: usize = 4;
/// What the same person says of a room within these milliseconds, eight hours, is about one meeting.
const ONE_MEETING: u64 = 8 * 60 * 60 * 1_000;
/// In milliseconds, a year: nobody asks how meetings were before that.
const KEPT: u64 = 365 * 24 * 60 * 60 * 1_000;
