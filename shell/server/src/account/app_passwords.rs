//! App passwords: what programs of an account come in with, by HTTP's basic authentication (RFC 7617). They open attendance
//! alone: whoever finds one in the settings of some device cannot sign in with it, nor change anything.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use store::{Account, AppPassword, Store};

use super::{names, secret};
use crate::http::Fault;

/// The program that a name and a password stand for, if they are good. `unix_ms` is now.
///
/// # Errors
/// When it cannot be looked up.
pub async fn of(
    store: &Store,
    name: &str,
    password: &str,
    unix_ms: u64,
) -> Result<Option<(AppPassword, Account)>, Fault> {
    let found = of_hash(store, &secret::hash(password)).await?;
    let Some((kept, account)) = found.filter(|(_, account)| names::key(&account.name) == names::key(name)) else {
        return Ok(None);
    };
    let since = kept.used_at.map(|used_at| unix_ms.saturating_sub(used_at));
    if since.is_none_or(|since| u128::from(since) >= TOUCH.as_millis())
        && let Err(error) = store.touch_app_password(&kept.id, unix_ms).await
    {
        // It is good all the same; the next use tries again.
        tracing::warn!(%error, "an app password could not be marked as used");
    }
    Ok(Some((kept, account)))
}

/// The program with the password of this hash, when it is still good: for sockets that live longer than one.
///
/// # Errors
/// When it cannot be looked up.
pub async fn of_hash(store: &Store, hash: &[u8]) -> Result<Option<(AppPassword, Account)>, Fault> {
    let found = store.app_password(hash).await?;
    Ok(found.filter(|(_, account)| !account.disabled))
}

/// The name and the password of an `authorization` header.
pub fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    // The first colon: names have none.
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

/// How exactly we know when one was last used; each time is a write.
const TOUCH: Duration = Duration::from_secs(60);
/// App passwords of one account: more programs than anybody can tell apart by name.
pub const MOST: u32 = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_passwords_are_read_out_of_the_header() {
        let of = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        assert_eq!(basic(&of("ann:secret")), pair("ann", "secret"));
        assert_eq!(basic(&of("zoë:a:b")), pair("zoë", "a:b"));
        assert_eq!(basic(&of(":")), pair("", ""));
        assert_eq!(basic("bAsIc YTpi"), pair("a", "b"));
        for wrong in ["", "Basic", "Basic ", "Bearer YTpi", "Basic !!!", "BasicYTpi", &of("no colon"), "Basic /w=="] {
            assert_eq!(basic(wrong), None, "{wrong}");
        }
    }
}
