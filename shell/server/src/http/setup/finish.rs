//! `POST /api/v1/setup`: the first administrator and the first settings. Answers 201 with [`Me`], signed in.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Refusal,
    api::{Me, SetUp},
};

use super::check_code;
use crate::{
    account::settings::Rows,
    http::{
        App, Caller,
        accounts::draft,
        body::Body,
        place::Place,
        problem::Fault,
        session::{Cookies, sign_in},
        who::{Agent, Carried},
    },
};

/// Sets the server up, once.
#[utoipa::path(
    post, path = "/api/v1/setup", operation_id = "setUp", tag = "server",
    summary = "Set the server up, once",
    security(()),
    extensions(("x-problems" = json!(["wrong_code", "too_often", "bad_name", "bad_account_name", "weak_password"]))),
    request_body = SetUp,
    responses(
        (status = 201, description = "Set up and signed in.", body = Me),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Place,
    carried: Carried,
    agent: Agent,
    Body(wanted): Body<SetUp>,
) -> Result<(StatusCode, Cookies, Json<Me>), Fault> {
    check_code(&app, caller, &wanted.code)?;
    let rows = Rows::default().name(Some(&wanted.server_name))?;
    let rows = rows.create(Some(wanted.create)).sign_up(Some(wanted.sign_up));
    let mut account = draft(&app, wanted.account).await?;
    account.admin = true;
    account.may_create = true;
    if !app.store.set_up(&account, &rows.pairs()).await? {
        // Somebody else was faster, with the same code or over the same database.
        app.accounts.set_up.finish();
        return Err(Refusal::WrongCode.into());
    }
    app.accounts.set_up.finish();
    tracing::info!(account.id = %account.id, "the server was set up by account {}", account.id);
    let (cookie, me) = sign_in(&app, &place, &carried, &agent, &account, None).await?;
    Ok((StatusCode::CREATED, cookie, Json(me)))
}
