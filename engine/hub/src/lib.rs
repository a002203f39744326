//! The control plane: who is in which room, what they publish and take, and what they may.
//!
//! It knows no media, no sockets and no clock. Start with [`Hub::handle`]; `room` holds what happens inside a room, and
//! `room::roles` every question of rights. What each message of LiveKit's protocol does is written in docs/livekit.md.

#![forbid(unsafe_code)]

mod barred;
mod call;
mod config;
mod desk;
#[doc(hidden)]
pub mod fuzzing;
mod inviting;
mod lines;
mod participant;
mod presence;
mod questions;
pub mod report;
mod room;
mod timers;
mod wall;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use proto::{
    AccountId, DeviceKey, LineId, Memory, ParticipantId, Person, Policy, Refusal, Role, RoomId, RoomName, SessionId,
    Shard, api,
    livekit::{DisconnectReason, RoomEndReason, leave_request::Action, signal_request::Message as Request},
    media,
    memory::Barred,
    time::Calendar,
};

use crate::{
    barred::Return,
    call::{Calls, Wish},
    desk::Desk,
    lines::Told,
    presence::{Attending, Awaiting, Devices, Moved},
    room::{Room, roles},
    timers::Timer,
};

pub use call::{CALLEES, Callee, Onward, Placed, Wishes, broken_off, past_call};
pub use config::Config;
pub use inviting::{Invites, PEOPLE as INVITED_AT_ONCE};
pub use presence::{Arrival, Book};
pub use words::{
    Answer, Counts, Face, Happened, Happening, Input, Join, Keep, Knocked, Note, Output, Pass, Question, Running,
    Visit, Writer,
};

/// The control plane of one server.
#[derive(Debug)]
pub struct Hub {
    /// Bounded by [`Config::rooms`].
    rooms: BTreeMap<RoomId, Room>,
    names: BTreeMap<RoomName, RoomId>,
    calls: Calls,
    devices: Devices,
    /// The accounts in each live room; what others are told of somebody follows from it.
    attending: Attending,
    awaiting: Awaiting,
    desk: Desk,
    stopping: bool,
    planted: Option<RoomId>,
}

impl Hub {
    /// An empty hub. `seed` decides the ids it will make, which are names and no secrets.
    pub fn new(config: Config, now: Instant, calendar: Calendar, seed: u64) -> Self {
        Self {
            rooms: BTreeMap::new(),
            names: BTreeMap::new(),
            calls: Calls::default(),
            devices: Devices::default(),
            attending: Attending::default(),
            awaiting: Awaiting::default(),
            desk: Desk::new(config, now, calendar, seed),
            stopping: false,
            planted: None,
        }
    }

    /// Takes one input. Drain [`Hub::poll_output`] afterwards.
    ///
    /// What is due is done first. Whoever catches panics gives that an [`Input::Timeout`] of its own, since what breaks takes the
    /// input with it.
    pub fn handle(&mut self, now: Instant, input: Input) {
        self.desk.now = now;
        while let Some(timer) = self.desk.timers.take_due(now) {
            self.expire(timer);
        }
        match input {
            Input::Join { session, join } => self.join(session, *join),
            Input::Signal { session, request } => self.signal(session, *request),
            Input::Gone { session, closed } => self.gone(session, closed),
            Input::Media { shard: _, event } => self.media(event),
            Input::Ask { ask, question } => self.ask(ask, question),
            // Its work was done above, as before every input.
            Input::Timeout => {}
            Input::Recall { room, policy, memory } => self.recall(&room, policy, *memory),
            Input::Attend { line, visit } => self.attend(line, *visit),
            Input::Quit { line } => self.quit(line, Room::line_quit),
            Input::Deaf { line } => {
                let gone = self.devices.leave(&mut self.desk, line);
                self.silence(gone);
                self.quit(line, Room::line_lost);
            }
            Input::SignedOut { line } => {
                let gone = self.devices.sign_out(&mut self.desk, line);
                let whose = gone.as_ref().map(|(account, _)| *account);
                self.silence(gone);
                if let Some(account) = whose {
                    self.calls.nobody_there(&mut self.desk, &self.devices, account);
                }
                self.quit(line, Room::line_quit);
            }
            Input::Stop => self.stop(),
            Input::Here { line, arrival } => self.here(line, *arrival),
            Input::RecallCall(record) => self.calls.recall(&mut self.desk, *record),
        }
        // Once for all that the input did.
        self.tell_meetings();
        self.tell_people();
    }

