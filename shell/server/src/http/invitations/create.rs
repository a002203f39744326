//! `POST /api/v1/invitations`: make a link. Answers 201 with [`SecretLink`], the only time that the secret is shown.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Refusal,
    api::{NewInvitation, SecretLink},
};
use store::Invitation;

use crate::{
    account::{names, secret},
    clock,
    http::{App, body::Body, problem::Fault, who::Admin},
    random,
};

/// Makes it. Whoever comes by it may make rooms, also where only the invited may.
#[utoipa::path(
    post, path = "/api/v1/invitations", operation_id = "invite", tag = "invitations",
    summary = "Invite somebody",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["bad_name", "bad_setting", "too_many"]))),
    request_body = NewInvitation,
    responses(
        (status = 201, description = "The link, shown this once.", body = SecretLink),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Body(wanted): Body<NewInvitation>,
) -> Result<(StatusCode, Json<SecretLink>), Fault> {
    let uses_left = wanted.uses.unwrap_or(1);
    let days = wanted.days.unwrap_or(7);
    if !(1..=MOST_USES).contains(&uses_left) || !(1..=MOST_DAYS).contains(&days) {
        return Err(Refusal::BadSetting.into());
    }
    // Thousands of them would be a mistake of a program.
    if app.store.invitations().await?.len() >= MOST {
        return Err(Refusal::TooMany.into());
    }
    let secret = secret::draw();
    let expires_at = clock::unix_ms() + u64::from(days) * DAY_MS;
    let invitation = Invitation {
        id: random::text::<16>(),
        secret: secret::hash(&secret),
        name: wanted.name.as_deref().map(names::shown).transpose()?,
        uses_left,
        expires_at,
        may_create: true,
        created_by: admin.account.id,
    };
    app.store.create_invitation(&invitation).await?;
    tracing::info!(account.id = %admin.account.id, uses_left, days, "invitation made by account {}", admin.account.id);
    Ok((StatusCode::CREATED, Json(SecretLink { path: format!("/invite#{secret}"), expires_at })))
}

/// A school; larger ones make a second link.
const MOST_USES: u32 = 1000;
/// A year: whoever was invited longer ago has come or will not.
const MOST_DAYS: u32 = 365;
/// Invitations at a time.
const MOST: usize = 1000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
