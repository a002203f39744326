//! Every task of the server is started here, so that each has a name, an end, and a guard.

use std::{
    future::Future,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// All tasks of one server, and the two words that end them.
#[derive(Debug, Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    /// Said first: take nothing new, finish what is under way.
    pub stop: CancellationToken,
    /// Said last: end at once.
    pub cut: CancellationToken,
    panics: Arc<AtomicU64>,
}

impl Tasks {
    /// Starts a task that ends when `token` says so. A panic ends this task alone and is counted.
    pub fn spawn(
        &self,
        name: &'static str,
        token: &CancellationToken,
        future: impl Future<Output = ()> + Send + 'static,
    ) {
        let (token, panics) = (token.clone(), self.panics.clone());
        // In a box: each of the layers around would else have room for it of its own.
        let future = AssertUnwindSafe(Box::pin(future)).catch_unwind();
        self.tracker.spawn(async move {
            let ended = token.run_until_cancelled_owned(future).await;
            if let Some(Err(_)) = ended {
                panics.fetch_add(1, Ordering::Relaxed);
                tracing::error!(task = name, "a task broke and was ended; the others go on");
            }
        });
    }

    /// How many tasks broke.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Waits for all tasks to end by themselves, at most for `limit`, then cuts those that remain. Says whether none did.
    /// A task that hangs without giving way cannot be cut, and is waited for no longer than [`CUT`].
    pub async fn drain(&self, limit: Duration) -> bool {
        self.tracker.close();
        let drained = tokio::time::timeout(limit, self.tracker.wait()).await.is_ok();
        self.cut.cancel();
        if tokio::time::timeout(CUT, self.tracker.wait()).await.is_err() {
            tracing::error!(tasks = self.tracker.len(), "tasks hang and are left behind");
        }
        drained
    }
}

/// How long tasks that are cut may take to end. They end where they wait next, which is at once unless they hang.
const CUT: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_one_task_and_is_counted() {
        let tasks = Tasks::default();
        tasks.spawn("broken", &tasks.cut, async { panic!("as the test wants") });
        assert!(tasks.drain(Duration::from_secs(5)).await);
        assert_eq!(tasks.panics(), 1);
    }

    #[tokio::test]
    async fn what_does_not_end_is_cut() {
        let tasks = Tasks::default();
        tasks.spawn("endless", &tasks.cut, std::future::pending());
        assert!(!tasks.drain(Duration::ZERO).await);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_hangs_without_giving_way_is_left_behind() {
        let tasks = Tasks::default();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = tokio::sync::oneshot::channel();
        tasks.spawn("hung", &tasks.cut, async move {
            begun.send(()).unwrap();
            // Holds its thread until the other side is gone.
            let _ = released.recv();
        });
        begins.await.unwrap();
        assert!(!tasks.drain(Duration::ZERO).await);
        drop(release);
    }
}
