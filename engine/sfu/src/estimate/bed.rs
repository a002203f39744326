//! A virtual bottleneck for tests: flows that send what their estimators allow, one link with a queue, receivers that
//! report as Chromium's do. Steps of a millisecond; chance comes from a seed.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{Departure, Estimator, receiver::Receiver};
use crate::testing::start;

/// A stream of numbers.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to 1.
    pub(super) fn draw(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        (self.draw() * end as f64) as u64
    }
}

/// The bottleneck.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Bits per second.
    pub(super) rate: f64,
    /// What would wait longer is dropped; milliseconds.
    pub(super) longest_queue: f64,
    /// One way, milliseconds.
    pub(super) delay: f64,
    /// Up to so many milliseconds more, in order.
    pub(super) jitter: f64,
    /// Up to so many milliseconds more, as a level that wanders: every so often it draws a goal, and takes twice this to walk there.
    pub(super) wander: f64,
    /// The part of packets that are lost, and that are overtaken by the next 5 to 30 ms.
    pub(super) loss: f64,
    pub(super) overtaken: f64,
    /// What arrives is handed over at multiples of so many milliseconds only, as by a radio that shares its air.
    pub(super) gather: f64,
    /// So many bytes pass at any rate after a pause: a shaper with a bucket.
    pub(super) bucket: f64,
    /// Whether reports come through.
    pub(super) answers: bool,
}

impl Link {
    pub(super) fn new(rate: f64) -> Self {
        Self {
            rate,
            longest_queue: 1000.0,
            delay: 25.0,
            jitter: 0.0,
            wander: 0.0,
            loss: 0.0,
            overtaken: 0.0,
            gather: 0.0,
            bucket: 0.0,
            answers: true,
        }
    }
}

/// What a flow sends besides sound.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// As much as is allowed, up to so many bits per second.
    Elastic(f64),
    /// Always so much, though more is wanted.
    Fixed { sends: f64, wants: f64 },
    /// The best of these that is allowed, as a selective forwarder.
    Layers(&'static [f64]),
    /// Likewise, but without sound, and nothing when the lowest is too much.
    Pictures(&'static [f64]),
}

/// A flow at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) ms: u64,
    /// Kilobits per second; zero for nothing known.
    pub(super) available: f64,
    /// Milliseconds that a packet would wait.
    pub(super) queue: f64,
    /// Bytes of padding sent since the beginning.
    pub(super) probes: u64,
}

pub(super) struct Flow {
    pub(super) estimator: Estimator,
    pub(super) source: Source,
    pub(super) samples: Vec<Sample>,
    /// How much faster than its rate a picture leaves.
    pub(super) pace: f64,
    /// Whether a probe leaves all at once, in one train, instead of over its time.
    pub(super) bursts: bool,
    next_place: u16,
    next_frame: f64,
    frames: u64,
    debt: f64,
    /// What waits for its time: milliseconds, bytes.
    waiting: VecDeque<(f64, usize, Departure)>,
    padding: VecDeque<(f64, usize, Departure)>,
    in_flight: Vec<(f64, u16)>,
    latest: f64,
    receiver: Receiver,
    answers: VecDeque<(f64, Vec<u8>)>,
    probes: u64,
}

pub(super) struct Bed {
    pub(super) link: Link,
    pub(super) flows: Vec<Flow>,
    pub(super) chance: Chance,
    epoch: Instant,
    ms: u64,
    /// Flow, place, bytes.
    queue: VecDeque<(usize, u16, usize)>,
    queued: usize,
    /// Bytes that the link has not sent yet of this millisecond.
    budget: f64,
    /// Where the wandering delay comes from and goes to.
    walk: (f64, f64),
}

impl Bed {
    pub(super) fn new(seed: u64, link: Link, sources: &[Source]) -> Self {
        let (epoch, mut chance) = (start(), Chance::new(seed));
        let flows = sources.iter().map(|source| Flow::new(epoch, *source, &mut chance)).collect();
        Self { link, flows, chance, epoch, ms: 0, queue: VecDeque::new(), queued: 0, budget: 0.0, walk: (0.0, 0.0) }
    }

    pub(super) fn run(&mut self, seconds: f64) -> &mut Self {
        for _ in 0..(seconds * 1e3) as u64 {
            self.step();
        }
        self
    }

    /// The moment.
    pub(super) fn time(&self) -> Instant {
        self.epoch + millis(self.ms as f64)
    }

