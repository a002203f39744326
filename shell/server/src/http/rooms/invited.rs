//! `POST /api/v1/rooms/{code}/invitation`: what somebody says who is asked into a meeting. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::{Answer, Question};
use proto::{Person, api::AnswerInvitation};

use super::{ask, find, visit, wrong_answer};
use crate::http::{App, Caller, body::Body, problem::Fault, who::Member};

/// Tells the hub, which opens the door to whoever comes.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/invitation", operation_id = "answerRoomInvitation", tag = "rooms",
    summary = "Come, or not now",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "removed", "room_full"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = AnswerInvitation,
    responses(
        (status = 204, description = "Whoever asked is told. Who comes joins the room next, and is let in."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
    Body(AnswerInvitation { come }): Body<AnswerInvitation>,
) -> Result<StatusCode, Fault> {
    let person = Person::Account(me.account.id);
    app.acts.take(Instant::now(), &person)?;
    let stored = find(&app, caller, &code).await?;
    let visit = visit(&app, caller, &stored, person, me.account.display_name).await?;
    let question = Question::Invitation { visit: Box::new(visit), come };
    let Answer::Invited(done) = ask(&app, question).await? else { return Err(wrong_answer()) };
    done?;
    Ok(StatusCode::NO_CONTENT)
}
