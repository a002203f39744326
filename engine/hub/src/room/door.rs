//! The way in: knocking, waiting, being let in or not.
//!
//! Whether somebody may come in is `roles::door`; what they are told afterwards, `attending`.

use std::time::{Duration, Instant};

use proto::{
    ParticipantId, Person, Refusal,
    api::{Door, Event},
    livekit::{DisconnectReason, leave_request::Action},
};

use super::{
    Room,
    attendance::{Attendance, Standing},
    roles,
};
use crate::{Knocked, Pass, Visit, barred::Return, desk::Desk, lines::Told, timers::Timer};

/// How long a knock is kept that no page attends: time enough to open the event socket, or to open it again after a loss.
const KNOCK_KEPT: Duration = Duration::from_secs(30);

/// How long somebody who holds a ticket is expected: longer than the ten minutes for which it is good.
const TICKET_KEPT: Duration = Duration::from_secs(900);

impl Room {
    /// What somebody finds at the door.
    pub(crate) fn door(&self, desk: &Desk, visit: &Visit) -> Door {
        let barred = desk.barred.find(desk.now, &self.name, &visit.person);
        roles::door(visit, &self.rules(), self.people.of(&visit.person), barred, self.is_full(desk))
    }

    /// Somebody wants to come in.
    pub(crate) fn knock(&mut self, desk: &mut Desk, visit: Visit, device: String) -> Result<Knocked, Refusal> {
        let door = self.door(desk, &visit);
        let role = roles::here(visit.role, self.people.of(&visit.person));
        let since = desk.unix_ms();
        if roles::passes(door)? {
            if let Some(known) = self.people.of_mut(&visit.person).filter(|known| !known.waits()) {
                known.role = role;
                known.avatar = visit.avatar;
                if !known.renamed {
                    known.name = visit.name;
                }
                if let Standing::Expected { until, unheard, .. } = &mut known.standing {
                    (*until, *unheard) = (desk.now + TICKET_KEPT, None);
                }
            } else {
                let standing = expected(desk, since, false, None);
                let coming = Attendance::new(visit.name, role, standing).seen_as(visit.avatar);
                self.expect(desk, &visit.person, coming)?;
            }
            self.align(desk, &visit.person);
            self.stir(desk);
            self.watch_door(desk);
            let attendance = self.people.of(&visit.person).ok_or(Refusal::RoomFull)?;
            return Ok(Knocked::Admitted(Box::new(self.ticket(&visit.person, attendance, &device))));
        }
        let attends = desk.lines.attends(&self.name, &visit.person);
        let until = (!attends).then(|| desk.now + KNOCK_KEPT);
        if let Some(known) = self.people.of_mut(&visit.person) {
            let (since, moved) = (known.since(), known.is_moved());
            (known.avatar, known.role) = (visit.avatar, role);
            if !known.renamed {
                known.name = visit.name;
            }
            known.standing = Standing::Waiting { since, device, from: visit.from, until, moved };
        } else {
            let moved = desk.barred.find(desk.now, &self.name, &visit.person) == Some(Return::Lobby);
            let waiting = Standing::Waiting { since, device, from: visit.from, until, moved };
            self.people.add(&visit.person, Attendance::new(visit.name, role, waiting).seen_as(visit.avatar))?;
        }
        self.watch_door(desk);
        desk.timers.clear(Timer::RoomEnds(self.id));
        self.stir(desk);
        Ok(Knocked::Waiting { host_present: self.host_present() })
    }

    /// Counts on somebody who is given a ticket.
    fn expect(&mut self, desk: &mut Desk, person: &Person, attendance: Attendance) -> Result<(), Refusal> {
        desk.barred.lift(&self.name, person);
        if let Some(forgotten) = self.people.add(person, attendance)? {
            desk.barred.bar(desk.now, &self.name, &forgotten, Return::Door);
        }
        self.watch_door(desk);
        Ok(())
    }

    /// Takes the tickets back of those who have not come yet, when only the rules let them in and `whom` names them.
    pub(super) fn expect_no_more(&mut self, desk: &mut Desk, whom: impl Fn(&Attendance) -> bool) {
        let expected = |known: &Attendance| matches!(known.standing, Standing::Expected { by_hand: false, .. });
        let these = self.people.iter().filter(|(_, known)| expected(known) && whom(known));
        for person in these.map(|(person, _)| person.clone()).collect::<Vec<_>>() {
            self.people.remove(&person);
            desk.barred.bar(desk.now, &self.name, &person, Return::Door);
        }
        self.watch_door(desk);
    }

