//! All that can happen to the TURN server, and all that it can do.

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use proto::ParticipantId;

use crate::{Frame, Peers, Secret};

/// What the TURN server is told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The realm of all credentials (RFC 8489, section 9.2): a name of the server, at most 127 characters.
    pub realm: String,
    /// What passwords and nonces are made from.
    pub secret: Secret,
    /// Where the media plane is: the peers that are always permitted, and by default the only ones.
    pub media: Vec<Media>,
    /// Whom else clients may reach.
    pub peers: Peers,
    /// How much anybody gets.
    pub limits: Limits,
    /// Seed of what is random and no secret: transaction ids of Data indications, the first relayed address.
    pub seed: u64,
}

/// One address of the media plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// What clients are told, and name as their peer.
    pub address: SocketAddr,
    /// The media plane's own address for it: what stands in [`Carried::ToMedia`] and [`Input::FromMedia`]. Differs from
    /// `address` behind a one-to-one NAT only.
    pub socket: SocketAddr,
}

impl From<SocketAddr> for Media {
    fn from(address: SocketAddr) -> Self {
        Self { address, socket: address }
    }
}

/// How much anybody gets. What each costs: an allocation about one kilobyte, a permission and a channel some fifty bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Allocations of one participant; more are refused with 486. A browser makes one for each TURN address it was
    /// given, and a second set while it restarts ICE: 4.
    pub of_participant: usize,
    /// Allocations of one client address (IPv6: of a /64); more are refused with 486. An office behind one address: 100.
    pub of_address: usize,
    /// Allocations in all; more are refused with 508: 4,096.
    pub allocations: usize,
    /// Permissions of an allocation; more are refused with 508. Media has a handful of addresses: 32.
    pub permissions: usize,
    /// Channels of an allocation; more are refused with 508: 16.
    pub channels: usize,
    /// The longest lifetime of an allocation without a refresh (RFC 8656, section 3.2): 600 s.
    pub lifetime: Duration,
    /// Streams whose pace is remembered; on others nothing is answered before they have an allocation: 10,000.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            of_participant: 4,
            of_address: 100,
            allocations: 4_096,
            permissions: 32,
            channels: 16,
            lifetime: Duration::from_secs(600),
            streams: 10_000,
        }
    }
}

/// The moment of an input, on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// What lifetimes are measured with. Never goes backwards.
    pub at: Instant,
    /// Time since 1970, which credentials and nonces carry.
    pub unix: Duration,
}

/// One client as TURN knows it: the 5-tuple (RFC 8656, section 2.2). An allocation belongs to exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Client {
    /// The client's address as we see it.
    pub remote: SocketAddr,
    /// Our address that it talks to.
    pub local: SocketAddr,
    /// What carries it.
    pub transport: Transport,
}

/// What carries a client's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// UDP: each datagram is one message.
    Datagram,
    /// TCP or TLS, cut into messages by [`crate::Framing`]. The number is the shell's name of the connection and is never
    /// used twice.
    Stream(u64),
}

/// The name of an allocation between engine and shell; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AllocationId(pub(crate) u64);

/// The address families of relays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// That of an address.
    pub fn of(ip: IpAddr) -> Self {
        if ip.is_ipv4() { Self::V4 } else { Self::V6 }
    }
}

/// Everything that can happen to the TURN server.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// A client sent a whole message: a datagram, or what [`crate::Framing`] cut out of a stream.
    Message {
        /// Who.
        client: Client,
        /// What: a STUN message or ChannelData, without what pads it in a stream.
        bytes: &'a [u8],
    },
    /// A client's connection was closed: its allocation ends.
    Closed {
        /// Whose.
        client: Client,
    },
    /// A participant has left or was removed: its allocations end, and its credentials make no new ones.
    Revoke {
        /// Who.
        participant: ParticipantId,
    },
    /// The media plane sends to a relayed address.
    FromMedia {
        /// To which.
        relayed: SocketAddr,
        /// From which of its addresses: one of [`Media::socket`].
        media: SocketAddr,
        /// What.
        payload: &'a [u8],
    },
    /// The socket asked for by [`Output::OpenRelay`] is there.
    RelayOpened {
        /// Whose.
        allocation: AllocationId,
        /// How the outside reaches it.
        address: SocketAddr,
    },
    /// The socket asked for by [`Output::OpenRelay`] cannot be had, or broke later.
    RelayFailed {
        /// Whose.
        allocation: AllocationId,
    },
    /// A datagram arrived at a relay socket.
    FromPeer {
        /// At whose.
        allocation: AllocationId,
        /// From whom.
        peer: SocketAddr,
        /// What.
        payload: &'a [u8],
    },
    /// The time asked for by `poll_timeout` has come.
    Timeout,
}

/// Everything that the TURN server asks for besides passing payload on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send a message to a client.
    ToClient {
        /// To whom.
        client: Client,
        /// What; needs no padding in a stream.
        bytes: Vec<u8>,
    },
    /// Open a UDP socket for an allocation, and say [`Input::RelayOpened`] or [`Input::RelayFailed`].
    /// Only where [`Peers::Real`] are reached.
    OpenRelay {
        /// Whose.
        allocation: AllocationId,
        /// Of which family.
        family: Family,
        /// Whether its port has to be even (RFC 8656, section 7.1).
        even: bool,
    },
    /// Close the socket of an allocation, or give up opening it.
    CloseRelay {
        /// Whose.
        allocation: AllocationId,
    },
}

/// Payload on its way: at most one for each input, borrowed from it and never copied by the engine.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried<'a> {
    /// Give it to the media plane, as a datagram.
    ToMedia {
        /// Its source: a relayed address, which no socket has.
        relayed: SocketAddr,
        /// Its destination: one of [`Media::socket`].
        media: SocketAddr,
        /// What.
        payload: &'a [u8],
    },
    /// Send it from the relay socket of an allocation.
    ToPeer {
        /// Whose.
        allocation: AllocationId,
        /// To whom.
        peer: SocketAddr,
        /// What.
        payload: &'a [u8],
    },
    /// Send it to a client.
    ToClient {
        /// To whom.
        client: Client,
        /// What, with what stands before and after it.
        frame: Frame<'a>,
    },
}

/// What the TURN server has counted since its start, and how much it holds now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Allocations now.
    pub allocations: usize,
    /// Allocations made.
    pub allocated: u64,
    /// Requests answered with an error.
    pub refused: u64,
    /// Requests of strangers that were not answered, since they came too fast.
    pub unanswered: u64,
    /// Messages that could not be read, dropped.
    pub malformed: u64,
    /// Payloads from clients passed on.
    pub from_clients: u64,
    /// Payloads passed on to clients.
    pub to_clients: u64,
    /// Payloads without a permission, a channel or an allocation, dropped.
    pub dropped: u64,
}
