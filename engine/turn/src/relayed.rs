//! The relayed addresses that clients are told: names of allocations, which no socket has.
//!
//! They come from 192.0.2.0/24 and 100::/64, ports 49152 to 65535. Three parties see them. **The client** shows them as
//! its relay candidate, and it must take them for one: Chromium drops only the unspecified address and pairs only
//! addresses of one family; Firefox refuses the unspecified address and loopback, so that our own address would fail in
//! every test on one machine. **The media plane**, which is ICE-lite, sees them as the source of ICE checks and answers there;
//! str0m takes all but unspecified, link-local, broadcast and multicast addresses. **The shell** has to tell from an
//! address alone that it is ours: an own range makes that a comparison, whereas a port of our own public address might be the
//! socket of a client on this machine. TEST-NET-1 (RFC 5737) and the discard prefix (RFC 6666) are routed nowhere, so
//! that nothing can come from there, and what is sent there by mistake reaches nobody.

use std::{
    collections::{BTreeSet, VecDeque},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use crate::Family;

/// Whether an address is one that allocations are given: what the media plane sends there is [`crate::Input::FromMedia`].
pub fn is_relayed(address: SocketAddr) -> bool {
    address.port() >= FIRST_PORT
        && match address {
            SocketAddr::V4(address) => address.ip().octets()[..3] == [192, 0, 2],
            SocketAddr::V6(address) => address.ip().segments()[..4] == [0x100, 0, 0, 0],
        }
}

/// Which places in the ranges are taken, and which were left a moment ago.
#[derive(Debug)]
pub(crate) struct Places {
    next: u32,
    taken: BTreeSet<u32>,
    /// In the order in which they were left. Bounded by [`RESTING`]: when it is full, nothing is taken.
    resting: VecDeque<(Instant, u32)>,
}

impl Places {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            next: u32::try_from(seed % u64::from(PLACES)).unwrap_or(0),
            taken: BTreeSet::new(),
            resting: VecDeque::new(),
        }
    }

    /// Takes a place whose port is even, if that matters; nothing when too many rest.
    pub(crate) fn take(&mut self, now: Instant, even: bool) -> Option<u32> {
        while self.resting.front().is_some_and(|(left, _)| now.saturating_duration_since(*left) >= REST) {
            if let Some((_, place)) = self.resting.pop_front() {
                self.taken.remove(&place);
            }
        }
        if self.resting.len() >= RESTING {
            return None;
        }
        // One more than are taken must hold a free one; half of all are even.
        for _ in 0..2 * (self.taken.len() + 1) {
            let place = self.next;
            self.next = (self.next + 1) % PLACES;
            if !(even && place % 2 == 1) && self.taken.insert(place) {
                return Some(place);
            }
        }
        None
    }

    /// Leaves a place: it rests before it is taken again, so that nobody gets what was meant for the one before.
    pub(crate) fn leave(&mut self, now: Instant, place: u32) {
        self.resting.push_back((now, place));
    }

    /// Leaves all places but these, as far as that was not done.
    pub(crate) fn leave_all_but(&mut self, now: Instant, used: &BTreeSet<u32>) {
        let resting: BTreeSet<u32> = self.resting.iter().map(|(_, place)| *place).collect();
        let left = self.taken.iter().filter(|place| !used.contains(place) && !resting.contains(place));
        self.resting.extend(left.map(|place| (now, *place)));
    }
}

/// The address of a place.
pub(crate) fn address(place: u32, family: Family) -> SocketAddr {
    let port = FIRST_PORT + u16::try_from(place % PORTS).unwrap_or(0);
    // 1 to 254, so that neither the first nor the last address of the range is given out.
    let host = u8::try_from(1 + place / PORTS).unwrap_or(1);
    match family {
        Family::V4 => (Ipv4Addr::new(192, 0, 2, host), port).into(),
        Family::V6 => (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, host.into()), port).into(),
    }
}

/// The dynamic ports (RFC 6335, section 6), which RFC 8656, section 7.2, wants relayed addresses to have.
const FIRST_PORT: u16 = 49_152;

/// From there to the last.
const PORTS: u32 = 16_384;

/// Ports times hosts: four million, so that a place comes again long after it was left.
const PLACES: u32 = PORTS * 254;

/// How long a place rests. By then ICE on both sides has given the old one up, and so has a permission (five minutes).
const REST: Duration = Duration::from_secs(300);

/// How many may rest: as many allocations as can begin and end within [`REST`], 218 in each second.
const RESTING: usize = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_rests_before_it_comes_again() {
        #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
        let now = Instant::now();
        let mut places = Places::new(7);
        let first = places.take(now, false).expect("nothing is taken");
        places.leave(now, first);
        places.next = first;
        assert_ne!(places.take(now + REST - Duration::from_secs(1), false), Some(first));
        places.next = first;
        assert_eq!(places.take(now + REST, false), Some(first));
    }

    #[test]
    fn a_place_that_nobody_uses_rests_too() {
        #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
        let now = Instant::now();
        let mut places = Places::new(7);
        let [used, left, lost] = [(); 3].map(|()| places.take(now, false).expect("there are more places"));
        places.leave(now, left);
        places.leave_all_but(now, &BTreeSet::from([used]));
        assert_eq!(places.resting, [(now, left), (now, lost)]);
        places.take(now + REST, false);
        assert!(places.taken.contains(&used) && !places.taken.contains(&lost));
    }

    #[test]
    fn nothing_is_taken_while_too_many_rest() {
        #[expect(clippy::disallowed_methods, reason = "a first instant; all later ones are computed from it")]
        let now = Instant::now();
        let mut places = Places::new(0);
        for _ in 0..RESTING {
            let place = places.take(now, false).expect("there are more places");
            places.leave(now, place);
        }
        assert_eq!(places.take(now, false), None);
        assert!(places.take(now + REST, false).is_some());
    }

    #[test]
    fn every_place_has_an_address_of_its_own_and_is_known_again() {
        for family in [Family::V4, Family::V6] {
            for place in [0, 1, PORTS - 1, PORTS, PLACES - 1] {
                assert!(is_relayed(address(place, family)), "{place}");
            }
            assert_ne!(address(0, family), address(PORTS, family));
        }
        assert_eq!(address(PLACES - 1, Family::V4).to_string(), "192.0.2.254:65535");
        for other in ["192.0.2.1:49151", "192.0.3.1:50000", "127.0.0.1:50000", "[100:0:0:1::1]:50000"] {
            assert!(!is_relayed(other.parse().expect("an address")), "{other}");
        }
        let mut places = Places::new(1);
        #[expect(clippy::disallowed_methods, reason = "any instant")]
        let even = places.take(Instant::now(), true).expect("one is free");
        assert_eq!(address(even, Family::V4).port() % 2, 0);
    }
}
