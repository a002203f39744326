//! The boolean entropy encoder of VP8 (RFC 6386, section 7.3), which VP9 kept.

/// Turns yes and no, each with the probability that it is no, into bytes.
#[derive(Debug)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    range: u32,
    bottom: u32,
    left: u32,
}

impl Bits {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), range: 255, bottom: 0, left: 24 }
    }

    /// One decision, which is no with a probability of `no` in 256.
    pub(super) fn put(&mut self, no: u8, yes: bool) {
        let split = 1 + (((self.range - 1) * u32::from(no)) >> 8);
        if yes {
            let (bottom, carry) = self.bottom.overflowing_add(split);
            self.bottom = bottom;
            if carry {
                self.carry();
            }
            self.range -= split;
        } else {
            self.range = split;
        }
        while self.range < 128 {
            self.range <<= 1;
            if self.bottom >> 31 == 1 {
                self.carry();
            }
            self.bottom <<= 1;
            self.left -= 1;
            if self.left == 0 {
                self.bytes.push((self.bottom >> 24) as u8);
                self.bottom &= 0x00ff_ffff;
                self.left = 8;
            }
        }
    }

    /// A number of `width` bits, highest first, each as likely yes as no.
    pub(super) fn number(&mut self, width: u32, value: u32) {
        for place in (0..width).rev() {
            self.put(128, value >> place & 1 == 1);
        }
    }

    /// All bytes. What was put last is padded, so that the decoder may read ahead.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // 32 more decisions push everything that matters out of the register.
        self.number(32, 0);
        self.bytes
    }

    fn carry(&mut self) {
        for byte in self.bytes.iter_mut().rev() {
            let (sum, over) = byte.overflowing_add(1);
            *byte = sum;
            if !over {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decoder of RFC 6386, section 7.3, as a check.
    struct Reader<'a> {
        bytes: &'a [u8],
        range: u32,
        value: u32,
        shifted: u32,
    }

    impl<'a> Reader<'a> {
        fn new(bytes: &'a [u8]) -> Self {
            Self { bytes: &bytes[2..], range: 255, value: u32::from(bytes[0]) << 8 | u32::from(bytes[1]), shifted: 0 }
        }

        fn next(&mut self, no: u8) -> bool {
            let split = 1 + (((self.range - 1) * u32::from(no)) >> 8);
            let yes = self.value >= split << 8;
            if yes {
                self.range -= split;
                self.value -= split << 8;
            } else {
                self.range = split;
            }
            while self.range < 128 {
                self.value <<= 1;
                self.range <<= 1;
                self.shifted += 1;
                if self.shifted == 8 {
                    self.shifted = 0;
                    if let Some((first, rest)) = self.bytes.split_first() {
                        self.value |= u32::from(*first);
                        self.bytes = rest;
                    }
                }
            }
            yes
        }
    }

    #[test]
    fn what_is_put_is_read_back() {
        let mut chance = proto::id::IdSource::new(6386);
        let decisions: Vec<(u8, bool)> =
            (0..20_000).map(|_| chance.draw()).map(|d| ((d as u8).max(1), (d >> 8) as u8 >= d as u8)).collect();
        let mut bits = Bits::new();
        for (no, yes) in &decisions {
            bits.put(*no, *yes);
        }
        let bytes = bits.finish();
        let mut reader = Reader::new(&bytes);
        for (at, (no, yes)) in decisions.iter().enumerate() {
            assert_eq!(reader.next(*no), *yes, "decision {at}");
        }
    }
}
