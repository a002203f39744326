//! How many connections are open, in all and from each address, and how fast new ones come (R17).
//!
//! Looked at before a byte is read or a key is touched, so that whoever is turned away costs next to nothing.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// All connections of one listener.
///
/// A lock and not a task: it is held for one look into a map when a connection comes or goes.
#[derive(Debug, Clone, Default)]
pub struct Crowd(Arc<All>);

#[derive(Debug, Default)]
struct All {
    count: Mutex<Count>,
    refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Count {
    all: usize,
    /// Of them, those that have asked for nothing yet.
    silent: usize,
    from: BTreeMap<IpAddr, From>,
    /// When nothing weighs on those who speak to the many that are turned away.
    words_at: Option<Instant>,
}

/// What comes from one address.
#[derive(Debug, Default)]
struct From {
    open: usize,
    /// When nothing weighs on it any more; see [`EACH`].
    free_at: Option<Instant>,
}

/// Why a connection is turned away. Its text is for the person at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TurnedAway {
    /// The server has as many as it takes.
    #[error("This server has too many open connections. Try again in a minute.")]
    Full,
    /// The address has as many as it may have.
    #[error("Too many connections are open from your address. Close some pages, or try again in a minute.")]
    Many,
    /// The address opens them too fast.
    #[error("Too many connections are opened from your address at once. Try again in a few seconds.")]
    Fast,
}

/// One connection's place; given back when the last copy is dropped.
///
/// Each request carries a copy. An upgrade takes the socket out of the connection, which ends then: whoever goes on with
/// the socket keeps the place as long.
#[derive(Debug, Clone)]
pub struct Place {
    kept: Arc<Kept>,
}

#[derive(Debug)]
struct Kept {
    crowd: Crowd,
    from: Option<IpAddr>,
    spoke: AtomicBool,
}

impl Crowd {
    /// Gives a connection a place; `from` where it is counted by its address.
    ///
    /// # Errors
    /// When there is none.
    pub fn enter(&self, now: Instant, from: Option<IpAddr>) -> Result<Place, TurnedAway> {
        let entered = self.lock(|count| count.enter(now, from));
        match entered {
            Ok(()) => {
                let kept = Kept { crowd: self.clone(), from, spoke: AtomicBool::new(false) };
                Ok(Place { kept: Arc::new(kept) })
            }
            Err(away) => {
                self.0.refused.fetch_add(1, Ordering::Relaxed);
                Err(away)
            }
        }
    }

    /// Whether somebody who is turned away is told why: a few a second, since words over TLS cost what they shall save.
    pub fn has_words(&self, now: Instant) -> bool {
        self.lock(|count| {
            let free_at = count.words_at.unwrap_or(now).max(now);
            let may = free_at - now < WORDS_BURST;
            if may {
                count.words_at = Some(free_at + WORDS);
            }
            may
        })
    }

    /// Connections now.
    pub fn open(&self) -> usize {
        self.lock(|count| count.all)
    }

    /// Connections turned away since the start.
    pub fn refused(&self) -> u64 {
        self.0.refused.load(Ordering::Relaxed)
    }

