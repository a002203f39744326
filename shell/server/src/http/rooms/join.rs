//! `POST /api/v1/rooms/{code}/join`: come in with a ticket good for ten minutes to enter with, or knock. Answers an
//! [`Entry`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use hub::{Answer, Knocked, Question};
use proto::{
    Person, Refusal,
    api::{Entry, JoinRoom},
};
use store::StoredRoom;

use super::{ask, find, readable, ticket, visit, wrong_answer};
use crate::{
    clock,
    http::{
        App, Caller,
        body::Body,
        place::Place,
        problem::Fault,
        who::{self, Anyone, Somebody},
    },
    random,
};

/// Knocks. A guest whom nobody has seen before gets a cookie with the answer, by which we know them again.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/join", operation_id = "joinRoom", tag = "rooms",
    summary = "Come in, or knock",
    security((), ("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["bad_name", "members_only", "locked", "removed", "room_full", "too_often"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = JoinRoom,
    responses(
        (status = 200, description = "Come in, or wait.", body = Entry),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Place,
    who: Anyone,
    Path(code): Path<String>,
    Body(wanted): Body<JoinRoom>,
) -> Result<Response, Fault> {
    let stored = find(&app, caller, &code).await?;
    let shown = match (&wanted.name, who.account()) {
        (Some(name), _) => readable(name)?,
        (None, Some(account)) => account.display_name.clone(),
        (None, None) => return Err(Refusal::BadName.into()),
    };
    let (person, cookie) = match who.0 {
        Some(Somebody::Account(signed_in)) => (Person::Account(signed_in.account.id), None),
        Some(Somebody::Guest(guest)) => {
            let cookie = who::guest_cookie(&app.keys, &place, &guest);
            (Person::Guest(guest), Some(cookie))
        }
        None => {
            app.limits.guests.take(Instant::now(), (caller, stored.room.id))?;
            let (guest, cookie) = who::new_guest(&app.keys, &place);
            (Person::Guest(guest), Some(cookie))
        }
    };
    let visit = visit(&app, caller, &stored, person, shown).await?;
    let knock = Question::Knock { visit: Box::new(visit), device: random::text::<DEVICE>() };
    let Answer::Knock(knocked) = ask(&app, knock).await? else { return Err(wrong_answer()) };
    let entry = match knocked? {
        Knocked::Admitted(pass) => {
            note_use(&app, &stored).await;
            Entry::Admitted { ticket: ticket(&app, &pass, stored.room) }
        }
        Knocked::Waiting { host_present } => Entry::Waiting { host_present },
    };
    let mut response = Json(entry).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Keeps that the room was used, once a day: rooms that nobody keeps or uses go.
async fn note_use(app: &App, stored: &StoredRoom) {
    let now = clock::unix_ms();
    if now.saturating_sub(stored.used_at) >= DAY
        && let Err(error) = app.store.touch_room(stored.room.id, now).await
    {
        // The next who comes in tries again.
        tracing::warn!(%error, room.id = %stored.room.id, "room {} could not be marked as used", stored.room.id);
    }
}

/// In milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1_000;
/// Letters that tell the devices of one person apart: 40 bits.
const DEVICE: usize = 8;
