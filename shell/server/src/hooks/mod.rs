//! Webhooks: addresses that administrators named are told what happens in rooms and calls, signed, and tried again.
//!
//! The hub says what happened; this task makes a text of it, keeps that in the store for each hook that wants it, and brings it there,
//! one after the other for each hook. **Whoever is slow holds up nobody else, and nobody waits for this task.** What is kept survives a
//! restart and is brought at least once: docs/webhooks.md says what that means for receivers.
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | hub to this task | [`QUEUE`] | it is told to no hook, the console and the log say so |
//! | what waits for one hook | [`WAITING`] | it is not told that, the console and the log say so |

mod delivery;
mod fit;
mod heralds;
mod keeping;
mod telling;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Duration};

use hyper::Uri;
use proto::{
    DeliveryId, HookId, Refusal,
    api::{HookStopped, HookTrouble},
    id::IdSource,
};
use store::StoredHook;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};

pub use delivery::{Courier, KEPT, secret};
use delivery::{Errand, Next};
use heralds::Heard;
pub use heralds::Heralds;
use telling::Told;

use crate::{clock, http::Fault, keys::Keys, outgoing::Outgoing, random};

/// What the endpoints know of the task.
#[derive(Debug, Clone)]
pub struct Hooks {
    asks: mpsc::Sender<Ask>,
    standing: watch::Receiver<BTreeMap<HookId, Standing>>,
}

/// How a hook stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many deliveries wait for it.
    pub waiting: usize,
    /// How many it was not told since the start.
    pub left_out: u64,
}

/// The task that tells them.
#[derive(Debug)]
pub struct Telling {
    courier: Courier,
    happened: Heard,
    asks: mpsc::Receiver<Ask>,
    standing: watch::Sender<BTreeMap<HookId, Standing>>,
    hooks: BTreeMap<HookId, Target>,
    /// Whether it was read which hooks there are.
    known: bool,
    /// Whether it was read what waited when the server ended.
    took_up: bool,
    /// When what could not be read is read again.
    again: Option<Instant>,
    ids: IdSource,
    last_id_ms: u64,
}

#[derive(Debug)]
enum Ask {
    /// The hooks are other ones.
    Changed(oneshot::Sender<()>),
    /// Tell this one something, to see whether it is taken. Says whether that waits now.
    Test(HookId, oneshot::Sender<bool>),
    /// Tell this one once more what is in its log.
    Again(HookId, DeliveryId, oneshot::Sender<Result<(), Fault>>),
}

/// One hook, and what waits for it.
#[derive(Debug)]
struct Target {
    stored: StoredHook,
    /// When each is due, and how often it was tried.
    waiting: BTreeMap<(Instant, DeliveryId), u32>,
    /// What is on its way there.
    busy: Option<DeliveryId>,
    /// Whether the last that happened was left out because so much waits.
    full: bool,
    left_out: u64,
}

/// The way for the hub, the hooks for the endpoints, and the task.
pub fn new(courier: Courier) -> (Heralds, Hooks, Telling) {
    let (heralds, happened) = heralds::heralds();
    let (asks, asked) = mpsc::channel(1);
    let (told, standing) = watch::channel(BTreeMap::new());
    let telling = Telling {
        courier,
        happened,
        asks: asked,
        standing: told,
        hooks: BTreeMap::new(),
        known: false,
        took_up: false,
        again: None,
        ids: IdSource::new(random::seed()),
        last_id_ms: 0,
    };
    (heralds, Hooks { asks, standing }, telling)
}

impl Hooks {
    /// How each stands.
    pub fn standing(&self) -> BTreeMap<HookId, Standing> {
        self.standing.borrow().clone()
    }

    /// The hooks are other ones. Comes back when the task knows.
    pub async fn changed(&self) {
        let (done, asked) = oneshot::channel();
        if self.asks.send(Ask::Changed(done)).await.is_ok() {
            // A server that ends reads them anew when it begins.
            let _ = asked.await;
        }
    }

