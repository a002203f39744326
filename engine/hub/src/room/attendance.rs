//! Who has to do with a meeting, person by person: who is or was in, who waits or is expected, and with which participants
//! they are there.
//!
//! What follows from a change in here is the business of `door`, `acts` and `attending`.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    time::Instant,
};

use proto::{ParticipantId, Person, Refusal, Role};

use crate::participant::pace::Pace;

/// The most people who wait at once: more than anybody would look through. One more is told that the room is full.
const WAITING: usize = 300;

/// The most of them from one place: two large classes of one school. One more is told that the room is full; from elsewhere others
/// may still knock.
const WAITING_AT_ONE_PLACE: usize = WAITING / 4;

/// The most people who are remembered as having been in: several times what a room holds at once. The one who has been away
/// since the earliest coming is forgotten first, and has to knock again; when nobody is away, one more is told that the room
/// is full.
const REMEMBERED: usize = 2_000;

/// The most people who hold a ticket and have not come yet: twice what the largest room holds. The one whose ticket ends
/// first is forgotten, and has to knock again.
const EXPECTED: usize = 1_000;

/// What one person is to a meeting.
#[derive(Debug)]
pub(crate) struct Attendance {
    /// The name that is shown.
    pub(crate) name: String,
    /// Whether somebody who leads gave that name: then it stays whatever the person says on coming back.
    pub(crate) renamed: bool,
    /// Where the picture of the person's account is, as last told.
    pub(crate) avatar: Option<String>,
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
        /// Where the person asks from, as far as limits tell places apart.
        from: Option<IpAddr>,
        /// When the knock is forgotten; `None` while a line attends.
        until: Option<Instant>,
        /// Whether a host sent them there from inside: then no rule lets them in, somebody has to.
        moved: bool,
    },
    /// Holds a ticket and has not come yet: nobody sees them, so they are told nothing of the meeting and can do nothing in
    /// it.
    Expected {
        /// Since when, in milliseconds since 1970.
        since: u64,
        /// When the ticket is good no more.
        until: Instant,
        /// Whether somebody let them in, and not only the rules: then a rule that changes does not send them away again.
        by_hand: bool,
        /// The device that no line has been told of yet: somebody was let in whose line was lost just then.
        unheard: Option<String>,
    },
    /// Came in; may be away.
    In {
        /// Since when, in milliseconds since 1970.
        since: u64,
    },
}

impl Attendance {
    /// Somebody who was not there before.
    pub(crate) fn new(name: String, role: Role, standing: Standing) -> Self {
        Self {
            name,
            renamed: false,
            avatar: None,
            role,
            standing,
            hand: None,
            participants: BTreeSet::new(),
            reactions: Pace::default(),
            hands: Pace::default(),
        }
    }

    /// With the picture of the person's account.
    pub(crate) fn seen_as(self, avatar: Option<String>) -> Self {
        Self { avatar, ..self }
    }

    /// Whether the person came in, be it away now.
    pub(crate) fn is_in(&self) -> bool {
        matches!(self.standing, Standing::In { .. })
    }

    /// Whether the person is in now, where others see it: one who is away neither hears nor does anything.
    pub(crate) fn is_present(&self) -> bool {
        self.is_in() && !self.participants.is_empty()
    }

    /// Whether the person holds a ticket and has not come yet.
    pub(crate) fn is_expected(&self) -> bool {
        matches!(self.standing, Standing::Expected { .. })
    }

