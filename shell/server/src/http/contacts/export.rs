//! `GET /api/v1/contacts/export`: my phone book as a vCard file.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderName, header},
};

use crate::{
    http::{App, problem::Fault, who::Member},
    vcard::{self, Card},
};

/// Writes it. Those whom I block are nobody else's business, and are left out.
#[utoipa::path(
    get, path = "/api/v1/contacts/export", operation_id = "exportContacts", tag = "calls",
    summary = "My phone book as a vCard file",
    security(("session" = [])),
    responses(
        (status = 200, description = "Version 4.0 (RFC 6350), without those whom I block.", body = Vec<u8>, content_type = "text/vcard"),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
) -> Result<([(HeaderName, &'static str); 2], String), Fault> {
    let mut cards = Vec::new();
    for entry in app.store.contacts(me.account.id).await?.into_iter().filter(|entry| !entry.blocked) {
        let name = match entry.account {
            Some(account) if entry.name.is_empty() => {
                app.store.account(account).await?.map(|account| account.display_name).unwrap_or_default()
            }
            _ => entry.name,
        };
        let (phones, mails) = (entry.phones, entry.mails);
        cards.push(Card { name, circle: entry.circle, phones, mails, account: entry.account });
    }
    let headers = [
        (header::CONTENT_TYPE, "text/vcard; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"contacts.vcf\""),
    ];
    Ok((headers, vcard::write(cards.iter())))
}
