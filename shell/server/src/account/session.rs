//! Sessions: who is signed in from where, and until when (R2).

use std::time::Duration;

use proto::{AccountId, Refusal};
use store::{Account, ReadError, Session, Store};

use super::secret;
use crate::{http::Fault, random};

/// Somebody with an account, and the session by which we know.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The account; never a disabled one.
    pub account: Account,
    /// The public id of the session.
    pub session: String,
}

impl SignedIn {
    /// What the device of this session is called in the list of devices; empty when the session is over by now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn agent(&self, store: &Store) -> Result<String, ReadError> {
        let sessions = store.sessions(self.account.id).await?;
        Ok(sessions.into_iter().find(|session| session.id == self.session).map(|own| own.agent).unwrap_or_default())
    }
}

/// Opens a session and gives back the secret for its cookie. `unix_ms` is now; `checked` is the hash of the password that was
/// asked for, if one was.
///
/// # Errors
/// When it cannot be kept, or when the account was shut out or its password changed since it was checked.
pub async fn open(
    store: &Store,
    account: AccountId,
    agent: &str,
    unix_ms: u64,
    checked: Option<&str>,
) -> Result<String, Fault> {
    let mut others = store.sessions(account).await?;
    others.sort_by_key(|session| std::cmp::Reverse(session.seen_at));
    for old in others.iter().skip(MOST - 1) {
        store.close_session(account, &old.id).await?;
    }
    let secret = secret::draw();
    let session = Session {
        id: random::text::<16>(),
        account,
        secret: secret::hash(&secret),
        agent: agent.to_owned(),
        created_at: unix_ms,
        seen_at: unix_ms,
    };
    if !store.open_session(&session, checked).await? {
        return Err(if checked.is_some() { Refusal::WrongPassword } else { Refusal::SignInFirst }.into());
    }
    tracing::info!(account.id = %account, "account {account} signed in");
    Ok(secret)
}

/// Whose session a secret is, if it is a good one. `unix_ms` is now.
///
/// # Errors
/// When it cannot be looked up.
pub async fn of(store: &Store, secret: &str, unix_ms: u64) -> Result<Option<SignedIn>, Fault> {
    let Some((session, account)) = store.session(&secret::hash(secret)).await? else { return Ok(None) };
    let idle = unix_ms.saturating_sub(session.seen_at);
    let age = unix_ms.saturating_sub(session.created_at);
    if account.disabled || idle >= ms(IDLE) || age >= ms(LONGEST) {
        return Ok(None);
    }
    if idle >= ms(TOUCH)
        && let Err(error) = store.touch_session(&session.id, unix_ms).await
    {
        // The session is good all the same; the next request tries again.
        tracing::warn!(%error, "a session could not be marked as seen");
    }
    Ok(Some(SignedIn { account, session: session.id }))
}

/// Ends the session of a secret, if there is one, whether it was still good or not. Gives back whose it was.
///
/// # Errors
/// When it cannot be ended.
pub async fn close(store: &Store, secret: &str) -> Result<Option<AccountId>, Fault> {
    let Some((session, account)) = store.session(&secret::hash(secret)).await? else { return Ok(None) };
    store.close_session(account.id, &session.id).await?;
    tracing::info!(account.id = %account.id, "account {} signed out", account.id);
    Ok(Some(account.id))
}

/// Forgets sessions and links that have ended, once a day, until it is dropped.
pub async fn forget_daily(store: Store) {
    loop {
        let now = crate::clock::unix_ms();
        match store.forget_sessions(now.saturating_sub(ms(IDLE)), now.saturating_sub(ms(LONGEST))).await {
            Ok(forgotten) => tracing::debug!(forgotten, "sessions that had ended were forgotten"),
            Err(error) => tracing::warn!(%error, "sessions that had ended could not be forgotten"),
        }
        if let Err(error) = store.forget_links(now).await {
            tracing::warn!(%error, "links that had ended could not be forgotten");
        }
        tokio::time::sleep(DAY).await;
    }
}

/// What a browser says of itself, in a few words such as "Firefox on Linux". Only words of ours come out: this is shown
/// to people.
pub fn agent(text: &str) -> String {
    let first =
        |words: &[(&str, &'static str)]| words.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name);
    // In this order: most browsers also claim to be Chrome and Safari, and Android claims to be Linux.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A program".to_owned(),
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Two weeks without a visit end a session: a holiday does not, a laptop that was sold does.
const IDLE: Duration = DAY.saturating_mul(14);
/// The longest that a session lives, however often it is used; then the password is asked again.
pub const LONGEST: Duration = DAY.saturating_mul(90);
/// How exactly we know when a session was last used; each time is a write.
const TOUCH: Duration = Duration::from_secs(60 * 60);
/// Sessions of one account. Nobody has more devices; the one not used for the longest time is signed out.
const MOST: usize = 50;

#[cfg(test)]
mod tests {
    use store::Target;

    use super::*;

    async fn store_with(account: &Account) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Target::Sqlite(folder.path().to_owned())).await.unwrap();
        assert!(store.set_up(account, &[]).await.unwrap());
        (folder, store)
    }

    fn ann() -> Account {
        Account {
            id: AccountId::from(1),
            name: "ann".to_owned(),
            display_name: "Ann".to_owned(),
            password: None,
            admin: true,
            may_create: true,
            disabled: false,
            avatar: None,
            created_at: 0,
        }
    }

    #[tokio::test]
    async fn a_session_ends_when_nobody_uses_it_and_at_last_in_any_case() {
        let (_folder, store) = store_with(&ann()).await;
        let start = 1_800_000_000_000;
        let secret = open(&store, ann().id, "Firefox on Linux", start, None).await.unwrap();
        let good = async |secret: &str, at: Duration| of(&store, secret, start + ms(at)).await.unwrap().is_some();
        assert!(good(&secret, Duration::ZERO).await);
        assert!(!good("another", Duration::ZERO).await);
        assert!(!good(&secret, IDLE).await, "nobody came for two weeks");
        // Used every day, it goes on, but not for ever.
        for day in 1..90 {
            assert!(good(&secret, DAY * day).await, "day {day}");
        }
        assert!(!good(&secret, LONGEST).await);
        let end = start + ms(LONGEST);
        assert_eq!(store.forget_sessions(end - ms(IDLE), end - ms(LONGEST) + 1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn being_seen_is_written_once_an_hour() {
        let (_folder, store) = store_with(&ann()).await;
        let secret = open(&store, ann().id, "", 0, None).await.unwrap();
        for (at, seen) in [(ms(TOUCH) - 1, 0), (ms(TOUCH), ms(TOUCH)), (ms(TOUCH) + 5, ms(TOUCH))] {
            of(&store, &secret, at).await.unwrap().unwrap();
            assert_eq!(store.sessions(ann().id).await.unwrap()[0].seen_at, seen);
        }
    }

    #[tokio::test]
    async fn an_account_has_so_many_sessions() {
        let (_folder, store) = store_with(&ann()).await;
        let first = open(&store, ann().id, "", 0, None).await.unwrap();
        for n in 1..=MOST as u64 {
            open(&store, ann().id, "", n, None).await.unwrap();
        }
        assert_eq!(store.sessions(ann().id).await.unwrap().len(), MOST);
        assert!(of(&store, &first, 100).await.unwrap().is_none(), "the oldest has gone");
    }

    #[test]
    fn browsers_in_a_few_words() {
        for (text, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.0", "A program"),
            ("<script>", "A program"),
        ] {
            assert_eq!(agent(text), words);
        }
    }
}
