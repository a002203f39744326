//! How much may be sent to one peer: congestion control at the sender, from transport-wide feedback.
//!
//! Pure: it is told what left and what the peer reported, and is asked what may leave. It knows no tracks, sends
//! nothing and delays nothing. Google's congestion control (draft-ietf-rmcat-gcc-02) in the form that libwebrtc has
//! given it since, with five additions of our own: a standing queue is measured and drained ([`queue`]), loss that
//! does not depend on the rate is told from loss that does ([`loss`]), probes do not disturb the measurement of the
//! load ([`probe`]), where a delay comes and goes by itself, rates do not fall step by step for it (`sways`),
//! and a queue that does not shrink when it could is a longer way (`look_for_longer_way`). Rooms:
//!
//! - [`log`]: what was sent; [`report`]: the reader of feedback;
//! - [`groups`], [`trend`], [`queue`]: what the delay says; [`acknowledged`]: how much arrives;
//! - [`rate`]: the rate that the delay allows; [`loss`]: the cap that loss puts on it; [`probe`] and [`cluster`]: the
//!   search for more.
//!
//! Times inside are microseconds since the estimator was made, or of the receiver's own clock; rates are bits per
//! second.

use std::time::{Duration, Instant};

mod acknowledged;
#[cfg(test)]
mod bed;
mod cluster;
mod groups;
mod log;
mod loss;
mod probe;
mod queue;
mod rate;
#[cfg(test)]
mod receiver;
mod report;
#[cfg(test)]
mod tests;
mod trend;

pub(crate) use probe::Probe;

use acknowledged::{Acknowledged, Proven};
use cluster::Verdict;
use groups::Groups;
use log::Log;
use loss::Loss;
use probe::Prober;
use queue::Queue;
use rate::{Rate, Sight};
use report::{Clock, Report};
use trend::{Load, Trend};

/// What a packet that leaves is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// Sound, pictures, repairs: sent for its own sake.
    Media,
    /// Padding of the probe with this id.
    Probe(u16),
}

/// The estimate for one peer. 1.2 KiB, and 16 bytes for each packet on its way: 4 KiB when little is sent, 128 at most.
#[derive(Debug)]
pub(crate) struct Estimator {
    epoch: Instant,
    log: Log,
    clock: Clock,
    acknowledged: Acknowledged,
    proven: Proven,
    groups: Groups,
    trend: Trend,
    queue: Queue,
    rate: Rate,
    loss: Loss,
    prober: Prober,
    round_trip: Option<u64>,
    /// Whether the peer reports at all.
    heard: bool,
    /// Whether the rate has never had to go down.
    first: bool,
    /// What the last report said, and when it came.
    load: Load,
    reported: u64,
    /// What stands on the way, and has not shrunk.
    stood: Option<Stood>,
    /// When the first packet left that no report has followed, and how many have left since.
    unanswered: Option<(u64, u32)>,
    /// Whether that made the rate go down.
    silent: bool,
}

