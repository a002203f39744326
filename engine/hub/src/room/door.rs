//! The way in: knocking, waiting, being let in or not.
//!
//! Whether somebody may come in is `roles::door`; what they are told afterwards, `attending`.

use std::time::Duration;

use proto::{
    Person, Refusal,
    api::{Door, Event},
};

use super::{
    Room,
    attendance::{Attendance, Standing},
    roles,
};
use crate::{Knocked, Pass, Visit, barred::Return, desk::Desk, lines::Told, timers::Timer};

/// How long a knock is kept that no page attends: time enough to open the event socket, or to open it again after a loss.
const KNOCK_KEPT: Duration = Duration::from_secs(30);

impl Room {
    /// What somebody finds at the door.
    pub(crate) fn door(&self, desk: &Desk, visit: &Visit) -> Door {
        let barred = desk.barred.find(desk.now, &self.name, &visit.person);
        roles::door(visit, &self.policy, self.people.of(&visit.person), barred, self.is_full(desk))
    }

    /// Somebody wants to come in.
    pub(crate) fn knock(&mut self, desk: &mut Desk, visit: Visit, device: String) -> Result<Knocked, Refusal> {
        let door = self.door(desk, &visit);
        let role = roles::here(visit.role, self.people.of(&visit.person));
        let since = desk.unix_ms();
        if roles::passes(door)? {
            let coming = Standing::In { since, unheard: None };
            let known = self.people.of_mut(&visit.person);
            if let Some(known) = known.filter(|known| known.is_in()) {
                known.role = role;
                known.standing = Standing::In { since: known.since(), unheard: None };
            } else {
                self.people.add(&visit.person, Attendance::new(visit.name, role, coming))?;
                desk.barred.lift(&self.name, &visit.person);
            }
            self.align(desk, &visit.person);
            self.stir(desk);
            let attendance = self.people.of(&visit.person).ok_or(Refusal::RoomFull)?;
            return Ok(Knocked::Admitted(Box::new(self.ticket(&visit.person, attendance, &device))));
        }
        let attends = desk.lines.attends(&self.name, &visit.person);
        let until = (!attends).then(|| desk.now + KNOCK_KEPT);
        if let Some(known) = self.people.of_mut(&visit.person) {
            let since = known.since();
            (known.name, known.role) = (visit.name, role);
            known.standing = Standing::Waiting { since, device, until };
        } else {
            let waiting = Standing::Waiting { since, device, until };
            self.people.add(&visit.person, Attendance::new(visit.name, role, waiting))?;
        }
        self.watch_knocks(desk);
        desk.timers.clear(Timer::RoomEnds(self.id));
        self.stir(desk);
        Ok(Knocked::Waiting { host_present: self.host_present() })
    }

    /// Lets somebody in who waits, and tells all their pages. Each gets an identity of its own.
    pub(super) fn admit(&mut self, desk: &mut Desk, person: &Person) -> Result<(), Refusal> {
        if self.is_full(desk) {
            return Err(Refusal::RoomFull);
        }
        let Some(Attendance { name, role, standing: Standing::Waiting { device, .. }, .. }) = self.people.of(person)
        else {
            return Err(Refusal::NotFound);
        };
        let (device, lines) = (device.clone(), desk.lines.of(&self.name, person));
        let unheard = lines.is_empty().then(|| device.clone());
        let standing = Standing::In { since: desk.unix_ms(), unheard };
        let coming = Attendance::new(name.clone(), *role, standing);
        for (nth, line) in lines.into_iter().enumerate() {
            let device = if nth == 0 { device.clone() } else { format!("{device}{nth}") };
            desk.admit(line, self.ticket(person, &coming, &device));
        }
        self.people.add(person, coming)?;
        desk.barred.lift(&self.name, person);
        self.stir(desk);
        self.end_if_deserted(desk);
        Ok(())
    }

    /// Lets everybody in who waits and whom `whom` names, as long as there are places.
    pub(super) fn admit_where(&mut self, desk: &mut Desk, whom: impl Fn(&Attendance) -> bool) -> Result<(), Refusal> {
        for person in self.people.waiting() {
            if self.people.of(&person).is_some_and(&whom) {
                self.admit(desk, &person)?;
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
        self.leave_all(desk, person);
        self.people.remove(person);
        self.stir(desk);
        self.end_if_deserted(desk);
    }

    /// A page of somebody who may wait began to attend.
    pub(super) fn knock_attended(&mut self, person: &Person) {
        if let Some(Attendance { standing: Standing::Waiting { until, .. }, .. }) = self.people.of_mut(person) {
            *until = None;
        }
    }

    /// A page of somebody attends no more.
    pub(crate) fn line_lost(&mut self, desk: &mut Desk, person: &Person) {
        if desk.lines.attends(&self.name, person) {
            return;
        }
        if let Some(Attendance { standing: Standing::Waiting { until, .. }, .. }) = self.people.of_mut(person) {
            *until = Some(desk.now + KNOCK_KEPT);
            self.watch_knocks(desk);
        }
    }

    /// The time has come to forget those who knocked and whose page did not come (back).
    pub(crate) fn forget_knocks(&mut self, desk: &mut Desk) {
        for person in self.people.waiting() {
            let Some(Attendance { standing: Standing::Waiting { until, .. }, .. }) = self.people.of(&person) else {
                continue;
            };
            if until.is_some_and(|until| until <= desk.now) {
                self.people.remove(&person);
                self.stir(desk);
            }
        }
        self.watch_knocks(desk);
        self.end_if_deserted(desk);
    }

    fn watch_knocks(&self, desk: &mut Desk) {
        let untils = self.people.iter().filter_map(|(_, attendance)| match attendance.standing {
            Standing::Waiting { until, .. } => until,
            Standing::In { .. } => None,
        });
        match untils.min() {
            Some(first) => desk.timers.set(Timer::KnocksEnd(self.id), first),
            None => desk.timers.clear(Timer::KnocksEnd(self.id)),
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
            rights: roles::rights(&roles::of_ours(), attendance.role, &self.policy),
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
