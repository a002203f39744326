//! The measurement of one probe (as in libwebrtc's `ProbeBitrateEstimator`). It does not know what the result is for.

use super::probe::Probe;

/// A probe under way.
#[derive(Debug)]
pub(super) struct Cluster {
    probe: Probe,
    /// Microseconds, as all times here.
    asked: u64,
    departed: Option<Departed>,
    arrived: Option<Arrived>,
    /// Whether a report has reached the end.
    reported: bool,
}

/// From the first to the last packet of padding, with what was sent between them.
#[derive(Debug, Clone, Copy)]
struct Departed {
    first: u16,
    last: u16,
    first_at: u64,
    last_at: u64,
    padding: u64,
    bytes: u64,
    /// Of others, behind `last`.
    behind: u64,
}

/// Of these, what arrived.
#[derive(Debug, Clone, Copy)]
struct Arrived {
    packets: u32,
    bytes: u64,
    first_sent: u64,
    last_sent: u64,
    last_sent_bytes: u64,
    first_at: i64,
    first_at_bytes: u64,
    last_at: i64,
}

/// How a probe ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// This much gets through, in bits per second.
    Measured(f64),
    /// Too little of it came back to tell, or it was never sent.
    Nothing,
}

impl Cluster {
    pub(super) fn new(probe: Probe, asked: u64) -> Self {
        Self { probe, asked, departed: None, arrived: None, reported: false }
    }

    pub(super) fn probe(&self) -> Probe {
        self.probe
    }

    pub(super) fn was_sent(&self) -> bool {
        self.departed.is_some()
    }

    /// When it was last heard of.
    pub(super) fn latest(&self) -> u64 {
        self.departed.map_or(self.asked, |departed| departed.last_at)
    }

    pub(super) fn is_reported(&self) -> bool {
        self.reported
    }

    /// Notes a packet of padding; since when and how much was sent so far.
    pub(super) fn sent(&mut self, now: u64, place: u16, bytes: u64) -> (u64, u64) {
        let fresh =
            Departed { first: place, last: place, first_at: now, last_at: now, padding: 0, bytes: 0, behind: 0 };
        let departed = self.departed.get_or_insert(fresh);
        departed.padding += bytes;
        departed.bytes += bytes + std::mem::take(&mut departed.behind);
        (departed.last, departed.last_at) = (place, now);
        (departed.first_at, departed.bytes)
    }

    /// Notes a packet of others: it belongs to the measurement if more padding follows it.
    pub(super) fn others(&mut self, bytes: u64) {
        if let Some(departed) = &mut self.departed {
            departed.behind += bytes;
        }
    }

    /// Notes a packet that was `sent` and has arrived `at`, each by its own clock.
    pub(super) fn arrived(&mut self, place: u16, sent: u64, at: i64, bytes: u64) {
        if !self.departed.is_some_and(|departed| departed.spans(place)) {
            return;
        }
        let arrived = self.arrived.get_or_insert(Arrived {
            packets: 0,
            bytes: 0,
            first_sent: sent,
            last_sent: sent,
            last_sent_bytes: bytes,
            first_at: at,
            first_at_bytes: bytes,
            last_at: at,
        });
        arrived.packets += 1;
        arrived.bytes += bytes;
        arrived.first_sent = arrived.first_sent.min(sent);
        if sent >= arrived.last_sent {
            (arrived.last_sent, arrived.last_sent_bytes) = (sent, bytes);
        }
        if at < arrived.first_at {
            (arrived.first_at, arrived.first_at_bytes) = (at, bytes);
        }
        arrived.last_at = arrived.last_at.max(at);
    }

    /// Notes that a report was about this packet.
    pub(super) fn reported(&mut self, place: u16) {
        if let Some(departed) = self.departed
            && departed.padding >= self.probe.bytes as u64
            && place.wrapping_sub(departed.last) < 1 << 15
        {
            self.reported = true;
        }
    }

    pub(super) fn measure(&self) -> Verdict {
        let (Some(departed), Some(arrived)) = (self.departed, self.arrived) else {
            return Verdict::Nothing;
        };
        let packets = f64::from(departed.last.wrapping_sub(departed.first)) + 1.0;
        let enough = arrived.packets >= ENOUGH_PACKETS
            && f64::from(arrived.packets) >= ENOUGH * packets
            && arrived.bytes as f64 >= ENOUGH * departed.bytes as f64
            && arrived.bytes as f64 >= ENOUGH * self.probe.bytes as f64;
        let sending = arrived.last_sent.saturating_sub(arrived.first_sent);
        let receiving = arrived.last_at.saturating_sub(arrived.first_at).max(RESOLUTION) as u64;
        if !enough || sending.max(receiving) > LONGEST {
            return Verdict::Nothing;
        }
        // Between the first and the last of them lie all but one: the last one's time to leave, and the first one's
        // time to arrive, are not in the interval.
        let rate = |bytes: u64, time: u64| bytes as f64 * 8e6 / time as f64;
        let asked = self.probe.rate as f64;
        let sent = match sending {
            0 => asked, // all at once
            _ => rate(arrived.bytes.saturating_sub(arrived.last_sent_bytes), sending).min(asked),
        };
        let received = rate(arrived.bytes.saturating_sub(arrived.first_at_bytes), receiving);
        if sending as f64 > CREDIBLE * receiving as f64 && received > CREDIBLE * sent {
            return Verdict::Nothing; // gathered on the way, and delivered at once
        }
        Verdict::Measured(if received < UNSATURATED * sent { UTILISATION * received } else { sent.min(received) })
    }
}

impl Departed {
    fn spans(self, place: u16) -> bool {
        place.wrapping_sub(self.first) <= self.last.wrapping_sub(self.first)
    }
}

/// libwebrtc's `kMinClusterSize`.
const ENOUGH_PACKETS: u32 = 4;
/// libwebrtc's `kMinReceivedProbesRatio` and `kMinReceivedBytesRatio`.
const ENOUGH: f64 = 0.8;
/// libwebrtc's `kMaxProbeInterval`, microseconds.
const LONGEST: u64 = 1_000_000;
/// libwebrtc's `kMaxValidRatio`.
const CREDIBLE: f64 = 2.0;
/// libwebrtc's `kMinRatioForUnsaturatedLink`: what arrives this much slower than it was sent has filled the path.
const UNSATURATED: f64 = 0.9;
/// libwebrtc's `kTargetUtilizationFraction`.
const UTILISATION: f64 = 0.95;
/// Times of arrival are multiples of this; microseconds.
const RESOLUTION: i64 = 250;
