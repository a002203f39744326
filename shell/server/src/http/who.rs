//! Who asks: an account by its session's cookie, a guest by the guest's cookie, or nobody.
//!
//! A handler says by its arguments whom it serves: [`Admin`], [`Member`], [`Somebody`] refuse everybody else before it
//! runs, so that none can forget to look; [`Anyone`] refuses nobody.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use proto::{Person, Refusal};
use sha2::{Digest as _, Sha256};
use store::Account;

use super::{App, place::Place, problem::Fault};
pub use crate::account::session::SignedIn;
use crate::{
    account::{names, session},
    clock,
    keys::Keys,
    random,
};

/// An administrator.
#[derive(Debug, Clone)]
pub struct Admin(pub SignedIn);

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Member(pub SignedIn);

/// Somebody with an account, or a guest whom we gave a cookie.
#[derive(Debug, Clone)]
pub enum Somebody {
    /// Has an account.
    Account(Box<SignedIn>),
    /// Has the cookie of a guest, with these letters and digits.
    Guest(String),
}

/// Whoever asks, nobody in particular included.
#[derive(Debug, Clone)]
pub struct Anyone(pub Option<Somebody>);

impl Somebody {
    /// Who that is in rooms.
    pub fn person(&self) -> Person {
        match self {
            Self::Account(signed_in) => Person::Account(signed_in.account.id),
            Self::Guest(guest) => Person::Guest(guest.clone()),
        }
    }

    /// The account, when there is one.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Self::Account(signed_in) => Some(&signed_in.account),
            Self::Guest(_) => None,
        }
    }
}

impl Somebody {
    /// Whom the secret of a session belongs to, when the session is still good: for sockets that live longer than one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_session(app: &App, secret: &str) -> Result<Option<Self>, Fault> {
        let signed_in = session::of(&app.store, secret, clock::unix_ms()).await?;
        Ok(signed_in.map(|signed_in| Self::Account(Box::new(signed_in))))
    }
}

impl Anyone {
    /// Who that is in rooms, when it is somebody.
    pub fn person(&self) -> Option<Person> {
        self.0.as_ref().map(Somebody::person)
    }

    /// The account, when there is one.
    pub fn account(&self) -> Option<&Account> {
        self.0.as_ref().and_then(Somebody::account)
    }
}

impl FromRequestParts<Arc<App>> for Anyone {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Ok(place) = Place::from_request_parts(parts, app).await;
        if let Some(signed_in) = signed_in(app, &place, &parts.headers).await? {
            return Ok(Self(Some(Somebody::Account(Box::new(signed_in)))));
        }
        let guest = cookie(&parts.headers, name(&place, GUEST)).and_then(|cookie| read_guest(&app.keys, cookie));
        Ok(Self(guest.map(Somebody::Guest)))
    }
}

impl FromRequestParts<Arc<App>> for Somebody {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Anyone(somebody) = Anyone::from_request_parts(parts, app).await?;
        somebody.ok_or(Refusal::SignInFirst.into())
    }
}

impl FromRequestParts<Arc<App>> for Member {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Ok(place) = Place::from_request_parts(parts, app).await;
        signed_in(app, &place, &parts.headers).await?.map(Self).ok_or(Refusal::SignInFirst.into())
    }
}

impl FromRequestParts<Arc<App>> for Admin {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Member(signed_in) = Member::from_request_parts(parts, app).await?;
        if signed_in.account.admin { Ok(Self(signed_in)) } else { Err(Refusal::NotAllowed.into()) }
    }
}

async fn signed_in(app: &App, place: &Place, headers: &HeaderMap) -> Result<Option<SignedIn>, Fault> {
    match cookie(headers, name(place, SESSION)) {
        Some(secret) => session::of(&app.store, secret, clock::unix_ms()).await,
        None => Ok(None),
    }
}

/// What a request carries along to be signed in, whether it is still good or not.
#[derive(Debug, Clone)]
pub struct Carried(Option<String>);

impl Carried {
    /// The secret in the cookie.
    pub fn secret(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl FromRequestParts<Arc<App>> for Carried {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let Ok(place) = Place::from_request_parts(parts, app).await;
        Ok(Self(cookie(&parts.headers, name(&place, SESSION)).map(str::to_owned)))
    }
}

/// What the browser says of itself, in a few words; see [`session::agent`].
#[derive(Debug, Clone)]
pub struct Agent(pub String);

impl FromRequestParts<Arc<App>> for Agent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        let text = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(session::agent(text.unwrap_or_default())))
    }
}

/// The cookie which keeps somebody signed in.
pub fn session_cookie(place: &Place, secret: &str) -> HeaderValue {
    write(place, SESSION, secret, session::LONGEST.as_secs())
}

/// The cookie which ends that.
pub fn no_session_cookie(place: &Place) -> HeaderValue {
    write(place, SESSION, "", 0)
}

/// The cookie of a browser in which this account signed in: what others try in its name does not slow it down here (the
/// "device cookie" of OWASP). It opens nothing.
pub fn known_cookie(keys: &Keys, place: &Place, account: &str) -> HeaderValue {
    let browser = random::text::<16>();
    let seal = keys.seal(KNOWN_SEAL, &known_text(&browser, account));
    write(place, KNOWN, &format!("{browser}.{seal}"), KNOWN_LIFE)
}

fn known_text(browser: &str, account: &str) -> String {
    format!("{browser}:{}", names::key(account))
}

/// What a request carries along of earlier sign-ins.
#[derive(Debug, Clone)]
pub struct Known(Option<String>);

