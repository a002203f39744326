//! A verdict on each peer's connection: how its media arrives at either end, and how much of what it wants fits.
//!
//! Each direction gets a score from 0 to 100 in the manner of the E-model (ITU-T G.107), reduced to what is known here:
//! what is lost, how long the way is and how much that swings. Pictures that the line had no room for cost the downward
//! direction as much as they would be missed. The worse direction counts, and is named as the cause; unless it would be
//! good but for us, who were late ourselves.

use std::time::Duration;

use proto::{
    media::{Connection, Verdict},
    quality::{Cause, Sample, Unheard, Way as Over},
};

/// What is known of one peer's connection.
#[derive(Debug, Default)]
pub(crate) struct Line {
    up: Way,
    down: Way,
    told: Option<Verdict>,
    /// What the last verdict was, where it was better than what was told.
    better: Option<Verdict>,
}

/// What else a verdict rests on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Facts {
    pub(crate) connected: bool,
    pub(crate) round_trip: Option<Duration>,
    /// The part of the layers wanted that there was no bandwidth for, from 0 to 1.
    pub(crate) deficit: f32,
    /// Whether pictures are held back altogether for that.
    pub(crate) paused: bool,
    /// How late this thread was on average since the last verdict.
    pub(crate) late: Duration,
    pub(crate) way: Option<Over>,
    pub(crate) unheard: Option<Unheard>,
}

/// The worst that was reported of one direction since the last verdict.
#[derive(Debug, Default)]
struct Way {
    loss: f32,
    jitter: Duration,
}

impl Line {
    /// Notes a part of what the peer sends that did not come, from 0 to 1.
    pub(crate) fn lost_up(&mut self, part: f32) {
        self.up.loss = self.up.loss.max(part);
    }

    /// Notes a part of what is sent to the peer that did not come, from 0 to 1.
    pub(crate) fn lost_down(&mut self, part: f32) {
        self.down.loss = self.down.loss.max(part);
    }

    /// Notes by how much the way of sound to the peer swings (RFC 3550, section 6.4.1). That of pictures says nothing: all
    /// packets of one have the same time, and leave one after the other.
    pub(crate) fn swings_down(&mut self, jitter: Duration) {
        self.down.jitter = self.down.jitter.max(jitter);
    }

    /// Makes the verdict on the time since the last one. Gives what was counted, and whether the verdict is another: a worse
    /// one counts at once, a better one when it was better twice. There is none on who is still on the way in.
    pub(crate) fn judge(&mut self, facts: &Facts) -> Option<(Sample, bool)> {
        let (up, down) = (std::mem::take(&mut self.up), std::mem::take(&mut self.down));
        if !facts.connected && self.told.is_none() {
            return None;
        }
        let verdict = if facts.connected { look(&up, &down, facts) } else { LOST };
        let former = self.better.take();
        let verdict = match self.told {
            // Who is back is back: that was no matter of degree.
            Some(told) if verdict.connection > told.connection && told.connection != Connection::Lost => {
                self.better = Some(verdict);
                former.map_or(told, |former| if former.connection < verdict.connection { former } else { verdict })
            }
            _ => verdict,
        };
        let news = self.told.replace(verdict) != Some(verdict);
        let sample = Sample {
            verdict,
            lost_up: up.loss,
            lost_down: down.loss,
            jitter: down.jitter,
            round_trip: facts.round_trip,
            missing: facts.deficit,
            paused: facts.paused,
            late: facts.late,
            way: facts.way,
            unheard: facts.unheard,
        };
        Some((sample, news))
    }
}

/// What people notice of a line that carries something.
fn look(up: &Way, down: &Way, facts: &Facts) -> Verdict {
    let of = |late: Duration| {
        let up = up.score(facts.round_trip, late);
        let down = down.score(facts.round_trip, late) - ALL_MISSED * facts.deficit;
        (up, down, degree(up.min(down)))
    };
    let (up_score, down_score, connection) = of(facts.late);
    let cause = (connection <= Connection::Poor).then(|| {
        let not_ours = of(Duration::ZERO).2;
        let far = |way: &Way| way.loss <= HARMLESS && way.jitter <= SWINGS_LITTLE;
        if not_ours > connection || facts.late >= BUSY {
            Cause::Server
        } else if far(up) && far(down) && facts.deficit <= FEW_MISSED {
            Cause::Delay
        } else if up_score < down_score {
            Cause::Upload
        } else {
            Cause::Download
        }
    });
    Verdict { connection, cause }
}