    /// Milliseconds since the beginning.
    pub(super) fn now(&self) -> u64 {
        self.ms
    }

    fn step(&mut self) {
        let ms = self.ms as f64;
        let waits = self.queued as f64 * 8e3 / self.link.rate;
        for at in 0..self.flows.len() {
            let flow = &mut self.flows[at];
            flow.produce(ms, &mut self.chance);
            while let Some((place, bytes)) = flow.depart(self.epoch, ms) {
                let wait = self.queued as f64 * 8e3 / self.link.rate;
                if wait < self.link.longest_queue && self.chance.draw() >= self.link.loss {
                    self.queue.push_back((at, place, bytes));
                    self.queued += bytes;
                }
            }
        }
        let step = 2.0 * self.link.wander;
        if step > 0.0 && ms % step < 1.0 {
            self.walk = (self.walk.1, self.link.wander * self.chance.draw());
        }
        self.serve(ms);
        for flow in &mut self.flows {
            flow.receive(ms, &self.link);
            flow.answered(self.epoch, ms);
            if self.ms.is_multiple_of(10) {
                let available = flow.estimator.available().unwrap_or_default() as f64 / 1e3;
                flow.samples.push(Sample { ms: self.ms, available, queue: waits, probes: flow.probes });
            }
        }
        self.ms += 1;
    }

    fn serve(&mut self, ms: f64) {
        let per_ms = self.link.rate / 8e3;
        self.budget += per_ms;
        let share = if self.link.wander > 0.0 { ms % (2.0 * self.link.wander) / (2.0 * self.link.wander) } else { 0.0 };
        let wandered = self.walk.0 * (1.0 - share) + self.walk.1 * share;
        while let Some((at, place, bytes)) = self.queue.front().copied() {
            if bytes as f64 > self.budget {
                break;
            }
            self.budget -= bytes as f64;
            self.queue.pop_front();
            self.queued -= bytes;
            let flow = &mut self.flows[at];
            let left = ms + 1.0 - (self.budget / per_ms).min(1.0) + self.link.delay + wandered;
            let arrives = (left + self.link.jitter * self.chance.draw()).max(flow.latest);
            let arrives =
                if self.link.gather > 0.0 { (arrives / self.link.gather).ceil() * self.link.gather } else { arrives };
            if self.chance.draw() < self.link.overtaken {
                flow.in_flight.push((arrives + 5.0 + 25.0 * self.chance.draw(), place));
            } else {
                flow.latest = arrives;
                flow.in_flight.push((arrives, place));
            }
        }
        if self.queue.is_empty() {
            self.budget = self.budget.min(self.link.bucket);
        }
    }
}

impl Flow {
    fn new(epoch: Instant, source: Source, chance: &mut Chance) -> Self {
        Self {
            estimator: Estimator::new(epoch),
            source,
            samples: Vec::new(),
            pace: 2.5,
            bursts: chance.draw() < 0.5,
            next_place: chance.below(65_536) as u16,
            next_frame: 33.0 * chance.draw(),
            frames: 0,
            debt: 0.0,
            waiting: VecDeque::new(),
            padding: VecDeque::new(),
            in_flight: Vec::new(),
            latest: 0.0,
            receiver: Receiver::new(chance),
            answers: VecDeque::new(),
            probes: 0,
        }
    }

    fn wanted(&self) -> f64 {
        match self.source {
            Source::Elastic(most) => most,
            Source::Fixed { wants, .. } => wants,
            Source::Layers(layers) | Source::Pictures(layers) => layers.iter().copied().fold(0.0, f64::max) + SOUND,
        }
    }

