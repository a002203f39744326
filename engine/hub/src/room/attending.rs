//! What pages are told of the meeting over their event sockets: its whole state, to those who are in; to those who wait,
//! whether anybody could let them in; nothing more to anybody. Nobody hears a meeting whom its people do not see.

use std::time::Duration;

use proto::{
    LineId, Person,
    api::{Attendee, Event, Hand, Knocker, Mark, MeetingState},
};

use super::{Room, attendance::Attendance, attendance::Standing};
use crate::{
    desk::Desk,
    lines::Told,
    participant::{Participant, pace::Rate},
    timers::Timer,
};

/// How often a meeting's state is told: at once for what people do, gathered when much happens at once. A large meeting
/// counts as several, so that 500 people with a page each cost one state a second.
const STATES: Rate = Rate { burst: 20, each: Duration::from_millis(50) };

/// How many entries (people times pages) are one use of [`STATES`]: what takes about a millisecond to write down.
const ENTRIES: usize = 10_000;

impl Room {
    /// Notes that something of the meeting changed; it is told when the input is done.
    pub(super) fn stir(&self, desk: &mut Desk) {
        desk.stirred.insert(self.id);
    }

    /// A page began to attend, and gets its first answer.
    pub(crate) fn attended(&mut self, desk: &mut Desk, line: LineId, person: &Person, avatar: Option<String>) {
        self.knock_attended(person);
        if let Some(known) = self.people.of_mut(person)
            && known.avatar != avatar
        {
            known.avatar = avatar;
            self.stir(desk);
        }
        if let Some(Attendance { standing: Standing::Expected { unheard, .. }, .. }) = self.people.of_mut(person) {
            match (unheard.take(), self.people.of(person)) {
                (Some(device), Some(attendance)) => desk.admit(line, self.ticket(person, attendance, &device)),
                // The ticket went elsewhere, and may be lost: whoever knocks gets another.
                _ => self.tell_outside(desk, line),
            }
        }
        let whole = self.whole();
        self.tell_state(desk, line, person, &whole);
    }

    /// Tells all pages of one person at once what it is to the meeting now.
    pub(super) fn tell_pages_of(&self, desk: &mut Desk, person: &Person) {
        let whole = self.whole();
        for line in desk.lines.of(&self.name, person) {
            self.tell_state(desk, line, person, &whole);
        }
    }

    /// Tells everybody how the meeting is now, or in a moment when that was told too often of late.
    pub(crate) fn tell_meeting(&mut self, desk: &mut Desk) {
        let lines = desk.lines.in_room(&self.name);
        let whole = self.whole();
        let uses = u32::try_from(1 + lines.len() * whole.people.len() / ENTRIES).unwrap_or(u32::MAX);
        self.number += 1;
        if lines.is_empty() {
            return;
        }
        let wait = self.states.wait(desk.now, STATES, uses);
        if !wait.is_zero() {
            let at = desk.now + wait;
            desk.timers.set_once(Timer::MeetingTold(self.id), at);
            // Who was just let in waits for nothing; others have a state already.
            for (line, person) in lines {
                if desk.lines.told(line) != Some(Told::Meeting) {
                    self.tell_state(desk, line, &person, &whole);
                }
            }
            return;
        }
        self.states.take(desk.now, STATES, uses);
        for (line, person) in lines {
            self.tell_state(desk, line, &person, &whole);
        }
    }

