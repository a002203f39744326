//! The descriptor in front of a VP8 payload (RFC 7741, section 4.2).

use super::counters::{Field, Picture, Places};

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Vp8 {
    pub(crate) places: Places,
    /// The temporal layer, if there are several.
    pub(crate) layer: Option<Temporal>,
}

/// The temporal layer of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Temporal {
    pub(crate) id: u8,
    /// Whether it refers to pictures of the base layer only, so that the layer can be begun here (Y).
    pub(crate) sync: bool,
}

impl Vp8 {
    /// Reads the descriptor; `None` when it is cut or contradicts itself.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let mut places = Places { picture: None, base: None, gapless: true };
        let mut layer = None;
        if payload.first()? & EXTENDED == 0 {
            return (payload.len() > 1).then_some(Self { places, layer });
        }
        let present = *payload.get(1)?;
        let mut at = 2;
        if present & PICTURE != 0 {
            let picture = Picture::read(payload, at)?;
            places.picture = Some(picture);
            at += picture.length();
        }
        if present & BASE != 0 {
            if present & TEMPORAL == 0 {
                return None;
            }
            places.base = Some(Field { value: *payload.get(at)?, at: at as u8 });
            at += 1;
        }
        if present & (TEMPORAL | KEY_INDEX) != 0 {
            let byte = *payload.get(at)?;
            layer = (present & TEMPORAL != 0).then_some(Temporal { id: byte >> 6, sync: byte & SYNC != 0 });
            at += 1;
        }
        (payload.len() > at).then_some(Self { places, layer })
    }
}

/// X: a second byte says what else there is.
const EXTENDED: u8 = 0x80;
/// I: a picture id.
const PICTURE: u8 = 0x80;
/// L: a TL0PICIDX.
const BASE: u8 = 0x40;
/// T: a temporal layer.
const TEMPORAL: u8 = 0x20;
/// K: a key frame index.
const KEY_INDEX: u8 = 0x10;
/// Y, in the byte of the temporal layer.
const SYNC: u8 = 0x20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forward::counters::Counters;

    fn check(payload: &[u8], picture: Option<u16>, base: Option<u8>) {
        let read = Vp8::read(payload).unwrap().places;
        assert_eq!(read.counters(), Counters { picture, base }, "{payload:02x?}");
        let mut copy = payload.to_vec();
        read.write(read.counters(), &mut copy);
        assert_eq!(copy, payload, "the same counters change nothing");
        let other = Counters { picture: picture.map(|id| id ^ 1), base: base.map(|b| b.wrapping_add(200)) };
        read.write(other, &mut copy);
        assert_eq!(Vp8::read(&copy).unwrap().places.counters(), other);
        for end in 0..payload.len() {
            assert_eq!(Vp8::read(&payload[..end]), None);
        }
    }

    #[test]
    fn counters_of_all_forms_are_read_and_written() {
        check(&[0x10, 0x00], None, None);
        check(&[0x90, 0x80, 0x01, 0x10], Some(1), None);
        check(&[0x90, 0x80, 0x81, 0x02, 0x10], Some(0x102), None);
        check(&[0x90, 0xe0, 0x81, 0x02, 0x09, 0x20, 0x10], Some(0x102), Some(9));
        check(&[0x90, 0x20, 0x20, 0x10], None, None);
    }

    #[test]
    fn a_base_layer_without_layers_is_refused() {
        assert_eq!(Vp8::read(&[0x90, 0x40, 1, 0x10]), None);
    }

    #[test]
    fn a_short_picture_id_wraps_earlier() {
        let mut payload = [0x90, 0x80, 0x01, 0x10];
        let read = Vp8::read(&payload).unwrap();
        read.places.write(Counters { picture: Some(300), base: None }, &mut payload);
        assert_eq!(payload[2], 44); // 300 modulo 128
    }

    #[test]
    fn the_temporal_layer_is_read() {
        let layer = |payload: &[u8]| Vp8::read(payload).unwrap().layer;
        assert_eq!(layer(&[0x90, 0xe0, 0x81, 0x02, 0x09, 0x60, 0x10]), Some(Temporal { id: 1, sync: true }));
        assert_eq!(layer(&[0x90, 0x20, 0x80, 0x10]), Some(Temporal { id: 2, sync: false }));
        assert_eq!(layer(&[0x90, 0x10, 0x80, 0x10]), None, "a key frame index alone");
    }
}