    /// Lets somebody in who waits, and tells all their pages. Each gets an identity of its own. `by_hand`: somebody chose
    /// this person, and not only a rule.
    pub(super) fn admit(&mut self, desk: &mut Desk, person: &Person, by_hand: bool) -> Result<(), Refusal> {
        if self.is_full(desk) {
            return Err(Refusal::RoomFull);
        }
        let Some(Attendance { name, renamed, avatar, role, standing: Standing::Waiting { device, .. }, .. }) =
            self.people.of(person)
        else {
            return Err(Refusal::NotFound);
        };
        let (device, lines) = (device.clone(), desk.lines.of(&self.name, person));
        let unheard = lines.is_empty().then(|| device.clone());
        let standing = expected(desk, desk.unix_ms(), by_hand, unheard);
        let coming = Attendance::new(name.clone(), *role, standing).seen_as(avatar.clone());
        let coming = Attendance { renamed: *renamed, ..coming };
        for (nth, line) in lines.into_iter().enumerate() {
            let device = if nth == 0 { device.clone() } else { format!("{device}{nth}") };
            desk.admit(line, self.ticket(person, &coming, &device));
        }
        self.expect(desk, person, coming)?;
        self.stir(desk);
        self.end_if_deserted(desk);
        Ok(())
    }

    /// Lets somebody in by hand who waits.
    pub(crate) fn let_in_by_hand(&mut self, desk: &mut Desk, person: &Person) -> Result<(), Refusal> {
        self.admit(desk, person, true)
    }

    /// Lets somebody in by hand who was asked to come, and gives back until when they are expected.
    pub(crate) fn let_in(&mut self, desk: &mut Desk, visit: Visit) -> Result<Instant, Refusal> {
        let Visit { person, name, avatar, role, banned, .. } = visit;
        if banned || desk.barred.find(desk.now, &self.name, &person) == Some(Return::Never) {
            return Err(Refusal::Removed);
        }
        if self.is_full(desk) {
            return Err(Refusal::RoomFull);
        }
        match self.people.of_mut(&person) {
            Some(known) if known.waits() => self.admit(desk, &person, true)?,
            // The door is open to whoever was in.
            Some(Attendance { standing: Standing::In { .. }, .. }) => {}
            known => {
                let role = known.map_or(role, |known| known.role.min(role));
                let standing = expected(desk, desk.unix_ms(), true, None);
                self.expect(desk, &person, Attendance::new(name, role, standing).seen_as(avatar))?;
                self.end_if_deserted(desk);
            }
        }
        self.stir(desk);
        Ok(desk.now + TICKET_KEPT)
    }

    /// Lets everybody in who waits and whom `whom` names, as long as there are places.
    pub(super) fn admit_where(&mut self, desk: &mut Desk, whom: impl Fn(&Attendance) -> bool) -> Result<(), Refusal> {
        for person in self.people.waiting() {
            if self.people.of(&person).is_some_and(&whom) {
                self.admit(desk, &person, true)?;
            }
        }
        Ok(())
    }

    /// Does not let somebody in who waits.
    pub(super) fn deny(&mut self, desk: &mut Desk, person: &Person) -> Result<(), Refusal> {
        if !self.people.of(person).is_some_and(Attendance::waits) {
            return Err(Refusal::NotFound);
        }
        self.people.remove(person);
        self.tell_last(desk, person, &Event::Denied);
        self.stir(desk);
        self.end_if_deserted(desk);
        Ok(())
    }

    /// Ends all of somebody's stay. A media token that they still hold counts no more.
    pub(crate) fn expel(&mut self, desk: &mut Desk, person: &Person, may_return: bool) {
        // Who came by the operator's word has no door to come back by.
        if !may_return {
            desk.barred.bar(desk.now, &self.name, person, Return::Never);
        } else if !matches!(person, Person::Other(_)) {
            desk.barred.bar(desk.now, &self.name, person, Return::Door);
        }
        self.tell_last(desk, person, &Event::Removed { may_return });
        self.leave_all(desk, person, DisconnectReason::ParticipantRemoved);
        self.people.remove(person);
        self.stir(desk);
        self.end_if_deserted(desk);
    }

    /// Somebody takes part in the call of this room no more: takes them out with all of their devices, and knows them no more.
    pub(crate) fn part(&mut self, desk: &mut Desk, person: &Person) {
        self.leave_all(desk, person, DisconnectReason::ClientInitiated);
        if self.people.remove(person).is_some() {
            self.stir(desk);
            self.end_if_deserted(desk);
        }
    }

    /// Sends somebody who is in back to wait, until somebody lets them in by hand. A media token that they still hold counts
    /// no more, and neither does a lobby that lets people in by itself.
    pub(super) fn move_to_lobby(&mut self, desk: &mut Desk, person: &Person) -> Result<(), Refusal> {
        let known = self.inside(person)?;
        roles::may_be_moved(person, known.role)?;
        let first = known.participants.first().and_then(|id| self.participants.get(id)).ok_or(Refusal::NotFound)?;
        let device = first.identity.as_str().rsplit_once('~').map(|(_, device)| device.to_owned()).unwrap_or_default();
        let stays: Vec<ParticipantId> = known.participants.iter().copied().collect();
        let until = (!desk.lines.attends(&self.name, person)).then(|| desk.now + KNOCK_KEPT);
        let standing = Standing::Waiting { since: desk.unix_ms(), device, from: None, until, moved: true };
        let waiting = Attendance::new(known.name.clone(), known.role, standing).seen_as(known.avatar.clone());
        let waiting = Attendance { renamed: known.renamed, ..waiting };
        self.people.add(person, waiting)?;
        desk.barred.bar(desk.now, &self.name, person, Return::Lobby);
        for id in stays {
            // Elsewhere for now: clients tell this from a removal.
            self.remove(desk, id, DisconnectReason::Migration, Action::Disconnect);
        }
        self.watch_door(desk);
        // Also when the meeting was told so often of late that others wait for the next state.
        self.tell_pages_of(desk, person);
        self.stir(desk);
        Ok(())
    }

