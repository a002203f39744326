//! `POST /api/v1/accounts`: sign up. Answers 201 with [`Me`], signed in.

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Refusal,
    api::{Me, NewAccount},
};
use store::CreateAccountError;

use super::draft;
use crate::{
    account::settings::Settings,
    clock,
    http::{
        App, Caller,
        body::Body,
        invitations,
        place::Place,
        problem::Fault,
        session::{Cookies, sign_in},
        who::{Agent, Carried},
    },
};

/// Makes the account, if the server lets anybody do that, or by an invitation.
#[utoipa::path(
    post, path = "/api/v1/accounts", operation_id = "signUp", tag = "accounts",
    summary = "Make an account",
    security(()),
    extensions(("x-problems" = json!(["not_allowed", "bad_link", "bad_account_name", "bad_name", "weak_password", "name_taken", "too_often"]))),
    request_body = NewAccount,
    responses(
        (status = 201, description = "Made and signed in.", body = Me),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Place,
    carried: Carried,
    agent: Agent,
    Body(wanted): Body<NewAccount>,
) -> Result<(StatusCode, Cookies, Json<Me>), Fault> {
    app.limits.accounts.take(Instant::now(), caller)?;
    let invitation = match &wanted.invitation {
        Some(secret) => Some(invitations::find(&app, caller, secret).await?),
        None if Settings::read(&app.store).await?.sign_up => None,
        None => return Err(Refusal::NotAllowed.into()),
    };
    let mut account = draft(&app, wanted).await?;
    account.may_create = invitation.as_ref().is_some_and(|invitation| invitation.may_create);
    let by = invitation.as_ref().map(|invitation| (invitation.id.as_str(), clock::unix_ms()));
    app.store.create_account(&account, by).await.map_err(|error| match error {
        CreateAccountError::NameTaken => Refusal::NameTaken.into(),
        CreateAccountError::InvitationGone => Refusal::BadLink.into(),
        CreateAccountError::Write(error) => Fault::from(error),
    })?;
    tracing::info!(account.id = %account.id, invited = invitation.is_some(), "account {} made", account.id);
    let (cookie, me) = sign_in(&app, &place, &carried, &agent, &account, None).await?;
    Ok((StatusCode::CREATED, cookie, Json(me)))
}