    /// Tells one something. Says whether that waits now: not where it is told nothing, or too much waits.
    pub async fn test(&self, id: HookId) -> bool {
        let (done, asked) = oneshot::channel();
        self.asks.send(Ask::Test(id, done)).await.is_ok() && asked.await.unwrap_or(false)
    }

    /// Tells one once more what is in its log, as soon as nothing is on its way there.
    ///
    /// # Errors
    /// When there is none such, it waits already, the hook is told nothing or too much waits for it.
    pub async fn again(&self, hook: HookId, id: DeliveryId) -> Result<(), Fault> {
        let (done, asked) = oneshot::channel();
        // A server that ends tells nobody anything.
        self.asks.send(Ask::Again(hook, id, done)).await.map_err(|_| Refusal::Stopping)?;
        asked.await.map_err(|_| Refusal::Stopping)?
    }
}

impl Telling {
    /// Tells the hooks, until nothing can happen any more.
    pub async fn run(mut self) {
        self.read().await;
        // What is on its way goes on while this task writes, and ends with it.
        let mut under_way = JoinSet::new();
        let mut batch = Vec::new();
        loop {
            if self.again.is_some_and(|again| again <= Instant::now()) {
                self.read().await;
            }
            for errand in self.due() {
                under_way.spawn(self.courier.clone().bring(errand));
            }
            self.say_standing();
            let next = self.next_due();
            // Of hooks that are not known yet none is left out: it waits in the queue, unless nothing follows it.
            let takes = self.known || self.happened.queue.is_closed();
            tokio::select! {
                // So much may happen that it never ends. Who asks and what comes back are few, and do not wait for that.
                biased;
                Some(ask) = self.asks.recv() => self.answer(ask).await,
                Some(Ok((hook, id, next))) = under_way.join_next() => self.came_back(hook, id, next).await,
                many = self.happened.queue.recv_many(&mut batch, BATCH), if takes => {
                    if many == 0 {
                        break;
                    }
                    self.take_all(batch.drain(..)).await;
                }
                () = at(next) => {}
            }
        }
        if timeout(LAST, async { while under_way.join_next().await.is_some() {} }).await.is_err() {
            tracing::info!(
                "the server ends before webhooks took what was on its way; it is brought again after the start"
            );
        }
    }

    /// What can be brought now: for each hook the first that is due, unless something is on its way there.
    fn due(&mut self) -> Vec<Errand> {
        let now = Instant::now();
        let mut errands = Vec::new();
        for target in self.hooks.values_mut().filter(|target| target.busy.is_none()) {
            if let Some(first) = target.waiting.first_entry().filter(|first| first.key().0 <= now) {
                let ((_, id), tries) = first.remove_entry();
                target.busy = Some(id);
                errands.push(Errand { hook: target.stored.clone(), id, tries });
            }
        }
        errands
    }

    fn next_due(&self) -> Option<Instant> {
        let idle = self.hooks.values().filter(|target| target.busy.is_none());
        let due = idle.filter_map(|target| target.waiting.first_key_value().map(|((due, _), _)| *due));
        due.chain(self.again).min()
    }

    /// Keeps what happened, in its order.
    async fn take_all(&mut self, happened: impl Iterator<Item = Box<hub::Happened>>) {
        let told: Vec<Told> = happened.filter_map(|happened| telling::tell(*happened, self.event_id())).collect();
        self.take(&told).await;
    }

