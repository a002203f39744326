//! `POST /api/v1/rooms/{code}/invitees`: ask people into the meeting that I lead. Answers 204; who comes is told in the meeting.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::{Answer, Invites, Question};
use proto::{Person, Refusal, api::InvitePeople};

use super::{MEMBERS, ask, find_for, name, wrong_answer};
use crate::http::{App, Caller, body::Body, problem::Fault, who::Member};

/// Lets the hub decide whom it reaches. Nothing of it is kept.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/invitees", operation_id = "inviteIntoRoom", tag = "rooms",
    summary = "Ask people into a meeting",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found", "room_full", "too_many", "too_often"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = InvitePeople,
    responses(
        (status = 204, description = "They are asked, as far as they can be found."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
    Body(wanted): Body<InvitePeople>,
) -> Result<StatusCode, Fault> {
    let person = Person::Account(me.account.id);
    app.acts.take(Instant::now(), &person)?;
    if wanted.people.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let stored = find_for(&app, caller, &person, &code).await?;
    let bans = app.store.bans(stored.room.id, MEMBERS as u32).await?;
    let account = |ban: store::Ban| match ban.person {
        Person::Account(account) => Some(account),
        Person::Guest(_) | Person::Other(_) => None,
    };
    let banned = bans.into_iter().filter_map(account).collect();
    let invites = Invites { title: stored.room.title.clone(), people: wanted.people, banned };
    let question = Question::Invite { room: name(&stored.room)?, person, invites: Box::new(invites) };
    let Answer::Invited(done) = ask(&app, question).await? else { return Err(wrong_answer()) };
    done?;
    Ok(StatusCode::NO_CONTENT)
}
