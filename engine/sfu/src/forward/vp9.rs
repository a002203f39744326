//! The descriptor in front of a VP9 payload (RFC 9628, section 4.2).

use super::counters::{Field, Picture, Places};
use crate::descriptor::structure::Layers;

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Vp9 {
    pub(crate) places: Places,
    /// The layer, if there are several.
    pub(crate) layer: Option<Layers>,
    /// Whether higher temporal layers refer to nothing before this picture but what this one could refer to (U).
    pub(crate) up: bool,
    /// Whether the frame refers to other pictures (P).
    pub(crate) predicted: bool,
    /// Whether each frame says what it refers to (F).
    pub(crate) flexible: bool,
    /// How many pictures ago those are that it refers to; zero for none.
    pub(crate) references: [u8; MOST_REFERENCES],
    /// Whether the frame begins with this packet (B).
    pub(crate) begins: bool,
    /// Whether the frame ends with it (E).
    pub(crate) ends: bool,
}

impl Vp9 {
    /// Reads the descriptor; `None` when it is cut or contradicts itself.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let has = |flag: u8| first & flag != 0;
        let mut read = Self {
            places: Places { picture: None, base: None, gapless: false },
            layer: None,
            up: false,
            predicted: has(PREDICTED),
            flexible: has(FLEXIBLE),
            references: [0; MOST_REFERENCES],
            begins: has(BEGINS),
            ends: has(ENDS),
        };
        let mut at = 1;
        if has(PICTURE) {
            let picture = Picture::read(payload, at)?;
            read.places.picture = Some(picture);
            at += picture.length();
        }
        if has(LAYERS) {
            let byte = *payload.get(at)?;
            read.layer = Some(Layers { spatial: (byte >> 1) & 7, temporal: byte >> 5 });
            read.up = byte & UP != 0;
            at += 1;
            if !read.flexible {
                read.places.base = Some(Field { value: *payload.get(at)?, at: at as u8 });
                at += 1;
            }
        }
        if read.flexible && read.predicted {
            let mut more = true;
            let mut references = read.references.iter_mut();
            while more {
                let byte = *payload.get(at)?;
                *references.next()? = byte >> 1;
                more = byte & 1 != 0;
                at += 1;
            }
        }
        if has(STRUCTURE) {
            at = skip_structure(payload, at)?;
        }
        (payload.len() > at).then_some(read)
    }

    /// Whether the frame is one that needs no other picture and no other layer.
    pub(crate) fn stands_alone(&self) -> bool {
        !self.predicted && self.layer.is_none_or(|layer| layer.spatial == 0)
    }
}

/// Where the scalability structure ends that begins at `at`.
fn skip_structure(payload: &[u8], mut at: usize) -> Option<usize> {
    let first = *payload.get(at)?;
    at += 1;
    if first & SIZES != 0 {
        at += 4 * (usize::from(first >> 5) + 1);
    }
    if first & GROUP != 0 {
        let pictures = *payload.get(at)?;
        at += 1;
        for _ in 0..pictures {
            let references = (payload.get(at)? >> 2) & 3;
            at += 1 + usize::from(references);
        }
    }
    Some(at)
}

/// I: a picture id.
const PICTURE: u8 = 0x80;
/// P: the frame refers to other pictures.
const PREDICTED: u8 = 0x40;
/// L: layers.
const LAYERS: u8 = 0x20;
/// F: flexible mode.
const FLEXIBLE: u8 = 0x10;
/// B: a frame begins.
const BEGINS: u8 = 0x08;
/// E: a frame ends.
const ENDS: u8 = 0x04;
/// V: a scalability structure.
const STRUCTURE: u8 = 0x02;
/// U, in the byte of the layers.
const UP: u8 = 0x10;
/// Y, in the scalability structure: the sizes of its spatial layers.
const SIZES: u8 = 0x10;
/// G, there: the pictures of a group.
const GROUP: u8 = 0x08;
/// P_DIFF may be there three times.
pub(crate) const MOST_REFERENCES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forward::counters::Counters;

    fn check(payload: &[u8]) -> Vp9 {
        for end in 0..payload.len() {
            assert_eq!(Vp9::read(&payload[..end]), None, "cut at {end}");
        }
        let read = Vp9::read(payload).unwrap();
        let mut copy = payload.to_vec();
        let other = Counters {
            picture: read.places.counters().picture.map(|id| id ^ 1),
            base: read.places.counters().base.map(|base| base.wrapping_add(200)),
        };
        read.places.write(other, &mut copy);
        assert_eq!(Vp9::read(&copy).unwrap().places.counters(), other);
        read.places.write(read.places.counters(), &mut copy);
        assert_eq!(copy, payload);
        read
    }

    #[test]
    fn layers_and_counters_of_both_modes_are_read() {
        let plain = check(&[0x08, 0x00]);
        assert_eq!((plain.layer, plain.begins, plain.stands_alone()), (None, true, true));

        let fixed = check(&[0xac, 0x81, 0x02, 0x52, 0x09, 0x00]);
        assert_eq!(fixed.places.counters(), Counters { picture: Some(0x102), base: Some(9) });
        assert_eq!(fixed.layer, Some(Layers { spatial: 1, temporal: 2 }));
        assert!(fixed.up && fixed.ends && !fixed.flexible && !fixed.stands_alone());

        let flexible = check(&[0xf8, 0x05, 0x20, 0x03, 0x09, 0x04, 0x00]);
        assert_eq!(flexible.places.counters(), Counters { picture: Some(5), base: None });
        assert_eq!(flexible.references, [1, 4, 2]);
    }

    #[test]
    fn a_structure_is_passed_over() {
        let sizes = [0x30, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68];
        check(&[&[0x0a][..], &sizes, &[0x00]].concat());
        let group = [0x08, 3, 0x10, 0x44, 1, 0x28, 1, 2];
        check(&[&[0x0a][..], &group, &[0x00]].concat());
    }

    #[test]
    fn more_references_than_there_can_be_are_refused() {
        assert_eq!(Vp9::read(&[0xd8, 0x05, 0x03, 0x03, 0x03, 0x02, 0x00]), None);
    }
}
