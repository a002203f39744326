//! The media threads: one per core, each with its own `Sfu` and its own UDP sockets, all on one port.
//!
//! Nothing is decided here: datagrams and commands go in, datagrams and events come out. A media thread never waits for
//! anyone but the kernel. A panic inside an `Sfu` ends the room in which it happened, see there; one that no room can be
//! blamed for ends the rooms of its thread, never the process: the thread begins anew
//! with an empty `Sfu` and reports `OfferRefused` for each peer it held, so that they join anew. Start with [`start`]; the
//! loop is in `thread`, the way to the hub in `reports`, the way from the hub in [`lane`], the ways between threads in `crossing`.
//!
//! The queues that belong to this folder:
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | hub to media thread | [`COMMANDS`] | what follows waits before it, see the next line |
//! | before that queue | `backlog::BACKLOG`, `backlog::OFFERED` | `error` in the log; whoever the command is for loses its place and joins anew |
//! | media thread to hub, speakers and quality | one entry per participant, `reports::LATEST` | the newest of a participant replaces its older one; further participants are dropped |
//! | media thread to hub, life cycle | `reports::LIFE_CYCLE` | the thread logs `error` and ends its rooms: each participant has to join anew |
//! | media thread to media thread | `crossing::BUNDLES`, then `crossing::OPEN`; in bytes `crossing::UNDER_WAY` | the newest datagram is dropped and counted: to ICE and the media protocols it is a lossy network |
//! | media thread to the recorder of messages | `voicemail::TAPS` | the packet is dropped: a gap in what was spoken |
//! | media thread to a socket | `udp::BACKLOG` | the newest train is dropped and counted; the media protocols repair it |

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use proto::{
    Shard,
    media::{Command, Tapped},
};
use sfu::{End, Over, Path};
use tokio::{
    sync::{mpsc::Sender, oneshot},
    time::{sleep, timeout},
};

use crate::{
    tcp::{self, Connection, Connections, Listeners},
    turn::Trains,
    udp::{BindError, Sockets, Traffic},
};

#[cfg(test)]
pub use backlog::OFFERED;

mod backlog;
mod crossing;
pub mod lane;
mod reports;
mod thread;

#[cfg(test)]
mod tests;

/// What the media threads are started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many threads; as a rule one per core. A room lives on exactly one.
    pub threads: usize,
    /// The port of all of them, over UDP and TCP. Zero: any that is free.
    pub port: u16,
    /// The addresses of this machine to receive media on.
    pub addresses: Vec<IpAddr>,
    /// Addresses under which the outside reaches this machine (behind a one-to-one NAT).
    pub public: Vec<IpAddr>,
    /// Seed of everything random that is not a key.
    pub seed: u64,
}

