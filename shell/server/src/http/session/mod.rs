//! `/api/v1/session`: signing in, with a password or a passkey, and out.

pub mod begin_passkey;
pub mod close;
pub mod finish_passkey;
pub mod open;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::AppendHeaders,
};
use hub::Question;
use proto::{AccountId, api::Me};
use store::Account;

use super::{
    App,
    place::Place,
    problem::Fault,
    rooms,
    who::{Agent, Carried, known_cookie, session_cookie},
};
use crate::{
    account::{session, settings::Settings, views},
    clock,
};

/// The headers that set cookies.
pub type Cookies = AppendHeaders<Vec<(HeaderName, HeaderValue)>>;

/// Sessions of an account have ended: has its pages asked for theirs, and forgets for whom it waits when none is left to be told.
pub async fn ended(app: &App, account: AccountId) -> Result<(), Fault> {
    app.endings.tell(account);
    if app.store.sessions(account).await?.is_empty() {
        rooms::ask(app, Question::SignedOut(account)).await?;
    }
    Ok(())
}

/// Signs an account in here, unless its password is not `checked` any more (its hash, when a password was asked for). The
/// session that the request came with ends: whoever planted it has nothing of the new one.
pub async fn sign_in(
    app: &App,
    place: &Place,
    carried: &Carried,
    Agent(agent): &Agent,
    account: &Account,
    checked: Option<&str>,
) -> Result<(Cookies, Me), Fault> {
    let settings = Settings::read(&app.store).await?;
    let secret = session::open(&app.store, account.id, agent, clock::unix_ms(), checked).await?;
    if let Some(old) = carried.secret()
        && let Some(account) = session::close(&app.store, old).await?
    {
        ended(app, account).await?;
    }
    let cookies = [session_cookie(place, &secret), known_cookie(&app.keys, place, &account.name)];
    let cookies = cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect();
    Ok((AppendHeaders(cookies), views::me(account, &settings)))
}
