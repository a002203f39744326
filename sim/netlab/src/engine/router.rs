//! Who is where: takes each packet from the host that sent it and gives it, in time, to the host that it is for.
//!
//! The driver's contract: after [`Router::handle`] or any change, and whenever [`Router::poll_timeout`] is due, take
//! [`Router::poll_output`] until there is none.

use std::{
    collections::{BTreeSet, VecDeque},
    net::Ipv4Addr,
    time::Instant,
};

use serde::Serialize;

use super::{
    chance::Chance,
    cut::Cut,
    icmp,
    impairment::{Impairment, Mtu},
    nat::{Kind, Nat, Timeouts},
    packet::{Packet, Side},
    path::{Barrier, Path},
};

/// One of the two ends of the lab's devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port {
    /// The one server side.
    Server,
    /// A client, by its place in the topology.
    Client(usize),
}

/// A direction of a client's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client.
    Up,
    /// To the client.
    Down,
}

/// What to make a client's line of.
#[derive(Debug, Clone, Copy)]
pub struct Attachment {
    /// The client's own address.
    pub local: Ipv4Addr,
    /// Where the world sees it; not looked at without a NAT.
    pub public: Ipv4Addr,
    /// The router that the client sees, which is also who complains of what is too long.
    pub gateway: Ipv4Addr,
    /// What translates between the two.
    pub nat: Kind,
    /// How long it remembers.
    pub timeouts: Timeouts,
    /// How packets from the client are treated.
    pub up: Impairment,
    /// How packets to the client are treated.
    pub down: Impairment,
}

/// Packets that concern no line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Strays {
    /// Not IPv4, or not whole.
    pub unreadable: u64,
    /// From an address that its sender has not, or no longer.
    pub foreign: u64,
    /// For an address that nobody has.
    pub homeless: u64,
}

/// All lines of a lab and the core that joins them.
#[derive(Debug)]
pub struct Router {
    server: BTreeSet<Ipv4Addr>,
    /// The core's own address, as the server sees it.
    gateway: Ipv4Addr,
    lines: Vec<Line>,
    /// Addresses that somebody had. Who writes to them is not told that nobody has them now; nobody is, on the Internet.
    former: BTreeSet<Ipv4Addr>,
    arrived: VecDeque<(Port, Packet)>,
    strays: Strays,
}

/// One client's line.
#[derive(Debug)]
pub struct Line {
    local: Ipv4Addr,
    gateway: Ipv4Addr,
    kind: Kind,
    nat: Nat,
    up: Path,
    down: Path,
    is_plugged: bool,
}

impl Router {
    /// The seed decides all chance. Server addresses belong to the one server side.
    pub fn new(
        now: Instant,
        seed: u64,
        server: impl IntoIterator<Item = Ipv4Addr>,
        gateway: Ipv4Addr,
        clients: impl IntoIterator<Item = Attachment>,
    ) -> Self {
        let lines =
            clients.into_iter().zip(0u64..).map(|(client, index)| Line::new(now, seed, index, client)).collect();
        Self {
            server: server.into_iter().collect(),
            gateway,
            lines,
            former: BTreeSet::new(),
            arrived: VecDeque::new(),
            strays: Strays::default(),
        }
    }

    /// Takes what that host sent.
    pub fn handle(&mut self, now: Instant, from: Port, bytes: &[u8]) {
        let Some(packet) = Packet::parse(bytes) else {
            self.strays.unreadable += 1;
            return;
        };
        let source = packet.address(Side::Source);
        match from {
            Port::Server if self.server.contains(&source) => self.route(now, packet),
            Port::Client(index) if self.lines.get(index).is_some_and(|line| line.local == source) => {
                self.send_up(now, index, packet);
            }
            Port::Server | Port::Client(_) => self.strays.foreign += 1,
        }
    }

    /// The next packet that has arrived by now, and where.
    pub fn poll_output(&mut self, now: Instant) -> Option<(Port, Packet)> {
        if self.arrived.is_empty() {
            self.handle_timeout(now);
        }
        self.arrived.pop_front()
    }

