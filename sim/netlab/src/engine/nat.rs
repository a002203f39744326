//! The network address translator at the client's end of a line.
//!
//! It maps an endpoint inside to a port of its public address when the first packet leaves, and then decides by its
//! kind who may answer. The four kinds are those of RFC 3489, section 5; in the words of RFC 4787 all but the last map
//! independently of the destination (section 4.1) and differ in their filter (section 5), and the last maps and
//! filters by address and port. TCP is mapped and filtered alike (RFC 5382), pings by their identifier (RFC 5508).

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddrV4},
    time::{Duration, Instant},
};

use super::{
    chance::Chance,
    icmp,
    packet::{Packet, Protocol, Side},
};

/// How a client reaches the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// By its own address; no NAT.
    #[default]
    None,
    /// One public port per endpoint inside; anybody may send to it.
    FullCone,
    /// The same, but only addresses that were sent to may send.
    AddressRestricted,
    /// The same, but only endpoints that were sent to may send: most households.
    PortRestricted,
    /// Another public port for each endpoint outside, which alone may send to it: many companies and mobile networks.
    Symmetric,
}

/// How long a mapping lives after the last packet that left through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Of datagrams and pings.
    pub udp: Duration,
    /// Of streams. They do not end earlier by FIN or RST.
    pub tcp: Duration,
}

impl Default for Timeouts {
    /// For datagrams 30 s: what many households have, though RFC 4787 (REQ-5) wants 2 minutes. For streams the 2 hours and
    /// 4 minutes of RFC 5382 (REQ-5).
    fn default() -> Self {
        Self { udp: Duration::from_secs(30), tcp: Duration::from_secs(2 * 3600 + 4 * 60) }
    }
}

/// A translator and its mappings.
#[derive(Debug)]
pub struct Nat {
    kind: Kind,
    public: Ipv4Addr,
    timeouts: Timeouts,
    chance: Chance,
    mappings: BTreeMap<Outside, Mapping>,
    by_inside: BTreeMap<Inside, Outside>,
    /// How later pieces of a datagram are translated, which have no ports: as their first was.
    pieces: BTreeMap<Piece, Translated>,
}

/// A port of the public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Outside {
    protocol: Protocol,
    port: u16,
}

/// What a mapping is found by when a packet leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Inside {
    protocol: Protocol,
    inside: SocketAddrV4,
    /// For which endpoint outside; only a symmetric NAT asks.
    remote: Option<SocketAddrV4>,
}

#[derive(Debug)]
struct Mapping {
    key: Inside,
    last_left: Instant,
    /// Who was sent to, and when last.
    peers: BTreeMap<SocketAddrV4, Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: Protocol,
    id: u16,
}

#[derive(Debug, Clone, Copy)]
struct Translated {
    to: Ipv4Addr,
    at: Instant,
}

impl Nat {
    /// A translator that knows nothing yet. For [`Kind::None`] the public address is the client's own.
    pub fn new(kind: Kind, public: Ipv4Addr, timeouts: Timeouts, chance: Chance) -> Self {
        Self {
            kind,
            public,
            timeouts,
            chance,
            mappings: BTreeMap::new(),
            by_inside: BTreeMap::new(),
            pieces: BTreeMap::new(),
        }
    }

    /// The address under which the world sees the client.
    pub fn public(&self) -> Ipv4Addr {
        self.public
    }

    /// Forgets all mappings, as when the router restarts: what comes for them is refused, and what leaves gets other
    /// ports.
    pub fn rebind(&mut self) {
        self.mappings.clear();
        self.by_inside.clear();
        self.pieces.clear();
    }

    /// Moves to another public address and forgets all mappings.
    pub fn change_public(&mut self, public: Ipv4Addr) {
        self.public = public;
        self.rebind();
    }

    /// Translates a packet on its way out. Nothing where that is not possible: no ports, or none left.
    pub fn leave(&mut self, now: Instant, mut packet: Packet) -> Option<Packet> {
        if self.kind == Kind::None {
            return Some(packet);
        }
        if let Some(translated) = self.later_piece(now, &packet) {
            packet.readdress(Side::Source, translated?);
            return Some(packet);
        }
        if let Some((protocol, source, destination)) = icmp::quoted(&packet) {
            // A complaint about what came in: it quotes us as the destination.
            let outside = self.find(now, Inside { protocol, inside: destination, remote: self.remote(source) })?;
            icmp::rewrite_quoted(&mut packet, Side::Destination, self.endpoint(outside));
            packet.readdress(Side::Source, self.public);
            return Some(packet);
        }
        let protocol = packet.protocol();
        let (inside, remote) = (packet.endpoint(Side::Source)?, packet.endpoint(Side::Destination)?);
        let key = Inside { protocol, inside, remote: self.remote(remote) };
        let outside = match self.find(now, key) {
            Some(outside) => outside,
            None => self.open(now, key)?,
        };
        let mapping = self.mappings.get_mut(&outside).expect("`find` and `open` give what is there");
        mapping.last_left = now;
        mapping.peers.insert(remote, now);
        self.remember_piece(now, &packet, self.public);
        packet.rewrite(Side::Source, self.endpoint(outside));
        Some(packet)
    }

