//! What people in a meeting do to it and to each other, act by act.
//!
//! Whether they may is `roles`; how microphones, cameras and shares are stopped, `control`.

use std::time::Duration;

use proto::{
    ChangePolicy, Identity, Person, Policy, Refusal, Role, RoomName,
    api::{Act, Allowed, EMOJI, Event},
    livekit::{DisconnectReason, leave_request::Action},
};

use super::{Room, attendance::Attendance, roles};
use crate::{
    Keep,
    barred::Return,
    desk::Desk,
    inviting::Host,
    participant::{Participant, pace::Rate},
};

/// How often one person may react, or move the hand: what somebody does in joy, and no more. More is refused.
const GESTURES: Rate = Rate { burst: 5, each: Duration::from_millis(500) };

impl Room {
    /// Does an act, or refuses it. Gives back what has to be stored.
    pub(crate) fn act(&mut self, desk: &mut Desk, actor: &Person, act: Act) -> Result<Vec<Keep>, Refusal> {
        let role = self.role_inside(actor)?;
        roles::may_act(role, &act)?;
        match act {
            Act::Hand { up } => self.move_hand(desk, actor, up)?,
            Act::React { emoji } => self.react(desk, actor, emoji)?,
            Act::Admit { person } => self.admit(desk, &person, true)?,
            Act::AdmitAll => self.admit_where(desk, |_| true)?,
            Act::Deny { person } => self.deny(desk, &person)?,
            Act::Lock { on } => {
                let change = ChangePolicy { locked: Some(on), ..ChangePolicy::default() };
                return Ok(self.change_policy(desk, &change));
            }
            Act::Lobby { lobby } => {
                let change = ChangePolicy { lobby: Some(lobby), ..ChangePolicy::default() };
                return Ok(self.change_policy(desk, &change));
            }
            Act::Allow { what, on } => {
                let mut change = ChangePolicy::default();
                match what {
                    Allowed::Microphone => change.microphone = Some(on),
                    Allowed::Camera => change.camera = Some(on),
                    Allowed::Share => change.share = Some(on),
                    Allowed::Chat => change.chat = Some(on),
                }
                return Ok(self.change_policy(desk, &change));
            }
            Act::Mute { person, what } => {
                self.may_touch(role, &person)?;
                self.stop_person(desk, &person, what)?;
            }
            Act::MuteAll => self.stop_all(desk, Allowed::Microphone)?,
            Act::StopCameras => self.stop_all(desk, Allowed::Camera)?,
            Act::AskToUnmute { person: Some(person) } => {
                self.inside(&person)?;
                self.tell_inside(desk, &Event::AskedToUnmute, |other, _| *other == person);
            }
            Act::AskToUnmute { person: None } => {
                self.tell_inside(desk, &Event::AskedToUnmute, |other, _| other != actor);
            }
            Act::LowerHand { person } => {
                self.inside(&person)?;
                self.set_hand(desk, &person, None);
            }
            Act::LowerHands => {
                let raised = self.people.iter().filter(|(_, attendance)| attendance.hand.is_some());
                for person in raised.map(|(person, _)| person.clone()).collect::<Vec<_>>() {
                    self.set_hand(desk, &person, None);
                }
            }
            Act::Promote { person } => {
                return Ok(self.promote(desk, &person)?.into_iter().collect());
            }
            Act::Demote { person } => {
                return Ok(self.demote(desk, &person)?.into_iter().collect());
            }
            Act::Rename { person, name } => {
                self.may_touch(role, &person)?;
                // What may be the name of a room may be that of a person: some characters, none of them control characters.
                let name: RoomName = name.parse().map_err(|_| Refusal::BadName)?;
                if let Some(attendance) = self.people.of_mut(&person) {
                    attendance.name = name.to_string();
                    attendance.renamed = true;
                }
                self.align(desk, &person);
                self.stir(desk);
            }
            Act::Spotlight { person } => self.shine_on(desk, person)?,
            Act::Pause { on } => self.pause(desk, on)?,
            Act::MoveToLobby { person } => self.move_to_lobby(desk, &person)?,
            Act::Remove { person, may_return } => {
                self.may_touch(role, &person)?;
                let name = self.inside(&person)?.name.clone();
                self.expel(desk, &person, may_return);
                return Ok(if may_return { Vec::new() } else { vec![Keep::Ban(person, name)] });
            }
            Act::HandOver { person } => self.hand_over(desk, actor, &person)?,
            Act::MoveHere { identity } => self.move_here(desk, actor, &identity)?,
            Act::EndForAll => self.end(desk),
        }
        Ok(Vec::new())
    }

    /// The role of somebody who is in, with a participant: whom nobody sees, nobody could stop.
    fn role_inside(&self, person: &Person) -> Result<Role, Refusal> {
        let present = self.people.of(person).filter(|attendance| attendance.is_present());
        present.map(|attendance| attendance.role).ok_or(Refusal::NotIn)
    }

    /// Somebody who asks others in.
    pub(crate) fn host(&self, person: &Person) -> Result<Host, Refusal> {
        let account = roles::may_invite(person, self.role_inside(person)?)?;
        let known = self.inside(person)?;
        Ok(Host { account, name: known.name.clone(), avatar: known.avatar.clone() })
    }

    /// Somebody who came in and is spoken of.
    pub(super) fn inside(&self, person: &Person) -> Result<&Attendance, Refusal> {
        self.people.of(person).filter(|attendance| attendance.is_in()).ok_or(Refusal::NotFound)
    }

    fn may_touch(&self, role: Role, person: &Person) -> Result<(), Refusal> {
        roles::may_do_to(role, self.inside(person)?.role)
    }

