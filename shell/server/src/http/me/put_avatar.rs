//! `PUT /api/v1/me/avatar`: a picture, as the bytes of a PNG, JPEG or WebP. Answers the new [`Me`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State};
use proto::api::Me;
use store::AccountChange;

use crate::{
    account::pictures::Kind,
    http::{App, Caller, picture::Sent, problem::Fault, who::Member},
};

/// Keeps it.
#[utoipa::path(
    put, path = "/api/v1/me/avatar", operation_id = "putAvatar", tag = "me",
    summary = "Give the account a picture",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_file", "too_often"]))),
    request_body(content = Vec<u8>, content_type = "image/*", description = "A PNG, JPEG or WebP of at most 5 MB."),
    responses(
        (status = 200, description = "The account now.", body = Me),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    Sent(bytes): Sent,
) -> Result<Json<Me>, Fault> {
    app.limits.pictures.take(Instant::now(), caller)?;
    let version = app.accounts.pictures.keep(Kind::Avatar, bytes).await?;
    let change = AccountChange { avatar: Some(Some(version)), ..AccountChange::default() };
    let changed = super::change(&app, me.account.id, change).await?;
    if let Some(old) = me.account.avatar {
        app.accounts.pictures.forget(Kind::Avatar, &old).await;
    }
    Ok(Json(changed))
}
