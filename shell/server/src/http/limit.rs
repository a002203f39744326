//! How often one caller may do what costs us, or what would let it guess (R6).

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use proto::RoomId;

use super::{Caller, TooSoon};

/// All limits of the server.
#[derive(Debug)]
pub struct Limits {
    /// Looking up codes of rooms that do not exist.
    pub misses: Limit,
    /// Making rooms.
    pub rooms: Limit,
    /// Coming to the door of one room from one address as somebody whom nobody knows.
    pub guests: Limit<(IpAddr, RoomId)>,
    /// Wrong passwords from one address.
    pub passwords: Limit,
    /// Wrong passwords for one name, by its SHA-256: whoever has many addresses guesses no faster. Browsers in which that
    /// account signed in before count for themselves; see [`super::who::Known`].
    pub names: Limit<[u8; 32]>,
    /// Wrong app passwords from one address.
    pub app_passwords: Limit,
    /// Wrong set-up codes, and secrets of invitations and resets that are not good.
    pub secrets: Limit,
    /// Making accounts.
    pub accounts: Limit,
    /// Beginning to make or use a passkey.
    pub passkeys: Limit,
    /// Sending pictures.
    pub pictures: Limit,
    /// Beginning a connection test.
    pub trials: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            misses: Limit::per_minute(MISSES),
            rooms: Limit::per_minute(ROOMS),
            guests: Limit::per_minute(GUESTS),
            passwords: Limit::per_minute(PASSWORDS),
            names: Limit::per_minute(PASSWORDS),
            app_passwords: Limit::per_minute(PASSWORDS),
            secrets: Limit::per_minute(SECRETS),
            accounts: Limit::per_minute(ACCOUNTS),
            passkeys: Limit::per_minute(PASSKEYS),
            pictures: Limit::per_minute(PICTURES),
            trials: Limit::per_minute(TRIALS),
        }
    }
}

/// What a limit counts by.
pub trait Counted {
    /// What tells one from another.
    type Key: Ord + Copy;

    /// The key of this one.
    fn key(self) -> Self::Key;
}

impl Counted for Caller {
    type Key = IpAddr;

    fn key(self) -> IpAddr {
        self.group()
    }
}

impl Counted for (Caller, RoomId) {
    type Key = (IpAddr, RoomId);

    fn key(self) -> (IpAddr, RoomId) {
        (self.0.group(), self.1)
    }
}

impl Counted for [u8; 32] {
    type Key = Self;

    fn key(self) -> Self {
        self
    }
}

/// So many a minute for each caller, all at once if it likes.
///
/// The only lock of the HTTP side: held for a look into a map, never across a wait. A task of its own would cost every
/// request two switches for the same.
#[derive(Debug)]
pub struct Limit<K = IpAddr> {
    /// How long one use weighs on the caller.
    each: Duration,
    /// For every caller, when nothing weighs on it any more.
    free_at: Mutex<BTreeMap<K, Instant>>,
}

impl<K: Ord + Copy> Limit<K> {
    fn per_minute(times: u32) -> Self {
        Self { each: MINUTE / times, free_at: Mutex::default() }
    }

    /// Whether the caller has a use left. Takes none.
    ///
    /// # Errors
    /// When it has to wait.
    pub fn allows(&self, now: Instant, caller: impl Counted<Key = K>) -> Result<(), TooSoon> {
        self.next_free(&self.lock(), now, caller.key()).map(drop)
    }

    /// Takes one use.
    ///
    /// # Errors
    /// When none was left.
    pub fn take(&self, now: Instant, caller: impl Counted<Key = K>) -> Result<(), TooSoon> {
        let key = caller.key();
        // Looked at and taken under one lock, or two requests at once would both take the last use.
        let mut callers = self.lock();
        let free_at = self.next_free(&callers, now, key)?;
        if callers.len() >= CALLERS && !callers.contains_key(&key) {
            forget(&mut callers, now);
        }
        callers.insert(key, free_at);
        Ok(())
    }

    /// When nothing weighs on the caller any more, after one more use.
    fn next_free(&self, callers: &BTreeMap<K, Instant>, now: Instant, key: K) -> Result<Instant, TooSoon> {
        let free_at = callers.get(&key).copied().unwrap_or(now).max(now) + self.each;
        let over = (free_at - now).saturating_sub(MINUTE);
        if over.is_zero() { Ok(free_at) } else { Err(TooSoon::after(over)) }
    }