    /// A page of somebody who may wait began to attend.
    pub(super) fn knock_attended(&mut self, person: &Person) {
        if let Some(Attendance { standing: Standing::Waiting { until, .. }, .. }) = self.people.of_mut(person) {
            *until = None;
        }
    }

    /// A page of somebody said that it attends no more. Who waits with no other page takes the knock back.
    pub(crate) fn line_quit(&mut self, desk: &mut Desk, person: &Person) {
        let waits = self.people.of(person).is_some_and(Attendance::waits);
        if !waits || desk.lines.attends(&self.name, person) {
            return;
        }
        self.people.remove(person);
        self.watch_door(desk);
        self.stir(desk);
        self.end_if_deserted(desk);
    }

    /// The line of somebody's page was lost, or the page attends another room.
    pub(crate) fn line_lost(&mut self, desk: &mut Desk, person: &Person) {
        if desk.lines.attends(&self.name, person) {
            return;
        }
        if let Some(Attendance { standing: Standing::Waiting { until, .. }, .. }) = self.people.of_mut(person) {
            *until = Some(desk.now + KNOCK_KEPT);
            self.watch_door(desk);
        }
    }

    /// The time has come to forget those who knocked and whose page did not come (back), and those who let their ticket
    /// grow old.
    pub(crate) fn forget_absent(&mut self, desk: &mut Desk) {
        let due = self.people.iter().filter(|(_, known)| ends(known).is_some_and(|until| until <= desk.now));
        for person in due.map(|(person, _)| person.clone()).collect::<Vec<_>>() {
            self.people.remove(&person);
            self.stir(desk);
        }
        self.watch_door(desk);
        self.end_if_deserted(desk);
    }

    /// The room is over: tickets that nobody used are good for no other meeting in it, unless somebody gave them by hand or
    /// the door is never shut to their holders.
    pub(crate) fn void_tickets(&self, desk: &mut Desk) {
        let by_rule = |known: &Attendance| matches!(known.standing, Standing::Expected { by_hand: false, .. });
        for (person, _) in self.people.iter().filter(|(_, known)| by_rule(known) && !known.role.leads()) {
            desk.barred.bar(desk.now, &self.name, person, Return::Door);
        }
    }

    pub(super) fn watch_door(&self, desk: &mut Desk) {
        match self.people.iter().filter_map(|(_, known)| ends(known)).min() {
            Some(first) => desk.timers.set(Timer::DoorWatched(self.id), first),
            None => desk.timers.clear(Timer::DoorWatched(self.id)),
        }
    }

    /// What a media token of somebody who was let in says.
    pub(super) fn ticket(&self, person: &Person, attendance: &Attendance, device: &str) -> Pass {
        Pass {
            room: self.name.clone(),
            identity: person.identity(device),
            name: attendance.name.clone(),
            metadata: String::new(),
            attributes: vec![(roles::ROLE.to_owned(), attendance.role.name().to_owned())],
            rights: roles::rights(&roles::of_ours(), attendance.role, &self.rules()),
        }
    }

    /// Tells all pages of somebody what ended their stay or their wait.
    pub(super) fn tell_last(&self, desk: &mut Desk, person: &Person, event: &Event) {
        for line in desk.lines.of(&self.name, person) {
            if desk.lines.tell(line, Told::Outside) {
                desk.tell_line(line, event.clone());
            }
        }
    }

    pub(super) fn is_full(&self, desk: &Desk) -> bool {
        self.participants.len() >= desk.config.participants_per_room
    }

    /// A room in which nobody is and at whose door nobody waits ends after a while.
    pub(super) fn end_if_deserted(&self, desk: &mut Desk) {
        if self.participants.is_empty() && !self.people.anybody_waits() {
            desk.after(desk.config.departure_timeout, Timer::RoomEnds(self.id));
        }
    }
}

/// Somebody who is given a ticket now.
pub(super) fn expected(desk: &Desk, since: u64, by_hand: bool, unheard: Option<String>) -> Standing {
    Standing::Expected { since, until: desk.now + TICKET_KEPT, by_hand, unheard }
}

/// When somebody is forgotten who does not come.
fn ends(known: &Attendance) -> Option<Instant> {
    match known.standing {
        Standing::Waiting { until, .. } => until,
        Standing::Expected { until, .. } => Some(until),
        Standing::In { .. } => None,
    }
}
