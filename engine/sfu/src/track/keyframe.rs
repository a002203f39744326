//! Does a keyframe begin with this packet?
//!
//! Answered from the clear codec header alone (the RTP payload header, VP8's first header byte, H264's NAL type), never
//! from the picture: encrypted frames pass. The dependency descriptor is asked as well, see `forward::frame`.

use str0m::format::Codec;

use crate::forward::vp8::Vp8;

/// Looks at the start of a payload.
pub(crate) fn begins(codec: Codec, payload: &[u8]) -> bool {
    match codec {
        Codec::Vp8 => Vp8::read(payload).is_some() && begins_vp8(payload),
        Codec::Vp9 => begins_vp9(payload),
        Codec::H264 => begins_h264(payload),
        Codec::Av1 => begins_av1(payload),
        _ => false,
    }
}

/// RFC 7741, sections 4.2 and 4.3: first packet of partition 0 (S set, PID 0), and P of the payload header clear.
fn begins_vp8(payload: &[u8]) -> bool {
    header_vp8(payload).is_some_and(|header| payload[0] & 0x17 == 0x10 && header & 1 == 0)
}

/// The first byte behind the VP8 payload descriptor.
fn header_vp8(payload: &[u8]) -> Option<u8> {
    let mut at = 1;
    if payload.first()? & 0x80 != 0 {
        let present = *payload.get(at)?;
        at += 1;
        if present & 0x80 != 0 {
            at += if payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        at += usize::from(present & 0x40 != 0) + usize::from(present & 0x30 != 0);
    }
    payload.get(at).copied()
}

/// RFC 9628, section 4.2: a frame begins (B), it predicts from no other picture (P clear), and it is the lowest
/// spatial layer.
fn begins_vp9(payload: &[u8]) -> bool {
    let Some(first) = payload.first().copied() else {
        return false;
    };
    if first & 0x40 != 0 || first & 0x08 == 0 {
        return false;
    }
    let mut at = 1;
    if first & 0x80 != 0 {
        let long = payload.get(at).is_some_and(|id| id & 0x80 != 0);
        at += if long { 2 } else { 1 };
    }
    first & 0x20 == 0 || payload.get(at).is_some_and(|layer| layer >> 1 & 7 == 0)
}

/// RFC 6184, section 5.2: the first packet of a keyframe holds a sequence parameter set, or, for encoders which send
/// that once only, the start of an IDR slice.
fn begins_h264(payload: &[u8]) -> bool {
    let begins = |nal: u8| matches!(nal & 0x1f, IDR | SPS);
    match payload {
        [first, rest @ ..] if first & 0x1f == STAP_A => {
            let mut rest = rest;
            while let [high, low, unit @ ..] = rest {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                if unit.first().is_some_and(|nal| begins(*nal)) {
                    return true;
                }
                let Some(next) = unit.get(length..) else {
                    return false;
                };
                rest = next;
            }
            false
        }
        [first, fragment, ..] if first & 0x1f == FU_A => fragment & 0x80 != 0 && begins(*fragment),
        [first, ..] => begins(*first),
        [] => false,
    }
}

/// AV1 RTP payload format, section 4.4: N marks the first packet of a coded video sequence.
fn begins_av1(payload: &[u8]) -> bool {
    payload.first().is_some_and(|aggregation| aggregation & 0x08 != 0)
}

/// RFC 6184, table 1.
const IDR: u8 = 5;
/// RFC 6184, table 1.
const SPS: u8 = 7;
/// RFC 6184, section 5.7.1.
const STAP_A: u8 = 24;
/// RFC 6184, section 5.8.
const FU_A: u8 = 28;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(codec: Codec, payload: &[u8], expected: bool) {
        assert_eq!(begins(codec, payload), expected, "{codec:?} {payload:02x?}");
        for end in 0..payload.len() {
            begins(codec, &payload[..end]); // any cut is read without a panic
        }
    }

    #[test]
    fn vp8() {
        check(Codec::Vp8, &[0x10, 0x00], true);
        check(Codec::Vp8, &[0x10, 0x01], false);
        check(Codec::Vp8, &[0x00, 0x00], false);
        check(Codec::Vp8, &[0x11, 0x00], false);
        check(Codec::Vp8, &[0x90, 0xe0, 0x81, 0x02, 0x09, 0x20, 0x10], true);
        check(Codec::Vp8, &[0x90, 0xe0, 0x01, 0x09, 0x20, 0x11], false);
        check(Codec::Vp8, &[0x90, 0x80, 0x01, 0x10], true);
    }

    #[test]
    fn vp9() {
        check(Codec::Vp9, &[0x08, 0x00], true);
        check(Codec::Vp9, &[0x48, 0x00], false);
        check(Codec::Vp9, &[0x00, 0x00], false);
        check(Codec::Vp9, &[0xa8, 0x81, 0x02, 0x00, 0x00], true);
        check(Codec::Vp9, &[0xa8, 0x01, 0x02, 0x00], false);
    }

    #[test]
    fn h264() {
        check(Codec::H264, &[0x67, 0x42], true);
        check(Codec::H264, &[0x65, 0x88], true);
        check(Codec::H264, &[0x41, 0x9a], false);
        check(Codec::H264, &[0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68], true);
        check(Codec::H264, &[0x78, 0, 1, 0x06, 0, 2, 0x41, 0x9a], false);
        check(Codec::H264, &[0x7c, 0x85, 0x88], true);
        check(Codec::H264, &[0x7c, 0x05, 0x88], false);
        check(Codec::H264, &[0x78, 0xff, 0xff, 0x41], false);
    }

    #[test]
    fn av1() {
        check(Codec::Av1, &[0x18, 0x0a], true);
        check(Codec::Av1, &[0x10, 0x32], false);
    }
}