    /// Gives back a use that was taken.
    pub fn give_back(&self, caller: impl Counted<Key = K>) {
        if let Some(free_at) = self.lock().get_mut(&caller.key()) {
            *free_at = free_at.checked_sub(self.each).unwrap_or(*free_at);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Instant>> {
        // A panic elsewhere leaves the map whole: every change is one assignment.
        self.free_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes room: whoever nothing weighs on, else whoever is free first.
fn forget<K: Ord + Copy>(callers: &mut BTreeMap<K, Instant>, now: Instant) {
    callers.retain(|_, free_at| *free_at > now);
    if callers.len() >= CALLERS
        && let Some(first) = callers.iter().min_by_key(|(_, free_at)| **free_at).map(|(caller, _)| *caller)
    {
        callers.remove(&first);
    }
}

/// What all limits count in.
const MINUTE: Duration = Duration::from_secs(60);
/// Ten wrong codes a minute: a person who mistypes never notices, and 38 bits take 50,000 years.
const MISSES: u32 = 10;
/// One room a second: more than any person makes, too few to fill a disk before somebody looks.
const ROOMS: u32 = 60;
/// Two classes that come at once from one school, and then one a second: whoever comes a second time has a cookie.
const GUESTS: u32 = 60;
/// A person who forgot which of their passwords it was finds out in five tries; a guesser gets 7,200 a day.
const PASSWORDS: u32 = 5;
/// As for rooms: nobody mistypes a link ten times a minute.
const SECRETS: u32 = 10;
/// A class that signs up at once from one school gets in within two minutes.
const ACCOUNTS: u32 = 20;
/// Each costs a place in a list of bounded length.
const PASSKEYS: u32 = 30;
/// Each costs a second of one core at worst.
const PICTURES: u32 = 20;
/// A person who tries again and again meanwhile changes something about their network; each takes a place of few.
const TRIALS: u32 = 8;
/// Callers remembered. More come only from an attack with many addresses; then the least burdened are forgotten.
const CALLERS: usize = 10_000;

#[cfg(test)]
mod tests {
    use std::{sync::Barrier, thread};

    use super::*;

    fn caller(n: u32) -> Caller {
        Caller(IpAddr::from(n.to_be_bytes()))
    }

    #[test]
    fn ten_a_minute_and_then_one_every_six_seconds() {
        let limit = Limit::per_minute(10);
        let now = Instant::now();
        assert_eq!((0..1000).filter(|_| limit.take(now, caller(1)).is_ok()).count(), 10);
        assert_eq!(limit.allows(now, caller(1)), Err(TooSoon(6)));
        assert_eq!(limit.allows(now + Duration::from_millis(4_500), caller(1)), Err(TooSoon(2)));
        assert!(limit.take(now, caller(2)).is_ok(), "others are not touched");
        let later = now + Duration::from_secs(6);
        assert!(limit.take(later, caller(1)).is_ok());
        assert!(limit.take(later, caller(1)).is_err());
        let much_later = now + Duration::from_secs(600);
        assert_eq!((0..1000).filter(|_| limit.take(much_later, caller(1)).is_ok()).count(), 10);
    }

    #[test]
    fn callers_at_once_take_no_more_than_there_is() {
        let now = Instant::now();
        for _ in 0..200 {
            let limit = Limit::per_minute(10);
            let start = Barrier::new(4);
            let take = || {
                start.wait();
                (0..10).filter(|_| limit.take(now, caller(1)).is_ok()).count()
            };
            let taken: usize = thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            assert_eq!(taken, 10);
        }
    }

    #[test]
    fn what_is_given_back_does_not_weigh() {
        let limit = Limit::per_minute(10);
        let now = Instant::now();
        for _ in 0..100 {
            limit.take(now, caller(1)).unwrap();
            limit.give_back(caller(1));
        }
        assert_eq!((0..100).filter(|_| limit.take(now, caller(1)).is_ok()).count(), 10);
    }

    #[test]
    fn asking_takes_nothing() {
        let limit = Limit::per_minute(10);
        let now = Instant::now();
        assert!((0..100).all(|_| limit.allows(now, caller(1)).is_ok()));
    }

    #[test]
    fn the_list_of_callers_is_bounded() {
        let limit = Limit::per_minute(10);
        let now = Instant::now();
        for n in 0..CALLERS as u32 + 50 {
            limit.take(now + Duration::from_nanos(u64::from(n)), caller(n)).unwrap();
        }
        assert_eq!(limit.lock().len(), CALLERS);
    }
}
