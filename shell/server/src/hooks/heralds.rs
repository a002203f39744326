//! The way from the hub to the task. The hub waits for nobody: what is not taken is left out and counted.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use hub::Happened;
use tokio::sync::mpsc::{self, error::TrySendError};

use super::QUEUE;

/// The way from the hub to the task.
#[derive(Debug, Clone)]
pub struct Heralds {
    pub(super) queue: mpsc::Sender<Box<Happened>>,
    pub(super) wanted: Arc<AtomicBool>,
    missed: Arc<AtomicU64>,
}

/// The end of it that the task has.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) queue: mpsc::Receiver<Box<Happened>>,
    /// Whether there is any hook that could want it.
    wanted: Arc<AtomicBool>,
    /// How much the queue did not take, and the task has not counted yet.
    missed: Arc<AtomicU64>,
}

/// Both ends. Until it is known that there is no hook, there may be one.
pub(super) fn heralds() -> (Heralds, Heard) {
    let (sender, queue) = mpsc::channel(QUEUE);
    let (wanted, missed) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
    (Heralds { queue: sender, wanted: wanted.clone(), missed: missed.clone() }, Heard { queue, wanted, missed })
}

impl Heralds {
    /// A way that leads nowhere, for hubs of which nobody outside hears.
    pub fn to_nobody() -> Self {
        Self { queue: mpsc::channel(1).0, wanted: Arc::default(), missed: Arc::default() }
    }

    /// Hands over what happened. Nobody waits for that: what is not taken is left out.
    pub fn tell(&self, happened: Box<Happened>) {
        if !self.wanted.load(Ordering::Relaxed) {
            return;
        }
        match self.queue.try_send(happened) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                // Only the first since the task counted is worth a line.
                if self.missed.fetch_add(1, Ordering::Relaxed) == 0 {
                    tracing::warn!(
                        "so much happens at once that webhooks are not told all of it; the console counts it"
                    );
                }
            }
            Err(TrySendError::Closed(_)) => {
                // It ends with the hub, so it broke. Nothing is wanted any more, and this is said once.
                if self.wanted.swap(false, Ordering::Relaxed) {
                    tracing::error!(
                        "the task that tells webhooks is gone: they are told nothing until the server starts again"
                    );
                }
            }
        }
    }
}

impl Heard {
    /// Says whether there is any hook that could want it.
    pub(super) fn want(&self, any: bool) {
        self.wanted.store(any, Ordering::Relaxed);
    }

    /// How much the queue did not take since it was last asked.
    pub(super) fn take_missed(&self) -> u64 {
        self.missed.swap(0, Ordering::Relaxed)
    }
}
