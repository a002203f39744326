//! What other parts of the program ask of live state, and what pages ask for over HTTP.

use proto::{
    AccountId, ChangePolicy, Person, Refusal, Role, RoomId, RoomName,
    api::{Act, Call, Contact, Door, Event},
};

use crate::{
    Answer, Counts, Hub, Keep, Knocked, Question, Visit,
    barred::Return,
    call::{Deed, Placed},
    room::{Room, roles},
};

impl Hub {
    pub(crate) fn ask(&mut self, ask: u64, question: Question) {
        let answer = self.answer(question);
        self.desk.answer(ask, answer);
    }

    fn answer(&mut self, question: Question) -> Answer {
        match question {
            Question::Present(name) => Answer::Present(self.named(&name).map(Room::present).unwrap_or_default()),
            Question::Counts => {
                let mut counts = Counts { rooms: self.rooms.len(), ..Counts::default() };
                self.rooms.values().for_each(|room| room.count(&mut counts));
                Answer::Counts(counts)
            }
            Question::Role { room, person, stored } => Answer::Role(self.by_call(&room, &person, stored)),
            Question::Knock { visit, device } => {
                let visit = self.visiting(*visit);
                Answer::Knock(self.knock(visit, device))
            }
            Question::Door(visit) => {
                let visit = self.visiting(*visit);
                Answer::Door(self.door(&visit))
            }
            Question::Act { room, person, act } => Answer::Act(self.act(&room, &person, *act)),
            Question::Chat { room, person, to, write } => {
                let writer = self.named(&room).map(|room| room.writer(&person, to.as_ref(), write));
                Answer::Chat(writer.unwrap_or(Err(Refusal::NotIn)))
            }
            Question::Written { room, message } => {
                self.in_named(&room, |room, desk| room.tell_message(desk, *message));
                Answer::Done
            }
            Question::Erased { room, id } => {
                self.in_named(&room, |room, desk| room.tell_erased(desk, id));
                Answer::Done
            }
            Question::TellPeople { people, event } => {
                for line in people.into_iter().flat_map(|account| self.devices.lines(account)) {
                    self.desk.tell_line(line, Event::clone(&event));
                }
                Answer::Done
            }
            Question::Changed { room, policy, role } => {
                self.changed(&room, policy, role);
                Answer::Done
            }
            Question::End { room, person } => {
                self.end(&room, person);
                Answer::Done
            }
            Question::Leave { person, may_return } => {
                for id in self.whereabouts(&person) {
                    self.within(id, |room, desk| room.expel(desk, &person, may_return));
                }
                if let (Person::Account(account), false) = (&person, may_return) {
                    self.awaiting.shut_out(&mut self.desk, &self.devices, *account);
                }
                Answer::Done
            }
            Question::Whereabouts(person) => {
                let rooms = self.whereabouts(&person).into_iter().filter_map(|id| self.rooms.get(&id));
                Answer::Whereabouts(rooms.map(|room| room.name.clone()).collect())
            }
            Question::Knows { room, person } => {
                Answer::Knows(self.named(&room).is_some_and(|room| room.knows(&person)))
            }
            Question::Stays { room, person } => Answer::Stays(self.named(&room).map_or(0, |room| room.stays(&person))),
            Question::Measured { room, person, measured } => {
                let taken = self.in_named(&room, |room, desk| room.measured(desk, &person, &measured));
                Answer::Measured(taken.unwrap_or(Err(Refusal::NotIn)))
            }
            Question::Pardon { room, person } => {
                self.desk.barred.pardon(&room, &person);
                Answer::Done
            }
            Question::Call(placed) => Answer::Called(self.call(*placed)),
            Question::CallAct { call, account, act, named, agent } => {
                let deed = Deed { call, account, act, named, agent };
                Answer::CallActed(self.calls.act(&mut self.desk, &self.devices, deed))
            }
            Question::Await { account, person, anew } => Answer::Awaited(self.wait(account, person, anew)),
            Question::AwaitNoMore { account, person } => {
                self.awaiting.take_back(&mut self.desk, &self.devices, account, person);
                Answer::Done
            }
            Question::SignedOut(account) => {
                self.awaiting.signed_out(&mut self.desk, &self.devices, account);
                Answer::Done
            }
            Question::Looked(account) => {
                for line in self.devices.lines(account) {
                    self.desk.tell_line(line, Event::CallsLooked);
                }
                Answer::Done
            }
            Question::Invite { room, person, invites } => Answer::Invited(self.invite(&room, &person, *invites)),
            Question::Invitation { visit, come } => {
                let visit = self.visiting(*visit);
                Answer::Invited(self.answer_invitation(visit, come))
            }
            Question::Book { account, before, book } => {
                self.devices.learn(&mut self.desk, account, before, book);
                self.hide_invitations(account);
                Answer::Done
            }
            Question::Choose { account, said } => {
                self.devices.choose(&mut self.desk, account, said);
                Answer::Done
            }
            Question::Running(names) => Answer::Running(
                names
                    .into_iter()
                    .filter_map(|name| {
                        let (since, present) = self.named(&name)?.running()?;
                        Some((name, since, present))
                    })
                    .collect(),
            ),
        }
    }

