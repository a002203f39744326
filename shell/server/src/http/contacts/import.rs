//! `POST /api/v1/contacts/import`: put the cards of a vCard file into my phone book. Answers [`Imported`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
};
use proto::{
    Person,
    api::{BookEntry, Imported},
    id::IdSource,
};

use crate::{
    clock,
    http::{App, problem::Fault, who::Member},
    random,
    vcard::{self, Card},
};

/// Keeps what is new, all of it or nothing. A card that stands there with the same name, numbers and addresses is left out.
#[utoipa::path(
    post, path = "/api/v1/contacts/import", operation_id = "importContacts", tag = "calls",
    summary = "Put a vCard file into my phone book",
    security(("session" = [])),
    extensions(("x-problems" = json!(["too_many", "too_often", "too_large"]))),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What became of its cards. A file that is none has no cards.", body = Imported),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<Imported>, Fault> {
    let file = file.map_err(|_| Fault::TooLarge)?;
    let owner = me.account.id;
    app.acts.take(Instant::now(), &Person::Account(owner))?;
    let most = super::MOST as usize;
    // A megabyte of text is read in milliseconds, yet not where sockets are waited for.
    let (cards, mut skipped) = app.pool.run(move || vcard::read(&file, most + 1)).await?;
    let turn = super::turn(&app, owner).await?;
    let kept = app.store.contacts(owner).await?;
    let mut ids = IdSource::new(random::seed());
    let mut entries: Vec<BookEntry> = Vec::new();
    for Card { name, circle, phones, mails, account } in cards {
        let known = |entry: &BookEntry| match account {
            Some(account) => entry.account == Some(account),
            None => entry.account.is_none() && (&entry.name, &entry.phones, &entry.mails) == (&name, &phones, &mails),
        };
        let here = match account {
            Some(account) => account != owner && app.store.account(account).await?.is_some(),
            None => true,
        };
        if !here || kept.iter().chain(&entries).any(known) {
            skipped += 1;
            continue;
        }
        let id = ids.next(clock::unix_ms());
        entries.push(BookEntry { id, account, name, circle, phones, mails, favourite: false, blocked: false });
    }
    let added = app.store.add_contacts(owner, &entries, super::MOST).await?;
    // They may be the only ones who see how I am to be found.
    turn.told().await?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Json(Imported { added: count(added), skipped: count(skipped + entries.len() - added) }))
}

/// The largest file: a full phone book with some pictures in it.
pub const LARGEST: usize = 2 * 1024 * 1024;
