//! The hub task: owns the [`Hub`], feeds it, carries out what it decides.
//!
//! Nothing is decided here, and nothing slow runs here. The queues that belong to this file:
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | sessions and requests to hub | [`INBOX`] | whoever sends waits: a flooding client slows only itself |
//! | media threads to hub | [`EVENTS`] | see [`crate::media`] |
//! | hub to session | [`OUTBOX`] and [`OUTBOX_BYTES`] | the session is cut; its client comes back to a fresh state |

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use hub::{Answer, Counts, Hub, Input, Join, Note, Output, Question};
use proto::{
    SessionId,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{clock, keys::Keys, media, token};

/// What the rest of the server knows of the hub.
#[derive(Debug, Clone)]
pub struct Control {
    inbox: mpsc::Sender<Message>,
    sessions: Arc<AtomicU64>,
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
    /// Inputs taken since the start.
    pub inputs: u64,
    /// Time spent in the hub since the start, outputs included.
    pub busy: Duration,
    /// The longest single stay in the hub.
    pub longest: Duration,
    /// Inputs that broke the hub's own promises and were given up.
    pub broken: u64,
    /// Sessions cut because their client did not keep up.
    pub overflowed: u64,
    /// Whether each media thread still took the last command sent to it.
    pub media_alive: bool,
}

enum Message {
    Open { session: SessionId, outlet: Outlet, join: Box<Join> },
    Signal { session: SessionId, request: Box<Request> },
    Gone { session: SessionId },
    Ask { question: Question, answer: oneshot::Sender<Answer> },
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
        let outlet = Outlet { outbox: sender, waiting: Arc::default(), cut: CancellationToken::new() };
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

    /// Says that a socket is gone.
    pub async fn gone(&self, session: SessionId) {
        // When the hub is gone as well, nobody is left who would have to know.
        let _ = self.send(Message::Gone { session }).await;
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

    /// Asks how the hub is doing.
    ///
    /// # Errors
    /// When the server is ending.
    pub async fn report(&self) -> Result<Report, Closed> {
        let (answer, asked) = oneshot::channel();
        self.send(Message::Report { answer }).await?;
        asked.await.map_err(|_| Closed)
    }

    /// Says that the server stops: everybody is told and nobody taken in.
    pub async fn stop(&self) {
        let _ = self.send(Message::Stop).await;
    }

    async fn send(&self, message: Message) -> Result<(), Closed> {
        self.inbox.send(message).await.map_err(|_| Closed)
    }
}

/// The hub and all that it acts upon.
pub struct Driver {
    hub: Hub,
    keys: Keys,
    media: Vec<media::Handle>,
    inbox: mpsc::Receiver<Message>,
    events: mpsc::Receiver<Input>,
    lines: BTreeMap<SessionId, Outlet>,
    asks: BTreeMap<u64, oneshot::Sender<Answer>>,
    next_ask: u64,
    report: Report,
}

struct Outlet {
    outbox: mpsc::Sender<Outgoing>,
    waiting: Arc<AtomicUsize>,
    cut: CancellationToken,
}

/// The queue through which media threads report.
pub fn events() -> (mpsc::Sender<Input>, mpsc::Receiver<Input>) {
    mpsc::channel(EVENTS)
}

impl Driver {
    /// Puts `hub` between the sessions and the media threads.
    pub fn new(hub: Hub, keys: Keys, media: Vec<media::Handle>, events: mpsc::Receiver<Input>) -> (Self, Control) {
        let (sender, inbox) = mpsc::channel(INBOX);
        let driver = Self {
            hub,
            keys,
            media,
            inbox,
            events,
            lines: BTreeMap::new(),
            asks: BTreeMap::new(),
            next_ask: 0,
            report: Report { media_alive: true, ..Report::default() },
        };
        (driver, Control { inbox: sender, sessions: Arc::default() })
    }

    /// Runs until every [`Control`] is gone.
    pub async fn run(mut self) {
        loop {
            let timeout = self.hub.poll_timeout().map(tokio::time::Instant::from_std);
            let due = async {
                match timeout {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                message = self.inbox.recv() => match message {
                    Some(message) => self.message(message),
                    None => return,
                },
                // The server keeps the threads' end of this queue open as long as it keeps a `Control`.
                Some(event) = self.events.recv() => self.handle(event),
                () = due => self.handle(Input::Timeout),
            }
        }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Open { session, outlet, join } => {
                self.lines.insert(session, outlet);
                self.handle(Input::Join { session, join });
            }
            Message::Signal { session, request } if self.lines.contains_key(&session) => {
                self.handle(Input::Signal { session, request });
            }
            // What a cut session said before it noticed.
            Message::Signal { .. } => {}
            Message::Gone { session } => self.end(session),
            Message::Ask { question, answer } => {
                let ask = self.next_ask;
                self.next_ask += 1;
                self.asks.insert(ask, answer);
                self.handle(Input::Ask { ask, question });
                // A question is answered at once or never.
                self.asks.remove(&ask);
            }
            Message::Report { answer } => {
                let ask = self.next_ask;
                self.next_ask += 1;
                let (sender, mut counts) = oneshot::channel();
                self.asks.insert(ask, sender);
                self.handle(Input::Ask { ask, question: Question::Counts });
                self.asks.remove(&ask);
                if let Ok(Answer::Counts(counts)) = counts.try_recv() {
                    self.report.counts = counts;
                }
                self.report.sessions = self.lines.len();
                // Whoever asked may have gone away meanwhile.
                let _ = answer.send(self.report);
            }
            Message::Stop => self.handle(Input::Stop),
        }
    }

    /// Tells the hub, once, that a session is over.
    fn end(&mut self, session: SessionId) {
        if let Some(outlet) = self.lines.remove(&session) {
            outlet.cut.cancel();
            self.handle(Input::Gone { session });
        }
    }

    /// One turn: handle, then drain. Sessions that cannot keep up are ended after it.
    fn handle(&mut self, input: Input) {
        let session = match &input {
            Input::Join { session, .. } | Input::Signal { session, .. } => Some(*session),
            _ => None,
        };
        let mut behind = Vec::new();
        let began = Instant::now();
        let turn = catch_unwind(AssertUnwindSafe(|| {
            self.hub.handle(began, input);
            while let Some(output) = self.hub.poll_output() {
                if let Some(session) = self.carry_out(output) {
                    behind.push(session);
                }
            }
        }));
        let spent = began.elapsed();
        self.report.inputs += 1;
        self.report.busy += spent;
        self.report.longest = self.report.longest.max(spent);
        if turn.is_err() {
            self.report.broken += 1;
            tracing::error!(session.id = session.map(|s| s.0), "the hub broke over one input, which is given up");
            behind.extend(session);
        }
        for session in behind {
            self.end(session);
        }
    }

    /// Does what the hub decided. Gives back a session that could not take it.
    fn carry_out(&mut self, output: Output) -> Option<SessionId> {
        match output {
            Output::Send { session, response } => self.send(session, Outgoing::Response(response)),
            Output::Close { session } => self.send(session, Outgoing::Close),
            Output::RefreshToken { session, pass } => {
                let token = token::sign(&self.keys, &pass, clock::unix(), token::LIFE);
                self.send(session, Outgoing::Response(Box::new(Response::RefreshToken(token))))
            }
            Output::Media { shard, command } => {
                let sent = self.media.get(usize::from(shard.0)).map(|handle| handle.send(*command));
                if sent != Some(Ok(())) && self.report.media_alive {
                    self.report.media_alive = false;
                    tracing::error!(shard = shard.0, "a media thread takes no more commands; restart the server");
                }
                None
            }
            Output::Answer { ask, answer } => {
                if let Some(asked) = self.asks.remove(&ask) {
                    let _ = asked.send(answer);
                }
                None
            }
            Output::Note(note) => {
                write_down(note);
                None
            }
        }
    }

    fn send(&mut self, session: SessionId, outgoing: Outgoing) -> Option<SessionId> {
        let outlet = self.lines.get(&session)?;
        let size = match &outgoing {
            Outgoing::Response(response) => response.encoded_len(),
            Outgoing::Close => 0,
        };
        // Counted before it is taken: one message may be as large as a full room, a heap of them may not.
        let full = outlet.waiting.fetch_add(size, Ordering::Relaxed) > OUTBOX_BYTES;
        match if full { Err(mpsc::error::TrySendError::Full(outgoing)) } else { outlet.outbox.try_send(outgoing) } {
            Ok(()) => None,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.report.overflowed += 1;
                tracing::warn!(session.id = session.0, "session {} does not keep up and is cut", session.0);
                Some(session)
            }
            // The session has ended and its `Gone` is on the way.
            Err(mpsc::error::TrySendError::Closed(_)) => None,
        }
    }
}

fn write_down(note: Note) {
    match note {
        Note::RoomOpened { room, shard } => {
            tracing::info!(room.id = %room, shard = shard.0, "room {room} opened");
        }
        Note::RoomClosed { room } => tracing::info!(room.id = %room, "room {room} closed"),
        Note::Joined { room, participant } => {
            tracing::info!(room.id = %room, participant.id = %participant, "participant {participant} joined room {room}");
        }
        Note::Resumed { room, participant } => {
            tracing::info!(room.id = %room, participant.id = %participant, "participant {participant} came back to room {room}");
        }
        Note::Left { room, participant, reason } => {
            let reason = reason.as_str_name();
            tracing::info!(room.id = %room, participant.id = %participant, reason, "participant {participant} left room {room}");
        }
        Note::Refused { session, refusal } => {
            tracing::debug!(session.id = session.0, refusal = refusal.code(), "session {} was refused", session.0);
        }
        Note::OfferRefused { participant, why } => {
            // One line in the log, whatever a parser had to say.
            let why = why.replace(['\r', '\n'], " ");
            tracing::warn!(participant.id = %participant, why, "an offer of participant {participant} was refused");
        }
    }
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
