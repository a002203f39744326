//! Probes: short bursts of padding that find out whether more would get through, since what is never sent is never
//! known.
//!
//! One at a time: asked for, sent by whoever sends, measured when it is reported ([`super::cluster`]). It decides when
//! to ask, not what becomes of what was found.

use super::cluster::{Cluster, Verdict};

/// A request to send padding, at once or over 15 ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Probe {
    /// To be given to `Estimator::sent` with each packet of it.
    pub(crate) id: u16,
    /// Bits per second that are tried.
    pub(crate) rate: u64,
    /// How much to send.
    pub(crate) bytes: usize,
    /// In at least how many packets.
    pub(crate) packets: usize,
}

/// Asks, and measures.
#[derive(Debug)]
pub(super) struct Prober {
    next_id: u16,
    cluster: Option<Cluster>,
    /// Microseconds, as all times here.
    next_at: u64,
    /// From a probe that failed to the next.
    interval: u64,
    /// The last success and what it found, until it is old enough to be believed.
    unproven: Option<(u64, f64)>,
    /// What was sent in this time waits behind a probe, and tells of it alone.
    shadow: (u64, u64),
    /// For each byte of the probe.
    drain: f64,
}

impl Prober {
    pub(super) fn new() -> Self {
        Self { next_id: 0, cluster: None, next_at: 0, interval: INTERVAL, unproven: None, shadow: (0, 0), drain: 0.0 }
    }

    /// Asks for a probe, when one is due and not under way. `estimate` is what is allowed, `wanted` what would be sent,
    /// in bits per second; `first` whether nothing was ever too much.
    pub(super) fn ask(&mut self, now: u64, estimate: f64, wanted: f64, first: bool) -> Option<Probe> {
        if self.unproven.is_some_and(|(at, _)| now.saturating_sub(at) > PROVEN) {
            self.unproven = None;
            self.interval = INTERVAL;
        }
        let step = if first { FIRST_STEP } else { STEP };
        let rate = (step * estimate).min(BEYOND * wanted).min(super::rate::MOST);
        if self.cluster.is_some() || now < self.next_at || wanted <= estimate || rate < estimate * WORTH_IT {
            return None;
        }
        self.next_at = now + self.interval;
        self.next_id = self.next_id.wrapping_add(1);
        let bytes = (rate * DURATION / 8.0) as usize;
        let probe =
            Probe { id: self.next_id, rate: rate as u64, bytes: bytes.max(LEAST_BYTES), packets: LEAST_PACKETS };
        self.cluster = Some(Cluster::new(probe, now));
        self.drain = 8e6 / estimate * DRAIN;
        Some(probe)
    }

    /// Notes a packet that leaves; `id` when it belongs to a probe.
    pub(super) fn sent(&mut self, now: u64, place: u16, bytes: usize, id: Option<u16>) {
        let Some(cluster) = &mut self.cluster else {
            return;
        };
        let bytes = bytes as u64;
        if id != Some(cluster.probe().id) {
            cluster.others(bytes);
            return;
        }
        let (began, bytes) = cluster.sent(now, place, bytes);
        let drained = ((bytes as f64 * self.drain) as u64).min(LONGEST_SHADOW);
        self.shadow = (began, now.saturating_add(drained));
    }

    /// Whether the delay of what was sent then tells of a probe, and not of the load.
    pub(super) fn hides(&self, sent: u64) -> bool {
        (self.shadow.0..self.shadow.1).contains(&sent)
    }

    /// Notes a packet that was `sent` and has arrived `at` (each in microseconds of its own clock).
    pub(super) fn arrived(&mut self, place: u16, sent: u64, at: i64, bytes: u16) {
        if let Some(cluster) = &mut self.cluster {
            cluster.arrived(place, sent, at, u64::from(bytes));
        }
    }

    /// Notes that a report was about this packet and those before it.
    pub(super) fn reported(&mut self, place: u16) {
        if let Some(cluster) = &mut self.cluster {
            cluster.reported(place);
        }
    }

