//! The hub task itself: one input in, all its outputs carried out, over and over.

use std::{
    collections::{BTreeMap, VecDeque},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use hub::{Answer, Hub, Input, Note, Output, Question};
use proto::{
    LineId, SessionId, Shard,
    livekit::signal_response::Message as Response,
    media::{Command, Event},
};
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};

use super::{
    Control, INBOX, Message, OUTBOX_BYTES, Outgoing, Outlet, Report, Stage,
    memories::Batch,
    pages::{Behind, Pages},
};
use crate::{
    clock,
    hooks::Heralds,
    keys::Keys,
    media::{self, lane::Lane},
    push::{Hush, Notice},
    token,
    turn::Relay,
};

/// Where the hub's words go besides sockets and media threads.
#[derive(Debug)]
pub struct Ways {
    /// To the store.
    pub memories: mpsc::Sender<Batch>,
    /// To those who wake browsers.
    pub push: mpsc::Sender<Notice>,
    /// To those who tell webhooks.
    pub heralds: Heralds,
}

/// The hub and all that it acts upon.
pub struct Driver {
    hub: Hub,
    keys: Keys,
    media: Vec<Lane>,
    relay: Relay,
    /// When the media threads that did not keep up are tried again.
    retry: Option<Instant>,
    inbox: mpsc::Receiver<Message>,
    events: mpsc::Receiver<Input>,
    memories: mpsc::Sender<Batch>,
    push: mpsc::Sender<Notice>,
    heralds: Heralds,
    /// What is to be kept and waits for the writer.
    unwritten: Batch,
    lines: BTreeMap<SessionId, Outlet>,
    pages: Pages,
    asks: BTreeMap<u64, oneshot::Sender<Answer>>,
    next_ask: u64,
    report: Report,
}

impl Driver {
    /// Puts `hub` between the sessions and the media threads.
    pub fn new(
        hub: Hub,
        keys: Keys,
        media: Vec<media::Handle>,
        relay: Relay,
        events: mpsc::Receiver<Input>,
        ways: Ways,
    ) -> (Self, Control) {
        let (sender, inbox) = mpsc::channel(INBOX);
        let driver = Self {
            hub,
            keys,
            media: (0..).map(Shard).zip(media).map(|(shard, handle)| Lane::new(shard, handle)).collect(),
            relay,
            retry: None,
            inbox,
            events,
            memories: ways.memories,
            push: ways.push,
            heralds: ways.heralds,
            unwritten: Batch::default(),
            lines: BTreeMap::new(),
            pages: Pages::default(),
            asks: BTreeMap::new(),
            next_ask: 0,
            report: Report::default(),
        };
        (driver, Control { inbox: sender, sessions: Arc::default(), lines: Arc::default() })
    }

    /// Runs until every [`Control`] is gone.
    pub async fn run(mut self) {
        let memories = self.memories.clone();
        loop {
            let (due, retry) = (at(self.hub.poll_timeout()), at(self.retry));
            tokio::select! {
                message = self.inbox.recv() => match message {
                    Some(message) => self.message(message),
                    None => return self.write_out().await,
                },
                // The server keeps the threads' end of this queue open as long as it keeps a `Control`.
                Some(event) = self.events.recv() => self.handle(event),
                permit = memories.reserve(), if !self.unwritten.is_empty() => {
                    let batch = std::mem::take(&mut self.unwritten);
                    // Without a writer nothing is kept, and whoever waits for that hears so.
                    if let Ok(permit) = permit {
                        permit.send(batch);
                    }
                }
                () = due => self.carry_on(VecDeque::new()),
                () = retry => self.retry(),
            }
        }
    }

