//! `POST /api/v1/rooms/{code}/acts`: somebody in a meeting does something. Answers 204 when it is done and kept.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use hub::{Answer, Keep, Question};
use proto::{Person, RoomId, api::Act};
use store::{Ban, RoomChange};

use super::{ask, find_for, name, readable, wrong_answer};
use crate::{
    clock,
    http::{App, Caller, body::Body, chat, problem::Fault, who::Somebody},
};

/// Lets the hub decide and do it, then keeps what has to outlive the meeting.
#[utoipa::path(
    post, path = "/api/v1/rooms/{code}/acts", operation_id = "act", tag = "rooms",
    summary = "Do something in a meeting",
    security(("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["not_in", "not_allowed", "not_found", "bad_name", "bad_text", "too_many", "room_full"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    request_body = Act,
    responses(
        (status = 204, description = "Done, and kept."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Somebody,
    Path(code): Path<String>,
    Body(act): Body<Act>,
) -> Result<StatusCode, Fault> {
    let person = who.person();
    app.acts.take(Instant::now(), &person)?;
    let act = match act {
        Act::Rename { person, name } => Act::Rename { person, name: readable(&name)? },
        Act::React { emoji } => Act::React { emoji: chat::emoji(emoji)? },
        act => act,
    };
    let stored = find_for(&app, caller, &person, &code).await?;
    let _turn = app.changes.turn(stored.room.id).await;
    // Signs of joy are gone in a moment and nowhere written down.
    let passing = matches!(act, Act::React { .. });
    let question = Question::Act { room: name(&stored.room)?, person, act: Box::new(act) };
    let Answer::Act(done) = ask(&app, question).await? else { return Err(wrong_answer()) };
    for keep in done? {
        write_down(&app, stored.room.id, keep).await?;
    }
    // What is left of the meeting is written too: after a crash it goes on as everybody was told that it is.
    if !passing && !app.control.kept().await.unwrap_or(false) {
        return Err(Fault::Internal);
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn write_down(app: &App, room: RoomId, keep: Keep) -> Result<(), Fault> {
    match keep {
        Keep::Policy(policy) => {
            let change = RoomChange { policy: Some(&policy), ..RoomChange::default() };
            match app.store.change_room(room, &change).await {
                // A room that was deleted meanwhile needs no policy.
                Ok(()) | Err(store::ChangeRoomError::Unknown) => Ok(()),
                Err(store::ChangeRoomError::Write(error)) => Err(error.into()),
            }
        }
        Keep::Role(Person::Account(account), role) if role.leads() => {
            app.store.promote(room, account).await?;
            Ok(())
        }
        Keep::Role(Person::Account(account), _) => Ok(app.store.demote(room, account).await?),
        // Guests are hosts for one meeting only.
        Keep::Role(Person::Guest(_) | Person::Other(_), _) => Ok(()),
        Keep::Ban(person, name) => Ok(app.store.ban(room, &Ban { person, name, at: clock::unix_ms() }).await?),
    }
}
