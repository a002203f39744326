//! Lets the rooms of one caller be looked up a few at a time.
//!
//! A look-up counts as a wrong guess until it was right (see [`crate::http::limit`]). Without this, a school behind one address
//! whose pupils come together would look like somebody who guesses; with it, they wait for one another for a moment.

use std::hash::{BuildHasher as _, RandomState};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::http::Caller;

/// The queues; callers that share one by chance wait for each other as well.
#[derive(Debug)]
pub struct Guesses {
    queues: Vec<Semaphore>,
    chance: RandomState,
}

impl Default for Guesses {
    fn default() -> Self {
        Self { queues: (0..QUEUES).map(|_| Semaphore::new(AT_A_TIME)).collect(), chance: RandomState::new() }
    }
}

impl Guesses {
    /// Waits for the caller's turn.
    pub async fn turn(&self, caller: Caller) -> Option<SemaphorePermit<'_>> {
        let queue = self.chance.hash_one(caller.group()) as usize % QUEUES;
        self.queues.get(queue)?.acquire().await.ok()
    }
}

/// Queues: enough that strangers seldom share one.
const QUEUES: usize = 256;
/// Look-ups of one caller at a time: half of the wrong guesses that are allowed at once.
const AT_A_TIME: usize = 5;
