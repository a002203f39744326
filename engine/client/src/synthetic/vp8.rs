//! VP8 frames of any small size that decode to plain grey, in RTP payloads (RFC 6386, RFC 7741).
//!
//! All that a frame says is in its first partition: every macroblock predicts, none has coefficients. The second
//! partition, where coefficients would stand, is never read by a decoder; it holds stamps and whatever fills the frame
//! up to the size asked for.

use super::bits::Bits;

/// The encoder.
#[derive(Debug, Clone)]
pub(super) struct Vp8 {
    picture: u16,
    key: Vec<u8>,
    delta: Vec<u8>,
}

impl Vp8 {
    pub(super) fn new(width: u16, height: u16) -> Self {
        Self { picture: 0, key: frame_head(width, height, true), delta: frame_head(width, height, false) }
    }

    /// What stands in front of the filling.
    pub(super) fn begin(&self, payload: &mut Vec<u8>, key: bool, first: bool) {
        payload.extend_from_slice(&[
            if first { 0x90 } else { 0x80 }, // extended; starts a partition; partition 0
            0x80,                            // a picture id follows
            0x80 | (self.picture >> 8) as u8,
            self.picture as u8,
        ]);
        if first {
            payload.extend_from_slice(if key { &self.key } else { &self.delta });
        }
    }

    /// The frame is made.
    pub(super) fn next(&mut self) {
        self.picture = (self.picture + 1) & 0x7fff;
    }
}

/// Whether a VP8 payload begins a keyframe.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    str0m::rtp::Vp8Descriptor::parse(payload).is_ok_and(|d| d.starts_keyframe(payload))
}

/// The frame tag, the size, and the first partition (RFC 6386, sections 9.1 and 19.2).
fn frame_head(width: u16, height: u16, key: bool) -> Vec<u8> {
    let partition = first_partition(width.div_ceil(16), height.div_ceil(16), key);
    let tag = u32::from(!key) | 1 << 4 | (partition.len() as u32) << 5; // shown, version 0
    let mut head = tag.to_le_bytes()[..3].to_vec();
    if key {
        head.extend_from_slice(&[0x9d, 0x01, 0x2a]);
        head.extend_from_slice(&width.to_le_bytes());
        head.extend_from_slice(&height.to_le_bytes());
    }
    head.extend_from_slice(&partition);
    head
}

fn first_partition(columns: u16, rows: u16, key: bool) -> Vec<u8> {
    let mut bits = Bits::new();
    if key {
        bits.number(2, 0); // colour space, clamping
    }
    bits.number(1, 0); // no segments
    bits.number(1 + 6 + 3, 0); // no loop filter
    bits.number(1, 0); // no adjustments of it
    bits.number(2, 0); // one partition of coefficients
    bits.number(7, 60); // the quantizer, which quantizes nothing here
    bits.number(5, 0); // the same for all planes
    if !key {
        bits.number(2, 0); // golden and alternate frames stay
        bits.number(4, 0); // nothing is copied to them
        bits.number(2, 0); // their signs
    }
    bits.number(1, 1); // probabilities stay for later frames
    if !key {
        bits.number(1, 1); // this frame becomes the last frame
    }
    no_coefficient_updates(&mut bits);
    bits.number(1, 1); // macroblocks may be skipped,
    bits.number(8, 1); // and nearly all are
    if !key {
        bits.number(8, 1); // nearly all macroblocks are predicted from another frame,
        bits.number(8, 255); // nearly always the last one
        bits.number(8, 128); // golden or alternate: never asked
        bits.number(2, 0); // the probabilities of modes stay
        for no in MOTION_UPDATES {
            bits.put(no, false);
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            bits.put(1, true); // no coefficients
            if key {
                // Luma: predicted from the mean of the neighbours (section 11.2); chroma as well.
                bits.put(145, true);
                bits.put(156, false);
                bits.put(163, false);
                bits.put(142, false);
            } else {
                bits.put(1, true); // from another frame,
                bits.put(255, false); // the last one,
                bits.put(zero_motion(row, column), false); // without motion
            }
        }
    }
    bits.finish()
}

/// The probability of "no motion" given neighbours that have none (section 18.3): it depends on how many there are.
fn zero_motion(row: u16, column: u16) -> u8 {
    match (row > 0, column > 0) {
        (false, false) => 7,
        (true, true) => 234,
        _ => 135,
    }
}

/// Says of each of the 1056 coefficient probabilities that it stays as it is (section 13.4).
fn no_coefficient_updates(bits: &mut Bits) {
    let mut special = COEFFICIENT_UPDATES.iter().peekable();
    for row in 0..COEFFICIENT_ROWS {
        let known = special.next_if(|(at, _)| *at == row).map_or(&[][..], |(_, known)| *known);
        for place in 0..COEFFICIENTS_PER_ROW {
            bits.put(known.get(place).copied().unwrap_or(255), false);
        }
    }
}