impl Estimator {
    /// For a peer of which nothing is known yet.
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            epoch: now,
            log: Log::default(),
            clock: Clock::default(),
            acknowledged: Acknowledged::default(),
            proven: Proven::default(),
            groups: Groups::default(),
            trend: Trend::new(),
            queue: Queue::default(),
            rate: Rate::new(START as f64),
            loss: Loss::default(),
            prober: Prober::new(),
            round_trip: None,
            heard: false,
            first: true,
            load: Load::Normal,
            reported: 0,
            stood: None,
            unanswered: None,
            silent: false,
        }
    }

    /// Notes that a packet of `bytes` leaves as number `place` of all that go to the peer.
    pub(crate) fn sent(&mut self, now: Instant, place: u16, bytes: usize, what: Departure) {
        let now = self.micros(now);
        self.log.note(now, place, bytes);
        let (_, packets) = self.unanswered.get_or_insert((now, 0));
        *packets = packets.saturating_add(1);
        self.prober.sent(
            now,
            place,
            bytes,
            match what {
                Departure::Media => None,
                Departure::Probe(id) => Some(id),
            },
        );
    }

    /// Takes in transport-wide feedback: the body of a report of type 205 and format 15, from the sender's SSRC on,
    /// without padding. What cannot be read, and what speaks of packets that were never sent, changes nothing.
    pub(crate) fn feedback(&mut self, now: Instant, body: &[u8]) {
        let Some(report) = Report::read(body, self.log.most_reported()) else {
            return;
        };
        let now = self.micros(now);
        let reference = self.clock.read(report.reference);
        let mut batch = Batch::new();
        let mut said = Said::default();
        for (place, status) in report.statuses() {
            match status {
                None => said.missing += u32::from(self.log.missed(place)),
                Some(after) => {
                    let Some(found) = self.log.arrived(place) else {
                        continue;
                    };
                    said.arrived += 1;
                    said.turned_up += u32::from(found.missed);
                    let at = reference.saturating_add(after);
                    batch.push(Arrival { sent: found.sent, at, bytes: found.bytes, place });
                    if batch.is_full() {
                        self.take_in(&mut batch);
                    }
                }
            }
            self.prober.reported(place);
        }
        if let Some(newest) = self.take_in(&mut batch) {
            let sample = now.saturating_sub(newest.sent);
            self.round_trip = Some(self.round_trip.map_or(sample, |old| (7 * old + sample) / 8));
        }
        if said.arrived + said.missing > 0 {
            self.conclude(now, said);
        }
    }

    /// To be called every 5 to 50 ms, whether anything is sent or not: notices that reports have stopped, and asks for
    /// a probe when `wanted` (bits per second, all that would be sent if there were no limit) is more than is known to
    /// get through.
    pub(crate) fn tick(&mut self, now: Instant, wanted: u64) -> Option<Probe> {
        let now = self.micros(now);
        if !self.heard {
            return None;
        }
        self.look_for_silence(now);
        self.settle_probe(now);
        if now.saturating_sub(self.reported) > STALE {
            // Nothing is known of the path any more. If nothing is sent, only a probe can tell.
            self.load = Load::Normal;
            self.queue.forget_wait();
        }
        if self.is_full() {
            return None;
        }
        self.prober.ask(now, self.allowed(), wanted as f64, self.first)
    }

    /// Bits per second that may be sent to the peer now. `None` before its first report: nothing is known, and a peer
    /// that never reports is not limited. [`START`] is a good guess for one that will.
    pub(crate) fn available(&self) -> Option<u64> {
        self.heard.then(|| (self.allowed() * self.drain()).clamp(rate::LEAST, rate::MOST) as u64)
    }

    /// Whether less should be sent at once: a queue grows or is long, or nothing is heard any more.
    pub(crate) fn pressed(&self) -> bool {
        self.silent || self.is_full()
    }

    /// Bits per second that arrive at the peer; `None` until enough was seen.
    pub(crate) fn acknowledged(&self) -> Option<u64> {
        self.acknowledged.rate().map(|rate| rate as u64)
    }

    /// The part lost on the way lately, from 0 to 1.
    pub(crate) fn lost(&self) -> f32 {
        self.loss.fraction() as f32
    }

    /// How long packets wait in a queue on the way.
    pub(crate) fn queued(&self) -> Duration {
        Duration::from_micros((self.queue.wait() * 1e3) as u64)
    }

    /// How long every packet of the last half second had to wait.
    pub(crate) fn standing(&self) -> Duration {
        Duration::from_micros((self.queue.standing() * 1e3) as u64)
    }

    /// There and back, smoothed, with the little time that the peer kept its report.
    pub(crate) fn round_trip(&self) -> Option<Duration> {
        self.round_trip.map(Duration::from_micros)
    }

    fn is_full(&self) -> bool {
        self.load == Load::Over || self.queue.wait() > LONG_QUEUE
    }

    /// Whether a queue that seems to grow is the doing of others: more than this got through a moment ago, and the delay comes
    /// and goes by itself. Less would not end it, and each time less again is how a wide path ends up with nothing on it.
    fn sways(&self) -> bool {
        let little = self.acknowledged.rate().is_some_and(|rate| rate < LITTLE * self.proven.most());
        little && self.queue.wait() < SHORT_QUEUE && self.queue.standing() < SWAYS
    }

    fn allowed(&self) -> f64 {
        self.loss.cap().map_or(self.rate.estimate(), |cap| cap.min(self.rate.estimate()))
    }

    /// The part of the rate that is sent while a queue stands, so that it empties.
    fn drain(&self) -> f64 {
        1.0 - ((self.queue.wait() - SHORT_QUEUE) / (2.0 * (DEEP_QUEUE - SHORT_QUEUE))).clamp(0.0, 0.5)
    }

    /// Takes in what arrived; the last of it.
    fn take_in(&mut self, batch: &mut Batch) -> Option<Arrival> {
        let arrivals = batch.sorted();
        for arrival in &*arrivals {
            let Arrival { sent, at, bytes, place } = *arrival;
            if at.saturating_sub(self.acknowledged.latest()).saturating_abs() > JUMP && self.heard {
                self.forget_clock();
            }
            self.acknowledged.add(at, bytes);
            self.queue.add(sent, at);
            self.prober.arrived(place, sent, at, bytes);
            if !self.prober.hides(sent)
                && let Some(step) = self.groups.add(sent, at)
            {
                self.trend.add(step);
            }
        }
        let last = arrivals.last().copied();
        batch.clear();
        last
    }

    fn conclude(&mut self, now: u64, said: Said) {
        self.heard = true;
        self.reported = now;
        self.unanswered = None;
        if std::mem::take(&mut self.silent) {
            self.prober.hurry(now);
        }
        self.load = match self.trend.load() {
            // The slope of noise: there is no queue that could grow.
            Load::Over if self.queue.wait() < FELT_QUEUE => Load::Normal,
            Load::Over if self.sways() => Load::Normal,
            // The start was too much, and the queue was full before there was a slope to see.
            Load::Normal if self.first && self.queue.wait() > LONG_QUEUE => Load::Over,
            load => load,
        };
        let round_trip = self.round_trip.unwrap_or(FIRST_ROUND_TRIP);
        let acknowledged = self.acknowledged.rate();
        self.proven.note(now, acknowledged.unwrap_or_default());
        self.look_for_longer_way(now, acknowledged);
        self.loss.count(said.arrived, said.missing, said.turned_up);
        let mut lower = self.rate.update(Sight { now, load: self.load, acknowledged, round_trip });
        lower |= self.loss.judge(now, self.rate.estimate(), acknowledged);
        if lower {
            self.first = false;
            self.prober.set_back(now, self.allowed());
        }
        self.settle_probe(now);
    }

    /// A queue that does not shrink although much less is sent is none, or that of others: the way has become longer.
    fn look_for_longer_way(&mut self, now: u64, acknowledged: Option<f64>) {
        let wait = self.queue.standing();
        if wait < LONG_QUEUE {
            self.stood = None;
            return;
        }
        let sending = acknowledged.unwrap_or_default().min(self.allowed() * self.drain());
        let fresh = Stood { since: now, wait, rate: self.proven.most() };
        let stood = self.stood.get_or_insert(fresh);
        if wait < SHRUNK * stood.wait || sending > LESS * stood.rate || self.loss.fraction() > SPILLS {
            (stood.since, stood.wait) = (now, wait);
        } else if now.saturating_sub(stood.since) > STANDS {
            self.stood = None;
            self.queue.forget();
            self.trend.forget();
            self.groups.forget();
        }
    }

    fn settle_probe(&mut self, now: u64) {
        let round_trip = self.round_trip.unwrap_or(FIRST_ROUND_TRIP);
        let Some((probe, Verdict::Measured(rate))) = self.prober.judge(now, round_trip) else {
            return;
        };
        let before = self.allowed();
        if self.load != Load::Over && rate > before {
            let believed = if self.first { rate } else { before + BELIEVED * (rate - before) };
            self.rate.set(believed.max(self.rate.estimate()));
            self.loss.lift();
        }
        if self.allowed() > before && rate >= FURTHER * probe.rate as f64 {
            self.prober.succeeded(now, rate);
        } else {
            self.prober.failed(now);
        }
    }

    fn look_for_silence(&mut self, now: u64) {
        let Some((since, packets)) = &mut self.unanswered else {
            return;
        };
        let patience = SILENCE.max(3 * self.round_trip.unwrap_or(FIRST_ROUND_TRIP));
        if *packets >= UNANSWERED && now.saturating_sub(*since) > patience {
            (*since, *packets) = (now, 0);
            self.silent = true;
            self.rate.halve(now);
            self.prober.set_back(now, self.allowed());
        }
    }

    /// The receiver's clock, or the time on the way, has jumped beyond comparison.
    fn forget_clock(&mut self) {
        self.acknowledged.forget();
        self.groups.forget();
        self.trend.forget();
        self.queue.forget();
    }

    fn micros(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.epoch);
        since.as_secs().saturating_mul(1_000_000).saturating_add(u64::from(since.subsec_micros()))
    }
}