    /// Whether the person waits.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.standing, Standing::Waiting { .. })
    }

    /// Whether the person waits because a host sent them there.
    pub(crate) fn is_moved(&self) -> bool {
        matches!(self.standing, Standing::Waiting { moved: true, .. })
    }

    /// Since when the person is what it is, in milliseconds since 1970.
    pub(crate) fn since(&self) -> u64 {
        match self.standing {
            Standing::Waiting { since, .. } | Standing::Expected { since, .. } | Standing::In { since } => since,
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

    /// Takes somebody new up, within the limits. Gives back who was forgotten for that although the ticket is still good.
    pub(crate) fn add(&mut self, person: &Person, attendance: Attendance) -> Result<Option<Person>, Refusal> {
        let kind = std::mem::discriminant(&attendance.standing);
        let alike = |known: &Attendance| std::mem::discriminant(&known.standing) == kind;
        let others = self.people.iter().filter(|(other, known)| *other != person && alike(known));
        let (most, fewer) = match attendance.standing {
            Standing::Waiting { .. } => (WAITING, None),
            Standing::Expected { .. } => (EXPECTED, others.clone().min_by_key(|(_, known)| known.since())),
            Standing::In { .. } => {
                let away = others.clone().filter(|(_, known)| known.participants.is_empty());
                (REMEMBERED, away.min_by_key(|(_, known)| known.since()))
            }
        };
        if let Standing::Waiting { from: Some(place), .. } = attendance.standing {
            let there =
                |known: &Attendance| matches!(known.standing, Standing::Waiting { from, .. } if from == Some(place));
            if others.clone().filter(|(_, known)| there(known)).count() >= WAITING_AT_ONE_PLACE {
                return Err(Refusal::RoomFull);
            }
        }
        let mut forgotten = None;
        if others.count() >= most {
            let first = fewer.map(|(person, _)| person.clone()).ok_or(Refusal::RoomFull)?;
            forgotten = self.people.remove(&first).filter(Attendance::is_expected).map(|_| first);
        }
        self.people.insert(person.clone(), attendance);
        Ok(forgotten)
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
            let from = Some(IpAddr::from((since as u32).to_be_bytes()));
            let standing = Standing::Waiting { since, device: String::new(), from, until: None, moved: false };
            let added = people.add(&guest(since), attendance(standing));
            assert_eq!(added.is_ok(), since < WAITING as u64);
        }
        assert_eq!(people.waiting().len(), WAITING);
    }

    #[test]
    fn one_place_cannot_fill_the_lobby() {
        let mut people = Attendances::default();
        let mut knock = |n: u64, from: [u8; 4]| {
            let from = Some(IpAddr::from(from));
            let standing = Standing::Waiting { since: n, device: String::new(), from, until: None, moved: false };
            people.add(&guest(n), attendance(standing)).is_ok()
        };
        assert_eq!((0..1_000).filter(|n| knock(*n, [10, 0, 0, 1])).count(), WAITING_AT_ONE_PLACE);
        assert!(knock(1_000, [10, 0, 0, 2]), "others still wait");
    }

    #[test]
    fn who_has_been_away_the_longest_is_forgotten_first() {
        let mut people = Attendances::default();
        for since in 0..REMEMBERED as u64 {
            people.add(&guest(since), attendance(Standing::In { since })).unwrap();
        }
        for n in [0, 1] {
            people.of_mut(&guest(n)).unwrap().participants.insert(ParticipantId::from(1));
        }
        people.add(&guest(9_999), attendance(Standing::In { since: 9_999 })).unwrap();
        assert!(people.of(&guest(1)).is_some() && people.of(&guest(2)).is_none());
        for (n, (_, attendance)) in people.people.iter_mut().enumerate() {
            attendance.participants.insert(ParticipantId::from(n as u128));
        }
        let refused = people.add(&guest(10_000), attendance(Standing::In { since: 0 }));
        assert_eq!(refused, Err(Refusal::RoomFull));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    fn tickets_that_nobody_uses_are_bounded_and_push_nobody_else_out() {
        let until = Instant::now();
        let mut people = Attendances::default();
        people.add(&guest(9_999), attendance(Standing::In { since: 0 })).unwrap();
        for since in 0..=EXPECTED as u64 {
            let standing = Standing::Expected { since, until, by_hand: false, unheard: None };
            let forgotten = people.add(&guest(since), attendance(standing)).unwrap();
            assert_eq!(forgotten, (since == EXPECTED as u64).then(|| guest(0)));
        }
        assert!(people.of(&guest(9_999)).is_some() && people.people.len() == EXPECTED + 1);
    }
}
