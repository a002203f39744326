//! Who was given a ticket for which room of late: they may say how the meeting was when it is over, also after the hub has
//! forgotten it. Kept in memory alone: after a restart nobody is asked any more, and nothing else is lost.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use proto::{Person, RoomId};

/// The stays of late.
///
/// A lock and not a task, as in [`crate::http::limit`].
#[derive(Debug, Default)]
pub struct Stays(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    until: BTreeMap<(RoomId, Person), Instant>,
    /// In the order of coming; those that came again stand there again.
    order: VecDeque<(Instant, RoomId, Person)>,
}

impl Stays {
    /// Somebody was given a ticket.
    pub fn note(&self, now: Instant, room: RoomId, person: &Person) {
        // A panic elsewhere leaves the map whole: what stands in one part alone is dropped in its turn.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = now + KEPT;
        known.until.insert((room, person.clone()), until);
        known.order.push_back((until, room, person.clone()));
        while known.order.len() > STAYS || known.order.front().is_some_and(|(until, ..)| *until <= now) {
            let Some((until, room, person)) = known.order.pop_front() else { break };
            let key = (room, person);
            if known.until.get(&key) == Some(&until) {
                known.until.remove(&key);
            }
        }
    }

    /// Whether somebody was in a room of late.
    pub fn knows(&self, now: Instant, room: RoomId, person: &Person) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.until.get(&(room, person.clone())).is_some_and(|until| *until > now)
    }
}

/// So long after coming somebody may say how it was: longer than any meeting.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// So many comings are remembered; the oldest are forgotten, and not asked any more.
const STAYS: usize = 50_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_is_known_for_a_day_and_the_oldest_are_forgotten_first() {
        let (stays, now) = (Stays::default(), Instant::now());
        let guest = |n: u64| Person::Guest(format!("{n:016}"));
        let room = RoomId::from(1);
        stays.note(now, room, &guest(0));
        assert!(stays.knows(now, room, &guest(0)) && !stays.knows(now, room, &guest(1)));
        assert!(!stays.knows(now, RoomId::from(2), &guest(0)), "of this room alone");
        assert!(!stays.knows(now + KEPT, room, &guest(0)));
        let later = now + Duration::from_secs(60);
        stays.note(later, room, &guest(0));
        for n in 1..STAYS as u64 {
            stays.note(later, room, &guest(n));
        }
        assert!(stays.knows(later, room, &guest(0)), "came again");
        stays.note(later, room, &guest(STAYS as u64));
        assert!(!stays.knows(later, room, &guest(0)) && stays.knows(later, room, &guest(1)));
        assert_eq!(stays.0.lock().unwrap().until.len(), STAYS);
        stays.note(later + KEPT, room, &guest(7));
        assert_eq!(stays.0.lock().unwrap().until.len(), 1, "nothing old is kept");
    }
}