    fn call(&mut self, placed: Placed) -> Result<Box<Call>, Refusal> {
        if self.stopping {
            return Err(Refusal::Stopping);
        }
        let caller = placed.caller.account;
        let id = self.calls.place(&mut self.desk, &self.devices, placed)?;
        self.calls.view(&self.devices, id, caller).map(Box::new).ok_or(Refusal::NotFound)
    }

    fn wait(&mut self, account: AccountId, person: Contact, anew: bool) -> Result<(), Refusal> {
        if self.stopping {
            return Err(Refusal::Stopping);
        }
        self.awaiting.wait(&mut self.desk, &self.devices, account, person, anew)
    }

    pub(crate) fn named(&self, name: &RoomName) -> Option<&Room> {
        self.rooms.get(self.names.get(name)?)
    }

    fn whereabouts(&self, person: &Person) -> Vec<RoomId> {
        self.rooms.values().filter(|room| room.knows(person)).map(|room| room.id).collect()
    }

    /// Whoever has to do with the call of a room is there what the call makes of them.
    fn visiting(&self, visit: Visit) -> Visit {
        let role = self.by_call(&visit.room, &visit.person, visit.role);
        Visit { role, ..visit }
    }

    /// What somebody finds at the door, also of a room that is not live.
    fn door(&self, visit: &Visit) -> Door {
        let door = self.named(&visit.room).map_or_else(
            || {
                let barred = self.desk.barred.find(self.desk.now, &visit.room, &visit.person);
                roles::door(visit, &visit.policy, None, barred, false)
            },
            |room| room.door(&self.desk, visit),
        );
        self.door_for(visit, door)
    }

    fn knock(&mut self, visit: Visit, device: String) -> Result<Knocked, Refusal> {
        if self.stopping {
            return Err(Refusal::Stopping);
        }
        self.come_if_invited(&visit);
        // Who is turned away brings no room to life.
        roles::passes(self.door(&visit))?;
        let name = visit.room.clone();
        if !self.names.contains_key(&name) {
            self.open(&name, visit.policy.clone()).ok_or(Refusal::ServerFull)?;
        }
        self.in_named(&name, |room, desk| room.knock(desk, visit, device)).unwrap_or(Err(Refusal::ServerFull))
    }

    fn act(&mut self, name: &RoomName, person: &Person, act: Act) -> Result<Vec<Keep>, Refusal> {
        let done = self.in_named(name, |room, desk| room.act(desk, person, act)).unwrap_or(Err(Refusal::NotIn));
        self.close_if_ended(name);
        done
    }

    fn changed(&mut self, name: &RoomName, policy: Option<ChangePolicy>, role: Option<(Person, Role)>) {
        self.in_named(name, |room, desk| {
            if let Some((person, role)) = role {
                room.role_changed(desk, &person, role);
            }
            if let Some(policy) = policy {
                room.change_policy(desk, &policy);
            }
        });
    }

    pub(crate) fn end(&mut self, name: &RoomName, person: Option<Person>) {
        match person {
            Some(person) => {
                let live = self.in_named(name, |room, desk| room.expel(desk, &person, false));
                if live.is_none() {
                    self.desk.barred.bar(self.desk.now, name, &person, Return::Never);
                }
            }
            None => {
                self.in_named(name, |room, desk| room.end(desk));
                self.close_if_ended(name);
            }
        }
    }

    fn close_if_ended(&mut self, name: &RoomName) {
        if let Some(id) = self.named(name).filter(|room| room.ended).map(|room| room.id) {
            self.close(id);
        }
    }
}