/// Block types times bands times contexts (section 13.3).
const COEFFICIENT_ROWS: u8 = 4 * 8 * 3;

/// Probabilities for each of them.
const COEFFICIENTS_PER_ROW: usize = 11;

/// The probabilities that a coefficient probability stays (section 13.4), by row; those not given are 255.
const COEFFICIENT_UPDATES: &[(u8, &[u8])] = &[
    (3, &[176, 246]),
    (4, &[223, 241, 252]),
    (5, &[249, 253, 253]),
    (6, &[255, 244, 252]),
    (7, &[234, 254, 254]),
    (8, &[253]),
    (9, &[255, 246, 254]),
    (10, &[239, 253, 254]),
    (11, &[254, 255, 254]),
    (12, &[255, 248, 254]),
    (13, &[251, 255, 254]),
    (15, &[255, 253, 254]),
    (16, &[251, 254, 254]),
    (17, &[254, 255, 254]),
    (18, &[255, 254, 253, 255, 254]),
    (19, &[250, 255, 254, 255, 254]),
    (20, &[254]),
    (24, &[217]),
    (25, &[225, 252, 241, 253, 255, 255, 254]),
    (26, &[234, 250, 241, 250, 253, 255, 253, 254]),
    (27, &[255, 254]),
    (28, &[223, 254, 254]),
    (29, &[238, 253, 254, 254]),
    (30, &[255, 248, 254]),
    (31, &[249, 254]),
    (33, &[255, 253]),
    (34, &[247, 254]),
    (36, &[255, 253, 254]),
    (37, &[252]),
    (39, &[255, 254, 254]),
    (40, &[253]),
    (42, &[255, 254, 253]),
    (43, &[250]),
    (44, &[254]),
    (48, &[186, 251, 250]),
    (49, &[234, 251, 244, 254]),
    (50, &[251, 251, 243, 253, 254, 255, 254]),
    (51, &[255, 253, 254]),
    (52, &[236, 253, 254]),
    (53, &[251, 253, 253, 254, 254]),
    (54, &[255, 254, 254]),
    (55, &[254, 254, 254]),
    (57, &[255, 254]),
    (58, &[254, 254]),
    (59, &[254]),
    (61, &[254]),
    (72, &[248]),
    (73, &[250, 254, 252, 254]),
    (74, &[248, 254, 249, 253]),
    (75, &[255, 253, 253]),
    (76, &[246, 253, 253]),
    (77, &[252, 254, 251, 254, 254]),
    (78, &[255, 254, 252]),
    (79, &[248, 254, 253]),
    (80, &[253, 255, 254, 254]),
    (81, &[255, 251, 254]),
    (82, &[245, 251, 254]),
    (83, &[253, 253, 254]),
    (84, &[255, 251, 253]),
    (85, &[252, 253, 254]),
    (86, &[255, 254]),
    (87, &[255, 252]),
    (88, &[249, 255, 254]),
    (89, &[255, 255, 254]),
    (90, &[255, 255, 253]),
    (91, &[250]),
    (94, &[254]),
];

/// The probabilities that a motion vector probability stays (section 17.2).
const MOTION_UPDATES: [u8; 38] = [
    237, 246, 253, 253, 254, 254, 254, 254, 254, 254, 254, 254, 254, 254, 250, 250, 252, 254, 254, 231, 243, 245, 253,
    254, 254, 254, 254, 254, 254, 254, 254, 254, 254, 251, 251, 254, 254, 254,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyframe_says_its_size() {
        let (vp8, mut first, mut second, mut delta) = (Vp8::new(320, 180), Vec::new(), Vec::new(), Vec::new());
        vp8.begin(&mut first, true, true);
        vp8.begin(&mut second, true, false);
        vp8.begin(&mut delta, false, true);
        assert!(starts_keyframe(&first));
        assert!(!starts_keyframe(&[&second[..], &[0]].concat()) && !starts_keyframe(&delta));
        assert_eq!(first[4 + 3..][..7], [0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00]);
    }

    #[test]
    fn picture_ids_count_frames_in_fifteen_bits() {
        let mut vp8 = Vp8::new(160, 90);
        vp8.picture = 0x7fff;
        for id in [[0xff, 0xff], [0x80, 0x00]] {
            let mut payload = Vec::new();
            vp8.begin(&mut payload, false, true);
            assert_eq!(payload[..4], [0x90, 0x80, id[0], id[1]]);
            vp8.next();
        }
    }
}
