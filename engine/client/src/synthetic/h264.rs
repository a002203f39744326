//! H.264 frames of any small size that decode to plain grey, in RTP payloads (ITU-T H.264, RFC 6184).
//!
//! A slice of a keyframe predicts every macroblock from the mean of its neighbours, which is grey; another slice skips all.
//! Both are small, so the first payload of a frame aggregates them, with the parameter sets of a keyframe in front, and a
//! unit of filler data behind, which decoders throw away. In it stand stamps and whatever fills the frame up to the size
//! asked for, in fragments.

use super::fields::Fields;

/// The encoder.
#[derive(Debug, Clone)]
pub(super) struct H264 {
    /// Width and height in macroblocks.
    blocks: (u16, u16),
    /// Frames since the last keyframe.
    number: u16,
    /// Told apart for keyframes that follow each other.
    odd: bool,
    parameters: [Vec<u8>; 2],
}

impl H264 {
    /// What fills units of filler data (ITU-T H.264, section 7.3.2.7).
    pub(super) const FILLING: u8 = 0xff;

    pub(super) fn new(width: u16, height: u16) -> Self {
        let blocks = (width.div_ceil(16), height.div_ceil(16));
        let parameters = [unit(SPS, &sequence_parameters(width, height, blocks)), unit(PPS, &picture_parameters())];
        Self { blocks, number: 0, odd: false, parameters }
    }

    /// What stands in front of the filling.
    pub(super) fn begin(&self, payload: &mut Vec<u8>, key: bool, first: bool) {
        if !first {
            return payload.extend_from_slice(&[FU_A, FILLER]);
        }
        payload.push(if key { STAP_A_KEY } else { STAP_A });
        let slice = if key { unit(IDR, &self.key_slice()) } else { unit(SLICE, &self.skipping_slice()) };
        let units = self.parameters.iter().take(if key { 2 } else { 0 }).chain([&slice]);
        for unit in units {
            payload.extend_from_slice(&(unit.len() as u16).to_be_bytes());
            payload.extend_from_slice(unit);
        }
        // The length is known when the unit is full.
        payload.extend_from_slice(&[0, 0, FILLER]);
    }

    /// Writes the length of the filler unit whose content begins at `head`.
    pub(super) fn close_aggregate(payload: &mut [u8], head: usize) {
        let length = (payload.len() - head + 1) as u16;
        payload[head - 3..head - 1].copy_from_slice(&length.to_be_bytes());
    }

    /// Says of a fragment whether it begins or ends the unit; one that does both is none (RFC 6184, section 5.8).
    pub(super) fn close_fragment(payload: &mut Vec<u8>, begins: bool, ends: bool) {
        if begins && ends {
            payload.remove(0);
        } else if begins {
            payload[1] |= FRAGMENT_BEGINS;
        } else if ends {
            payload[1] |= FRAGMENT_ENDS;
        }
    }

    /// The frame is made.
    pub(super) fn next(&mut self, key: bool) {
        // A keyframe has number 0.
        self.number = if key { 1 } else { self.number.wrapping_add(1) };
        self.odd ^= key;
    }

    fn macroblocks(&self) -> u32 {
        u32::from(self.blocks.0) * u32::from(self.blocks.1)
    }

    /// Section 7.3.3, then 7.3.4 for each macroblock.
    fn key_slice(&self) -> Vec<u8> {
        let mut fields = Fields::default();
        fields.golomb(0).golomb(ALL_INTRA).golomb(0).put(16, 0); // first macroblock; parameters 0; frame 0
        fields.golomb(self.odd.into()); // idr_pic_id
        fields.put(2, 0).golomb(0); // neither keeps old pictures nor is one for long; quantizer as it is
        for _ in 0..self.macroblocks() {
            // Intra_16x16 predicted from the mean, colours too; the same quantizer; no coefficients.
            fields.golomb(MEAN_16X16).golomb(0).golomb(0).put(1, 1);
        }
        fields.stop().take()
    }

    fn skipping_slice(&self) -> Vec<u8> {
        let mut fields = Fields::default();
        fields.golomb(0).golomb(ALL_PREDICTED).golomb(0).put(16, self.number.into());
        fields.put(3, 0).golomb(0); // references as by default, and kept as by default; quantizer as it is
        fields.golomb(self.macroblocks()); // mb_skip_run
        fields.stop().take()
    }
}

/// Section 7.3.2.1.1: constrained baseline, level 3.1, as `profile-level-id=42e01f` says.
fn sequence_parameters(width: u16, height: u16, blocks: (u16, u16)) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.put(24, 0x42_e0_1f).golomb(0); // sequence parameters 0
    fields.golomb(16 - 4); // frame_num has 16 bits
    fields.golomb(2); // shown in the order of decoding
    fields.golomb(1).put(1, 0); // one reference, no gaps
    fields.golomb(u32::from(blocks.0) - 1).golomb(u32::from(blocks.1) - 1);
    fields.put(2, 3); // frames only, direct_8x8_inference
    let over = |blocks: u16, size: u16| u32::from(blocks * 16 - size) / 2;
    fields.put(1, 1).golomb(0).golomb(over(blocks.0, width)).golomb(0).golomb(over(blocks.1, height)); // cropping
    fields.put(1, 0); // nothing about display
    fields.stop().take()
}

/// Section 7.3.2.2: everything off, CAVLC.
fn picture_parameters() -> Vec<u8> {
    let mut fields = Fields::default();
    fields.golomb(0).golomb(0).put(2, 0).golomb(0); // numbers 0 and 0; CAVLC, no field order; one slice group
    fields.golomb(0).golomb(0).put(3, 0); // one reference; no weights
    fields.golomb(0).golomb(0).golomb(0).put(3, 0); // quantizers; no control of deblocking, nothing else
    fields.stop().take()
}

