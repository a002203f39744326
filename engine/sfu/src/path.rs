//! Ways between us and a peer: over what, from where, to where.

use std::net::SocketAddr;

use proto::quality::Way;
use str0m::net::Protocol;

/// What carries datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Over {
    /// UDP.
    Udp,
    /// A TCP connection that the client opened, each datagram behind its length (RFC 4571; RFC 6544 for ICE).
    Tcp,
    /// Our own TURN server (RFC 8656). To ICE it is UDP from the relayed address; but that address is no place on any
    /// network, and a datagram that comes over UDP and claims to be from there is not from there.
    Relay,
}

impl Over {
    /// What records call it.
    pub(crate) fn way(self) -> Way {
        match self {
            Self::Udp => Way::Udp,
            Self::Tcp => Way::Tcp,
            Self::Relay => Way::Turn,
        }
    }

    /// As what ICE knows it.
    pub(crate) fn protocol(self) -> Protocol {
        match self {
            Self::Udp | Self::Relay => Protocol::Udp,
            Self::Tcp => Protocol::Tcp,
        }
    }
}

/// A way between one of our addresses and one of a peer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// What carries it.
    pub over: Over,
    /// Our own end.
    pub ours: SocketAddr,
    /// The peer's end.
    pub theirs: SocketAddr,
}

impl Path {
    /// Between two addresses over UDP.
    pub fn udp(ours: SocketAddr, theirs: SocketAddr) -> Self {
        Self { over: Over::Udp, ours, theirs }
    }

    /// The peer's end, by which its datagrams are told from those of others.
    pub fn end(self) -> End {
        End { over: self.over, address: self.theirs }
    }
}

/// Where a peer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// What leads there.
    pub over: Over,
    /// Its address.
    pub address: SocketAddr,
}
