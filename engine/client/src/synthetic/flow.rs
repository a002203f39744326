//! A receiver's account of one flow: what came, what is missing, what came late or twice.

use std::collections::BTreeSet;

/// The account of one flow of numbered packets, which begins with the first packet that arrives.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    range: Option<(u64, u64)>,
    missing: BTreeSet<u64>,
    given_up: u64,
    received: u64,
    late: u64,
    twice: u64,
}

impl Flow {
    /// An account in which nothing has come yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Packet `sequence` arrived.
    pub fn arrived(&mut self, sequence: u64) {
        let Some((first, last)) = self.range else {
            self.range = Some((sequence, sequence));
            self.received = 1;
            return;
        };
        if sequence > last {
            self.lack(last + 1, sequence);
            self.range = Some((first, sequence));
            self.received += 1;
        } else if self.missing.remove(&sequence) {
            self.late += 1;
            self.received += 1;
        } else if sequence >= first {
            self.twice += 1;
        }
        // What was sent before the first that arrived is not ours to account for.
    }

    /// The sender's last packet was `sequence`: what lies between counts as missing. Without any packet before, all of
    /// them do not count, since the account never began.
    pub fn ended(&mut self, sequence: u64) {
        if let Some((first, last)) = self.range
            && sequence > last
        {
            self.lack(last + 1, sequence + 1);
            self.range = Some((first, sequence));
        }
    }

    /// How many packets there were between the first and the last.
    pub fn expected(&self) -> u64 {
        self.range.map_or(0, |(first, last)| last - first + 1)
    }

    /// How many different ones arrived.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// How many did not arrive.
    pub fn lost(&self) -> u64 {
        self.missing.len() as u64 + self.given_up
    }

    /// Which ones did not arrive, as far as they are remembered.
    pub fn missing(&self) -> impl Iterator<Item = u64> + '_ {
        self.missing.iter().copied()
    }

    /// How many came after one that was sent later.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// How many came again.
    pub fn twice(&self) -> u64 {
        self.twice
    }

    fn lack(&mut self, from: u64, to: u64) {
        let kept = to.max(MOST_MISSING as u64) - MOST_MISSING as u64;
        self.given_up += kept.saturating_sub(from);
        self.missing.extend(from.max(kept)..to);
        while self.missing.len() > MOST_MISSING {
            self.missing.pop_first();
            self.given_up += 1;
        }
    }
}

/// Missing packets that are remembered one by one. Beyond, the oldest count as lost for good: nobody retransmits
/// what was sent thousands of packets ago.
const MOST_MISSING: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(arrivals: &[u64]) -> Flow {
        let mut flow = Flow::new();
        arrivals.iter().for_each(|s| flow.arrived(*s));
        flow
    }

    #[test]
    fn gaps_are_lost_until_they_are_filled() {
        let mut flow = flow(&[10, 11, 14, 12, 12]);
        assert_eq!((flow.expected(), flow.received(), flow.lost(), flow.late(), flow.twice()), (5, 4, 1, 1, 1));
        flow.ended(16);
        assert_eq!((flow.expected(), flow.lost()), (7, 3));
    }

    #[test]
    fn an_enormous_gap_is_counted_and_not_remembered() {
        let flow = flow(&[0, 1_000_000_000]);
        assert_eq!(flow.lost(), 999_999_999);
        assert_eq!(flow.missing.len(), MOST_MISSING);
    }

    #[test]
    fn what_came_before_the_beginning_does_not_count() {
        let flow = flow(&[5, 3, 6]);
        assert_eq!((flow.expected(), flow.received(), flow.lost()), (2, 2, 0));
    }
}
