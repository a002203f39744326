//! Delay that changes, without changing the order.
//!
//! Drawing each packet's delay alone would either shuffle packets or, with the order kept, make every packet as slow as
//! the slowest before it: the denser the traffic, the less jitter is left of it. On real lines delay is a level that
//! rises and falls while other people's traffic comes and goes. So here the extra delay wanders: every so often it draws
//! a new goal and walks there in a straight line.

use std::time::{Duration, Instant};

use super::chance::Chance;

/// The extra delay of one direction, as it wanders.
#[derive(Debug, Default)]
pub struct Jitter {
    walk: Option<Walk>,
}

#[derive(Debug, Clone, Copy)]
struct Walk {
    begin: Instant,
    from: Duration,
    to: Duration,
}

impl Jitter {
    /// The extra delay of a packet at this moment, from nothing to `most`. Moments must not go back.
    pub fn at(&mut self, now: Instant, most: Duration, chance: &mut Chance) -> Duration {
        if most.is_zero() {
            self.walk = None;
            return Duration::ZERO;
        }
        let step = (most * SLOWNESS).max(SHORTEST);
        let mut walk =
            self.walk.unwrap_or_else(|| Walk { begin: now, from: chance.part_of(most), to: chance.part_of(most) });
        let mut past = now.saturating_duration_since(walk.begin);
        if past >= step {
            // After a silence nobody knows where it went meanwhile; what came before the last goal does not matter.
            let from = if past >= step * 2 { chance.part_of(most) } else { walk.to };
            let steps = (past.as_nanos() / step.as_nanos()).min(u128::from(u32::MAX)) as u32;
            walk = Walk { begin: walk.begin + step * steps, from, to: chance.part_of(most) };
            past = now.saturating_duration_since(walk.begin);
        }
        self.walk = Some(walk);
        let share = past.as_secs_f64() / step.as_secs_f64();
        walk.from.mul_f64((1.0 - share).max(0.0)) + walk.to.mul_f64(share.min(1.0))
    }
}

/// A walk takes this many times the jitter, so the delay falls by at most a half of the time that passes: packets are
/// never squeezed to more than twice their pace, and can never overtake.
const SLOWNESS: u32 = 2;
/// No goal more often than this, or a jitter of microseconds would be drawn anew for each packet.
const SHORTEST: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Jitter;
    use crate::engine::chance::Chance;

    #[test]
    fn it_uses_its_whole_range_and_keeps_the_order_at_any_pace() {
        let most = Duration::from_millis(20);
        for pace in [Duration::from_micros(50), Duration::from_millis(3), Duration::from_millis(90)] {
            let (mut jitter, mut chance) = (Jitter::default(), Chance::new(5, 0));
            let start = Instant::now();
            let (mut last, mut found) = (start, Vec::new());
            for index in 0..40_000 {
                let now = start + pace * index;
                let extra = jitter.at(now, most, &mut chance);
                assert!(now + extra >= last, "overtaken at a pace of {pace:?}");
                last = now + extra;
                found.push(extra);
            }
            let mean = found.iter().sum::<Duration>() / 40_000;
            assert!(found.iter().all(|extra| *extra <= most));
            assert!(found.iter().any(|extra| *extra > most * 9 / 10), "{pace:?}");
            assert!(found.iter().any(|extra| *extra < most / 10), "{pace:?}");
            assert!((mean.as_secs_f64() / most.as_secs_f64() - 0.5).abs() < 0.08, "{mean:?} at a pace of {pace:?}");
        }
    }
}
