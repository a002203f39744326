//! How fast one person may write, react and act: what each of them does, everybody in the room is told.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use proto::{Person, Refusal};

use super::{Fault, TooSoon};

/// So many at once, and then one in a while, for each person.
///
/// A lock and not a task, as in [`super::limit`].
#[derive(Debug)]
pub struct Paces {
    burst: u32,
    each: Duration,
    full_at: Mutex<BTreeMap<Person, Instant>>,
}

impl Paces {
    /// For lines, edits, reactions to lines and files.
    pub fn of_chat() -> Self {
        Self { burst: 10, each: Duration::from_secs(1), full_at: Mutex::default() }
    }

    /// For acts in a meeting: a host who mutes a row of people clicks faster than anybody writes.
    pub fn of_acts() -> Self {
        Self { burst: 20, each: Duration::from_millis(200), full_at: Mutex::default() }
    }

    /// For calls that are placed: each makes a room, and rings at somebody.
    pub fn of_calls() -> Self {
        Self { burst: 12, each: Duration::from_secs(2), full_at: Mutex::default() }
    }

    /// For messages to programs: a script tells a row of devices, and goes on telling.
    pub fn of_notices() -> Self {
        Self { burst: 50, each: Duration::from_millis(100), full_at: Mutex::default() }
    }

    /// Takes one.
    ///
    /// # Errors
    /// When there is none left.
    pub fn take(&self, now: Instant, person: &Person) -> Result<(), Fault> {
        // A panic elsewhere leaves the map whole: every change is one assignment.
        let mut people = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = people.get(person).copied().unwrap_or(now).max(now) + self.each;
        let over = (full_at - now).saturating_sub(self.each * self.burst);
        if !over.is_zero() {
            return Err(TooSoon::after(over).into());
        }
        if people.len() >= PEOPLE && !people.contains_key(person) {
            people.retain(|_, full_at| *full_at > now);
            if people.len() >= PEOPLE {
                return Err(Refusal::ServerFull.into());
            }
        }
        people.insert(person.clone(), full_at);
        Ok(())
    }
}

/// People remembered; only those who did something within seconds count. More are refused for these seconds.
const PEOPLE: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_lines_at_once_and_then_one_a_second() {
        let paces = Paces::of_chat();
        let now = Instant::now();
        let ann: Person = "guest_0123456789abcdef".parse().unwrap();
        let bob: Person = "guest_1123456789abcdef".parse().unwrap();
        assert_eq!((0..100).filter(|_| paces.take(now, &ann).is_ok()).count(), 10);
        assert!(paces.take(now, &bob).is_ok(), "others are not touched");
        let later = now + Duration::from_secs(3);
        assert_eq!((0..100).filter(|_| paces.take(later, &ann).is_ok()).count(), 3);
    }

    #[test]
    fn a_script_tells_a_row_of_programs_and_then_has_a_pace() {
        let paces = Paces::of_notices();
        let now = Instant::now();
        let ann: Person = "guest_0123456789abcdef".parse().unwrap();
        assert_eq!((0..1_000).filter(|_| paces.take(now, &ann).is_ok()).count(), 50);
        let later = now + Duration::from_secs(1);
        assert_eq!((0..1_000).filter(|_| paces.take(later, &ann).is_ok()).count(), 10);
    }
}
