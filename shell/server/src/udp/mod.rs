//! The UDP sockets of one media thread: many datagrams per system call, in and out.
//!
//! On Linux `recvmmsg`, and `sendmmsg` with `UDP_SEGMENT`, which is where the gain lies: the kernel's cost is per message,
//! not per call, so equal-size datagrams that come as one train leave as one message (see `runs`). Elsewhere, and where the
//! kernel knows neither, one call per datagram (`portable`). Nothing here knows what a datagram means.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    ops::AddAssign,
};

use mio::{Interest, Registry, Token, net::UdpSocket};
use socket2::{Domain, Protocol, SockRef, Type};

use sfu::{Path, Train};

use batch::Batch;
use outbox::Outbox;

mod batch;
#[cfg(target_os = "linux")]
mod linux;
mod outbox;
mod portable;
mod runs;

#[cfg(test)]
mod tests;

/// The sockets of one media thread: one per address, all on one port, so that the local address of each datagram is known.
#[derive(Debug)]
pub struct Sockets {
    sockets: Vec<Socket>,
    batch: Batch,
    traffic: Traffic,
}

/// One socket and what waits to leave through it.
#[derive(Debug)]
struct Socket {
    io: UdpSocket,
    address: SocketAddr,
    outbox: Outbox,
    mode: Mode,
    /// Whether datagrams may be waiting to be read: the poll tells only of changes.
    readable: bool,
    /// Whether the kernel's buffer was full; `poll` then tells when it is not.
    blocked: bool,
}

/// How datagrams pass a socket, best first. A socket falls back at run time when the kernel refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Many per call, and runs of equal size as one message.
    #[cfg(target_os = "linux")]
    Segments,
    /// Many per call.
    #[cfg(target_os = "linux")]
    Batches,
    /// One per call.
    Singles,
}

impl Mode {
    #[cfg(target_os = "linux")]
    const BEST: Self = Self::Segments;
    #[cfg(not(target_os = "linux"))]
    const BEST: Self = Self::Singles;
}

/// Why the sockets could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// None of the addresses can be used.
    #[error("no usable address")]
    NoAddress,
    /// One of them was refused.
    #[error("cannot open UDP {address}: {source}")]
    Socket {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// What went over the sockets since their start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Datagrams received.
    pub received: u64,
    /// Bytes in them.
    pub received_bytes: u64,
    /// Datagrams handed to the kernel.
    pub sent: u64,
    /// Bytes in them.
    pub sent_bytes: u64,
    /// System calls that sent something.
    pub send_calls: u64,
    /// Datagrams dropped because the network takes less than we have to send; see [`BACKLOG`].
    pub dropped_full: u64,
    /// Datagrams dropped because their destination cannot be reached from here.
    pub dropped_unreachable: u64,
    /// Received datagrams dropped because they were larger than any media packet.
    pub dropped_oversize: u64,
}

impl Sockets {
    /// Opens one socket per address on `port`; zero means any port that is free on all of them.
    pub fn bind(addresses: &[IpAddr], port: u16) -> Result<Self, BindError> {
        let mut tries = if port == 0 { PORT_TRIES } else { 1 };
        loop {
            tries -= 1;
            match Self::try_bind(addresses, port) {
                // The port which the first address got may be taken on another one.
                Err(BindError::Socket { source, .. }) if tries > 0 && source.kind() == io::ErrorKind::AddrInUse => {}
                result => return result,
            }
        }
    }

    fn try_bind(addresses: &[IpAddr], mut port: u16) -> Result<Self, BindError> {
        let mut sockets: Vec<Socket> = Vec::with_capacity(addresses.len());
        for ip in addresses {
            if sockets.iter().any(|socket| socket.address.ip() == *ip) {
                continue;
            }
            let address = SocketAddr::new(*ip, port);
            match Socket::bind(address) {
                Ok(socket) => {
                    port = socket.address.port();
                    sockets.push(socket);
                }
                // An address that went away since it was listed, or that this kernel does not speak.
                Err(error) if is_absent(&error) => {
                    tracing::warn!(%address, %error, "no media on this address");
                }
                Err(source) => return Err(BindError::Socket { address, source }),
            }
        }
        if sockets.is_empty() {
            return Err(BindError::NoAddress);
        }
        Ok(Self { sockets, batch: Batch::new(), traffic: Traffic::default() })
    }