/// A unit with its header, and what looks like a start code escaped (section 7.4.1).
fn unit(header: u8, payload: &[u8]) -> Vec<u8> {
    let mut unit = Vec::with_capacity(payload.len() + 8);
    unit.push(header);
    let mut zeros = 0;
    for &byte in payload {
        if zeros == 2 && byte <= 3 {
            unit.push(3);
            zeros = 0;
        }
        unit.push(byte);
        zeros = if byte == 0 { zeros + 1 } else { 0 };
    }
    unit
}

/// Table 7-1, with nal_ref_idc 3.
const SPS: u8 = 0x67;
/// The same.
const PPS: u8 = 0x68;
/// The same: a slice of a keyframe.
const IDR: u8 = 0x65;
/// A slice of another frame, nal_ref_idc 2.
const SLICE: u8 = 0x41;
/// Filler data; refers to nothing and is not referred to.
const FILLER: u8 = 0x0c;
/// RFC 6184, section 5.7.1, with the highest nal_ref_idc of what is in it: 3.
const STAP_A_KEY: u8 = 0x78;
/// The same: 2.
const STAP_A: u8 = 0x58;
/// RFC 6184, section 5.8, with the nal_ref_idc of filler data.
const FU_A: u8 = 0x1c;
/// RFC 6184, section 5.8: S.
const FRAGMENT_BEGINS: u8 = 0x80;
/// RFC 6184, section 5.8: E.
const FRAGMENT_ENDS: u8 = 0x40;
/// Table 7-6: slice_type of P slices, when all of the picture are.
const ALL_PREDICTED: u32 = 5;
/// The same of I slices.
const ALL_INTRA: u32 = 7;
/// Table 7-11: I_16x16_2_0_0.
const MEAN_16X16: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Format, Picture, Stamp};
    use std::time::Duration;

    /// The units of a frame as RFC 6184 puts them together.
    fn units(payloads: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut units = Vec::new();
        let mut open: Option<Vec<u8>> = None;
        for payload in payloads {
            match payload[0] & 0x1f {
                24 => {
                    let mut rest = &payload[1..];
                    while let [high, low, more @ ..] = rest {
                        let (unit, more) = more.split_at(usize::from(*high) << 8 | usize::from(*low));
                        units.push(unit.to_vec());
                        rest = more;
                    }
                    assert!(rest.is_empty());
                }
                28 => {
                    let (begins, ends) = (payload[1] & 0x80 != 0, payload[1] & 0x40 != 0);
                    assert!(!(begins && ends) && begins == open.is_none());
                    let unit = open.get_or_insert_with(|| vec![payload[0] & 0xe0 | payload[1] & 0x1f]);
                    unit.extend_from_slice(&payload[2..]);
                    units.extend(open.take_if(|_| ends));
                }
                1..=23 => units.push(payload.clone()),
                other => panic!("a payload of type {other}"),
            }
        }
        assert_eq!(open, None);
        units
    }

    fn check(picture: &mut Picture, key: bool, bytes: usize, expected: &[u8]) -> Vec<Vec<u8>> {
        let units = units(&picture.frame(Duration::from_secs(65_536), key, bytes));
        assert_eq!(units.iter().map(|unit| unit[0]).collect::<Vec<_>>(), expected);
        for unit in &units {
            assert!(
                !unit.windows(3).any(|bytes| bytes[..2] == [0, 0] && bytes[2] < 3),
                "a start code inside: {unit:?}"
            );
            assert_ne!(unit.last(), Some(&0));
        }
        units
    }

    #[test]
    fn frames_are_parameters_a_slice_and_filling() {
        let mut picture = Picture::of(Format::H264, 1, 2, 160, 90);
        let units = check(&mut picture, true, 4_000, &[SPS, PPS, IDR, FILLER, FILLER]);
        assert_eq!(units[0][1..4], [0x42, 0xe0, 0x1f]);
        // 29 bits of header, a byte for each of 10 by 6 macroblocks, and the end.
        assert_eq!(units[2].len(), 1 + (29 + 60 * 8_usize + 1).div_ceil(8));
        assert!(units[4].len() > 2_000 && Stamp::read(&units[4]).is_some());
        check(&mut picture, false, 100, &[SLICE, FILLER]);
        check(&mut picture, false, 2_000, &[SLICE, FILLER, FILLER]);
    }

    #[test]
    fn a_unit_that_would_be_one_fragment_goes_alone() {
        let mut picture = Picture::of(Format::H264, 1, 2, 160, 90);
        let payloads = picture.frame(Duration::ZERO, false, 1_400);
        assert_eq!(payloads.len(), 2);
        assert_eq!((payloads[0][0], payloads[1][0]), (STAP_A, FILLER));
    }

    #[test]
    fn frames_are_numbered_from_each_keyframe_on() {
        let mut h264 = H264::new(160, 90);
        let slice = |h264: &H264| h264.skipping_slice();
        // 1, 00110, 1, then 16 bits.
        let number = |bytes: Vec<u8>| (u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) >> 9) as u16;
        h264.next(true);
        assert_eq!(number(slice(&h264)), 1);
        h264.next(false);
        assert_eq!(number(slice(&h264)), 2);
        let before = h264.key_slice();
        h264.next(true);
        assert_eq!(number(slice(&h264)), 1);
        assert_ne!(h264.key_slice(), before);
    }

    #[test]
    fn what_looks_like_a_start_code_is_escaped() {
        assert_eq!(unit(9, &[0, 0, 1, 0, 0, 0, 0, 4]), [9, 0, 0, 3, 1, 0, 0, 3, 0, 0, 4]);
    }
}
