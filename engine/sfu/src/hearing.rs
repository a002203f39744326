//! Whether somebody whose microphone is on is heard, by what the server counts and not by what the client believes.
//!
//! A [`Hearing`] looks at one person now and then, as at the speakers; it knows no track and no peer.

use std::time::{Duration, Instant};

use proto::quality::Unheard;

/// What there is to see of one person's microphones between two looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// One is on, and its sound should be here.
    pub(crate) open: bool,
    /// A packet of one that is on came.
    pub(crate) came: bool,
    /// And there was a sound in it, however quiet. Clients that do not say how loud it is are believed.
    pub(crate) sounded: bool,
    /// The person counts as speaking.
    pub(crate) speaks: bool,
    /// Somebody else is there, and nobody who is takes any of it.
    pub(crate) untaken: bool,
}

/// Whether one person is heard.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// Since when a microphone is on.
    open: Option<Instant>,
    came: Option<Instant>,
    /// Whether there was ever a sound since it is on: who is quiet for a while is not silent.
    sounded: bool,
    /// Since when the person speaks to nobody.
    to_nobody: Option<Instant>,
    told: Option<Unheard>,
}

impl Hearing {
    /// What was last said.
    pub(crate) fn told(&self) -> Option<Unheard> {
        self.told
    }

    /// Takes one look. Returns what there is to say now, if that is another.
    pub(crate) fn look(&mut self, now: Instant, seen: Seen) -> Option<Option<Unheard>> {
        if !seen.open {
            *self = Self { told: self.told, ..Self::default() };
            return self.tell(None);
        }
        let open = *self.open.get_or_insert(now);
        if seen.came {
            self.came = Some(now);
        }
        self.sounded |= seen.sounded;
        let lost = seen.speaks && seen.untaken;
        self.to_nobody = lost.then(|| self.to_nobody.unwrap_or(now));
        let for_long =
            |since: Option<Instant>, patience| since.is_some_and(|at| now.saturating_duration_since(at) >= patience);
        let why = if for_long(Some(self.came.unwrap_or(open).max(open)), BLOCKED) {
            Some(Unheard::Blocked)
        } else if !self.sounded && self.came.is_some() && for_long(Some(open), SILENT) {
            Some(Unheard::Silent)
        } else if for_long(self.to_nobody, UNTAKEN) {
            Some(Unheard::Untaken)
        } else {
            None
        };
        self.tell(why)
    }

    fn tell(&mut self, why: Option<Unheard>) -> Option<Option<Unheard>> {
        (std::mem::replace(&mut self.told, why) != why).then_some(why)
    }
}

/// Nothing for this long is no pause: silence comes at least twice a second (RFC 7587, section 3.1.3, and what browsers
/// make of it), and a client whose network changed is back within three.
const BLOCKED: Duration = Duration::from_secs(5);
/// A microphone that gave no sound at all for so long since it is on is none: rooms are never as quiet as nothing.
const SILENT: Duration = Duration::from_secs(10);
/// Whoever takes only those who speak takes them at once; so long nobody does when nobody can.
const UNTAKEN: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Seen = Seen { open: true, came: false, sounded: false, speaks: false, untaken: false };
    const QUIET: Seen = Seen { came: true, ..OPEN };
    const HEARD: Seen = Seen { sounded: true, ..QUIET };

    /// Looks once a second, and says when there was news.
    #[track_caller]
    fn check(looks: &[(u64, Seen)], expected: &[(u64, Option<Unheard>)]) {
        let (mut hearing, start) = (Hearing::default(), crate::testing::start());
        let mut second = 0;
        let mut news = Vec::new();
        for (times, seen) in looks {
            for _ in 0..*times {
                let said = hearing.look(start + Duration::from_secs(second), *seen);
                news.extend(said.map(|why| (second, why)));
                second += 1;
            }
        }
        assert_eq!(news, expected);
    }

    #[test]
    fn who_is_heard_is_told_nothing() {
        check(&[(60, HEARD)], &[]);
        check(&[(3, HEARD), (60, QUIET)], &[]);
        check(&[(60, Seen::default())], &[]);
    }

    #[test]
    fn an_open_microphone_of_which_nothing_comes_is_told_and_taken_back_at_once() {
        check(&[(8, OPEN), (3, HEARD)], &[(5, Some(Unheard::Blocked)), (8, None)]);
        check(&[(10, HEARD), (8, OPEN), (3, HEARD)], &[(14, Some(Unheard::Blocked)), (18, None)]);
        check(&[(8, OPEN), (3, Seen::default())], &[(5, Some(Unheard::Blocked)), (8, None)]);
    }

    #[test]
    fn the_time_of_a_microphone_begins_when_it_is_turned_on() {
        check(&[(4, OPEN), (60, Seen::default()), (4, OPEN), (10, HEARD)], &[]);
        check(&[(10, HEARD), (60, Seen::default()), (4, OPEN), (10, HEARD)], &[]);
    }

    #[test]
    fn a_microphone_that_never_gave_a_sound_is_silent() {
        check(&[(15, QUIET), (1, HEARD), (60, QUIET)], &[(10, Some(Unheard::Silent)), (15, None)]);
    }

    #[test]
    fn who_speaks_to_people_of_whom_nobody_takes_it_is_told() {
        let alone = Seen { speaks: true, untaken: true, ..HEARD };
        check(&[(8, alone), (2, Seen { untaken: false, ..alone })], &[(5, Some(Unheard::Untaken)), (8, None)]);
        check(&[(60, Seen { speaks: false, ..alone })], &[]);
    }
}
