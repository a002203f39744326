//! `POST /api/v1/rooms`: make a room. Answers 201 with a [`RoomView`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Policy, Refusal, Role,
    api::{CreateRoom, Door, Room, RoomView},
    id::IdSource,
};
use store::{CreateRoomError, StoredRoom};

use super::{OF_ONE, description, readable};
use crate::{
    account::settings::Settings,
    clock,
    code::Code,
    http::{App, Caller, body::Body, problem::Fault, who::Anyone},
    random,
};

/// Makes it. What was answered survives a power cut.
#[utoipa::path(
    post, path = "/api/v1/rooms", operation_id = "createRoom", tag = "rooms",
    summary = "Make a room",
    security((), ("session" = []), ("guest" = [])),
    extensions(("x-problems" = json!(["sign_in_first", "not_allowed", "bad_name", "bad_text", "too_often", "too_many"]))),
    request_body = CreateRoom,
    responses(
        (status = 201, description = "The room, made.", body = RoomView),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Anyone,
    Body(wanted): Body<CreateRoom>,
) -> Result<(StatusCode, Json<RoomView>), Fault> {
    let account = who.account();
    if !Settings::read(&app.store).await?.may_create(account) {
        return Err(if account.is_some() { Refusal::NotAllowed } else { Refusal::SignInFirst }.into());
    }
    let title = wanted.title.as_deref().map_or(Ok(TITLE.to_owned()), readable)?;
    let description = wanted.description.as_deref().map_or(Ok(String::new()), description)?;
    app.limits.rooms.take(Instant::now(), caller)?;
    let listed = account.is_some() && wanted.listed.unwrap_or(false);
    if let Some(account) = account.filter(|_| listed)
        && app.store.rooms_kept(account.id).await? >= u64::from(OF_ONE)
    {
        return Err(Refusal::TooMany.into());
    }
    let created_at = clock::unix_ms();
    let id = IdSource::new(random::seed()).next(created_at);
    let policy = if account.is_some() { Policy::OWNED } else { Policy::OPEN };
    for _ in 0..DRAWS {
        let (code, title, description) = (Code::draw().as_str().to_owned(), title.clone(), description.clone());
        let stored = StoredRoom {
            room: Room { id, code, title, description, created_at },
            owner: account.map(|account| account.id),
            listed,
            policy: policy.clone(),
            used_at: 0,
        };
        match app.store.create_room(&stored).await {
            Ok(()) => {
                tracing::info!(room.id = %id, "room {id} made");
                let role = if account.is_some() { Role::Owner } else { Role::Guest };
                let policy = role.leads().then_some(stored.policy);
                let view = RoomView {
                    room: stored.room,
                    present: Vec::new(),
                    count: 0,
                    here: 0,
                    role,
                    door: Door::Open,
                    policy,
                };
                return Ok((StatusCode::CREATED, Json(view)));
            }
            Err(CreateRoomError::CodeTaken) => {}
            Err(CreateRoomError::Write(error)) => return Err(error.into()),
        }
    }
    tracing::error!("no free room code was found in {DRAWS} draws");
    Err(Fault::Internal)
}

/// What a room is called when nobody says.
const TITLE: &str = "Meeting";
/// Two rooms draw the same code once in 10^11; five times in a row means that chance is broken.
pub const DRAWS: usize = 5;
