//! How participants come: newly, in place of an earlier stay, or back over a new socket.

use proto::{
    ParticipantId, Person, Refusal, Rights, Role, SessionId, TrackId,
    livekit::{self, signal_response::Message as Response},
    media::{AddPeer, Command, spoken_in},
};

use super::{
    Room,
    attendance::{Attendance, Standing},
    control,
    departure::Former,
    telling,
};
use crate::{
    Join, Note,
    desk::Desk,
    participant::{Participant, subscription::Permission, tally::Tally},
    room::roles,
    timers::Timer,
};

/// The most tracks that a client announces along with its join: twice as many as it may have. The rest is dropped, with
/// one note for all.
const BROUGHT: usize = 16;

impl Room {
    /// Lets somebody in. The same identity in the room already: that stay ends first, and is told to the others first.
    pub(crate) fn enter(&mut self, desk: &mut Desk, session: SessionId, mut join: Join) -> Result<(), Refusal> {
        let (person, role) = roles::who(&join);
        // A token of an earlier meeting is no way around the lobby of this one.
        if self.people.of(&person).is_some_and(Attendance::waits) {
            return Err(Refusal::NotAllowed);
        }
        let former = self.replaced(&join.identity, &person);
        if self.participants.len() - former.len() >= desk.config.participants_per_room {
            return Err(Refusal::RoomFull);
        }
        self.greet(desk, &mut join, &person, role)?;
        let former = self.make_place(desk, &former);
        let id = self.seat(desk, session, &join, person, &former);
        self.number_changed(desk);
        if let Some(newcomer) = self.participants.get(&id) {
            let welcome = telling::welcome(desk, self.view(desk), newcomer, self.others(newcomer));
            desk.tell(Some(session), welcome);
            self.tell_entry(desk, newcomer, &former);
            self.tell_present(desk, newcomer);
        }
        self.bring(desk, id, join.add_tracks, join.offer);
        Ok(())
    }

    /// Counts somebody who comes with a token as let in: it was signed by this server, maybe before it was started again,
    /// or by the operator. What the meeting knows of one of our own people goes before what the token says.
    fn greet(&mut self, desk: &Desk, join: &mut Join, person: &Person, role: Role) -> Result<(), Refusal> {
        if self.people.of(person).is_none() {
            let standing = Standing::In { since: desk.unix_ms() };
            // What is stored of an account goes before what its token says: that may be ten minutes old.
            let stored = join.role.filter(|_| matches!(person, Person::Account(_)));
            let role = stored.unwrap_or(role);
            self.people.add(person, Attendance::new(join.name.clone(), role, standing))?;
        } else if self.people.of(person).is_some_and(Attendance::is_expected) {
            let Some(expected) = self.people.remove(person) else { return Ok(()) };
            let standing = Standing::In { since: expected.since() };
            self.people.add(person, Attendance { standing, ..expected })?;
        }
        let Some(attendance) = self.people.of_mut(person) else { return Ok(()) };
        if matches!(person, Person::Other(_)) {
            attendance.name.clone_from(&join.name);
        } else {
            join.rights = Rights { hidden: join.rights.hidden, ..roles::of_ours() };
        }
        Ok(())
    }

    fn seat(
        &mut self,
        desk: &mut Desk,
        session: SessionId,
        join: &Join,
        person: Person,
        former: &[Former],
    ) -> ParticipantId {
        let id = desk.next_id();
        if self.participants.is_empty() {
            self.began_ms = desk.unix_ms();
        }
        if let Some(attendance) = self.people.of_mut(&person) {
            attendance.participants.insert(id);
        }
        let since = former.iter().map(|former| former.joined_ms).min();
        let mut newcomer = self.newcomer(id, Some(session), since.unwrap_or(desk.unix_ms()), join, person);
        newcomer.returned = since.is_some();
        newcomer.tally = Tally::begin(desk.unix_ms());
        self.begin_minutes(desk);
        desk.seats.insert(session, id);
        desk.homes.insert(id, self.id);
        desk.timers.clear(Timer::RoomEnds(self.id));
        desk.after(desk.config.arrival_timeout, Timer::ArrivalEnds(id));
        desk.after(desk.config.token_refresh, Timer::TokenAges(id));
        let peer = AddPeer {
            room: self.id,
            peer: id,
            identity: newcomer.identity.clone(),
            may_send_data: newcomer.rights.data,
            hidden: newcomer.rights.hidden,
            tap: spoken_in(&self.name),
        };
        desk.media(self.shard, Command::AddPeer(peer));
        desk.note(Note::Joined { room: self.id, participant: id });
        self.participants.insert(id, newcomer);
        self.stir(desk);
        id
    }