    async fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Changed(done) => {
                // What happened before is for the hooks as they were: one that was off is not told of it now.
                let mut batch = Vec::new();
                for _ in 0..self.happened.queue.len().div_ceil(BATCH) {
                    if !self.known || self.happened.queue.recv_many(&mut batch, BATCH).await == 0 {
                        break;
                    }
                    self.take_all(batch.drain(..)).await;
                }
                self.read().await;
                self.say_standing();
                // Whoever asked may be gone.
                let _ = done.send(());
            }
            Ask::Test(hook, done) => {
                let told = telling::test(self.event_id(), clock::unix_ms());
                let on = self.hooks.get(&hook).is_some_and(|target| target.stored.stopped.is_none());
                let delivery = told.filter(|_| on).and_then(|told| self.delivery(hook, &told, 0));
                let kept = self.keep(delivery.into_iter().collect()).await;
                let _ = done.send(kept);
            }
            Ask::Again(hook, id, done) => {
                let kept = self.again(hook, id).await;
                let _ = done.send(kept);
            }
        }
    }

    /// Something was tried.
    async fn came_back(&mut self, hook: HookId, id: DeliveryId, next: Next) {
        // It may have been removed meanwhile.
        let Some(target) = self.hooks.get_mut(&hook) else { return };
        target.busy = None;
        match next {
            Next::Over => {}
            Next::Again { due, tries } if target.stored.stopped.is_none() => {
                target.waiting.insert((due, id), tries);
            }
            // It was switched off while this was on its way.
            Next::Again { .. } => self.courier.give_up(hook, HookTrouble::Paused).await,
            Next::Gone => {
                tracing::warn!(hook.id = %hook, "webhook {hook} is told nothing more: its server says that it is gone");
                target.stored.stopped = Some(HookStopped::Gone);
                target.waiting.clear();
                // Here and not where it was tried: whoever switches it on again has seen this, and is heard after it.
                self.courier.stop(hook).await;
                self.say_wanted();
            }
        }
    }

    fn say_wanted(&self) {
        let any = self.hooks.values().any(|target| target.stored.stopped.is_none());
        self.happened.want(any);
    }

    /// Says how each stands. What nobody took on the way from the hub was left out for each that is told anything.
    fn say_standing(&mut self) {
        if self.known {
            let missed = self.happened.take_missed();
            let told = self.hooks.values_mut().filter(|target| target.stored.stopped.is_none());
            told.for_each(|target| target.left_out += missed);
        }
        let standing = |target: &Target| Standing {
            waiting: target.waiting.len() + usize::from(target.busy.is_some()),
            left_out: target.left_out,
        };
        let all = self.hooks.iter().map(|(id, target)| (*id, standing(target))).collect();
        // Nobody may be looking.
        self.standing.send_replace(all);
    }

    fn event_id(&mut self) -> String {
        format!("EV_{}", random::text::<16>())
    }

    /// Ids sort in the order in which they were made: that is the order in which hooks are told.
    fn next_id(&mut self) -> DeliveryId {
        self.last_id_ms = clock::unix_ms().max(self.last_id_ms + 1);
        self.ids.next(self.last_id_ms)
    }
}

impl Target {
    fn new(stored: StoredHook) -> Self {
        Self { stored, waiting: BTreeMap::new(), busy: None, full: false, left_out: 0 }
    }
}

/// Looks whether something can be told there, and by whom it would be signed.
///
/// # Errors
/// When the address or the key cannot be used.
pub fn check(outgoing: &Outgoing, keys: &Keys, address: &str, signer: Option<&str>) -> Result<(), Fault> {
    let uri = address.parse::<Uri>().map_err(|_| Refusal::BadSetting)?;
    let signs = signer.is_none_or(|key| keys.secret(key).is_some());
    if address.len() > ADDRESS || !outgoing.is_fit(&uri) || !signs {
        return Err(Refusal::BadSetting.into());
    }
    Ok(())
}

/// Waits for a time, or for ever.
async fn at(time: Option<Instant>) {
    match time {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// So many webhooks: more than anybody runs receivers for.
pub const MOST: u32 = 10;
/// The longest address of one.
const ADDRESS: usize = 500;
/// What happened and waits for this task, which takes it at once: the end of a meeting of 500 with camera and microphone each is
/// 1,501 of them.
const QUEUE: usize = 4_096;
/// So many are taken from there together.
const BATCH: usize = 256;
/// What waits for one hook: the end of that meeting. They lie in the database; in memory each is 40 bytes.
const WAITING: usize = 2_000;
/// How long what is on its way is waited for when the server ends: what is lost by that comes again after the start.
const LAST: Duration = Duration::from_secs(1);
