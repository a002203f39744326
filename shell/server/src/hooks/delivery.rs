//! One try to tell one hook something, and what follows from it.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};
use futures_util::FutureExt as _;
use http_body_util::Full;
use hyper::Request;
use proto::{
    DeliveryId, HookId,
    api::{HookStopped, HookTrouble},
};
use store::{Store, StoredDelivery, StoredHook, Tried, WriteError};
use tokio::time::{Instant, sleep};

use super::telling;
use crate::{
    VERSION, clock,
    keys::Keys,
    outgoing::{Outgoing, OutgoingError},
    token,
};

/// What it takes to tell somebody something. Copies share it.
#[derive(Debug, Clone)]
pub struct Courier {
    /// What is kept.
    pub store: Store,
    /// The way to servers that others have named.
    pub outgoing: Outgoing,
    /// The keys that sign.
    pub keys: Keys,
}

/// What to bring to whom.
#[derive(Debug, Clone)]
pub(super) struct Errand {
    pub(super) hook: StoredHook,
    pub(super) id: DeliveryId,
    /// How often it was tried before.
    pub(super) tries: u32,
}

/// What is to be done with a delivery after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing: it was taken, or is given up.
    Over,
    /// It is tried again.
    Again {
        /// Then.
        due: Instant,
        /// So often it was tried by now.
        tries: u32,
    },
    /// Its server says that it is gone: nothing more is told there.
    Gone,
}

/// What came of a try.
#[derive(Debug)]
struct Came {
    status: Option<StatusCode>,
    trouble: Option<HookTrouble>,
    /// How long the server asks to be left alone.
    asked: Option<Duration>,
}

impl Came {
    fn trouble(trouble: HookTrouble) -> Self {
        Self { status: None, trouble: Some(trouble), asked: None }
    }
}

impl Courier {
    /// Tries it once, and notes how that went. Whatever breaks over it ends nothing else.
    pub(super) async fn bring(self, errand: Errand) -> (HookId, DeliveryId, Next) {
        let (hook, id) = (errand.hook.id, errand.id);
        let next = AssertUnwindSafe(self.bring_once(errand)).catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(hook.id = %hook, "the server broke over what it tells webhook {hook}, which waits for its next start");
            Next::Over
        });
        (hook, id, next)
    }

    async fn bring_once(&self, errand: Errand) -> Next {
        let Errand { hook, id, tries } = errand;
        let delivery = match self.store.delivery(id).await {
            Ok(Some(delivery)) => delivery,
            // The hook was removed.
            Ok(None) => return Next::Over,
            Err(error) => {
                tracing::warn!(%error, "what a webhook is to be told cannot be read");
                return Next::Again { due: Instant::now() + pause(tries), tries };
            }
        };
        let only_once = delivery.event == telling::TEST;
        let came = self.send(&hook, delivery).await;
        let tries = tries.saturating_add(1);
        let pause = match came.trouble {
            None | Some(HookTrouble::Gone) => None,
            Some(_) if only_once || tries >= TRIES => None,
            Some(_) => Some(pause(tries - 1).max(came.asked.unwrap_or_default()).min(LONGEST)),
        };
        let next = match pause {
            // From now on: noting it takes time too.
            Some(pause) => Next::Again { due: Instant::now() + pause, tries },
            None if came.trouble == Some(HookTrouble::Gone) => Next::Gone,
            None => Next::Over,
        };
        tracing::debug!(hook.id = %hook.id, ?came, tries, "webhook {} was told something", hook.id);
        let now = clock::unix_ms();
        let due = pause.map(|pause| now + u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        if due.is_none()
            && let Some(trouble) = came.trouble.filter(|_| !only_once)
        {
            let trouble = trouble.name();
            tracing::warn!(hook.id = %hook.id, trouble, "webhook {} does not take what it is told, which is given up", hook.id);
        }
        let status = came.status.map(|status| u32::from(status.as_u16()));
        let tried = Tried { due, tries, at: Some(now), status, trouble: came.trouble };
        if let Err(error) = insist(BUSY, || self.store.note_delivery(hook.id, id, &tried, KEPT)).await {
            tracing::warn!(%error, "how a webhook took something could not be noted; after a restart it is told again");
        }
        next
    }

    /// Keeps what hooks are to be told. `pauses`: how long is waited for a store that is busy.
    pub(super) async fn keep(&self, deliveries: &[StoredDelivery], pauses: &[Duration]) -> bool {
        let kept = insist(pauses, || self.store.add_deliveries(deliveries)).await;
        if let Err(error) = &kept {
            tracing::warn!(%error, "what happened could not be kept for webhooks, which are not told of it");
        }
        kept.is_ok()
    }

    /// Keeps that a hook is gone, and gives up what waits for it.
    pub(super) async fn stop(&self, hook: HookId) {
        if let Err(error) = insist(BUSY, || self.store.stop_hook(hook, HookStopped::Gone)).await {
            tracing::warn!(%error, "it could not be kept that a webhook is gone");
        }
        self.give_up(hook, HookTrouble::Gone).await;
    }

    /// Gives up what waits for a hook.
    pub(super) async fn give_up(&self, hook: HookId, trouble: HookTrouble) {
        if let Err(error) = insist(BUSY, || self.store.give_up_deliveries(hook, trouble, KEPT)).await {
            tracing::warn!(%error, "what waits for a webhook that is switched off could not be given up");
        }
    }

    async fn send(&self, hook: &StoredHook, delivery: StoredDelivery) -> Came {
        let own = secret(&self.keys, hook.id);
        let (key, secret) = match &hook.signer {
            None => (hook.id.to_string(), own.as_str()),
            Some(key) => match self.keys.secret(key) {
                Some(secret) => (key.clone(), secret),
                None => return Came::trouble(HookTrouble::Unsigned),
            },
        };
        let signed = token::sign_body(&key, secret, delivery.body.as_bytes(), clock::unix());
        let request = Request::post(&hook.address)
            .header(header::USER_AGENT, format!("Parlor/{VERSION}"))
            .header(header::CONTENT_TYPE, "application/webhook+json")
            .header(header::AUTHORIZATION, signed)
            .body(Full::new(Bytes::from(delivery.body)));
        let Ok(request) = request else { return Came::trouble(HookTrouble::Unreachable) };
        match self.outgoing.tell(request).await {
            Ok(answer) => {
                let status = answer.status();
                let trouble = match status {
                    status if status.is_success() => None,
                    StatusCode::GONE => Some(HookTrouble::Gone),
                    status if status.is_redirection() => Some(HookTrouble::Elsewhere),
                    _ => Some(HookTrouble::Refused),
                };
                Came { status: Some(status), trouble, asked: asked_for(answer.headers()) }
            }
            Err(OutgoingError::Private) => Came::trouble(HookTrouble::Private),
            Err(OutgoingError::Slow) => Came::trouble(HookTrouble::Slow),
            Err(OutgoingError::Unfit | OutgoingError::Unknown | OutgoingError::Unreachable(_)) => {
                Came::trouble(HookTrouble::Unreachable)
            }
        }
    }
}

