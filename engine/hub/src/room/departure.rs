//! How participants go: by their own wish, by ours, or because nothing is heard of them any more.

use std::collections::BTreeSet;

use proto::{
    Identity, ParticipantId, Person,
    livekit::{self, DisconnectReason, leave_request::Action},
    media::Command,
};

use super::{Room, telling::Audience};
use crate::{
    Note,
    desk::Desk,
    participant::{Link, Participant},
    timers::Timer,
};

/// The most departures that are remembered: as many as the largest room holds. The oldest are forgotten first.
const DEPARTED: usize = 500;

/// How long they are remembered, in milliseconds: clients give up coming back after five minutes, and join anew.
const DEPARTED_MS: u64 = 300_000;

/// Whether somebody went whom nobody wanted to go. A seat that is kept no longer was waited for already.
fn is_accident(reason: DisconnectReason) -> bool {
    matches!(reason, DisconnectReason::SignalClose | DisconnectReason::MediaFailure | DisconnectReason::JoinFailure)
}

/// A stay in whose place another one began.
#[derive(Debug)]
pub(super) struct Former {
    /// Since when its person was in, in milliseconds since 1970: the new stay goes on from there.
    pub(super) joined_ms: u64,
    /// Whether the others saw it.
    pub(super) hidden: bool,
    /// What they are told of its end.
    pub(super) farewell: livekit::ParticipantInfo,
}

impl Former {
    fn of(left: Participant) -> Self {
        Self {
            joined_ms: left.joined_ms(),
            hidden: left.rights.hidden,
            farewell: left.farewell(DisconnectReason::DuplicateIdentity),
        }
    }
}

impl Room {
    /// A client says goodbye.
    pub(super) fn leave(&mut self, desk: &mut Desk, id: ParticipantId) {
        let Some(participant) = self.participants.get_mut(&id) else { return };
        // It has gone by its own wish and waits for no `leave` of ours.
        if let Some(session) = participant.session.take() {
            desk.close(session);
        }
        self.remove(desk, id, DisconnectReason::ClientInitiated, Action::Disconnect);
    }

    /// A socket is lost. While media lives the participant stays, since its client can come back without anybody noticing.
    /// `closed`: the client closed it by itself.
    pub(crate) fn socket_lost(&mut self, desk: &mut Desk, id: ParticipantId, closed: bool) {
        let Some(participant) = self.participants.get_mut(&id) else { return };
        participant.session = None;
        participant.closed = closed;
        desk.timers.clear(Timer::PingMissed(id));
        desk.timers.clear(Timer::TokenAges(id));
        match participant.link {
            // Somebody who has just come back and is lost again is no newcomer who gave up.
            Link::New if participant.returned => {
                participant.link = Link::Down;
                desk.timers.clear(Timer::ArrivalEnds(id));
                self.keep_seat(desk, id);
            }
            Link::New => self.remove(desk, id, DisconnectReason::SignalClose, Action::Disconnect),
            Link::Up => {}
            Link::Down => self.keep_seat(desk, id),
        }
    }

    /// Neither socket nor media is left: waits for either.
    pub(super) fn keep_seat(&self, desk: &mut Desk, id: ParticipantId) {
        let closed = self.participants.get(&id).is_some_and(|participant| participant.closed);
        desk.after(if closed { desk.config.seat_closed } else { desk.config.seat_kept }, Timer::SeatEnds(id));
    }

    /// A client that used to ping has ceased to.
    pub(crate) fn ping_missed(&mut self, desk: &mut Desk, id: ParticipantId) {
        if let Some(session) = self.participants.get(&id).and_then(|participant| participant.session) {
            desk.close(session);
            self.socket_lost(desk, id, false);
        }
    }

    /// Media is lost. Its client tries to mend that as long as it has a socket; without one we wait a little.
    pub(super) fn media_lost(&mut self, desk: &mut Desk, id: ParticipantId) {
        let Some(participant) = self.participants.get_mut(&id) else { return };
        if participant.link == Link::Up {
            participant.link = Link::Down;
            participant.tally.broke();
            if participant.session.is_none() {
                self.keep_seat(desk, id);
            }
        }
    }

    /// Ends a participant's stay. `action` is what its client should do, if it can still hear that.
    pub(crate) fn remove(&mut self, desk: &mut Desk, id: ParticipantId, reason: DisconnectReason, action: Action) {
        let Some(leaving) = self.participants.get(&id) else { return };
        self.spread(desk, id, Audience::Others, &leaving.farewell(reason));
        let Some(left) = self.vacate(desk, id, reason, action) else { return };
        let gone = self.people.of(&left.person).is_some_and(|attendance| attendance.participants.is_empty());
        if gone
            && let Person::Account(account) = left.person
            && is_accident(reason)
        {
            self.strays.insert(account);
        }
        // Who went on elsewhere did not go.
        if gone && reason != DisconnectReason::DuplicateIdentity {
            self.gone(desk, &left.person);
        }
        self.end_pause_if_empty(desk);
        self.end_if_deserted(desk);
    }

