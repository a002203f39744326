//! A network between the server and each person: datagrams may be late, lost, repeated or out of order, and people may
//! be cut off; signalling is only ever late.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    net::SocketAddr,
    time::{Duration, Instant},
};

use hub::Join;
use proto::{
    SessionId,
    id::IdSource,
    livekit::{signal_request::Message as Request, signal_response::Message as Response},
};

/// How the network treats datagrams, each direction on its own; signalling knows only the delay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// How long a datagram travels at least.
    pub delay: Duration,
    /// How much longer it may take. This alone does not change the order.
    pub jitter: Duration,
    /// The share that never arrives, from 0 to 1.
    pub loss: f64,
    /// The share that overtakes or is overtaken: it takes up to three times the delay.
    pub reorder: f64,
    /// The share that arrives twice.
    pub duplicate: f64,
}

impl Conditions {
    /// A cable: a millisecond, and nothing goes wrong.
    pub const PERFECT: Self =
        Self { delay: Duration::from_millis(1), jitter: Duration::ZERO, loss: 0.0, reorder: 0.0, duplicate: 0.0 };

    /// These conditions with that share lost.
    pub const fn losing(self, loss: f64) -> Self {
        Self { loss, ..self }
    }

    /// These conditions with that delay.
    pub const fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

/// The narrowest place on the way to somebody: it carries so much, and what would have to wait too long is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bottleneck {
    /// Bits per second.
    pub rate: u64,
    /// The longest that a datagram waits for its turn.
    pub queue: Duration,
}

impl Bottleneck {
    /// A line of so many kilobits per second, with as much queue as a router of a household has.
    pub const fn kilobits(rate: u64) -> Self {
        Self { rate: rate * 1000, queue: Duration::from_millis(400) }
    }
}

/// How a bottleneck is used.
#[derive(Debug)]
struct Narrow {
    bottleneck: Bottleneck,
    /// Until when it is busy with what it has.
    busy: Instant,
}

/// Something that will arrive.
#[derive(Debug)]
pub(crate) enum Parcel {
    /// A datagram, from one address to another.
    Datagram { source: SocketAddr, destination: SocketAddr, bytes: Vec<u8> },
    /// A newcomer's socket opens at the server.
    Joined(SessionId, Box<Join>),
    /// A request arrives at the server.
    Request(SessionId, Box<Request>),
    /// The server learns that a socket is gone.
    Gone(SessionId),
    /// A response arrives at the client.
    Response(SessionId, Box<Response>),
    /// The client learns that its socket was closed.
    Closed(SessionId),
}

/// Everything under way, and the rules by which it travels.
#[derive(Debug)]
pub(crate) struct Network {
    conditions: Conditions,
    chance: IdSource,
    under_way: BinaryHeap<Reverse<Entry>>,
    count: u64,
    /// The last arrival per direction, so that jitter and signalling keep their order.
    last: BTreeMap<Line, Instant>,
    cut: BTreeSet<String>,
    held: BTreeMap<String, Vec<Parcel>>,
    narrow: BTreeMap<String, Narrow>,
    /// The longest wait at somebody's bottleneck, since it was last forgotten.
    pub(crate) stood: BTreeMap<String, Duration>,
    /// Datagrams that were given to the network, and those that it lost.
    pub(crate) sent: u64,
    pub(crate) lost: u64,
}

/// One direction between the server and one person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) person: String,
    pub(crate) up: bool,
    pub(crate) media: bool,
}

