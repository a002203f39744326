//! Media over TCP, for networks that let no UDP through: connections that clients open (passive candidates, RFC 6544),
//! with each datagram behind its length (RFC 4571).
//!
//! All listeners belong to the first media thread. It reads the first datagram of a connection, which has to be a check
//! that names a media thread, and hands the connection over to that thread, which has it from then on. Nothing here knows
//! what a datagram means; who is believed to be who is the `Sfu`'s to say. A connection lives while the `Sfu` knows its other end.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, SocketAddr},
    ops::AddAssign,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use mio::{Interest, Registry, Token, net::TcpListener};
use proto::Shard;
use sfu::{End, Over, Path, Train};
use socket2::{Domain, Protocol, Type};

pub use connection::Connection;
use connection::Ended;

mod connection;
mod frames;
#[doc(hidden)]
pub mod fuzzing;

#[cfg(test)]
mod tests;

/// Where connections arrive.
#[derive(Debug)]
pub struct Listeners(Vec<Listener>);

#[derive(Debug)]
struct Listener {
    io: TcpListener,
    address: SocketAddr,
    /// Whether somebody may be waiting: the poll tells only of changes.
    ready: bool,
}

/// The connections of one media thread.
#[derive(Debug)]
pub struct Connections {
    shard: Shard,
    listeners: Listeners,
    /// By token.
    open: BTreeMap<usize, Connection>,
    /// How many there may be: [`MOST`], less in tests.
    most: usize,
    by_end: BTreeMap<SocketAddr, usize>,
    from: BTreeMap<IpAddr, usize>,
    /// Those whose first datagram has not come yet.
    fresh: Vec<usize>,
    /// Those with something to read, and those with something to send.
    readable: Vec<usize>,
    sending: Vec<usize>,
    /// Those that other threads are to have.
    leaving: Vec<(Shard, Connection)>,
    next: usize,
    tidy_at: Option<Instant>,
    traffic: Traffic,
}

/// What went over the connections since the start, and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Connections now.
    pub open: u64,
    /// Connections accepted.
    pub accepted: u64,
    /// Connections closed because there were too many, or because what came was nobody's.
    pub refused: u64,
    /// Datagrams received.
    pub received: u64,
    /// Bytes in them.
    pub received_bytes: u64,
    /// Datagrams put on their way.
    pub sent: u64,
    /// Bytes in them.
    pub sent_bytes: u64,
    /// Datagrams dropped because the connection takes less than we have to send.
    pub dropped_full: u64,
    /// Datagrams dropped because their connection has ended.
    pub dropped_unreachable: u64,
    /// Connections closed because something broke over what they sent (a panic).
    pub broken: u64,
}

impl Listeners {
    /// No door over TCP.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Listens on each of `addresses`.
    ///
    /// # Errors
    /// The address that cannot be had, and why. One that is not there (any more) is passed over.
    pub fn bind(addresses: &[SocketAddr]) -> Result<Self, (SocketAddr, io::Error)> {
        let mut listeners = Vec::with_capacity(addresses.len());
        for address in addresses {
            match Listener::bind(*address) {
                Ok(listener) => listeners.push(listener),
                Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                    tracing::warn!(%address, %error, "no media over TCP on this address");
                }
                Err(error) => return Err((*address, error)),
            }
        }
        Ok(Self(listeners))
    }

    /// Where they listen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|listener| listener.address).collect()
    }
}

impl Listener {
    fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = socket2::Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if address.is_ipv6() {
            // An IPv4 client has its own listener; here it would show up under a mapped address.
            socket.set_only_v6(true)?;
        }
        // A restart must not wait for the last connections of the process before.
        #[cfg(unix)]
        socket.set_reuse_address(true)?;
        // Accepted connections take it over. Without it the kernel would take megabytes, which then wait in vain.
        socket.set_send_buffer_size(SEND_BUFFER)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(QUEUE)?;
        let io = TcpListener::from_std(socket.into());
        let address = io.local_addr()?;
        Ok(Self { io, address, ready: true })
    }
}

impl Connections {
    /// None yet, for the thread of `shard`.
    pub fn new(shard: Shard, listeners: Listeners) -> Self {
        Self {
            shard,
            listeners,
            open: BTreeMap::new(),
            most: MOST,
            by_end: BTreeMap::new(),
            from: BTreeMap::new(),
            fresh: Vec::new(),
            readable: Vec::new(),
            sending: Vec::new(),
            leaving: Vec::new(),
            next: FIRST,
            tidy_at: None,
            traffic: Traffic::default(),
        }
    }

    /// Lets `registry` tell of the listeners.
    ///
    /// # Errors
    /// As the system says.
    pub fn register(&mut self, registry: &Registry) -> io::Result<()> {
        for (index, listener) in self.listeners.0.iter_mut().enumerate() {
            registry.register(&mut listener.io, Token(FIRST_LISTENER + index), Interest::READABLE)?;
        }
        Ok(())
    }

