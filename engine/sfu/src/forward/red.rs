//! Sound with redundancy (RED, RFC 2198): each packet carries the newest piece of sound and, before it, a copy of
//! earlier ones, so that a receiver has what a lost packet held without waiting for it.
//!
//! What it looks like: a header of four bytes for each copy (its first bit set, the payload type in the other seven, then
//! how much earlier it is, and in the last ten bits its length), one byte for the newest piece (first bit clear, the
//! payload type), the copies, the newest piece.

use str0m::media::Pt;

/// Where the parts of a packet lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Red {
    copies: u8,
    /// Where the newest piece begins.
    newest: u16,
}

impl Red {
    /// Reads the headers of a payload. `None` when they do not fit it.
    pub(crate) fn read(payload: &[u8]) -> Option<Self> {
        let (mut copies, mut length) = (0, 0);
        let mut rest = payload;
        while let [(MORE_BIT..), _, high, low, behind @ ..] = rest {
            length += usize::from(u16::from_be_bytes([high & 0b11, *low]));
            copies += 1;
            rest = behind;
            if copies > MOST_COPIES {
                return None;
            }
        }
        // The newest piece may be empty of sound, but it is there.
        let [0..MORE_BIT, pieces @ ..] = rest else {
            return None;
        };
        let newest = payload.len() - pieces.len() + length;
        (newest < payload.len()).then_some(Self { copies, newest: u16::try_from(newest).ok()? })
    }

    /// The newest piece alone: what a receiver gets that knows nothing of copies.
    pub(crate) fn newest<'a>(&self, payload: &'a [u8]) -> &'a [u8] {
        &payload[usize::from(self.newest)..]
    }

    /// How many copies there are.
    pub(crate) fn count(&self) -> u64 {
        self.copies.into()
    }

    /// The copies, the newest first: by how many ticks of the clock each is earlier than the newest piece, and its bytes.
    pub(crate) fn copies<'a>(&self, payload: &'a [u8]) -> impl Iterator<Item = (u16, &'a [u8])> {
        let mut end = usize::from(self.newest);
        (0..usize::from(self.copies)).rev().map(move |copy| {
            let [_, ago, ago_and_length, length] = payload[4 * copy..][..4] else { unreachable!("four bytes") };
            let start = end - usize::from(u16::from_be_bytes([ago_and_length & 0b11, length]));
            let piece = &payload[start..std::mem::replace(&mut end, start)];
            (u16::from_be_bytes([ago, ago_and_length]) >> 2, piece)
        })
    }

    /// Appends a payload: the newest piece behind copies of `earlier` ones, which are given newest first and as
    /// [`Red::copies`] gives them. None may be longer than [`LONGEST_PIECE`] or earlier than [`MOST_TICKS`].
    pub(crate) fn write<'a>(
        bytes: &mut Vec<u8>,
        pt: Pt,
        earlier: impl DoubleEndedIterator<Item = (u16, &'a [u8])> + Clone,
        newest: &[u8],
    ) {
        for (ticks, piece) in earlier.clone().rev() {
            let [ago, low] = (ticks << 2).to_be_bytes();
            let [high, length] = (piece.len() as u16).to_be_bytes();
            bytes.extend_from_slice(&[MORE_BIT | *pt, ago, low | high, length]);
        }
        bytes.push(*pt);
        earlier.rev().for_each(|(_, piece)| bytes.extend_from_slice(piece));
        bytes.extend_from_slice(newest);
    }

    /// Writes the payload type that the receiver knows the sound by into all headers of a copy of the payload.
    pub(crate) fn rename(&self, payload: &mut [u8], pt: Pt) {
        let copies = usize::from(self.copies);
        for copy in 0..copies {
            payload[4 * copy] = MORE_BIT | *pt;
        }
        payload[4 * copies] = *pt;
    }
}

/// The first bit of the header of a copy.
const MORE_BIT: u8 = 0x80;
/// What the length of a copy can say: ten bits.
pub(crate) const LONGEST_PIECE: usize = 1_023;
/// What its age can say: fourteen bits, a third of a second.
pub(crate) const MOST_TICKS: u32 = (1 << 14) - 1;
/// libwebrtc sends one, and up to nine on demand; whoever sends more sends them for the sake of it.
const MOST_COPIES: u8 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    /// Two copies, of three bytes and of two, and a newest piece of four.
    const PACKET: [u8; 18] = [0x80 | 111, 0x1e, 0, 3, 0x80 | 111, 0x0f, 0, 2, 111, 1, 1, 1, 2, 2, 9, 9, 9, 9];

    #[test]
    fn the_newest_piece_is_found_behind_the_copies() {
        let red = Red::read(&PACKET).unwrap();
        assert_eq!(red.newest(&PACKET), [9, 9, 9, 9]);
        let alone = [111, 7, 7];
        assert_eq!(Red::read(&alone).unwrap().newest(&alone), [7, 7]);
    }

    #[test]
    fn copies_are_found_and_written_newest_first() {
        let red = Red::read(&PACKET).unwrap();
        let copies: Vec<_> = red.copies(&PACKET).collect();
        assert_eq!(copies, [(960, &[2, 2][..]), (1920, &[1, 1, 1])]);
        let mut written = Vec::new();
        Red::write(&mut written, 111.into(), copies.into_iter(), red.newest(&PACKET));
        assert_eq!(written, PACKET);
        let longest = [5; LONGEST_PIECE];
        let mut written = Vec::new();
        Red::write(&mut written, 111.into(), [(MOST_TICKS as u16, &longest[..])].into_iter(), &[1]);
        let red = Red::read(&written).unwrap();
        assert_eq!(red.copies(&written).collect::<Vec<_>>(), [(MOST_TICKS as u16, &longest[..])]);
    }

    #[test]
    fn the_sound_gets_the_receivers_number_everywhere() {
        let mut copy = PACKET;
        Red::read(&PACKET).unwrap().rename(&mut copy, 109.into());
        let mut expected = PACKET;
        (expected[0], expected[4], expected[8]) = (0x80 | 109, 0x80 | 109, 109);
        assert_eq!(copy, expected);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for end in 0..15 {
            assert_eq!(Red::read(&PACKET[..end]), None, "cut after {end} bytes");
        }
        let endless = [0x80 | 111, 0, 0, 0].repeat(20);
        assert_eq!(Red::read(&endless), None);
        assert_eq!(Red::read(&[111]), None, "nothing was said");
    }
}
