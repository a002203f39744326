//! What hooks are told is kept in the store before it is brought, and read from there when the server starts.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proto::{
    DeliveryId, HookId, Refusal,
    api::{HookStopped, HookTrouble},
};
use store::{StoredDelivery, StoredHook, Tried};
use tokio::time::Instant;

use super::{
    Target, Telling, WAITING,
    delivery::{BUSY, LONGEST},
    telling::{Kind, Told},
};
use crate::{clock, http::Fault};

impl Telling {
    /// Reads which hooks there are and, the first time, what waited when the server ended. What cannot be read is read again soon.
    pub(super) async fn read(&mut self) {
        let read = self.read_hooks().await && (self.took_up || self.take_up().await);
        self.again = (!read).then(|| Instant::now() + AGAIN);
    }

    /// Keeps what happened for each hook that wants it.
    pub(super) async fn take(&mut self, told: &[Told]) {
        let wants = |stored: &StoredHook, kind: Kind| {
            stored.stopped.is_none() && if kind == Kind::Rooms { stored.rooms } else { stored.calls }
        };
        let mut deliveries = Vec::new();
        let mut new = BTreeMap::<HookId, usize>::new();
        for told in told {
            let those: Vec<HookId> = self
                .hooks
                .values()
                .filter(|target| wants(&target.stored, told.kind))
                .map(|target| target.stored.id)
                .collect();
            for id in those {
                let new = new.entry(id).or_default();
                if let Some(delivery) = self.delivery(id, told, *new) {
                    *new += 1;
                    deliveries.push(delivery);
                }
            }
        }
        self.keep(deliveries).await;
    }

    /// What a hook is to be told, beside so many that are new; nothing when too much waits for it.
    pub(super) fn delivery(&mut self, hook: HookId, told: &Told, new: usize) -> Option<StoredDelivery> {
        let id = self.next_id();
        let target = self.hooks.get_mut(&hook)?;
        let was_full = std::mem::replace(&mut target.full, target.waiting.len() + new >= WAITING);
        if target.full {
            if !was_full {
                tracing::warn!(hook.id = %hook, "so much waits for webhook {hook} that it is not told all that happens");
            }
            target.left_out += 1;
            return None;
        }
        let tried = Tried { due: Some(clock::unix_ms()), ..Tried::default() };
        let (event, body) = (told.name.to_owned(), told.body.clone());
        Some(StoredDelivery { id, hook, event, body, at: told.at, tried })
    }

    /// Says whether all of it is kept.
    pub(super) async fn keep(&mut self, deliveries: Vec<StoredDelivery>) -> bool {
        let mut all = !deliveries.is_empty();
        for together in deliveries.chunks(TOGETHER) {
            // A store that was busy for that long may be so for longer, and asks wait meanwhile.
            let kept = self.courier.keep(together, if all { BUSY } else { &[] }).await;
            all &= kept;
            let now = Instant::now();
            for delivery in together {
                match self.hooks.get_mut(&delivery.hook) {
                    Some(target) if kept => drop(target.waiting.insert((now, delivery.id), 0)),
                    Some(target) => target.left_out += 1,
                    None => {}
                }
            }
        }
        all
    }

    /// Keeps that a hook is told once more what is in its log. How often it was tried stays: what was given up after the last try is tried
    /// once, and what was taken is tried like anything that failed so often.
    pub(super) async fn again(&mut self, hook: HookId, id: DeliveryId) -> Result<(), Fault> {
        let target = self.hooks.get_mut(&hook).ok_or(Refusal::NotFound)?;
        if target.stored.stopped.is_some() {
            return Err(Refusal::BadSetting.into());
        }
        if target.waiting.keys().any(|(_, known)| *known == id) {
            return Err(Refusal::AlreadyWaiting.into());
        }
        if target.waiting.len() >= WAITING {
            return Err(Refusal::TooMany.into());
        }
        let store = &self.courier.store;
        let known = store.delivery(id).await?.filter(|known| known.hook == hook).ok_or(Refusal::NotFound)?;
        // How it went is written before it comes back here: whoever read that may ask for it at once.
        if target.busy == Some(id) && known.tried.due.is_some() {
            return Err(Refusal::AlreadyWaiting.into());
        }
        if !store.tell_again(hook, id, clock::unix_ms()).await? {
            return Err(Refusal::NotFound.into());
        }
        target.waiting.insert((Instant::now(), id), known.tried.tries);
        Ok(())
    }

    /// What waits for a hook that is switched off is given up.
    async fn read_hooks(&mut self) -> bool {
        let stored = match self.courier.store.hooks().await {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(%error, "the webhooks could not be read; those of before are told, and it is tried again");
                return false;
            }
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
        self.known = true;
        self.say_wanted();
        true
    }

    /// Takes up what waited when the server ended.
    async fn take_up(&mut self) -> bool {
        let waiting = match self.courier.store.waiting_deliveries().await {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::error!(%error, "what waits for webhooks could not be read; it is tried again");
                return false;
            }
        };
        // Where it could not be read at once, something may have happened since.
        let known: BTreeSet<DeliveryId> = self.hooks.values().flat_map(Target::ids).collect();
        let mut stopped = BTreeMap::new();
        let (now, now_ms) = (Instant::now(), clock::unix_ms());
        for (id, hook, due, tries) in waiting.into_iter().filter(|(id, ..)| !known.contains(id)) {
            let Some(target) = self.hooks.get_mut(&hook) else { continue };
            if let Some(why) = target.stored.stopped {
                stopped.insert(hook, why);
                continue;
            }
            // However the clock was set meanwhile, nothing waits for longer than the longest pause.
            let pause = Duration::from_millis(due.saturating_sub(now_ms)).min(LONGEST);
            target.waiting.insert((now + pause, id), tries);
        }
        // The server ended before that was done, or the store did not take it.
        for (hook, why) in stopped {
            let trouble = match why {
                HookStopped::Paused => HookTrouble::Paused,
                HookStopped::Gone => HookTrouble::Gone,
            };
            self.courier.give_up(hook, trouble).await;
        }
        self.took_up = true;
        true
    }
}

impl Target {
    /// What waits for it or is on its way there.
    fn ids(&self) -> impl Iterator<Item = DeliveryId> {
        self.waiting.keys().map(|(_, id)| *id).chain(self.busy)
    }
}

/// So many are written together: each is a statement, and all who write wait for those of one write.
const TOGETHER: usize = 100;
/// How soon what could not be read is read again: long for a database that is away, short for whoever waits for what happened.
const AGAIN: Duration = Duration::from_secs(5);
