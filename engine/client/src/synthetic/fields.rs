//! Fixed and Exp-Golomb fields, highest bit first: what headers of H.264, VP9 and AV1 are made of.

/// Turns fields into bytes.
#[derive(Debug, Default)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    /// Bits of the last byte that are taken; 0 when all are.
    taken: u32,
}

impl Fields {
    /// A number of `width` bits.
    pub(super) fn put(&mut self, width: u32, value: u32) -> &mut Self {
        for place in (0..width).rev() {
            if self.taken == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> place & 1) as u8) << (7 - self.taken);
            }
            self.taken = (self.taken + 1) % 8;
        }
        self
    }

    /// An unsigned Exp-Golomb code (ITU-T H.264, section 9.1): `ue(v)`. Zero is also `se(v)` of zero.
    pub(super) fn golomb(&mut self, value: u32) -> &mut Self {
        let width = u32::BITS - (value + 1).leading_zeros();
        self.put(width - 1, 0).put(width, value + 1)
    }

    /// A bit that is set, and clear ones up to the next byte: how H.264 and AV1 end what they call a payload.
    pub(super) fn stop(&mut self) -> &mut Self {
        self.put(1, 1).align()
    }

    /// Clear bits up to the next byte.
    pub(super) fn align(&mut self) -> &mut Self {
        self.taken = 0;
        self
    }

    /// The bytes so far.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.taken = 0;
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_lie_one_behind_the_other() {
        assert_eq!(Fields::default().put(2, 2).put(7, 1).put(1, 1).stop().put(8, 5).take(), [0x80, 0xe0, 5]);
        // ITU-T H.264, table 9-2: 1, 010, 011, 00100, 00111.
        assert_eq!(Fields::default().golomb(0).golomb(1).golomb(2).golomb(3).golomb(6).take(), [0xa6, 0x43, 0x80]);
    }
}
