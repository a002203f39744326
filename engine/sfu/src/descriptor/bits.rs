//! Bits of a byte string, the highest of each byte first: reading, and writing the little that is rewritten.

/// Reads from the front. Nothing is read beyond the end.
#[derive(Debug, Clone)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bits were read.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// How many are left.
    pub(crate) fn left(&self) -> usize {
        8 * self.bytes.len() - self.at
    }

    /// The next `count` bits as a number, at most 32.
    pub(crate) fn take(&mut self, count: u32) -> Option<u32> {
        let end = self.at + count as usize;
        if count > 32 {
            return None;
        }
        let last = end.div_ceil(8);
        let holders = self.bytes.get(self.at / 8..last)?; // five bytes at most
        let value = holders.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
        self.at = end;
        Some(((value >> (8 * last - end)) & ((1 << count) - 1)) as u32)
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        Some(self.take(1)? == 1)
    }

    /// A number below `values`, in as few bits as that takes: `ns(n)` of the AV1 specification, section 4.10.7.
    pub(crate) fn below(&mut self, values: u32) -> Option<u32> {
        let width = u32::BITS - values.leading_zeros();
        let short = (1_u32 << width) - values; // so many numbers take a bit less
        let value = self.take(width - 1)?;
        if value < short {
            return Some(value);
        }
        Some((value << 1) + self.take(1)? - short)
    }

    /// Goes on at bit `at`.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at.min(8 * self.bytes.len());
    }
}

/// Writes into a byte string that holds zeros.
#[derive(Debug)]
pub(crate) struct Pen<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The lowest `count` bits of `value`; `None` when they do not fit.
    pub(crate) fn put(&mut self, value: u32, count: u32) -> Option<()> {
        for place in (0..count).rev() {
            let bit = ((value >> place) & 1) as u8;
            *self.bytes.get_mut(self.at / 8)? |= bit << (7 - self.at % 8);
            self.at += 1;
        }
        Some(())
    }

    /// So many bits as they come.
    pub(crate) fn copy(&mut self, from: &mut Bits<'_>, count: usize) -> Option<()> {
        let mut left = count;
        while left > 0 {
            let step = left.min(8) as u32;
            self.put(from.take(step)?, step)?;
            left -= step as usize;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_read_as_written() {
        for shift in 0..9 {
            let mut bytes = [0; 16];
            let mut pen = Pen::new(&mut bytes);
            let values = [(0, shift), (5, 3), (0x1ffff, 17), (u32::MAX, 32), (0, 1), (1, 1)];
            values.iter().for_each(|(value, count)| pen.put(*value, *count).unwrap());
            let length = (shift as usize + 54).div_ceil(8);
            let mut bits = Bits::new(&bytes[..length]);
            for (value, count) in values {
                assert_eq!(bits.take(count), Some(value), "{count} bits after {shift}");
            }
            assert!(bits.left() < 8);
            assert_eq!(bits.take(8), None);
        }
        assert_eq!(Pen::new(&mut [0; 1]).put(1, 9), None);
    }

    #[test]
    fn small_numbers_take_few_bits() {
        // The table of the AV1 specification, section 4.10.7, for five values.
        for (bits, expected) in
            [(0b0000_0000, 0), (0b0100_0000, 1), (0b1000_0000, 2), (0b1100_0000, 3), (0b1110_0000, 4)]
        {
            assert_eq!(Bits::new(&[bits]).below(5), Some(expected));
        }
        assert_eq!(Bits::new(&[]).below(1), Some(0), "one value needs no bits");
    }
}
