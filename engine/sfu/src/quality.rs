//! A verdict on each peer's connection: how its media arrives at either end, and how much of what it wants fits.
//!
//! Each direction gets a score from 0 to 100 in the manner of the E-model (ITU-T G.107), reduced to what is known here:
//! what is lost, how long the way is and how much that swings. Pictures that the line had no room for cost the downward
//! direction as much as they would be missed. The worse direction counts.

use std::time::Duration;

use proto::media::Connection;

/// What is known of one peer's connection.
#[derive(Debug, Default)]
pub(crate) struct Line {
    up: Way,
    down: Way,
    told: Option<Connection>,
    /// What the last verdict was, where it was better than what was told.
    better: Option<Connection>,
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

    /// The verdict on the time since the last one, if it is another: a worse one at once, a better one when it was better
    /// twice. There is none on who is still on the way in. `deficit` is the part of the layers wanted that there was no
    /// bandwidth for, from 0 to 1.
    pub(crate) fn judge(&mut self, connected: bool, round_trip: Option<Duration>, deficit: f32) -> Option<Connection> {
        let (up, down) = (std::mem::take(&mut self.up), std::mem::take(&mut self.down));
        if !connected && self.told.is_none() {
            return None;
        }
        let score = up.score(round_trip).min(down.score(round_trip) - ALL_MISSED * deficit);
        let verdict = match score {
            _ if !connected => Connection::Lost,
            s if s > EXCELLENT => Connection::Excellent,
            s if s > GOOD => Connection::Good,
            _ => Connection::Poor,
        };
        let former = self.better.take();
        let verdict = match self.told {
            // Who is back is back: that was no matter of degree.
            Some(told) if verdict > told && told != Connection::Lost => {
                self.better = Some(verdict);
                former.map_or(told, |former| former.min(verdict))
            }
            _ => verdict,
        };
        (self.told.replace(verdict) != Some(verdict)).then_some(verdict)
    }
}

impl Way {
    fn score(&self, round_trip: Option<Duration>) -> f32 {
        // A receiver that plays without gaps has to wait for the late ones, about twice as long as they are late on average.
        let delay = (round_trip.unwrap_or_default() / 2 + self.jitter * 2).as_secs_f32() * 1000.0;
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

#[cfg(test)]
mod tests {
    use super::*;
    use Connection::{Excellent, Good, Lost, Poor};

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Percent lost up and down, round trip and jitter in milliseconds, deficit.
    #[track_caller]
    fn check(up: f32, down: f32, round_trip: u64, jitter: u64, deficit: f32, expected: Connection) {
        let mut line = Line::default();
        line.lost_up(up / 100.0);
        line.lost_down(down / 100.0);
        line.swings_down(ms(jitter));
        assert_eq!(line.judge(true, Some(ms(round_trip)), deficit), Some(expected));
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

    fn judge(line: &mut Line, loss: f32) -> Option<Connection> {
        line.lost_down(loss);
        line.lost_down(0.0);
        line.judge(true, None, 0.0)
    }

    #[test]
    fn worse_is_told_at_once_and_better_when_it_lasts() {
        let mut line = Line::default();
        assert_eq!(line.judge(false, None, 0.0), None, "not there yet");
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
    fn who_is_gone_and_who_is_back_is_told_at_once() {
        let mut line = Line::default();
        judge(&mut line, 0.0);
        assert_eq!(line.judge(false, None, 0.0), Some(Lost));
        assert_eq!(line.judge(false, None, 0.0), None);
        assert_eq!(judge(&mut line, 0.0), Some(Excellent));
    }
}
