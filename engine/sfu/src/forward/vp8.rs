//! The two counters in front of a VP8 payload (RFC 7741, section 4.2) which a change of layers must not disturb.

/// Where the counters stand and what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Vp8 {
    picture: Option<Picture>,
    base: Option<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Picture {
    id: u16,
    at: u8,
    /// Whether it has fifteen bits; otherwise seven.
    long: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field {
    value: u8,
    at: u8,
}

/// The counters as a subscriber is to see them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    /// The picture id.
    pub(crate) picture: Option<u16>,
    /// The number of the last picture of the base layer (TL0PICIDX).
    pub(crate) base: Option<u8>,
}

impl Vp8 {
    /// Reads the descriptor; `None` when it is cut or contradicts itself.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let mut read = Self { picture: None, base: None };
        if payload.first()? & EXTENDED == 0 {
            return (payload.len() > 1).then_some(read);
        }
        let present = *payload.get(1)?;
        let mut at = 2;
        if present & PICTURE != 0 {
            let first = *payload.get(at)?;
            let long = first & LONG_PICTURE != 0;
            let id = match long {
                true => u16::from_be_bytes([first & !LONG_PICTURE, *payload.get(at + 1)?]),
                false => u16::from(first),
            };
            read.picture = Some(Picture { id, at: at as u8, long });
            at += if long { 2 } else { 1 };
        }
        if present & BASE != 0 {
            if present & TEMPORAL == 0 {
                return None;
            }
            read.base = Some(Field { value: *payload.get(at)?, at: at as u8 });
            at += 1;
        }
        at += usize::from(present & (TEMPORAL | KEY_INDEX) != 0);
        (payload.len() > at).then_some(read)
    }

    /// What the counters say.
    pub(crate) fn counters(&self) -> Counters {
        Counters { picture: self.picture.map(|p| p.id), base: self.base.map(|b| b.value) }
    }

    /// Writes other counters into a copy of the payload that was read. A picture id of seven bits wraps earlier.
    pub(crate) fn write(&self, counters: Counters, payload: &mut [u8]) {
        if let (Some(Picture { at, long, .. }), Some(id)) = (self.picture, counters.picture) {
            let [high, low] = id.to_be_bytes();
            let at = usize::from(at);
            match long {
                true => payload[at..at + 2].copy_from_slice(&[high | LONG_PICTURE, low]),
                false => payload[at] = low & !LONG_PICTURE,
            }
        }
        if let (Some(Field { at, .. }), Some(value)) = (self.base, counters.base) {
            payload[usize::from(at)] = value;
        }
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
/// M: the picture id has fifteen bits.
const LONG_PICTURE: u8 = 0x80;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &[u8], picture: Option<u16>, base: Option<u8>) {
        let read = Vp8::read(payload).unwrap();
        assert_eq!(read.counters(), Counters { picture, base }, "{payload:02x?}");
        let mut copy = payload.to_vec();
        read.write(read.counters(), &mut copy);
        assert_eq!(copy, payload, "the same counters change nothing");
        let other = Counters { picture: picture.map(|id| id ^ 1), base: base.map(|b| b.wrapping_add(200)) };
        read.write(other, &mut copy);
        assert_eq!(Vp8::read(&copy).unwrap().counters(), other);
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
        Vp8::read(&payload).unwrap().write(Counters { picture: Some(300), base: None }, &mut payload);
        assert_eq!(payload[2], 44); // 300 modulo 128
    }
}