    /// The end of the probe under way, if this is it.
    pub(super) fn judge(&mut self, now: u64, round_trip: u64) -> Option<(Probe, Verdict)> {
        let cluster = self.cluster.as_ref()?;
        let over = now.saturating_sub(cluster.latest()) > PATIENCE + 2 * round_trip;
        let verdict = if cluster.is_reported() || over { cluster.measure() } else { Verdict::Nothing };
        if verdict == Verdict::Nothing && !over {
            return None;
        }
        let (probe, was_sent) = (cluster.probe(), cluster.was_sent());
        self.cluster = None;
        if !was_sent {
            // Nobody could send it: that says nothing of the path.
            self.next_at = now + UNSENT;
        } else if verdict == Verdict::Nothing {
            self.failed(now);
        }
        Some((probe, verdict))
    }

    /// The probe found more than was known: the next may follow at once.
    pub(super) fn succeeded(&mut self, now: u64, found: f64) {
        self.next_at = now + SPACING;
        self.unproven = Some((now, found));
    }

    /// The probe found nothing: the next waits longer.
    pub(super) fn failed(&mut self, now: u64) {
        self.interval = (2 * self.interval).min(LONGEST_INTERVAL.max(self.interval));
        self.next_at = now + self.interval;
    }

    /// The rate had to go down, to `allowed`. If that is far below what a probe found just before, probes deceive here,
    /// and become rare.
    pub(super) fn set_back(&mut self, now: u64, allowed: f64) {
        if self.unproven.take_if(|(_, found)| allowed < *found * DECEIVED).is_some() {
            self.interval = (2 * self.interval).min(LONGEST_DECEIVED);
            self.next_at = self.next_at.max(now + self.interval);
        }
        self.next_at = self.next_at.max(now + CALM);
    }

    /// Reports are back: what there is has to be found out anew, and soon.
    pub(super) fn hurry(&mut self, now: u64) {
        self.interval = INTERVAL;
        self.next_at = now + SPACING;
    }
}

