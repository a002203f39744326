//! What a packet says of its frame: read once for a packet, however many watch.
//!
//! With a dependency descriptor, from that alone, so that frames encrypted end to end can be chosen from as well; else
//! from VP8's or VP9's own descriptor. What says nothing, or cannot be read, is passed on whole.

use std::sync::Arc;

use str0m::{format::Codec, rtp::Ssrc};

use super::{
    counters::Places,
    vp8::Vp8,
    vp9::{MOST_REFERENCES, Vp9},
};
use crate::{
    descriptor::{
        DependencyDescriptor,
        bits::Bits,
        structure::{Described, Head, Indications, Layers, Shape, Structure},
    },
    track::keyframe,
};

/// A packet's frame: of VP8 and VP9 without a dependency descriptor, its picture.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The number of the frame, which does not wrap. Those of layers have nothing to do with each other.
    pub(crate) number: u64,
    /// Whether a keyframe begins with the packet.
    pub(crate) keyframe: bool,
    /// Whether the frame ends with it; unlike a picture, which ends with its last spatial layer.
    pub(crate) ends: bool,
    pub(crate) view: View,
}

/// What allows to leave a frame out.
#[derive(Debug, Clone)]
pub(crate) enum View {
    /// Nothing.
    Whole,
    /// That there is nothing in it: it only filled the publisher's way.
    Nothing,
    /// The dependency descriptor.
    Described {
        layers: Layers,
        indications: Indications,
        /// The decode targets that the publisher makes at present.
        active: u32,
        structure: Arc<Structure>,
    },
    /// VP8's temporal layer.
    Vp8 {
        temporal: u8,
        /// Whether that layer can be begun with the frame.
        sync: bool,
    },
    /// VP9's layers.
    Vp9 {
        layers: Layers,
        /// Whether the frame needs no other.
        alone: bool,
        /// Whether higher temporal layers can be begun behind it.
        up: bool,
        /// How many pictures ago those are that it refers to, where each frame says so; zero for none.
        references: Option<[u8; MOST_REFERENCES]>,
    },
}

impl Frame {
    /// What is never left out.
    pub(crate) const WHOLE: Self = Self { number: 0, keyframe: false, ends: false, view: View::Whole };
}

impl View {
    /// The layers that the frame is of; the lowest where it does not say.
    pub(crate) fn layers(&self) -> Layers {
        match self {
            Self::Whole | Self::Nothing => Layers::default(),
            Self::Described { layers, .. } | Self::Vp9 { layers, .. } => *layers,
            Self::Vp8 { temporal, .. } => Layers { spatial: 0, temporal: *temporal },
        }
    }
}

/// All that is read of a packet.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) frame: Frame,
    /// The payload's counters.
    pub(crate) places: Option<Places>,
    /// Where the dependency descriptor can be changed.
    pub(crate) shape: Option<Shape>,
}

/// Reads the packets of one published layer.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    source: Option<Ssrc>,
    numbers: Unwrapped,
    structure: Option<Current>,
    /// The one before, for frames that come late.
    previous: Option<Arc<Structure>>,
}

#[derive(Debug)]
struct Current {
    structure: Arc<Structure>,
    /// The frame that it came with first.
    since: u64,
    /// The decode targets that the publisher makes, and the frame that said so.
    active: (u32, u64),
}

impl Reader {
    /// Reads a packet of `source`.
    pub(crate) fn read(
        &mut self,
        source: Ssrc,
        codec: Codec,
        payload: &[u8],
        descriptor: Option<&DependencyDescriptor>,
    ) -> Seen {
        if self.source.replace(source) != Some(source) {
            *self = Self { source: Some(source), ..Self::default() };
        }
        let keyframe =
            keyframe::begins(codec, payload) || descriptor.is_some_and(DependencyDescriptor::begins_keyframe);
        if payload.is_empty() {
            let frame = Frame { number: 0, keyframe: false, ends: false, view: View::Nothing };
            return Seen { frame, places: None, shape: None };
        }
        let (vp8, vp9) = match codec {
            Codec::Vp8 => (Vp8::read(payload), None),
            Codec::Vp9 => (None, Vp9::read(payload)),
            _ => (None, None),
        };
        let places = vp8.map(|vp8| vp8.places).or(vp9.map(|vp9| vp9.places));
        let mut seen = Seen { frame: Frame { keyframe, ..Frame::WHOLE }, places, shape: None };
        if let Some(descriptor) = descriptor {
            if let Some((frame, shape)) = self.described(descriptor.bytes(), keyframe) {
                (seen.frame, seen.shape) = (frame, Some(shape));
            }
            return seen;
        }
        let view = match (vp8.and_then(|vp8| vp8.layer), vp9.and_then(|vp9| Some((vp9, vp9.layer?)))) {
            (Some(layer), _) => View::Vp8 { temporal: layer.id, sync: layer.sync },
            (_, Some((vp9, layers))) => View::Vp9 {
                layers,
                alone: vp9.stands_alone(),
                up: vp9.up,
                references: vp9.flexible.then_some(vp9.references),
            },
            _ => return seen,
        };
        if let Some((id, bits)) = places.and_then(|places| places.picture()) {
            let number = self.numbers.unwrap(id, bits);
            seen.frame = Frame { number, keyframe, ends: vp9.is_some_and(|vp9| vp9.ends), view };
        }
        seen
    }

