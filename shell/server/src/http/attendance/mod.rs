//! Attendance: programs and devices that keep a socket open, who they are, and messages to them; docs/attendance.md.
//!
//! Who asks is somebody signed in, or a program with an app password of its account ([`Program`]). Everybody has to do with
//! the programs of their own account; administrators with all.

pub mod list;
pub mod notify;
mod old;
mod open;

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
    routing::get,
};
use proto::{
    Person, Refusal,
    api::{Attendant, Heard},
};
use store::Account;

use super::{
    App, Caller, Fault,
    who::{Carried, Member},
};
use crate::{
    account::app_passwords,
    attendants::{Card, NotThere, Scope, socket::By},
    clock,
};

/// The paths outside of `/api/v1`: the socket, and the older names of the rest.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/attendance", get(open::handle))
        .route("/attendance/", get(open::handle))
        .route("/online_attendants", get(old::list))
        .route("/online_attendants/", get(old::list))
        .route("/notify_ws/{channel}", get(old::notify))
        .route("/notify_ws/{channel}/", get(old::notify))
}

/// An account that asks about programs: somebody signed in, or one of its programs.
#[derive(Debug, Clone)]
pub struct Program {
    /// The account.
    pub account: Account,
    /// What it came in by, as its owner knows it.
    pub device: String,
    /// By what to ask again whether it is good.
    pub by: By,
}

impl Program {
    /// Whose programs it has to do with.
    pub fn scope(&self) -> Scope {
        if self.account.admin { Scope::All } else { Scope::Own(self.account.id) }
    }

    /// By the password that the request carries.
    ///
    /// # Errors
    /// When there is none, it is not good, or too many were not of late.
    pub async fn by_password(app: &App, caller: Caller, parts: &Parts) -> Result<Self, Fault> {
        let header = parts.headers.get(header::AUTHORIZATION).ok_or(Refusal::SignInFirst)?;
        let given = header.to_str().ok().and_then(app_passwords::basic);
        let found = match &given {
            Some((name, password)) => app_passwords::of(&app.store, name, password, clock::unix_ms()).await?,
            None => None,
        };
        let Some((kept, account)) = found else {
            tracing::info!(%caller, "a program from {caller} was not let in: wrong name or app password");
            // Only what was wrong is counted: a house of devices that come back at once is not slowed down, nor shut out by
            // one of them whose password was taken away. What is guessed at are 256 bits.
            app.limits.app_passwords.take(Instant::now(), caller)?;
            return Err(Refusal::WrongPassword.into());
        };
        Ok(Self { account, device: kept.name, by: By::AppPassword(kept.secret) })
    }

    /// By the session that the request carries along.
    async fn by_session(app: &Arc<App>, parts: &mut Parts) -> Result<Self, Fault> {
        let Member(me) = Member::from_request_parts(parts, app).await?;
        let Ok(carried) = Carried::from_request_parts(parts, app).await;
        let secret = carried.secret().ok_or(Refusal::SignInFirst)?.to_owned();
        let sessions = app.store.sessions(me.account.id).await?;
        let device = sessions.into_iter().find(|session| session.id == me.session).map(|session| session.agent);
        Ok(Self { account: me.account, device: device.unwrap_or_default(), by: By::Session(secret) })
    }
}

/// Somebody who was not let in, who may be a program that says its password only when it is asked to.
#[derive(Debug)]
pub struct NotLetIn {
    fault: Fault,
    /// Whether to ask: a browser would ask the person, in a window of its own, for what no person knows by heart.
    asks: bool,
}

impl From<Fault> for NotLetIn {
    fn from(fault: Fault) -> Self {
        Self { fault, asks: false }
    }
}

impl IntoResponse for NotLetIn {
    fn into_response(self) -> Response {
        let mut response = self.fault.into_response();
        if self.asks && matches!(self.fault, Fault::Refused(Refusal::SignInFirst | Refusal::WrongPassword)) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        response
    }
}

impl FromRequestParts<Arc<App>> for Program {
    type Rejection = NotLetIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotLetIn> {
        let found = if parts.headers.contains_key(header::AUTHORIZATION) {
            let Ok(caller) = Caller::from_request_parts(parts, app).await;
            Self::by_password(app, caller, parts).await
        } else {
            Self::by_session(app, parts).await
        };
        found.map_err(|fault| NotLetIn { fault, asks: !is_browser(parts) })
    }
}

/// A program by its app password alone: for requests that change something although browsers take them for harmless, and that
/// must not be asked for in the name of somebody's session.
#[derive(Debug, Clone)]
pub struct ByPassword(pub Program);

impl FromRequestParts<Arc<App>> for ByPassword {
    type Rejection = NotLetIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotLetIn> {
        let Ok(caller) = Caller::from_request_parts(parts, app).await;
        let found = Program::by_password(app, caller, parts).await;
        found.map(Self).map_err(|fault| NotLetIn { fault, asks: !is_browser(parts) })
    }
}

fn is_browser(parts: &Parts) -> bool {
    parts.headers.contains_key("sec-fetch-mode")
}

/// Tells an attendant something in the name of `by`.
fn tell(app: &App, by: &Program, channel: &str, message: &str) -> Result<(), Fault> {
    app.notices.take(Instant::now(), &Person::Account(by.account.id))?;
    if message.trim().is_empty() || message.len() > MESSAGE {
        return Err(Refusal::BadText.into());
    }
    let heard =
        Heard::Notice { message: message.to_owned(), from: by.account.display_name.clone(), at: clock::unix_ms() };
    app.attendants.tell(by.scope(), channel, heard).map_err(|NotThere| Refusal::NotFound.into())
}

/// An attendant as it is shown to `to`.
fn view(channel: String, card: Card, to: &Account) -> Attendant {
    let address = to.admin.then(|| card.address.to_string());
    Attendant { channel, user: card.user, device: card.device, details: card.details, since: card.since, address }
}

/// What a program is asked for that came without a password (RFC 7617).
const CHALLENGE: &str = r#"Basic realm="Parlor, app password", charset="UTF-8""#;
/// The longest message in bytes: as long as one in a chat.
const MESSAGE: usize = 4_000;
