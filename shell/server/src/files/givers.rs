//! Who gives files now: so that nobody takes all the places of uploads from the others.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use proto::Person;
use tokio::time::Instant;

/// The uploads under way, by who gives them and from where.
#[derive(Debug, Clone, Default)]
pub struct Givers {
    now: Arc<Mutex<Counts>>,
}

// Bounded by the places of uploads: an entry goes with its last upload.
#[derive(Debug, Default)]
struct Counts {
    people: BTreeMap<Person, usize>,
    places: BTreeMap<IpAddr, usize>,
}

/// One upload under way; dropped, it counts no more.
#[derive(Debug)]
pub struct Given {
    givers: Givers,
    person: Person,
    place: IpAddr,
}

impl Givers {
    /// Counts one more upload; `None` when this person or this place has as many as they may.
    pub fn begin(&self, person: &Person, place: IpAddr) -> Option<Given> {
        let mut now = self.lock();
        let of_one = now.people.get(person).copied().unwrap_or(0);
        let from_one = now.places.get(&place).copied().unwrap_or(0);
        if of_one >= OF_ONE || from_one >= FROM_ONE_PLACE {
            return None;
        }
        now.people.insert(person.clone(), of_one + 1);
        now.places.insert(place, from_one + 1);
        Some(Given { givers: self.clone(), person: person.clone(), place })
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        // A panic elsewhere leaves the maps whole: every change is one assignment.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let mut now = self.givers.lock();
        take_one(&mut now.people, &self.person);
        take_one(&mut now.places, &self.place);
    }
}

fn take_one<K: Ord>(counts: &mut BTreeMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// Whether an upload comes along: one that dribbles holds a place which others wait for.
#[derive(Debug)]
pub struct Flow {
    since: Instant,
    size: u64,
}

impl Flow {
    /// An upload that begins now.
    pub fn new(now: Instant) -> Self {
        Self { since: now, size: 0 }
    }

    /// Whether enough has come of late, now that there are so many bytes in all.
    pub fn comes(&mut self, now: Instant, size: u64) -> bool {
        if now - self.since < WINDOW {
            return true;
        }
        let enough = size - self.size >= LEAST;
        *self = Self { since: now, size };
        enough
    }
}

/// Uploads of one person at a time: the page sends one after the other, and somebody may have two pages.
const OF_ONE: usize = 2;
/// Uploads from one address at a time: a quarter of all places.
const FROM_ONE_PLACE: usize = super::UPLOADS / 4;
/// How often it is looked whether an upload comes along.
const WINDOW: Duration = Duration::from_secs(30);
/// The least that has to come in that time: 8 kB a second, with which 25 MB take most of an hour.
const LEAST: u64 = 8_000 * WINDOW.as_secs();

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: usize) -> Person {
        Person::Guest(format!("{n:016}"))
    }

    #[test]
    fn nobody_takes_the_places_of_others() {
        let givers = Givers::default();
        let (here, there) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let first = givers.begin(&person(0), here).unwrap();
        let second = givers.begin(&person(0), there).unwrap();
        assert!(givers.begin(&person(0), there).is_none(), "a third of one person");
        let more: Vec<_> = (1..100).map_while(|n| givers.begin(&person(n), here)).collect();
        assert_eq!(more.len(), FROM_ONE_PLACE - 1);
        assert!(givers.begin(&person(100), there).is_some(), "from elsewhere");
        drop((first, second, more));
        assert!(givers.lock().people.is_empty() && givers.lock().places.is_empty());
    }

    #[test]
    fn an_upload_that_dribbles_is_given_up() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        assert!((1..30).all(|second| flow.comes(begin + Duration::from_secs(second), second)));
        assert!(!flow.comes(begin + Duration::from_secs(30), 30));
        let mut flow = Flow::new(begin);
        assert!((1..200).all(|second| flow.comes(begin + Duration::from_secs(second), second * 8_000)));
    }
}
