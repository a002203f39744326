//! `GET /api/v1/conversations/lines?find=...`: look for lines in my conversations. Answers a list of [`FoundLine`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue},
    response::{IntoResponse as _, Response},
};
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

/// Looks for it, in texts and in names of files of the last 20,000 lines of each conversation. What I may not read is not found.
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
        (status = 200, description = "At most 50 lines, the last first, out of the last 20,000 of each conversation.", body = Vec<FoundLine>, headers(
            ("parlor-looked-at" = Option<String>, description = "`part`: there are older lines, at which it was not looked. To look at those ask \
             again with `before`."),
        )),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Query(Wanted { find, only, before }): Query<Wanted>,
) -> Result<Response, Fault> {
    let only: Option<RoomId> = only.map(|id| id.parse()).transpose().map_err(|_| Fault::BadRequest)?;
    let before: Option<MessageId> = before.map(|id| id.parse()).transpose().map_err(|_| Fault::BadRequest)?;
    let find = find.trim();
    if find.is_empty() || find.chars().count() > LONGEST {
        return Err(Refusal::BadText.into());
    }
    app.acts.take(Instant::now(), &Person::Account(me.account.id))?;
    let found = app.store.find_lines(me.account.id, find, only, before, PAGE, LOOKED_AT).await?;
    let all = app.store.finds_all(me.account.id, only, before, LOOKED_AT).await?;
    let found = found.into_iter().map(|(conversation, message)| FoundLine { conversation, message });
    let mut answer = Json(found.collect::<Vec<_>>()).into_response();
    if !all {
        answer.headers_mut().insert(LOOKED, HeaderValue::from_static("part"));
    }
    Ok(answer)
}

/// So many lines of a conversation are looked at, from its end: years of what most people write.
const LOOKED_AT: u32 = 20_000;
/// Says at how much it was looked. A header, since the answer is a list.
const LOOKED: HeaderName = HeaderName::from_static("parlor-looked-at");
/// The longest text to look for, in characters: a sentence.
const LONGEST: usize = 100;
/// Lines that are found at once.
const PAGE: u32 = 50;
