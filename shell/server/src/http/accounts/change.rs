//! `PATCH /api/v1/accounts/{id}`: what an account may do, or shut it out. Answers the new [`AccountRow`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{
    Refusal,
    api::{AccountRow, ChangeAccount},
};
use store::AccountChange;

use super::parse;
use crate::{
    account::views,
    http::{App, body::Body, problem::Fault, rooms, who::Admin},
};

/// Changes it. An account that is shut out is signed out everywhere in the same breath, and taken out of its meetings;
/// one that administers no more leads none of them any longer.
#[utoipa::path(
    patch, path = "/api/v1/accounts/{id}", operation_id = "changeAccount", tag = "accounts",
    summary = "Say what an account may do, or shut it out",
    security(("session" = ["admin"])),
    extensions(("x-problems" = json!(["not_found", "last_admin"]))),
    request_body = ChangeAccount,
    params(("id" = String, Path, description = "The account.")),
    responses(
        (status = 200, description = "The account now.", body = AccountRow),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Admin(admin): Admin,
    Path(id): Path<String>,
    Body(wanted): Body<ChangeAccount>,
) -> Result<Json<AccountRow>, Fault> {
    let id = parse(&id)?;
    let ChangeAccount { admin: leads, may_create, disabled } = wanted;
    let change = AccountChange { admin: leads, may_create, disabled, ..AccountChange::default() };
    app.store.change_account(id, &change).await?;
    tracing::info!(
        account.id = %id, by = %admin.account.id, admin = ?leads, may_create = ?may_create, disabled = ?disabled,
        "account {id} changed by account {}", admin.account.id
    );
    let account = app.store.account(id).await?.ok_or(Refusal::NotFound)?;
    if account.disabled {
        rooms::leave_all(&app, id, false).await?;
    } else if leads.is_some() {
        rooms::tell_roles(&app, id).await?;
    }
    Ok(Json(views::row(&account)))
}
