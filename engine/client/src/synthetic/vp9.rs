//! VP9 frames of any small size that decode to plain grey, in RTP payloads (RFC 9628; the VP9 Bitstream and Decoding Process
//! Specification, version 0.6).
//!
//! Frames are made of whole blocks of 64 pixels, so they are up to 63 pixels wider and higher than asked. Every block
//! predicts, none has coefficients. A decoder reads as far as the last block; behind lie stamps and whatever fills the
//! frame up to the size asked for, and last what ends a superframe, of this one frame.

use super::{bits::Bits, fields::Fields};

/// The encoder.
#[derive(Debug, Clone)]
pub(super) struct Vp9 {
    /// What tells the size of all frames to come, in front of keyframes.
    structure: Vec<u8>,
    key: Vec<u8>,
    delta: Vec<u8>,
    picture: u16,
    base: u8,
}

impl Vp9 {
    pub(super) fn new(width: u16, height: u16) -> Self {
        let blocks = (width.div_ceil(64), height.div_ceil(64));
        let mut structure = vec![SIZES_AND_GROUP];
        structure.extend_from_slice(&(blocks.0 * 64).to_be_bytes());
        structure.extend_from_slice(&(blocks.1 * 64).to_be_bytes());
        structure.extend_from_slice(&GROUP);
        Self { structure, key: frame(blocks, true), delta: frame(blocks, false), picture: 0, base: 0 }
    }

    /// What stands in front of the filling.
    pub(super) fn begin(&self, payload: &mut Vec<u8>, key: bool, first: bool) {
        let mut flags = PICTURE | LAYERS;
        flags |= if key { 0 } else { PREDICTED };
        flags |= if first { BEGINS } else { 0 };
        flags |= if first && key { STRUCTURE } else { 0 };
        let layer = 0; // the only one, temporal and spatial
        payload.extend_from_slice(&[flags, 0x80 | (self.picture >> 8) as u8, self.picture as u8, layer, self.base]);
        if first {
            payload.extend_from_slice(if key { &self.structure } else { &[] });
            payload.extend_from_slice(if key { &self.key } else { &self.delta });
        }
    }

    /// Says where the frame ends, twice: in the descriptor, and behind it to the decoder, which would take what it has not
    /// read of the frame for another one.
    pub(super) fn close(payloads: &mut [Vec<u8>]) {
        let structure =
            payloads.first().map_or(0, |first| if first[0] & STRUCTURE == 0 { 0 } else { STRUCTURE_LENGTH });
        let length = payloads.iter().map(|payload| payload.len() - DESCRIPTOR_LENGTH).sum::<usize>() - structure;
        if let Some(last) = payloads.last_mut() {
            last[0] |= ENDS;
            last.push(SUPERFRAME);
            last.extend_from_slice(&(length as u32).to_le_bytes());
            last.push(SUPERFRAME);
        }
    }

    /// The frame is made.
    pub(super) fn next(&mut self) {
        self.picture = (self.picture + 1) & 0x7fff;
        self.base = self.base.wrapping_add(1);
    }
}

/// Section 6.1: two headers and a tile.
fn frame(blocks: (u16, u16), key: bool) -> Vec<u8> {
    let compressed = compressed_header();
    let mut frame = uncompressed_header(blocks, key, compressed.len() as u32);
    frame.extend_from_slice(&compressed);
    frame.extend_from_slice(&tile(blocks, key));
    frame
}

/// Section 6.2.
fn uncompressed_header(blocks: (u16, u16), key: bool, compressed: u32) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.put(2, 2).put(2, 0).put(1, 0); // the mark of a frame; profile 0; not one that was there
    fields.put(1, (!key).into()).put(2, 3); // shown; nothing is learned from other frames
    if key {
        fields.put(24, 0x49_83_42).put(3, 1).put(1, 0); // sync code; colours of BT.601 in the small range
        fields.put(16, u32::from(blocks.0) * 64 - 1).put(16, u32::from(blocks.1) * 64 - 1);
    } else {
        fields.put(8, 1); // is kept in the first place
        fields.put(12, 0); // where all three references are
        fields.put(1, 1); // as large as they are
    }
    fields.put(1, 0); // shown in the same size
    if !key {
        fields.put(1, 0).put(1, 0).put(2, 0); // no fine motion; one filter
    }
    fields.put(2, 0); // frame_context_idx
    fields.put(6, 0).put(3, 0).put(1, 0); // no loop filter
    fields.put(8, 0).put(3, 0); // lossless: nothing is quantized, and only one size of transforms
    fields.put(1, 0); // no segments
    if blocks.0 >= 8 {
        fields.put(1, 0); // could have several columns of tiles
    }
    fields.put(1, 0); // one row of tiles
    fields.put(16, compressed).take()
}

/// Section 6.3: every probability stays as it is.
fn compressed_header() -> Vec<u8> {
    let mut bits = begun();
    bits.number(1, 0); // coefficients
    for _ in 0..MOST_PROBABILITIES {
        bits.put(252, false);
    }
    bits.finish()
}

