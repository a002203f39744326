//! `PUT /api/v1/me/calls`: say what becomes of calls to me, from the next one on. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{extract::State, http::StatusCode};
use proto::{
    Person, Refusal,
    api::{CallWishes, Onward},
};

use crate::http::{App, body::Body, problem::Fault, who::Member};

/// Keeps it, when those whom it names are here.
#[utoipa::path(
    put, path = "/api/v1/me/calls", operation_id = "putCallWishes", tag = "me",
    summary = "Say what becomes of calls to me",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "own_number", "too_often"]))),
    request_body = CallWishes,
    responses(
        (status = 204, description = "It counts for the next call."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(wishes): Body<CallWishes>,
) -> Result<StatusCode, Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let kept = app.store.call_wishes(account).await?;
    let all = [(wishes.always, kept.always), (wishes.busy, kept.busy), (wishes.unanswered, kept.unanswered)];
    for (onward, kept) in all {
        let Onward::Person { person } = onward else { continue };
        // Whoever was named before and is gone since stands in the way of nothing else.
        if onward == kept {
            continue;
        }
        if person == account {
            return Err(Refusal::OwnNumber.into());
        }
        app.store.account(person).await?.filter(|other| !other.disabled).ok_or(Refusal::NotFound)?;
    }
    app.store.wish_calls(account, &wishes).await?;
    Ok(StatusCode::NO_CONTENT)
}
