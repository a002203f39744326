//! Passkeys: signing in with the lock of one's own device instead of a password (WebAuthn, level 3).
//!
//! The relying party is the host in the address bar, so the same server works as `localhost` and under its public name; a
//! passkey made under one name is good under that name only. Browsers make none for bare IP addresses.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proto::{AccountId, Refusal};
use serde::Deserialize;
use serde_json::Value;
use store::{Account, Passkey as Kept};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Uuid, Webauthn, WebauthnBuilder,
};

use crate::http::Place;

/// What was begun and not finished, by its challenge.
///
/// A lock as in `http::limit`: held for a look into a map, never across a wait.
#[derive(Debug, Default)]
pub struct Ceremonies {
    begun: Mutex<BTreeMap<Vec<u8>, Ceremony>>,
}

#[derive(Debug)]
struct Ceremony {
    until: Instant,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Making(AccountId, PasskeyRegistration),
    Using(DiscoverableAuthentication),
}

impl Ceremonies {
    /// Begins to make a passkey for `account`, which has `kept` already. Gives back what
    /// `PublicKeyCredential.parseCreationOptionsFromJSON` takes.
    ///
    /// # Errors
    /// When passkeys cannot be made at this place.
    pub fn begin_making(
        &self,
        now: Instant,
        place: &Place,
        server: &str,
        account: &Account,
        kept: &[Kept],
    ) -> Result<Value, Refusal> {
        let have = kept.iter().filter_map(read).map(|passkey| passkey.cred_id().clone()).collect();
        let user = Uuid::from_u128(account.id.into());
        let (options, state) = relying_party(place, server)?
            .start_passkey_registration(user, &account.name, &account.display_name, Some(have))
            .map_err(refused)?;
        let challenge = options.public_key.challenge.clone();
        let mut options = inner(options)?;
        if let Some(wanted) = options.get_mut("authenticatorSelection") {
            // Kept with its account on the device, so that signing in needs no name, and a name tells nobody whether it
            // has passkeys.
            wanted["residentKey"] = "required".into();
            wanted["requireResidentKey"] = true.into();
        }
        self.keep(now, challenge, Stage::Making(account.id, state));
        Ok(options)
    }

    /// Finishes that, and gives back what to keep: the id and the credential as text.
    ///
    /// # Errors
    /// When it was not begun by this account, took too long, or the answer does not stand the check.
    pub fn finish_making(
        &self,
        now: Instant,
        place: &Place,
        account: AccountId,
        credential: Value,
    ) -> Result<(String, String), Refusal> {
        let Some(Stage::Making(by, state)) = self.take(now, &credential) else { return Err(Refusal::PasskeyRefused) };
        if by != account {
            return Err(Refusal::PasskeyRefused);
        }
        let answer = RegisterPublicKeyCredential::deserialize(credential).map_err(unreadable)?;
        let passkey = relying_party(place, "")?.finish_passkey_registration(&answer, &state).map_err(refused)?;
        Ok((URL_SAFE_NO_PAD.encode(passkey.cred_id()), write(&passkey)))
    }

    /// Begins to sign in with whatever passkey the device has. Gives back what
    /// `PublicKeyCredential.parseRequestOptionsFromJSON` takes.
    ///
    /// # Errors
    /// When passkeys cannot be used at this place.
    pub fn begin_using(&self, now: Instant, place: &Place) -> Result<Value, Refusal> {
        let (options, state) = relying_party(place, "")?.start_discoverable_authentication().map_err(refused)?;
        let challenge = options.public_key.challenge.clone();
        let options = inner(options)?;
        self.keep(now, challenge, Stage::Using(state));
        Ok(options)
    }

    /// The id of the passkey that an answer was made with, and the check of it. The challenge is used up, whatever comes
    /// of it.
    ///
    /// # Errors
    /// When nothing was begun with that challenge, or it took too long.
    pub fn answered(&self, now: Instant, credential: Value) -> Result<Answered, Refusal> {
        let Some(Stage::Using(state)) = self.take(now, &credential) else { return Err(Refusal::PasskeyRefused) };
        let answer = PublicKeyCredential::deserialize(credential).map_err(unreadable)?;
        Ok(Answered { id: URL_SAFE_NO_PAD.encode(answer.get_credential_id()), answer, state })
    }

