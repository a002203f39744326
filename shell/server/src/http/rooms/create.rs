//! `POST /api/v1/rooms`: make a room. Answers 201 with a [`RoomView`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Refusal,
    api::{CreateRoom, Room, RoomView},
    id::IdSource,
};
use store::{CreateRoomError, WriteError};

use super::readable;
use crate::{
    clock,
    code::Code,
    http::{App, Caller, body::Body, problem::Fault},
    random,
};

/// Makes it. What was answered survives a power cut.
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<CreateRoom>,
) -> Result<(StatusCode, Json<RoomView>), Fault> {
    let title = wanted.title.as_deref().map_or(Ok(TITLE.to_owned()), readable)?;
    app.limits.rooms.take(Instant::now(), caller)?;
    let created_at = clock::unix_ms();
    let id = IdSource::new(random::seed()).next(created_at);
    for _ in 0..DRAWS {
        let room = Room { id, code: Code::draw().as_str().to_owned(), title: title.clone(), created_at };
        match app.store.create_room(&room).await {
            Ok(()) => {
                tracing::info!(room.id = %id, "room {id} made");
                return Ok((StatusCode::CREATED, Json(RoomView { room, present: Vec::new(), count: 0 })));
            }
            Err(CreateRoomError::CodeTaken) => {}
            Err(CreateRoomError::Write(WriteError::Busy)) => return Err(Refusal::ServerFull.into()),
            Err(CreateRoomError::Write(WriteError::Closed)) => return Err(Refusal::Stopping.into()),
            Err(error @ CreateRoomError::Write(_)) => {
                tracing::error!(%error, "a room could not be kept");
                return Err(Fault::Internal);
            }
        }
    }
    tracing::error!("no free room code was found in {DRAWS} draws");
    Err(Fault::Internal)
}

/// What a room is called when nobody says.
const TITLE: &str = "Meeting";
/// Two rooms draw the same code once in 10^11; five times in a row means that chance is broken.
const DRAWS: usize = 5;
