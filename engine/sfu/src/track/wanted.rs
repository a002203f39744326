//! Which layers of a track anybody wants: what its publisher is told, so that it makes no others (LiveKit's "dynacast").
//!
//! Wishes count, not what there is bandwidth for: a layer that was stopped for want of bandwidth could not be measured,
//! and would come back seconds after the bandwidth.

use std::time::{Duration, Instant};

use proto::media::Quality;

/// The layers that are wanted, lowest first.
pub(crate) type Layers = [bool; 3];

/// What the publisher was told.
#[derive(Debug)]
pub(crate) struct Told {
    /// The highest layer; `None` when none is wanted.
    most: Option<Quality>,
    /// Since when less is wanted.
    less: Option<Instant>,
}

impl Told {
    /// Nothing yet: a publisher sends all that it has.
    pub(crate) fn new() -> Self {
        Self { most: Some(Quality::High), less: None }
    }

    /// Takes the highest layer that anybody wants. Returns what the publisher should be told: of more at once, of less when
    /// that has lasted. All layers up to the highest are wanted, since who cannot get that one gets those.
    pub(crate) fn tell(&mut self, now: Instant, most: Option<Quality>) -> Option<Layers> {
        if most >= self.most {
            self.less = None;
        }
        if most == self.most {
            return None;
        }
        let less = most < self.most;
        let since = *self.less.get_or_insert(now);
        if less && now.saturating_duration_since(since) < PATIENCE {
            return None;
        }
        *self = Self { most, less: None };
        Some([Quality::Low, Quality::Medium, Quality::High].map(|layer| Some(layer) <= most))
    }
}

/// How long less has to be wanted. People turn pages of tiles and change layouts back and forth, and a layer that starts
/// again costs a keyframe and a climb of the publisher's own estimate, some seconds both; subscribers who leave a layer
/// need it until a keyframe of the next. LiveKit's server waits as long.
const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    #[test]
    fn more_is_told_at_once_and_less_when_it_lasts() {
        let (mut told, now) = (Told::new(), start());
        let mut tell = |ms, most| told.tell(now + Duration::from_millis(ms), most);
        assert_eq!(tell(0, Some(Quality::High)), None, "as it begins by itself");
        assert_eq!(tell(0, Some(Quality::Low)), None);
        assert_eq!(tell(3_000, Some(Quality::High)), None, "it was looked at again");
        assert_eq!(tell(4_000, Some(Quality::Low)), None);
        assert_eq!(tell(8_900, Some(Quality::Low)), None);
        assert_eq!(tell(9_000, Some(Quality::Low)), Some([true, false, false]));
        assert_eq!(tell(9_100, Some(Quality::Low)), None);
        assert_eq!(tell(9_200, Some(Quality::High)), Some([true, true, true]));
    }

    #[test]
    fn nobody_wants_anything() {
        let (mut told, now) = (Told::new(), start());
        assert_eq!(told.tell(now, None), None);
        assert_eq!(told.tell(now + PATIENCE, None), Some([false; 3]));
        assert_eq!(told.tell(now + PATIENCE, Some(Quality::Medium)), Some([true, true, false]));
    }

    #[test]
    fn what_was_wanted_for_a_moment_in_between_does_not_start_the_clock_again() {
        let (mut told, now) = (Told::new(), start());
        let after = |ms| now + Duration::from_millis(ms);
        assert_eq!(told.tell(now, None), None);
        assert_eq!(told.tell(after(3_000), Some(Quality::Low)), None);
        assert_eq!(told.tell(after(5_000), Some(Quality::Low)), Some([true, false, false]));
    }
}
