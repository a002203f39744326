//! The rate that the delay allows: up while no queue grows, down to what gets through when one does
//! (draft-ietf-rmcat-gcc-02, section 5.5).

use super::trend::Load;

/// The estimate and what is known of the bottleneck.
#[derive(Debug)]
pub(super) struct Rate {
    /// Bits per second.
    estimate: f64,
    phase: Phase,
    capacity: Capacity,
    /// Microseconds, as all times here.
    updated: Option<u64>,
    decreased: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing was ever too much: whatever gets through is allowed.
    First,
    /// After a decrease, until the queue is gone.
    Hold,
    Increase,
}

/// What is known when a report was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    /// Microseconds.
    pub(super) now: u64,
    pub(super) load: Load,
    /// Bits per second that arrive.
    pub(super) acknowledged: Option<f64>,
    /// Microseconds.
    pub(super) round_trip: u64,
}

impl Rate {
    pub(super) fn new(start: f64) -> Self {
        Self { estimate: start, phase: Phase::First, capacity: Capacity::default(), updated: None, decreased: None }
    }

    /// Bits per second.
    pub(super) fn estimate(&self) -> f64 {
        self.estimate
    }

    /// Jumps to a rate that was proven by other means.
    pub(super) fn set(&mut self, estimate: f64) {
        self.estimate = estimate.clamp(LEAST, MOST);
        self.capacity.expect(self.estimate);
    }

    /// Takes a report into account; whether the rate went down.
    pub(super) fn update(&mut self, sight: Sight) -> bool {
        let passed = self.updated.map_or(0, |last| sight.now.saturating_sub(last)) as f64 / 1e6;
        self.updated = Some(sight.now);
        match (sight.load, self.phase) {
            (Load::Over, _) => return self.decrease(sight),
            (Load::Under, Phase::First) => {}
            (Load::Under, _) => self.phase = Phase::Hold,
            (Load::Normal, Phase::Hold) => self.phase = Phase::Increase,
            (Load::Normal, _) => self.increase(passed.min(1.0), sight),
        }
        false
    }

    fn increase(&mut self, passed: f64, sight: Sight) {
        let Some(acknowledged) = sight.acknowledged else {
            return;
        };
        self.capacity.expect(acknowledged);
        if self.phase == Phase::First {
            self.estimate = self.estimate.max(acknowledged.min(MOST));
        }
        let more = match self.capacity.rate {
            None => self.estimate * (PER_SECOND.powf(passed) - 1.0),
            Some(_) => passed * per_second_nearby(self.estimate, sight.round_trip),
        };
        // What was never sent was never tried: an application that sends little does not make the link wider.
        let bound = HEADROOM * acknowledged + HEADROOM_BITS;
        self.estimate = self.estimate.max((self.estimate + more).min(bound)).min(MOST);
    }

    fn decrease(&mut self, sight: Sight) -> bool {
        let soon = sight.round_trip.clamp(SOONEST, LATEST);
        let waited = self.decreased.is_none_or(|last| sight.now.saturating_sub(last) >= soon);
        let Some(acknowledged) = sight.acknowledged else {
            // As libwebrtc does before it knows any rate: half of what was too much.
            return waited && self.fall(sight.now, self.estimate / 2.0);
        };
        if !waited && acknowledged >= self.estimate / 2.0 {
            return false;
        }
        let mut allowed = BACK_OFF * acknowledged;
        if allowed > self.estimate
            && let Some(capacity) = self.capacity.rate
        {
            allowed = BACK_OFF * capacity;
        }
        if acknowledged < self.estimate {
            self.capacity.reached(acknowledged);
        }
        self.fall(sight.now, allowed)
    }

    fn fall(&mut self, now: u64, to: f64) -> bool {
        self.phase = Phase::Hold;
        self.decreased = Some(now);
        let lower = to < self.estimate;
        if lower {
            self.estimate = to.max(LEAST);
        }
        lower
    }

    /// Goes down by half for want of any report.
    pub(super) fn halve(&mut self, now: u64) {
        self.fall(now, self.estimate / 2.0);
    }
}

/// The rate at which the bottleneck was full, and how much that varies (section 5.5; libwebrtc's
/// `LinkCapacityEstimator`).
#[derive(Debug, Default)]
struct Capacity {
    /// Bits per second; `None` when it is not known, or proven to be another.
    rate: Option<f64>,
    /// The variance, divided by the rate: kbit/s.
    spread: f64,
}

impl Capacity {
    /// Forgets a capacity that is less than what gets through, or will.
    fn expect(&mut self, rate: f64) {
        if self.rate.is_some_and(|known| rate > known + self.deviations(known)) {
            self.rate = None;
        }
    }

    /// Notes what got through when it was too much.
    fn reached(&mut self, rate: f64) {
        let known = match self.rate {
            Some(known) if rate >= known - self.deviations(known) => known + SHARE * (rate - known),
            _ => {
                self.spread = self.spread.max(LEAST_SPREAD);
                rate
            }
        };
        let error = (known - rate) / 1e3;
        let spread = (1.0 - SHARE) * self.spread + SHARE * error * error / (known / 1e3).max(1.0);
        self.spread = spread.clamp(LEAST_SPREAD, MOST_SPREAD);
        self.rate = Some(known);
    }