    fn move_hand(&mut self, desk: &mut Desk, person: &Person, up: bool) -> Result<(), Refusal> {
        let now = desk.unix_ms();
        let Some(attendance) = self.people.of_mut(person) else { return Err(Refusal::NotIn) };
        if attendance.hand.is_some() == up {
            return Ok(());
        }
        if !attendance.hands.wait(desk.now, GESTURES, 1).is_zero() {
            return Err(Refusal::TooOften);
        }
        attendance.hands.take(desk.now, GESTURES, 1);
        self.set_hand(desk, person, up.then_some(now));
        Ok(())
    }

    pub(super) fn set_hand(&mut self, desk: &mut Desk, person: &Person, hand: Option<u64>) {
        if let Some(attendance) = self.people.of_mut(person).filter(|attendance| attendance.hand != hand) {
            attendance.hand = hand;
            self.align(desk, person);
            self.stir(desk);
        }
    }

    /// Ends all stays of a person but one, which has to be in: what leaves tells its page that the person went on elsewhere.
    fn move_here(&mut self, desk: &mut Desk, person: &Person, identity: &Identity) -> Result<(), Refusal> {
        let mine = |participant: &&Participant| participant.person == *person;
        if !self.participants.values().filter(mine).any(|stay| stay.identity == *identity) {
            return Err(Refusal::NotAllowed);
        }
        let others = self.participants.values().filter(mine).filter(|stay| stay.identity != *identity);
        for id in others.map(|stay| stay.id).collect::<Vec<_>>() {
            self.remove(desk, id, DisconnectReason::DuplicateIdentity, Action::Disconnect);
        }
        Ok(())
    }

    fn react(&mut self, desk: &mut Desk, person: &Person, emoji: String) -> Result<(), Refusal> {
        let odd = |c: char| c.is_alphanumeric() || c.is_control() || c.is_whitespace();
        if emoji.is_empty() || emoji.len() > EMOJI || emoji.chars().any(odd) {
            return Err(Refusal::BadText);
        }
        let Some(attendance) = self.people.of_mut(person) else { return Err(Refusal::NotIn) };
        if !attendance.reactions.wait(desk.now, GESTURES, 1).is_zero() {
            return Err(Refusal::TooOften);
        }
        attendance.reactions.take(desk.now, GESTURES, 1);
        self.tell_inside(desk, &Event::Reaction { person: person.clone(), emoji }, |_, _| true);
        Ok(())
    }

    fn promote(&mut self, desk: &mut Desk, person: &Person) -> Result<Option<Keep>, Refusal> {
        if self.inside(person)?.role.leads() {
            return Ok(None);
        }
        Ok(self.set_role(desk, person, Role::Host))
    }

    fn demote(&mut self, desk: &mut Desk, person: &Person) -> Result<Option<Keep>, Refusal> {
        match self.inside(person)?.role {
            // An owner is that by the room or the server, which no meeting changes.
            Role::Owner => Err(Refusal::NotAllowed),
            Role::Host => Ok(self.set_role(desk, person, roles::without_office(person))),
            Role::Member | Role::Guest => Ok(None),
        }
    }

    pub(super) fn set_role(&mut self, desk: &mut Desk, person: &Person, role: Role) -> Option<Keep> {
        self.people.of_mut(person)?.role = role;
        self.align(desk, person);
        self.stir(desk);
        matches!(person, Person::Account(_)).then(|| Keep::Role(person.clone(), role))
    }

    /// Somebody's stored role is another now.
    pub(crate) fn role_changed(&mut self, desk: &mut Desk, person: &Person, role: Role) {
        self.set_role(desk, person, role);
        if role.leads() && self.people.of(person).is_some_and(Attendance::waits) {
            // A full room lets them in when they knock again.
            let _full = self.admit(desk, person, true);
        }
    }

    /// Changes what the room lets people do; gives back what has to be stored.
    pub(crate) fn change_policy(&mut self, desk: &mut Desk, change: &ChangePolicy) -> Vec<Keep> {
        let policy = self.policy.with(change);
        if policy == self.policy {
            return Vec::new();
        }
        let before = self.rules();
        self.policy = policy.clone();
        self.follow(desk, &before);
        vec![Keep::Policy(policy)]
    }

    /// Other rules than `before` count from now on: what is forbidden ends, and who need not wait any more comes in.
    pub(super) fn follow(&mut self, desk: &mut Desk, before: &Policy) {
        let now = self.rules();
        // Whoever took a ticket while the door stood open comes by that door or not at all.
        self.expect_no_more(desk, |known| roles::is_shut_out(known.role, before, &now));
        for person in self.people.iter().map(|(person, _)| person.clone()).collect::<Vec<_>>() {
            self.align(desk, &person);
        }
        for person in self.people.waiting() {
            let Some((role, moved)) = self.people.of(&person).map(|waiting| (waiting.role, waiting.is_moved())) else {
                continue;
            };
            if !roles::may_come(role, &now) {
                let _waits = self.deny(desk, &person);
            } else if !now.locked && !now.lobby.holds(role) && !moved {
                // Who finds no place goes on waiting.
                let _full = self.admit(desk, &person, false);
            }
        }
        self.stir(desk);
    }

    /// Ends the meeting for everybody. Whoever comes back comes by the door.
    pub(crate) fn end(&mut self, desk: &mut Desk) {
        self.dismiss_all(desk, DisconnectReason::RoomDeleted, Action::Disconnect);
        for (person, attendance) in self.people.clear() {
            if !attendance.waits() && !matches!(person, Person::Other(_)) {
                desk.barred.bar(desk.now, &self.name, &person, Return::Door);
            }
            self.tell_last(desk, &person, &Event::Ended);
        }
        self.ended = true;
    }
}
