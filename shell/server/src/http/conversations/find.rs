//! `GET /api/v1/conversations/lines?find=...`: look for lines in my conversations. Answers a list of [`FoundLine`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::{MessageId, Person, Refusal, RoomId, api::FoundLine};
use serde::Deserialize;

use crate::http::{App, problem::Fault, query::Query, who::Member};

/// What may stand in the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    find: String,
    #[serde(rename = "in")]
    only: Option<String>,
    before: Option<String>,
}

/// Looks for it, in texts and in names of files. What I may not read is not found.
#[utoipa::path(
    get, path = "/api/v1/conversations/lines", operation_id = "findLines", tag = "conversations",
    summary = "Look for lines",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_text", "too_often"]))),
    params(
        ("find" = String, Query, description = "What to look for, in whatever case: 1 to 100 characters."),
        ("in" = Option<String>, Query, description = "The id of the only conversation to look in."),
        ("before" = Option<String>, Query, description = "The id of the last line of the page before."),
    ),
    responses(
        (status = 200, description = "At most 50 lines, the last first.", body = Vec<FoundLine>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Query(Wanted { find, only, before }): Query<Wanted>,
) -> Result<Json<Vec<FoundLine>>, Fault> {
    let only: Option<RoomId> = only.map(|id| id.parse()).transpose().map_err(|_| Fault::BadRequest)?;
    let before: Option<MessageId> = before.map(|id| id.parse()).transpose().map_err(|_| Fault::BadRequest)?;
    let find = find.trim();
    if find.is_empty() || find.chars().count() > LONGEST {
        return Err(Refusal::BadText.into());
    }
    app.acts.take(Instant::now(), &Person::Account(me.account.id))?;
    let found = app.store.find_lines(me.account.id, find, only, before, PAGE).await?;
    Ok(Json(found.into_iter().map(|(conversation, message)| FoundLine { conversation, message }).collect()))
}

/// The longest text to look for, in characters: a sentence.
const LONGEST: usize = 100;
/// Lines that are found at once.
const PAGE: u32 = 50;
