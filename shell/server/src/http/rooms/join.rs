//! `POST /api/v1/rooms/{code}/join`: a [`Ticket`] with a media token, good for ten minutes to enter with.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use hub::Pass;
use proto::{
    Rights,
    api::{JoinRoom, Ticket},
};

use super::{find, readable};
use crate::{
    clock,
    http::{App, Caller, body::Body, problem::Fault},
    random, token,
};

/// Signs it. Whoever has the link may come in; each join is somebody new.
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(code): Path<String>,
    Body(wanted): Body<JoinRoom>,
) -> Result<Json<Ticket>, Fault> {
    let name = readable(&wanted.name)?;
    let (room, room_name) = find(&app, caller, &code).await?;
    let identity = format!("guest_{}", random::text::<16>());
    let pass = Pass {
        room: room_name,
        identity: identity.parse().expect("letters and digits are an identity"),
        name,
        metadata: String::new(),
        attributes: Vec::new(),
        // The page never changes them, and whoever may can have 64 kB of them told to everybody.
        rights: Rights { own_metadata: false, ..Rights::FULL },
    };
    let token = token::sign(&app.keys, &pass, clock::unix(), token::LIFE);
    Ok(Json(Ticket { token, identity, room }))
}
