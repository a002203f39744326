//! The dependency descriptor: an RTP header extension of AV1's RTP payload format, appendix A, used by all codecs.
//!
//! AV1 with spatial layers does not decode without it, and for encrypted frames it is the only clear sign of keyframes
//! and layers. It is passed on as it came, except that who is not shown all layers is told which ones are left: see
//! [`write_active`]. [`structure`] understands it, and [`bits`] is for both.

pub(crate) mod bits;
pub(crate) mod structure;

use str0m::rtp::{ExtensionSerializer, ExtensionValues};

use bits::{Bits, Pen};
use structure::Shape;

/// The descriptor of one packet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DependencyDescriptor(Vec<u8>);

impl DependencyDescriptor {
    /// Its name in SDP.
    pub(crate) const URI: &str =
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

    /// As it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether a keyframe begins with this packet: the first packet of a frame that brings a new structure.
    pub(crate) fn begins_keyframe(&self) -> bool {
        self.0.first().is_some_and(|b| b & START_OF_FRAME != 0) && self.0.get(3).is_some_and(|b| b & STRUCTURE != 0)
    }
}

/// How many bytes a descriptor of this shape has with active decode targets.
pub(crate) fn active_length(descriptor: &[u8], shape: Shape) -> usize {
    let front = usize::from(shape.front).max(MANDATORY_BITS + FLAG_BITS as usize);
    let behind = (8 * descriptor.len()).saturating_sub(shape.behind.into());
    (front + usize::from(shape.targets) + behind).div_ceil(8)
}

/// Writes a descriptor with other active decode targets into `out`, which holds zeros and has the
/// [length](active_length). `None` when the descriptor is not of this shape.
pub(crate) fn write_active(descriptor: &[u8], shape: Shape, active: u32, out: &mut [u8]) -> Option<()> {
    let (mut from, mut pen) = (Bits::new(descriptor), Pen::new(out));
    pen.copy(&mut from, MANDATORY_BITS)?;
    let flags = if from.left() == 0 { 0 } else { from.take(FLAG_BITS)? };
    pen.put(flags | structure::ACTIVE, FLAG_BITS)?;
    pen.copy(&mut from, usize::from(shape.front).saturating_sub(MANDATORY_BITS + FLAG_BITS as usize))?;
    pen.put(active, shape.targets.into())?;
    from.go_to(shape.behind.into());
    let rest = from.left();
    pen.copy(&mut from, rest)
}

impl From<Vec<u8>> for DependencyDescriptor {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

// The value doubles as its own reader and writer; an empty one is used for that.
impl ExtensionSerializer for DependencyDescriptor {
    fn write_to(&self, buf: &mut [u8], values: &ExtensionValues) -> usize {
        let Some(Self(bytes)) = values.user_values.get::<Self>() else {
            return 0;
        };
        let Some(room) = buf.get_mut(..bytes.len()) else {
            return 0;
        };
        room.copy_from_slice(bytes);
        bytes.len()
    }

    fn parse_value(&self, buf: &[u8], values: &mut ExtensionValues) -> bool {
        if buf.is_empty() {
            return false; // an empty one could only be written in the long form, and says nothing
        }
        values.user_values.set(Self(buf.to_vec()));
        true
    }

    fn is_video(&self) -> bool {
        true
    }

    fn is_audio(&self) -> bool {
        false
    }

    fn requires_two_byte_form(&self, values: &ExtensionValues) -> bool {
        values.user_values.get::<Self>().is_some_and(|Self(bytes)| bytes.len() > SHORT_FORM)
    }
}

/// Begin and end of a frame, template, number of the frame.
const MANDATORY_BITS: usize = 24;
/// What follows says which extended fields there are.
const FLAG_BITS: u32 = 5;
/// First bit of the first byte.
const START_OF_FRAME: u8 = 0x80;
/// First bit of the extended fields, which follow the three mandatory bytes.
const STRUCTURE: u8 = 0x80;
/// RFC 8285, section 4.2: what the one-byte form holds.
const SHORT_FORM: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leaves_as_it_came() {
        let reader = DependencyDescriptor::default();
        for length in [1, 3, 16, 17, 100] {
            let (came, mut values) = (vec![0x80; length], ExtensionValues::default());
            assert!(reader.parse_value(&came, &mut values));
            let mut buf = [0; 255];
            let written = reader.write_to(&mut buf, &values);
            assert_eq!(buf[..written], came);
            assert_eq!(reader.requires_two_byte_form(&values), length > 16);
            assert_eq!(reader.write_to(&mut [0; 0], &values), 0);
        }
    }

    #[test]
    fn a_structure_at_the_start_of_a_frame_is_a_keyframe() {
        assert!(DependencyDescriptor(vec![0xc0, 0, 1, 0x80, 0]).begins_keyframe());
        assert!(!DependencyDescriptor(vec![0x40, 0, 1, 0x80, 0]).begins_keyframe());
        assert!(!DependencyDescriptor(vec![0xc0, 0, 1, 0x00]).begins_keyframe());
        assert!(!DependencyDescriptor(vec![0xc0, 0, 1]).begins_keyframe());
    }
}