    /// When to come back.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.lines.iter().flat_map(|line| [line.up.poll_timeout(), line.down.poll_timeout()]).flatten().min()
    }

    /// The line of the client at that place of the topology.
    pub fn line(&self, index: usize) -> &Line {
        &self.lines[index]
    }

    /// The same, to change it.
    pub fn line_mut(&mut self, index: usize) -> &mut Line {
        &mut self.lines[index]
    }

    /// The client moves to another network: its own address and that of its NAT are others, and the NAT another one.
    pub fn change_address(&mut self, index: usize, local: Ipv4Addr, public: Ipv4Addr) {
        let line = &mut self.lines[index];
        self.former.extend([line.local, line.public()]);
        line.local = local;
        line.nat.change_public(if line.kind == Kind::None { local } else { public });
    }

    /// What concerned no line.
    pub fn strays(&self) -> Strays {
        self.strays
    }

    /// From the client into its line.
    fn send_up(&mut self, now: Instant, index: usize, packet: Packet) {
        let line = &mut self.lines[index];
        match line.up.admit(&packet) {
            Ok(()) => match line.nat.leave(now, packet) {
                Some(packet) => line.up.carry(now, packet),
                None => line.up.dropped().nat += 1,
            },
            Err(Barrier::TooLong(Mtu { bytes, is_silent: false })) => {
                // Its own router answers, before any line.
                let answer = icmp::fragmentation_needed(&packet, line.gateway, bytes);
                self.arrived.extend(answer.map(|answer| (Port::Client(index), answer)));
            }
            Err(Barrier::TooLong(_) | Barrier::Cut) => {}
        }
    }

    /// In the core: to the server, or into the line of the client that has the address.
    fn route(&mut self, now: Instant, packet: Packet) {
        let destination = packet.address(Side::Destination);
        if self.server.contains(&destination) {
            self.arrived.push_back((Port::Server, packet));
            return;
        }
        let Some(line) = self.lines.iter_mut().find(|line| line.public() == destination) else {
            self.strays.homeless += 1;
            // A resolver, for one, would be waited for; so say that the lab leads nowhere else.
            if !self.former.contains(&destination)
                && let Some(answer) = icmp::prohibited(&packet, self.gateway)
            {
                self.route(now, answer);
            }
            return;
        };
        match line.down.admit(&packet) {
            Ok(()) => line.down.carry(now, packet),
            Err(Barrier::TooLong(Mtu { bytes, is_silent: false })) => {
                if let Some(answer) = icmp::fragmentation_needed(&packet, self.gateway, bytes) {
                    self.route(now, answer);
                }
            }
            Err(Barrier::TooLong(_) | Barrier::Cut) => {}
        }
    }

    /// Brings on what is due: out of the lines of senders into the core, and out of the lines of receivers to them.
    fn handle_timeout(&mut self, now: Instant) {
        for index in 0..self.lines.len() {
            while let Some(packet) = self.lines[index].up.poll_output(now) {
                self.route(now, packet);
            }
        }
        for (index, line) in self.lines.iter_mut().enumerate() {
            while let Some(packet) = line.down.poll_output(now) {
                match line.nat.enter(now, packet) {
                    Some(packet) if line.is_plugged => self.arrived.push_back((Port::Client(index), packet)),
                    Some(_) => line.down.dropped().unplugged += 1,
                    None => line.down.dropped().nat += 1,
                }
            }
        }
    }
}

impl Line {
    fn new(now: Instant, seed: u64, index: u64, client: Attachment) -> Self {
        let chance = |use_: u64| Chance::new(seed, index * 3 + use_);
        let public = if client.nat == Kind::None { client.local } else { client.public };
        Self {
            local: client.local,
            gateway: client.gateway,
            kind: client.nat,
            nat: Nat::new(client.nat, public, client.timeouts, chance(0)),
            up: Path::new(now, client.up, chance(1)),
            down: Path::new(now, client.down, chance(2)),
            is_plugged: true,
        }
    }

    /// One direction of it.
    pub fn path(&self, direction: Direction) -> &Path {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    /// The same, to change it.
    pub fn path_mut(&mut self, direction: Direction) -> &mut Path {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }

    /// Lets no more of these through, either way.
    pub fn cut(&mut self, cut: Cut) {
        self.up.cut(cut);
        self.down.cut(cut);
    }

    /// Forgets all cuts.
    pub fn heal(&mut self) {
        self.up.heal();
        self.down.heal();
    }

    /// Whether the client's device takes packets.
    pub fn plug(&mut self, is_plugged: bool) {
        self.is_plugged = is_plugged;
    }

    /// Counts a packet that had arrived and that the client's device did not take.
    pub fn refused(&mut self) {
        self.down.dropped().unplugged += 1;
    }

    /// Forgets the NAT's mappings.
    pub fn rebind(&mut self) {
        self.nat.rebind();
    }

    /// The client's own address.
    pub fn local(&self) -> Ipv4Addr {
        self.local
    }

    /// The address under which the world sees it.
    pub fn public(&self) -> Ipv4Addr {
        self.nat.public()
    }
}

#[cfg(test)]
mod tests;