    fn keep(&self, now: Instant, challenge: Vec<u8>, stage: Stage) {
        let mut begun = self.lock();
        begun.retain(|_, ceremony| ceremony.until > now);
        if begun.len() >= MOST
            && let Some(first) = begun.iter().min_by_key(|(_, one)| one.until).map(|(challenge, _)| challenge.clone())
        {
            begun.remove(&first);
        }
        begun.insert(challenge, Ceremony { until: now + LIFE, stage });
    }

    /// Takes out what a credential answers: its challenge stands in what the browser signed.
    fn take(&self, now: Instant, credential: &Value) -> Option<Stage> {
        #[derive(Deserialize)]
        struct Signed {
            challenge: String,
        }
        let text = credential.get("response")?.get("clientDataJSON")?.as_str()?;
        let signed: Signed = serde_json::from_slice(&decode(text)?).ok()?;
        let ceremony = self.lock().remove(&decode(&signed.challenge)?)?;
        (ceremony.until > now).then_some(ceremony.stage)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Ceremony>> {
        // A panic elsewhere leaves the map whole: every change is one insertion or removal.
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An answer to a challenge of ours, not yet checked against its passkey.
#[derive(Debug)]
pub struct Answered {
    /// The id of the passkey that it names.
    pub id: String,
    answer: PublicKeyCredential,
    state: DiscoverableAuthentication,
}

impl Answered {
    /// Checks it. Gives back the credential to keep from now on, if it changed: its counter shows copies of a key.
    ///
    /// # Errors
    /// When it does not stand the check.
    pub fn check(self, place: &Place, kept: &Kept) -> Result<Option<String>, Refusal> {
        let mut passkey = read(kept).ok_or(Refusal::PasskeyRefused)?;
        // A key that names another account than it was made for is no key of ours.
        let names = self.answer.get_user_unique_id().and_then(|user| Uuid::from_slice(user).ok());
        if names.map(|user| user.as_u128()) != Some(kept.account.into()) {
            return Err(Refusal::PasskeyRefused);
        }
        let checked = relying_party(place, "")?
            .finish_discoverable_authentication_v2(&self.answer, self.state, &passkey)
            .map_err(refused)?;
        Ok((passkey.update_credential(&checked) == Some(true)).then(|| write(&passkey)))
    }
}

fn relying_party(place: &Place, server: &str) -> Result<Webauthn, Refusal> {
    let origin = Url::parse(&place.origin()).map_err(refused)?;
    let name = if server.is_empty() { place.host() } else { server };
    WebauthnBuilder::new(place.host(), &origin).map_err(refused)?.rp_name(name).build().map_err(refused)
}

/// The options without the word around them, as the browser's own parser wants them.
fn inner(options: impl serde::Serialize) -> Result<Value, Refusal> {
    let mut options = serde_json::to_value(options).map_err(refused)?;
    Ok(options.get_mut("publicKey").map(Value::take).unwrap_or_default())
}

fn read(kept: &Kept) -> Option<Passkey> {
    let read = serde_json::from_str(&kept.credential);
    read.inspect_err(|error| tracing::error!(%error, "a stored passkey cannot be read; it has to be made anew")).ok()
}

fn write(passkey: &Passkey) -> String {
    serde_json::to_string(passkey).expect("bytes, numbers and names are JSON")
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// What went wrong is for whoever runs the server; a stranger learns nothing from it.
fn refused(error: impl std::fmt::Display) -> Refusal {
    tracing::debug!(%error, "a passkey was refused");
    Refusal::PasskeyRefused
}

/// What could not be read is not repeated in the log: whoever sent it chose the words.
fn unreadable(_: serde_json::Error) -> Refusal {
    Refusal::PasskeyRefused
}

/// Browsers give up after five minutes, too.
const LIFE: Duration = Duration::from_secs(5 * 60);
/// Ceremonies under way. More come only from an attack with many addresses; then the oldest is forgotten, and whoever
/// began it has to begin again.
const MOST: usize = 10_000;
