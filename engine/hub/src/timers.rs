//! The timers of the hub: a table with one row per thing that can become due.
//!
//! It knows when, not what to do then; see [`crate::Hub::handle`].

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use proto::{AccountId, CallId, ParticipantId, RoomId, TrackId};

/// Everything that can become due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A room was empty for its time-out and ends.
    RoomEnds(RoomId),
    /// The number of participants changed a moment ago, and those inside are told.
    RoomTold(RoomId),
    /// The state of a meeting changed too often, and its pages are told of the last.
    MeetingTold(RoomId),
    /// A minute of a meeting is over, and kept.
    MinuteEnds(RoomId),
    /// Somebody knocked and no page of theirs attends, or holds a ticket and did not come: they are forgotten.
    DoorWatched(RoomId),
    /// A participant without socket and media has not come back and is removed.
    SeatEnds(ParticipantId),
    /// A newcomer's media never connected: it is removed.
    ArrivalEnds(ParticipantId),
    /// No ping for too long: the socket counts as lost.
    PingMissed(ParticipantId),
    /// The participant's token is renewed.
    TokenAges(ParticipantId),
    /// The others hear what they did not hear at once.
    Owed(ParticipantId),
    /// An offer that came too early is passed on.
    OfferDue(ParticipantId),
    /// Tracks that were chosen too fast are taken and left.
    ChoicesDue(ParticipantId),
    /// An announced track never got its section and is forgotten.
    TrackExpires(ParticipantId, TrackId),
    /// A party of a call has been rung, or waited for, for long enough.
    RingEnds(CallId, AccountId),
    /// A call has rung for somebody for so long that each device that is awake has said so.
    RingHeard(CallId, AccountId),
    /// Somebody who has a call on hold was nowhere for as long as a seat is kept.
    HeldEnds(CallId, AccountId),
    /// A call that is over is told of no more.
    CallForgotten(CallId),
    /// Somebody's last line was lost and did not come back.
    LostPerson(AccountId),
    /// Somebody who waits until others are free has waited for one of them for long enough.
    WishEnds(AccountId),
    /// The first of those who were asked into a room has not answered for long enough, or is remembered no longer.
    InvitationsDue(RoomId),
    /// Others were told of somebody too often of late, and hear how they are to be found now.
    PresenceTold(AccountId),
}

/// What is due when. Bounded by the rooms, participants and tracks there are, a few rows each.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    due: BTreeMap<Timer, Instant>,
    queue: BTreeSet<(Instant, Timer)>,
}

impl Timers {
    /// Sets a timer, or moves it.
    pub(crate) fn set(&mut self, timer: Timer, at: Instant) {
        if let Some(before) = self.due.insert(timer, at) {
            self.queue.remove(&(before, timer));
        }
        self.queue.insert((at, timer));
    }

    /// Sets a timer unless it is running.
    pub(crate) fn set_once(&mut self, timer: Timer, at: Instant) {
        if !self.due.contains_key(&timer) {
            self.set(timer, at);
        }
    }

    /// Forgets a timer.
    pub(crate) fn clear(&mut self, timer: Timer) {
        if let Some(at) = self.due.remove(&timer) {
            self.queue.remove(&(at, timer));
        }
    }

    /// When a timer is due, if it is running.
    pub(crate) fn due(&self, timer: Timer) -> Option<Instant> {
        self.due.get(&timer).copied()
    }

    /// Whether a timer is running.
    pub(crate) fn runs(&self, timer: Timer) -> bool {
        self.due.contains_key(&timer)
    }

    /// Forgets every timer of a room; those of its participants go with them.
    pub(crate) fn clear_room(&mut self, room: RoomId) {
        let timers: [fn(RoomId) -> Timer; 6] = [
            Timer::RoomEnds,
            Timer::RoomTold,
            Timer::MeetingTold,
            Timer::MinuteEnds,
            Timer::DoorWatched,
            Timer::InvitationsDue,
        ];
        for timer in timers {
            self.clear(timer(room));
        }
    }

    /// Forgets every timer of a participant but those of its tracks, which go with them.
    pub(crate) fn clear_participant(&mut self, participant: ParticipantId) {
        let timers: [fn(ParticipantId) -> Timer; 7] = [
            Timer::SeatEnds,
            Timer::ArrivalEnds,
            Timer::PingMissed,
            Timer::TokenAges,
            Timer::Owed,
            Timer::OfferDue,
            Timer::ChoicesDue,
        ];
        for timer in timers {
            self.clear(timer(participant));
        }
    }

    /// Takes one timer that is due.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Timer> {
        let (at, timer) = *self.queue.first()?;
        if at > now {
            return None;
        }
        self.clear(timer);
        Some(timer)
    }

    /// When the next timer is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.queue.first().map(|(at, _)| *at)
    }
}
