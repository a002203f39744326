//! TURN for networks that let nothing through but a stream to our own port: the same listener as the pages, told apart by
//! its first byte.
//!
//! One task owns the engine (see the crate `turn`, which decides everything); `stream` carries one connection, `sockets` the
//! relay sockets, of which there are none unless an operator opens the relay to real peers. What clients send to the media
//! plane goes to the media thread in batches, with a path of [`Over::Relay`]; what that thread sends there comes back as trains.
//!
//! The queues that belong to this folder:
//!
//! | from, to | capacity | when full |
//! | --- | --- | --- |
//! | connection to the task | [`EVENTS`] | the connection is read no further: TCP tells the client |
//! | the task to a media thread | `media::RELAYED` | the batch is dropped and counted: to ICE it is a lossy network |
//! | media threads to the task | [`TRAINS`] | the train is dropped and counted |
//! | the task to a connection | [`OUTBOX`] | payload is dropped and counted; with an answer in it the connection is closed |

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::turn::{Client, Config, Input, Limits, Media, Now, Output, Peers, Secret, Transport, Turn};
use proto::ParticipantId;
use sfu::{Over, Path, Train};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{clock, media, random};

mod signpost;
mod sockets;
pub mod stream;

#[cfg(test)]
pub mod tests;

pub use ::turn::{Framing, asking};
pub use signpost::Signpost;
use sockets::Sockets;

/// What the relay is started with.
#[derive(Debug)]
pub struct Options {
    /// The realm of its credentials.
    pub realm: String,
    /// The sockets of the media threads, as clients know them and as the threads do.
    pub media: Vec<Media>,
    /// Whom clients may reach besides.
    pub peers: Peers,
}

/// The way to the relay.
#[derive(Debug, Clone)]
pub struct Relay {
    events: mpsc::Sender<Event>,
    secret: Secret,
    /// Connections so far: each has a number of its own.
    connections: Arc<AtomicU64>,
}

/// What the relay can be told.
enum Event {
    /// Somebody has connected.
    Opened { client: Client, outbox: mpsc::Sender<Vec<u8>>, cut: CancellationToken },
    /// A client has sent messages.
    Messages { client: Client, messages: Messages },
    /// A client is gone.
    Closed { client: Client },
    /// A participant has left.
    Revoke { participant: ParticipantId },
    /// Something came to, or of, a relay socket.
    Socket(sockets::Event),
    /// How is it going?
    Count(oneshot::Sender<Counted>),
    /// Breaks over one client, or over nobody.
    #[cfg(test)]
    Break(Option<Client>),
}

/// Whole messages, one behind the other.
#[derive(Debug, Default)]
struct Messages {
    bytes: Vec<u8>,
    lengths: Vec<u16>,
}

/// What the relay has counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// What the engine says.
    pub turn: ::turn::Stats,
    /// Connections now.
    pub connections: usize,
    /// Payloads dropped because a connection or a media thread did not keep up.
    pub dropped_full: u64,
    /// Times that something broke and was thrown away: one client, or when nobody can be blamed, all.
    pub broken: u64,
}

/// Where media threads put what goes to relayed addresses.
pub type Trains = mpsc::Sender<Train>;

/// The way from the media threads to the relay, before either is there.
pub fn trains() -> (Trains, mpsc::Receiver<Train>) {
    mpsc::channel(TRAINS)
}

/// The sockets of the media threads, as clients are told of them: as they are, and at the addresses under which the outside
/// reaches them.
pub fn media(sockets: &[SocketAddr], public: &[IpAddr]) -> Vec<Media> {
    let outside = public.iter().filter_map(|ip| {
        let socket = sockets.iter().find(|socket| socket.is_ipv4() == ip.is_ipv4())?;
        Some(Media { address: SocketAddr::new(*ip, socket.port()), socket: *socket })
    });
    sockets.iter().map(|socket| Media::from(*socket)).chain(outside).collect()
}

/// The relay, and the future that is its task.
pub fn new(
    options: Options,
    trains: mpsc::Receiver<Train>,
    threads: Vec<media::Handle>,
) -> (Relay, impl Future<Output = ()> + Send) {
    let secret = Secret::new(&random::bytes::<32>());
    let (sender, events) = mpsc::channel(EVENTS);
    let own = options.media.iter().map(|media| media.address.ip()).collect();
    let config = Config {
        realm: options.realm,
        secret: secret.clone(),
        media: options.media,
        peers: options.peers,
        limits: Limits::default(),
        seed: random::seed(),
    };
    let task = Task {
        turn: Turn::new(config.clone()),
        config,
        events,
        trains,
        threads,
        clients: BTreeMap::new(),
        sockets: Sockets::new(own, sender.clone()),
        batches: BTreeMap::new(),
        dropped_full: 0,
        broken: 0,
    };
    (Relay { events: sender, secret, connections: Arc::default() }, task.run())
}

