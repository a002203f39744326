//! `/api/v1/calls`: call somebody, answer, decline, hold, join, transfer, hang up, and what became of earlier calls.

pub mod act;
pub mod history;
pub mod looked;
pub mod missed;
pub mod place;

use hub::{Callee, Onward, Wishes};
use proto::{
    AccountId, CallId, Refusal,
    api::{self, CallWishes},
    presence::Chosen,
};
use store::Account;

use super::{App, problem::Fault};
use crate::account::views;

/// Waits until it is written how a call is now.
async fn kept(app: &App, call: CallId) -> Result<(), Fault> {
    if app.control.kept_call(call).await.unwrap_or(false) { Ok(()) } else { Err(Fault::Internal) }
}

/// Somebody who is called, and where they want calls of `caller` to go. `blockers`: who has blocked the caller.
async fn callee(app: &App, caller: AccountId, blockers: &[AccountId], id: AccountId) -> Result<Callee, Fault> {
    let found = reached(app, caller, blockers, id).await?.ok_or(Refusal::NotFound)?;
    let (callee, CallWishes { always, busy, unanswered, favourites: _ }) = found;
    let wishes = Wishes {
        always: onward(app, caller, blockers, id, always).await?,
        busy: onward(app, caller, blockers, id, busy).await?,
        unanswered: onward(app, caller, blockers, id, unanswered).await?,
    };
    Ok(Callee { wishes, ..callee })
}

/// Where somebody lets calls go; nowhere when whoever it was is not here any more.
async fn onward(
    app: &App,
    caller: AccountId,
    blockers: &[AccountId],
    from: AccountId,
    to: api::Onward,
) -> Result<Option<Onward>, Fault> {
    Ok(match to {
        api::Onward::Nobody => None,
        api::Onward::Voicemail => Some(Onward::Voicemail),
        api::Onward::Person { person } => match reached(app, caller, blockers, person).await? {
            None => None,
            Some((other, _)) => {
                let barred = other.barred || app.store.blockers(from).await?.contains(&person);
                Some(Onward::Person(Box::new(Callee { barred, ..other })))
            }
        },
    })
}

/// Somebody as `caller` reaches them, with what they wish of calls; nothing when they are not here any more.
async fn reached(
    app: &App,
    caller: AccountId,
    blockers: &[AccountId],
    id: AccountId,
) -> Result<Option<(Callee, CallWishes)>, Fault> {
    let Some(account) = app.store.account(id).await?.filter(|account| !account.disabled) else { return Ok(None) };
    let wishes = app.store.call_wishes(id).await?;
    let favoured = wishes.favourites && app.store.likes(id).await?.0.contains(&caller);
    let wakes = wakes(app, id, favoured).await?;
    Ok(Some((Callee { barred: blockers.contains(&id), wakes, favoured, ..party(&account) }, wishes)))
}

/// Whether somebody who is not here can be woken, and did not ask to be left alone.
async fn wakes(app: &App, id: AccountId, favoured: bool) -> Result<bool, Fault> {
    Ok(!app.store.pushes(id).await?.is_empty()
        && (favoured || app.store.chosen(id).await?.chosen != Chosen::DoNotDisturb))
}

fn party(account: &Account) -> Callee {
    Callee {
        account: account.id,
        name: account.display_name.clone(),
        avatar: views::avatar(account),
        barred: false,
        wakes: false,
        favoured: false,
        wishes: Wishes::default(),
    }
}

/// Waits until everything is written that happened to calls by now, so that whoever was told of it reads it too. Says whether it
/// could be.
pub async fn settled(app: &App) -> bool {
    app.control.kept().await.unwrap_or(false)
}
