//! Webhooks: addresses that administrators named are told what happens in rooms and calls, signed, and tried again.
//!
//! The hub says what happened; this task makes a text of it, keeps that in the store for each hook that wants it, and brings it there,
//! one after the other for each hook. **Whoever is slow holds up nobody else, and nobody waits for this task.** What is kept survives a
//! restart and is brought at least once: docs/webhooks.md says what that means for receivers.
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | hub to this task | [`QUEUE`] | it is told to no hook, and the log says so |
//! | what waits for one hook | [`WAITING`] | it is not told that, the console and the log say so |

mod delivery;
mod fit;
mod telling;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use hub::Happened;
use hyper::Uri;
use proto::{
    DeliveryId, HookId, Refusal,
    api::{HookStopped, HookTrouble},
    id::IdSource,
};
use store::{StoredDelivery, StoredHook, Tried};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot, watch,
    },
    time::{Instant, sleep_until, timeout},
};

pub use delivery::{Courier, KEPT, secret};
use delivery::{Errand, Next};
use telling::{Kind, Told};

use crate::{clock, http::Fault, keys::Keys, outgoing::Outgoing, random};

/// What the endpoints know of the task.
#[derive(Debug, Clone)]
pub struct Hooks {
    asks: mpsc::Sender<Ask>,
    standing: watch::Receiver<BTreeMap<HookId, Standing>>,
}

/// The way from the hub to the task.
#[derive(Debug, Clone)]
pub struct Heralds {
    queue: mpsc::Sender<Box<Happened>>,
    /// Whether there is any hook that could want it.
    wanted: Arc<AtomicBool>,
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
    happened: mpsc::Receiver<Box<Happened>>,
    wanted: Arc<AtomicBool>,
    asks: mpsc::Receiver<Ask>,
    standing: watch::Sender<BTreeMap<HookId, Standing>>,
    hooks: BTreeMap<HookId, Target>,
    ids: IdSource,
    last_id_ms: u64,
}

#[derive(Debug)]
enum Ask {
    /// The hooks are other ones.
    Changed(oneshot::Sender<()>),
    /// Tell this one something, to see whether it is taken. Says whether that waits now.
    Test(HookId, oneshot::Sender<bool>),
}

/// One hook, and what waits for it.
#[derive(Debug)]
struct Target {
    stored: StoredHook,
    /// When each is due, and how often it was tried.
    waiting: BTreeMap<(Instant, DeliveryId), u32>,
    /// Whether something is on its way there.
    busy: bool,
    left_out: u64,
}

/// The way for the hub, the hooks for the endpoints, and the task.
pub fn new(courier: Courier) -> (Heralds, Hooks, Telling) {
    let (queue, happened) = mpsc::channel(QUEUE);
    let (asks, asked) = mpsc::channel(1);
    let (told, standing) = watch::channel(BTreeMap::new());
    // Until it is known that there is none, there may be one.
    let wanted = Arc::new(AtomicBool::new(true));
    let telling = Telling {
        courier,
        happened,
        wanted: wanted.clone(),
        asks: asked,
        standing: told,
        hooks: BTreeMap::new(),
        ids: IdSource::new(random::seed()),
        last_id_ms: 0,
    };
    (Heralds { queue, wanted }, Hooks { asks, standing }, telling)
}

impl Heralds {
    /// A way that leads nowhere, for hubs of which nobody outside hears.
    pub fn to_nobody() -> Self {
        Self { queue: mpsc::channel(1).0, wanted: Arc::default() }
    }

    /// Hands over what happened. Nobody waits for that: what is not taken is left out.
    pub fn tell(&self, happened: Box<Happened>) {
        if !self.wanted.load(Ordering::Relaxed) {
            return;
        }
        if let Err(TrySendError::Full(_)) = self.queue.try_send(happened) {
            tracing::warn!("so much happens at once that webhooks are not told of all of it");
        }
    }
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
}