    /// Further sockets on the same addresses and port, for another thread. The kernel gives what comes from one address to one
    /// of the sockets, always the same as long as none is added.
    ///
    /// Until then the first socket has the port for itself, so that a port in use is noticed at the start. From then on the port
    /// is shared: on Linux whatever runs as the same user and asks to share it (`SO_REUSEPORT`, socket(7)) gets in too, and a
    /// part of what arrives with it. It can read the keys of the server as well, so the server has a user of its own.
    pub fn beside(&self) -> Result<Self, BindError> {
        let more = self.sockets.iter().map(Socket::beside).collect::<Result<_, _>>()?;
        Ok(Self { sockets: more, batch: Batch::new(), traffic: Traffic::default() })
    }

    /// Takes the given mode on every socket, as if the kernel had refused the better ones.
    #[cfg(test)]
    fn set_mode(&mut self, mode: Mode) {
        for socket in &mut self.sockets {
            socket.mode = mode;
        }
    }

    /// The addresses of the sockets.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.sockets.iter().map(|socket| socket.address).collect()
    }

    /// The port of all of them.
    pub fn port(&self) -> u16 {
        self.sockets.first().map_or(0, |socket| socket.address.port())
    }

    /// What went over them.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Lets `registry` tell of each socket, by its place in [`Sockets::addresses`] as the token.
    pub fn register(&mut self, registry: &Registry) -> io::Result<()> {
        for (index, socket) in self.sockets.iter_mut().enumerate() {
            registry.register(&mut socket.io, Token(index), Interest::READABLE)?;
        }
        Ok(())
    }

    /// Takes note of what the poll told of the socket behind `token`.
    pub fn wake(&mut self, token: Token, readable: bool, writable: bool) {
        if let Some(socket) = self.sockets.get_mut(token.0) {
            socket.readable |= readable;
            socket.blocked &= !writable;
        }
    }

    /// Whether there is something to read, or to send to a socket that takes it, without asking the poll first.
    pub fn is_ready(&self) -> bool {
        self.is_ready_to_send() || self.sockets.iter().any(|socket| socket.readable)
    }

    fn is_ready_to_send(&self) -> bool {
        self.sockets.iter().any(|socket| !socket.blocked && !socket.outbox.is_empty())
    }

    /// Reads at most one batch of datagrams from each socket that has some and hands them out with their ways.
    pub fn receive(&mut self, mut each: impl FnMut(Path, &[u8])) {
        for socket in &mut self.sockets {
            if !socket.readable {
                continue;
            }
            socket.fill(&mut self.batch);
            self.traffic.dropped_oversize += self.batch.oversize();
            for (source, bytes) in self.batch.datagrams() {
                self.traffic.received += 1;
                self.traffic.received_bytes += bytes.len() as u64;
                each(Path::udp(socket.address, source), bytes);
            }
        }
    }

    /// Puts a train into the outbox of the socket with its source address; it leaves at the next [`Sockets::flush`].
    /// One that cannot leave is given back.
    pub fn queue(&mut self, train: Train) -> Option<Train> {
        let exact = self.sockets.iter().position(|socket| socket.address == train.path.ours);
        let place = exact.or_else(|| self.toward(train.path.theirs));
        let dropped = train.lengths().len() as u64;
        match place.and_then(|place| self.sockets.get_mut(place)) {
            Some(socket) => {
                // A round that was late may bring more than that at once. It only waits in vain when the kernel says so.
                if socket.outbox.len() >= BACKLOG && !socket.blocked {
                    self.traffic += socket.send();
                }
                if socket.outbox.len() < BACKLOG {
                    socket.outbox.push(train);
                    return None;
                }
                self.traffic.dropped_full += dropped;
            }
            None => self.traffic.dropped_unreachable += dropped,
        }
        Some(train)
    }

    /// The trains that have left, or were given up, since this was last asked.
    pub fn gone(&mut self) -> impl Iterator<Item = Train> + '_ {
        self.sockets.iter_mut().flat_map(|socket| socket.outbox.gone())
    }

    /// Sends what waits. What the kernel has no room for stays until the poll says that it has.
    pub fn flush(&mut self, registry: &Registry) {
        for (index, socket) in self.sockets.iter_mut().enumerate() {
            if !socket.blocked && !socket.outbox.is_empty() {
                self.traffic += socket.send();
            }
            socket.watch(registry, Token(index));
        }
    }

    /// A socket for a source address that is none of ours, such as a public one in front of a NAT.
    fn toward(&self, destination: SocketAddr) -> Option<usize> {
        let fits = |socket: &Socket| socket.address.is_ipv4() == destination.is_ipv4();
        let same_side =
            |socket: &Socket| fits(socket) && socket.address.ip().is_loopback() == destination.ip().is_loopback();
        self.sockets.iter().position(same_side).or_else(|| self.sockets.iter().position(fits))
    }
}

impl Socket {
    fn bind(address: SocketAddr) -> io::Result<Self> {
        Self::open(address, false)
    }