    fn tell_state(&self, desk: &mut Desk, line: LineId, person: &Person, whole: &Whole) {
        match self.people.of(person) {
            None => self.tell_outside(desk, line),
            // Is on the way in.
            Some(attendance) if attendance.is_expected() => {}
            Some(attendance) if attendance.is_in() && !attendance.is_present() => self.tell_outside(desk, line),
            Some(attendance) if attendance.waits() => {
                let (host_present, moved) = (self.host_present(), attendance.is_moved());
                if desk.lines.tell(line, Told::Waiting { host_present, moved }) {
                    desk.tell_line(line, Event::Waiting { host_present, moved });
                }
            }
            Some(attendance) => {
                desk.lines.tell(line, Told::Meeting);
                let invited = if attendance.role.leads() { desk.inviting.invitees(self.id) } else { Vec::new() };
                let waiting = if attendance.role.leads() { whole.waiting.clone() } else { Vec::new() };
                let state = MeetingState {
                    number: self.number,
                    me: person.clone(),
                    role: attendance.role,
                    policy: self.policy.clone(),
                    people: whole.people.clone(),
                    hands: whole.hands.clone(),
                    spotlight: self.spotlight.clone(),
                    paused: self.paused,
                    waiting,
                    marks: whole.marks.clone(),
                    invited,
                };
                desk.tell_line(line, Event::Meeting { state });
            }
        }
    }

    fn tell_outside(&self, desk: &mut Desk, line: LineId) {
        if desk.lines.tell(line, Told::Outside) {
            desk.tell_line(line, Event::Outside);
        }
    }

    /// Tells every page of those who are in and whom `whom` names.
    pub(super) fn tell_inside(&self, desk: &mut Desk, event: &Event, whom: impl Fn(&Person, &Attendance) -> bool) {
        for (line, person) in desk.lines.in_room(&self.name) {
            if self.people.of(&person).is_some_and(|attendance| attendance.is_present() && whom(&person, attendance)) {
                desk.tell_line(line, event.clone());
            }
        }
    }

    /// The room is over: pages that still attend it are told so, and stay for the next.
    pub(crate) fn dismiss_lines(&self, desk: &mut Desk) {
        for (line, _) in desk.lines.in_room(&self.name) {
            self.tell_outside(desk, line);
        }
    }

    /// Whether anybody is in who could let others in.
    pub(super) fn host_present(&self) -> bool {
        let mut leading = self.people.iter().filter(|(_, attendance)| attendance.role.leads());
        leading.any(|(_, attendance)| !self.seen(attendance).is_empty())
    }

    /// Whether nothing here says that somebody does not lead it: of those who left nothing may be known.
    pub(crate) fn trusts(&self, person: &Person) -> bool {
        self.people.of(person).is_none_or(|known| known.role.leads())
    }

    /// The participants of somebody that others see, in order of coming.
    pub(super) fn seen(&self, attendance: &Attendance) -> Vec<proto::Identity> {
        let own = attendance.participants.iter().filter_map(|id| self.participants.get(id));
        own.filter(|participant| !participant.rights.hidden).map(|participant| participant.identity.clone()).collect()
    }

    fn joined_ms(&self, id: proto::ParticipantId) -> u64 {
        self.participants.get(&id).map_or(u64::MAX, Participant::joined_ms)
    }

    fn whole(&self) -> Whole {
        let mut present: Vec<_> = self.people.iter().filter(|(_, known)| !self.seen(known).is_empty()).collect();
        // Who came back keeps the place.
        present.sort_by_key(|(_, known)| known.participants.iter().map(|id| (self.joined_ms(*id), *id)).min());
        let mut hands: Vec<Hand> = present
            .iter()
            .filter_map(|(person, known)| Some(Hand { person: (*person).clone(), since: known.hand? }))
            .collect();
        hands.sort_by_key(|hand| hand.since);
        let waiting = self.people.waiting().into_iter().filter_map(|person| {
            let knocking = self.people.of(&person)?;
            let (name, avatar) = (knocking.name.clone(), knocking.avatar.clone());
            Some(Knocker { name, avatar, role: knocking.role, since: knocking.since(), person })
        });
        Whole {
            people: present
                .into_iter()
                .map(|(person, known)| Attendee {
                    person: person.clone(),
                    name: known.name.clone(),
                    avatar: known.avatar.clone(),
                    role: known.role,
                    identities: self.seen(known),
                })
                .collect(),
            hands,
            waiting: waiting.collect(),
            marks: self.marks(),
        }
    }
}

/// What is the same for all who are told.
struct Whole {
    people: Vec<Attendee>,
    hands: Vec<Hand>,
    waiting: Vec<Knocker>,
    marks: Vec<Mark>,
}