    /// Takes a participant out with all that it published. The others are told by the caller.
    fn vacate(
        &mut self,
        desk: &mut Desk,
        id: ParticipantId,
        reason: DisconnectReason,
        action: Action,
    ) -> Option<Participant> {
        let left = self.detach(desk, id, reason, action)?;
        if !left.rights.hidden {
            self.remember(desk, left.late_farewell(reason));
        }
        for track in left.tracks.keys() {
            self.owners.remove(track);
            self.participants.values_mut().for_each(|participant| participant.subscriptions.forget(*track));
        }
        self.number_changed(desk);
        Some(left)
    }

    /// The earlier stays whose place somebody takes who comes in now: the one of the same identity, and those of the same
    /// person of which nothing is left but a kept seat.
    pub(super) fn replaced(&self, identity: &Identity, person: &Person) -> Vec<ParticipantId> {
        let lost = |stay: &Participant| stay.session.is_none() && stay.link == Link::Down && stay.person == *person;
        let former = self.participants.values().filter(|stay| stay.identity == *identity || lost(stay));
        former.map(|stay| stay.id).collect()
    }

    /// Ends stays in whose place another one begins at once. Gives back what the others have to be told of it.
    pub(super) fn make_place(&mut self, desk: &mut Desk, former: &[ParticipantId]) -> Vec<Former> {
        let reason = DisconnectReason::DuplicateIdentity;
        let ended = former.iter().filter_map(|id| self.vacate(desk, *id, reason, Action::Disconnect));
        ended.map(Former::of).collect()
    }

    /// Somebody's last participant has left. Who was let in still is; who came by the operator's word is nobody any more.
    fn gone(&mut self, desk: &mut Desk, person: &Person) {
        self.set_hand(desk, person, None);
        if self.spotlight.as_ref() == Some(person) {
            self.spotlight = None;
            self.stir(desk);
        }
        if matches!(person, Person::Other(_)) {
            self.people.remove(person);
        }
    }

    fn remember(&mut self, desk: &Desk, farewell: livekit::ParticipantInfo) {
        let now = desk.unix_ms();
        self.departed.retain(|(at, known)| at + DEPARTED_MS >= now && known.identity != farewell.identity);
        self.departed.push_back((now, farewell));
        if self.departed.len() > DEPARTED {
            self.departed.pop_front();
        }
    }

    /// Who left while `viewer` was in and may have been unable to hear it. Not those who are back under the same identity:
    /// clients know people by that, and would drop the new stay.
    pub(super) fn missed(&self, desk: &Desk, viewer: &Participant) -> Vec<livekit::ParticipantInfo> {
        let present: BTreeSet<&str> = self.participants.values().map(|present| present.identity.as_str()).collect();
        let now = desk.unix_ms();
        let recent = self.departed.iter().filter(|(at, _)| at + DEPARTED_MS >= now);
        let left = recent.filter(|(at, left)| viewer.was_in(*at) && !present.contains(&*left.identity));
        left.map(|(_, left)| left.clone()).collect()
    }

    /// The server stops. Nothing of the room outlives it, so clients have to join anew.
    pub(crate) fn stop(&mut self, desk: &mut Desk) {
        self.dismiss_all(desk, DisconnectReason::ServerShutdown, Action::Reconnect);
    }

    /// Takes everybody out at once; nobody is left to be told of the others.
    pub(super) fn dismiss_all(&mut self, desk: &mut Desk, reason: DisconnectReason, action: Action) {
        while let Some(id) = self.participants.keys().next().copied() {
            self.detach(desk, id, reason, action);
        }
        self.owners.clear();
    }

    /// Takes a participant out of everything but the view of the others.
    fn detach(
        &mut self,
        desk: &mut Desk,
        id: ParticipantId,
        reason: DisconnectReason,
        action: Action,
    ) -> Option<Participant> {
        let mut left = self.participants.remove(&id)?;
        self.keep_last(desk, &mut left);
        self.speaking.remove(&id);
        if let Some(attendance) = self.people.of_mut(&left.person) {
            attendance.participants.remove(&id);
        }
        self.stir(desk);
        desk.homes.remove(&id);
        desk.timers.clear_participant(id);
        left.tracks.keys().for_each(|track| desk.timers.clear(Timer::TrackExpires(id, *track)));
        desk.media(self.shard, Command::RemovePeer { peer: id });
        if let Some(session) = left.session {
            desk.dismiss(session, reason, action);
        }
        desk.note(Note::Left { room: self.id, participant: id, reason });
        self.herald_left(desk, &left, reason);
        Some(left)
    }
}
