//! `GET /api/v1/rooms/{code}`: the room, who is in it now, and what the one who asks would find at its door.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use hub::{Answer, Question};
use proto::{
    Person,
    api::{Door, RoomView},
};

use super::{ask, faces, find, visit, wrong_answer};
use crate::{
    http::{App, Caller, problem::Fault, who::Anyone},
    random,
};

/// Looks it up.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}", operation_id = "room", tag = "rooms",
    summary = "A room, and what stands at its door",
    security((), ("session" = []), ("guest" = [])),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 200, description = "The room, and what stands at its door.", body = RoomView),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    who: Anyone,
    Path(code): Path<String>,
) -> Result<Json<RoomView>, Fault> {
    let stored = find(&app, caller, &code).await?;
    // Whoever has no cookie yet will be a guest whom nobody has seen before.
    let person = who.person().unwrap_or_else(|| Person::Guest(random::text::<16>()));
    let visit = visit(&app, caller, &stored, person.clone(), String::new()).await?;
    let (name, role) = (visit.room.clone(), visit.role);
    let Answer::Door(door) = ask(&app, Question::Door(Box::new(visit))).await? else { return Err(wrong_answer()) };
    let Answer::Present(people) = ask(&app, Question::Present(name.clone())).await? else { return Err(wrong_answer()) };
    let Answer::Stays(here) = ask(&app, Question::Stays { room: name, person }).await? else {
        return Err(wrong_answer());
    };
    let here = u32::try_from(here).unwrap_or(u32::MAX);
    // Before admission nobody sees who is in (R9); how many says whether it is worth while to wait.
    let (count, present) = match door {
        Door::Open => (people.len(), faces(people)),
        Door::Knock | Door::Locked | Door::Full => (people.len(), Vec::new()),
        Door::MembersOnly | Door::Removed => (0, Vec::new()),
    };
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let policy = role.leads().then_some(stored.policy);
    Ok(Json(RoomView { room: stored.room, present, count, here, role, door, policy }))
}
