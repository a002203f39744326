//! Media made of nothing: packets that a decoder accepts and that carry a [`Stamp`].
//!
//! Sound is silence, pictures are grey. Both are valid streams ([`Tone`] makes Opus, [`Picture`] makes VP8), so that a
//! browser in the same room plays them like any other. [`Flow`] is the receiver's account of what arrived.

mod bits;
mod flow;
mod opus;
mod vp8;

use std::time::Duration;

pub use flow::Flow;
pub use opus::Tone;
pub use vp8::{Picture, starts_keyframe};

/// Who sent a packet, which one it is, and when it was sent. It stands at the end of each payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The flow: any number that tells publishers and their tracks apart.
    pub flow: u32,
    /// The layer, counted from zero.
    pub layer: u8,
    /// The packet, counted from zero for each flow and layer.
    pub sequence: u32,
    /// When it was sent, since a moment that sender and receiver agree on.
    pub sent: Duration,
}

impl Stamp {
    /// Its length in bytes: mark 4, flow 4, layer 1, sequence 4, microseconds 8.
    pub const LENGTH: usize = 21;

    /// The stamp at the end of a payload, if there is one.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let (_, tail) = payload.split_last_chunk::<{ Self::LENGTH }>()?;
        let (mark, rest) = tail.split_first_chunk::<4>()?;
        let (flow, rest) = rest.split_first_chunk::<4>()?;
        let (layer, rest) = rest.split_first()?;
        let (sequence, rest) = rest.split_first_chunk::<4>()?;
        let (sent, _) = rest.split_first_chunk::<8>()?;
        (mark == MARK).then(|| Self {
            flow: u32::from_be_bytes(*flow),
            layer: *layer,
            sequence: u32::from_be_bytes(*sequence),
            sent: Duration::from_micros(u64::from_be_bytes(*sent)),
        })
    }

    fn write(&self, payload: &mut Vec<u8>) {
        payload.extend_from_slice(MARK);
        payload.extend_from_slice(&self.flow.to_be_bytes());
        payload.push(self.layer);
        payload.extend_from_slice(&self.sequence.to_be_bytes());
        // Microseconds in 64 bits last for half a million years.
        payload.extend_from_slice(&(self.sent.as_micros() as u64).to_be_bytes());
    }
}

/// What a stamp begins with, so that media of others is not taken for ours.
const MARK: &[u8; 4] = b"PrlS";