/// Section 6.4: blocks of 64 pixels that are not parted. The probabilities are those of sections 10.4 and 10.5; which of
/// them holds depends on the neighbours above and at the left (section 9.3).
fn tile((columns, rows): (u16, u16), key: bool) -> Vec<u8> {
    let mut bits = begun();
    for row in 0..rows {
        for column in 0..columns {
            let neighbours = usize::from(row > 0) + usize::from(column > 0);
            bits.put(if key { 174 } else { 222 }, false); // not parted
            bits.put([192, 128, 64][neighbours], true); // no coefficients
            if key {
                bits.put(137, false); // predicted from the mean,
                bits.put(144, false); // colours too
            } else {
                bits.put(9, true); // from another frame,
                bits.put([142, 238, 238][neighbours], false); // the last one,
                bits.put([7, 7, 2][neighbours], false); // without motion
            }
        }
    }
    bits.finish()
}

/// Section 9.2.1: what is encoded begins with a mark.
fn begun() -> Bits {
    let mut bits = Bits::new();
    bits.put(128, false);
    bits
}

/// RFC 9628, section 4.2: I, a picture id.
const PICTURE: u8 = 0x80;
/// P, predicted from other pictures.
const PREDICTED: u8 = 0x40;
/// L, layers.
const LAYERS: u8 = 0x20;
/// B, a frame begins.
const BEGINS: u8 = 0x08;
/// E, a frame ends.
const ENDS: u8 = 0x04;
/// V, a scalability structure.
const STRUCTURE: u8 = 0x02;
/// RFC 9628, section 4.2.1: N_S one layer, Y its size, G a group of pictures.
const SIZES_AND_GROUP: u8 = 0x18;
/// One picture, of temporal layer 0, which refers to one: that before it.
const GROUP: [u8; 3] = [1, 0x04, 1];
/// Flags, a picture id of two bytes, the layer, TL0PICIDX.
const DESCRIPTOR_LENGTH: usize = 5;
/// Header, one size, and a group of one picture.
const STRUCTURE_LENGTH: usize = 1 + 4 + GROUP.len();
/// Annex B of the specification: one frame, whose length has four bytes.
const SUPERFRAME: u8 = 0xd8;
/// The mark, the length, the mark.
pub(super) const END_LENGTH: usize = 1 + 4 + 1;
/// Not fewer than any frame of ours says something of; nothing follows, so that more do no harm.
const MOST_PROBABILITIES: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Format, Picture, Stamp};
    use std::time::Duration;

    /// Flags, picture id, TL0PICIDX, and where the frame begins.
    fn parse(payload: &[u8]) -> (u8, u16, u8, &[u8]) {
        let flags = payload[0];
        assert_eq!(flags & (PICTURE | LAYERS | 0x10), PICTURE | LAYERS, "a picture id, layers, not flexible");
        assert_eq!((payload[1] & 0x80, payload[3]), (0x80, 0));
        let structure = if flags & STRUCTURE == 0 { 0 } else { STRUCTURE_LENGTH };
        let id = u16::from_be_bytes([payload[1] & 0x7f, payload[2]]);
        (flags, id, payload[4], &payload[DESCRIPTOR_LENGTH + structure..])
    }

    #[test]
    fn frames_begin_and_end_and_are_counted() {
        let mut picture = Picture::of(Format::Vp9, 0, 0, 320, 180);
        for (at, key) in [(0, true), (1, false), (2, true)] {
            let payloads = picture.frame(Duration::ZERO, key, 3_000);
            assert_eq!(payloads.len(), 3);
            let length: usize = payloads.iter().map(|payload| parse(payload).3.len()).sum();
            let (_, end) = payloads[2].split_last_chunk::<6>().unwrap();
            assert_eq!(end, &[&[0xd8], &(length as u32 - 6).to_le_bytes()[..], &[0xd8]].concat()[..]);
            for (place, payload) in payloads.iter().enumerate() {
                let (flags, id, base, _) = parse(payload);
                assert_eq!((id, u16::from(base)), (at, at));
                assert_eq!(flags & BEGINS != 0, place == 0);
                assert_eq!(flags & ENDS != 0, place == 2);
                assert_eq!(flags & PREDICTED == 0, key);
                assert_eq!(flags & STRUCTURE != 0, key && place == 0);
            }
        }
        let only = picture.frame(Duration::ZERO, false, 0);
        assert_eq!(only[0][0] & (BEGINS | ENDS), BEGINS | ENDS);
    }

    #[test]
    fn a_keyframe_says_its_size_twice() {
        let mut picture = Picture::of(Format::Vp9, 0, 0, 320, 180);
        let payload = picture.frame(Duration::ZERO, true, 0).remove(0);
        assert_eq!(payload[5..13], [0x18, 0x01, 0x40, 0x00, 0xc0, 1, 4, 1]);
        let (.., frame) = parse(&payload);
        // Mark, profile 0, shown keyframe, sync code, colours, width less one.
        assert_eq!(frame[..4], [0x83, 0x49, 0x83, 0x42]);
        assert_eq!(u32::from_be_bytes([frame[4], frame[5], frame[6], frame[7]]) << 4 >> 16, 320 - 1);
        assert!(Stamp::read(&payload).is_some());
    }
}
