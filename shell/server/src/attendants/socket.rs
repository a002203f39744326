//! One attendant's socket: messages to it as JSON texts, and nothing that it says is looked at.
//!
//! A silent one is given up, one that floods is read more slowly, one that takes nothing is cut; and it ends with whatever it
//! came in by: the session, the app password, the account.

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use proto::{AccountId, api::Heard};
use tokio::time::{MissedTickBehavior, interval, timeout, timeout_at};

use super::Seat;
use crate::{
    account::{app_passwords, session},
    clock,
    events::{self, endings},
    http::{App, Fault},
    session::pace::Pace,
};

/// By what a program came in, asked again as long as it is there.
#[derive(Debug, Clone)]
pub enum By {
    /// The session of this secret.
    Session(String),
    /// The app password of this hash.
    AppPassword(Vec<u8>),
}

/// Carries one socket until it ends.
pub async fn run(socket: WebSocket, seat: Seat, account: AccountId, by: By, app: &Arc<App>) {
    tracing::debug!(account.id = %account, "a program of account {account} attends");
    let cut = seat.cut.clone();
    let ended =
        AssertUnwindSafe(cut.run_until_cancelled(converse(socket, seat, account, &by, app))).catch_unwind().await;
    let end = ended.unwrap_or_else(|panic| resume_unwind(panic)).map_or("cut", End::name);
    tracing::debug!(account.id = %account, end, "a program of account {account} attends no more");
}

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The server stops.
    Stopping,
    /// The program closed the socket, or the network did.
    Gone,
    /// Nothing was heard for too long.
    Silent,
    /// The program sent a message beyond the limit.
    TooLarge,
    /// What it came in by is good no more.
    SignedOut,
    /// The program takes nothing.
    Stuck,
}

impl End {
    fn name(self) -> &'static str {
        match self {
            Self::Stopping => "server stops",
            Self::Gone => "closed by the program",
            Self::Silent => "silent",
            Self::TooLarge => "message too large",
            Self::SignedOut => "signed out",
            Self::Stuck => "program takes nothing",
        }
    }

    /// The code with which the socket is closed, where somebody is there to read it.
    fn code(self) -> Option<u16> {
        match self {
            Self::Gone | Self::Stuck => None,
            // It is expected back: programs say so.
            Self::Stopping => Some(close_code::RESTART),
            Self::Silent | Self::SignedOut => Some(close_code::POLICY),
            Self::TooLarge => Some(close_code::SIZE),
        }
    }
}

async fn converse(socket: WebSocket, mut seat: Seat, account: AccountId, by: &By, app: &Arc<App>) -> End {
    let (mut sink, mut stream) = socket.split();
    let channel = seat.channel.clone();
    let write = async {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first tick is at once.
        beat.tick().await;
        let mut message = text(&Heard::Attending { channel });
        loop {
            match timeout(STUCK, sink.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return End::Gone,
                Err(_) => return End::Stuck,
            }
            message = tokio::select! {
                biased;
                heard = seat.inbox.recv() => match heard {
                    Some(heard) => text(&heard),
                    // It was taken off the list, and is cut.
                    None => return End::Stuck,
                },
                _ = beat.tick() => Message::Ping(Default::default()),
            };
        }
    };
    let read = async {
        let mut pace = Pace::new(Instant::now());
        loop {
            // Whatever comes is a sign of life: answers to our pings above all.
            match timeout_at(tokio::time::Instant::now() + SILENT, stream.next()).await {
                Err(_) => return End::Silent,
                Ok(Some(Err(error))) if events::is_too_large(&error) => return End::TooLarge,
                Ok(None | Some(Err(_) | Ok(Message::Close(_)))) => return End::Gone,
                Ok(Some(Ok(_))) => {}
            }
            let wait = pace.take(Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
        }
    };
    let end = tokio::select! {
        end = write => end,
        end = read => end,
        () = endings::over(&app.endings, account, || by.is_good(app)) => End::SignedOut,
        () = app.tasks.stop.cancelled() => End::Stopping,
    };
    // Off the list before it takes its leave, for which it may need a while.
    drop(seat);
    let Some(code) = end.code() else { return end };
    let close = sink.send(Message::Close(Some(CloseFrame { code, reason: end.name().into() })));
    if matches!(timeout(GOODBYE, close).await, Ok(Ok(()))) {
        // Dropping a socket with unread bytes in it would reset the connection.
        let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = stream.next().await {} }).await;
    }
    end
}

impl By {
    /// Whether it is still good: it may have been removed, or its account shut out.
    async fn is_good(&self, app: &App) -> Result<bool, Fault> {
        Ok(match self {
            Self::Session(secret) => session::of(&app.store, secret, clock::unix_ms()).await?.is_some(),
            Self::AppPassword(hash) => app_passwords::of_hash(&app.store, hash).await?.is_some(),
        })
    }
}

fn text(heard: &Heard) -> Message {
    Message::Text(serde_json::to_string(heard).expect("what is told has no maps whose keys are no texts").into())
}

/// The largest message of a program. Nothing that it says is looked at.
pub const LARGEST: usize = 4 * 1024;
/// How often it is asked whether it is there: within what routers and proxies keep a line that is still, a minute.
const BEAT: Duration = Duration::from_secs(25);
/// Silence after which it is given up: two answers that did not come.
const SILENT: Duration = Duration::from_secs(65);
/// How long one message may wait for its network to take it.
const STUCK: Duration = Duration::from_secs(15);
/// How long a last word may take.
const GOODBYE: Duration = Duration::from_secs(2);
