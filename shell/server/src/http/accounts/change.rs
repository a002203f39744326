//! `PATCH /api/v1/accounts/{id}`: what an account may do, or shut it out. Answers the new [`AccountRow`].

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use hub::{Answer, Question};
use proto::{
    Person, Refusal,
    api::{AccountRow, ChangeAccount},
};
use store::AccountChange;

use super::parse;
use crate::{
    account::views,
    http::{App, body::Body, problem::Fault, rooms, who::Admin},
};

/// Changes it. An account that is shut out is signed out everywhere in the same breath, and taken out of its meetings.
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
    if disabled == Some(true) {
        leave_meetings(&app, Person::Account(id)).await?;
    }
    let account = app.store.account(id).await?.ok_or(Refusal::NotFound)?;
    Ok(Json(views::row(&account)))
}

/// Takes somebody out of every meeting: media tokens are good without a session.
async fn leave_meetings(app: &App, person: Person) -> Result<(), Fault> {
    let mut after = None;
    loop {
        let rooms = app.store.list_rooms(after, BATCH).await?;
        let Some(last) = rooms.last() else { return Ok(()) };
        after = Some(last.room.id);
        let names = rooms.iter().map(|stored| rooms::name(&stored.room)).collect::<Result<_, _>>()?;
        let Answer::Running(running) = rooms::ask(app, Question::Running(names)).await? else {
            return Err(rooms::wrong_answer());
        };
        for (room, _, present) in running {
            if present.iter().any(|(identity, _)| Person::of(identity) == person) {
                rooms::ask(app, Question::End { room, person: Some(person.clone()) }).await?;
            }
        }
    }
}

/// Rooms that the hub is asked about at once: it looks each up within a microsecond.
const BATCH: u32 = 500;
