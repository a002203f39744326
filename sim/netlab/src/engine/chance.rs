//! Chance with a seed. Not for secrets.

use std::time::Duration;

/// A row of numbers that a seed decides: SplitMix64 (Steele, Lea and Flood, 2014), which passes the usual tests, needs
/// eight bytes, and whose neighbouring seeds have nothing in common.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The row of this seed with this number: each direction of each line has its own, so that traffic on one does not
    /// change what happens on another.
    pub fn new(seed: u64, row: u64) -> Self {
        let mut chance = Self(seed ^ row.wrapping_mul(0xD605_BBB5_8C8A_BC9D));
        chance.0 = chance.draw();
        chance
    }

    /// Whether something of that probability, from 0 to 1, happens this time. What never happens draws no number.
    pub fn happens(&mut self, probability: f64) -> bool {
        probability > 0.0 && self.fraction() < probability
    }

    /// A part of `whole`, all of them equally likely.
    pub fn part_of(&mut self, whole: Duration) -> Duration {
        if whole.is_zero() { whole } else { whole.mul_f64(self.fraction()) }
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&mut self, end: u16) -> u16 {
        // The remainder's bias is 2^-48 at most.
        u16::try_from(self.draw() % u64::from(end.max(1))).expect("a remainder of a u16 is one")
    }

    /// From 0 up to, but without, 1: as many bits as a double has.
    fn fraction(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn a_seed_repeats_and_rows_differ() {
        let draw = |seed, row| {
            let mut chance = Chance::new(seed, row);
            (0..8).map(|_| chance.below(u16::MAX)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(7, 2));
        assert_ne!(draw(7, 1), draw(8, 1));
    }

    #[test]
    fn shares_come_out_as_asked() {
        let mut chance = Chance::new(1, 0);
        for share in [0.01, 0.2, 0.5, 0.9] {
            let found = (0..100_000).filter(|_| chance.happens(share)).count() as f64 / 100_000.0;
            assert!((found - share).abs() < 0.005, "{share} came out as {found}");
        }
        assert!(!(0..1000).any(|_| chance.happens(0.0)));
        assert!((0..1000).all(|_| chance.happens(1.0)));
    }
}
