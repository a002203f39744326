//! `GET /api/v1/attendance`: who attends. Answers a list of [`Attendant`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::Attendant;

use super::{Program, view};
use crate::http::App;

/// Lists those of the account that asks, whoever came first first; to administrators all, with their network addresses.
#[utoipa::path(
    get, path = "/api/v1/attendance", operation_id = "attendants", tag = "attendance",
    summary = "Programs and devices that attend",
    security(("session" = []), ("program" = [])),
    extensions(("x-problems" = json!(["wrong_password", "too_often"]))),
    responses(
        (status = 200, description = "Those of the account that asks; all of them for administrators.", body = Vec<Attendant>),
    ),
)]
pub async fn handle(State(app): State<Arc<App>>, program: Program) -> Json<Vec<Attendant>> {
    let known = app.attendants.list(program.scope());
    Json(known.into_iter().map(|(channel, card)| view(channel, card, &program.account)).collect())
}