    pub(super) fn newcomer(
        &self,
        id: ParticipantId,
        session: Option<SessionId>,
        joined_ms: u64,
        join: &Join,
        person: Person,
    ) -> Participant {
        let mut newcomer = Participant::new(id, session, joined_ms, join, person);
        if let Some(attendance) = self.people.of(&newcomer.person) {
            newcomer.rights = roles::rights(&newcomer.granted, attendance.role, &self.rules());
            newcomer.profile.name.clone_from(&attendance.name);
            control::mark(&mut newcomer.profile, &newcomer.person, attendance);
        }
        newcomer
    }

    /// What came along with the join. The offer is last: its answer then carries the tracks announced here and those of
    /// the others.
    fn bring(
        &mut self,
        desk: &mut Desk,
        id: ParticipantId,
        add_tracks: Vec<livekit::AddTrackRequest>,
        offer: Option<livekit::SessionDescription>,
    ) {
        if add_tracks.len() > BROUGHT
            && let Some(session) = self.participants.get(&id).and_then(|participant| participant.session)
        {
            desk.note(Note::Refused { session, refusal: Refusal::TooMany });
        }
        for request in add_tracks.into_iter().take(BROUGHT) {
            self.add_track(desk, id, request);
        }
        let live: Vec<TrackId> = self.owners.keys().copied().collect();
        for track in live {
            self.settle(desk, id, track);
        }
        if let Some(offer) = offer {
            self.offer(desk, id, offer);
        }
    }

    /// Puts a participant behind a new socket and tells it all that it may have missed.
    pub(crate) fn resume(&mut self, desk: &mut Desk, id: ParticipantId, session: SessionId, join: Join) {
        let Some(participant) = self.participants.get_mut(&id) else { return };
        // A former socket that we do not know to be lost yet. No `leave`: it would reach the client that is just back.
        if let Some(former) = participant.session.replace(session) {
            desk.close(former);
        }
        participant.closed = false;
        participant.tally.broke();
        desk.seats.insert(session, id);
        desk.timers.clear(Timer::SeatEnds(id));
        desk.timers.clear(Timer::PingMissed(id));
        desk.note(Note::Resumed { room: self.id, participant: id });
        if let Some(participant) = self.participants.get(&id) {
            // Clients drop whatever comes before `reconnect`.
            desk.tell(Some(session), telling::welcome_back(desk));
            let mut participants = self.missed(desk, participant);
            participants.push(participant.view());
            participants.extend(self.others(participant));
            desk.tell(Some(session), Response::Update(livekit::ParticipantUpdate { participants }));
            let room = Some(self.view(desk));
            desk.tell(Some(session), Response::RoomUpdate(livekit::RoomUpdate { room }));
            self.tell_permissions(desk, participant);
            self.tell_flows(desk, participant);
            self.tell_silence(desk, participant);
            self.tell_present(desk, participant);
        }
        self.refresh_token(desk, id);
        self.bring(desk, id, join.add_tracks, join.offer);
    }

    /// Tells again which tracks a participant may take, wherever a publisher made a list.
    fn tell_permissions(&self, desk: &mut Desk, subscriber: &Participant) {
        for (track, owner) in &self.owners {
            let Some(publisher) = self.participants.get(owner) else { continue };
            if publisher.permission != Permission::Everybody && roles::may_see(subscriber, publisher) {
                let allowed = roles::may_take(subscriber, publisher, *track);
                desk.tell(subscriber.session, super::subscribing::permission(publisher.id, *track, allowed));
            }
        }
    }
}
