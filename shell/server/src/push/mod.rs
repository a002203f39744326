//! Wakes browsers whose pages are closed when it rings for their person, or somebody is free for whom they wait, through the push service of each browser.
//!
//! The hub says when it begins to ring and when it rings no more; here it is only passed on, so that nothing waits for a push
//! service. **What a push service could read is that something happens: the text is sealed for the browser**, and even it says
//! no name.
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | hub to this task | [`QUEUE`] | nobody is woken for that ring, and the log says so |
//! | rings whose browsers are being woken | [`RINGS`] | as above |
//! | people who are being told that somebody is free | [`FREES`], one message each | they are not told |

mod delivery;
mod seal;
mod vapid;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use futures_util::{StreamExt as _, future::join_all, stream::FuturesUnordered};
use proto::{AccountId, CallId, DeviceKey};
use serde::Serialize;
use store::{Store, StoredPush};
use tokio::{
    sync::{Semaphore, mpsc, watch},
    time::{Instant, timeout, timeout_at},
};

pub use delivery::Reached;
pub use seal::Browser;
pub use vapid::{Vapid, VapidError};

use crate::{clock, outgoing::Outgoing};
use delivery::{Message, Slots};

/// What is needed to wake browsers.
#[derive(Debug, Clone)]
pub struct Push {
    /// Who we are to push services.
    pub vapid: Vapid,
    /// The way to them.
    pub outgoing: Outgoing,
}

/// What the hub says of a ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It begins. A second time: it rings on, and not all the devices that were left out have said that they ring.
    Wake {
        /// Which call.
        call: CallId,
        /// For whom.
        account: AccountId,
        /// Until when at most, in milliseconds since 1970.
        until: u64,
        /// Their devices that are not woken.
        here: Vec<DeviceKey>,
    },
    /// Somebody for whom this one waits is free.
    Free {
        /// Who waits.
        account: AccountId,
        /// Their devices that know already.
        here: Vec<DeviceKey>,
    },
    /// It is over.
    Hush(CallId, AccountId, Hush),
}

/// How a ring was over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hush {
    /// Whether it rang for nothing.
    pub missed: bool,
    /// The devices of the person that know already.
    pub here: Vec<DeviceKey>,
}

/// What a browser is told: no name, and nothing of what the call is about. It asks the server for that.
#[derive(Debug, Serialize)]
struct Told {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<CallId>,
    /// Of a ring until when it rings, else when it was over, or when somebody was free, in milliseconds since 1970.
    at: u64,
}

/// The way from the hub to [`run`].
pub fn queue() -> (mpsc::Sender<Notice>, mpsc::Receiver<Notice>) {
    mpsc::channel(QUEUE)
}

/// Wakes browsers until no notice can come any more.
pub async fn run(push: Push, store: Store, mut notices: mpsc::Receiver<Notice>) {
    let all = Semaphore::new(AT_ONCE);
    let mut of_people: BTreeMap<AccountId, Weak<Semaphore>> = BTreeMap::new();
    let mut rings: BTreeMap<(CallId, AccountId), Ringing> = BTreeMap::new();
    let mut waking = FuturesUnordered::new();
    let (mut telling, mut freeing) = (FuturesUnordered::new(), BTreeSet::new());
    loop {
        tokio::select! {
            notice = notices.recv() => match notice {
                Some(Notice::Wake { .. }) if waking.len() >= RINGS => {
                    tracing::warn!("it rings for too many at once: nobody's closed browsers are woken for one more");
                }
                Some(Notice::Wake { call, account, until, here }) => {
                    let ringing = rings.entry((call, account)).or_default();
                    let (ends, woken) = (ringing.over.subscribe(), Arc::clone(&ringing.woken));
                    let ring = Ring { call, account, until, ends, woken, own: own_slots(&mut of_people, account) };
                    waking.push(ring.wake(&push, &store, &all, here));
                }
                // The message names nobody: one that is on its way says it all.
                Some(Notice::Free { account, .. }) if freeing.contains(&account) => {}
                Some(Notice::Free { .. }) if freeing.len() >= FREES => {
                    tracing::warn!("so many are free at once that not everybody who waits is told");
                }
                Some(Notice::Free { account, here }) => {
                    freeing.insert(account);
                    let own = own_slots(&mut of_people, account);
                    let tell = tell_free(&push, &store, &all, own, account, here);
                    telling.push(async move {
                        tell.await;
                        account
                    });
                }
                Some(Notice::Hush(call, account, hush)) => {
                    if let Some(ringing) = rings.remove(&(call, account)) {
                        // Nobody was woken, or nobody could be.
                        let _ = ringing.over.send(Some(hush));
                    }
                }
                None => break,
            },
            Some(()) = waking.next() => {}
            Some(account) = telling.next() => drop(freeing.remove(&account)),
        }
    }
    drop(rings);
    if timeout(LAST, async { while waking.next().await.is_some() {} }).await.is_err() {
        tracing::warn!("the server ends, and some browsers were not told that it rings no more");
    }
}

