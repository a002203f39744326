//! `PUT /api/v1/people/{id}/awaited`: tell me when they are free. Answers 204, and says nothing of how they are to be found.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::{Answer, Question};
use proto::{
    AccountId, Person, Refusal,
    api::{AwaitPerson, Contact},
};

use crate::{
    account::views,
    http::{App, body::Body, problem::Fault, rooms, who::Member},
};

/// From now on I wait for them, for a day at most.
#[utoipa::path(
    put, path = "/api/v1/people/{id}/awaited", operation_id = "awaitPerson", tag = "calls",
    summary = "Tell me when somebody is free",
    description = "Whoever does not show me how they are to be found cannot be waited for.",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "not_shown", "own_number", "too_many", "too_often"]))),
    params(("id" = String, Path, description = "The account.")),
    request_body = AwaitPerson,
    responses(
        (status = 204, description = "All my pages are told once when they are free, or when a day is over."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(AwaitPerson { anew }): Body<AwaitPerson>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let person: AccountId = id.parse().map_err(|_| Refusal::NotFound)?;
    let found = app.store.account(person).await?.filter(|person| !person.disabled).ok_or(Refusal::NotFound)?;
    let (name, avatar) = (found.display_name.clone(), views::avatar(&found));
    let hidden = app.store.unseen(account).await?.contains(&person);
    let person = Contact { account: person, name, avatar, note: None, hidden };
    match rooms::ask(&app, Question::Await { account, person, anew }).await? {
        Answer::Awaited(done) => done.map(|()| StatusCode::NO_CONTENT).map_err(Into::into),
        _ => Err(rooms::wrong_answer()),
    }
}