impl Relay {
    /// Ends the allocations of a participant who has left, and lets it make no more.
    pub fn revoke(&self, participant: ParticipantId) {
        // The hub waits for nobody. An allocation that outlives its participant reaches a media plane that knows it no more.
        if self.events.try_send(Event::Revoke { participant }).is_err() {
            tracing::warn!("the relay does not keep up: an allocation outlives its participant");
        }
    }

    /// What was counted; `None` when the relay does not answer.
    pub async fn count(&self) -> Option<Counted> {
        let (answer, counted) = oneshot::channel();
        self.events.send_timeout(Event::Count(answer), PATIENCE).await.ok()?;
        tokio::time::timeout(PATIENCE, counted).await.ok()?.ok()
    }

    fn next(&self, remote: SocketAddr, local: SocketAddr) -> Client {
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        Client { remote, local, transport: Transport::Stream(number) }
    }
}

struct Task {
    turn: Turn,
    /// What another engine begins with when this one breaks.
    config: Config,
    events: mpsc::Receiver<Event>,
    trains: mpsc::Receiver<Train>,
    threads: Vec<media::Handle>,
    clients: BTreeMap<Client, Far>,
    sockets: Sockets,
    /// What goes to media threads with this round.
    batches: BTreeMap<usize, media::Datagrams>,
    dropped_full: u64,
    broken: u64,
}

/// The other end of a client's connection.
struct Far {
    outbox: mpsc::Sender<Vec<u8>>,
    cut: CancellationToken,
}

