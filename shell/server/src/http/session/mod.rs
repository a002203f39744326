//! `/api/v1/session`: signing in, with a password or a passkey, and out.

pub mod begin_passkey;
pub mod close;
pub mod finish_passkey;
pub mod open;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::AppendHeaders,
};
use proto::api::Me;
use store::Account;

use super::{
    App,
    place::Place,
    problem::Fault,
    who::{Agent, Carried, known_cookie, session_cookie},
};
use crate::{
    account::{session, settings::Settings, views},
    clock,
};

/// The headers that set cookies.
pub type Cookies = AppendHeaders<Vec<(HeaderName, HeaderValue)>>;

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
    if let Some(old) = carried.secret() {
        session::close(&app.store, old).await?.into_iter().for_each(|account| app.endings.tell(account));
    }
    let cookies = [session_cookie(place, &secret), known_cookie(&app.keys, place, &account.name)];
    let cookies = cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)).collect();
    Ok((AppendHeaders(cookies), views::me(account, &settings)))
}