    fn described(&mut self, bytes: &[u8], keyframe: bool) -> Option<(Frame, Shape)> {
        let mut bits = Bits::new(bytes);
        let head = Head::read(&mut bits)?;
        let attached = if head.structured { Some(Structure::read(&mut bits)?) } else { None };
        let structure = attached.as_ref().or(self.structure.as_ref().map(|current| &*current.structure))?;
        let late = self
            .structure
            .as_ref()
            .is_some_and(|current| attached.is_none() && self.numbers.would_be(head.frame, FRAME_BITS) < current.since);
        let structure = if late { self.previous.as_deref()? } else { structure };
        let Described { layers, indications, active, shape } = structure.describe(&head, bits)?;
        let number = self.numbers.unwrap(head.frame, FRAME_BITS);
        if let Some(attached) = attached
            && !self.take(attached, number)
        {
            return None;
        }
        let current = self.structure.as_mut()?;
        if let Some(active) = active.filter(|_| number >= current.active.1) {
            current.active = (active, number);
        }
        let structure = if late { self.previous.clone()? } else { current.structure.clone() };
        let active = if late { structure.all() } else { current.active.0 };
        let view = View::Described { layers, indications, active, structure };
        Some((Frame { number, keyframe, ends: head.ends, view }, shape))
    }

    /// Keeps a structure; `false` when it came too late. One that says nothing new does not count as another.
    fn take(&mut self, attached: Structure, number: u64) -> bool {
        let active = (attached.all(), number);
        match &mut self.structure {
            Some(current) if number < current.since => return false,
            Some(current) if *current.structure == attached => {
                if number >= current.active.1 {
                    current.active = active;
                }
            }
            current => {
                let new = Current { structure: Arc::new(attached), since: number, active };
                self.previous = current.replace(new).map(|old| old.structure);
            }
        }
        true
    }
}

/// Numbers of a few bits as they would be without wrapping.
#[derive(Debug, Default)]
struct Unwrapped {
    newest: u64,
    bits: u32,
}

impl Unwrapped {
    fn unwrap(&mut self, value: u16, bits: u32) -> u64 {
        let number = self.would_be(value, bits);
        (self.newest, self.bits) = (self.newest.max(number), bits);
        number
    }

    /// The number nearest to the newest one. Numbers of another length are counted anew, behind all others.
    fn would_be(&self, value: u16, bits: u32) -> u64 {
        let (value, span) = (u64::from(value), 1_u64 << bits);
        if bits != self.bits {
            return (self.newest & !(span - 1)) + 2 * span + value;
        }
        let ahead = value.wrapping_sub(self.newest) & (span - 1);
        let behind = if ahead < span / 2 { 0 } else { span };
        (self.newest + ahead).saturating_sub(behind)
    }
}

/// Appendix A.8.2: frame_number.
const FRAME_BITS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_over_wraps_and_changes_of_length() {
        let mut numbers = Unwrapped::default();
        let first = numbers.unwrap(126, 7);
        let ahead = [127, 0, 1, 126, 3].map(|value| numbers.unwrap(value, 7).wrapping_sub(first) as i64);
        assert_eq!(ahead, [1, 2, 3, 0, 5]);
        let long = numbers.unwrap(4, 15);
        assert!(long > first + 5);
        assert_eq!(numbers.unwrap(0x7fff, 15), long - 5);
    }
}
