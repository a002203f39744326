//! What happened on one direction of a line, as plain numbers.

use serde::Serialize;

/// One direction, from the beginning on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Packets that came to the line.
    pub packets_in: u64,
    /// Their bytes, IP headers included.
    pub bytes_in: u64,
    /// Packets that came out at the far end, doubles included.
    pub packets_out: u64,
    /// Their bytes.
    pub bytes_out: u64,
    /// Packets that were doubled.
    pub duplicated: u64,
    /// Packets that were made late.
    pub late: u64,
    /// What did not come out, by its cause.
    pub dropped: Drops,
    /// Packets that wait for their turn at the rate, now.
    pub queued_packets: usize,
    /// Their bytes.
    pub queued_bytes: usize,
    /// Packets that are under way, behind the queue, now.
    pub under_way: usize,
}

/// Packets dropped, by cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Drops {
    /// The line was cut, for all or for such packets.
    pub cut: u64,
    /// Longer than the MTU.
    pub mtu: u64,
    /// The queue was full.
    pub queue: u64,
    /// Lost by chance, alone or in a burst.
    pub loss: u64,
    /// The NAT had no mapping or its filter refused.
    pub nat: u64,
    /// The client's device was unplugged, or did not take it.
    pub unplugged: u64,
}

impl Drops {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.cut + self.mtu + self.queue + self.loss + self.nat + self.unplugged
    }
}