#[derive(Debug)]
struct Entry {
    at: Instant,
    count: u64,
    parcel: Parcel,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            conditions: Conditions::PERFECT,
            chance: IdSource::new(seed),
            under_way: BinaryHeap::new(),
            count: 0,
            last: BTreeMap::new(),
            cut: BTreeSet::new(),
            held: BTreeMap::new(),
            narrow: BTreeMap::new(),
            stood: BTreeMap::new(),
            sent: 0,
            lost: 0,
        }
    }

    pub(crate) fn set(&mut self, conditions: Conditions) {
        self.conditions = conditions;
    }

    /// Cuts a person off: datagrams vanish, signalling waits.
    pub(crate) fn cut(&mut self, person: &str) {
        self.cut.insert(person.to_owned());
    }

    /// Ends that; what waited arrives.
    pub(crate) fn heal(&mut self, now: Instant, person: &str) {
        self.cut.remove(person);
        for parcel in self.held.remove(person).unwrap_or_default() {
            let up = matches!(parcel, Parcel::Joined(..) | Parcel::Request(..) | Parcel::Gone(_));
            self.signal(now, person, up, parcel);
        }
    }

    /// Makes the way to a person narrow, or wide again.
    pub(crate) fn narrow(&mut self, now: Instant, person: &str, bottleneck: Option<Bottleneck>) {
        match bottleneck {
            Some(bottleneck) => {
                let busy = self.narrow.get(person).map_or(now, |narrow| narrow.busy);
                self.narrow.insert(person.to_owned(), Narrow { bottleneck, busy });
            }
            None => drop(self.narrow.remove(person)),
        }
    }

    /// How long a datagram of so many bytes takes through a person's bottleneck; `None` when it is lost there.
    fn pass(&mut self, now: Instant, person: &str, up: bool, bytes: usize) -> Option<Duration> {
        let Some(Narrow { bottleneck, busy }) = self.narrow.get_mut(person).filter(|_| !up) else {
            return Some(Duration::ZERO);
        };
        let waits = busy.saturating_duration_since(now);
        if waits > bottleneck.queue {
            return None;
        }
        let bits = (bytes + HEADERS) as u64 * 8;
        *busy = now + waits + Duration::from_micros(bits * 1_000_000 / bottleneck.rate);
        let stood = self.stood.entry(person.to_owned()).or_default();
        *stood = waits.max(*stood);
        Some(busy.saturating_duration_since(now))
    }

    /// Sends a datagram over a person's line.
    pub(crate) fn datagram(&mut self, now: Instant, person: &str, up: bool, parcel: (SocketAddr, SocketAddr, Vec<u8>)) {
        self.sent += 1;
        if self.cut.contains(person) || self.chosen(self.conditions.loss) {
            self.lost += 1;
            return;
        }
        let (source, destination, bytes) = parcel;
        let Some(passed) = self.pass(now, person, up, bytes.len()) else {
            self.lost += 1;
            return;
        };
        let times = if self.chosen(self.conditions.duplicate) { 2 } else { 1 };
        for _ in 0..times {
            let line = Line { person: person.to_owned(), up, media: true };
            let bytes = bytes.clone();
            let jitter = self.fraction();
            let mut at = now + passed + self.conditions.delay + self.conditions.jitter.mul_f64(jitter);
            if self.chosen(self.conditions.reorder) {
                at += (self.conditions.delay * 2).mul_f64(self.fraction());
            } else {
                at = self.in_order(line, at);
            }
            self.put(at, Parcel::Datagram { source, destination, bytes });
        }
    }

    /// Sends something over a person's socket.
    pub(crate) fn signal(&mut self, now: Instant, person: &str, up: bool, parcel: Parcel) {
        if self.cut.contains(person) {
            self.held.entry(person.to_owned()).or_default().push(parcel);
            return;
        }
        let line = Line { person: person.to_owned(), up, media: false };
        let at = self.in_order(line, now + self.conditions.delay);
        self.put(at, parcel);
    }

    /// When the next parcel arrives.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.under_way.peek().map(|Reverse(entry)| entry.at)
    }

    /// What has arrived by now, one by one.
    pub(crate) fn arrived(&mut self, now: Instant) -> Option<Parcel> {
        if self.next()? > now {
            return None;
        }
        self.under_way.pop().map(|Reverse(entry)| entry.parcel)
    }

    fn in_order(&mut self, line: Line, at: Instant) -> Instant {
        let last = self.last.entry(line).or_insert(at);
        *last = at.max(*last);
        *last
    }

    fn put(&mut self, at: Instant, parcel: Parcel) {
        self.count += 1;
        self.under_way.push(Reverse(Entry { at, count: self.count, parcel }));
    }

    fn chosen(&mut self, share: f64) -> bool {
        // Drawn in any case, so that a change of one share leaves all other decisions of a seed as they were.
        self.fraction() < share
    }

    fn fraction(&mut self) -> f64 {
        (self.chance.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// What IPv4 and UDP put in front of each datagram.
const HEADERS: usize = 28;

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.count).cmp(&(other.at, other.count))
    }
}
