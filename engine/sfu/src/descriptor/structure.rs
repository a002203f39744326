//! What the descriptor says: the structure, which comes with keyframes, and what each packet says in terms of it.
//!
//! AV1 RTP payload format, appendix A. A *decode target* is a way to watch the stream (so much detail, so many pictures
//! a second); each frame says for each target what it is to it. What frames refer to and which chains they are in is
//! read as far as its length, no further: the indications say as much about what can be left out, and what was lost on
//! the way to us is asked for again.

use super::bits::Bits;

/// A template structure, as far as it matters for leaving frames out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Structure {
    /// The id of the first template.
    offset: u8,
    targets: u8,
    chains: u8,
    templates: Vec<Template>,
    layers: [Layers; MOST_TARGETS],
}

/// How much detail and how many pictures, both counted from zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Layers {
    pub(crate) spatial: u8,
    pub(crate) temporal: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Template {
    layers: Layers,
    indications: Indications,
}

/// What a frame is to each decode target; targets are bits of a mask, the first target the lowest one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Indications {
    high: u32,
    low: u32,
}

/// The first fields of a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Whether the frame begins with this packet.
    pub(crate) begins: bool,
    /// Whether the frame ends with it.
    pub(crate) ends: bool,
    /// The number of the frame, in coding order.
    pub(crate) frame: u16,
    /// Whether a structure follows.
    pub(crate) structured: bool,
    template: u8,
    active: bool,
    custom_indications: bool,
    custom_references: bool,
    custom_chains: bool,
}

/// What a descriptor says of its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Described {
    pub(crate) layers: Layers,
    pub(crate) indications: Indications,
    /// The decode targets that the publisher makes from here on, if it says so.
    pub(crate) active: Option<u32>,
    /// Where it can be changed.
    pub(crate) shape: Shape,
}

/// Where other active decode targets can be put into a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The bits in front of them.
    pub(crate) front: u16,
    /// Where what comes behind them begins.
    pub(crate) behind: u16,
    /// How many there are.
    pub(crate) targets: u8,
}

impl Head {
    /// Reads the mandatory fields and the flags, and leaves `bits` behind them.
    pub(crate) fn read(bits: &mut Bits<'_>) -> Option<Self> {
        let (begins, ends, template) = (bits.flag()?, bits.flag()?, bits.take(6)? as u8);
        let frame = bits.take(16)? as u16;
        let flags = if bits.left() == 0 { 0 } else { bits.take(5)? };
        let has = |flag: u32| flags & flag != 0;
        Some(Self {
            begins,
            ends,
            frame,
            structured: has(STRUCTURE),
            template,
            active: has(ACTIVE),
            custom_indications: has(4),
            custom_references: has(2),
            custom_chains: has(1),
        })
    }
}

impl Structure {
    /// Reads a structure; `None` when it is cut or contradicts itself.
    pub(crate) fn read(bits: &mut Bits<'_>) -> Option<Self> {
        let (offset, targets) = (bits.take(6)? as u8, bits.take(5)? as u8 + 1);
        let mut templates = Vec::new();
        let mut layers = Layers::default();
        loop {
            if templates.len() == MOST_TEMPLATES {
                return None;
            }
            templates.push(Template { layers, indications: Indications::default() });
            match bits.take(2)? {
                0 => {}
                1 => layers.temporal += 1,
                2 => layers = Layers { spatial: layers.spatial + 1, temporal: 0 },
                _ => break,
            }
            if layers.temporal >= MOST_TEMPORAL || layers.spatial >= MOST_SPATIAL {
                return None;
            }
        }
        for template in &mut templates {
            template.indications = Indications::read(bits, targets)?;
        }
        for _ in &templates {
            while bits.flag()? {
                bits.take(4)?;
            }
        }
        let chains = bits.below(u32::from(targets) + 1)? as u8;
        if chains > 0 {
            for _ in 0..targets {
                bits.below(u32::from(chains))?;
            }
            for _ in 0..templates.len() * usize::from(chains) {
                bits.take(4)?;
            }
        }
        if bits.flag()? {
            for _ in 0..=layers.spatial {
                bits.take(32)?; // width and height, less one each
            }
        }
        let mut structure = Self { offset, targets, chains, templates, layers: Default::default() };
        for target in 0..structure.targets {
            let of = structure.templates.iter().filter(|t| t.indications.present() & bit(target) != 0);
            let most = of.fold(Layers::default(), |most, t| most.union(t.layers));
            structure.layers[usize::from(target)] = most;
        }
        Some(structure)
    }

