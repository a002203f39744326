//! `POST /api/v1/contacts`: put somebody into my phone book. Answers 201 with the [`BookEntry`].

use std::{sync::Arc, time::Instant};

use axum::{Json, extract::State, http::StatusCode};
use proto::{
    Person, Refusal,
    api::{BookEntry, NewContact},
    id::IdSource,
};

use crate::{
    clock,
    http::{App, body::Body, problem::Fault, who::Member},
    random,
};

/// Keeps it, and tells the hub whom I like to hear. Somebody of this server who stands there already is changed.
#[utoipa::path(
    post, path = "/api/v1/contacts", operation_id = "addContact", tag = "calls",
    summary = "Put somebody into my phone book",
    security(("session" = [])),
    extensions(("x-problems" = json!(["bad_name", "bad_text", "not_found", "not_allowed", "too_many", "too_often"]))),
    request_body = NewContact,
    responses(
        (status = 201, description = "The entry.", body = BookEntry),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Body(NewContact { account, entry }): Body<NewContact>,
) -> Result<(StatusCode, Json<BookEntry>), Fault> {
    let owner = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(owner))?;
    let wanted = super::readable(entry)?;
    let turn = super::turn(&app, owner).await?;
    match account {
        Some(account) if account == owner => return Err(Refusal::NotAllowed.into()),
        Some(account) => {
            if let Some(known) = app.store.contact_about(owner, account).await? {
                return Ok((StatusCode::CREATED, Json(super::change::done(turn, owner, known.id, &wanted).await?)));
            }
            app.store.account(account).await?.ok_or(Refusal::NotFound)?;
        }
        // A card without a name could not be found again.
        None if wanted.name.as_deref().unwrap_or_default().is_empty() => return Err(Refusal::BadName.into()),
        None => {}
    }
    let entry = BookEntry {
        id: IdSource::new(random::seed()).next(clock::unix_ms()),
        account,
        name: wanted.name.unwrap_or_default(),
        circle: wanted.circle.unwrap_or_default(),
        phones: wanted.phones.unwrap_or_default(),
        mails: wanted.mails.unwrap_or_default(),
        favourite: wanted.favourite.unwrap_or_default(),
        blocked: wanted.blocked.unwrap_or_default(),
    };
    let added = app.store.add_contacts(owner, std::slice::from_ref(&entry), super::MOST).await?;
    if added == 0 {
        // Its account is gone since.
        return Err(Refusal::NotFound.into());
    }
    turn.told().await?;
    Ok((StatusCode::CREATED, Json(entry)))
}
