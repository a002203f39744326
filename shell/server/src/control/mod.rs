//! The hub task: owns the [`Hub`], feeds it, carries out what it decides.
//!
//! Nothing is decided here, and nothing slow runs here. The queues that belong to this file:
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | sessions and requests to hub | [`INBOX`] | whoever sends waits: a flooding client slows only itself |
//! | media threads to hub | [`EVENTS`] | see [`crate::media`] |
//! | hub to session | [`OUTBOX`] and [`OUTBOX_BYTES`] | the session is cut; its client comes back to a fresh state |
//! | hub to store | the newest of each room, see [`memories`] | it replaces the older |
//! | hub to those who wake browsers | see [`crate::push`] | nobody is woken for that ring |
//! | hub to those who tell webhooks | see [`crate::hooks`] | no webhook is told that |
//! | hub to page | see [`pages`] | the event socket is cut; the page comes back to a fresh state |
//!
//! The task itself is in `driver`; this file holds what the rest of the server knows of it.

mod driver;
pub mod memories;
pub mod pages;

#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use hub::{Answer, Arrival, Counts, Input, Join, Question, Visit};
use proto::{
    CallId, LineId, Memory, Policy, RoomName, SessionId,
    call::CallRecord,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

pub use driver::{Driver, Ways};
use pages::Page;

/// What the rest of the server knows of the hub.
#[derive(Debug, Clone)]
pub struct Control {
    inbox: mpsc::Sender<Message>,
    sessions: Arc<AtomicU64>,
    lines: Arc<AtomicU64>,
}

/// The hub takes nothing more: the server is ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hub takes nothing more")]
pub struct Closed;

/// One signalling socket, as the hub task knows it.
#[derive(Debug)]
pub struct Line {
    /// Its number.
    pub session: SessionId,
    /// What to send, in order.
    pub outbox: mpsc::Receiver<Outgoing>,
    /// The bytes in `outbox`; whoever takes a response out takes its size off here once it is sent.
    pub waiting: Arc<AtomicUsize>,
    /// Says that the socket has to be dropped at once.
    pub cut: CancellationToken,
}

/// What a session is told.
#[derive(Debug)]
pub enum Outgoing {
    /// Send this.
    Response(Box<Response>),
    /// Close the socket after what was sent before.
    Close,
}

/// How the hub is doing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report {
    /// How much there is of everything.
    pub counts: Counts,
    /// Open sessions.
    pub sessions: usize,
    /// Open event sockets.
    pub pages: usize,
    /// Inputs taken since the start.
    pub inputs: u64,
    /// Time spent in the hub since the start, outputs included.
    pub busy: Duration,
    /// The longest single stay in the hub.
    pub longest: Duration,
    /// Inputs that broke the hub's own promises and were given up.
    pub broken: u64,
    /// Rooms that were ended for that.
    pub rooms_broken: u64,
    /// Sessions and event sockets cut because their client did not keep up.
    pub overflowed: u64,
}

enum Message {
    Open { session: SessionId, outlet: Outlet, join: Box<Join> },
    Signal { session: SessionId, request: Box<Request> },
    Gone { session: SessionId, closed: bool },
    Listen { line: LineId, outlet: pages::Outlet },
    Attend { line: LineId, visit: Box<Visit> },
    Quit { line: LineId },
    Here { line: LineId, arrival: Box<Arrival> },
    SignedOut { line: LineId },
    Deaf { line: LineId },
    Ask { question: Question, answer: oneshot::Sender<Answer> },
    Recall(Input),
    Kept { call: Option<CallId>, done: oneshot::Sender<bool> },
    Report { answer: oneshot::Sender<Report> },
    Stop,
}

