//! How many bits a second a layer takes: counted with each packet, worked out a few times a second.

use std::time::Duration;

/// The rate of one layer.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    /// Since the last time it was worked out.
    bytes: u64,
    /// Bytes and time of the last few such spans; the newest is overwritten last.
    spans: [(u64, Duration); SPANS],
    worked_out: u32,
    smooth: u64,
}

impl Rate {
    /// Counts a packet with a payload of this many bytes.
    pub(crate) fn count(&mut self, payload: usize) {
        self.bytes += payload as u64 + OVERHEAD;
    }

    /// Works the rate out, `elapsed` after the last time.
    pub(crate) fn work_out(&mut self, elapsed: Duration) {
        let at = self.worked_out as usize % SPANS;
        self.spans[at] = (std::mem::take(&mut self.bytes), elapsed);
        self.worked_out = self.worked_out.saturating_add(1);
        let seen = self.spans.iter().fold((0, Duration::ZERO), |sum, span| (sum.0 + span.0, sum.1 + span.1));
        let measured = 8_000_000 * seen.0 / (seen.1.as_micros() as u64).max(1);
        if self.is_young() {
            self.smooth = measured;
            return;
        }
        // A keyframe is several times an ordinary picture. It says little about what comes after it.
        let plausible = measured.min((self.smooth + self.smooth / 2).max(self.smooth + LARGE));
        self.smooth = (self.smooth * (SMOOTHING - 1) + plausible) / SMOOTHING;
    }

    /// Begins anew: the layer was silent.
    pub(crate) fn restart(&mut self) {
        *self = Self::default();
    }

    /// The rate, in bit/s. While little was seen, no less than what is `usual`: encoders begin slowly, and whoever is given
    /// a layer that then grows has to be taken it away again.
    pub(crate) fn get(&self, usual: u64) -> u64 {
        let least = if self.is_young() { usual.max(LEAST) } else { LEAST };
        self.smooth.max(least)
    }

    fn is_young(&self) -> bool {
        (self.worked_out as usize) <= SPANS
    }
}

/// What a layer of this size usually takes, in bit/s: two bits for each pixel and second, as browsers have it at 30 frames.
/// Whatever size a publisher announces, it is no more than the largest pictures take.
pub(crate) fn usual(width: u32, height: u32) -> u64 {
    (u64::from(width) * u64::from(height)).saturating_mul(2).min(MOST_USUAL)
}

/// What sound usually takes, in bit/s: 32 kbit/s of Opus in 50 packets.
pub(crate) const USUAL_SOUND: u64 = 52_000;
/// What 4K takes, in bit/s.
const MOST_USUAL: u64 = 16_000_000;
/// A packet's headers of IP, UDP and RTP, some extensions and the seal: what is sent for it beside its payload.
const OVERHEAD: u64 = 28 + 12 + 12 + 16;
/// Spans that are looked at together: with those of 300 ms somewhat more than a second, so that it does not matter on
/// which side of a boundary one of a few pictures a second falls.
const SPANS: usize = 4;
/// The newest measurement counts one in so many.
const SMOOTHING: u64 = 8;
/// A rate may always grow by this, in bit/s: else one that was next to nothing (a screen at rest) would grow for too long.
const LARGE: u64 = 300_000;
/// What a layer that sends takes at least, in bit/s.
const LEAST: u64 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_millis(300);

    fn send(rate: &mut Rate, bit_rate: u64, spans: usize) {
        for _ in 0..spans {
            rate.bytes += bit_rate * 300 / 8_000;
            rate.work_out(SPAN);
        }
    }

    #[test]
    fn a_steady_layer_is_measured_and_a_young_one_is_taken_for_the_usual() {
        let mut rate = Rate::default();
        assert_eq!(rate.get(150_000), 150_000);
        send(&mut rate, 100_000, 2);
        assert_eq!(rate.get(150_000), 150_000);
        assert_eq!(rate.get(50_000), 100_000);
        send(&mut rate, 100_000, 4);
        assert_eq!(rate.get(150_000), 100_000);
        rate.restart();
        assert_eq!(rate.get(150_000), 150_000);
    }

    #[test]
    fn a_keyframe_raises_it_by_less_than_the_room_that_is_kept() {
        let mut rate = Rate::default();
        send(&mut rate, 2_000_000, 10);
        rate.bytes += 100_000;
        send(&mut rate, 2_000_000, 1);
        let raised = rate.get(0);
        assert!((2_000_001..2_300_000).contains(&raised), "{raised}");
    }

    #[test]
    fn a_change_that_lasts_is_noticed_within_some_seconds() {
        let mut rate = Rate::default();
        send(&mut rate, 500_000, 10);
        send(&mut rate, 1_500_000, 20);
        assert!(rate.get(0) > 1_300_000, "{}", rate.get(0));
        send(&mut rate, 200_000, 30);
        assert!(rate.get(0) < 300_000, "{}", rate.get(0));
    }
}
