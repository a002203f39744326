//! Whose media tokens count no more, although they were signed well: people who were removed or sent
//! to the lobby, or whose meeting was ended.
//!
//! It outlives the rooms, because tokens do; the ban that is kept with a room is the store's.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

pub(crate) use proto::memory::Return;
use proto::{AccountId, Person, RoomName};

/// How long somebody is remembered: longer than the ten minutes for which the last token is good.
const REMEMBERED: Duration = Duration::from_secs(900);

/// The most that are remembered: ten rooms of the largest kind, emptied within a quarter of an hour, twice. Who would be
/// forgotten first anyway is forgotten.
const MOST: usize = 10_000;

/// Who is barred from which room.
#[derive(Debug, Default)]
pub(crate) struct Barred {
    people: BTreeMap<(RoomName, Person), (Return, Instant)>,
}

impl Barred {
    /// Bars somebody; who may never come back still may not after a milder word.
    pub(crate) fn bar(&mut self, now: Instant, room: &RoomName, person: &Person, way: Return) {
        let way = self.find(now, room, person).map_or(way, |known| known.max(way));
        self.people.insert((room.clone(), person.clone()), (way, now + REMEMBERED));
        if self.people.len() > MOST {
            self.people.retain(|_, (_, until)| *until > now);
        }
        if self.people.len() > MOST
            && let Some(first) = self.people.iter().min_by_key(|(_, (_, until))| *until).map(|(key, _)| key.clone())
        {
            self.people.remove(&first);
        }
    }

    /// How somebody who is barred may come back; `None` for everybody else.
    pub(crate) fn find(&self, now: Instant, room: &RoomName, person: &Person) -> Option<Return> {
        let (way, until) = self.people.get(&(room.clone(), person.clone()))?;
        (*until > now).then_some(*way)
    }

    /// Everybody who is barred from a room, how, and until when.
    pub(crate) fn of<'a>(
        &'a self,
        now: Instant,
        room: &'a RoomName,
    ) -> impl Iterator<Item = (&'a Person, Return, Instant)> {
        // The first of all people in the order of the map.
        let first = (room.clone(), Person::Account(AccountId::from(0)));
        let all = self.people.range(first..).take_while(move |((of, _), _)| of == room);
        all.filter(move |(_, (_, until))| *until > now).map(|((_, person), (way, until))| (person, *way, *until))
    }

    /// Bars somebody again as before a restart.
    pub(crate) fn restore(&mut self, room: &RoomName, person: Person, way: Return, until: Instant) {
        if self.people.len() < MOST {
            self.people.insert((room.clone(), person), (way, until));
        }
    }

    /// Somebody may come back after all: by the door, not with an old token.
    pub(crate) fn pardon(&mut self, room: &RoomName, person: &Person) {
        if let Some((way, _)) = self.people.get_mut(&(room.clone(), person.clone())) {
            *way = Return::Door;
        }
    }

    /// Somebody came in by the door.
    pub(crate) fn lift(&mut self, room: &RoomName, person: &Person) {
        self.people.remove(&(room.clone(), person.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
    fn it_is_bounded_and_ends_by_itself() {
        let (now, room) = (Instant::now(), "standup".parse().unwrap());
        let person = |n: usize| Person::Guest(format!("{n:016}"));
        let mut barred = Barred::default();
        for n in 0..=MOST {
            barred.bar(now + Duration::from_millis(n as u64), &room, &person(n), Return::Never);
        }
        assert_eq!(barred.people.len(), MOST);
        assert_eq!(barred.find(now, &room, &person(0)), None, "the first was forgotten");
        barred.bar(now, &room, &person(1), Return::Door);
        assert_eq!(barred.find(now, &room, &person(1)), Some(Return::Never));
        assert_eq!(barred.find(now + REMEMBERED, &room, &person(1)), None);
    }
}
