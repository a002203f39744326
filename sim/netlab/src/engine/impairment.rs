//! What can be wrong with one direction of a line, as plain numbers.

use std::time::Duration;

/// How one direction of a line treats packets. The default is a perfect line; name what differs:
///
/// ```
/// # use netlab::{Impairment, Rate}; use std::time::Duration;
/// let mobile = Impairment {
///     delay: Duration::from_millis(40),
///     loss: 0.01,
///     rate: Some(Rate::megabits(2)),
///     ..Impairment::PERFECT
/// };
/// ```
///
/// They act in this order: too long for the MTU; wait in the queue for a turn at the rate; lost; delayed with jitter;
/// late for its order; twice. Loss comes behind the queue because it is mostly of the air, and what the air loses has
/// used the rate up all the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Impairment {
    /// How long a packet travels at least.
    pub delay: Duration,
    /// How much longer it may travel. It wanders, see `jitter`; this alone never changes the order.
    pub jitter: Duration,
    /// The share lost, each on its own, from 0 to 1.
    pub loss: f64,
    /// Losses that come in bursts, besides `loss`.
    pub burst: Option<Burst>,
    /// The share that comes late, from 0 to 1, by [`Impairment::late_by`]: others overtake it.
    pub reorder: f64,
    /// How late a packet is that `reorder` chose.
    pub late_by: Duration,
    /// The share that arrives twice, from 0 to 1.
    pub duplicate: f64,
    /// How much passes in a time; nothing for as much as comes.
    pub rate: Option<Rate>,
    /// How much may wait for its turn, where there is a rate.
    pub queue: Limit,
    /// The longest packet that passes; nothing for that of the devices, 1,500 bytes.
    pub mtu: Option<Mtu>,
}

impl Impairment {
    /// A line on which nothing goes wrong, and which takes no time.
    pub const PERFECT: Self = Self {
        delay: Duration::ZERO,
        jitter: Duration::ZERO,
        loss: 0.0,
        burst: None,
        reorder: 0.0,
        late_by: Duration::from_millis(30),
        duplicate: 0.0,
        rate: None,
        queue: Limit::Time(Duration::from_millis(200)),
        mtu: None,
    };
}

impl Default for Impairment {
    fn default() -> Self {
        Self::PERFECT
    }
}

/// Bits per second, counted over whole IP packets, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Rate {
    /// So many bits per second; 0 counts as 1, since a line that carries nothing is a cut one.
    pub const fn bits(bits: u64) -> Self {
        Self(if bits == 0 { 1 } else { bits })
    }

    /// So many thousand bits per second.
    pub const fn kilobits(kilobits: u64) -> Self {
        Self::bits(kilobits * 1000)
    }

    /// So many million bits per second.
    pub const fn megabits(megabits: u64) -> Self {
        Self::bits(megabits * 1_000_000)
    }

    /// How long a line of this rate is busy with so many bytes.
    pub fn time_for(self, bytes: usize) -> Duration {
        let nanos = bytes as u128 * 8 * 1_000_000_000 / u128::from(self.0);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// In bits per second.
    pub fn as_bits(self) -> u64 {
        self.0
    }
}

/// How much may wait in a queue. What comes on top is dropped, as routers do (tail drop). One packet may always wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So many bytes, whatever the rate.
    Bytes(usize),
    /// As much as leaves within this time.
    Time(Duration),
}

/// Losses in bursts: the chain of Gilbert and Elliott with two states, where the good one loses nothing and the bad
/// one everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// The share lost in the long run, from 0 up to, but without, 1.
    pub share: f64,
    /// How many packets one burst takes on average, at least 1.
    pub length: f64,
}

/// The longest packet that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mtu {
    /// In bytes, IP header included.
    pub bytes: u16,
    /// Whether longer ones vanish without an answer, as behind the firewalls that drop all ICMP ("black hole").
    /// Otherwise their sender is told (RFC 1191). Nothing is ever fragmented here.
    pub is_silent: bool,
}
