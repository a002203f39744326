//! `POST /api/v1/rooms/{code}/measurements`: the client of somebody who is in says what it measured. Answers 204.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::{Answer, Question};
use proto::{Refusal, api::Measured};

use super::{ask, find_for, name, wrong_answer};
use crate::http::{App, Caller, body::Body, problem::Fault, who::Somebody};

/// Hands it to the hub, which keeps it with the minute.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/measurements", operation_id = "measure", tag = "rooms",
    summary = "Say what my client measured",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "bad_setting", "too_often"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = Measured,
    responses(
        (status = 204, description = "Taken into the record of this minute."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
    Body(measured): Body<Measured>,
) -> Result<StatusCode, Fault> {
    let person = who.person();
    if !is_sane(&measured) {
        return Err(Refusal::BadSetting.into());
    }
    let stored = find_for(&app, caller, &person, &code).await?;
    let question = Question::Measured { room: name(&stored.room)?, person, measured };
    let Answer::Measured(taken) = ask(&app, question).await? else { return Err(wrong_answer()) };
    taken?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a client can have measured that.
fn is_sane(measured: &Measured) -> bool {
    let Measured { identity: _, span, concealed, frozen, dropped, strained } = measured;
    let parts = [concealed, dropped, strained].into_iter().all(|part| *part <= 1_000);
    parts && (1..=LONGEST).contains(span) && *frozen <= LONGEST
}

/// The longest time that is measured at once, in milliseconds: ten minutes, as of a page that the browser let sleep.
const LONGEST: u32 = 600_000;