    fn lock<T>(&self, act: impl FnOnce(&mut Count) -> T) -> T {
        // A panic elsewhere leaves the counts whole: each change is one assignment.
        act(&mut self.0.count.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Count {
    fn enter(&mut self, now: Instant, from: Option<IpAddr>) -> Result<(), TurnedAway> {
        if self.all >= SOCKETS || self.silent >= SILENT {
            return Err(TurnedAway::Full);
        }
        if let Some(address) = from {
            if self.from.len() >= ADDRESSES && !self.from.contains_key(&address) {
                self.from.retain(|_, from| from.open > 0 || from.free_at.is_some_and(|at| at > now));
            }
            let from = self.from.entry(address).or_default();
            let free_at = from.free_at.unwrap_or(now).max(now);
            if from.open >= SOCKETS_EACH {
                return Err(TurnedAway::Many);
            }
            if free_at - now >= BURST {
                return Err(TurnedAway::Fast);
            }
            from.free_at = Some(free_at + EACH);
            from.open += 1;
        }
        self.all += 1;
        self.silent += 1;
        Ok(())
    }

    fn leave(&mut self, from: Option<IpAddr>, now: Instant) {
        self.all -= 1;
        if let Some(address) = from
            && let Some(from) = self.from.get_mut(&address)
        {
            from.open -= 1;
            if from.open == 0 && from.free_at.is_none_or(|at| at <= now) {
                self.from.remove(&address);
            }
        }
    }
}

impl Place {
    /// Notes that whoever has it has shaken hands and asked for something.
    pub fn spoke(&self) {
        if !self.kept.spoke.swap(true, Ordering::Relaxed) {
            self.kept.crowd.lock(|count| count.silent -= 1);
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let (from, spoke) = (self.from, *self.spoke.get_mut());
        self.crowd.lock(|count| {
            if !spoke {
                count.silent -= 1;
            }
            count.leave(from, Instant::now());
        });
    }
}

/// Connections in all. Beyond it new ones are closed at once; those that are open go on.
const SOCKETS: usize = 20_000;
/// Connections from one address, or one /64 of IPv6 (R17). This machine and a proxy are not counted.
const SOCKETS_EACH: usize = 200;
/// Connections that have not shaken hands and asked for something, in all: each may take `listen::SILENCE` for that, and most
/// take a few round trips. From one address there may be as many as it may have at all: an office that comes back with the
/// server shakes hands all together.
const SILENT: usize = 4_000;
/// How long one new connection weighs on its address, and how much weight there may be: two hundred at once, as when the
/// server comes back and an office with it, and then fifty a second.
const EACH: Duration = Duration::from_millis(20);
const BURST: Duration = Duration::from_secs(4);
/// The same for those who tell people why they are turned away: ten a second.
const WORDS: Duration = Duration::from_millis(100);
const WORDS_BURST: Duration = Duration::from_secs(2);
/// Addresses remembered, beyond those that have connections. Those on which nothing weighs are forgotten first; there are
/// never more of the others than four seconds bring.
const ADDRESSES: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> Option<IpAddr> {
        Some("192.0.2.1".parse().unwrap())
    }

    /// Opens connections that ask for something, as slowly as it takes.
    fn fill(crowd: &Crowd, mut now: Instant, from: Option<IpAddr>, count: usize) -> (Vec<Place>, Instant) {
        let mut places = Vec::new();
        for _ in 0..count {
            let place = crowd.enter(now, from).unwrap();
            place.spoke();
            places.push(place);
            now += EACH;
        }
        (places, now)
    }

    #[test]
    fn one_address_gets_so_many_sockets_and_gives_them_back() {
        let crowd = Crowd::default();
        let (places, now) = fill(&crowd, Instant::now(), ann(), SOCKETS_EACH);
        assert_eq!(crowd.enter(now, ann()).unwrap_err(), TurnedAway::Many);
        assert!(crowd.enter(now, Some("192.0.2.2".parse().unwrap())).is_ok());
        assert!(crowd.enter(now, None).is_ok());
        drop(places);
        assert!(crowd.enter(now, ann()).is_ok());
        assert_eq!((crowd.open(), crowd.refused()), (0, 1));
    }

    #[test]
    fn there_is_a_most_of_all_sockets() {
        let (crowd, now) = (Crowd::default(), Instant::now());
        let places: Vec<_> = (0..SOCKETS)
            .map(|_| {
                let place = crowd.enter(now, None).unwrap();
                place.spoke();
                place
            })
            .collect();
        assert_eq!(crowd.enter(now, None).unwrap_err(), TurnedAway::Full);
        drop(places);
        assert!(crowd.enter(now, None).is_ok());
    }

    #[test]
    fn who_opens_fast_waits() {
        let (crowd, now) = (Crowd::default(), Instant::now());
        let open = |now| {
            let entered = crowd.enter(now, ann());
            entered.iter().for_each(Place::spoke);
            entered.map(drop)
        };
        let burst = (0..1_000).filter(|_| open(now).is_ok()).count();
        assert_eq!(burst, 200);
        assert_eq!(open(now), Err(TurnedAway::Fast));
        let second = (0..1_000).filter(|n| open(now + Duration::from_millis(*n)).is_ok()).count();
        assert!((49..=51).contains(&second), "{second}");
    }

    #[test]
    fn an_office_that_comes_back_at_once_is_let_in() {
        let (crowd, now) = (Crowd::default(), Instant::now());
        // All of them shake hands at the same time, so that none has asked for anything yet.
        let places: Vec<_> = (0..200).map(|_| crowd.enter(now, ann())).collect();
        assert!(places.iter().all(Result::is_ok), "{:?}", places.iter().find_map(|place| place.as_ref().err()));
        assert!(crowd.enter(now, ann()).is_err());
    }

    #[test]
    fn those_who_say_nothing_have_so_many_places_in_all() {
        let (crowd, now) = (Crowd::default(), Instant::now());
        let mut places: Vec<_> = (0..SILENT).map(|_| crowd.enter(now, None).unwrap()).collect();
        assert_eq!(crowd.enter(now, ann()).unwrap_err(), TurnedAway::Full);
        places[0].spoke();
        places[0].spoke();
        places.push(crowd.enter(now, ann()).unwrap());
        assert_eq!(crowd.enter(now, ann()).unwrap_err(), TurnedAway::Full);
        drop(places);
        assert!(crowd.enter(now, ann()).is_ok());
        crowd.lock(|count| assert_eq!((count.silent, count.all), (0, 0)));
    }

    #[test]
    fn addresses_are_forgotten() {
        let (crowd, mut now) = (Crowd::default(), Instant::now());
        for address in 0..2 * ADDRESSES as u32 {
            drop(crowd.enter(now, Some(IpAddr::from(address.to_be_bytes()))).unwrap());
            now += Duration::from_millis(1);
        }
        crowd.lock(|count| assert!(count.from.len() <= ADDRESSES, "{}", count.from.len()));
    }

    #[test]
    fn few_are_told_why() {
        let (crowd, now) = (Crowd::default(), Instant::now());
        assert_eq!((0..1_000).filter(|_| crowd.has_words(now)).count(), 20);
        assert!(crowd.has_words(now + Duration::from_secs(1)));
    }
}