    /// What the rest of a descriptor says, behind its head and its structure.
    pub(crate) fn describe(&self, head: &Head, mut bits: Bits<'_>) -> Option<Described> {
        let front = bits.at() as u16;
        let active = if head.active { Some(bits.take(self.targets.into())?) } else { None };
        let behind = bits.at() as u16;
        let place = head.template.wrapping_sub(self.offset) % MOST_TEMPLATES as u8;
        let Template { layers, mut indications } = *self.templates.get(usize::from(place))?;
        if head.custom_indications {
            indications = Indications::read(&mut bits, self.targets)?;
        }
        if head.custom_references {
            loop {
                match bits.take(2)? {
                    0 => break,
                    size => bits.take(4 * size)?,
                };
            }
        }
        if head.custom_chains {
            for _ in 0..self.chains {
                bits.take(8)?;
            }
        }
        Some(Described { layers, indications, active, shape: Shape { front, behind, targets: self.targets } })
    }

    /// All decode targets.
    pub(crate) fn all(&self) -> u32 {
        u32::MAX >> (MOST_TARGETS as u8 - self.targets)
    }

    /// How much a decode target shows.
    pub(crate) fn layers(&self, target: u8) -> Layers {
        self.layers.get(usize::from(target)).copied().unwrap_or_default()
    }

    /// The decode targets that show no more than `most`.
    pub(crate) fn within(&self, most: Layers) -> u32 {
        let fits = |target: &u8| self.layers(*target).fits(most);
        (0..self.targets).filter(fits).fold(0, |mask, target| mask | bit(target))
    }

    /// The decode targets all of whose frames are frames of `target`, too, itself among them.
    pub(crate) fn parts_of(&self, target: u8) -> u32 {
        let foreign = self.templates.iter().filter(|t| t.indications.present() & bit(target) == 0);
        foreign.fold(self.all(), |parts, template| parts & !template.indications.present())
    }

    /// The best of `targets` for somebody who is to see no more than `most`: the one with most detail, then with most
    /// pictures, that is no more than that; if there is none, the one with least detail.
    pub(crate) fn best(&self, targets: u32, most: Layers) -> Option<u8> {
        let listed = || (0..self.targets).filter(move |target| targets & bit(*target) != 0);
        let within = listed().filter(|target| self.layers(*target).fits(most));
        let least = || {
            let spatial = listed().map(|target| self.layers(target).spatial).min()?;
            let here = listed().filter(|target| self.layers(*target).spatial == spatial);
            let pictures = |target: &u8| self.layers(*target).temporal;
            let some = here.clone().filter(|target| pictures(target) <= most.temporal).max_by_key(pictures);
            some.or_else(|| here.min_by_key(pictures))
        };
        within.max_by_key(|target| self.layers(*target)).or_else(least)
    }
}

impl Layers {
    /// More than any stream has.
    pub(crate) const ALL: Self = Self { spatial: u8::MAX, temporal: u8::MAX };

    /// The lower of both, each for itself.
    pub(crate) fn min(self, other: Self) -> Self {
        Self { spatial: self.spatial.min(other.spatial), temporal: self.temporal.min(other.temporal) }
    }

    /// Whether it is no more than `most`.
    pub(crate) fn fits(self, most: Self) -> bool {
        self.spatial <= most.spatial && self.temporal <= most.temporal
    }

    fn union(self, other: Self) -> Self {
        Self { spatial: self.spatial.max(other.spatial), temporal: self.temporal.max(other.temporal) }
    }
}

impl Indications {
    fn read(bits: &mut Bits<'_>, targets: u8) -> Option<Self> {
        let mut read = Self::default();
        for target in 0..targets {
            let indication = bits.take(2)?;
            read.high |= (indication >> 1) << target;
            read.low |= (indication & 1) << target;
        }
        Some(read)
    }

    /// The targets that the frame is part of.
    pub(crate) fn present(self) -> u32 {
        self.high | self.low
    }

    /// The targets that can be watched from here on, if this frame can be decoded.
    pub(crate) fn switches(self) -> u32 {
        self.high & !self.low
    }

    /// The targets that cannot be watched any further without it.
    pub(crate) fn needed(self) -> u32 {
        self.high
    }
}

/// The mask of one target.
pub(crate) fn bit(target: u8) -> u32 {
    1_u32.checked_shl(target.into()).unwrap_or(0)
}

