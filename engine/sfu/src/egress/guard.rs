//! Who gets sound more than once: whoever loses so many packets that words go missing.
//!
//! Sound that is asked for again would come too late, so it has to go more than once beforehand. Where its publisher sends copies
//! (RFC 2198) and the receiver takes them, each packet brings the two pieces before it. Elsewhere (either is Firefox, or the
//! sound is encrypted end to end) each datagram leaves again, byte for byte, together with the next two: the receiver takes the
//! first that comes and drops the others by their number, before it counts anything.

use std::time::{Duration, Instant};

/// What one receiver says of the sound that it gets.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    until: Option<Instant>,
}

impl Guard {
    /// Notes that a `part` of a stream of sound was lost, from 0 to 1.
    pub(crate) fn reported(&mut self, now: Instant, part: f32) {
        // Once datagrams leave again, few are missing at the end of a bad line; but it is not a good one before none is.
        if part >= MANY || (part > 0.0 && self.is_on(now)) {
            self.until = Some(now + CALM);
        }
    }

    /// Whether sound is to go more than once.
    pub(crate) fn is_on(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }
}

/// A loss that is heard in spite of one copy and what a decoder makes up: three in a hundred; a report says it in parts of 256.
const MANY: f32 = 0.03;
/// So long without a single loss, the line is good. Where datagrams leave again, a line that loses one in ten loses one in a
/// thousand for good, every twenty seconds at fifty packets a second: it never counts as good. One that loses one in twenty does
/// so every 160 seconds: now and then it is left alone, until its next report, some seconds later.
const CALM: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    #[test]
    fn it_begins_with_many_losses_and_ends_a_minute_after_the_last() {
        let (mut guard, now) = (Guard::default(), start());
        let at = |seconds| now + Duration::from_secs(seconds);
        guard.reported(at(0), 0.02);
        assert!(!guard.is_on(at(0)));
        guard.reported(at(5), 0.1);
        assert!(guard.is_on(at(5)) && guard.is_on(at(64)));
        guard.reported(at(30), 0.004);
        guard.reported(at(70), 0.0);
        assert!(guard.is_on(at(89)));
        assert!(!guard.is_on(at(90)));
        guard.reported(at(91), 0.004);
        assert!(!guard.is_on(at(91)), "a good line loses one now and then");
    }
}
