//! Who gets sound more than once: whoever loses so many packets that words go missing.
//!
//! Sound that is asked for again would come too late, so it has to go more than once beforehand. Where its publisher sends copies
//! (RFC 2198) and the receiver takes them, each packet brings the two pieces before it. Elsewhere (either is Firefox, or the
//! sound is encrypted end to end) each datagram leaves again, byte for byte, together with the next two: the receiver takes the
//! first that comes and drops the others by their number, before it counts anything.
//!
//! Sending more does not help a line that is too narrow. Where its width is known,
//! [`Downlink`](super::downlink::Downlink) looks for room first. Where it is not, since sound alone is not counted, what was
//! begun has to prove itself: it ends when the loss does not become less by it.

use std::time::{Duration, Instant};

/// Whether one receiver gets sound more than once, by what it says of the sound that it gets.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    /// The last time that it was on; it may be over.
    last: Option<On>,
    /// Not before.
    barred: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct On {
    since: Instant,
    /// Its end, unless something is lost before.
    until: Instant,
    /// How long nothing has to be lost.
    calm: Duration,
    /// The part that was lost when it began, from 0 to 1.
    part: f32,
}

/// What a receiver said of one stream of sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Told {
    /// The part that it lost on its own line, from 0 to 1.
    pub(crate) part: f32,
    /// Whether the stream's datagrams leave again. Then only those count as lost that never came.
    pub(crate) again: bool,
}

impl Guard {
    /// Notes what a receiver said.
    pub(crate) fn reported(&mut self, now: Instant, told: Told) {
        if self.barred.is_some_and(|until| now < until) {
            return;
        }
        let Some(on) = self.last.as_mut().filter(|on| now < on.until) else {
            if told.part >= MANY {
                // It was not the line that had become better.
                let soon = self.last.filter(|on| now.saturating_duration_since(on.until) < SOON);
                let calm = soon.map_or(CALM, |on| (on.calm * 2).min(LONGEST_CALM));
                self.last = Some(On { since: now, until: now + calm, calm, part: told.part });
            }
            return;
        };
        let helped = on.part * if told.again { 1.0 } else { MORE };
        if told.part > helped && now.saturating_duration_since(on.since) > SETTLES {
            (self.last, self.barred) = (None, Some(now + BARRED));
        } else if told.part > if told.again { 0.0 } else { FEW } {
            on.until = now + on.calm;
        }
    }

    /// Whether sound is to go more than once.
    pub(crate) fn is_on(&self, now: Instant) -> bool {
        self.last.is_some_and(|on| now < on.until)
    }
}

/// A loss that is heard in spite of one copy and what a decoder makes up: three in a hundred.
const MANY: f32 = 0.03;
/// Where copies go along, a report tells of all that the line loses, and good ones lose one in a hundred now and then.
const FEW: f32 = 0.01;
/// So long without a loss, the line is good. Where datagrams leave again, a line that loses one in ten still loses one in a
/// thousand, every twenty seconds at fifty packets a second. One that loses one in twenty does so every 160 seconds: it is
/// taken for good, until its next report.
const CALM: Duration = Duration::from_secs(60);
/// Within so long after its end, what is lost again was lost all the time. Then it lasts twice as long as the last time.
const SOON: Duration = Duration::from_secs(30);
/// A meeting is not much longer.
const LONGEST_CALM: Duration = Duration::from_secs(16 * 60);
/// Reports come every five seconds at the latest, and the first one of another stream also tells of the time before.
const SETTLES: Duration = Duration::from_secs(8);
/// With copies, packets are half as large again at most: a line that then loses three times as much was full before. Where all
/// of it leaves three times, it is enough that no less is lost.
const MORE: f32 = 3.0;
/// What took a line's room away may be gone by then.
const BARRED: Duration = Duration::from_secs(120);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    /// Plays reports: after how many seconds which part was lost. Returns from which second on it was on, until which.
    fn play(again: bool, reports: &[(u64, f32)]) -> Vec<(u64, u64)> {
        let (mut guard, start) = (Guard::default(), start());
        let last = reports.last().map_or(0, |(at, _)| *at);
        let mut on: Vec<(u64, u64)> = Vec::new();
        for second in 0..=last {
            let now = start + Duration::from_secs(second);
            for (_, part) in reports.iter().filter(|(at, _)| *at == second) {
                guard.reported(now, Told { part: *part, again });
            }
            match on.last_mut() {
                Some((_, until)) if guard.is_on(now) && *until == second => *until += 1,
                _ if guard.is_on(now) => on.push((second, second + 1)),
                _ => {}
            }
        }
        on
    }

    #[test]
    fn it_begins_with_many_losses_and_ends_a_minute_after_the_last() {
        let told = [(0, 0.02), (5, 0.1), (30, 0.004), (70, 0.0), (91, 0.004), (100, 0.0)];
        assert_eq!(play(true, &told), [(5, 90)], "a good line loses one now and then");
        assert_eq!(play(false, &told), [(5, 65)], "one in 250 is few where all that is lost is told");
    }

    #[test]
    fn whoever_loses_many_again_soon_is_guarded_for_longer() {
        let told = [(0, 0.05), (65, 0.05), (190, 0.05), (500, 0.0), (600, 0.05), (700, 0.0)];
        assert_eq!(play(true, &told), [(0, 60), (65, 185), (190, 430), (600, 660)]);
    }

    #[test]
    fn what_does_not_help_ends() {
        assert_eq!(play(true, &[(0, 0.04), (5, 0.3), (12, 0.05), (60, 0.3), (140, 0.0)]), [(0, 12)]);
        assert_eq!(play(true, &[(0, 0.04), (12, 0.3), (133, 0.3), (134, 0.0)]), [(0, 12), (133, 135)]);
        assert_eq!(play(false, &[(0, 0.04), (12, 0.1), (20, 0.13), (30, 0.0)]), [(0, 20)]);
    }
}