/// Writes; where the store takes nothing just then, again after each of the pauses.
async fn insist<T, W: Future<Output = Result<T, WriteError>>>(
    pauses: &[Duration],
    write: impl Fn() -> W,
) -> Result<T, WriteError> {
    for pause in pauses {
        match write().await {
            Err(WriteError::Busy) => sleep(*pause).await,
            written => return written,
        }
    }
    write().await
}

/// The secret of a hook that no API key signs for. It follows from the server's own API key and is kept nowhere: whoever has a copy of
/// the database has none of them, and another API key makes them all others.
pub fn secret(keys: &Keys, hook: HookId) -> String {
    keys.seal("hook", &hook.to_string())
}

/// How long a server asks to be left alone (RFC 9110, section 10.2.3), where it says so in seconds.
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// How long after so many tries and one more: ever longer, since a server that is down is not helped by more of it.
fn pause(tries: u32) -> Duration {
    FIRST.saturating_mul(4_u32.saturating_pow(tries)).min(LONGEST)
}

/// The first pause before another try.
const FIRST: Duration = Duration::from_secs(5);
/// The longest: a server that was mended hears the same half day.
pub(super) const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);
/// So many tries reach over 22 hours: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, then five times 4 h.
const TRIES: u32 = 12;
/// How long is waited for a store that is busy: less than a second, for which asks and other hooks wait too.
pub(super) const BUSY: &[Duration] =
    &[Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(500)];
/// So many deliveries that are over stay in the log of each hook.
pub const KEPT: u32 = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_for_most_of_a_day() {
        let all: Duration = (0..TRIES - 1).map(pause).sum();
        assert_eq!(all.as_secs() / 3_600, 21);
        assert_eq!(pause(0), Duration::from_secs(5));
        assert_eq!(pause(u32::MAX), LONGEST);
    }
}