/// A queue that stands.
#[derive(Debug, Clone, Copy)]
struct Stood {
    /// Microseconds: since it was last seen to shrink, or too much was sent for that.
    since: u64,
    /// Milliseconds, then.
    wait: f64,
    /// Bits per second that had got through before it was first seen.
    rate: f64,
}

/// How many packets came, are missing, and came although they had been missing, as far as that is news.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    arrived: u32,
    missing: u32,
    turned_up: u32,
}

/// A packet that came.
#[derive(Debug, Clone, Copy, Default)]
struct Arrival {
    sent: u64,
    at: i64,
    bytes: u16,
    place: u16,
}

/// Packets of one report, to be taken in the order of arrival.
struct Batch {
    arrivals: [Arrival; BATCH],
    filled: usize,
}

impl Batch {
    fn new() -> Self {
        Self { arrivals: [Arrival::default(); BATCH], filled: 0 }
    }

    fn push(&mut self, arrival: Arrival) {
        if let Some(free) = self.arrivals.get_mut(self.filled) {
            *free = arrival;
            self.filled += 1;
        }
    }

    fn is_full(&self) -> bool {
        self.filled == BATCH
    }

    fn sorted(&mut self) -> &mut [Arrival] {
        let filled = &mut self.arrivals[..self.filled];
        filled.sort_unstable_by_key(|arrival| arrival.at);
        filled
    }

