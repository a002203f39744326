//! Who has to do with a meeting, person by person: who was let in, who waits, and with which participants they are there.
//!
//! What follows from a change in here is the business of `door`, `acts` and `attending`.

use std::{collections::BTreeMap, collections::BTreeSet, time::Instant};

use proto::{ParticipantId, Person, Refusal, Role};

use crate::participant::pace::Pace;

/// The most people who wait at once: more than anybody would look through. One more is told that the room is full.
const WAITING: usize = 100;

/// The most people who are remembered as let in: several times what a room holds at once. The one who has been away since
/// the earliest coming is forgotten first, and has to knock again; when nobody is away, one more is told that the room is
/// full.
const REMEMBERED: usize = 2_000;

/// What one person is to a meeting.
#[derive(Debug)]
pub(crate) struct Attendance {
    /// The name that is shown.
    pub(crate) name: String,
    /// What the person is here; a meeting can make somebody more than the store says.
    pub(crate) role: Role,
    /// In or at the door.
    pub(crate) standing: Standing,
    /// Since when the hand is up, in milliseconds since 1970.
    pub(crate) hand: Option<u64>,
    /// The person's participants, one for each device. Bounded by [`crate::Config::participants_per_room`].
    pub(crate) participants: BTreeSet<ParticipantId>,
    /// How much the person has reacted of late.
    pub(crate) reactions: Pace,
    /// How often the hand went up or down of late.
    pub(crate) hands: Pace,
}

/// Whether somebody was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Waits to be let in.
    Waiting {
        /// Since when, in milliseconds since 1970.
        since: u64,
        /// What the identity of the stay will end in.
        device: String,
        /// When the knock is forgotten; `None` while a line attends.
        until: Option<Instant>,
    },
    /// Was let in; may be away.
    In {
        /// Since when, in milliseconds since 1970.
        since: u64,
        /// The device that no line has been told of yet: somebody was let in whose line was lost just then.
        unheard: Option<String>,
    },
}

impl Attendance {
    /// Somebody who was not there before.
    pub(crate) fn new(name: String, role: Role, standing: Standing) -> Self {
        Self {
            name,
            role,
            standing,
            hand: None,
            participants: BTreeSet::new(),
            reactions: Pace::default(),
            hands: Pace::default(),
        }
    }

    /// Whether the person was let in.
    pub(crate) fn is_in(&self) -> bool {
        matches!(self.standing, Standing::In { .. })
    }

    /// Whether the person waits.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.standing, Standing::Waiting { .. })
    }

    /// Since when the person is what it is, in milliseconds since 1970.
    pub(crate) fn since(&self) -> u64 {
        match self.standing {
            Standing::Waiting { since, .. } | Standing::In { since, .. } => since,
        }
    }
}

/// The people of one meeting.
#[derive(Debug, Default)]
pub(crate) struct Attendances {
    people: BTreeMap<Person, Attendance>,
}

impl Attendances {
    /// What a person is to the meeting, if anything.
    pub(crate) fn of(&self, person: &Person) -> Option<&Attendance> {
        self.people.get(person)
    }

    /// The same, to change it.
    pub(crate) fn of_mut(&mut self, person: &Person) -> Option<&mut Attendance> {
        self.people.get_mut(person)
    }

    /// Everybody.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Person, &Attendance)> {
        self.people.iter()
    }

    /// Who waits, the longest first.
    pub(crate) fn waiting(&self) -> Vec<Person> {
        let mut waiting: Vec<_> = self.people.iter().filter(|(_, attendance)| attendance.waits()).collect();
        waiting.sort_by_key(|(_, attendance)| attendance.since());
        waiting.into_iter().map(|(person, _)| person.clone()).collect()
    }

    /// Whether anybody waits.
    pub(crate) fn anybody_waits(&self) -> bool {
        self.people.values().any(Attendance::waits)
    }

    /// Takes somebody new up, within the limits.
    pub(crate) fn add(&mut self, person: &Person, attendance: Attendance) -> Result<(), Refusal> {
        let alike = self.people.values().filter(|known| known.is_in() == attendance.is_in()).count();
        if attendance.waits() && alike >= WAITING {
            return Err(Refusal::RoomFull);
        }
        if attendance.is_in() && alike >= REMEMBERED {
            let away = self.people.iter().filter(|(_, known)| known.is_in() && known.participants.is_empty());
            let first = away.min_by_key(|(_, known)| known.since()).map(|(person, _)| person.clone());
            self.people.remove(&first.ok_or(Refusal::RoomFull)?);
        }
        self.people.insert(person.clone(), attendance);
        Ok(())
    }

    /// Forgets somebody.
    pub(crate) fn remove(&mut self, person: &Person) -> Option<Attendance> {
        self.people.remove(person)
    }

    /// Forgets everybody; gives back who that was.
    pub(crate) fn clear(&mut self) -> BTreeMap<Person, Attendance> {
        std::mem::take(&mut self.people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest(n: u64) -> Person {
        Person::Guest(format!("{n:016}"))
    }

    fn attendance(standing: Standing) -> Attendance {
        Attendance::new(String::new(), Role::Guest, standing)
    }

    #[test]
    fn one_more_than_may_wait_is_refused() {
        let mut people = Attendances::default();
        for since in 0..=WAITING as u64 {
            let standing = Standing::Waiting { since, device: String::new(), until: None };
            let added = people.add(&guest(since), attendance(standing));
            assert_eq!(added.is_ok(), since < WAITING as u64);
        }
        assert_eq!(people.waiting().len(), WAITING);
    }

    #[test]
    fn who_has_been_away_the_longest_is_forgotten_first() {
        let mut people = Attendances::default();
        for since in 0..REMEMBERED as u64 {
            people.add(&guest(since), attendance(Standing::In { since, unheard: None })).unwrap();
        }
        for n in [0, 1] {
            people.of_mut(&guest(n)).unwrap().participants.insert(ParticipantId::from(1));
        }
        people.add(&guest(9_999), attendance(Standing::In { since: 9_999, unheard: None })).unwrap();
        assert!(people.of(&guest(1)).is_some() && people.of(&guest(2)).is_none());
        for (n, (_, attendance)) in people.people.iter_mut().enumerate() {
            attendance.participants.insert(ParticipantId::from(n as u128));
        }
        let refused = people.add(&guest(10_000), attendance(Standing::In { since: 0, unheard: None }));
        assert_eq!(refused, Err(Refusal::RoomFull));
    }
}