impl Telling {
    /// Tells the hooks, until nothing can happen any more.
    pub async fn run(mut self) {
        self.read_hooks().await;
        self.read_waiting().await;
        let mut under_way = FuturesUnordered::new();
        let mut batch = Vec::new();
        loop {
            for errand in self.due() {
                under_way.push(self.courier.clone().bring(errand));
            }
            self.say_standing();
            let next = self.next_due();
            tokio::select! {
                // What happened goes first: it must not be left out.
                biased;
                many = self.happened.recv_many(&mut batch, BATCH) => {
                    if many == 0 {
                        break;
                    }
                    let told = batch.drain(..).filter_map(|happened| telling::tell(*happened, self.event_id()));
                    let told: Vec<Told> = told.collect();
                    self.take(&told).await;
                }
                Some(ask) = self.asks.recv() => self.answer(ask).await,
                Some((hook, id, next)) = under_way.next() => self.came_back(hook, id, next).await,
                () = at(next) => {}
            }
        }
        if timeout(LAST, async { while under_way.next().await.is_some() {} }).await.is_err() {
            tracing::info!(
                "the server ends before webhooks took what was on its way; it is brought again after the start"
            );
        }
    }

    /// What can be brought now: for each hook the first that is due, unless something is on its way there.
    fn due(&mut self) -> Vec<Errand> {
        let now = Instant::now();
        let mut errands = Vec::new();
        for target in self.hooks.values_mut().filter(|target| !target.busy) {
            if let Some(first) = target.waiting.first_entry().filter(|first| first.key().0 <= now) {
                let ((_, id), tries) = first.remove_entry();
                target.busy = true;
                errands.push(Errand { hook: target.stored.clone(), id, tries });
            }
        }
        errands
    }

    fn next_due(&self) -> Option<Instant> {
        let idle = self.hooks.values().filter(|target| !target.busy);
        idle.filter_map(|target| target.waiting.first_key_value().map(|((due, _), _)| *due)).min()
    }

    /// Keeps what happened for each hook that wants it.
    async fn take(&mut self, told: &[Told]) {
        let wants = |stored: &StoredHook, kind: Kind| {
            stored.stopped.is_none() && if kind == Kind::Rooms { stored.rooms } else { stored.calls }
        };
        let mut deliveries = Vec::new();
        for told in told {
            let those: Vec<HookId> = self
                .hooks
                .values()
                .filter(|target| wants(&target.stored, told.kind))
                .map(|target| target.stored.id)
                .collect();
            for id in those {
                deliveries.extend(self.delivery(id, told, &deliveries));
            }
        }
        self.keep(deliveries).await;
    }

    /// What a hook is to be told; nothing when too much waits for it.
    fn delivery(&mut self, hook: HookId, told: &Told, new: &[StoredDelivery]) -> Option<StoredDelivery> {
        let id = self.next_id();
        let target = self.hooks.get_mut(&hook)?;
        let waiting = target.waiting.len() + new.iter().filter(|other| other.hook == hook).count();
        if waiting >= WAITING {
            if target.left_out == 0 {
                tracing::warn!(hook.id = %hook, "so much waits for webhook {hook} that it is not told all that happens");
            }
            target.left_out += 1;
            return None;
        }
        let tried = Tried { due: Some(clock::unix_ms()), ..Tried::default() };
        let (event, body) = (told.name.to_owned(), told.body.clone());
        Some(StoredDelivery { id, hook, event, body, at: told.at, tried })
    }

    async fn keep(&mut self, deliveries: Vec<StoredDelivery>) -> bool {
        if deliveries.is_empty() {
            return false;
        }
        let kept = self.courier.store.add_deliveries(&deliveries).await;
        if let Err(error) = &kept {
            tracing::warn!(%error, "what happened could not be kept for webhooks, which are not told of it");
        }
        let now = Instant::now();
        for delivery in deliveries {
            let Some(target) = self.hooks.get_mut(&delivery.hook) else { continue };
            match kept {
                Ok(()) => drop(target.waiting.insert((now, delivery.id), 0)),
                Err(_) => target.left_out += 1,
            }
        }
        kept.is_ok()
    }