/// Why the media threads could not be started. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program has the port.
    #[error(
        "{over} port {} on {} is in use: stop the program that uses it, or choose another with --media-port.",
        address.port(), address.ip()
    )]
    PortInUse {
        /// UDP or TCP.
        over: &'static str,
        /// Where.
        address: SocketAddr,
    },
    /// The port may not be opened.
    #[error("{over} port {} on {} cannot be opened ({source}): choose another with --media-port.", address.port(), address.ip())]
    Port {
        /// UDP or TCP.
        over: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// None of the addresses is there (any more).
    #[error("There is no network address to carry media on: connect a network, or enable the loopback interface.")]
    NoAddress,
    /// The system gives us no thread or no event queue.
    #[error("Cannot start a media thread ({0}): raise the limits on open files and processes.")]
    System(#[from] std::io::Error),
}

/// The running media threads. Dropping it stops them.
#[derive(Debug)]
pub struct Threads {
    handles: Vec<Handle>,
    sockets: Vec<SocketAddr>,
    streams: Vec<SocketAddr>,
    stop: Arc<AtomicBool>,
    joins: Vec<JoinHandle<()>>,
}

/// The way to one media thread.
#[derive(Clone)]
pub struct Handle {
    commands: SyncSender<Message>,
    relayed: SyncSender<Datagrams>,
    waker: Arc<mio::Waker>,
}

/// Datagrams from elsewhere than the own sockets: one behind the other, each with its way and its length.
#[derive(Debug, Default)]
pub struct Datagrams {
    bytes: Vec<u8>,
    heads: Vec<(Path, u16)>,
}

impl Datagrams {
    /// Adds one. What is longer than any datagram of ours is left out.
    pub fn push(&mut self, path: Path, datagram: &[u8]) {
        if let Ok(length) = u16::try_from(datagram.len()) {
            self.bytes.extend_from_slice(datagram);
            self.heads.push((path, length));
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Forgets them, and keeps the room that they took.
    fn clear(&mut self) {
        self.bytes.clear();
        self.heads.clear();
    }

    /// All of them, in order.
    fn all(&self) -> impl Iterator<Item = (Path, &[u8])> {
        self.heads.iter().scan(0, |start, (path, length)| {
            let from = *start;
            *start += usize::from(*length);
            Some((*path, self.bytes.get(from..*start)?))
        })
    }
}

/// A command that was not taken, given back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// The queue is full.
    #[error("the media thread has no room for more commands")]
    Full(Box<Command>),
    /// There is no thread any more.
    #[error("the media thread has ended")]
    Ended(Box<Command>),
}

/// What a media thread can be told.
enum Message {
    Command(Box<Command>),
    /// A connection whose first datagram named this thread.
    Connection(Box<Connection>),
    Count(oneshot::Sender<Counted>),
    /// Breaks the media plane, to see what then happens.
    #[cfg(test)]
    Break,
    /// Breaks what is done next for one peer.
    #[cfg(test)]
    Plant {
        peer: proto::ParticipantId,
        place: sfu::Place,
    },
    /// Says that the thread stands still, which it does until the other side of `release` is gone.
    #[cfg(test)]
    Hold {
        held: std::sync::mpsc::Sender<()>,
        release: Receiver<()>,
    },
}

/// What a media thread has counted.
#[derive(Debug, Clone, Copy)]
struct Counted {
    sfu: sfu::Stats,
    traffic: Traffic,
    streams: tcp::Traffic,
    /// Datagrams that the relay or another media thread had no room for.
    lost: u64,
}

/// Opens the sockets and starts the threads. `events` is the inbox of the hub, `trains` that of the relay, `taps` that of
/// the recorder.
pub fn start(
    options: &Options,
    events: Sender<hub::Input>,
    trains: Trains,
    taps: Sender<Tapped>,
) -> Result<Threads, StartError> {
    let count = options.threads.clamp(1, MOST_THREADS);
    // All sockets are opened before the first thread starts, so that a port in use leaves nothing behind.
    let (first, listeners) = bind_first(options)?;
    let (addresses, streams) = (first.addresses(), listeners.addresses());
    let mut sockets = (1..count).map(|_| first.beside()).collect::<Result<Vec<_>, _>>()?;
    sockets.insert(0, first);
    let polls = (0..count).map(|_| mio::Poll::new()).collect::<Result<Vec<_>, _>>()?;
    let wakers = polls.iter().map(|poll| Ok(Arc::new(mio::Waker::new(poll.registry(), thread::WAKE)?)));
    let wakers = wakers.collect::<Result<Vec<_>, std::io::Error>>()?;
    let crossings = crossing::between(&wakers);
    let mut listeners = Some(listeners);
    let mut parts = Vec::with_capacity(count);
    let mut handles = Vec::with_capacity(count);
    let each = sockets.into_iter().zip(polls).zip(wakers).zip(crossings);
    for (index, (((mut sockets, poll), waker), crossing)) in each.enumerate() {
        let shard = Shard(u8::try_from(index).expect("MOST_THREADS fits a shard number"));
        let mut connections = Connections::new(shard, listeners.take().unwrap_or_else(Listeners::none));
        sockets.register(poll.registry())?;
        connections.register(poll.registry())?;
        let config = sfu::Config {
            shard,
            addresses: ends(&addresses, &streams),
            public: ends(
                &at(&options.public, addresses.first().map(SocketAddr::port)),
                &at(&options.public, streams.first().map(SocketAddr::port)),
            ),
            seed: options.seed.wrapping_add((index as u64) << 32),
        };
        let (commands, inbox): (_, Receiver<Message>) = sync_channel(COMMANDS);
        let (relayed, arrivals) = sync_channel(RELAYED);
        handles.push(Handle { commands, relayed, waker });
        let (trains, taps) = (trains.clone(), taps.clone());
        parts.push(thread::Parts { config, sockets, connections, crossing, poll, inbox, arrivals, trains, taps });
    }
    let all: Arc<[Handle]> = handles.clone().into();
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = Threads { handles, sockets: addresses, streams, stop: stop.clone(), joins: Vec::new() };
    for (index, parts) in parts.into_iter().enumerate() {
        let reports = reports::Reports::new(parts.config.shard, events.clone());
        let (all, stop) = (all.clone(), stop.clone());
        let run = move || thread::Thread::new(parts, all, reports, stop).run();
        threads.joins.push(std::thread::Builder::new().name(format!("media-{index}")).spawn(run)?);
    }
    Ok(threads)
}

/// The sockets of the first thread, and the listeners on the same port.
fn bind_first(options: &Options) -> Result<(Sockets, Listeners), StartError> {
    let mut tries = if options.port == 0 { PORT_TRIES } else { 1 };
    loop {
        tries -= 1;
        let sockets = Sockets::bind(&options.addresses, options.port)?;
        match Listeners::bind(&sockets.addresses()) {
            Ok(listeners) => return Ok((sockets, listeners)),
            // Any port that was free over UDP may be taken over TCP.
            Err((_, error)) if tries > 0 && error.kind() == std::io::ErrorKind::AddrInUse => {}
            Err((address, source)) => return Err(StartError::refused("TCP", address, source)),
        }
    }
}

/// What is offered: UDP first.
fn ends(datagrams: &[SocketAddr], streams: &[SocketAddr]) -> Vec<End> {
    let over = |over| move |address: &SocketAddr| End { over, address: *address };
    datagrams.iter().map(over(Over::Udp)).chain(streams.iter().map(over(Over::Tcp))).collect()
}

fn at(addresses: &[IpAddr], port: Option<u16>) -> Vec<SocketAddr> {
    port.map_or_else(Vec::new, |port| addresses.iter().map(|ip| SocketAddr::new(*ip, port)).collect())
}

impl Threads {
    /// One way in per thread, in the order of their shard numbers.
    pub fn handles(&self) -> &[Handle] {
        &self.handles
    }

    /// The port of all of them, over UDP and TCP.
    pub fn port(&self) -> u16 {
        self.sockets.first().map_or(0, SocketAddr::port)
    }

    /// The addresses on which each of them receives over UDP.
    pub fn sockets(&self) -> &[SocketAddr] {
        &self.sockets
    }

    /// The TCP sockets, which the first thread has for all.
    pub fn streams(&self) -> &[SocketAddr] {
        &self.streams
    }

    /// Ends the threads and waits until they are gone, which takes at most a batch of datagrams.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        for handle in &self.handles {
            handle.wake();
        }
        for join in self.joins.drain(..) {
            if join.join().is_err() {
                tracing::error!("a media thread ended by a panic outside of its guard");
            }
        }
    }
}

