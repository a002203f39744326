//! `/api/v1/session`: signing in, with a password or a passkey, and out.

pub mod begin_passkey;
pub mod close;
pub mod finish_passkey;
pub mod open;

use axum::http::{HeaderName, HeaderValue, header};
use proto::api::Me;
use store::Account;

use super::{
    App,
    place::Place,
    problem::Fault,
    who::{Agent, Carried, session_cookie},
};
use crate::{
    account::{session, settings::Settings, views},
    clock,
};

/// The header that sets a cookie.
pub type Cookie = [(HeaderName, HeaderValue); 1];

/// Signs an account in here. The session that the request came with ends: whoever planted it has nothing of the new one.
pub async fn sign_in(
    app: &App,
    place: &Place,
    carried: &Carried,
    Agent(agent): &Agent,
    account: &Account,
) -> Result<(Cookie, Me), Fault> {
    let settings = Settings::read(&app.store).await?;
    let secret = session::open(&app.store, account.id, agent, clock::unix_ms()).await?;
    if let Some(old) = carried.secret() {
        session::close(&app.store, old).await?;
    }
    Ok(([(header::SET_COOKIE, session_cookie(place, &secret))], views::me(account, &settings)))
}
