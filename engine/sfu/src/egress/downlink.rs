//! What is known of the line to one peer: how much it carries, and whether that is too little.
//!
//! A line counts as wide until it shows that it is not: everybody begins with the picture that fits the place it is
//! shown in, at once, and nobody pays for an estimate that is still growing. From the first sign of a queue that stands,
//! or of loss, on it is narrow: the estimate is the budget of [`crate::allocate`], and [`Pace`] holds bursts back. It is wide again
//! when it has carried all that is wanted for a while, with something to spare.

use std::time::{Duration, Instant};

use super::{body::MOST_BEFORE, guard::Guard, pace::Pace};
use crate::estimate::{Departure, Estimator};

/// The line to one peer.
pub(crate) struct Downlink {
    pub(crate) estimate: Estimator,
    pub(crate) pace: Pace,
    /// What it loses of the sound.
    pub(crate) guard: Guard,
    narrow: bool,
    /// Since when there is enough for everything.
    ample: Option<Instant>,
    /// What the peer would be sent if there were no limit, in bits per second.
    wanted: u64,
    /// What of that is sound, each piece once.
    sound: u64,
    /// What of it is the least picture.
    picture: u64,
}

impl Downlink {
    pub(crate) fn new(now: Instant) -> Self {
        let (estimate, pace, guard) = (Estimator::new(now), Pace::new(now), Guard::default());
        Self { estimate, pace, guard, narrow: false, ample: None, wanted: 0, sound: 0, picture: 0 }
    }

    /// The line broke, and the peer is reached by another one: what was lost on the old one says nothing of it.
    pub(crate) fn begin_anew(&mut self, now: Instant) {
        self.estimate = Estimator::new(now);
        self.pace.begin_anew(now);
        self.guard = Guard::default();
        self.narrow = false;
        self.ample = None;
    }

    /// Notes that a datagram of `length` bytes leaves, and where it has a place, for how many bytes its arrival stands.
    pub(crate) fn left(&mut self, now: Instant, length: usize, place: Option<(u16, usize)>, what: Departure) {
        self.pace.left(length);
        if let Some((place, stands_for)) = place {
            self.estimate.sent(now, place, stands_for, what);
        }
    }

    /// Notes how much the peer would be sent if there were no limit, in bits per second.
    pub(crate) fn want(&mut self, wanted: u64) {
        self.wanted = wanted;
    }

    /// Notes how much sound there is for the peer, each piece once, and how much the least picture of anybody takes, in bits per
    /// second.
    pub(crate) fn carries(&mut self, sound: u64, picture: u64) {
        (self.sound, self.picture) = (sound, picture);
    }

    /// Takes in when packets arrived.
    pub(crate) fn arrivals(&mut self, now: Instant, body: &[u8]) {
        self.estimate.feedback(now, body);
        self.judge(now);
    }

    /// What may be sent, in bits per second; `None` while the line is wide, or nothing is known of it.
    pub(crate) fn budget(&self) -> Option<u64> {
        self.estimate.available().filter(|_| self.narrow)
    }

    /// Whether sound is to go more than once: much of it is lost, and there is room.
    pub(crate) fn is_guarded(&self, now: Instant) -> bool {
        let room = LEAST_ROOM.max(self.sound * ROOM + self.picture);
        self.guard.is_on(now) && self.budget().is_none_or(|budget| budget >= room)
    }

    /// Goes on by the clock; to be called every [`TICK`](super::pace::TICK) while it is [busy](Self::is_busy), else now
    /// and then.
    pub(crate) fn judge(&mut self, now: Instant) {
        let probe = self.estimate.tick(now, if self.narrow { self.wanted } else { 0 });
        let Some(available) = self.estimate.available() else {
            return;
        };
        let pressed = self.estimate.pressed();
        let (stands, lost) = (self.estimate.standing(), self.estimate.lost());
        self.narrow |= stands > LONG_QUEUE || lost > HIGH_LOSS || (stands > QUEUE && lost > LOSS);
        let enough = !pressed && available > self.wanted.saturating_add(self.wanted / SPARE);
        self.ample = enough.then(|| self.ample.unwrap_or(now));
        if self.ample.is_some_and(|since| now.saturating_duration_since(since) >= WIDE_AFTER) {
            self.narrow = false;
        }
        self.pace.set(now, self.budget());
        probe.into_iter().for_each(|probe| self.pace.probe(now, probe));
    }

    /// Whether it has to be looked after all the time.
    pub(crate) fn is_busy(&self) -> bool {
        self.narrow || self.pace.is_busy()
    }
}

/// Sound that leaves three times fits, beside one picture.
const ROOM: u64 = 1 + MOST_BEFORE as u64;
/// On a line with fewer bits per second it is likely that what is lost was too much.
const LEAST_ROOM: u64 = 250_000;
/// A queue that no packet of half a second escaped is one of the line. Shorter ones come and go with bursts, and with
/// whatever else the receiving computer does: for those alone nobody's picture gets smaller.
const LONG_QUEUE: Duration = Duration::from_millis(150);
/// A shorter one is, too, when it runs over.
const QUEUE: Duration = Duration::from_millis(50);
/// What running over begins with; less is lost in the air as well.
const LOSS: f32 = 0.02;
/// What has to be left over for a line to be wide again: one part in so many of what is wanted.
const SPARE: u64 = 3;
/// For how long.
const WIDE_AFTER: Duration = Duration::from_secs(10);
/// A part lost from which on a line may be too narrow; the estimate then says whether it is
/// (draft-ietf-rmcat-gcc-02, section 6: below ten in a hundred, loss alone is no reason to send less).
const HIGH_LOSS: f32 = 0.1;
