//! What those who lead do to the meeting as a whole: who is shown large, whether all stands still, who leads next.
//!
//! How something is stopped is `control`; the way back to the door, `door`.

use proto::{Person, Policy, Refusal, Role, livekit::DisconnectReason};

use super::{Room, control::STOPPABLE, roles};
use crate::desk::Desk;

impl Room {
    /// What people may do now: the kept policy, or what a pause leaves of it.
    pub(super) fn rules(&self) -> Policy {
        if self.paused { self.policy.paused() } else { self.policy.clone() }
    }

    /// Shows somebody large to everybody, or nobody.
    pub(super) fn shine_on(&mut self, desk: &mut Desk, person: Option<Person>) -> Result<(), Refusal> {
        if let Some(person) = &person {
            let known = self.people.of(person).filter(|known| !self.seen(known).is_empty());
            known.ok_or(Refusal::NotFound)?;
        }
        if self.spotlight != person {
            self.spotlight = person;
            self.stir(desk);
        }
        Ok(())
    }

    /// Pauses everything, or lets it go on. Those who lead are stopped too, once: they may begin again, to say what happens.
    pub(super) fn pause(&mut self, desk: &mut Desk, on: bool) -> Result<(), Refusal> {
        if self.paused == on {
            return Ok(());
        }
        let before = self.rules();
        self.paused = on;
        self.follow(desk, &before);
        if on {
            let leading = self.people.iter().filter(|(_, known)| known.is_in() && known.role.leads());
            for person in leading.map(|(person, _)| person.clone()).collect::<Vec<_>>() {
                for what in STOPPABLE {
                    self.stop_person(desk, &person, what)?;
                }
            }
        }
        Ok(())
    }

    /// Nobody is in any more: whoever comes next begins another meeting.
    pub(super) fn end_pause_if_empty(&mut self, desk: &mut Desk) {
        if self.paused && self.participants.is_empty() {
            let before = self.rules();
            self.paused = false;
            self.follow(desk, &before);
        }
    }

    /// Somebody who leads leaves, and lets another lead in their place. Nothing of it is kept with the room.
    pub(super) fn hand_over(&mut self, desk: &mut Desk, actor: &Person, person: &Person) -> Result<(), Refusal> {
        let next = self.people.of(person).filter(|known| known.is_present()).ok_or(Refusal::NotFound)?;
        if person == actor {
            return Err(Refusal::NotFound);
        }
        let next_leads = next.role.leads();
        let present = self.people.iter().filter(|(_, known)| known.is_present() && known.role.leads());
        let others_lead = present.map(|(other, _)| other).any(|other| other != actor);
        let role = self.people.of(actor).map(|known| known.role).ok_or(Refusal::NotIn)?;
        roles::may_hand_over(role, others_lead)?;
        if !next_leads {
            let _for_this_meeting = self.set_role(desk, person, Role::Host);
        }
        self.leave_all(desk, actor, DisconnectReason::ClientInitiated);
        Ok(())
    }
}
