//! Whose credentials count no more, although they have not ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proto::ParticipantId;

use crate::LIFE;

/// Participants who have left, for as long as a credential of theirs could still be good. It outlives the server that it is of,
/// whatever broke there: half of a change that was begun keeps out whoever the whole would.
#[derive(Debug, Default)]
pub(crate) struct Revoked {
    /// The end of the last credential that they could have when they left. Bounded by [`MOST`].
    until: BTreeMap<ParticipantId, Duration>,
    ends: BTreeSet<(Duration, ParticipantId)>,
    /// When there are too many, the oldest is forgotten, and with it every credential that is as old as theirs:
    /// an honest owner of one has to get another, but nobody who was removed gets in.
    floor: Duration,
}

impl Revoked {
    /// No credential that this participant has by now is good any more.
    pub(crate) fn add(&mut self, unix: Duration, participant: ParticipantId) {
        self.forget_ended(unix);
        let until = unix + LIFE;
        if let Some(before) = self.until.insert(participant, until) {
            self.ends.remove(&(before, participant));
        }
        self.ends.insert((until, participant));
        if self.until.len() > MOST
            && let Some((until, oldest)) = self.ends.pop_first()
        {
            self.until.remove(&oldest);
            self.floor = self.floor.max(until);
        }
    }

    /// Whether a credential with this end counts no more.
    pub(crate) fn has(&mut self, unix: Duration, participant: ParticipantId, expires: Duration) -> bool {
        self.forget_ended(unix);
        expires <= self.floor || self.until.get(&participant).is_some_and(|until| expires <= *until)
    }

    fn forget_ended(&mut self, unix: Duration) {
        while let Some((until, participant)) = self.ends.first().copied().filter(|(until, _)| *until < unix) {
            self.ends.remove(&(until, participant));
            self.until.remove(&participant);
        }
    }
}

/// How many are remembered: 218 who leave in each second of [`LIFE`].
const MOST: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_left_stays_out_even_when_too_many_leave() {
        let (mut revoked, start) = (Revoked::default(), Duration::from_secs(1_000));
        let mallory = ParticipantId::from(0);
        let credential = start + LIFE;
        revoked.add(start, mallory);
        assert!(revoked.has(start, mallory, credential));
        assert!(!revoked.has(start, mallory, credential + Duration::from_secs(1)), "given after they left");
        assert!(!revoked.has(start, ParticipantId::from(1), credential));
        let later = start + Duration::from_secs(10);
        for other in 1..=MOST as u128 {
            revoked.add(later, ParticipantId::from(other));
        }
        assert_eq!(revoked.until.len(), MOST);
        assert!(revoked.has(later, mallory, credential), "forgotten, and in again");
        assert!(!revoked.has(later, ParticipantId::from(u128::MAX), later + LIFE), "an honest newcomer stays out");
        assert!(!revoked.has(later + LIFE + LIFE, mallory, later + LIFE + LIFE + LIFE));
        assert!(revoked.until.is_empty() && revoked.ends.is_empty(), "nothing is kept for ever");
    }
}
