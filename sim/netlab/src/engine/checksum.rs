//! The Internet checksum (RFC 1071), in full and by difference (RFC 1624).

/// The checksum over these pieces, each of which begins at an even place of the whole.
pub fn full(pieces: &[&[u8]]) -> u16 {
    !fold(pieces.iter().map(|piece| sum(piece)).sum())
}

/// What a checksum becomes when `old` is replaced by `new`, both of the same even length: RFC 1624, equation 3, which
/// unlike equation 2 never turns a good sum into minus zero.
pub fn adjusted(checksum: u16, old: &[u8], new: &[u8]) -> u16 {
    let removed: u64 = old.chunks(2).map(|pair| u64::from(!word(pair))).sum();
    !fold(u64::from(!checksum) + removed + sum(new))
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.chunks(2).map(|pair| u64::from(word(pair))).sum()
}

/// Two bytes as a number; a last byte that stands alone is followed by a zero.
fn word(pair: &[u8]) -> u16 {
    u16::from_be_bytes([pair[0], pair.get(1).copied().unwrap_or(0)])
}

/// Brings the carries back in.
fn fold(mut sum: u64) -> u16 {
    while sum > 0xFFFF {
        sum = (sum >> 16) + (sum & 0xFFFF);
    }
    sum as u16
}

#[cfg(test)]
mod tests {
    use super::{adjusted, full};
    use crate::engine::chance::Chance;

    #[test]
    fn the_example_of_rfc_1071() {
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(full(&[&bytes]), !0xddf2);
        assert_eq!(full(&[&bytes[..2], &bytes[2..]]), !0xddf2);
        assert_eq!(full(&[&[0xff]]), !0xff00);
    }

    /// RFC 1624, section 4: equation 2 of RFC 1141 gives 0xFFFF here.
    #[test]
    fn the_example_of_rfc_1624() {
        assert_eq!(adjusted(0xDD2F, &[0x55, 0x55], &[0x32, 0x85]), 0x0000);
    }

    #[test]
    fn by_difference_is_as_in_full() {
        let mut chance = Chance::new(3, 0);
        for _ in 0..10_000 {
            let mut bytes: Vec<u8> = (0..40).map(|_| chance.below(256) as u8).collect();
            let before = full(&[&bytes]);
            let place = usize::from(chance.below(17)) * 2;
            let new: Vec<u8> = (0..6).map(|_| chance.below(256) as u8).collect();
            let found = adjusted(before, &bytes[place..place + 6], &new);
            bytes[place..place + 6].copy_from_slice(&new);
            assert_eq!(found, full(&[&bytes]));
        }
    }
}
