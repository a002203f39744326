//! The datagrams that wait to leave through one socket.

use std::net::SocketAddr;

/// What waits, and the order in which it leaves. Its memory is kept from flush to flush.
#[derive(Debug)]
pub struct Outbox {
    waiting: Vec<Datagram>,
    /// Places in `waiting`, grouped by destination; see [`Outbox::arrange`].
    order: Vec<usize>,
    /// Memory for the runs of one flush.
    #[cfg(target_os = "linux")]
    pub runs: Vec<std::ops::Range<usize>>,
    /// Whether the poll was last asked to tell when the socket takes more.
    watched: bool,
}

#[derive(Debug)]
struct Datagram {
    destination: SocketAddr,
    bytes: Vec<u8>,
}

impl Outbox {
    pub fn new() -> Self {
        Self {
            waiting: Vec::new(),
            order: Vec::new(),
            #[cfg(target_os = "linux")]
            runs: Vec::new(),
            watched: false,
        }
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub fn push(&mut self, destination: SocketAddr, bytes: Vec<u8>) {
        // An empty datagram says nothing in any of our protocols, and empty is how `done` marks one.
        if !bytes.is_empty() {
            self.waiting.push(Datagram { destination, bytes });
        }
    }

    /// Groups by destination, in the order of arrival within each.
    #[cfg(target_os = "linux")]
    pub fn arrange(&mut self) {
        self.order.clear();
        self.order.extend(0..self.waiting.len());
        // With the place in the key the order is total, so the sort that needs no memory gives the stable result.
        self.order.sort_unstable_by_key(|place| (self.waiting[*place].destination, *place));
    }

    /// Keeps the order of arrival.
    pub fn keep_order(&mut self) {
        self.order.clear();
        self.order.extend(0..self.waiting.len());
    }

    /// The datagram at a place of the order, until it is [`done`](Self::done).
    pub fn at(&self, place: usize) -> (SocketAddr, &[u8]) {
        let datagram = &self.waiting[self.order[place]];
        (datagram.destination, &datagram.bytes)
    }

    /// The datagram at a place of the order needs no more attention: it was sent, or given up.
    pub fn done(&mut self, place: usize) {
        self.waiting[self.order[place]].bytes = Vec::new();
    }

    /// Forgets what is done; the rest stays in its order of arrival.
    pub fn sweep(&mut self) {
        self.waiting.retain(|datagram| !datagram.bytes.is_empty());
    }

    /// Whether the poll has to be asked anew, now that the socket is blocked or not.
    pub fn interest_changed(&mut self, blocked: bool) -> bool {
        std::mem::replace(&mut self.watched, blocked) != blocked
    }
}