    fn beside(&self) -> Result<Self, BindError> {
        let open = || {
            SockRef::from(&self.io).set_reuse_port(true)?;
            Self::open(self.address, true)
        };
        open().map_err(|source| BindError::Socket { address: self.address, source })
    }

    fn open(address: SocketAddr, shared: bool) -> io::Result<Self> {
        let socket = socket2::Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        if address.is_ipv6() {
            // An IPv4 peer has its own socket; here it would show up under a mapped address.
            socket.set_only_v6(true)?;
        }
        socket.set_nonblocking(true)?;
        enlarge(&socket);
        if shared {
            socket.set_reuse_port(true)?;
        }
        socket.bind(&address.into())?;
        let io = UdpSocket::from_std(socket.into());
        let address = io.local_addr()?;
        Ok(Self { io, address, outbox: Outbox::new(), mode: Mode::BEST, readable: true, blocked: false })
    }

    fn fill(&mut self, batch: &mut Batch) {
        match self.mode {
            #[cfg(target_os = "linux")]
            Mode::Segments | Mode::Batches => match linux::receive(&self.io, batch) {
                Ok(more) => self.readable = more,
                Err(error) => self.degrade(Mode::Singles, &error),
            },
            Mode::Singles => self.readable = portable::receive(&self.io, batch),
        }
    }

    fn send(&mut self) -> Traffic {
        match self.mode {
            #[cfg(target_os = "linux")]
            Mode::Segments | Mode::Batches => {
                let sent = linux::send(&self.io, &mut self.outbox, self.mode == Mode::Segments);
                self.blocked = sent.blocked;
                if let Some((mode, error)) = sent.degrade {
                    self.degrade(mode, &error);
                }
                sent.traffic
            }
            Mode::Singles => {
                let (traffic, blocked) = portable::send(&self.io, &mut self.outbox);
                self.blocked = blocked;
                traffic
            }
        }
    }

    /// Lets the poll tell when the kernel has room again, but only while it has none: otherwise each datagram that
    /// leaves the kernel would wake us.
    fn watch(&mut self, registry: &Registry, token: Token) {
        if !self.outbox.interest_changed(self.blocked) {
            return;
        }
        let wanted = if self.blocked { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        if let Err(error) = registry.reregister(&mut self.io, token, wanted) {
            tracing::error!(%error, "cannot watch a media socket");
            self.blocked = false;
        }
    }

    #[cfg(target_os = "linux")]
    fn degrade(&mut self, mode: Mode, error: &io::Error) {
        tracing::warn!(address = %self.address, ?mode, %error, "this network path takes only a slower way of sending");
        self.mode = mode;
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, more: Self) {
        self.received += more.received;
        self.received_bytes += more.received_bytes;
        self.sent += more.sent;
        self.sent_bytes += more.sent_bytes;
        self.send_calls += more.send_calls;
        self.dropped_full += more.dropped_full;
        self.dropped_unreachable += more.dropped_unreachable;
        self.dropped_oversize += more.dropped_oversize;
    }
}

/// The bytes that the system lets a media socket hold which nobody has read yet.
///
/// # Errors
/// When no socket can be opened on loopback.
pub fn granted_buffer() -> io::Result<usize> {
    let socket = socket2::Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    enlarge(&socket);
    // Linux keeps as much again for its own books, and says both together (socket(7)).
    socket.recv_buffer_size().map(|bytes| if cfg!(target_os = "linux") { bytes / 2 } else { bytes })
}

/// Asks for large buffers and takes what the system allows: too small is slower, not wrong.
fn enlarge(socket: &socket2::Socket) {
    #[cfg(target_os = "linux")]
    if linux::force_buffers(socket, SOCKET_BUFFER) {
        return;
    }
    for result in [socket.set_recv_buffer_size(SOCKET_BUFFER), socket.set_send_buffer_size(SOCKET_BUFFER)] {
        if let Err(error) = result {
            tracing::debug!(%error, "cannot enlarge the buffers of a media socket");
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported)
        || error.raw_os_error() == Some(libc::EAFNOSUPPORT)
}

/// Datagrams waiting for one socket whose kernel buffer is full.
///
/// About 10 MB, or 80 ms of a gigabit: what waits longer is late anyway. On overflow the newest train is dropped and counted;
/// RTP, DTLS and SCTP all repair a loss, and the senders' estimates fall.
pub const BACKLOG: usize = 8_192;

/// The kernel's buffers of each socket: 4 MB hold the burst of a keyframe to a few hundred people, and what arrives while
/// this thread waits for the processor.
pub const SOCKET_BUFFER: usize = 4 << 20;

/// With port zero: how often another free port is tried when the one found is taken on the next address.
const PORT_TRIES: usize = 16;