    /// The last thing: nothing may be lost that waits for the writer.
    async fn write_out(self) {
        if !self.unwritten.is_empty() {
            // Without a writer there is nobody to give it to.
            let _ = self.memories.send(self.unwritten).await;
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
            Message::Gone { session, closed } => {
                if self.cut(Far::Session(session)).is_some() {
                    self.handle(Input::Gone { session, closed });
                }
            }
            Message::Listen { line, outlet } => self.pages.add(line, outlet),
            Message::Attend { line, visit } if self.pages.contains(line) => {
                self.handle(Input::Attend { line, visit });
            }
            Message::Quit { line } if self.pages.contains(line) => self.handle(Input::Quit { line }),
            Message::SignedOut { line } if self.pages.contains(line) => self.handle(Input::SignedOut { line }),
            Message::Here { line, arrival } if self.pages.contains(line) => self.handle(Input::Here { line, arrival }),
            // What a cut page said before it noticed.
            Message::Attend { .. } | Message::Quit { .. } | Message::SignedOut { .. } | Message::Here { .. } => {}
            Message::Deaf { line } => self.end(Far::Page(line)),
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
                self.report.pages = self.pages.count();
                // Whoever asked may have gone away meanwhile.
                let _ = answer.send(self.report);
            }
            Message::Recall(meeting) => self.handle(meeting),
            Message::Kept { call, done } => self.unwritten.tell(call, done),
            Message::Stop => self.handle(Input::Stop),
        }
    }

    /// Tells the hub, once, that a session or a page is over.
    fn end(&mut self, far: Far) {
        if let Some(input) = self.cut(far) {
            self.handle(input);
        }
    }

    /// Drops a socket; what the hub has to hear of that, unless it was dropped before.
    fn cut(&mut self, far: Far) -> Option<Input> {
        match far {
            Far::Session(session) => self.lines.remove(&session).map(|outlet| {
                outlet.cut.cancel();
                Input::Gone { session, closed: false }
            }),
            Far::Page(line) => self.pages.remove(line).then_some(Input::Deaf { line }),
        }
    }

    /// Takes in what happened, and all that follows.
    fn handle(&mut self, input: Input) {
        self.carry_on(VecDeque::from([input]));
    }

    /// One turn for each: handle, then drain. Then follows what it came to: sessions that cannot keep up are ended, and the
    /// hub hears of peers whom no media thread can serve. What is due has turns of its own, before anything else: what breaks
    /// over it swallows nobody's message.
    fn carry_on(&mut self, mut inputs: VecDeque<Input>) {
        let now = Instant::now();
        // It ends: nothing is due twice, each session is ended once, and ending a peer asks a media thread for nothing that
        // it could refuse.
        loop {
            let due = self.hub.poll_timeout().is_some_and(|due| due <= now);
            let Some(input) = due.then_some(Input::Timeout).or_else(|| inputs.pop_front()) else { return };
            for consequence in self.turn(now, input) {
                match consequence {
                    Consequence::Behind(far) => inputs.extend(self.cut(far)),
                    Consequence::Unserved(input) => inputs.push_back(*input),
                }
            }
        }
    }

    fn turn(&mut self, now: Instant, input: Input) -> Vec<Consequence> {
        let far = match &input {
            Input::Join { session, .. } | Input::Signal { session, .. } => Some(Far::Session(*session)),
            Input::Attend { line, .. } | Input::Here { line, .. } => Some(Far::Page(*line)),
            _ => None,
        };
        let mut consequences = Vec::new();
        let began = Instant::now();
        let turn = catch_unwind(AssertUnwindSafe(|| {
            self.hub.handle(now, input);
            while let Some(output) = self.hub.poll_output() {
                consequences.extend(self.carry_out(output));
            }
        }));
        let spent = began.elapsed();
        self.report.inputs += 1;
        self.report.busy += spent;
        self.report.longest = self.report.longest.max(spent);
        if turn.is_err() {
            self.report.broken += 1;
            tracing::error!(?far, "the hub broke over one input, which is given up");
            let given_up = catch_unwind(AssertUnwindSafe(|| {
                let room = self.hub.give_up();
                while let Some(output) = self.hub.poll_output() {
                    consequences.extend(self.carry_out(output));
                }
                room
            }));
            self.report.rooms_broken += u64::from(given_up.is_ok_and(|room| room));
            // Who had a place in a room that ended was told to come anew; everybody else would wait for an answer for ever.
            let waits = far.filter(|far| !self.is_closing(*far));
            consequences.extend(waits.map(Consequence::Behind));
        }
        consequences
    }

    /// Does what the hub decided.
    fn carry_out(&mut self, output: Output) -> Option<Consequence> {
        match output {
            Output::Send { session, response } => self.send(session, Outgoing::Response(response)),
            Output::Close { session } => self.send(session, Outgoing::Close),
            Output::RefreshToken { session, pass } => {
                let token = token::sign(&self.keys, &pass, clock::unix(), token::LIFE);
                self.send(session, Outgoing::Response(Box::new(Response::RefreshToken(token))))
            }
            Output::Media { shard, command } => {
                if let Command::RemovePeer { peer } = &*command {
                    self.relay.revoke(*peer);
                }
                self.tell_media(shard, command)
            }
            Output::Answer { ask, answer } => {
                if let Some(asked) = self.asks.remove(&ask) {
                    let _ = asked.send(answer);
                }
                None
            }
            Output::Tell { line, event } => {
                let told = self.pages.tell(line, event);
                self.kept_up(line, told)
            }
            Output::Admit { line, pass } => {
                let told = self.pages.admit(line, pass);
                self.kept_up(line, told)
            }
            Output::Remember { room, memory } => {
                self.unwritten.put(room, memory);
                None
            }
            Output::KeepCall(record) => {
                self.unwritten.put_call(record);
                None
            }
            Output::Wake { call, account, until, here } => {
                self.tell_push(Notice::Wake { call, account, until, here });
                None
            }
            Output::Hush { call, account, missed, here } => {
                self.tell_push(Notice::Hush(call, account, Hush { missed, here }));
                None
            }
            Output::Free { account, here } => {
                self.tell_push(Notice::Free { account, here });
                None
            }
            Output::Measured { room, records } => {
                self.unwritten.measure(room, records);
                None
            }
            Output::Note(note) => {
                write_down(note);
                None
            }
            Output::Happened(happened) => {
                self.heralds.tell(happened);
                None
            }
        }
    }

    /// Whether somebody was told already that it is over.
    fn is_closing(&self, far: Far) -> bool {
        match far {
            Far::Session(session) => self.lines.get(&session).is_none_or(|outlet| outlet.stage != Stage::Open),
            Far::Page(_) => false,
        }
    }

    fn kept_up(&mut self, line: LineId, told: Result<(), Behind>) -> Option<Consequence> {
        told.err().map(|Behind| {
            self.report.overflowed += 1;
            tracing::warn!(line.id = line.0, "event socket {} does not keep up and is cut", line.0);
            Consequence::Behind(Far::Page(line))
        })
    }

    fn tell_media(&mut self, shard: Shard, command: Box<Command>) -> Option<Consequence> {
        let lane = self.media.get_mut(usize::from(shard.0)).expect("the hub knows as many shards as there are threads");
        let unserved = lane.send(command).err();
        if lane.is_waiting() && self.retry.is_none() {
            self.retry = Some(Instant::now() + RETRY);
        }
        let media::lane::Unserved { peer, why } = unserved?;
        let event = Event::OfferRefused { peer, why: why.to_owned() };
        Some(Consequence::Unserved(Box::new(Input::Media { shard, event })))
    }

    /// Nobody waits for those who wake browsers: what they do not take is left out.
    fn tell_push(&mut self, notice: Notice) {
        if let Err(TrySendError::Full(_)) = self.push.try_send(notice) {
            tracing::warn!("it rings too often for closed browsers to be told of all of it");
        }
    }

    /// Hands over what waits for media threads, as far as they take it.
    fn retry(&mut self) {
        self.media.iter_mut().for_each(Lane::flush);
        self.retry = self.media.iter().any(Lane::is_waiting).then(|| Instant::now() + RETRY);
    }

    fn send(&mut self, session: SessionId, outgoing: Outgoing) -> Option<Consequence> {
        // Once is enough to be cut, and nothing may follow what was left out.
        let outlet = self.lines.get_mut(&session).filter(|outlet| outlet.stage == Stage::Open)?;
        let size = match &outgoing {
            Outgoing::Response(response) => response.encoded_len(),
            Outgoing::Close => {
                outlet.stage = Stage::Closing;
                0
            }
        };
        // Counted before it is taken: one message may be as large as a full room, a heap of them may not.
        let full = outlet.waiting.fetch_add(size, Ordering::Relaxed) > OUTBOX_BYTES;
        match if full { Err(TrySendError::Full(outgoing)) } else { outlet.outbox.try_send(outgoing) } {
            Ok(()) => None,
            Err(TrySendError::Full(_)) => {
                outlet.stage = Stage::Behind;
                self.report.overflowed += 1;
                tracing::warn!(session.id = session.0, "session {} does not keep up and is cut", session.0);
                Some(Consequence::Behind(Far::Session(session)))
            }
            // The session has ended and its `Gone` is on the way.
            Err(TrySendError::Closed(_)) => None,
        }
    }
}

