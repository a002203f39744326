//! `GET /api/v1/rooms/{code}/ratings`: how people found the last meetings of a room, in numbers, for its owner.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::api::Ratings;

use super::find_own;
use crate::http::{App, Caller, problem::Fault, who::Member};

/// Counts them.
#[utoipa::path(
    get, path = "/api/v1/rooms/{code}/ratings", operation_id = "ratings", tag = "rooms",
    summary = "How the last meetings were",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_allowed"]))),
    params(
        ("code" = String, Path, description = "The code in the room's link."),
    ),
    responses(
        (status = 200, description = "How many said what, of the last hundred who said something.", body = Ratings),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Path(code): Path<String>,
) -> Result<Json<Ratings>, Fault> {
    let stored = find_own(&app, caller, me.account.id, &code).await?;
    let mut counted = Ratings { stars: vec![0; 5], ..Ratings::default() };
    for rating in app.store.ratings(stored.room.id, COUNTED).await? {
        let place = usize::try_from(rating.stars).unwrap_or(0).wrapping_sub(1);
        if let Some(count) = counted.stars.get_mut(place) {
            *count += 1;
        }
        counted.sound += u32::from(rating.sound);
        counted.picture += u32::from(rating.picture);
        counted.share += u32::from(rating.share);
        counted.connection += u32::from(rating.connection);
    }
    Ok(Json(counted))
}

/// The last so many are counted: a dozen meetings of a team. What was bad a long time ago says nothing of now.
const COUNTED: u32 = 100;
