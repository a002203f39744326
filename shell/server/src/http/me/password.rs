//! `PUT /api/v1/me/password`: another password. Answers 204; every other device is signed out.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use proto::{Refusal, api::ChangePassword};
use store::AccountChange;

use crate::{
    account::{passwords::Verdict, weak},
    http::{App, Caller, body::Body, problem::Fault, session::open::Weight, who::Member},
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
    Body(wanted): Body<ChangePassword>,
) -> Result<StatusCode, Fault> {
    let account = me.account;
    weak::refuse(&wanted.new, &account.name)?;
    let weight = Weight::take(&app, caller, &account.name)?;
    match app.accounts.passwords.check(account.password, wanted.current).await {
        Ok(Verdict::Wrong) => return Err(Refusal::WrongPassword.into()),
        Ok(Verdict::Right | Verdict::Renew(_)) => weight.give_back(&app),
        Err(fault) => {
            weight.give_back(&app);
            return Err(fault);
        }
    }
    let password = Some(app.accounts.passwords.hash(wanted.new).await?);
    app.store.change_account(account.id, &AccountChange { password, ..AccountChange::default() }).await?;
    app.store.close_sessions(account.id, Some(&me.session)).await?;
    tracing::info!(account.id = %account.id, "account {} changed its password", account.id);
    Ok(StatusCode::NO_CONTENT)
}
