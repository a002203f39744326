//! Relay sockets: only where an operator has opened the relay to real peers.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use ::turn::{AllocationId, Family};
use tokio::{net::UdpSocket, sync::mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};

/// What happens at sockets.
pub enum Event {
    /// It is open, and the outside reaches it there.
    Opened { allocation: AllocationId, address: SocketAddr },
    /// It cannot be had.
    Failed { allocation: AllocationId },
    /// A datagram came.
    Came { allocation: AllocationId, peer: SocketAddr, bytes: Vec<u8> },
}

/// All of them.
pub struct Sockets {
    /// Where they are: addresses of the media plane, which are those that the outside reaches.
    own: Vec<IpAddr>,
    events: mpsc::Sender<super::Event>,
    open: BTreeMap<AllocationId, Open>,
    dropped: u64,
}

struct Open {
    socket: Arc<UdpSocket>,
    _reader: DropGuard,
}

impl Sockets {
    pub fn new(own: Vec<IpAddr>, events: mpsc::Sender<super::Event>) -> Self {
        Self { own, events, open: BTreeMap::new(), dropped: 0 }
    }

    /// Payloads that no socket took.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Closes all.
    pub fn close_all(&mut self) {
        self.open.clear();
    }

    /// Opens a socket on any free port, and tells what came of it.
    pub fn open(&mut self, allocation: AllocationId, family: Family, even: bool) {
        let event = match self.bind(family, even) {
            Ok((socket, address)) => {
                let (socket, cut) = (Arc::new(socket), CancellationToken::new());
                let reading =
                    cut.clone().run_until_cancelled_owned(read(allocation, socket.clone(), self.events.clone()));
                tokio::spawn(reading);
                self.open.insert(allocation, Open { socket, _reader: cut.drop_guard() });
                Event::Opened { allocation, address }
            }
            Err(error) => {
                tracing::warn!(%error, "a relay socket could not be opened");
                Event::Failed { allocation }
            }
        };
        // Were this lost, the client would wait for its answer until it gives up and asks again.
        if self.events.try_send(super::Event::Socket(event)).is_err() {
            self.open.remove(&allocation);
        }
    }

    fn bind(&self, family: Family, even: bool) -> std::io::Result<(UdpSocket, SocketAddr)> {
        let everywhere = match family {
            Family::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Family::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let own = self.own.iter().find(|ip| Family::of(**ip) == family);
        let own = *own.ok_or_else(|| std::io::Error::other("no address of that family"))?;
        // Behind a one-to-one translation the outside address is none of this machine's.
        let any = || std::net::UdpSocket::bind((own, 0)).or_else(|_| std::net::UdpSocket::bind((everywhere, 0)));
        let mut socket = any()?;
        for _ in 0..TRIES {
            if !even || socket.local_addr()?.port().is_multiple_of(2) {
                break;
            }
            // The odd one is kept until there is another, or the system might give it out again.
            socket = any()?;
        }
        if even && !socket.local_addr()?.port().is_multiple_of(2) {
            return Err(std::io::Error::other("no even port is free"));
        }
        socket.set_nonblocking(true)?;
        let address = SocketAddr::new(own, socket.local_addr()?.port());
        Ok((UdpSocket::from_std(socket)?, address))
    }

    /// Sends now or never, as UDP does.
    pub fn send(&mut self, allocation: AllocationId, peer: SocketAddr, payload: &[u8]) {
        let sent = self.open.get(&allocation).is_some_and(|open| open.socket.try_send_to(payload, peer).is_ok());
        if !sent {
            self.dropped += 1;
        }
    }

    pub fn close(&mut self, allocation: AllocationId) {
        self.open.remove(&allocation);
    }
}

async fn read(allocation: AllocationId, socket: Arc<UdpSocket>, events: mpsc::Sender<super::Event>) {
    let mut buffer = [0; LARGEST];
    loop {
        match socket.recv_from(&mut buffer).await {
            Ok((count, peer)) => {
                let came = Event::Came { allocation, peer, bytes: buffer[..count].to_vec() };
                if events.send(super::Event::Socket(came)).await.is_err() {
                    return;
                }
            }
            // A peer that is not there says so to the socket that sent; others may be.
            Err(error) => tracing::trace!(%error, "a relay socket"),
        }
    }
}

/// How often another port is tried for an even one, each with a chance of one half.
const TRIES: usize = 32;

/// As `turn::MESSAGE`: what is longer is cut by the kernel, and of no use.
const LARGEST: usize = 2_048;