/// As libwebrtc's first two probes: three times the start, then twice that.
const FIRST_STEP: f64 = 3.0;
/// As libwebrtc's further probes.
const STEP: f64 = 2.0;
/// Somewhat more than wanted, so that it is still there when sound and repairs come on top.
const BEYOND: f64 = 1.2;
/// A probe that can tell no more than this is not worth its bytes.
const WORTH_IT: f64 = 1.05;
/// libwebrtc's `kMinProbeDuration`, seconds.
const DURATION: f64 = 0.015;
/// libwebrtc's `kMinProbePacketsSent`.
const LEAST_PACKETS: usize = 5;
/// So many packets of full padding (RFC 3550 has one byte for its length), for low rates.
const LEAST_BYTES: usize = 5 * 255;
/// Microseconds between probes while more is wanted and nothing found: when a bottleneck ends, it is noticed within
/// twice this, and what lies between 1 and 5 Mbit/s is found in three more probes.
const INTERVAL: u64 = 4_000_000;
const LONGEST_INTERVAL: u64 = 8_000_000;
/// Where probes pass and the same rate then does not (a shaper that lets bursts through), every half minute is enough.
const LONGEST_DECEIVED: u64 = 30_000_000;
/// Below this part of what was found.
const DECEIVED: f64 = 0.6;
/// After a success, for the first packets at the new rate to be reported.
const SPACING: u64 = 100_000;
/// After a decrease, for the queue to empty.
const CALM: u64 = 2_000_000;
/// A rate that lasts for so long was no deception.
const PROVEN: u64 = 5_000_000;
/// A report comes within 250 ms (the slowest that Chromium reports) and half a round trip; beyond, it is lost.
const PATIENCE: u64 = 400_000;
/// Until a probe is asked for again that nobody sent.
const UNSENT: u64 = 1_000_000;
/// What a probe leaves in a queue has left it after so many times the time that its bytes take at the allowed rate.
const DRAIN: f64 = 2.0;
/// But more is not left out of the sight of the delay; microseconds.
const LONGEST_SHADOW: u64 = 300_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// A probe of 2 Mbit/s whose packets leave every `sends` and arrive every `arrives` microseconds, but for `lost`.
    fn probed(sends: u64, arrives: i64, lost: u16) -> Option<Verdict> {
        let mut prober = Prober::new();
        let probe = prober.ask(0, 1e6, 5e6, false).unwrap();
        let each = probe.bytes.div_ceil(10);
        for n in 0..10 {
            prober.sent(1000 + n * sends, 65_530_u16.wrapping_add(n as u16), each, Some(probe.id));
        }
        for n in lost..10 {
            let at = 77_000 + i64::from(n) * arrives;
            prober.arrived(65_530_u16.wrapping_add(n), 1000 + u64::from(n) * sends, at, each as u16);
        }
        prober.reported(4);
        prober.judge(200_000, 50_000).map(|(_, verdict)| verdict)
    }

    fn measured(sends: u64, arrives: i64) -> f64 {
        match probed(sends, arrives, 0) {
            Some(Verdict::Measured(rate)) => rate,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_probe_measures_the_slower_of_sending_and_receiving() {
        assert!((1.9e6..=2e6).contains(&measured(1500, 1500)), "all of it got through");
        assert!((1.9e6..=2e6).contains(&measured(0, 250)), "sent at once over a fast path: no more than was tried");
        assert!((0.9e6..1e6).contains(&measured(1500, 3000)), "the path is full at 1 Mbit/s");
        assert!((0.9e6..1e6).contains(&measured(0, 3000)));
        assert!((0.9e6..1.1e6).contains(&measured(3000, 3000)), "sent slower than asked for");
    }

    #[test]
    fn too_little_is_no_measurement() {
        assert_eq!(probed(1500, 1500, 3), None, "the rest may still come");
        assert_eq!(probed(1500, 200, 0), None, "gathered on the way");
        assert_eq!(probed(1500, 200_000, 0), None, "a pause in between");
    }

    #[test]
    fn what_is_sent_meanwhile_counts() {
        let mut prober = Prober::new();
        let probe = prober.ask(0, 1e6, 5e6, false).unwrap();
        let each = probe.bytes.div_ceil(5);
        for n in 0..9 {
            let id = (n % 2 == 0).then_some(probe.id);
            prober.sent(n * 1500, n as u16, each, id);
        }
        (0..9).for_each(|n| prober.arrived(n, 1500 * u64::from(n), 1500 * i64::from(n), each as u16));
        prober.sent(14_000, 9, 50_000, None);
        prober.reported(9);
        assert!(matches!(prober.judge(100_000, 0), Some((_, Verdict::Measured(rate))) if rate > 1.9e6));
    }

    #[test]
    fn they_are_rare_unless_they_find_something() {
        let (mut prober, mut asked) = (Prober::new(), 0);
        for now in (0..60_000_000).step_by(20_000) {
            if let Some(probe) = prober.ask(now, 1e6, 5e6, true) {
                asked += 1;
                prober.sent(now, 0, probe.bytes, Some(probe.id));
            }
            prober.judge(now, 50_000);
        }
        assert!((7..=9).contains(&asked), "{asked} in a minute of failures");
        assert_eq!(Prober::new().ask(0, 1e6, 9e5, true), None, "nobody wants more");
        let mut prober = Prober::new();
        let (mut now, mut estimate, mut asked) = (0, 1e5, 0);
        while estimate < 5e6 {
            if let Some(probe) = prober.ask(now, estimate, 5e6, false) {
                (estimate, asked) = (probe.rate as f64, asked + 1);
                prober.sent(now, 0, probe.bytes, Some(probe.id));
                prober.cluster = None;
                prober.succeeded(now, estimate);
            }
            now += 20_000;
        }
        assert!(now < 1_000_000 && asked == 6, "{asked} until {now}");
    }

    #[test]
    fn success_that_does_not_last_makes_them_rarer() {
        let (mut prober, mut asked) = (Prober::new(), 0);
        for now in (0..120_000_000).step_by(20_000) {
            if let Some(probe) = prober.ask(now, 1e6, 5e6, false) {
                asked += 1;
                prober.sent(now, 0, probe.bytes, Some(probe.id));
                prober.cluster = None;
                prober.succeeded(now, probe.rate as f64);
                prober.set_back(now + 500_000, 1e6);
            }
        }
        assert!(asked < 10, "{asked} in two minutes");
    }

    #[test]
    fn what_nobody_sends_is_asked_for_again() {
        let mut prober = Prober::new();
        let asked = (0..10_000_000).step_by(20_000).filter(|now| {
            prober.judge(*now, 50_000);
            prober.ask(*now, 1e6, 5e6, true).is_some()
        });
        assert!((5..9).contains(&asked.count()));
    }
}
