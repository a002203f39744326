//! Lets the policy of one room, or the phone book of one person, be changed by one request at a time, from the decision to the disk: otherwise the later of two
//! decisions could be written first, and be overwritten by the earlier.

use std::hash::{BuildHasher as _, Hash, RandomState};

use tokio::sync::{Mutex, MutexGuard};

/// The queues; those that share one by chance wait for each other as well.
#[derive(Debug)]
pub struct Turns {
    queues: Vec<Mutex<()>>,
    chance: RandomState,
}

impl Default for Turns {
    fn default() -> Self {
        Self { queues: (0..QUEUES).map(|_| Mutex::default()).collect(), chance: RandomState::new() }
    }
}

impl Turns {
    /// Waits for the turn of a room, or of an account; it ends when what is given back is dropped.
    pub async fn turn(&self, whose: impl Hash) -> Option<MutexGuard<'_, ()>> {
        let queue = self.chance.hash_one(whose) as usize % QUEUES;
        Some(self.queues.get(queue)?.lock().await)
    }
}

/// Queues: enough that busy rooms seldom share one.
const QUEUES: usize = 256;
