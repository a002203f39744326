//! How often strangers are answered.
//!
//! An answer to a stranger costs us more than the question cost them, and over UDP it goes to whoever the question claims
//! to be from.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use crate::{Client, Transport, allocations::Network};

/// The paces of all strangers.
#[derive(Debug)]
pub(crate) struct Paces {
    /// One for each stream that was answered. Bounded by `most`; further streams are not answered.
    streams: BTreeMap<Client, Pace>,
    most: usize,
    /// Datagrams may claim any source, so that a map of them would be theirs to fill: a fixed table instead, in which
    /// some networks share a place.
    datagrams: Vec<Pace>,
    seed: u64,
}

#[derive(Debug, Clone, Copy)]
struct Pace {
    left: u32,
    at: Option<Instant>,
}

const FULL: Pace = Pace { left: BURST, at: None };

impl Paces {
    pub(crate) fn new(most: usize, seed: u64) -> Self {
        Self { streams: BTreeMap::new(), most, datagrams: vec![FULL; TABLE], seed }
    }

    /// Whether this stranger is answered now.
    pub(crate) fn admit(&mut self, now: Instant, client: &Client) -> bool {
        match client.transport {
            Transport::Datagram => {
                let place = place(Network::of(client.remote.ip()), self.seed);
                self.datagrams.get_mut(place).is_some_and(|pace| pace.admit(now))
            }
            Transport::Stream(_) => {
                if !self.streams.contains_key(client) && self.streams.len() >= self.most {
                    return false;
                }
                self.streams.entry(*client).or_insert(FULL).admit(now)
            }
        }
    }

    /// Forgets a stream.
    pub(crate) fn forget(&mut self, client: &Client) {
        self.streams.remove(client);
    }
}

impl Pace {
    fn admit(&mut self, now: Instant) -> bool {
        let since = *self.at.get_or_insert(now);
        let earned = now.saturating_duration_since(since).as_millis() / EACH.as_millis();
        if earned > 0 {
            self.left = BURST.min(self.left.saturating_add(u32::try_from(earned).unwrap_or(u32::MAX)));
            self.at = Some(now);
        }
        let admitted = self.left > 0;
        self.left = self.left.saturating_sub(1);
        admitted
    }
}

/// Where a network stands in the table. Mixed with the seed, so that nobody can choose whom they share a place with.
fn place(network: Network, seed: u64) -> usize {
    let bits = match network.0 {
        IpAddr::V4(ip) => ip.to_bits().into(),
        IpAddr::V6(ip) => (ip.to_bits() >> 64) as u64,
    };
    usize::try_from(proto::id::IdSource::new(bits ^ seed).draw() % TABLE as u64).unwrap_or(0)
}

/// Answers at once: a client needs one or two for each allocation (a challenge, a new nonce), and each of a page's
/// allocations over UDP comes from the same address.
const BURST: u32 = 32;

/// And one more for each of these.
const EACH: Duration = Duration::from_millis(250);

/// Places for networks that send datagrams: some 100 kB.
const TABLE: usize = 4_096;