impl Handle {
    /// Hands a command over. Never waits.
    ///
    /// # Errors
    /// When it was not taken.
    pub fn send(&self, command: impl Into<Box<Command>>) -> Result<(), Unsent> {
        match self.push(Message::Command(command.into())) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(Message::Command(command))) => Err(Unsent::Full(command)),
            Err(TrySendError::Disconnected(Message::Command(command))) => Err(Unsent::Ended(command)),
            Err(_) => unreachable!("a command comes back as what it was"),
        }
    }

    /// What the thread's `Sfu` has counted; `None` when the thread does not answer.
    pub async fn stats(&self) -> Option<sfu::Stats> {
        Some(self.count().await?.sfu)
    }

    /// Hands over what came by the relay. Never waits; `false` when the thread has no room for it.
    pub fn relay(&self, batch: Datagrams) -> bool {
        let taken = self.relayed.try_send(batch).is_ok();
        self.wake();
        taken
    }

    /// Gives the thread a connection. One that it has no room for is closed: its client opens another.
    fn hand_over(&self, connection: Connection) {
        if self.push(Message::Connection(Box::new(connection))).is_err() {
            tracing::debug!("a media thread has no room for a connection");
        }
    }

    /// What went over the thread's connections; `None` when the thread does not answer.
    pub async fn streams(&self) -> Option<tcp::Traffic> {
        Some(self.count().await?.streams)
    }

    /// Datagrams that were dropped, since the relay or another media thread did not keep up; `None` when the thread does not answer.
    pub async fn lost(&self) -> Option<u64> {
        Some(self.count().await?.lost)
    }

    /// What went over the thread's sockets; `None` when the thread does not answer.
    pub async fn traffic(&self) -> Option<Traffic> {
        Some(self.count().await?.traffic)
    }

    /// Whether the thread answers within `patience`.
    pub async fn answers(&self, patience: Duration) -> bool {
        timeout(patience, self.ask()).await.is_ok_and(|counted| counted.is_some())
    }

    async fn count(&self) -> Option<Counted> {
        timeout(PATIENCE, self.ask()).await.ok().flatten()
    }

    /// Waits for the thread as long as it lives. A queue that is full for a moment is none of the asker's business.
    async fn ask(&self) -> Option<Counted> {
        let (answer, counted) = oneshot::channel();
        let mut question = Message::Count(answer);
        loop {
            match self.push(question) {
                Ok(()) => return counted.await.ok(),
                Err(TrySendError::Full(back)) => question = back,
                Err(TrySendError::Disconnected(_)) => return None,
            }
            sleep(ASK_AGAIN).await;
        }
    }

    fn push(&self, message: Message) -> Result<(), TrySendError<Message>> {
        self.commands.try_send(message)?;
        self.wake();
        Ok(())
    }

    fn wake(&self) {
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "cannot wake a media thread");
        }
    }
}

