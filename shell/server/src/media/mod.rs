//! The media threads: one per core, each with its own `Sfu` and its own UDP sockets.
//!
//! Nothing is decided here: datagrams and commands go in, datagrams and events come out. A media thread never waits for
//! anyone but the kernel. A panic inside an `Sfu` ends the rooms of its thread, never the process: the thread begins anew
//! with an empty `Sfu` and reports `OfferRefused` for each peer it held, so that they join anew. Start with [`start`]; the loop is in `thread`, the way to the hub in `reports`.
//!
//! The queues that belong to this folder:
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | hub to media thread | [`COMMANDS`] | [`Handle::send`] says [`Dead`]: the hub's driver logs `error` and ends the thread's rooms |
//! | media thread to hub, speakers and quality | one entry per participant, `reports::LATEST` | the newest of a participant replaces its older one; further participants are dropped |
//! | media thread to hub, life cycle | `reports::LIFE_CYCLE` | the thread logs `error` and ends its rooms: each participant has to join anew |
//! | media thread to a socket | `udp::BACKLOG` | the newest datagram is dropped and counted; the media protocols repair it |

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use proto::{Shard, media::Command};
use tokio::sync::{mpsc::Sender, oneshot};

use crate::udp::{BindError, Sockets, Traffic};

mod reports;
mod thread;

#[cfg(test)]
mod tests;

/// What the media threads are started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many threads; as a rule one per core. A room lives on exactly one.
    pub threads: usize,
    /// The UDP port of the first thread; the others take the ports after it. Zero: any free port for each.
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
        "UDP port {} on {} is in use: stop the program that uses it, or choose another with --media-port.",
        .0.port(), .0.ip()
    )]
    PortInUse(SocketAddr),
    /// The port may not be opened.
    #[error("UDP port {} on {} cannot be opened ({source}): choose another with --media-port.", address.port(), address.ip())]
    Port {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// None of the addresses is there (any more).
    #[error("There is no network address to carry media on: connect a network, or enable the loopback interface.")]
    NoAddress,
    /// The ports would run past the last one.
    #[error("Media port {port} leaves no room for {threads} threads: choose a lower one with --media-port.")]
    PortTooHigh {
        /// The first port.
        port: u16,
        /// How many are needed.
        threads: usize,
    },
    /// The system gives us no thread or no event queue.
    #[error("Cannot start a media thread ({0}): raise the limits on open files and processes.")]
    System(#[from] std::io::Error),
}

/// The running media threads. Dropping it stops them.
#[derive(Debug)]
pub struct Threads {
    handles: Vec<Handle>,
    ports: Vec<u16>,
    stop: Arc<AtomicBool>,
    joins: Vec<JoinHandle<()>>,
}

/// The way to one media thread.
#[derive(Clone)]
pub struct Handle {
    commands: SyncSender<Message>,
    waker: Arc<mio::Waker>,
}

/// The media thread takes no more commands: it has ended, or is too far behind to ever catch up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the media thread takes no more commands")]
pub struct Dead;

/// What a media thread can be told.
enum Message {
    Command(Box<Command>),
    Count(oneshot::Sender<Counted>),
    /// Breaks the media plane, to see what then happens.
    #[cfg(test)]
    Break,
}

/// What a media thread has counted.
#[derive(Debug, Clone, Copy)]
struct Counted {
    sfu: sfu::Stats,
    traffic: Traffic,
}

/// Opens the sockets and starts the threads. `events` is the inbox of the hub.
pub fn start(options: &Options, events: Sender<hub::Input>) -> Result<Threads, StartError> {
    let count = options.threads.clamp(1, MOST_THREADS);
    // All sockets are opened before the first thread starts, so that a port in use leaves nothing behind.
    let mut parts = Vec::with_capacity(count);
    for index in 0..count {
        let port = match options.port {
            0 => 0,
            first => u16::try_from(usize::from(first) + index)
                .map_err(|_| StartError::PortTooHigh { port: first, threads: count })?,
        };
        let sockets = Sockets::bind(&options.addresses, port)?;
        let poll = mio::Poll::new()?;
        let waker = Arc::new(mio::Waker::new(poll.registry(), thread::WAKE)?);
        parts.push((sockets, poll, waker));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = Threads { handles: Vec::new(), ports: Vec::new(), stop: stop.clone(), joins: Vec::new() };
    for (index, (mut sockets, poll, waker)) in parts.into_iter().enumerate() {
        sockets.register(poll.registry())?;
        let shard = Shard(u8::try_from(index).expect("MOST_THREADS fits a shard number"));
        let config = sfu::Config {
            shard,
            addresses: sockets.addresses(),
            public: options.public.iter().map(|ip| SocketAddr::new(*ip, sockets.port())).collect(),
            seed: options.seed.wrapping_add((index as u64) << 32),
        };
        threads.ports.push(sockets.port());
        let (commands, inbox): (_, Receiver<Message>) = sync_channel(COMMANDS);
        threads.handles.push(Handle { commands, waker });
        let reports = reports::Reports::new(shard, events.clone());
        let stop = stop.clone();
        let run = move || thread::Thread::new(config, sockets, poll, inbox, reports, stop).run();
        threads.joins.push(std::thread::Builder::new().name(format!("media-{index}")).spawn(run)?);
    }
    Ok(threads)
}

impl Threads {
    /// One way in per thread, in the order of their shard numbers.
    pub fn handles(&self) -> &[Handle] {
        &self.handles
    }

    /// The UDP ports, in the same order.
    pub fn ports(&self) -> Vec<u16> {
        self.ports.clone()
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
    pub fn send(&self, command: Command) -> Result<(), Dead> {
        self.push(Message::Command(Box::new(command)))
    }

    /// What the thread's `Sfu` has counted; `None` when the thread takes no questions any more.
    pub async fn stats(&self) -> Option<sfu::Stats> {
        Some(self.count().await?.sfu)
    }

    /// What went over the thread's sockets; `None` when the thread takes no questions any more.
    pub async fn traffic(&self) -> Option<Traffic> {
        Some(self.count().await?.traffic)
    }

    async fn count(&self) -> Option<Counted> {
        let (answer, counted) = oneshot::channel();
        self.push(Message::Count(answer)).ok()?;
        counted.await.ok()
    }

    fn push(&self, message: Message) -> Result<(), Dead> {
        self.commands.try_send(message).map_err(|_| Dead)?;
        self.wake();
        Ok(())
    }

    fn wake(&self) {
        if let Err(error) = self.waker.wake() {
            tracing::error!(%error, "cannot wake a media thread");
        }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl From<BindError> for StartError {
    fn from(error: BindError) -> Self {
        match error {
            BindError::NoAddress => Self::NoAddress,
            BindError::Socket { address, source } if source.kind() == std::io::ErrorKind::AddrInUse => {
                Self::PortInUse(address)
            }
            BindError::Socket { address, source } => Self::Port { address, source },
        }
    }
}

/// Commands waiting for one media thread.
///
/// A join with all its subscriptions in a room of 500 is about a thousand commands and a thread takes them within
/// milliseconds. A thread this far behind hangs: on overflow it counts as dead, `/healthz` fails and the
/// log says to restart.
pub const COMMANDS: usize = 16_384;

/// A shard number has eight bits; nobody has more cores for media than that.
const MOST_THREADS: usize = 256;