fn degree(score: f32) -> Connection {
    match score {
        s if s > EXCELLENT => Connection::Excellent,
        s if s > GOOD => Connection::Good,
        _ => Connection::Poor,
    }
}

impl Way {
    fn score(&self, round_trip: Option<Duration>, late: Duration) -> f32 {
        // A receiver that plays without gaps has to wait for the late ones, about twice as long as they are late on average.
        // So late as we were on average, what came in the worst moments was several times.
        let waits = round_trip.unwrap_or_default() / 2 + self.jitter * 2 + late * LATE_WEIGHS;
        let delay = waits.as_secs_f32() * 1000.0;
        // Hardly noticed up to about a sixth of a second, then people begin to talk at once.
        let waiting = if delay < TALKING_AT_ONCE { delay / 40.0 } else { (delay - 120.0) / 10.0 };
        let percent = self.loss * 100.0;
        let missing = percent.min(NOTICED_BY_NOBODY) * 10.0 + (percent - NOTICED_BY_NOBODY).max(0.0) * 5.0;
        100.0 - waiting - missing
    }
}

/// How often a verdict is made; RTCP reports of sound come every five seconds.
pub(crate) const TICK: Duration = Duration::from_secs(5);
/// Above this there is nothing to say: by itself, a loss of 2 %, or 320 ms one way.
const EXCELLENT: f32 = 80.0;
/// Above this it works: by itself, a loss of 10 %, up to which pictures arrive, late at times; or half of the layers.
const GOOD: f32 = 40.0;
/// What retransmission and concealment hide, in percent: up to here each percent costs 10 points, beyond, 5.
const NOTICED_BY_NOBODY: f32 = 2.0;
/// The delay one way, in milliseconds, from which on a conversation suffers (ITU-T G.114 says 150).
const TALKING_AT_ONCE: f32 = 160.0;
/// What it costs to see nothing of anybody: by itself, poor. Everything in the smallest of three layers is a third of that
/// less, and good.
const ALL_MISSED: f32 = 70.0;
/// What is said of who sends nothing any more.
const LOST: Verdict = Verdict { connection: Connection::Lost, cause: Some(Cause::Lost) };
/// How often the lateness of our own thread counts: its wake-ups, which are measured, are spread evenly, and what waits
/// behind a late one comes in a heap.
const LATE_WEIGHS: u32 = 4;
/// A thread as late as this on average loses datagrams of its sockets as well, so that what people miss is our doing.
const BUSY: Duration = Duration::from_millis(100);
/// Loss and swing up to here do not make a line bad; where it is bad all the same it is the length of the way.
const HARMLESS: f32 = 0.02;
/// See [`HARMLESS`]: a receiver waits for this without anybody noticing.
const SWINGS_LITTLE: Duration = Duration::from_millis(60);
/// Of the layers wanted so many may be missing before that is why a line is bad.
const FEW_MISSED: f32 = 0.2;

#[cfg(test)]
mod tests {
    use super::*;
    use Connection::{Excellent, Good, Lost, Poor};

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    const UP: Facts = Facts {
        connected: true,
        round_trip: None,
        deficit: 0.0,
        paused: false,
        late: Duration::ZERO,
        way: None,
        unheard: None,
    };

    /// Percent lost up and down, round trip and jitter in milliseconds, deficit.
    fn verdict(up: f32, down: f32, round_trip: u64, jitter: u64, facts: Facts) -> Verdict {
        let mut line = Line::default();
        line.lost_up(up / 100.0);
        line.lost_down(down / 100.0);
        line.swings_down(ms(jitter));
        let (sample, news) = line.judge(&Facts { round_trip: Some(ms(round_trip)), ..facts }).unwrap();
        assert!(news, "the first word is one");
        sample.verdict
    }

    #[track_caller]
    fn check(up: f32, down: f32, round_trip: u64, jitter: u64, deficit: f32, expected: Connection) {
        assert_eq!(verdict(up, down, round_trip, jitter, Facts { deficit, ..UP }).connection, expected);
    }

