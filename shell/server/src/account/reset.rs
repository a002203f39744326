//! Links with which somebody who forgot their password sets a new one: made by an administrator in the console, or by
//! whoever has the machine, with `parlor reset`.

use std::time::Duration;

use proto::{AccountId, api::SecretLink};
use store::{Reset, Store, WriteError};

use super::secret;
use crate::clock;

/// Makes the link of an account, a path with its secret behind the `#`. The one made before is good no longer.
pub async fn link(store: &Store, account: AccountId) -> Result<SecretLink, WriteError> {
    let secret = secret::draw();
    let expires_at = clock::unix_ms() + LIFE.as_millis() as u64;
    store.create_reset(&Reset { secret: secret::hash(&secret), account, expires_at }).await?;
    Ok(SecretLink { path: format!("/reset#{secret}"), expires_at })
}

/// A day: the link goes by telephone or by another mail, and is used when it arrives.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
