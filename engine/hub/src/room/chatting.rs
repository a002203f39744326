//! The chat of a meeting, as far as the hub decides it: who may write and read, and who is told. The lines are the store's.

use proto::{
    MessageId, Person, Refusal,
    api::{Allowed, Event, Message},
};

use super::{Room, attendance::Attendance};
use crate::{Writer, desk::Desk};

impl Room {
    /// Whether somebody may read the chat now, and write in it. Who was in may read it after they left.
    pub(crate) fn writer(&self, person: &Person, to: Option<&Person>, write: bool) -> Result<Writer, Refusal> {
        let attendance = self.people.of(person).filter(|attendance| attendance.is_in()).ok_or(Refusal::NotIn)?;
        if write {
            if !attendance.is_present() {
                return Err(Refusal::NotIn);
            }
            if !self.rules().allows(attendance.role, Allowed::Chat) {
                return Err(Refusal::NotAllowed);
            }
            if let Some(to) = to {
                self.inside(to)?;
            }
        }
        Ok(Writer { name: attendance.name.clone(), role: attendance.role, from: self.reads_from(attendance) })
    }

    /// From when on somebody may read, in milliseconds since 1970.
    fn reads_from(&self, attendance: &Attendance) -> u64 {
        if self.policy.history || attendance.role.leads() { 0 } else { attendance.since() }
    }

    /// Tells a new or changed line to those whom it is for, and who may have read it before.
    pub(crate) fn tell_message(&self, desk: &mut Desk, message: Message) {
        let (from, to, at) = (message.from.clone(), message.to.clone(), message.at);
        self.tell_inside(desk, &Event::Message { message }, |person, attendance| {
            let meant = to.as_ref().is_none_or(|to| to == person || from == *person);
            meant && at >= self.reads_from(attendance)
        });
    }

    /// Tells that a line is gone.
    pub(crate) fn tell_erased(&self, desk: &mut Desk, id: MessageId) {
        self.tell_inside(desk, &Event::MessageDeleted { id }, |_, _| true);
    }
}
