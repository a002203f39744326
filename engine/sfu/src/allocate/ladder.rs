//! What there is of one track, as steps: each shows more than the one below it, and costs more.

use proto::media::Quality;

use crate::forward::choice::LAYERS;

/// What of a track flows to a subscriber. The greater one shows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Share {
    pub(crate) layer: Quality,
    /// The highest temporal layer that flows, or [`WHOLE`].
    pub(crate) temporal: u8,
}

/// All temporal layers, however many there are.
pub(crate) const WHOLE: u8 = u8::MAX;

/// One layer as it comes in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Supply {
    /// What it takes to pass it on, in bit/s; zero when nothing comes. Of layers inside one stream: with those that it
    /// is built on.
    pub(crate) rate: u64,
    /// The part of that, in thousandths, up to each temporal layer from the lowest on; zero where that is not known.
    pub(crate) temporal: [u16; 3],
}

/// The steps of one track for one subscriber, the cheapest first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ladder {
    steps: [Step; MOST_STEPS],
    length: usize,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) share: Share,
    /// In bit/s.
    pub(crate) rate: u64,
}

impl Ladder {
    /// The steps up to `most`; if nothing sends there, the lowest that sends above it. A step that shows less than another
    /// and costs no less is none.
    pub(crate) fn new(supplies: &[Supply; 3], most: Quality) -> Self {
        let mut ladder = Self::default();
        let sends = |layer: &Quality| supplies[*layer as usize].rate > 0;
        for layer in LAYERS.into_iter().filter(sends) {
            if layer > most && ladder.length > 0 {
                break;
            }
            ladder.add(layer, &supplies[layer as usize]);
        }
        ladder
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps[..self.length]
    }

    /// Lets each step cost this much, in bits per second: sound has one.
    pub(crate) fn cost(&mut self, rate: u64) {
        self.steps[..self.length].iter_mut().for_each(|step| step.rate = rate);
    }

    /// The highest step.
    pub(crate) fn top(&self) -> Option<Step> {
        self.steps().last().copied()
    }

    /// How many steps lead up to `share`, or to what comes closest from below; one at least, if there are any.
    pub(crate) fn level(&self, share: Share) -> usize {
        let below = self.steps().iter().filter(|step| step.share <= share).count();
        below.max(1).min(self.length)
    }

    fn add(&mut self, layer: Quality, supply: &Supply) {
        // A larger picture at a quarter of its pace is no better than a smaller one that moves.
        let first = usize::from(self.length > 0);
        for (temporal, part) in supply.temporal.iter().enumerate().skip(first) {
            if (1..1000).contains(part) {
                let share = Share { layer, temporal: temporal as u8 };
                self.push(Step { share, rate: (supply.rate * u64::from(*part) / 1000).max(1) });
            }
        }
        self.push(Step { share: Share { layer, temporal: WHOLE }, rate: supply.rate });
    }

    fn push(&mut self, step: Step) {
        while self.top().is_some_and(|below| below.rate >= step.rate) {
            self.length -= 1;
        }
        self.steps[self.length] = step;
        self.length += 1;
    }
}

impl Default for Step {
    fn default() -> Self {
        Self { share: Share { layer: Quality::Low, temporal: WHOLE }, rate: 0 }
    }
}

/// Three layers, each whole and in three parts.
const MOST_STEPS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rates: [u64; 3], temporal: [u16; 3], most: Quality, expected: &str) {
        let ladder = Ladder::new(&rates.map(|rate| Supply { rate, temporal }), most);
        let name = |step: &Step| {
            let part = if step.share.temporal == WHOLE { String::new() } else { format!("/{}", step.share.temporal) };
            format!("{:?}{part} {}", step.share.layer, step.rate)
        };
        assert_eq!(ladder.steps().iter().map(name).collect::<Vec<_>>().join(", "), expected);
    }

    #[test]
    fn steps_go_up_to_what_is_wanted_and_sends() {
        check([150, 500, 1700], [0; 3], Quality::High, "Low 150, Medium 500, High 1700");
        check([150, 500, 1700], [0; 3], Quality::Medium, "Low 150, Medium 500");
        check([0, 500, 1700], [0; 3], Quality::Low, "Medium 500");
        check([0, 0, 0], [0; 3], Quality::High, "");
    }

    #[test]
    fn what_shows_less_for_as_much_is_left_out() {
        check([150, 120, 1700], [0; 3], Quality::High, "Medium 120, High 1700");
        check([150, 120, 100], [0; 3], Quality::High, "High 100");
    }

    #[test]
    fn the_smallest_picture_may_move_slowest() {
        let expected = "Low/0 40, Low/1 60, Low 100, Medium/1 300, Medium 500";
        check([100, 500, 0], [400, 600, 1000], Quality::High, expected);
    }

    #[test]
    fn a_share_that_is_gone_counts_as_the_one_below() {
        let ladder = Ladder::new(&[150, 0, 1700].map(|rate| Supply { rate, temporal: [0; 3] }), Quality::High);
        let level = |layer| ladder.level(Share { layer, temporal: WHOLE });
        assert_eq!([level(Quality::Low), level(Quality::Medium), level(Quality::High)], [1, 1, 2]);
        assert_eq!(Ladder::default().level(Share { layer: Quality::High, temporal: WHOLE }), 0);
    }
}
