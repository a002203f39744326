//! How the time between bursts changed on the way (draft-ietf-rmcat-gcc-02, sections 5.2 and 5.3).

/// Gathers packets into bursts and compares each with the one before.
#[derive(Debug, Default)]
pub(super) struct Groups {
    last: Option<Group>,
    current: Option<Group>,
}

/// Packets that were sent together, or that left a queue together. All times in microseconds; arrivals by the
/// receiver's clock.
#[derive(Debug, Clone, Copy)]
struct Group {
    first_sent: u64,
    last_sent: u64,
    first_arrived: i64,
    last_arrived: i64,
}

/// From the end of one burst to the end of the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// Milliseconds between the departures.
    pub(super) sent: f64,
    /// Milliseconds between the arrivals.
    pub(super) arrived: f64,
    /// When the later one arrived: microseconds of the receiver's clock.
    pub(super) at: i64,
}

impl Groups {
    /// Takes a packet, in the order of arrival. One that was overtaken by a later burst tells nothing and is left out.
    pub(super) fn add(&mut self, sent: u64, arrived: i64) -> Option<Step> {
        let fresh = Group { first_sent: sent, last_sent: sent, first_arrived: arrived, last_arrived: arrived };
        let Some(current) = &mut self.current else {
            self.current = Some(fresh);
            return None;
        };
        if sent < current.first_sent {
            return None;
        }
        if current.takes(sent, arrived) {
            current.last_sent = current.last_sent.max(sent);
            current.last_arrived = current.last_arrived.max(arrived);
            return None;
        }
        let current = self.current.replace(fresh)?;
        let last = self.last.replace(current)?;
        let sent = current.last_sent.saturating_sub(last.last_sent) as i64;
        let arrived = current.last_arrived.saturating_sub(last.last_arrived);
        if arrived < 0 || arrived.saturating_sub(sent) > JUMP {
            self.last = None;
            return None;
        }
        Some(Step { sent: sent as f64 / 1e3, arrived: arrived as f64 / 1e3, at: current.last_arrived })
    }

    /// Begins anew: nothing that follows can be compared with what was.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Group {
    fn takes(&self, sent: u64, arrived: i64) -> bool {
        let between = arrived.saturating_sub(self.last_arrived);
        let apart = sent.saturating_sub(self.last_sent) as i64;
        let together = between <= BURST && between < apart && arrived.saturating_sub(self.first_arrived) < LONGEST;
        sent - self.first_sent <= BURST as u64 || together
    }
}

/// What is sent within this time is one burst, and what arrives within it closer than it was sent has waited together
/// (section 5.2); in microseconds.
const BURST: i64 = 5_000;
/// But no longer than this, as in libwebrtc (`kMaxBurstDuration`): a queue that empties for long has something to tell.
const LONGEST: i64 = 100_000;
/// A clock that was set, not a queue, as in libwebrtc (`kArrivalTimeOffsetThreshold`).
const JUMP: i64 = 3_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(packets: &[(u64, i64)]) -> Vec<(f64, f64)> {
        let mut groups = Groups::default();
        let steps = packets.iter().filter_map(|(sent, at)| groups.add(sent * 1000, at * 1000));
        steps.map(|step| (step.sent, step.arrived)).collect()
    }

    #[test]
    fn bursts_are_compared_by_their_ends() {
        let packets = [(0, 50), (2, 52), (4, 60), (30, 80), (33, 84), (60, 120), (90, 150)];
        assert_eq!(steps(&packets), [(29.0, 24.0), (27.0, 36.0)]);
    }

    #[test]
    fn what_waited_together_is_one_burst() {
        assert_eq!(
            steps(&[(0, 50), (20, 100), (40, 101), (60, 102), (80, 130), (100, 150)]),
            [(60.0, 52.0), (20.0, 28.0)]
        );
    }

    #[test]
    fn what_was_overtaken_and_what_jumps_is_left_out() {
        assert_eq!(steps(&[(0, 50), (20, 70), (10, 71), (40, 90), (60, 110)]), [(20.0, 20.0), (20.0, 20.0)]);
        assert_eq!(steps(&[(0, 50), (20, 9000), (40, 9020), (60, 9040), (80, 9060)]), [(20.0, 20.0)]);
        assert_eq!(steps(&[(0, 50), (20, 40), (40, 90)]), []);
    }
}