    fn clear(&mut self) {
        self.filled = 0;
    }
}

/// Where the estimate starts, in bits per second: sound and small pictures of several people. libwebrtc starts at 300
/// kbit/s; whoever joins a meeting would see the smallest pictures first and a change within the first second. Where it
/// is too much, the first three reports show it.
pub(crate) const START: u64 = 1_000_000;
/// Until the first report says better: between continents. Microseconds.
const FIRST_ROUND_TRIP: u64 = 200_000;
/// Reports come at least four times a second (libwebrtc's receiver: 50 to 250 ms); two missing and more are no
/// accident.
const SILENCE: u64 = 500_000;
/// And not if so few were sent meanwhile that one lost report explains it.
const UNANSWERED: u32 = 8;
/// After so long (microseconds) a report says nothing of the load.
const STALE: u64 = 1_000_000;
/// A probe that brought this part of what it tried was not the limit: the next tries more (libwebrtc:
/// `further_probe_threshold`).
const FURTHER: f64 = 0.7;
/// After the first decrease a probe is believed by half: 15 ms may fall between the pictures of others on the same
/// link. The next probe follows at once, so that a wide link is still climbed by half within each round trip.
const BELIEVED: f64 = 0.5;
/// Waiting that is no more than the resolution of clocks and the burst of a picture; milliseconds, as the next ones.
const FELT_QUEUE: f64 = 10.0;
/// A delay of which so little (milliseconds) is left at some moment of each half second comes and goes by itself.
const SWAYS: f64 = 25.0;
/// A queue that runs over cannot shrink before less comes than goes: more than chance takes of the few packets of half a second.
const SPILLS: f64 = 0.1;
/// A queue of which this part is left shrinks.
const SHRUNK: f64 = 0.85;
/// The part of what got through that leaves room for a queue to empty: a tenth of a second in a third of one.
const LESS: f64 = 0.7;
/// So long (microseconds) it is waited for; two reports and twice the time there and back of the longest ways.
const STANDS: u64 = 1_000_000;
/// The part of what got through lately that is little: below what one decrease leaves (0.85).
const LITTLE: f64 = 0.7;
/// A queue that one large picture leaves behind is not drained on purpose.
const SHORT_QUEUE: f64 = 60.0;
/// People begin to feel a conversation's delay (ITU-T G.114: 150 ms one way, and the path itself is part of it).
const LONG_QUEUE: f64 = 100.0;
/// From here on half of the rate is left to the draining of the queue.
const DEEP_QUEUE: f64 = 360.0;
/// A receiver whose clock steps by this much (microseconds) was silent for as long, or has set its clock.
const JUMP: i64 = 10_000_000;
/// 100 ms of 5 Mbit/s; a longer report is taken in parts. 1.5 KiB of the stack.
const BATCH: usize = 64;