    /// What is to be done next.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.desk.take_output()
    }

    /// When to come back with [`Input::Timeout`] if nothing else happens before.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.desk.timers.next()
    }

    fn tell_meetings(&mut self) {
        while let Some(id) = self.desk.stirred.pop_first() {
            self.within(id, |room, desk| {
                room.settle_invitations(desk);
                room.tell_meeting(desk);
                room.note_memory(desk);
            });
            self.note_presence(id);
        }
    }

    /// Who is in a room, for calls and for presence.
    fn note_presence(&mut self, id: RoomId) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let strays = std::mem::take(&mut room.strays);
        let (accounts, others) = room.accounts();
        self.calls.present(&mut self.desk, &room.name, &accounts, others, &strays);
        self.desk.stirred_people.extend(self.attending.set(id, accounts));
    }

    /// Ends what is over, and tells people of their calls and of each other.
    pub(crate) fn tell_people(&mut self) {
        // What rooms do then may end more calls, each at most once.
        loop {
            let wishes = self.calls.take_wishes();
            if wishes.is_empty() {
                break;
            }
            for wish in wishes {
                match wish {
                    Wish::End(room) => self.end(&room, None),
                    Wish::Remove(room, account) => self.show_out(&room, account),
                    Wish::Hold(room) => {
                        let held = self.calls.held_in(&room);
                        self.in_named(&room, |room, desk| room.hold(desk, held));
                    }
                    Wish::Wake(call, account, until) => {
                        let here = self.devices.here_of(account);
                        self.desk.wake(call, account, until, here);
                    }
                    Wish::WakeSilent(call, account, until, here) => self.desk.wake(call, account, until, here),
                    Wish::Hush { call, account, missed, know, early } => {
                        // Whoever sleeps was not woken yet, and learns all the same what was missed.
                        let all_know = || self.devices.here_of(account).iter().all(|device| know.contains(device));
                        if missed && early && !all_know() {
                            self.desk.wake(call, account, self.desk.unix_ms(), know.clone());
                        }
                        self.desk.hush(call, account, missed, know);
                    }
                }
            }
            self.tell_meetings();
        }
        let stirred = std::mem::take(&mut self.desk.stirred_people);
        for account in stirred.iter().copied() {
            let engaged = self.attending.meets(account) || self.calls.engages(account);
            self.devices.refresh(&mut self.desk, account, engaged);
            self.calls.watch_held(&mut self.desk, &self.devices, account);
        }
        // Only now is it known of all of them.
        for account in stirred {
            for other in self.awaiting.awaited(account) {
                if self.calls.joins(account, other) {
                    self.awaiting.take_back(&mut self.desk, &self.devices, account, other);
                }
            }
            self.awaiting.look(&mut self.desk, &self.devices, account);
        }
        for account in std::mem::take(&mut self.desk.stirred_calls) {
            self.calls.tell(&mut self.desk, &self.devices, account);
        }
        self.tell_invited();
    }

    /// Whoever takes part in a call no more is nobody in its room: neither in it, nor by a token that they still hold.
    fn show_out(&mut self, room: &RoomName, account: AccountId) {
        if self.calls.takes_part(room, account) == Some(true) {
            return;
        }
        let person = Person::Account(account);
        self.desk.barred.bar(self.desk.now, room, &person, Return::Door);
        self.in_named(room, |room, desk| room.part(desk, &person));
    }

    /// What somebody is in a room: who takes part in the call that it carries leads it, and who does so no more is a stranger.
    pub(crate) fn by_call(&self, room: &RoomName, person: &Person, stored: Role) -> Role {
        let Person::Account(account) = person else { return stored };
        match self.calls.takes_part(room, *account) {
            Some(true) => stored.min(Role::Host),
            Some(false) => Role::Member,
            None => stored,
        }
    }

    fn here(&mut self, line: LineId, mut arrival: Arrival) {
        if self.stopping {
            return self.desk.refuse_line(line, Refusal::Stopping);
        }
        let (account, unseen) = (arrival.account, std::mem::take(&mut arrival.unseen));
        let fresh = !self.devices.knows(line, account);
        let Moved { dropped, gone } = self.devices.here(&mut self.desk, line, arrival);
        self.silence(gone);
        if let Some(dropped) = dropped {
            self.desk.refuse_line(dropped, Refusal::TooMany);
        }
        if fresh {
            let people = self.devices.everybody(account, &unseen);
            let awaited = self.awaiting.told(account);
            self.desk.tell_line(line, api::Event::People { people, awaited });
            // Whom they blocked while nothing of them was here is known now.
            self.hide_invitations(account);
            if let Some(invitations) = self.invitations_for(account) {
                self.desk.tell_line(line, invitations);
            }
        }
    }

    /// Devices that have no line any more ring no longer.
    fn silence(&mut self, gone: impl IntoIterator<Item = (AccountId, DeviceKey)>) {
        for (account, device) in gone {
            self.calls.device_gone(&mut self.desk, account, &device);
        }
    }

    fn join(&mut self, session: SessionId, mut join: Join) {
        if self.stopping {
            return self.turn_away(session, Refusal::Stopping);
        }
        if let Some(participant) = join.resume.take() {
            let known = self
                .home(participant)
                .is_some_and(|room| room.name == join.room && room.holds(participant, &join.identity));
            if !known {
                return self.desk.dismiss(session, DisconnectReason::StateMismatch, Action::Reconnect);
            }
            return self.in_room(participant, |room, desk| room.resume(desk, participant, session, join));
        }
        if let Err(refusal) = roles::may_enter(&join) {
            return self.turn_away(session, refusal);
        }
        if self.desk.barred.find(self.desk.now, &join.room, &roles::who(&join).0).is_some() {
            return self.turn_away(session, Refusal::Removed);
        }
        let (person, role) = roles::who(&join);
        if let Person::Account(account) = person
            && self.calls.takes_part(&join.room, account).is_some()
        {
            join.role = Some(self.by_call(&join.room, &person, join.role.unwrap_or(role)));
        }
        let policy = join.policy.take().unwrap_or(Policy::OPEN);
        let Some(id) = self.names.get(&join.room).copied().or_else(|| self.open(&join.room, policy)) else {
            return self.turn_away(session, Refusal::ServerFull);
        };
        let entered = self.within(id, |room, desk| room.enter(desk, session, join));
        if let Err(refusal) = entered.expect("a name leads to a live room; see `open` and `take_out`") {
            self.turn_away(session, refusal);
        }
    }

    fn signal(&mut self, session: SessionId, request: Request) {
        // Requests that were on their way when we closed the socket find no seat.
        if let Some(participant) = self.desk.seats.get(&session).copied() {
            self.in_room(participant, |room, desk| room.signal(desk, participant, request));
        }
    }

    fn gone(&mut self, session: SessionId, closed: bool) {
        if let Some(participant) = self.desk.seats.remove(&session) {
            self.in_room(participant, |room, desk| room.socket_lost(desk, participant, closed));
        }
    }

    fn media(&mut self, event: media::Event) {
        let room = match &event {
            media::Event::Speakers { room, .. }
            | media::Event::Quality { room, .. }
            | media::Event::Unheard { room, .. }
            | media::Event::Measured { room, .. } => Some(*room),
            media::Event::Answer { peer, .. }
            | media::Event::OfferRefused { peer, .. }
            | media::Event::SectionsRequired { peer, .. }
            | media::Event::TrackPublished { peer, .. }
            | media::Event::TrackEnded { peer, .. }
            | media::Event::Subscribed { peer, .. }
            | media::Event::SubscriptionFailed { peer, .. }
            | media::Event::StreamStates { peer, .. }
            | media::Event::LayersWanted { peer, .. }
            | media::Event::Connected { peer }
            | media::Event::Disconnected { peer } => self.desk.homes.get(peer).copied(),
        };
        // Events that were on their way when the participant left find nobody.
        if let Some(id) = room {
            self.within(id, |room, desk| room.media(desk, event));
        }
    }

    fn recall(&mut self, name: &RoomName, policy: Policy, memory: Memory) {
        for Barred { person, way, until } in memory.barred.iter().cloned() {
            let until = self.desk.at(until);
            self.desk.barred.restore(name, person, way, until);
        }
        if memory.people.is_empty() || self.names.contains_key(name) {
            return;
        }
        if let Some(id) = self.open(name, policy) {
            self.within(id, |room, desk| room.recall(desk, memory));
        }
    }

    fn attend(&mut self, line: LineId, visit: Visit) {
        let Visit { room: name, person, avatar, .. } = visit;
        if self.stopping {
            return self.desk.refuse_line(line, Refusal::Stopping);
        }
        let former = self.desk.lines.quit(line);
        match self.desk.lines.attend(line, &name, &person) {
            Ok(dropped) => dropped.into_iter().for_each(|line| self.desk.refuse_line(line, Refusal::TooMany)),
            Err(refusal) => self.desk.refuse_line(line, refusal),
        }
        if let Some(former) = former {
            self.in_named(&former.room, |room, desk| room.line_lost(desk, &former.person));
        }
        if self.desk.lines.told(line).is_none() {
            return;
        }
        let live = self.in_named(&name, |room, desk| room.attended(desk, line, &person, avatar));
        if live.is_none() && self.desk.lines.tell(line, Told::Outside) {
            self.desk.tell_line(line, api::Event::Outside);
        }
    }

    fn quit(&mut self, line: LineId, tell: fn(&mut Room, &mut Desk, &proto::Person)) {
        if let Some(former) = self.desk.lines.quit(line) {
            self.in_named(&former.room, |room, desk| tell(room, desk, &former.person));
        }
    }

    fn stop(&mut self) {
        self.stopping = true;
        // Their sockets close next; pages see that and come back.
        self.desk.lines.clear();
        self.devices.clear();
        self.awaiting.clear();
        self.desk.inviting.clear();
        let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in rooms {
            self.within(id, Room::stop);
            self.close(id);
        }
    }

    fn expire(&mut self, timer: Timer) {
        match timer {
            // Whoever may still come in a call must find its room; the call itself ends in time.
            Timer::RoomEnds(id) if self.rooms.get(&id).is_some_and(|room| self.calls.carries(&room.name)) => {
                self.desk.after(self.desk.config.departure_timeout, Timer::RoomEnds(id));
            }
            Timer::RoomEnds(id) => self.close(id),
            Timer::RingHeard(call, account) => self.calls.ring_heard(&self.desk, &self.devices, call, account),
            Timer::RingEnds(call, account) => self.calls.ring_ended(&mut self.desk, &self.devices, call, account),
            Timer::HeldEnds(call, account) => self.calls.held_ended(&mut self.desk, call, account),
            Timer::CallForgotten(call) => self.calls.forget(&mut self.desk, call),
            Timer::LostPerson(account) => {
                self.devices.forget_lost(&mut self.desk, account);
                self.calls.nobody_there(&mut self.desk, &self.devices, account);
            }
            Timer::WishEnds(account) => self.awaiting.ended(&mut self.desk, &self.devices, account),
            Timer::PresenceTold(account) => drop(self.desk.stirred_people.insert(account)),
            Timer::InvitationsDue(id) => self.invitations_due(id),
            Timer::RoomTold(id) => drop(self.within(id, |room, desk| room.tell_room(desk))),
            Timer::MeetingTold(id) => drop(self.desk.stirred.insert(id)),
            Timer::MinuteEnds(id) => drop(self.within(id, Room::minute_ended)),
            Timer::DoorWatched(id) => drop(self.within(id, Room::forget_absent)),
            Timer::SeatEnds(participant) => {
                self.lost(participant);
                self.in_room(participant, |room, desk| {
                    room.remove(desk, participant, DisconnectReason::ConnectionTimeout, Action::Reconnect);
                });
            }
            Timer::ArrivalEnds(participant) => {
                self.in_room(participant, |room, desk| {
                    room.remove(desk, participant, DisconnectReason::JoinFailure, Action::Disconnect);
                });
            }
            Timer::PingMissed(participant) => {
                self.in_room(participant, |room, desk| room.ping_missed(desk, participant));
            }
            Timer::TokenAges(participant) => {
                self.in_room(participant, |room, desk| room.refresh_token(desk, participant));
            }
            Timer::Owed(participant) => self.in_room(participant, |room, desk| room.pay(desk, participant)),
            Timer::OfferDue(participant) => self.in_room(participant, |room, desk| room.offer_due(desk, participant)),
            Timer::ChoicesDue(participant) => {
                self.in_room(participant, |room, desk| room.choices_due(desk, participant));
            }
            Timer::TrackExpires(participant, track) => {
                self.in_room(participant, |room, desk| room.track_expired(desk, participant, track));
            }
        }
    }

    /// A seat is kept no longer: whoever is in with it alone has lost the connection.
    fn lost(&mut self, participant: ParticipantId) {
        let alone = self.home(participant).and_then(|room| Some((room.name.clone(), room.alone_with(participant)?)));
        if let Some((room, account)) = alone {
            self.calls.lost(&mut self.desk, &room, account);
        }
    }

    /// Brings a room to life on the media thread that carries the fewest participants.
    fn open(&mut self, name: &RoomName, policy: Policy) -> Option<RoomId> {
        if self.rooms.len() >= self.desk.config.rooms {
            return None;
        }
        let load = |shard: Shard| -> usize {
            self.rooms.values().filter(|room| room.shard == shard).map(|room| room.participants.len()).sum()
        };
        let shard = (0..self.desk.config.shards.max(1)).map(Shard).min_by_key(|shard| load(*shard))?;
        let id = self.desk.next_id();
        let mut room = Room::new(id, name.clone(), shard, self.desk.unix_ms(), policy);
        room.held = self.calls.held_in(name);
        self.rooms.insert(id, room);
        self.names.insert(name.clone(), id);
        self.desk.note(Note::RoomOpened { room: id, shard });
        self.within(id, |room, desk| desk.happened(Happening::RoomStarted { room: room.view(desk) }));
        // Cleared again by the first who enters; without it a room that turned its first away would stay for ever.
        self.desk.after(self.desk.config.empty_timeout, Timer::RoomEnds(id));
        Some(id)
    }

    fn close(&mut self, id: RoomId) {
        let stopping = self.stopping;
        self.within(id, |room, desk| {
            room.void_tickets(desk);
            room.dismiss_lines(desk);
            // What a server that stops knows of its meetings is what it begins with.
            if !stopping {
                room.forget(desk);
            }
        });
        if let Some(room) = self.take_out(id) {
            self.desk.note(Note::RoomClosed { room: id });
            let reason = match () {
                () if stopping => RoomEndReason::RoomEndServerShutdown,
                () if room.ended => RoomEndReason::RoomEndApiDelete,
                () => RoomEndReason::RoomEndIdleTimeout,
            };
            let room = room.view(&self.desk);
            self.desk.happened(Happening::RoomFinished { room, reason });
        }
    }

    /// Takes a room out of all that leads there, however it ends.
    fn take_out(&mut self, id: RoomId) -> Option<Room> {
        let room = self.rooms.remove(&id)?;
        self.names.remove(&room.name);
        self.desk.timers.clear_room(id);
        self.desk.stirred.remove(&id);
        let asked = self.desk.inviting.end(id);
        self.desk.stirred_invited.extend(asked);
        self.desk.stirred_people.extend(self.attending.set(id, BTreeSet::new()));
        // A call that a stopping server carries goes on with the next.
        if !self.stopping {
            let over = room.ended || !room.participants.is_empty();
            self.calls.room_ended(&mut self.desk, &room.name, over);
        }
        Some(room)
    }

    fn turn_away(&mut self, session: SessionId, refusal: Refusal) {
        let (reason, action) = match refusal {
            Refusal::Stopping => (DisconnectReason::ServerShutdown, Action::Reconnect),
            Refusal::Removed => (DisconnectReason::ParticipantRemoved, Action::Disconnect),
            _ => (DisconnectReason::JoinFailure, Action::Disconnect),
        };
        self.desk.note(Note::Refused { session, refusal });
        self.desk.dismiss(session, reason, action);
    }

    /// Whether nothing of any call is left; for tests.
    #[doc(hidden)]
    pub fn holds_no_call(&self) -> bool {
        self.calls.is_empty()
    }

    /// Whether nobody waits until anybody is free; for tests.
    #[doc(hidden)]
    pub fn holds_no_wish(&self) -> bool {
        self.awaiting.is_empty()
    }

    /// Whether nothing of any invitation is left, but for how fast people may ask; for tests.
    #[doc(hidden)]
    pub fn holds_no_invitation(&self) -> bool {
        self.desk.inviting.is_empty()
    }

    fn home(&self, participant: ParticipantId) -> Option<&Room> {
        self.rooms.get(self.desk.homes.get(&participant)?)
    }

    fn in_named<T>(&mut self, name: &RoomName, act: impl FnOnce(&mut Room, &mut Desk) -> T) -> Option<T> {
        let id = *self.names.get(name)?;
        self.within(id, act)
    }

    fn in_room(&mut self, participant: ParticipantId, act: impl FnOnce(&mut Room, &mut Desk)) {
        if let Some(id) = self.desk.homes.get(&participant).copied() {
            self.within(id, act);
        }
    }
}