    #[test]
    fn what_people_notice() {
        check(0.0, 0.0, 0, 0, 0.0, Excellent);
        check(0.0, 0.0, 150, 20, 0.0, Excellent);
        check(1.5, 1.5, 60, 10, 0.0, Excellent);
        check(3.0, 0.0, 60, 10, 0.0, Good);
        check(0.0, 3.0, 60, 10, 0.0, Good);
        check(0.0, 12.0, 60, 10, 0.0, Poor);
        check(12.0, 0.0, 60, 10, 0.0, Poor);
        check(0.0, 0.0, 500, 10, 0.0, Excellent);
        check(0.0, 0.0, 800, 20, 0.0, Good);
        check(0.0, 0.0, 1600, 50, 0.0, Poor);
        check(0.0, 0.0, 60, 200, 0.0, Good);
    }

    #[test]
    fn what_does_not_fit_is_missed() {
        check(0.0, 0.0, 60, 0, 0.2, Excellent);
        check(0.0, 0.0, 60, 0, 2.0 / 3.0, Good);
        check(0.0, 0.0, 60, 0, 1.0, Poor);
        check(0.0, 5.0, 60, 0, 2.0 / 3.0, Poor);
    }

    #[test]
    fn what_is_bad_has_its_cause() {
        let cause = |up, down, round_trip, jitter, facts| verdict(up, down, round_trip, jitter, facts).cause;
        assert_eq!(cause(0.0, 0.0, 60, 10, UP), None);
        assert_eq!(cause(5.0, 0.0, 60, 10, UP), None, "good still");
        assert_eq!(cause(12.0, 0.0, 60, 10, UP), Some(Cause::Upload));
        assert_eq!(cause(12.0, 20.0, 60, 10, UP), Some(Cause::Download));
        assert_eq!(cause(0.0, 0.0, 60, 0, Facts { deficit: 1.0, ..UP }), Some(Cause::Download));
        assert_eq!(cause(0.0, 0.0, 60, 400, UP), Some(Cause::Download));
        assert_eq!(cause(0.0, 0.0, 1600, 50, UP), Some(Cause::Delay));
        assert_eq!(cause(0.0, 0.0, 60, 10, Facts { late: ms(50), ..UP }), None, "nobody notices");
        assert_eq!(cause(0.0, 0.0, 60, 10, Facts { late: ms(250), ..UP }), Some(Cause::Server));
        assert_eq!(cause(15.0, 0.0, 60, 10, Facts { late: ms(150), ..UP }), Some(Cause::Server), "lost in our queues");
    }

    fn judge(line: &mut Line, loss: f32) -> Option<Connection> {
        line.lost_down(loss);
        line.lost_down(0.0);
        news(line, UP)
    }

    fn news(line: &mut Line, facts: Facts) -> Option<Connection> {
        line.judge(&facts).filter(|(_, news)| *news).map(|(sample, _)| sample.verdict.connection)
    }

    #[test]
    fn worse_is_told_at_once_and_better_when_it_lasts() {
        let mut line = Line::default();
        assert_eq!(line.judge(&Facts::default()), None, "not there yet");
        assert_eq!(judge(&mut line, 0.0), Some(Excellent));
        assert_eq!(judge(&mut line, 0.01), None);
        assert_eq!(judge(&mut line, 0.05), Some(Good));
        assert_eq!(judge(&mut line, 0.3), Some(Poor));
        assert_eq!(judge(&mut line, 0.0), None);
        assert_eq!(judge(&mut line, 0.3), None);
        assert_eq!(judge(&mut line, 0.0), None);
        assert_eq!(judge(&mut line, 0.05), Some(Good), "the worse of the two");
        assert_eq!(judge(&mut line, 0.0), None);
        assert_eq!(judge(&mut line, 0.0), Some(Excellent));
    }

    #[test]
    fn another_cause_is_news() {
        let mut line = Line::default();
        judge(&mut line, 0.3);
        line.lost_up(0.5);
        let (sample, news) = line.judge(&UP).unwrap();
        assert_eq!((sample.verdict.connection, sample.verdict.cause, news), (Poor, Some(Cause::Upload), true));
        assert_eq!((sample.lost_up, sample.lost_down), (0.5, 0.0), "counted anew each time");
    }

    #[test]
    fn who_is_gone_and_who_is_back_is_told_at_once() {
        let mut line = Line::default();
        judge(&mut line, 0.0);
        assert_eq!(news(&mut line, Facts::default()), Some(Lost));
        assert_eq!(news(&mut line, Facts::default()), None);
        assert_eq!(judge(&mut line, 0.0), Some(Excellent));
    }
}
