//! The rate that loss allows (draft-ietf-rmcat-gcc-02, section 6), for bottlenecks that drop instead of making wait.
//!
//! Other than in the draft there is no rate of its own that rises and falls, but a cap that exists only after a tenth
//! was lost; and loss that sending less does not cure is taken for the path's own: a bad radio link shall not be left
//! empty.

/// Counts what is lost, and caps the rate.
#[derive(Debug, Default)]
pub(super) struct Loss {
    arrived: u32,
    /// May go below zero for a while: packets turn up that were counted before.
    missing: i32,
    /// Microseconds, as all times here.
    since: Option<u64>,
    fraction: f64,
    /// Bits per second.
    cap: Option<f64>,
    /// The rate and the loss when it became too much.
    began: Option<(f64, f64)>,
    /// The part that the path loses whatever is sent.
    inherent: f64,
}

impl Loss {
    /// Notes what a report said: packets that came, that are missing, and that turned up after they were missing.
    pub(super) fn count(&mut self, arrived: u32, missing: u32, turned_up: u32) {
        self.arrived = self.arrived.saturating_add(arrived);
        self.missing = self.missing.saturating_add_unsigned(missing).saturating_sub_unsigned(turned_up);
    }

    /// The part that was lost lately, from 0 to 1.
    pub(super) fn fraction(&self) -> f64 {
        self.fraction
    }

    /// Bits per second; `None` without a limit.
    pub(super) fn cap(&self) -> Option<f64> {
        self.cap
    }

    /// Forgets the cap when the path proved itself, unless it loses more than it should as far as anybody knows.
    pub(super) fn lift(&mut self) {
        if self.fraction - self.inherent < HARMLESS {
            self.cap = None;
            self.began = None;
        }
    }

    /// Judges what was counted since the last time, when it is enough. `estimate` and `acknowledged` are what the delay
    /// allows and what arrives, in bits per second. Whether the cap went down.
    pub(super) fn judge(&mut self, now: u64, estimate: f64, acknowledged: Option<f64>) -> bool {
        let since = *self.since.get_or_insert(now);
        let time = now.saturating_sub(since);
        let missing = self.missing.max(0) as u32;
        let all = self.arrived.saturating_add(missing);
        if time < SPAN || all < ENOUGH && time < OUTDATED {
            return false;
        }
        (self.arrived, self.missing, self.since) = (0, 0, Some(now));
        self.fraction = f64::from(missing) / f64::from(all.max(1));
        if all < ENOUGH {
            return false;
        }
        if self.fraction < self.inherent {
            self.inherent += FADING * (self.fraction - self.inherent);
        }
        let excess = self.fraction - self.inherent;
        let chance = (self.fraction * (1.0 - self.fraction) / f64::from(all)).sqrt();
        if excess > TOO_MUCH + chance {
            self.lower(estimate, acknowledged);
            return true;
        }
        if excess < HARMLESS {
            self.began = None;
            let seconds = (time as f64 / 1e6).min(1.0);
            self.cap = self.cap.map(|cap| cap * PER_SECOND.powf(seconds)).filter(|cap| *cap < estimate * CLEAR);
        }
        false
    }

    fn lower(&mut self, estimate: f64, acknowledged: Option<f64>) {
        let sending = acknowledged.map_or(estimate, |rate| rate / (1.0 - self.fraction).max(0.1));
        let base = self.cap.unwrap_or(estimate).min(estimate).min(sending);
        let (rate, fraction) = *self.began.get_or_insert((base, self.fraction));
        // A bottleneck would lose less of what is sent now: all but its capacity.
        let expected = (1.0 - rate * (1.0 - fraction) / base).max(0.0);
        if base < rate * LESS && self.fraction > (fraction + expected) / 2.0 {
            self.inherent = self.fraction;
            self.began = None;
            self.cap = Some(rate);
            return;
        }
        self.cap = Some((base * (1.0 - 0.5 * self.fraction)).max(super::rate::LEAST));
    }
}