#[cfg(test)]
impl Handle {
    /// Makes the thread stand still until what is given back is dropped.
    pub fn hold(&self) -> std::sync::mpsc::Sender<()> {
        let (held, holds) = std::sync::mpsc::channel();
        let (until, release) = std::sync::mpsc::channel();
        self.push(Message::Hold { held, release }).expect("there is room in its queue");
        holds.recv().expect("the thread stands still");
        until
    }

    /// Fills the queue of a thread that stands still, with commands that do nothing.
    pub fn fill(&self) {
        while self.send(Command::Mute { track: proto::TrackId::from(1), muted: true }).is_ok() {}
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl StartError {
    fn refused(over: &'static str, address: SocketAddr, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::AddrInUse => Self::PortInUse { over, address },
            _ => Self::Port { over, address, source },
        }
    }
}

impl From<BindError> for StartError {
    fn from(error: BindError) -> Self {
        match error {
            BindError::NoAddress => Self::NoAddress,
            BindError::Socket { address, source } => Self::refused("UDP", address, source),
        }
    }
}

/// Commands waiting for one media thread.
///
/// A join with all its subscriptions in a room of 500 is about a thousand commands and a thread takes them within
/// milliseconds; offers take longer. A thread this far behind hangs, or will have caught up in a moment: what follows
/// waits in its [`lane`].
pub const COMMANDS: usize = 16_384;

/// Batches from the relay that wait for one media thread, each of what one read of a connection brought. A thread that is so
/// far behind is late for all it has.
pub const RELAYED: usize = 1_024;

/// How long a thread may take to say what it has counted. It takes milliseconds unless it hangs.
const PATIENCE: Duration = Duration::from_secs(2);

/// How soon a thread whose queue was full is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// A shard number has eight bits; nobody has more cores for media than that.
const MOST_THREADS: usize = 256;

/// With port zero: how often another port is tried when the one found is taken over TCP.
const PORT_TRIES: usize = 16;
