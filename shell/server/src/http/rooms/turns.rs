//! Lets the policy of one room be changed by one request at a time, from the decision to the disk: otherwise the later of two
//! decisions could be written first, and be overwritten by the earlier.

use std::hash::{BuildHasher as _, RandomState};

use proto::RoomId;
use tokio::sync::{Mutex, MutexGuard};

/// The queues; rooms that share one by chance wait for each other as well.
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
    /// Waits for the room's turn; it ends when what is given back is dropped.
    pub async fn turn(&self, room: RoomId) -> Option<MutexGuard<'_, ()>> {
        let queue = self.chance.hash_one(room) as usize % QUEUES;
        Some(self.queues.get(queue)?.lock().await)
    }
}

/// Queues: enough that busy rooms seldom share one.
const QUEUES: usize = 256;
