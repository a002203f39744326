//! `/api/v1/rooms`: make a room, look it up by its code, get a ticket into it.

pub mod create;
pub mod join;
pub mod view;

use std::time::Instant;

use proto::{Identity, Refusal, RoomName, api::Room};

use super::{App, Caller, problem::Fault};
use crate::code::Code;

/// The room behind a code, which counts as a guess when there is none.
async fn find(app: &App, caller: Caller, code: &str) -> Result<(Room, RoomName), Fault> {
    let now = Instant::now();
    // Taken before the wait, so that guesses sent side by side count as well; given back when it was no guess.
    app.limits.misses.take(now, caller)?;
    let found = match Code::read(code) {
        Some(code) => app.store.room_by_code(code.as_str()).await.map_err(|error| {
            tracing::error!(%error, "a room could not be looked up");
            Fault::Internal
        })?,
        None => None,
    };
    let Some(room) = found else {
        if app.limits.misses.allows(now, caller).is_err() {
            tracing::warn!(%caller, "too many wrong room codes from {caller}; it has to wait");
        }
        return Err(Refusal::RoomUnknown.into());
    };
    app.limits.misses.give_back(caller);
    let name = room.code.parse().map_err(|_| Refusal::RoomUnknown)?;
    Ok((room, name))
}

/// A name or title as somebody typed it: trimmed, not empty, not too long, on one line.
fn readable(text: &str) -> Result<String, Refusal> {
    // The rules for names to show are those for identities.
    text.parse::<Identity>().map(|name| name.as_str().to_owned()).map_err(|_| Refusal::BadName)
}
