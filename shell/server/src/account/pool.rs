//! Heavy work (password hashes, pictures) on threads of its own, so much at once and no more (R1).
//!
//! A check of a password costs 19 MiB and tens of milliseconds on purpose. Without a bound, whoever sends many of them
//! takes the memory and the cores from the meetings.
//!
//! The threads are always the same few, and not tokio's: the allocator keeps what a thread once used, so that work which
//! wanders over many threads leaves its 19 MiB behind in each of them.

use std::{
    num::NonZero,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use proto::Refusal;
use tokio::sync::{Semaphore, oneshot};

use crate::http::Fault;

/// One piece of work; it keeps its result to itself.
type Job = Box<dyn FnOnce() + Send>;

/// The way to the threads. Clones share them; they end with the last of it.
#[derive(Debug, Clone)]
pub struct Pool {
    /// A place for everything that runs or waits.
    places: Arc<Semaphore>,
    /// Never longer than there are places.
    jobs: mpsc::Sender<Job>,
    running: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Pool {
    /// As many at once as there are cores.
    pub fn new() -> Self {
        Self::of(thread::available_parallelism().map_or(1, NonZero::get), QUEUE)
    }

    fn of(at_once: usize, queue: usize) -> Self {
        let (jobs, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for index in 0..at_once {
            let waiting = waiting.clone();
            let name = format!("heavy-{index}");
            let spawned = thread::Builder::new().name(name).spawn(move || work(&waiting));
            spawned.expect("a machine that has no room for this thread has none for the server");
        }
        Self { places: Arc::new(Semaphore::new(at_once + queue)), jobs, running: Arc::default(), most: Arc::default() }
    }

    /// Runs `work` when its turn comes. It runs to its end even when nobody waits for it any more.
    ///
    /// # Errors
    /// When too many wait already, or the work broke.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Refusal::ServerFull)?;
        let (running, most) = (self.running.clone(), self.most.clone());
        let (tell, told) = oneshot::channel();
        let job = move || {
            most.fetch_max(running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            let done = catch_unwind(AssertUnwindSafe(work));
            running.fetch_sub(1, Ordering::Relaxed);
            drop(place);
            // Whoever asked may have gone.
            let _ = tell.send(done);
        };
        // The threads live as long as this way to them does.
        let _ = self.jobs.send(Box::new(job));
        match told.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) | Err(_) => {
                tracing::error!("heavy work broke and was given up");
                Err(Fault::Internal)
            }
        }
    }

    /// The most that ever ran at once.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

/// One thread: a job after the other, until nobody can send any more.
fn work(waiting: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // Held while it waits: the others wait for the lock instead, and one of them has it as soon as a job is there.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(mpsc::RecvError) => return,
        }
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

/// Two seconds of work on two cores. Whoever comes then is told to try again, which is sooner than waiting would be.
const QUEUE: usize = 50;

#[cfg(test)]
mod tests {
    use std::sync::{Barrier, mpsc};

    use super::*;

    #[tokio::test]
    async fn so_many_at_once_and_no_more() {
        let pool = Pool::of(2, 1);
        let barrier = Arc::new(Barrier::new(3));
        let (started, mut running) = tokio::sync::mpsc::unbounded_channel();
        let work = |pool: &Pool| {
            let (pool, barrier, started) = (pool.clone(), barrier.clone(), started.clone());
            tokio::spawn(async move {
                pool.run(move || {
                    started.send(()).unwrap();
                    barrier.wait();
                })
                .await
            })
        };
        let both = [work(&pool), work(&pool)];
        running.recv().await.unwrap();
        running.recv().await.unwrap();
        let (sender, receiver) = mpsc::channel();
        let mut waiting = Box::pin(pool.run(move || sender.send(()).unwrap()));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert_eq!(pool.run(|| ()).await, Err(Refusal::ServerFull.into()), "no place is left to wait in");
        assert!(receiver.try_recv().is_err(), "it has no turn yet");
        let barrier = barrier.clone();
        tokio::task::spawn_blocking(move || barrier.wait()).await.unwrap();
        for one in both {
            one.await.unwrap().unwrap();
        }
        waiting.await.unwrap();
        receiver.recv().unwrap();
        assert_eq!(pool.most(), 2);
    }

    #[tokio::test]
    async fn what_breaks_gives_its_place_back() {
        let pool = Pool::of(1, 0);
        for _ in 0..3 {
            assert_eq!(pool.run(|| panic!("as the test wants")).await, Err::<(), _>(Fault::Internal));
        }
        assert_eq!(pool.run(|| 7).await, Ok(7));
    }
}