/// The requests that may be under way for one person.
fn own_slots(of_people: &mut BTreeMap<AccountId, Weak<Semaphore>>, account: AccountId) -> Arc<Semaphore> {
    of_people.retain(|_, own| own.strong_count() > 0);
    let own = of_people.get(&account).and_then(Weak::upgrade);
    let own = own.unwrap_or_else(|| Arc::new(Semaphore::new(OF_ONE)));
    of_people.insert(account, Arc::downgrade(&own));
    own
}

/// Those of somebody's browsers that are not here.
async fn browsers_away(store: &Store, account: AccountId, here: &[DeviceKey]) -> Vec<StoredPush> {
    match store.pushes(account).await {
        Ok(browsers) => browsers.into_iter().filter(|browser| !here.contains(&browser.device)).collect(),
        Err(error) => {
            tracing::warn!(%error, "whose browsers are to be woken cannot be read");
            Vec::new()
        }
    }
}

/// Tells those of somebody's browsers that are not here that somebody for whom they wait is free. Not who: they ask for that.
async fn tell_free(
    push: &Push,
    store: &Store,
    all: &Semaphore,
    own: Arc<Semaphore>,
    account: AccountId,
    here: Vec<DeviceKey>,
) {
    let slots = Slots { all, own: &own };
    // One topic for all: nothing says for how many somebody waits, and the newest is what counts.
    let (text, topic) = (told("free", None, clock::unix_ms()), "free".to_owned());
    let message = Message { text, topic, until: Instant::now() + FREE };
    let tell = async |browser: StoredPush| {
        let reached = delivery::deliver(push, slots, &browser, &message).await;
        tracing::debug!(?reached, "a browser was told that somebody is free");
        if reached == Reached::Never {
            forget(store, &browser.endpoint).await;
        }
    };
    join_all(browsers_away(store, account, &here).await.into_iter().map(tell)).await;
}

fn told(kind: &'static str, call: Option<CallId>, at: u64) -> Vec<u8> {
    serde_json::to_vec(&Told { kind, call, at }).expect("two texts and a number are JSON")
}

/// What is known of a ring until it is over.
#[derive(Debug)]
struct Ringing {
    over: watch::Sender<Option<Hush>>,
    /// The browsers that are seen to, by their endpoints; bounded by the browsers of one person.
    woken: Arc<Mutex<BTreeSet<String>>>,
}

impl Default for Ringing {
    fn default() -> Self {
        Self { over: watch::Sender::new(None), woken: Arc::default() }
    }
}

struct Ring {
    call: CallId,
    account: AccountId,
    until: u64,
    ends: watch::Receiver<Option<Hush>>,
    woken: Arc<Mutex<BTreeSet<String>>>,
    own: Arc<Semaphore>,
}

impl Ring {
    /// Wakes those of the person's browsers that are not here, and tells them when it is over.
    async fn wake(self, push: &Push, store: &Store, all: &Semaphore, here: Vec<DeviceKey>) {
        let mut away = browsers_away(store, self.account, &here).await;
        let slots = Slots { all, own: &self.own };
        {
            let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
            away.retain(|browser| woken.insert(browser.endpoint.clone()));
        }
        join_all(away.into_iter().map(|browser| self.wake_one(push, store, slots, browser))).await;
    }