impl Task {
    async fn run(mut self) {
        loop {
            let due = self.turn.poll_timeout().map(Instant::from_std);
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(event) => {
                        let client = event.client();
                        self.walled(client, |task| task.event(event));
                    }
                    None => return,
                },
                // Open as long as there are media threads.
                Some(train) = self.trains.recv() => self.walled(None, |task| task.train(&train)),
                () = async { sleep_until(due.unwrap_or_else(Instant::now)).await }, if due.is_some() => {
                    self.walled(None, |task| task.take(Input::Timeout));
                }
            }
            self.walled(None, Self::outputs);
            for (shard, batch) in std::mem::take(&mut self.batches) {
                let count = batch.len() as u64;
                if !self.threads.get(shard).is_some_and(|thread| thread.relay(batch)) {
                    self.dropped_full += count;
                }
            }
        }
    }

    /// Does something. What breaks over one client ends with it: the engine throws away what is that client's, and works out
    /// anew what it knows of the others. When that does not help, or nobody can be blamed, all clients are cut and another
    /// engine begins; they connect again, and media goes on. Who was kept out stays out.
    fn walled(&mut self, client: Option<Client>, act: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| act(self))).is_ok() {
            return;
        }
        self.broken += 1;
        tracing::error!(one = client.is_some(), "the relay broke");
        let forgotten = client.is_some_and(|client| {
            let forget = AssertUnwindSafe(|| {
                self.clients.remove(&client).into_iter().for_each(|far| far.cut.cancel());
                self.turn.give_up(now(), client);
                self.outputs();
            });
            catch_unwind(forget).is_ok()
        });
        if forgotten {
            return;
        }
        for far in std::mem::take(&mut self.clients).into_values() {
            far.cut.cancel();
        }
        self.sockets.close_all();
        // Under other seeds, so that no relayed address leads to whoever had it before.
        self.config.seed = self.config.seed.wrapping_add(1);
        let next = Turn::after(&mut self.turn, self.config.clone());
        let broken = std::mem::replace(&mut self.turn, next);
        if catch_unwind(AssertUnwindSafe(|| drop(broken))).is_err() {
            tracing::error!("the broken relay could not be taken apart");
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            #[cfg(test)]
            Event::Break(_) => panic!("broken on purpose"),
            Event::Opened { client, outbox, cut } => drop(self.clients.insert(client, Far { outbox, cut })),
            Event::Messages { client, messages } if self.clients.contains_key(&client) => {
                for bytes in messages.all() {
                    self.take(Input::Message { client, bytes });
                    self.outputs();
                }
            }
            // What a connection that was cut said before.
            Event::Messages { .. } => {}
            Event::Closed { client } => self.close(client),
            Event::Revoke { participant } => self.take(Input::Revoke { participant }),
            Event::Socket(sockets::Event::Opened { allocation, address }) => {
                self.take(Input::RelayOpened { allocation, address });
            }
            Event::Socket(sockets::Event::Failed { allocation }) => self.take(Input::RelayFailed { allocation }),
            Event::Socket(sockets::Event::Came { allocation, peer, bytes }) => {
                self.take(Input::FromPeer { allocation, peer, payload: &bytes });
            }
            Event::Count(answer) => {
                let counted = Counted {
                    turn: self.turn.stats(),
                    connections: self.clients.len(),
                    dropped_full: self.dropped_full + self.sockets.dropped(),
                    broken: self.broken,
                };
                // Whoever asked may have gone.
                let _ = answer.send(counted);
            }
        }
    }

    fn close(&mut self, client: Client) {
        if let Some(far) = self.clients.remove(&client) {
            far.cut.cancel();
            self.take(Input::Closed { client });
        }
    }

    /// All of a train goes to one client, and leaves as one.
    fn train(&mut self, train: &Train) {
        let (relayed, media) = (train.path.theirs, train.path.ours);
        let mut to: Option<(Client, Vec<u8>)> = None;
        let now = now();
        for payload in train.datagrams() {
            let carried = self.turn.handle(now, Input::FromMedia { relayed, media, payload });
            if let Some(::turn::Carried::ToClient { client, frame }) = carried {
                let (_, bytes) = to.get_or_insert_with(|| (client, Vec::with_capacity(train.bytes().len() + HEADS)));
                frame.append_to(bytes);
            }
        }
        if let Some((client, bytes)) = to {
            self.payload(client, bytes, train.lengths().len() as u64);
        }
    }

    fn take(&mut self, input: Input<'_>) {
        match self.turn.handle(now(), input) {
            None => {}
            Some(::turn::Carried::ToMedia { relayed, media, payload }) => {
                // Whose room it is, the threads find out among themselves, if all from one end comes to one of them.
                let thread = usize::from(relayed.port()) % self.threads.len().max(1);
                let path = Path { over: Over::Relay, ours: media, theirs: relayed };
                self.batches.entry(thread).or_default().push(path, payload);
            }
            Some(::turn::Carried::ToPeer { allocation, peer, payload }) => self.sockets.send(allocation, peer, payload),
            Some(::turn::Carried::ToClient { client, frame }) => {
                let mut bytes = Vec::with_capacity(frame.len());
                frame.append_to(&mut bytes);
                self.payload(client, bytes, 1);
            }
        }
    }

    fn payload(&mut self, client: Client, bytes: Vec<u8>, count: u64) {
        let sent = self.clients.get(&client).is_some_and(|far| far.outbox.try_send(bytes).is_ok());
        if !sent {
            self.dropped_full += count;
        }
    }

    fn outputs(&mut self) {
        while let Some(output) = self.turn.poll_output() {
            match output {
                Output::ToClient { client, bytes } => {
                    // Nobody asks again over a stream, so that an answer that is lost would be waited for in vain.
                    if self.clients.get(&client).is_some_and(|far| far.outbox.try_send(bytes).is_err()) {
                        self.close(client);
                    }
                }
                Output::OpenRelay { allocation, family, even } => self.sockets.open(allocation, family, even),
                Output::CloseRelay { allocation } => self.sockets.close(allocation),
            }
        }
    }
}

impl Event {
    /// Whom it is about.
    fn client(&self) -> Option<Client> {
        match self {
            Self::Opened { client, .. } | Self::Messages { client, .. } | Self::Closed { client } => Some(*client),
            Self::Revoke { .. } | Self::Socket(_) | Self::Count(_) => None,
            #[cfg(test)]
            Self::Break(client) => *client,
        }
    }
}

impl Messages {
    fn push(&mut self, message: &[u8]) {
        self.bytes.extend_from_slice(message);
        self.lengths.push(u16::try_from(message.len()).expect("Framing gives nothing longer than turn::MESSAGE"));
    }

    fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.lengths.iter().scan(0, |start, length| {
            let from = *start;
            *start += usize::from(*length);
            self.bytes.get(from..*start)
        })
    }
}

fn now() -> Now {
    Now { at: std::time::Instant::now(), unix: Duration::from_millis(clock::unix_ms()) }
}

/// Reads of connections that wait for the task: some milliseconds of its time.
const EVENTS: usize = 1_024;

/// Trains that wait for the task: a burst of pictures to some hundred people.
const TRAINS: usize = 1_024;

/// What waits for one connection, in trains of mostly a few kilobytes: half a second of pictures.
const OUTBOX: usize = 64;

/// Room for what stands before the datagrams of a train.
const HEADS: usize = 256;

/// How long the relay may take to say what it has counted. It takes milliseconds unless it hangs.
const PATIENCE: Duration = Duration::from_secs(2);