/// The flag in front of a structure.
pub(super) const STRUCTURE: u32 = 16;
/// The flag in front of active decode targets.
pub(super) const ACTIVE: u32 = 8;
/// Appendix A.8.2: five bits count them.
pub(crate) const MOST_TARGETS: usize = 32;
/// Appendix A.8.2: six bits name them.
const MOST_TEMPLATES: usize = 64;
/// AV1 has three bits for it, and every other codec less.
const MOST_TEMPORAL: u8 = 8;
/// AV1 has two bits for it.
const MOST_SPATIAL: u8 = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::{active_length, write_active};

    /// Two temporal layers: templates for keyframes, the base layer, the upper layer; one chain; 640 by 360.
    const TEMPORAL: [u8; 15] =
        [0xc0, 0x00, 0x01, 0x80, 0x01, 0x1e, 0xa8, 0x51, 0x41, 0x01, 0x0c, 0x09, 0xfc, 0x05, 0x9c];
    /// Two spatial layers, tied by keyframes: templates for keyframes and others of each; two chains; both sizes.
    const SPATIAL: [u8; 22] = [
        0xc0, 0x00, 0x01, 0x80, 0x01, 0x23, 0xa8, 0x22, 0x45, 0x04, 0x5a, 0x00, 0x42, 0x22, 0x45, 0x01, 0x3f, 0x00,
        0xb3, 0x02, 0x7f, 0x01,
    ];
    const END: [u8; 1] = [0x67];

    fn spatial() -> Vec<u8> {
        [&SPATIAL[..], &END].concat()
    }

    fn read(bytes: &[u8]) -> Option<(Structure, Described)> {
        let mut bits = Bits::new(bytes);
        let head = Head::read(&mut bits)?;
        let structure = Structure::read(&mut bits)?;
        let described = structure.describe(&head, bits)?;
        Some((structure, described))
    }

    fn follow(structure: &Structure, bytes: &[u8]) -> Option<Described> {
        let mut bits = Bits::new(bytes);
        let head = Head::read(&mut bits)?;
        structure.describe(&head, bits)
    }

    const fn layers(spatial: u8, temporal: u8) -> Layers {
        Layers { spatial, temporal }
    }

    #[test]
    fn targets_are_read_from_templates() {
        let (structure, key) = read(&TEMPORAL).unwrap();
        assert_eq!((structure.all(), structure.chains), (0b11, 1));
        assert_eq!([0, 1].map(|target| structure.layers(target)), [layers(0, 0), layers(0, 1)]);
        assert_eq!((key.layers, key.indications.switches()), (layers(0, 0), 0b11));
        let upper = follow(&structure, &[0xc2, 0, 2]).unwrap();
        assert_eq!((upper.layers, upper.indications.present(), upper.indications.needed()), (layers(0, 1), 0b10, 0));
        assert_eq!(follow(&structure, &[0xc3, 0, 3]), None, "there is no such template");

        let (structure, key) = read(&spatial()).unwrap();
        assert_eq!([0, 1].map(|target| structure.layers(target)), [layers(0, 0), layers(1, 0)]);
        assert_eq!(key.indications.switches(), 0b11);
        assert_eq!(follow(&structure, &[0xc1, 0, 2]).unwrap().indications.present(), 0b01);
        assert_eq!(follow(&structure, &[0xc3, 0, 3]).unwrap().indications.present(), 0b10);
        assert_eq!([0, 1].map(|target| structure.parts_of(target)), [0b01, 0b10], "neither is a part of the other");
    }

    #[test]
    fn whatever_is_cut_is_refused() {
        for whole in [&TEMPORAL[..], &spatial()] {
            (0..whole.len()).for_each(|end| assert!(read(&whole[..end]).is_none(), "{end}"));
        }
        assert!(read(&[0xff; 255]).is_none() && read(&[0x80; 255]).is_none());
    }

    #[test]
    fn the_best_target_is_the_most_that_is_allowed_else_the_least_there_is() {
        let structure = read(&spatial()).unwrap().0;
        assert_eq!(structure.best(0b11, Layers::ALL), Some(1));
        assert_eq!(structure.best(0b11, layers(0, 7)), Some(0));
        assert_eq!(structure.best(0b10, layers(0, 7)), Some(1));
        assert_eq!(structure.best(0, Layers::ALL), None);
        assert_eq!((structure.within(layers(0, 0)), structure.within(Layers::ALL)), (0b01, 0b11));
    }

    #[test]
    fn other_targets_can_be_named_wherever_they_stand() {
        let (structure, key) = read(&TEMPORAL).unwrap();
        let custom = [0xc1, 0, 9, 0b0011_1100, 0b1001_0001, 0b0001_0000, 0b0101_0000];
        for bytes in [&TEMPORAL[..], &[0xc1, 0, 5], &[0xc2, 0, 6, 0b0100_0110], &custom] {
            let before = follow(&structure, bytes).filter(|_| bytes != TEMPORAL).unwrap_or(key);
            let mut out = vec![0; active_length(bytes, before.shape)];
            write_active(bytes, before.shape, 0b01, &mut out).unwrap();
            let after = if bytes == TEMPORAL { read(&out).unwrap().1 } else { follow(&structure, &out).unwrap() };
            assert_eq!(after.active, Some(0b01), "{bytes:02x?}");
            assert_eq!((after.layers, after.indications), (before.layers, before.indications));
            assert_eq!(out[..3], bytes[..3]);
            assert!(out.len() <= bytes.len() + 1);
        }
    }
}
