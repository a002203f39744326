//! `PATCH /api/v1/me`: change the name to show. Answers the new [`Me`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::{ChangeMe, Me};
use store::AccountChange;

use crate::{
    account::names,
    http::{App, body::Body, problem::Fault, who::Member},
};

/// Changes it.
#[utoipa::path(
    patch, path = "/api/v1/me", operation_id = "changeMe", tag = "me",
    summary = "Change the name to show",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_name"]))),
    request_body = ChangeMe,
    responses(
        (status = 200, description = "The account now.", body = Me),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(wanted): Body<ChangeMe>,
) -> Result<Json<Me>, Fault> {
    let display_name = wanted.display_name.as_deref().map(names::shown).transpose()?;
    let change = AccountChange { display_name, ..AccountChange::default() };
    Ok(Json(super::change(&app, me.account.id, change).await?))
}