    /// Takes note of what the poll told of whatever is behind `token`, if it is ours.
    pub fn wake(&mut self, token: Token, readable: bool, writable: bool) {
        if let Some(connection) = self.open.get_mut(&token.0) {
            if readable && !std::mem::replace(&mut connection.readable, true) {
                self.readable.push(token.0);
            }
            if writable && std::mem::replace(&mut connection.blocked, false) {
                self.sending.push(token.0);
            }
        } else if let Some(index) = token.0.checked_sub(FIRST_LISTENER)
            && let Some(listener) = self.listeners.0.get_mut(index)
        {
            listener.ready |= readable;
        }
    }

    /// Whether there is something to do without asking the poll first.
    pub fn is_ready(&self) -> bool {
        !self.readable.is_empty() || !self.sending.is_empty() || self.listeners.0.iter().any(|listener| listener.ready)
    }

    /// When to call [`Connections::tidy`].
    pub fn deadline(&self) -> Option<Instant> {
        self.tidy_at
    }

    /// What was counted.
    pub fn traffic(&self) -> Traffic {
        Traffic { open: self.open.len() as u64, ..self.traffic }
    }

    /// Accepts who waits, at most a few in a round.
    pub fn accept(&mut self, now: Instant, registry: &Registry) {
        for index in 0..self.listeners.0.len() {
            for _ in 0..ACCEPTS {
                let listener = &mut self.listeners.0[index];
                if !listener.ready {
                    break;
                }
                match listener.io.accept() {
                    Ok((io, _)) => {
                        self.traffic.accepted += 1;
                        match Connection::new(io, now) {
                            Ok(connection) => self.take(now, registry, connection, true),
                            Err(error) => tracing::trace!(%error, "a connection for media ended at once"),
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => listener.ready = false,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        // Most likely no file descriptors are left: the next round of tidying tries again.
                        tracing::warn!(%error, "a connection for media could not be accepted");
                        listener.ready = false;
                        self.tidy_at.get_or_insert(now + TIDY);
                        break;
                    }
                }
            }
        }
    }

    /// Takes over a connection that another thread has accepted.
    pub fn adopt(&mut self, now: Instant, registry: &Registry, connection: Connection) {
        self.take(now, registry, connection, false);
    }

    fn take(&mut self, now: Instant, registry: &Registry, mut connection: Connection, fresh: bool) {
        let theirs = connection.path.theirs;
        let full =
            self.open.len() >= self.most || self.from.get(&theirs.ip()).is_some_and(|count| *count >= MOST_FROM_ONE);
        // One end is one connection, or its datagrams could not be told apart.
        if full || self.by_end.contains_key(&theirs) {
            self.traffic.refused += 1;
            return;
        }
        let token = self.next;
        if let Err(error) = registry.register(&mut connection.io, Token(token), Interest::READABLE) {
            tracing::warn!(%error, "a connection for media cannot be watched");
            return;
        }
        self.next += 1;
        connection.readable = true;
        self.by_end.insert(theirs, token);
        *self.from.entry(theirs.ip()).or_default() += 1;
        if fresh {
            self.fresh.push(token);
        }
        self.readable.push(token);
        self.open.insert(token, connection);
        self.tidy_at.get_or_insert(now + TIDY);
    }

    /// Reads what has come and hands out the datagrams with their ways. `whose` tells which thread a first datagram names.
    pub fn receive(
        &mut self,
        registry: &Registry,
        whose: impl Fn(&[u8]) -> Option<Shard>,
        mut each: impl FnMut(Path, &[u8]),
    ) {
        let mut tokens = std::mem::take(&mut self.readable);
        // A wall for each connection: what breaks over one ends with it.
        tokens.retain(|token| {
            let received = AssertUnwindSafe(|| self.receive_of(registry, *token, &whose, &mut each));
            catch_unwind(received).unwrap_or_else(|_| {
                tracing::error!("a connection for media broke and is closed");
                self.traffic.broken += 1;
                self.close(registry, *token);
                false
            })
        });
        tokens.append(&mut self.readable);
        self.readable = tokens;
    }

    /// Reads what has come over one connection; says whether there may be more.
    fn receive_of(
        &mut self,
        registry: &Registry,
        token: usize,
        whose: impl Fn(&[u8]) -> Option<Shard>,
        mut each: impl FnMut(Path, &[u8]),
    ) -> bool {
        let Some(connection) = self.open.get_mut(&token) else {
            return false;
        };
        if let Some(place) = self.fresh.iter().position(|fresh| *fresh == token) {
            match connection.peek() {
                Ok(None) => return connection.readable,
                Ok(Some(first)) => match whose(first) {
                    Some(shard) if shard == self.shard => drop(self.fresh.swap_remove(place)),
                    Some(shard) => {
                        let connection = self.close(registry, token);
                        self.leaving.extend(connection.map(|connection| (shard, connection)));
                        return false;
                    }
                    None => {
                        self.traffic.refused += 1;
                        self.close(registry, token);
                        return false;
                    }
                },
                Err(ended) => return self.end(registry, token, &ended),
            }
        }
        match self.open.get_mut(&token).map(|connection| connection.receive(&mut self.traffic, &mut each)) {
            Some(Ok(())) => self.open.get(&token).is_some_and(|connection| connection.readable),
            Some(Err(ended)) => self.end(registry, token, &ended),
            None => false,
        }
    }

    /// The connections that are for other threads.
    pub fn leaving(&mut self) -> impl Iterator<Item = (Shard, Connection)> + '_ {
        self.leaving.drain(..)
    }

