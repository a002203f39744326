//! `GET /api/v1/people`: everybody with an account here, in the order of their names. Answers a list of [`Contact`].

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{Json, extract::State};
use proto::{AccountId, api::Contact};
use serde::Deserialize;

use crate::{
    account::views,
    http::{App, problem::Fault, query::Query, who::Member},
};

/// Whom to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    find: Option<String>,
}

/// Lists them, without myself and those who are shut out.
#[utoipa::path(
    get, path = "/api/v1/people", operation_id = "people", tag = "calls",
    summary = "Who can be called",
    security(("session" = [])),
    params(
        ("find" = Option<String>, Query, description = "A part of the name, in whatever case."),
    ),
    responses(
        (status = 200, description = "At most 500 people, in the order of their names.", body = Vec<Contact>),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Contact>>, Fault> {
    let find = wanted.find.unwrap_or_default().trim().to_lowercase();
    let accounts = app.store.accounts(None, READ).await?;
    let mut notes: BTreeMap<AccountId, String> = app.store.notes().await?.into_iter().collect();
    // Whom somebody blocks reads nothing new of them, and neither does whoever is not to see how they are to be found.
    let unseen: BTreeSet<AccountId> = app.store.unseen(me.account.id).await?.into_iter().collect();
    for other in app.store.blockers(me.account.id).await?.iter().chain(&unseen) {
        notes.remove(other);
    }
    let others = accounts.into_iter().filter(|account| account.id != me.account.id && !account.disabled);
    let mut found: Vec<(String, Contact)> = others
        .filter_map(|account| {
            let key = account.display_name.to_lowercase();
            let (name, avatar) = (account.display_name.clone(), views::avatar(&account));
            let (note, hidden) = (notes.remove(&account.id), unseen.contains(&account.id));
            let contact = Contact { account: account.id, name, avatar, note, hidden };
            // Nothing is found by the name to sign in with: whoever looks for that is not to learn it.
            key.contains(&find).then_some((key, contact))
        })
        .collect();
    found.sort_by(|(one, a), (other, b)| (one, a.account).cmp(&(other, b.account)));
    found.truncate(LISTED);
    Ok(Json(found.into_iter().map(|(_, contact)| contact).collect()))
}

/// So many accounts are looked through: what one person can run a server for.
const READ: u32 = 10_000;
/// So many are listed: more than anybody looks through without looking for a name.
const LISTED: usize = 500;