#[cfg(test)]
impl Driver {
    /// Takes what waits in its queues, and waits for nothing.
    pub(super) fn catch_up(&mut self) {
        while let Ok(message) = self.inbox.try_recv() {
            self.message(message);
        }
        while let Ok(event) = self.events.try_recv() {
            self.handle(event);
        }
    }

    /// Lets something break over a room.
    pub(super) fn plant(&mut self, room: &str) {
        self.hub.plant(&room.parse().expect("a name of a room"));
    }

    /// How it is doing.
    pub(super) fn reported(&self) -> Report {
        self.report
    }
}

/// Whoever sits at the other end of a socket.
#[derive(Debug, Clone, Copy)]
enum Far {
    Session(SessionId),
    Page(LineId),
}

/// What follows from an output that could not be carried out.
enum Consequence {
    /// The socket does not keep up: it ends.
    Behind(Far),
    /// The hub has to hear that a peer is not served.
    Unserved(Box<Input>),
}

/// Waits for a time, or for ever.
async fn at(time: Option<Instant>) {
    match time {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

fn write_down(note: Note) {
    match note {
        Note::RoomOpened { room, shard } => {
            tracing::info!(room.id = %room, shard = shard.0, "room {room} opened");
        }
        Note::RoomBroken { room, participants } => {
            tracing::error!(room.id = %room, participants, "room {room} broke and was ended; the others go on");
        }
        Note::RoomRecalled { room, seats } => {
            tracing::info!(room.id = %room, seats, "room {room} goes on after a restart, with {seats} seats kept");
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

/// How soon a media thread that did not keep up is tried again: short for people, long for a processor.
const RETRY: Duration = Duration::from_millis(5);