impl Known {
    /// What to count tries for an account by in this browser, when it signed in here before.
    pub fn of(&self, keys: &Keys, account: &str) -> Option<[u8; 32]> {
        let (browser, seal) = self.0.as_deref()?.split_once('.')?;
        let text = known_text(browser, account);
        keys.is_sealed(KNOWN_SEAL, &text, seal).then(|| Sha256::digest(format!("{KNOWN_SEAL}:{text}")).into())
    }
}

impl FromRequestParts<Arc<App>> for Known {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let Ok(place) = Place::from_request_parts(parts, app).await;
        Ok(Self(cookie(&parts.headers, name(&place, KNOWN)).map(str::to_owned)))
    }
}

/// A guest whom we have not seen before: the 16 letters and digits, and the cookie (`set-cookie`) by which we know them
/// again.
pub fn new_guest(keys: &Keys, place: &Place) -> (String, HeaderValue) {
    let guest = random::text::<16>();
    let cookie = guest_cookie(keys, place, &guest);
    (guest, cookie)
}

/// The cookie of a guest, good for another 90 days.
pub fn guest_cookie(keys: &Keys, place: &Place, guest: &str) -> HeaderValue {
    write(place, GUEST, &format!("{guest}.{}", keys.seal(GUEST_SEAL, guest)), GUEST_LIFE)
}

fn read_guest(keys: &Keys, cookie: &str) -> Option<String> {
    let (guest, seal) = cookie.split_once('.')?;
    let sealed = keys.is_sealed(GUEST_SEAL, guest, seal);
    // What is sealed was made here; read as a person all the same, since rooms build identities out of it.
    let person = if sealed { format!("guest_{guest}").parse().ok() } else { None };
    match person {
        Some(Person::Guest(guest)) => Some(guest),
        _ => None,
    }
}

fn write(place: &Place, kind: [&str; 2], value: &str, seconds: u64) -> HeaderValue {
    let name = name(place, kind);
    let secure = if place.keeps_secure_cookies() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("names, letters, digits and seconds are visible ASCII")
}

/// The name of a cookie here. One that needs no TLS is not looked at where there is TLS: another site of the same domain
/// could have planted it.
fn name<'a>(place: &Place, [secure, open]: [&'a str; 2]) -> &'a str {
    if place.keeps_secure_cookies() { secure } else { open }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name && !value.is_empty()).then_some(value)
    })
}

/// The cookie of a session: its name where cookies can be secure, and elsewhere.
const SESSION: [&str; 2] = ["__Host-parlor_session", "parlor_session"];
/// The cookie of a guest.
const GUEST: [&str; 2] = ["__Host-parlor_guest", "parlor_guest"];
/// The cookie of a browser in which somebody signed in before.
const KNOWN: [&str; 2] = ["__Host-parlor_known", "parlor_known"];
/// What its seal is for.
const KNOWN_SEAL: &str = "known";
/// A year: longer than anybody stays away who still knows the password.
const KNOWN_LIFE: u64 = 365 * 24 * 60 * 60;
/// What the seal of a guest's cookie is for, so that it is good for nothing else.
const GUEST_SEAL: &str = "guest";
/// 90 days without a visit: then a guest is somebody new.
const GUEST_LIFE: u64 = 90 * 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> Keys {
        Keys::of([("key".to_owned(), secret.to_owned())].into()).unwrap()
    }

    #[test]
    fn nobody_makes_a_guest_but_the_server() {
        let ours = keys("secret");
        let sealed = format!("0123456789abcdef.{}", ours.seal(GUEST_SEAL, "0123456789abcdef"));
        assert_eq!(read_guest(&ours, &sealed).as_deref(), Some("0123456789abcdef"));
        assert_eq!(read_guest(&keys("other"), &sealed), None);
        let other = sealed.replace("0123456789abcdef", "1123456789abcdef");
        assert_eq!(read_guest(&ours, &other), None);
        for text in ["", ".", "0123456789abcdef", "0123456789abcdef.", "0123456789abcdef.AAAA"] {
            assert_eq!(read_guest(&ours, text), None, "{text}");
        }
        assert_eq!(read_guest(&ours, &format!("short.{}", ours.seal(GUEST_SEAL, "short"))), None);
        let elsewhere = format!("0123456789abcdef.{}", ours.seal("file", "0123456789abcdef"));
        assert_eq!(read_guest(&ours, &elsewhere), None, "a seal for something else");
    }

    #[test]
    fn a_browser_is_known_for_the_account_that_signed_in_there_alone() {
        let ours = keys("secret");
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        let place = Place::named_by(&headers, false, false);
        let carried = |account: &str| {
            let set = known_cookie(&ours, &place, account);
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            Known(Some(pair.split_once('=').unwrap().1.to_owned()))
        };
        let known = carried("Ann");
        assert!(known.of(&ours, " ann ").is_some());
        assert_eq!(known.of(&ours, "bob"), None);
        assert_eq!(known.of(&keys("other"), "ann"), None);
        assert_ne!(known.of(&ours, "ann"), carried("ann").of(&ours, "ann"), "each browser counts for itself");
        for nonsense in [None, Some(""), Some("."), Some("0123456789abcdef."), Some("a.b.c")] {
            assert_eq!(Known(nonsense.map(str::to_owned)).of(&ours, "ann"), None);
        }
    }

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; parlor_session=; xparlor_session=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("parlor_session=three; b=4"));
        assert_eq!(cookie(&headers, "parlor_session"), Some("three"));
        assert_eq!(cookie(&headers, "parlor"), None);
    }
}
