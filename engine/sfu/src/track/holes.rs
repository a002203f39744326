//! What of a layer never came from its publisher, and so is missing for everybody who takes it.
//!
//! Packets go on with the gaps that they came with, so that receivers count them as lost: without this, whoever watches
//! somebody with a bad upload would be told that the own line is bad.

use str0m::rtp::Ssrc;

/// The holes of one layer, of late.
#[derive(Debug, Default)]
pub(crate) struct Holes {
    last: Option<(Ssrc, u64)>,
    came: f32,
    missing: f32,
}

impl Holes {
    /// Notes that the packet of this number came. One that fills a hole takes it away.
    pub(crate) fn note(&mut self, ssrc: Ssrc, number: u64) {
        self.came += 1.0;
        match self.last {
            Some((of, last)) if of == ssrc && number <= last => self.missing = (self.missing - 1.0).max(0.0),
            Some((of, last)) if of == ssrc => {
                let gap = number - last - 1;
                self.missing += if gap > MOST { 0.0 } else { gap as f32 };
                self.last = Some((ssrc, number));
            }
            _ => self.last = Some((ssrc, number)),
        }
    }

    /// Lets the past count less; to be called about three times a second.
    pub(crate) fn fade(&mut self) {
        self.came *= FADES;
        self.missing *= FADES;
    }

    /// The part that is missing, from 0 to 1.
    pub(crate) fn part(&self) -> f32 {
        let all = self.came + self.missing;
        if all < 1.0 { 0.0 } else { self.missing / all }
    }
}

/// A third of what was five seconds ago still counts: reports on sound speak of as long.
const FADES: f32 = 0.94;
/// A wider gap is no loss: the layer stood still, or its numbers began anew.
const MOST: u64 = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_counted_filled_and_forgotten() {
        let mut holes = Holes::default();
        for number in (0..100).filter(|number| number % 4 != 1) {
            holes.note(7.into(), number);
        }
        assert!((holes.part() - 0.25).abs() < 0.01, "{}", holes.part());
        for number in (0..100).filter(|number| number % 4 == 1) {
            holes.note(7.into(), number);
        }
        assert!(holes.part() < 0.01, "{}", holes.part());
        holes.note(7.into(), 200);
        holes.note(8.into(), 9_000);
        holes.note(8.into(), 9_001);
        assert!((0.4..0.6).contains(&holes.part()), "another stream has numbers of its own: {}", holes.part());
        for _ in 0..100 {
            holes.fade();
        }
        assert_eq!(holes.part(), 0.0);
    }

    #[test]
    fn numbers_that_begin_anew_are_no_loss() {
        let mut holes = Holes::default();
        (0..100).chain(60_000..60_100).for_each(|number| holes.note(7.into(), number));
        assert_eq!(holes.part(), 0.0);
        holes.note(7.into(), 60_102);
        assert!(holes.part() > 0.0, "from there on as before");
    }
}
