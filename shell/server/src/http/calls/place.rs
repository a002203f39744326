//! `POST /api/v1/calls`: call somebody, or several at once. Answers 201 with a [`Call`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use hub::{Answer, Callee, Placed, Question};
use proto::{
    Lobby, Person, Policy, Refusal,
    api::{Call, CallAct, PlaceCall, Room},
    id::IdSource,
};
use store::{Account, CreateRoomError, StoredRoom};

use super::kept;
use crate::{
    clock,
    code::Code,
    http::{App, body::Body, problem::Fault, rooms, who::Member},
    random,
};

/// Makes the room that will carry it, rings, and says what became of that at once: whoever cannot be reached is not rung.
#[utoipa::path(
    post, path = "/api/v1/calls", operation_id = "placeCall", tag = "calls",
    summary = "Call somebody",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "own_number", "too_many", "too_often"]))),
    request_body = PlaceCall,
    responses(
        (status = 201, description = "The call as it is now. Join its room, unless it has ended.", body = Call),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(wanted): Body<PlaceCall>,
) -> Result<(StatusCode, Json<Call>), Fault> {
    app.calls.take(Instant::now(), &Person::Account(me.account.id))?;
    // Whom one may call is the hub's to say; this only keeps more from being looked up than it would take.
    if wanted.people.len() > hub::CALLEES {
        return Err(Refusal::TooMany.into());
    }
    let blockers = app.store.blockers(me.account.id).await?;
    let mut callees = Vec::with_capacity(wanted.people.len());
    for id in wanted.people {
        callees.push(super::callee(&app, me.account.id, &blockers, id).await?);
    }
    let stored = make_room(&app, &me.account, &callees).await?;
    let placed = Placed {
        id: IdSource::new(random::seed()).next(clock::unix_ms()),
        room: rooms::name(&stored.room)?,
        caller: super::party(&me.account),
        device: wanted.device,
        callees,
        video: wanted.video,
        anyway: wanted.anyway,
    };
    let Answer::Called(called) = rooms::ask(&app, Question::Call(Box::new(placed))).await? else {
        return Err(rooms::wrong_answer());
    };
    let written = match &called {
        Ok(call) => kept(&app, call.id).await,
        Err(_) => Ok(()),
    };
    if let (Ok(call), Err(_)) = (&called, &written) {
        // Whoever is told that it failed must not be answered.
        let (account, agent) = (me.account.id, String::new());
        let question = Question::CallAct { call: call.id, account, act: CallAct::End, named: None, agent };
        rooms::ask(&app, question).await?;
    }
    // Refused, over already, or joined with the call that the other had made: nobody will come here.
    let comes = |call: &Call| call.code == stored.room.code && call.ended.is_none();
    if !(written.is_ok() && called.as_ref().is_ok_and(|call| comes(call)))
        && let Err(error) = app.store.delete_room(stored.room.id).await
    {
        tracing::warn!(%error, room.id = %stored.room.id, "the room of a call that was not made stays for a while");
    }
    let call = called?;
    written?;
    tracing::info!(call.id = %call.id, parties = call.others.len() + 1, "call {} placed", call.id);
    Ok((StatusCode::CREATED, Json(*call)))
}

/// The room is there before anybody is rung: whoever answers goes in at once. Its parties lead it as long as they are that, see
/// the hub; others who get hold of its link have to be let in.
async fn make_room(app: &App, caller: &Account, callees: &[Callee]) -> Result<StoredRoom, Fault> {
    let created_at = clock::unix_ms();
    let id = IdSource::new(random::seed()).next(created_at);
    let names = callees.iter().map(|callee| callee.name.as_str());
    let title: String = std::iter::once(caller.display_name.as_str()).chain(names).collect::<Vec<_>>().join(", ");
    let title: String = title.chars().take(TITLE).collect();
    for _ in 0..rooms::create::DRAWS {
        let code = Code::draw().as_str().to_owned();
        let stored = StoredRoom {
            room: Room { id, code, title: title.clone(), description: String::new(), created_at },
            owner: Some(caller.id),
            listed: false,
            policy: Policy { lobby: Lobby::Everyone, ..Policy::OWNED },
            used_at: created_at,
        };
        match app.store.create_call_room(&stored).await {
            Ok(()) => return Ok(stored),
            Err(CreateRoomError::CodeTaken) => {}
            Err(CreateRoomError::Write(error)) => return Err(error.into()),
        }
    }
    tracing::error!("no free room code was found in {} draws", rooms::create::DRAWS);
    Err(Fault::Internal)
}

/// The most characters of a room's title, as of those that people give.
const TITLE: usize = 128;
