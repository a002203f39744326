//! Media made of nothing: packets that a decoder accepts and that carry a [`Stamp`].
//!
//! Sound is silence, pictures are grey: [`Tone`] makes Opus, [`Picture`] makes VP8 and, as far as its [`Format`] says, other
//! codecs. They are valid streams, so that a browser in the same room plays them like any other. [`Flow`] is the receiver's
//! account of what arrived.

mod av1;
mod bits;
mod fields;
mod flow;
mod h264;
mod opus;
mod picture;
mod vp8;
mod vp9;

use std::time::Duration;

pub use flow::Flow;
pub use opus::Tone;
pub use picture::{Format, Picture, UnknownFormat};
pub use vp8::starts_keyframe;

/// Who sent a packet, which one it is, and when it was sent. It stands at the end of each payload, but for what must end a
/// frame of VP9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The flow: any number that tells publishers and their tracks apart.
    pub flow: u32,
    /// The layer, counted from zero; below 32.
    pub layer: u8,
    /// The packet, counted from zero for each flow and layer.
    pub sequence: u32,
    /// When it was sent, since a moment that sender and receiver agree on.
    pub sent: Duration,
}

impl Stamp {
    /// Its length in bytes: mark 4, flow 5, sequence 5, microseconds 9, layer 1.
    pub const LENGTH: usize = 24;

    /// Its length with what may stand behind it.
    const LONGEST: usize = Self::LENGTH + VP9_END;

    /// The stamp at the end of a payload, if there is one. Of VP9, what ends a frame stands behind it.
    pub fn read(payload: &[u8]) -> Option<Self> {
        Self::last(payload).or_else(|| Self::last(payload.split_last_chunk::<VP9_END>()?.0))
    }

    fn last(payload: &[u8]) -> Option<Self> {
        let (_, tail) = payload.split_last_chunk::<{ Self::LENGTH }>()?;
        let (mark, rest) = tail.split_first_chunk::<4>()?;
        let mut rest = rest.iter();
        let mut number = |septets| rest.by_ref().take(septets).fold(0, |all, byte| all << 7 | u64::from(byte & 0x7f));
        let (flow, sequence) = (number(5) as u32, number(5) as u32);
        let sent = Duration::from_micros(number(9));
        (mark == MARK).then(|| Self { flow, layer: number(1) as u8, sequence, sent })
    }

    /// Seven bits stand in each byte, below one that is set: then there is no zero in it, which H.264 would have to escape,
    /// and at its end nothing that VP9 takes for its own.
    fn write(&self, payload: &mut Vec<u8>) {
        payload.extend_from_slice(MARK);
        // Microseconds in 63 bits last for a quarter of a million years.
        let numbers = [(5, self.flow.into()), (5, self.sequence.into()), (9, self.sent.as_micros() as u64)];
        for (septets, number) in numbers {
            payload.extend((0..septets).rev().map(|place| 0x80 | (number >> (7 * place)) as u8));
        }
        payload.push(0x80 | self.layer);
    }
}

/// The length of what ends a VP9 frame.
const VP9_END: usize = vp9::END_LENGTH;

/// What a stamp begins with, so that media of others is not taken for ours.
const MARK: &[u8; 4] = b"PrlS";
