//! `PUT /api/v1/me/password`: another password. Answers 204; every other device is signed out.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use proto::{Refusal, api::ChangePassword};

use crate::{
    account::{passwords::Verdict, weak},
    http::{
        App, Caller,
        body::Body,
        problem::Fault,
        rooms,
        session::open::Weight,
        who::{Known, Member},
    },
};

/// Changes it. The old one is asked for, because a session may have been left open on somebody else's table.
#[utoipa::path(
    put, path = "/api/v1/me/password", operation_id = "changePassword", tag = "me",
    summary = "Change the password",
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong_password", "weak_password", "too_often"]))),
    request_body = ChangePassword,
    responses(
        (status = 204, description = "Changed; every other device is signed out."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    Member(me): Member,
    known: Known,
    Body(wanted): Body<ChangePassword>,
) -> Result<StatusCode, Fault> {
    let account = me.account;
    weak::refuse(&wanted.new, &account.name)?;
    let weight = Weight::take(&app, caller, &known, &account.name)?;
    match app.accounts.passwords.check(account.password, wanted.current).await {
        Ok(Verdict::Wrong) => return Err(Refusal::WrongPassword.into()),
        Ok(Verdict::Right | Verdict::Renew(_)) => weight.give_back(&app),
        Err(fault) => {
            weight.give_back(&app);
            return Err(fault);
        }
    }
    let password = app.accounts.passwords.hash(wanted.new).await?;
    // Both or neither: a password that leaves somebody else's session open has not done what it was changed for.
    if !app.store.change_password(account.id, &password, Some(&me.session)).await? {
        return Err(Refusal::SignInFirst.into());
    }
    tracing::info!(account.id = %account.id, "account {} changed its password", account.id);
    rooms::leave_all(&app, account.id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
