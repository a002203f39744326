//! What is gathered of one participant's minute, until it is a record.

use std::{collections::BTreeMap, time::Duration};

use proto::quality::{Cause, Felt, Minute, Sample};

/// A minute, as far as it has come.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// When it began, in milliseconds since 1970.
    began_ms: u64,
    samples: u32,
    /// Sums of the samples: parts from 0 to 1, times in seconds.
    lost_up: f32,
    lost_down: f32,
    missing: f32,
    late: f32,
    round_trips: (f32, u32),
    paused: Duration,
    unheard: Duration,
    /// For how long it was bad, by what made it so.
    bad: BTreeMap<Cause, Duration>,
    minute: Minute,
}

/// A minute that is over.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tallied {
    /// When it began, in milliseconds since 1970.
    pub(crate) at: u64,
    /// How long it was, in seconds.
    pub(crate) seconds: u32,
    /// What made it bad, where it was bad for long enough, and for how many seconds.
    pub(crate) bad: Option<(Cause, u32)>,
    /// The numbers.
    pub(crate) minute: Minute,
}

impl Tally {
    /// Begins.
    pub(crate) fn begin(at_ms: u64) -> Self {
        Self { began_ms: at_ms, ..Self::default() }
    }

    /// Takes what was counted within `span`, and what made it bad.
    pub(crate) fn take_in(&mut self, span: Duration, sample: &Sample, cause: Option<Cause>) {
        self.samples += 1;
        self.lost_up += sample.lost_up;
        self.lost_down += sample.lost_down;
        self.missing += sample.missing;
        self.late += sample.late.as_secs_f32();
        if let Some(round_trip) = sample.round_trip {
            self.round_trips = (self.round_trips.0 + round_trip.as_secs_f32(), self.round_trips.1 + 1);
        }
        if sample.paused {
            self.paused += span;
        }
        if sample.unheard.is_some() {
            self.unheard += span;
        }
        if let Some(cause) = cause {
            *self.bad.entry(cause).or_default() += span;
        }
        self.minute.jitter = self.minute.jitter.max(millis(sample.jitter.as_secs_f32()));
        self.minute.way = sample.way.or(self.minute.way);
    }

    /// The line of the media or of the signals broke.
    pub(crate) fn broke(&mut self) {
        self.minute.reconnects = self.minute.reconnects.saturating_add(1);
    }

    /// Takes what the client measured: the worst of a minute is what its person remembers.
    pub(crate) fn felt(&mut self, felt: Felt) {
        let before = self.minute.client.unwrap_or_default();
        self.minute.client = Some(Felt {
            concealed: before.concealed.max(felt.concealed),
            frozen: before.frozen.max(felt.frozen),
            dropped: before.dropped.max(felt.dropped),
            strained: before.strained.max(felt.strained),
        });
    }

    /// Ends it, and begins the next. Nothing where nothing is to be told: somebody who is hardly in.
    pub(crate) fn end(&mut self, now_ms: u64) -> Option<Tallied> {
        let tally = std::mem::replace(self, Self::begin(now_ms));
        // A machine that slept in it has nothing to say of that time.
        let seconds = whole(Duration::from_millis(now_ms.saturating_sub(tally.began_ms))).min(MINUTE);
        if seconds == 0 {
            return None;
        }
        let mean = |sum: f32| sum / tally.samples.max(1) as f32;
        let (trips, times) = tally.round_trips;
        let minute = Minute {
            lost_up: thousandths(mean(tally.lost_up)),
            lost_down: thousandths(mean(tally.lost_down)),
            missing: thousandths(mean(tally.missing)),
            late: millis(mean(tally.late)),
            round_trip: (times > 0).then(|| millis(trips / times.max(1) as f32)),
            paused: whole(tally.paused).min(seconds),
            unheard: whole(tally.unheard).min(seconds),
            ..tally.minute
        };
        // Of causes that were there as long, the first of the list: what concerns others most.
        let worst = tally.bad.into_iter().rev().max_by_key(|(_, span)| *span).filter(|(_, span)| *span >= NOTICED);
        let bad = worst.map(|(cause, span)| (cause, whole(span).min(seconds)));
        Some(Tallied { at: tally.began_ms, seconds, bad, minute })
    }
}

fn thousandths(part: f32) -> u32 {
    (part.clamp(0.0, 1.0) * 1_000.0).round() as u32
}

fn millis(seconds: f32) -> u32 {
    (seconds * 1_000.0).round() as u32
}

fn whole(span: Duration) -> u32 {
    u32::try_from(span.as_secs()).unwrap_or(u32::MAX)
}

/// The seconds of a minute.
const MINUTE: u32 = 60;
/// What was bad for less in a minute is not told afterwards: nobody remembers it. Two verdicts of the media plane.
const NOTICED: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_secs(5);

    #[test]
    fn a_minute_is_what_its_samples_were_on_average() {
        let mut tally = Tally::begin(1_000);
        let bad = Sample {
            lost_up: 0.2,
            round_trip: Some(Duration::from_millis(80)),
            jitter: Duration::from_millis(30),
            paused: true,
            ..Sample::GOOD
        };
        for _ in 0..3 {
            tally.take_in(LOOK, &bad, Some(Cause::Upload));
        }
        for _ in 0..9 {
            tally.take_in(LOOK, &Sample::GOOD, None);
        }
        tally.broke();
        tally.felt(Felt { concealed: 30, frozen: 0, ..Felt::default() });
        tally.felt(Felt { concealed: 10, frozen: 400, ..Felt::default() });
        let ended = tally.end(61_000).unwrap();
        assert_eq!((ended.at, ended.seconds, ended.bad), (1_000, 60, Some((Cause::Upload, 15))));
        let Minute { lost_up, round_trip, jitter, paused, reconnects, client, .. } = ended.minute;
        assert_eq!((lost_up, round_trip, jitter, paused, reconnects), (50, Some(80), 30, 15, 1));
        assert_eq!(client, Some(Felt { concealed: 30, frozen: 400, ..Felt::default() }));
        let next = tally.end(121_000).unwrap();
        assert_eq!((next.at, next.seconds, next.bad, next.minute), (61_000, 60, None, Minute::default()));
        assert_eq!(tally.end(121_900), None, "hardly in");
        assert_eq!(tally.end(9_000_000).unwrap().seconds, 60, "slept");
    }

    #[test]
    fn what_was_bad_for_a_moment_is_not_told_and_of_two_causes_the_longer_is() {
        let mut tally = Tally::begin(0);
        tally.take_in(LOOK, &Sample::GOOD, Some(Cause::Download));
        assert_eq!(tally.end(60_000).unwrap().bad, None);
        for cause in [Cause::Download, Cause::Computer, Cause::Download, Cause::Upload, Cause::Upload] {
            tally.take_in(LOOK, &Sample::GOOD, Some(cause));
        }
        assert_eq!(tally.end(120_000).unwrap().bad, Some((Cause::Upload, 10)));
    }
}