    /// Sound every 20 ms, pictures 30 times a second, large ones now and then, padding when asked for.
    fn produce(&mut self, ms: f64, chance: &mut Chance) {
        let allowed = self.estimator.available().unwrap_or(super::START) as f64;
        if ms % 20.0 == 0.0 && !matches!(self.source, Source::Pictures(_)) {
            self.waiting.push_front((ms, SOUND_BYTES, Departure::Media));
        }
        if ms % 5.0 == 0.0
            && let Some(probe) = self.estimator.tick(self.at(ms), self.wanted() as u64)
        {
            let mut left = probe.bytes as i64;
            let size = (probe.bytes / probe.packets).min(250);
            let gap = if self.bursts { 0.0 } else { size as f64 * 8e3 / probe.rate as f64 };
            let mut due = ms;
            while left > 0 {
                self.padding.push_back((due, size, Departure::Probe(probe.id)));
                (due, left) = (due + gap, left - size as i64);
            }
        }
        if ms < self.next_frame {
            return;
        }
        self.next_frame += 1000.0 / 30.0;
        let rate = match self.source {
            Source::Elastic(most) => (0.97 * allowed - SOUND).min(most).max(20_000.0),
            Source::Fixed { sends, .. } => sends - SOUND,
            Source::Layers(layers) => {
                let fitting = layers.iter().copied().filter(|layer| layer + SOUND <= allowed);
                fitting.fold(layers[0], f64::max)
            }
            Source::Pictures(layers) => layers.iter().copied().filter(|layer| *layer <= allowed).fold(0.0, f64::max),
        };
        if rate == 0.0 {
            return;
        }
        let usual = rate / 30.0 / 8.0;
        let size = if self.frames.is_multiple_of(300) { usual * 5.0 } else { usual * (0.7 + 0.6 * chance.draw()) };
        let size = (size - 0.15 * self.debt).max(usual * 0.2);
        self.debt += size - usual;
        self.frames += 1;
        let (mut left, mut due) = (size as usize, ms.max(self.waiting.back().map_or(0.0, |(due, ..)| *due)));
        while left > 0 {
            let bytes = left.min(1200);
            self.waiting.push_back((due, bytes + 40, Departure::Media));
            due += (bytes as f64 * 8e3 / (self.pace * rate)).min(10.0);
            left -= bytes;
        }
    }

    fn depart(&mut self, epoch: Instant, ms: f64) -> Option<(u16, usize)> {
        let due = |queue: &VecDeque<(f64, usize, Departure)>| queue.front().is_some_and(|(due, ..)| *due < ms + 1.0);
        let queue = if due(&self.waiting) { &mut self.waiting } else { &mut self.padding };
        if !due(queue) {
            return None;
        }
        let (due, bytes, what) = queue.pop_front()?;
        let place = self.next_place;
        self.next_place = place.wrapping_add(1);
        self.estimator.sent(epoch + millis(due.max(ms)), place, bytes, what);
        self.probes += if what == Departure::Media { 0 } else { bytes as u64 };
        Some((place, bytes))
    }

    fn receive(&mut self, ms: f64, link: &Link) {
        self.in_flight.sort_by(|a, b| a.0.total_cmp(&b.0));
        let here = self.in_flight.partition_point(|(at, _)| *at <= ms);
        for (at, place) in self.in_flight.drain(..here) {
            self.receiver.note(at, place);
        }
        if let Some(body) = self.receiver.report(ms)
            && link.answers
        {
            self.answers.push_back((ms + link.delay, body));
        }
    }

    fn answered(&mut self, epoch: Instant, ms: f64) {
        while self.answers.front().is_some_and(|(at, _)| *at <= ms) {
            let (at, body) = self.answers.pop_front().unwrap();
            self.estimator.feedback(epoch + millis(at), &body);
        }
    }

    fn at(&self, ms: f64) -> Instant {
        self.estimator.epoch + millis(ms)
    }

    /// Samples of these seconds.
    pub(super) fn within(&self, seconds: std::ops::Range<f64>) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| seconds.contains(&(sample.ms as f64 / 1e3)))
    }

    /// The mean of what was allowed, in kbit/s.
    pub(super) fn mean(&self, seconds: std::ops::Range<f64>) -> f64 {
        let all: Vec<f64> = self.within(seconds).map(|sample| sample.available).collect();
        all.iter().sum::<f64>() / all.len() as f64
    }

    /// The queue that 95 of 100 samples do not exceed, in ms.
    pub(super) fn queue(&self, seconds: std::ops::Range<f64>) -> f64 {
        let mut all: Vec<f64> = self.within(seconds).map(|sample| sample.queue).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() * 95 / 100]
    }

    /// Seconds after `from` when the estimate first met a condition.
    pub(super) fn first(&self, from: f64, met: impl Fn(f64) -> bool) -> f64 {
        let found = self.within(from..f64::MAX).find(|sample| met(sample.available));
        found.map_or(f64::INFINITY, |sample| sample.ms as f64 / 1e3 - from)
    }
}

fn millis(ms: f64) -> Duration {
    Duration::from_secs_f64(ms / 1e3)
}

/// 50 packets a second.
const SOUND_BYTES: usize = 120;
const SOUND: f64 = 50.0 * SOUND_BYTES as f64 * 8.0;
