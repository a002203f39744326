//! Which packets are lost.

use super::{chance::Chance, impairment::Impairment};

/// The loss of one direction. It remembers whether it is in a burst.
#[derive(Debug, Default)]
pub struct Loss {
    is_in_burst: bool,
}

impl Loss {
    /// Whether the next packet is lost.
    pub fn takes(&mut self, impairment: &Impairment, chance: &mut Chance) -> bool {
        self.is_in_burst = impairment.burst.is_some_and(|burst| {
            // A state is left with 1/length, so bursts last `length` on average; and in the long run as many bursts
            // begin as end: (1 - share) * begin = share * end.
            let end = 1.0 / burst.length.max(1.0);
            if self.is_in_burst {
                !chance.happens(end)
            } else {
                chance.happens(end * burst.share / (1.0 - burst.share).max(f64::EPSILON))
            }
        });
        self.is_in_burst || chance.happens(impairment.loss)
    }
}

#[cfg(test)]
mod tests {
    use super::Loss;
    use crate::engine::{
        chance::Chance,
        impairment::{Burst, Impairment},
    };

    const COUNT: usize = 200_000;

    /// The share lost, and the mean length of a row of lost ones.
    fn measured(impairment: &Impairment, seed: u64) -> (f64, f64) {
        let (mut loss, mut chance) = (Loss::default(), Chance::new(seed, 0));
        let lost: Vec<bool> = (0..COUNT).map(|_| loss.takes(impairment, &mut chance)).collect();
        let count = lost.iter().filter(|lost| **lost).count() as f64;
        let bursts = lost.chunk_by(|a, b| a == b).filter(|row| row[0]).count() as f64;
        (count / COUNT as f64, count / bursts.max(1.0))
    }

    #[test]
    fn single_losses_come_at_their_share_and_alone() {
        for share in [0.0, 0.02, 0.1, 0.3] {
            let (found, length) = measured(&Impairment { loss: share, ..Impairment::PERFECT }, 1);
            assert!((found - share).abs() < 0.005, "{share} came out as {found}");
            assert!(length < 1.05 / (1.0 - share), "losses in rows of {length}");
        }
        let all = measured(&Impairment { loss: 1.0, ..Impairment::PERFECT }, 1);
        assert_eq!(all.0, 1.0);
    }

    #[test]
    fn bursts_come_at_their_share_and_length() {
        for (share, length) in [(0.02, 4.0), (0.05, 10.0), (0.3, 25.0)] {
            let impairment = Impairment { burst: Some(Burst { share, length }), ..Impairment::PERFECT };
            let (found, rows) = measured(&impairment, 2);
            assert!((found / share - 1.0).abs() < 0.1, "a share of {share} came out as {found}");
            assert!((rows / length - 1.0).abs() < 0.1, "a length of {length} came out as {rows}");
        }
    }
}
