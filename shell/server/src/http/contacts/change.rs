//! `PATCH /api/v1/contacts/{id}`: change an entry of my phone book. Answers the [`BookEntry`] now.

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
};
use proto::{
    AccountId, ContactId, Person, Refusal,
    api::{BookEntry, ChangeContact},
};

use super::Turn;
use crate::http::{App, body::Body, problem::Fault, who::Member};

/// Changes it, and tells the hub whom I like to hear.
#[utoipa::path(
    patch, path = "/api/v1/contacts/{id}", operation_id = "changeContact", tag = "calls",
    summary = "Change an entry of my phone book",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_name", "bad_text", "not_found", "too_many", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the entry."),
    ),
    request_body = ChangeContact,
    responses(
        (status = 200, description = "The entry now.", body = BookEntry),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
    Body(wanted): Body<ChangeContact>,
) -> Result<Json<BookEntry>, Fault> {
    let owner = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(owner))?;
    let id: ContactId = id.parse().map_err(|_| Refusal::NotFound)?;
    let wanted = super::readable(wanted)?;
    let turn = super::turn(&app, owner).await?;
    let known = app.store.contact(owner, id).await?.ok_or(Refusal::NotFound)?;
    if known.account.is_none() && wanted.name.as_deref() == Some("") {
        return Err(Refusal::BadName.into());
    }
    Ok(Json(done(turn, owner, id, &wanted).await?))
}

/// Does it for somebody whose turn it is.
pub async fn done(turn: Turn<'_>, owner: AccountId, id: ContactId, wanted: &ChangeContact) -> Result<BookEntry, Fault> {
    let app = turn.app;
    if !app.store.change_contact(owner, id, wanted).await? {
        return Err(Refusal::NotFound.into());
    }
    turn.told().await?;
    app.store.contact(owner, id).await?.ok_or(Refusal::NotFound.into())
}