    /// Puts a train behind what waits on its connection; it leaves at the next [`Connections::flush`].
    pub fn queue(&mut self, train: &Train) {
        let found = self.by_end.get(&train.path.theirs).and_then(|token| Some((*token, self.open.get_mut(token)?)));
        let Some((token, connection)) = found else {
            self.traffic.dropped_unreachable += train.lengths().len() as u64;
            return;
        };
        let before = connection.is_ready_to_send();
        connection.queue(train, &mut self.traffic);
        if !before && connection.is_ready_to_send() {
            self.sending.push(token);
        }
    }

    /// Sends what waits. What the kernel has no room for stays until the poll says that it has.
    pub fn flush(&mut self, registry: &Registry) {
        for token in std::mem::take(&mut self.sending) {
            let Some(connection) = self.open.get_mut(&token) else {
                continue;
            };
            if let Err(ended) = connection.flush() {
                self.end(registry, token, &ended);
                continue;
            }
            if std::mem::replace(&mut connection.watched, connection.blocked) == connection.blocked {
                continue;
            }
            let wanted = if connection.blocked { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
            if let Err(error) = registry.reregister(&mut connection.io, Token(token), wanted) {
                self.end(registry, token, &Ended::Broken(error));
            }
        }
    }

    /// Closes what is nobody's. To be called at [`Connections::deadline`].
    pub fn tidy(&mut self, now: Instant, registry: &Registry, knows: impl Fn(End) -> bool) {
        if self.tidy_at.take_if(|at| *at <= now).is_none() {
            return;
        }
        let nobodys = |connection: &Connection| {
            let end = End { over: Over::Tcp, address: connection.path.theirs };
            now.saturating_duration_since(connection.opened) >= GRACE && !knows(end)
        };
        let over: Vec<usize> = self.open.iter().filter(|(_, c)| nobodys(c)).map(|(token, _)| *token).collect();
        for token in over {
            self.traffic.refused += 1;
            self.close(registry, token);
        }
        self.listeners.0.iter_mut().for_each(|listener| listener.ready = true);
        self.tidy_at = (!self.open.is_empty()).then(|| now + TIDY);
    }

    /// Ends a connection; `false`, as there is nothing more to read of it.
    fn end(&mut self, registry: &Registry, token: usize, why: &Ended) -> bool {
        tracing::trace!(%why, "a connection for media ended");
        self.close(registry, token);
        false
    }

    fn close(&mut self, registry: &Registry, token: usize) -> Option<Connection> {
        let mut connection = self.open.remove(&token)?;
        let theirs = connection.path.theirs;
        self.by_end.remove(&theirs);
        self.fresh.retain(|fresh| *fresh != token);
        if let Some(count) = self.from.get_mut(&theirs.ip()) {
            *count -= 1;
            if *count == 0 {
                self.from.remove(&theirs.ip());
            }
        }
        if let Err(error) = registry.deregister(&mut connection.io) {
            tracing::trace!(%error, "a connection for media could not be forgotten");
        }
        Some(connection)
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, more: Self) {
        self.open += more.open;
        self.accepted += more.accepted;
        self.refused += more.refused;
        self.received += more.received;
        self.received_bytes += more.received_bytes;
        self.sent += more.sent;
        self.sent_bytes += more.sent_bytes;
        self.dropped_full += more.dropped_full;
        self.dropped_unreachable += more.dropped_unreachable;
        self.broken += more.broken;
    }
}

/// Tokens of listeners; those of UDP sockets are counted from zero, one for each address of the machine.
const FIRST_LISTENER: usize = 1 << 20;

/// Tokens of connections, counted up for ever: one that comes late must not find another connection.
const FIRST: usize = 1 << 21;

/// Connections of one media thread: a file each, of the 65,536 that docs/install.md allows the process.
const MOST: usize = 4_096;

/// Connections from one address (R17 in the requirements on limits): an office behind one address, with two or three each.
const MOST_FROM_ONE: usize = 200;

/// Whoever opens a connection checks it at once, and again twice a second until it is answered.
const GRACE: Duration = Duration::from_secs(10);

/// How often it is looked which connections are nobody's.
const TIDY: Duration = Duration::from_secs(1);

/// Who waits to be accepted: what the kernel allows by itself.
const QUEUE: i32 = 1_024;

/// Accepted in one round, so that packets wait for a few at most.
const ACCEPTS: usize = 16;

/// A fifth of a second of 5 Mbit/s: what the kernel holds, the estimate does not see until it has left. Linux doubles it.
const SEND_BUFFER: usize = 64 * 1024;