/// Section 6: less is harmless.
const HARMLESS: f64 = 0.02;
/// Section 6: more is too much; by one standard deviation, since the fewer packets the more it varies.
const TOO_MUCH: f64 = 0.10;
/// Half a second and fifty packets: fewer say nothing, since of fifty packets on a path which loses 5 % seven are
/// missing one time in eighty. In microseconds.
const SPAN: u64 = 500_000;
const ENOUGH: u32 = 50;
/// Fewer in so long a time (microseconds) are forgotten: they must not be judged together with what comes much later.
const OUTDATED: u64 = 5_000_000;
/// Section 6 raises by 5 % per report, which are a second apart; this is the pace of section 5.5.
const PER_SECOND: f64 = 1.08;
/// A cap this far above what the delay allows says nothing any more.
const CLEAR: f64 = 1.3;
/// How fast a path that has become better is believed.
const FADING: f64 = 0.2;
/// When so much less is sent, it can be told whether the loss depends on it.
const LESS: f64 = 0.7;

#[cfg(test)]
mod tests {
    use super::*;

    /// `seconds` in which `lost(rate)` is lost of whatever is allowed; the last cap.
    fn run(loss: &mut Loss, now: &mut u64, seconds: u32, estimate: f64, lost: impl Fn(f64) -> f64) -> Option<f64> {
        for _ in 0..seconds * 10 {
            *now += 100_000;
            let rate = loss.cap().unwrap_or(estimate).min(estimate);
            let missing = (100.0 * lost(rate)).round();
            loss.count(100 - missing as u32, missing as u32, 0);
            loss.judge(*now, estimate, Some(rate * (1.0 - lost(rate))));
        }
        loss.cap()
    }

    #[test]
    fn a_little_loss_is_no_limit() {
        let (mut loss, mut now) = (Loss::default(), 0);
        assert_eq!(run(&mut loss, &mut now, 10, 2e6, |_| 0.05), None);
        assert!((loss.fraction() - 0.05).abs() < 1e-9);
        assert_eq!(run(&mut loss, &mut now, 10, 2e6, |_| 0.0), None);
    }

    #[test]
    fn a_bottleneck_that_drops_is_found_and_left_again() {
        let (mut loss, mut now) = (Loss::default(), 0);
        let police = |rate: f64| (1.0 - 1e6 / rate).max(0.0);
        let cap = run(&mut loss, &mut now, 5, 5e6, police).unwrap();
        assert!((0.9e6..1.15e6).contains(&cap), "{cap}");
        assert_eq!(run(&mut loss, &mut now, 30, 5e6, |_| 0.0), None);
    }

    #[test]
    fn loss_that_does_not_depend_on_the_rate_does_not_starve() {
        let (mut loss, mut now) = (Loss::default(), 0);
        run(&mut loss, &mut now, 60, 1e6, |_| 0.2);
        assert!(loss.cap().is_none_or(|cap| cap > 4e5), "{:?}", loss.cap());
        // But what comes on top of it counts.
        run(&mut loss, &mut now, 5, 1e6, |rate| 1.0 - 0.8 * (3e5 / rate).min(1.0));
        assert!(loss.cap().unwrap() < 5e5, "{:?}", loss.cap());
    }

    #[test]
    fn what_turns_up_late_was_not_lost() {
        let mut loss = Loss::default();
        for report in 0..20 {
            loss.count(80, 20, 20);
            loss.judge(report * 100_000, 1e6, Some(1e6));
        }
        assert_eq!((loss.fraction(), loss.cap()), (0.0, None));
    }

    #[test]
    fn proof_lifts_the_cap_unless_much_was_lost_lately() {
        let (mut loss, mut now) = (Loss::default(), 0);
        let police = |rate: f64| (1.0 - 1e6 / rate).max(0.0);
        run(&mut loss, &mut now, 1, 5e6, police);
        loss.lift();
        assert!(loss.cap().is_some());
        loss.count(6, 0, 0);
        loss.judge(now + OUTDATED, 1e6, None);
        loss.lift();
        assert!(loss.cap().is_none());
    }

    #[test]
    fn few_packets_say_nothing() {
        let mut loss = Loss::default();
        loss.count(1, 10, 0);
        loss.judge(0, 1e6, None);
        assert!(!loss.judge(4_000_000, 1e6, None) && !loss.judge(OUTDATED, 1e6, None));
        loss.count(60, 0, 0);
        loss.judge(2 * OUTDATED, 1e6, None);
        assert_eq!((loss.fraction(), loss.cap()), (0.0, None), "nor do they later");
    }
}
