//! Which pages attend which rooms over an event socket.
//!
//! A line outlives the rooms that it attends: a page that waits for its room to come back is told when it does. What a
//! line is told is `room::attending`.

use std::collections::{BTreeMap, BTreeSet};

use proto::{LineId, Person, Refusal, RoomName};

/// The most lines of one person in one room: a laptop, a telephone and some forgotten tabs. The oldest is dropped.
const OF_ONE: usize = 8;

/// The most lines that attend one room: several times the people that the largest holds. One more is refused.
const OF_ROOM: usize = 4_000;

/// One page that attends a room.
#[derive(Debug)]
pub(crate) struct Line {
    /// The room, live or not.
    pub(crate) room: RoomName,
    /// Who.
    pub(crate) person: Person,
    /// What it was told last.
    pub(crate) told: Told,
}

/// What a line was told last; only what is new is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing yet: it waits for its first answer.
    Nothing,
    /// That its person neither is in nor waits, or what ended that.
    Outside,
    /// That its person waits.
    Waiting {
        /// Whether somebody could let them in.
        host_present: bool,
        /// Whether they were sent there from inside.
        moved: bool,
    },
    /// The state of the meeting.
    Meeting,
}

/// All lines. Bounded by the event sockets that the shell keeps open, one entry for each.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    lines: BTreeMap<LineId, Line>,
    rooms: BTreeMap<RoomName, BTreeMap<Person, BTreeSet<LineId>>>,
}

impl Lines {
    /// Notes that a line attends a room, and no other from then on. Gives back a line that had to make place for it.
    pub(crate) fn attend(&mut self, line: LineId, room: &RoomName, person: &Person) -> Result<Option<LineId>, Refusal> {
        self.quit(line);
        let people = self.rooms.entry(room.clone()).or_default();
        if people.values().map(BTreeSet::len).sum::<usize>() >= OF_ROOM {
            return Err(Refusal::RoomFull);
        }
        let own = people.entry(person.clone()).or_default();
        let dropped = if own.len() >= OF_ONE { own.pop_first() } else { None };
        own.insert(line);
        if let Some(dropped) = dropped {
            self.lines.remove(&dropped);
        }
        let entry = Line { room: room.clone(), person: person.clone(), told: Told::Nothing };
        self.lines.insert(line, entry);
        Ok(dropped)
    }

    /// Forgets a line; gives back what it attended.
    pub(crate) fn quit(&mut self, line: LineId) -> Option<Line> {
        let left = self.lines.remove(&line)?;
        if let Some(people) = self.rooms.get_mut(&left.room) {
            if let Some(own) = people.get_mut(&left.person) {
                own.remove(&line);
                if own.is_empty() {
                    people.remove(&left.person);
                }
            }
            if people.is_empty() {
                self.rooms.remove(&left.room);
            }
        }
        Some(left)
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.lines.clear();
        self.rooms.clear();
    }

    /// The lines of one person in one room.
    pub(crate) fn of(&self, room: &RoomName, person: &Person) -> Vec<LineId> {
        let own = self.rooms.get(room).and_then(|people| people.get(person));
        own.into_iter().flatten().copied().collect()
    }

    /// Whether a person attends a room.
    pub(crate) fn attends(&self, room: &RoomName, person: &Person) -> bool {
        self.rooms.get(room).is_some_and(|people| people.contains_key(person))
    }

    /// Everybody who attends a room, with each of their lines.
    pub(crate) fn in_room(&self, room: &RoomName) -> Vec<(LineId, Person)> {
        let people = self.rooms.get(room).into_iter().flatten();
        people.flat_map(|(person, lines)| lines.iter().map(|line| (*line, person.clone()))).collect()
    }

    /// What a line was told last.
    pub(crate) fn told(&self, line: LineId) -> Option<Told> {
        self.lines.get(&line).map(|line| line.told)
    }

    /// Notes what a line is told; says whether that differs from the last.
    pub(crate) fn tell(&mut self, line: LineId, told: Told) -> bool {
        self.lines.get_mut(&line).is_some_and(|line| std::mem::replace(&mut line.told, told) != told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_of_too_many_lines_makes_place() {
        let (room, ann) = ("standup".parse().unwrap(), Person::Guest("0123456789abcdef".to_owned()));
        let mut lines = Lines::default();
        for line in 0..OF_ONE as u64 {
            assert_eq!(lines.attend(LineId(line), &room, &ann), Ok(None));
        }
        assert_eq!(lines.attend(LineId(99), &room, &ann), Ok(Some(LineId(0))));
        assert_eq!(lines.of(&room, &ann).len(), OF_ONE);
        for line in 0..100 {
            lines.quit(LineId(line));
        }
        assert!(lines.lines.is_empty() && lines.rooms.is_empty());
    }

    #[test]
    fn a_room_takes_no_line_beyond_its_limit() {
        let room = "standup".parse().unwrap();
        let mut lines = Lines::default();
        for line in 0..OF_ROOM as u64 {
            assert!(lines.attend(LineId(line), &room, &Person::Guest(format!("{line:016}"))).is_ok());
        }
        let late = Person::Guest("f".repeat(16));
        assert_eq!(lines.attend(LineId(9_999), &room, &late), Err(Refusal::RoomFull));
        assert!(!lines.attends(&room, &late));
    }
}