    /// Three standard deviations.
    fn deviations(&self, known: f64) -> f64 {
        3.0 * (self.spread * known / 1e3).sqrt() * 1e3
    }
}

/// Near the capacity: about one packet more per response time (section 5.5).
fn per_second_nearby(estimate: f64, round_trip: u64) -> f64 {
    let response = 2.0 * (round_trip as f64 / 1e6 + 0.1);
    let picture = estimate / 30.0;
    let packet = picture / (picture / PACKET).ceil().max(1.0);
    (packet / response).max(LEAST_PER_SECOND)
}

/// Bits per second below which nothing goes: one voice with its headers, and a few packets of the smallest picture.
pub(super) const LEAST: f64 = 50_000.0;
/// Bits per second above which nothing goes: twenty good cameras. Nobody's screen shows more.
pub(super) const MOST: f64 = 50_000_000.0;
/// Section 5.5: 8 % a second while the bottleneck is far or unknown.
const PER_SECOND: f64 = 1.08;
/// Section 5.5: no more than this above what arrives.
const HEADROOM: f64 = 1.5;
const HEADROOM_BITS: f64 = 10_000.0;
/// Section 5.5: `beta`.
const BACK_OFF: f64 = 0.85;
/// A decrease needs a round trip to show; within these bounds (microseconds), as in libwebrtc's `TimeToReduceFurther`.
const SOONEST: u64 = 10_000;
const LATEST: u64 = 200_000;
/// Section 5.5: the exponential average of the capacity has a coefficient of 0.95.
const SHARE: f64 = 0.05;
/// libwebrtc's bounds of the spread: 0.4 is about 14 kbit/s at 500 kbit/s, 2.5 is about 35 kbit/s.
const LEAST_SPREAD: f64 = 0.4;
const MOST_SPREAD: f64 = 2.5;
/// Bits of a full packet.
const PACKET: f64 = 1200.0 * 8.0;
/// libwebrtc's least additive increase, bits per second.
const LEAST_PER_SECOND: f64 = 4_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten reports a second for `seconds`, while all that is allowed (or `sends`) arrives.
    fn run(rate: &mut Rate, now: &mut u64, seconds: u64, load: Load, sends: Option<f64>) {
        for _ in 0..seconds * 10 {
            *now += 100_000;
            let acknowledged = Some(sends.unwrap_or(rate.estimate()).min(rate.estimate()));
            rate.update(Sight { now: *now, load, acknowledged, round_trip: 50_000 });
        }
    }

    #[test]
    fn it_rises_by_8_percent_a_second_until_there_was_too_much() {
        let (mut rate, mut now) = (Rate::new(1e6), 0);
        run(&mut rate, &mut now, 10, Load::Normal, None);
        assert!((2.0e6..2.2e6).contains(&rate.estimate()), "{}", rate.estimate());
    }

    #[test]
    fn too_much_takes_it_below_what_arrives_and_then_it_is_careful() {
        let (mut rate, mut now) = (Rate::new(3e6), 0);
        assert!(rate.update(Sight { now, load: Load::Over, acknowledged: Some(2e6), round_trip: 50_000 }));
        assert_eq!(rate.estimate(), 1.7e6);
        let again = Sight { now: now + 20_000, load: Load::Over, acknowledged: Some(1.6e6), round_trip: 50_000 };
        assert!(!rate.update(again), "the first decrease cannot be seen yet");
        run(&mut rate, &mut now, 5, Load::Normal, None);
        assert!((1.73e6..1.95e6).contains(&rate.estimate()), "{}", rate.estimate());
    }

    #[test]
    fn who_sends_little_gains_little() {
        let (mut rate, mut now) = (Rate::new(1e6), 0);
        run(&mut rate, &mut now, 60, Load::Normal, Some(4e5));
        assert_eq!(rate.estimate(), 1e6, "but nothing is taken away");
        run(&mut rate, &mut now, 60, Load::Normal, Some(8e5));
        assert_eq!(rate.estimate(), 1.21e6);
    }

    #[test]
    fn an_emptying_queue_is_waited_for() {
        let (mut rate, mut now) = (Rate::new(1e6), 0);
        run(&mut rate, &mut now, 1, Load::Over, Some(5e5));
        let low = rate.estimate();
        run(&mut rate, &mut now, 5, Load::Under, None);
        assert_eq!(rate.estimate(), low);
    }

    #[test]
    fn a_capacity_that_is_exceeded_is_forgotten() {
        let mut capacity = Capacity::default();
        (0..10).for_each(|_| capacity.reached(1e6));
        capacity.expect(1.05e6);
        assert!(capacity.rate.is_some());
        capacity.reached(4e5);
        assert_eq!(capacity.rate, Some(4e5), "a much smaller one is another");
        capacity.expect(1e6);
        assert!(capacity.rate.is_none());
    }

    #[test]
    fn it_stays_within_its_bounds() {
        let (mut rate, mut now) = (Rate::new(1e6), 0);
        run(&mut rate, &mut now, 60, Load::Over, Some(0.0));
        assert_eq!(rate.estimate(), LEAST);
        rate.set(1e12);
        assert_eq!(rate.estimate(), MOST);
        (0..40).for_each(|at| rate.halve(at));
        assert_eq!(rate.estimate(), LEAST);
    }
}