impl Control {
    /// Opens a session for somebody whose token was good. The hub's first answer comes through the line.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn open(&self, join: Join) -> Result<Line, Closed> {
        let session = SessionId(self.sessions.fetch_add(1, Ordering::Relaxed));
        let (sender, outbox) = mpsc::channel(OUTBOX);
        let outlet =
            Outlet { outbox: sender, waiting: Arc::default(), cut: CancellationToken::new(), stage: Stage::Open };
        let line = Line { session, outbox, waiting: outlet.waiting.clone(), cut: outlet.cut.clone() };
        self.send(Message::Open { session, outlet, join: Box::new(join) }).await?;
        Ok(line)
    }

    /// Hands a request over; waits while the hub is busy.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn signal(&self, session: SessionId, request: Box<Request>) -> Result<(), Closed> {
        self.send(Message::Signal { session, request }).await
    }

    /// Says that a socket is gone; `closed`: because the client closed it as one does that goes away.
    pub async fn gone(&self, session: SessionId, closed: bool) {
        // When the hub is gone as well, nobody is left who would have to know.
        let _ = self.send(Message::Gone { session, closed }).await;
    }

    /// Opens an event socket. It is told nothing before it attends a room.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn listen(&self) -> Result<Page, Closed> {
        let line = LineId(self.lines.fetch_add(1, Ordering::Relaxed));
        let (outlet, page) = pages::open(line);
        self.send(Message::Listen { line, outlet }).await?;
        Ok(page)
    }

    /// Says that a page wants to be told of a room.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn attend(&self, line: LineId, visit: Visit) -> Result<(), Closed> {
        self.send(Message::Attend { line, visit: Box::new(visit) }).await
    }

    /// Says that a page wants to be told of no room any more. Who waits there stops waiting.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn quit(&self, line: LineId) -> Result<(), Closed> {
        self.send(Message::Quit { line }).await
    }

    /// Says whose page it is, and that it is there.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn here(&self, line: LineId, arrival: Arrival) -> Result<(), Closed> {
        self.send(Message::Here { line, arrival: Box::new(arrival) }).await
    }

    /// Says that the session of a page is over. Its socket is still open, and told nothing more.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn signed_out(&self, line: LineId) -> Result<(), Closed> {
        self.send(Message::SignedOut { line }).await
    }

    /// Says that an event socket is gone.
    pub async fn deaf(&self, line: LineId) {
        // As for `gone`.
        let _ = self.send(Message::Deaf { line }).await;
    }

    /// Asks about live state.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn ask(&self, question: Question) -> Result<Answer, Closed> {
        let (answer, asked) = oneshot::channel();
        self.send(Message::Ask { question, answer }).await?;
        asked.await.map_err(|_| Closed)
    }

    /// Waits until everything is written that has to be kept of meetings by now. Says whether it could be.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn kept(&self) -> Result<bool, Closed> {
        let (done, asked) = oneshot::channel();
        self.send(Message::Kept { call: None, done }).await?;
        asked.await.map_err(|_| Closed)
    }

    /// Waits until it is written how a call is by now. Says whether it could be.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn kept_call(&self, call: CallId) -> Result<bool, Closed> {
        let (done, asked) = oneshot::channel();
        self.send(Message::Kept { call: Some(call), done }).await?;
        asked.await.map_err(|_| Closed)
    }

    /// Gives the hub a meeting back that went on when the server ended.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn recall(&self, room: RoomName, policy: Policy, memory: Memory) -> Result<(), Closed> {
        self.send(Message::Recall(Input::Recall { room, policy, memory: Box::new(memory) })).await
    }

    /// Gives the hub a call back that was not over when the server ended. Comes before its room's meeting.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn recall_call(&self, call: CallRecord) -> Result<(), Closed> {
        self.send(Message::Recall(Input::RecallCall(Box::new(call)))).await
    }

    /// Asks how the hub is doing.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn report(&self) -> Result<Report, Closed> {
        let (answer, asked) = oneshot::channel();
        self.send(Message::Report { answer }).await?;
        asked.await.map_err(|_| Closed)
    }

    /// Says that the server stops: everybody is told and nobody taken in. Says whether the hub took that within `limit`.
    pub async fn stop(&self, limit: Duration) -> bool {
        timeout(limit, self.send(Message::Stop)).await.is_ok_and(|sent| sent.is_ok())
    }

    async fn send(&self, message: Message) -> Result<(), Closed> {
        self.inbox.send(message).await.map_err(|_| Closed)
    }
}

struct Outlet {
    outbox: mpsc::Sender<Outgoing>,
    waiting: Arc<AtomicUsize>,
    cut: CancellationToken,
    stage: Stage,
}

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It is told what there is to tell.
    Open,
    /// It was told everything, and that it closes.
    Closing,
    /// It did not keep up and is about to be cut.
    Behind,
}

/// The queue through which media threads report.
pub fn events() -> (mpsc::Sender<Input>, mpsc::Receiver<Input>) {
    mpsc::channel(EVENTS)
}

/// Messages of sessions and requests waiting for the hub.
///
/// The hub takes one within microseconds; this many wait only when it hangs, and then their senders wait too.
const INBOX: usize = 1024;
/// Events of all media threads waiting for the hub, which takes them as fast as messages of sessions.
const EVENTS: usize = 4096;
/// Messages waiting for one client.
///
/// A join of somebody into a room of 500 is a handful of messages. A client this far behind will not catch up: its
/// session is cut, and it comes back to a fresh state.
const OUTBOX: usize = 256;
/// Bytes waiting for one client before it counts as too far behind, so that clients which read nothing cannot fill our
/// memory: 200 of them from one address hold no more than 200 MB.
const OUTBOX_BYTES: usize = 1024 * 1024;
