//! `POST /api/v1/me/app-passwords`: a password for a program. Answers 201 with [`MadeAppPassword`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Person, Refusal,
    api::{MadeAppPassword, NewAppPassword},
};
use store::{AddAppPasswordError, AppPassword};

use super::app_passwords::view;
use crate::{
    account::{app_passwords::MOST, names, secret},
    clock,
    http::{App, body::Body, problem::Fault, who::Member},
    random,
};

/// Makes it. It is shown this once.
#[utoipa::path(
    post, path = "/api/v1/me/app-passwords", operation_id = "makeAppPassword", tag = "me",
    summary = "Make a password for a program",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_name", "too_many", "too_often"]))),
    request_body = NewAppPassword,
    responses(
        (status = 201, description = "Made; the password is shown this once.", body = MadeAppPassword),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(wanted): Body<NewAppPassword>,
) -> Result<(StatusCode, Json<MadeAppPassword>), Fault> {
    let account = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(account))?;
    let name = names::shown(&wanted.name)?;
    let password = secret::draw();
    let kept = AppPassword {
        id: random::text::<16>(),
        account,
        name,
        secret: secret::hash(&password),
        created_at: clock::unix_ms(),
        used_at: None,
    };
    app.store.add_app_password(&kept, MOST).await?;
    tracing::info!(account.id = %account, "account {account} made an app password");
    Ok((StatusCode::CREATED, Json(MadeAppPassword { app_password: view(kept), password })))
}

impl From<AddAppPasswordError> for Fault {
    fn from(error: AddAppPasswordError) -> Self {
        match error {
            AddAppPasswordError::Full => Refusal::TooMany.into(),
            AddAppPasswordError::NoAccount => Refusal::SignInFirst.into(),
            AddAppPasswordError::Write(error) => error.into(),
        }
    }
}
