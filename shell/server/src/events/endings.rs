//! Tells open sockets that sessions and app passwords have ended: each knows whose it is, and asks whether its own is still good.

use std::{future::Future, time::Duration};

use proto::AccountId;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{MissedTickBehavior, interval},
};

use crate::http::Fault;

/// The way to all sockets that end with what they were opened by.
#[derive(Debug, Clone)]
pub struct Endings(broadcast::Sender<AccountId>);

impl Default for Endings {
    fn default() -> Self {
        Self(broadcast::channel(WAITING).0)
    }
}

impl Endings {
    /// Says that sessions of an account, or app passwords, have ended.
    pub fn tell(&self, account: AccountId) {
        // Without any socket nobody has to know.
        let _ = self.0.send(account);
    }

    /// What is told from now on.
    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

/// One socket's end.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<AccountId>);

impl Listener {
    /// Waits until sessions of this account have ended, or may have.
    pub async fn ended(&mut self, account: AccountId) {
        loop {
            match self.0.recv().await {
                Ok(whose) if whose != account => {}
                // Whoever missed something asks: that is never wrong.
                Ok(_) | Err(RecvError::Lagged(_)) => return,
                Err(RecvError::Closed) => return std::future::pending().await,
            }
        }
    }
}

/// Waits until something of this account is good no more, which `is_good` says of it: asked when it may have ended, and each
/// [`ASKED_AGAIN`].
pub async fn over<F: Future<Output = Result<bool, Fault>>>(
    endings: &Endings,
    account: AccountId,
    is_good: impl Fn() -> F,
) {
    let mut endings = endings.listen();
    let mut again = interval(ASKED_AGAIN);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = endings.ended(account) => {}
            _ = again.tick() => {}
        }
        // What cannot be found out now is asked again.
        if matches!(is_good().await, Ok(false)) {
            return;
        }
    }
}

/// How often it is asked whether something is still good of which nobody said that it ended: it grew old, or was ended by hand in
/// the database.
const ASKED_AGAIN: Duration = Duration::from_secs(60);
/// Endings that wait for one socket, which takes them at once; one that missed some asks.
const WAITING: usize = 64;
