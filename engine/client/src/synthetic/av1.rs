//! AV1 frames in RTP payloads (RTP Payload Format for AV1, version 1.0; AV1 Bitstream and Decoding Process Specification).
//!
//! What an SFU reads is real: aggregation headers, the sequence header, and of a frame its kind. Behind that stand stamps and
//! filling where a tile would be, so that no decoder shows anything.

use super::fields::Fields;

/// The encoder.
#[derive(Debug, Clone)]
pub(super) struct Av1 {
    sequence: Vec<u8>,
}

impl Av1 {
    pub(super) fn new(width: u16, height: u16) -> Self {
        Self { sequence: sequence_header(width, height) }
    }

    /// What stands in front of the filling.
    pub(super) fn begin(&self, payload: &mut Vec<u8>, key: bool, first: bool) {
        match (first, key) {
            (true, true) => {
                payload.push(TWO | NEW_SEQUENCE | GOES_ON);
                payload.push(self.sequence.len() as u8); // leb128 of what is below 128
                payload.extend_from_slice(&self.sequence);
                payload.extend_from_slice(&[FRAME, KEYFRAME]);
            }
            (true, false) => payload.extend_from_slice(&[ONE | GOES_ON, FRAME, INTER_FRAME]),
            (false, _) => payload.push(ONE | CONTINUES | GOES_ON),
        }
    }

    /// Says of a payload whether its last unit goes on in the next one.
    pub(super) fn close(payload: &mut [u8], last: bool) {
        payload[0] &= if last { !GOES_ON } else { 0xff };
    }
}

/// AV1, section 5.5: profile 0, level 3.1, no tools.
fn sequence_header(width: u16, height: u16) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.put(8, SEQUENCE.into());
    fields.put(3, 0).put(2, 0); // profile 0; no still picture
    fields.put(2, 0).put(5, 0).put(12, 0); // no timing; one operating point, which is everything
    fields.put(5, 5); // level 3.1
    fields.put(4, 15).put(4, 15).put(16, u32::from(width) - 1).put(16, u32::from(height) - 1);
    fields.put(1, 0); // no frame ids
    fields.put(3, 0); // superblocks of 64 pixels, no tools within a frame
    fields.put(5, 0); // none between frames, no order hints
    fields.put(2, 3); // screen content and whole motion: each frame says
    fields.put(3, 0); // no superresolution, CDEF, restoration
    fields.put(4, 0).put(2, 0).put(1, 0); // eight bits, colours, not described, small range; their place; one quantizer
    fields.put(1, 0); // no film grain
    fields.stop().take()
}

/// AV1 RTP, section 4.4: Z, the first element continues one of the packet before.
const CONTINUES: u8 = 0x80;
/// Y, the last element goes on in the next packet.
const GOES_ON: u8 = 0x40;
/// W, one element, whose length is not said.
const ONE: u8 = 0x10;
/// W, two elements, the last of which does not say its length.
const TWO: u8 = 0x20;
/// N, a coded video sequence begins.
const NEW_SEQUENCE: u8 = 0x08;
/// AV1, section 5.3.2: OBU_SEQUENCE_HEADER, without extension or length.
const SEQUENCE: u8 = 1 << 3;
/// OBU_FRAME, the same.
const FRAME: u8 = 6 << 3;
/// AV1, section 5.9.2: not one that was there, KEY_FRAME, shown.
const KEYFRAME: u8 = 0x10;
/// The same: INTER_FRAME.
const INTER_FRAME: u8 = 0x30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::{Format, Picture, Stamp};
    use std::time::Duration;

    /// The units of a frame as the payload format puts them together.
    fn units(payloads: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let mut units: Vec<Vec<u8>> = Vec::new();
        let mut open = false;
        for payload in payloads {
            let (head, mut rest) = (payload[0], &payload[1..]);
            assert_eq!(head & CONTINUES != 0, open);
            let count = head >> 4 & 3;
            for place in 1..=count {
                let element = if place == count {
                    std::mem::take(&mut rest)
                } else {
                    let (length, more) = rest.split_first().unwrap();
                    let (element, more) = more.split_at(usize::from(*length));
                    rest = more;
                    element
                };
                match units.last_mut().filter(|_| open && place == 1) {
                    Some(unit) => unit.extend_from_slice(element),
                    None => units.push(element.to_vec()),
                }
            }
            open = head & GOES_ON != 0;
        }
        assert!(!open);
        units
    }

    #[test]
    fn a_keyframe_begins_a_sequence() {
        let mut picture = Picture::of(Format::Av1, 0, 0, 640, 360);
        let payloads = picture.frame(Duration::ZERO, true, 3_000);
        assert_eq!(payloads.iter().map(|p| p[0] & NEW_SEQUENCE != 0).collect::<Vec<_>>(), [true, false, false]);
        let frame = units(&payloads);
        assert_eq!(frame.iter().map(|unit| unit[0]).collect::<Vec<_>>(), [SEQUENCE, FRAME]);
        assert_eq!(frame[1][1] >> 5, 0, "a keyframe");
        // Behind 37 bits: the largest size less one.
        let size = frame[0][1..].iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte));
        assert_eq!((size << 37 >> 48, (size << 53 >> 53) << 5 | u64::from(frame[0][9] >> 3)), (639, 359));
        assert!(frame[1].len() > 2_500 && Stamp::read(&frame[1]).is_some());
    }

    #[test]
    fn other_frames_do_not() {
        let mut picture = Picture::of(Format::Av1, 0, 0, 640, 360);
        for bytes in [0, 1_000, 4_000] {
            let payloads = picture.frame(Duration::ZERO, false, bytes);
            assert!(payloads.iter().all(|payload| payload[0] & NEW_SEQUENCE == 0));
            let frame = units(&payloads);
            assert_eq!((frame.len(), frame[0][0], frame[0][1] >> 5), (1, FRAME, 1));
        }
    }
}
