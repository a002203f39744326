//! The buffers that datagrams are received into, used over and over.

use std::net::SocketAddr;

/// One batch of received datagrams.
#[derive(Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    filled: Vec<(SocketAddr, usize)>,
    oversize: u64,
}

impl Batch {
    pub fn new() -> Self {
        Self { bytes: vec![0; SIZE * SLOT], filled: Vec::with_capacity(SIZE), oversize: 0 }
    }

    /// Forgets the last batch.
    pub fn clear(&mut self) {
        self.filled.clear();
        self.oversize = 0;
    }

    /// The slots to receive into, [`SLOT`] bytes each.
    #[cfg(target_os = "linux")]
    pub fn slots(&mut self) -> std::slice::ChunksExactMut<'_, u8> {
        self.bytes.chunks_exact_mut(SLOT)
    }

    /// The slot that is filled next, or `None` when the batch is full.
    pub fn next_slot(&mut self) -> Option<&mut [u8]> {
        let next = self.filled.len();
        self.bytes.chunks_exact_mut(SLOT).nth(next)
    }

    /// States that the next slot holds `length` bytes from `source`; a length of zero is skipped later on.
    ///
    /// One that fills its slot to the end may have been cut: it is larger than what any of our peers sends.
    pub fn push(&mut self, source: SocketAddr, length: usize) {
        let cut = length >= SLOT;
        self.oversize += u64::from(cut);
        self.filled.push((source, if cut { 0 } else { length }));
    }

    /// How many were larger than a slot.
    pub fn oversize(&self) -> u64 {
        self.oversize
    }

    /// Source and bytes of each, in order of arrival.
    pub fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
        let slots = self.filled.iter().zip(self.bytes.chunks_exact(SLOT));
        slots.filter(|((_, length), _)| *length > 0).map(|((source, length), slot)| (*source, &slot[..*length]))
    }
}

/// Datagrams per batch: few enough that those at its end wait well under a millisecond for those before them, and enough
/// that the fan-out of a batch fills messages to each destination.
pub const SIZE: usize = 64;

/// Bytes per slot. Media packets fit an Ethernet frame; a larger datagram is nobody's we know.
pub const SLOT: usize = 2_048;
