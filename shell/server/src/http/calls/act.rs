//! `POST /api/v1/calls/{id}/acts`: what one of my devices does with a call. Answers 204 when it is done, and kept.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::{Answer, Question};
use proto::{CallId, Person, Refusal, api::CallAct};
use tracing::warn;

use super::kept;
use crate::http::{App, body::Body, problem::Fault, rooms, who::Member};

/// Lets the hub decide. That it rings somewhere is told at once and not waited for.
#[utoipa::path(
    post, path = "/api/v1/calls/{id}/acts", operation_id = "actOnCall", tag = "calls",
    summary = "Answer, decline, hold, join, transfer, hang up",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "answered_elsewhere", "call_over", "bad_text", "own_number", "too_many", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the call."),
    ),
    request_body = CallAct,
    responses(
        (status = 204, description = "Done. Whoever answered or resumed joins the call's room next."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(act): Body<CallAct>,
) -> Result<StatusCode, Fault> {
    app.acts.take(Instant::now(), &Person::Account(me.account.id))?;
    let call: CallId = id.parse().map_err(|_| Refusal::NotFound)?;
    let act = match act {
        CallAct::Decline { device, reply } => {
            CallAct::Decline { device, reply: reply.map(|reply| readable(&reply)).transpose()? }
        }
        act => act,
    };
    let agent = match &act {
        // It may come from a browser without a page: then nobody else knows what that is called.
        CallAct::Decline { device: Some(_), .. } => me.agent(&app.store).await.unwrap_or_else(|error| {
            // It stops ringing all the same; only its name is not told.
            warn!(%error, "the device that declines has no name");
            String::new()
        }),
        _ => String::new(),
    };
    let named = match &act {
        CallAct::Add { person } | CallAct::Transfer { person } => {
            let blockers = app.store.blockers(me.account.id).await?;
            Some(super::callee(&app, me.account.id, &blockers, *person).await?)
        }
        _ => None,
    };
    let counts = !matches!(act, CallAct::Ring { .. });
    let question = Question::CallAct { call, account: me.account.id, act, named, agent };
    let Answer::CallActed(done) = rooms::ask(&app, question).await? else { return Err(rooms::wrong_answer()) };
    done?;
    if counts {
        kept(&app, call).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A word to the caller.
fn readable(reply: &str) -> Result<String, Refusal> {
    let reply = reply.trim();
    let sound = !reply.is_empty() && reply.chars().count() <= REPLY && !reply.chars().any(char::is_control);
    sound.then(|| reply.to_owned()).ok_or(Refusal::BadText)
}

/// The most characters of what is said when declining: a sentence.
const REPLY: usize = 200;
