//! What outlives the server: a meeting goes on after a restart with the people who were let in, as what they were, and with
//! their seats kept. Who came by the operator's word is not remembered: the operator lets them in again.

use proto::{
    Memory, Person,
    media::{Connection, Verdict},
    memory::{Barred, Remembered, Seat},
    quality::Cause,
};

use super::{
    Room,
    attendance::{Attendance, Standing},
    door, roles,
};
use crate::{
    Join, Note,
    desk::Desk,
    participant::{Link, tally::Tally},
    timers::Timer,
};

impl Room {
    /// Says what the meeting has to know again after a restart, when that is not what was said before.
    pub(crate) fn note_memory(&mut self, desk: &mut Desk) {
        let memory = self.memory_now(desk);
        if memory != self.memory {
            desk.remember(&self.name, memory.clone());
            self.memory = memory;
        }
    }

    /// The room is over: nothing outlives it but whose tokens count no more.
    pub(crate) fn forget(&self, desk: &mut Desk) {
        let memory = Memory { barred: self.barred(desk), ..Memory::default() };
        if memory != self.memory {
            desk.remember(&self.name, memory);
        }
    }

    /// Begins where the meeting was before a restart. Every seat is kept as if its line had broken just now.
    pub(crate) fn recall(&mut self, desk: &mut Desk, memory: Memory) {
        self.began_ms = memory.began;
        self.paused = memory.paused;
        let mut seats = Vec::new();
        for known in &memory.people {
            let standing = match known.expected {
                true => door::expected(desk, known.since, true, None),
                false => Standing::In { since: known.since },
            };
            let attendance = Attendance {
                renamed: known.renamed,
                hand: known.hand,
                ..Attendance::new(known.name.clone(), known.role, standing).seen_as(known.avatar.clone())
            };
            // There is a place for each: they had one before.
            if self.people.add(&known.person, attendance).is_ok() {
                seats.extend(known.seats.iter().map(|seat| (seat.joined, seat, known)));
            }
        }
        seats.sort_by_key(|(joined, ..)| *joined);
        seats.truncate(desk.config.participants_per_room);
        for (_, seat, known) in &seats {
            self.recall_seat(desk, seat, known);
        }
        self.spotlight = memory.spotlight.clone().filter(|person| self.people.of(person).is_some());
        self.watch_door(desk);
        self.stir(desk);
        desk.note(Note::RoomRecalled { room: self.id, seats: seats.len() });
    }

    fn recall_seat(&mut self, desk: &mut Desk, seat: &Seat, known: &Remembered) {
        let join = Join {
            room: self.name.clone(),
            identity: seat.identity.clone(),
            name: known.name.clone(),
            metadata: String::new(),
            attributes: Vec::new(),
            rights: roles::of_ours(),
            // Nothing can be sent there.
            auto_subscribe: false,
            resume: None,
            add_tracks: Vec::new(),
            offer: None,
            client: None,
            policy: None,
            role: None,
        };
        let id = desk.next_id();
        if let Some(attendance) = self.people.of_mut(&known.person) {
            attendance.participants.insert(id);
        }
        let mut participant = self.newcomer(id, None, seat.joined, &join, known.person.clone());
        participant.link = Link::Down;
        participant.verdict = Some(Verdict { connection: Connection::Lost, cause: Some(Cause::Lost) });
        participant.tally = Tally::begin(desk.unix_ms());
        desk.homes.insert(id, self.id);
        desk.timers.clear(Timer::RoomEnds(self.id));
        self.participants.insert(id, participant);
        self.begin_minutes(desk);
        self.keep_seat(desk, id);
    }

    fn memory_now(&self, desk: &Desk) -> Memory {
        let people: Vec<Remembered> =
            self.people.iter().filter_map(|(person, known)| self.remembered(person, known)).collect();
        let in_now = people.iter().any(|known| !known.seats.is_empty());
        Memory {
            began: if in_now { self.began_ms } else { 0 },
            paused: self.paused,
            spotlight: self.spotlight.clone(),
            people,
            barred: self.barred(desk),
        }
    }

    fn remembered(&self, person: &Person, known: &Attendance) -> Option<Remembered> {
        let expected = match known.standing {
            Standing::In { .. } => false,
            Standing::Expected { by_hand: true, .. } => true,
            // Their pages knock again, and rules that let somebody in do so again.
            Standing::Waiting { .. } | Standing::Expected { by_hand: false, .. } => return None,
        };
        let stays = known.participants.iter().filter_map(|id| self.participants.get(id));
        let seats = stays.filter(|stay| !stay.rights.hidden);
        (!matches!(person, Person::Other(_))).then(|| Remembered {
            person: person.clone(),
            name: known.name.clone(),
            renamed: known.renamed,
            avatar: known.avatar.clone(),
            role: known.role,
            since: known.since(),
            expected,
            hand: known.hand,
            seats: seats.map(|stay| Seat { identity: stay.identity.clone(), joined: stay.joined_ms() }).collect(),
        })
    }

    fn barred(&self, desk: &Desk) -> Vec<Barred> {
        let all = desk.barred.of(desk.now, &self.name);
        all.map(|(person, way, until)| Barred { person: person.clone(), way, until: desk.unix_ms_at(until) }).collect()
    }
}
