//! Whether a queue grows: the slope of the delay against a threshold that follows the network's own noise
//! (draft-ietf-rmcat-gcc-02, section 5.4, with the line fit of libwebrtc's `TrendlineEstimator` in place of the
//! filter).

use super::groups::Step;

/// What the delay says of the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    /// Queues neither grow nor shrink.
    Normal,
    /// A queue grows: more is sent than gets through.
    Over,
    /// A queue empties.
    Under,
}

/// The last delays, and the threshold.
#[derive(Debug)]
pub(super) struct Trend {
    /// Time of arrival and smoothed delay, both in milliseconds.
    points: [(f64, f64); WINDOW],
    /// Steps since the beginning.
    steps: usize,
    /// Microseconds of the receiver's clock.
    first_at: i64,
    delay: f64,
    smoothed: f64,
    slope: f64,
    /// Milliseconds, as the trend that it is compared with.
    threshold: f64,
    adapted_at: f64,
    /// Milliseconds for which the trend has been above the threshold, and the steps in them.
    over: Option<(f64, u32)>,
    load: Load,
}

impl Trend {
    pub(super) fn new() -> Self {
        Self {
            points: [(0.0, 0.0); WINDOW],
            steps: 0,
            first_at: 0,
            delay: 0.0,
            smoothed: 0.0,
            slope: 0.0,
            threshold: FIRST_THRESHOLD,
            adapted_at: 0.0,
            over: None,
            load: Load::Normal,
        }
    }

    /// Begins anew, but for the threshold.
    pub(super) fn forget(&mut self) {
        *self = Self { threshold: self.threshold, ..Self::new() };
    }

    pub(super) fn load(&self) -> Load {
        self.load
    }

    /// Takes the next step between two bursts.
    pub(super) fn add(&mut self, step: Step) {
        if self.steps == 0 {
            self.first_at = step.at;
        }
        self.delay += step.arrived - step.sent;
        self.smoothed = SMOOTHING * self.smoothed + (1.0 - SMOOTHING) * self.delay;
        let at = step.at.saturating_sub(self.first_at) as f64 / 1e3;
        self.points[self.steps % WINDOW] = (at, self.smoothed);
        self.steps += 1;
        let slope = if self.steps < WINDOW { 0.0 } else { self.fit().unwrap_or(self.slope) };
        let trend = self.steps.min(MOST_STEPS) as f64 * slope * GAIN;
        self.compare(trend, slope, step.sent);
        self.slope = slope;
        self.adapt(trend, at);
    }

    /// The slope of the line through the points with the least squares.
    fn fit(&self) -> Option<f64> {
        let n = WINDOW as f64;
        let (x, y) = self.points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / n, y + point.1 / n));
        let (above, below) = self.points.iter().fold((0.0, 0.0), |(above, below), point| {
            (above + (point.0 - x) * (point.1 - y), below + (point.0 - x).powi(2))
        });
        (below > 0.0).then(|| above / below)
    }

    fn compare(&mut self, trend: f64, slope: f64, sent: f64) {
        if trend > self.threshold {
            // The first step began to be too much somewhere in its middle.
            let (time, steps) = self.over.map_or((sent / 2.0, 1), |(time, steps)| (time + sent, steps + 1));
            self.over = Some((time, steps));
            if time > PERSISTENT && steps > 1 && slope >= self.slope {
                self.over = None;
                self.load = Load::Over;
            }
            return;
        }
        self.over = None;
        self.load = if trend < -self.threshold { Load::Under } else { Load::Normal };
    }

    /// Section 5.4: the threshold follows the trend, so that a flow which shares a queue with one that fills it is not
    /// starved.
    fn adapt(&mut self, trend: f64, at: f64) {
        let time = (at - self.adapted_at).clamp(0.0, LONGEST_STEP);
        self.adapted_at = at;
        let size = trend.abs();
        if size > self.threshold + OUTLIER {
            return;
        }
        let gain = if size < self.threshold { GAIN_DOWN } else { GAIN_UP };
        self.threshold = (self.threshold + gain * (size - self.threshold) * time).clamp(6.0, 600.0);
    }
}

/// libwebrtc's `kDefaultTrendlineWindowSize`, and the next three likewise.
const WINDOW: usize = 20;
const SMOOTHING: f64 = 0.9;
const GAIN: f64 = 4.0;
const MOST_STEPS: usize = 60;
/// Section 5.6 of the draft (`del_var_th(0)`), milliseconds; the bounds 6 and 600 are from section 5.4.
const FIRST_THRESHOLD: f64 = 12.5;
/// Section 5.4: a spike of which the threshold shall not hear; milliseconds.
const OUTLIER: f64 = 15.0;
/// Section 5.4: `K_u` and `K_d`, per millisecond.
const GAIN_UP: f64 = 0.0087;
const GAIN_DOWN: f64 = 0.039;
/// After a pause the threshold does not jump, as in libwebrtc; milliseconds.
const LONGEST_STEP: f64 = 100.0;
/// Section 5.4: `overuse_time_th`, milliseconds.
const PERSISTENT: f64 = 10.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// Loads seen while packets leave every 10 ms and each takes `more(n)` milliseconds longer than the one before.
    fn loads(steps: usize, more: impl Fn(usize) -> f64) -> Vec<Load> {
        let (mut trend, mut at) = (Trend::new(), 0.0);
        let step = |n| {
            let arrived = 10.0 + more(n);
            at += arrived;
            trend.add(Step { sent: 10.0, arrived, at: (at * 1e3) as i64 });
            trend.load()
        };
        (0..steps).map(step).collect()
    }

    #[test]
    fn a_growing_queue_is_seen_and_an_emptying_one() {
        let loads = loads(140, |n| {
            if n < 40 {
                0.0
            } else if n < 80 {
                1.0
            } else if n < 120 {
                -1.0
            } else {
                0.0
            }
        });
        assert!(loads[..40].iter().all(|load| *load == Load::Normal));
        let seen = loads.iter().position(|load| *load == Load::Over).unwrap();
        assert!((41..60).contains(&seen), "seen after {seen} steps");
        assert!(loads[80..120].contains(&Load::Under));
        assert_eq!(loads[139], Load::Normal);
    }

    #[test]
    fn noise_and_a_single_delay_are_not_overuse() {
        let noisy = loads(400, |n| if n % 2 == 0 { 4.0 } else { -4.0 });
        assert!(!noisy.contains(&Load::Over));
        let drift = loads(400, |_| 0.001);
        assert!(!drift.contains(&Load::Over), "a clock that is 100 ppm slow");
    }

    #[test]
    fn the_threshold_follows_what_goes_on() {
        let mut trend = Trend::new();
        trend.adapt(20.0, 50.0);
        assert!(trend.threshold > FIRST_THRESHOLD);
        (0..100).for_each(|n| trend.adapt(0.0, 100.0 + f64::from(n) * 10.0));
        assert_eq!(trend.threshold, 6.0);
        trend.adapt(500.0, 5000.0);
        assert_eq!(trend.threshold, 6.0, "an outlier");
    }
}
