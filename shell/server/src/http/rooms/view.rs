//! `GET /api/v1/rooms/{code}`: the room, and who is in it now.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use hub::{Answer, Question};
use proto::{
    Refusal,
    api::{Present, RoomView},
};

use super::find;
use crate::http::{App, Caller, problem::Fault};

/// Looks it up.
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(code): Path<String>,
) -> Result<Json<RoomView>, Fault> {
    let (room, name) = find(&app, caller, &code).await?;
    let answer = app.control.ask(Question::Present(name)).await.map_err(|_| Refusal::Stopping)?;
    let present = match answer {
        Answer::Present(present) => present,
        Answer::Counts(_) => Vec::new(),
    };
    let count = u32::try_from(present.len()).unwrap_or(u32::MAX);
    let shown = present.into_iter().take(SHOWN);
    let present = shown.map(|(identity, name)| Present { identity: identity.as_str().to_owned(), name }).collect();
    Ok(Json(RoomView { room, present, count }))
}

/// The pre-join screen has room for this many.
const SHOWN: usize = 8;