    /// Translates a packet that came for the public address. Nothing where no mapping takes it or the filter refuses.
    pub fn enter(&mut self, now: Instant, mut packet: Packet) -> Option<Packet> {
        if self.kind == Kind::None {
            return Some(packet);
        }
        if let Some(translated) = self.later_piece(now, &packet) {
            packet.readdress(Side::Destination, translated?);
            return Some(packet);
        }
        if let Some((protocol, source, remote)) = icmp::quoted(&packet) {
            // A complaint about what left: it quotes us as the source. It may come from any router under way, so the
            // filter asks whether the quoted packet was sent, not who complains (RFC 5508, REQ-4).
            let inside = self.admitted(now, Outside { protocol, port: source.port() }, remote)?;
            icmp::rewrite_quoted(&mut packet, Side::Source, inside);
            packet.readdress(Side::Destination, *inside.ip());
            return Some(packet);
        }
        let outside = Outside { protocol: packet.protocol(), port: packet.endpoint(Side::Destination)?.port() };
        let inside = self.admitted(now, outside, packet.endpoint(Side::Source)?)?;
        self.remember_piece(now, &packet, *inside.ip());
        packet.rewrite(Side::Destination, inside);
        Some(packet)
    }

    /// Whose port this is, if that remote endpoint may send to it.
    fn admitted(&self, now: Instant, outside: Outside, remote: SocketAddrV4) -> Option<SocketAddrV4> {
        let mapping = self.mappings.get(&outside)?;
        let timeout = self.timeout(outside.protocol);
        let is_live = |at: Instant| now.saturating_duration_since(at) < timeout;
        let may_send = match self.kind {
            Kind::None | Kind::FullCone => true,
            Kind::AddressRestricted => mapping.peers.iter().any(|(peer, at)| peer.ip() == remote.ip() && is_live(*at)),
            Kind::PortRestricted | Kind::Symmetric => mapping.peers.get(&remote).is_some_and(|at| is_live(*at)),
        };
        (is_live(mapping.last_left) && may_send).then_some(mapping.key.inside)
    }

    fn find(&self, now: Instant, key: Inside) -> Option<Outside> {
        let outside = *self.by_inside.get(&key)?;
        let mapping = self.mappings.get(&outside)?;
        (now.saturating_duration_since(mapping.last_left) < self.timeout(key.protocol)).then_some(outside)
    }

    /// A new mapping, on a port that nobody can guess from the others.
    fn open(&mut self, now: Instant, key: Inside) -> Option<Outside> {
        // Only where it matters: those that live no more are not found either, and each sweep looks at all.
        if self.mappings.len() >= usize::from(PORTS) {
            self.forget_old(now);
        }
        let begin = self.chance.below(PORTS);
        let port = (0..PORTS)
            .map(|step| FIRST_PORT + ((u32::from(begin) + u32::from(step)) % u32::from(PORTS)) as u16)
            .find(|port| !self.mappings.contains_key(&Outside { protocol: key.protocol, port: *port }))?;
        let outside = Outside { protocol: key.protocol, port };
        if let Some(expired) = self.by_inside.get(&key) {
            self.mappings.remove(expired);
        }
        self.mappings.insert(outside, Mapping { key, last_left: now, peers: BTreeMap::new() });
        self.by_inside.insert(key, outside);
        Some(outside)
    }

    fn forget_old(&mut self, now: Instant) {
        let timeouts = self.timeouts;
        let is_live = |protocol, at: Instant| now.saturating_duration_since(at) < timeouts.of(protocol);
        self.mappings.retain(|outside, mapping| is_live(outside.protocol, mapping.last_left));
        self.by_inside.retain(|_, outside| self.mappings.contains_key(outside));
    }

    /// For a later piece, the address that its first got; `Some(None)` where its first never passed.
    fn later_piece(&self, now: Instant, packet: &Packet) -> Option<Option<Ipv4Addr>> {
        let fragment = packet.fragment().filter(|fragment| !fragment.is_first)?;
        let known = self.pieces.get(&piece(packet, fragment.id));
        Some(known.filter(|piece| now.saturating_duration_since(piece.at) < PIECES_LIVE).map(|piece| piece.to))
    }

    fn remember_piece(&mut self, now: Instant, packet: &Packet, to: Ipv4Addr) {
        if let Some(fragment) = packet.fragment() {
            self.pieces.retain(|_, piece| now.saturating_duration_since(piece.at) < PIECES_LIVE);
            self.pieces.insert(piece(packet, fragment.id), Translated { to, at: now });
        }
    }

    fn remote(&self, remote: SocketAddrV4) -> Option<SocketAddrV4> {
        (self.kind == Kind::Symmetric).then_some(remote)
    }

    fn endpoint(&self, outside: Outside) -> SocketAddrV4 {
        SocketAddrV4::new(self.public, outside.port)
    }

    fn timeout(&self, protocol: Protocol) -> Duration {
        self.timeouts.of(protocol)
    }
}

impl Timeouts {
    fn of(self, protocol: Protocol) -> Duration {
        if protocol == Protocol::Tcp { self.tcp } else { self.udp }
    }
}

fn piece(packet: &Packet, id: u16) -> Piece {
    Piece {
        source: packet.address(Side::Source),
        destination: packet.address(Side::Destination),
        protocol: packet.protocol(),
        id,
    }
}

/// Public ports are of this range: outside of the well-known ones, as RFC 4787 (REQ-3) has it, and easily told from what
/// programs choose. When all are taken, what needs another is dropped.
const FIRST_PORT: u16 = 10_000;
const PORTS: u16 = 20_000;
/// How long a later piece is awaited: as long as Linux tries to put pieces together.
const PIECES_LIVE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
