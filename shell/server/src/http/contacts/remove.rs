//! `DELETE /api/v1/contacts/{id}`: take an entry out of my phone book. Answers 204.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use proto::{ContactId, Person, Refusal};

use crate::http::{App, problem::Fault, who::Member};

/// Takes it out; whoever was blocked by it is so no more.
#[utoipa::path(
    delete, path = "/api/v1/contacts/{id}", operation_id = "removeContact", tag = "calls",
    summary = "Take an entry out of my phone book",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the entry."),
    ),
    responses(
        (status = 204, description = "It is gone."),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Fault> {
    let owner = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(owner))?;
    let id: ContactId = id.parse().map_err(|_| Refusal::NotFound)?;
    let turn = super::turn(&app, owner).await?;
    if !app.store.delete_contact(owner, id).await? {
        return Err(Refusal::NotFound.into());
    }
    turn.told().await?;
    Ok(StatusCode::NO_CONTENT)
}
