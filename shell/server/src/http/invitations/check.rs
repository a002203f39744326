//! `POST /api/v1/invitations/check`: whether a link is good, before the rest is typed. Answers [`Invited`].

use std::sync::Arc;

use axum::{Json, extract::State};
use proto::api::{InvitationSecret, Invited};

use super::find;
use crate::http::{App, Caller, body::Body, problem::Fault};

/// Checks it. It takes no use.
#[utoipa::path(
    post, path = "/api/v1/invitations/check", operation_id = "checkInvitation", tag = "invitations",
    summary = "Whether an invitation is good",
    security(()),
    extensions(("x-problems" = json!(["bad_link", "too_often"]))),
    request_body = InvitationSecret,
    responses(
        (status = 200, description = "The link is good.", body = Invited),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<InvitationSecret>,
) -> Result<Json<Invited>, Fault> {
    let invitation = find(&app, caller, &wanted.secret).await?;
    Ok(Json(Invited { name: invitation.name }))
}