    async fn answer(&mut self, ask: Ask) {
        match ask {
            Ask::Changed(done) => {
                self.read_hooks().await;
                self.say_standing();
                // Whoever asked may be gone.
                let _ = done.send(());
            }
            Ask::Test(hook, done) => {
                let told = telling::test(self.event_id(), clock::unix_ms());
                let on = self.hooks.get(&hook).is_some_and(|target| target.stored.stopped.is_none());
                let delivery = told.filter(|_| on).and_then(|told| self.delivery(hook, &told, &[]));
                let kept = self.keep(delivery.into_iter().collect()).await;
                let _ = done.send(kept);
            }
        }
    }

    /// Something was tried.
    async fn came_back(&mut self, hook: HookId, id: DeliveryId, next: Next) {
        // It may have been removed meanwhile.
        let Some(target) = self.hooks.get_mut(&hook) else { return };
        target.busy = false;
        match next {
            Next::Over => {}
            Next::Again { pause, tries } if target.stored.stopped.is_none() => {
                target.waiting.insert((Instant::now() + pause, id), tries);
            }
            // It was switched off while this was on its way.
            Next::Again { .. } => self.courier.give_up(hook, HookTrouble::Paused).await,
            Next::Gone => {
                tracing::warn!(hook.id = %hook, "webhook {hook} is told nothing more: its server says that it is gone");
                target.stored.stopped = Some(HookStopped::Gone);
                target.waiting.clear();
                // Here and not where it was tried: whoever switches it on again has seen this, and is heard after it.
                self.courier.stop(&target.stored).await;
                self.say_wanted();
            }
        }
    }

    /// Reads which hooks there are. What waits for one that is switched off is given up.
    async fn read_hooks(&mut self) {
        let stored = match self.courier.store.hooks().await {
            Ok(stored) => stored,
            Err(error) => return tracing::error!(%error, "the webhooks could not be read; those of before are told"),
        };
        let mut former = std::mem::take(&mut self.hooks);
        for stored in stored {
            let mut target = former.remove(&stored.id).unwrap_or_else(|| Target::new(stored.clone()));
            if stored.stopped.is_some() && target.stored.stopped.is_none() {
                target.waiting.clear();
                self.courier.give_up(stored.id, HookTrouble::Paused).await;
            }
            target.stored = stored;
            self.hooks.insert(target.stored.id, target);
        }
        self.say_wanted();
    }

    /// Takes up what waited when the server ended.
    async fn read_waiting(&mut self) {
        let waiting = match self.courier.store.waiting_deliveries().await {
            Ok(waiting) => waiting,
            Err(error) => return tracing::error!(%error, "what waits for webhooks could not be read; it waits on"),
        };
        let (now, now_ms) = (Instant::now(), clock::unix_ms());
        for (id, hook, due, tries) in waiting {
            // However the clock was set meanwhile, nothing waits for longer than the longest pause.
            let pause = Duration::from_millis(due.saturating_sub(now_ms)).min(delivery::LONGEST);
            let target = self.hooks.get_mut(&hook).filter(|target| target.stored.stopped.is_none());
            if let Some(target) = target {
                target.waiting.insert((now + pause, id), tries);
            }
        }
    }

    fn say_wanted(&self) {
        let any = self.hooks.values().any(|target| target.stored.stopped.is_none());
        self.wanted.store(any, Ordering::Relaxed);
    }

    fn say_standing(&self) {
        let standing = |target: &Target| Standing {
            waiting: target.waiting.len() + usize::from(target.busy),
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
        Self { stored, waiting: BTreeMap::new(), busy: false, left_out: 0 }
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
/// So many are written together.
const BATCH: usize = 256;
/// What waits for one hook: the end of that meeting. They lie in the database; in memory each is 40 bytes.
const WAITING: usize = 2_000;
/// How long what is on its way is waited for when the server ends: what is lost by that comes again after the start.
const LAST: Duration = Duration::from_secs(1);