    async fn wake_one(&self, push: &Push, store: &Store, slots: Slots<'_>, browser: StoredPush) {
        let mut ends = self.ends.clone();
        let left = Duration::from_millis(self.until.saturating_sub(clock::unix_ms()));
        let until = Instant::now() + left;
        let ring = Message { text: self.text("ring", self.until), topic: self.call.to_string(), until };
        // Over before anybody was woken: there is only the end to tell.
        let reached = if ends.borrow().is_some() {
            Reached::No
        } else {
            tokio::select! {
                reached = delivery::deliver(push, slots, &browser, &ring) => reached,
                // Whether it got through nobody knows: it is told of the end in any case.
                _ = ends.wait_for(Option::is_some) => Reached::Yes,
            }
        };
        let rang = reached != Reached::No;
        tracing::debug!(call.id = %self.call, ?reached, "a browser was woken for call {}", self.call);
        if reached == Reached::Never {
            return forget(store, &browser.endpoint).await;
        }
        let hush = match timeout_at(until + GRACE, ends.wait_for(Option::is_some)).await {
            Ok(Ok(hush)) => hush.clone(),
            Ok(Err(_)) | Err(_) => None,
        };
        let Some(hush) = hush else { return };
        // A browser that did not ring has nothing to end; that a call was missed it learns all the same.
        if hush.here.contains(&browser.device) || !(rang || hush.missed) || !self.is_theirs(store, &browser).await {
            return;
        }
        let (kind, kept) = if hush.missed { ("missed", MISSED) } else { ("over", OVER) };
        let over = Message {
            text: self.text(kind, clock::unix_ms()),
            topic: self.call.to_string(),
            until: Instant::now() + kept,
        };
        if delivery::deliver(push, slots, &browser, &over).await == Reached::Never {
            forget(store, &browser.endpoint).await;
        }
    }

    /// Whether the browser is still that of the person, who may have signed out while it rang.
    async fn is_theirs(&self, store: &Store, browser: &StoredPush) -> bool {
        match store.pushes(self.account).await {
            Ok(browsers) => browsers.iter().any(|one| one.endpoint == browser.endpoint),
            Err(error) => {
                tracing::warn!(%error, "whether a browser is still to be told of a call cannot be read");
                false
            }
        }
    }

    fn text(&self, kind: &'static str, at: u64) -> Vec<u8> {
        told(kind, Some(self.call), at)
    }
}

async fn forget(store: &Store, endpoint: &str) {
    tracing::info!("a browser is woken no more: its push service does not know it any longer");
    if let Err(error) = store.forget_push(endpoint).await {
        tracing::warn!(%error, "a browser that cannot be woken any more could not be forgotten");
    }
}

/// Notices that wait for this task, which takes them at once.
const QUEUE: usize = 1_024;
/// Rings whose browsers are being woken, or wait for the end: each holds the browsers of one person, and a minute at most.
const RINGS: usize = 2_048;
/// People who are being told that somebody is free; each holds the browsers of one person, for as long as one message is tried.
const FREES: usize = 512;
/// Requests to push services under way at once: more would only wait for each other.
const AT_ONCE: usize = 32;
/// Of these, for one person: what is named there may be slow with intent.
const OF_ONE: usize = 4;
/// How much longer than a ring its end is waited for: it comes from the same clock.
const GRACE: Duration = Duration::from_secs(10);
/// How long a push service keeps that a call was missed: a telephone that was off all night still says it.
const MISSED: Duration = Duration::from_secs(24 * 60 * 60);
/// How long it keeps that a call was dealt with: afterwards nobody wonders why a telephone stopped ringing.
const OVER: Duration = Duration::from_secs(600);
/// How long a push service keeps that somebody is free: afterwards they may well be in the next call.
const FREE: Duration = Duration::from_secs(600);
/// How long browsers are still told when the server ends.
const LAST: Duration = Duration::from_secs(3);
