//! Pages on event sockets, and what people ask for over HTTP, out of arbitrary bytes.

use proto::{
    AccountId, ChangePolicy, Lobby, MessageId, Person, Policy, Role, RoomId, RoomName,
    api::{Act, Allowed, Event, Measured, Message},
};

use super::{Input, LineId, Play, Question};
use crate::Visit;

/// One of a few people, so that they meet.
pub(super) fn person(pick: u8) -> Person {
    match pick % 4 {
        0 => Person::Account(u128::from(pick % 8).into()),
        _ => Person::Guest(format!("{:016}", pick % 8)),
    }
}

/// One of the roles.
pub(super) fn role(pick: u8) -> Role {
    match pick % 4 {
        0 => Role::Owner,
        1 => Role::Host,
        2 => Role::Member,
        _ => Role::Guest,
    }
}

fn room(pick: u8) -> Option<RoomName> {
    format!("room {}", pick >> 6).parse().ok()
}

fn allowed(pick: u8) -> Allowed {
    match pick % 4 {
        0 => Allowed::Microphone,
        1 => Allowed::Camera,
        2 => Allowed::Share,
        _ => Allowed::Chat,
    }
}

fn lobby(pick: u8) -> Lobby {
    match pick % 3 {
        0 => Lobby::Off,
        1 => Lobby::Guests,
        _ => Lobby::Everyone,
    }
}

fn policy(pick: u8) -> Policy {
    Policy {
        guests: pick & 1 == 0,
        lobby: lobby(pick >> 1),
        locked: pick & 8 != 0,
        camera: pick & 16 == 0,
        share: pick & 32 == 0,
        history: pick & 64 == 0,
        chat: pick & 128 == 0,
        ..Policy::OPEN
    }
}

fn change(pick: u8) -> ChangePolicy {
    let Policy { guests, lobby, locked, share, chat, .. } = policy(pick);
    ChangePolicy {
        guests: (pick & 1 == 0).then_some(guests),
        lobby: (pick & 2 == 0).then_some(lobby),
        locked: (pick & 4 == 0).then_some(locked),
        share: (pick & 8 == 0).then_some(share),
        chat: Some(chat),
        ..ChangePolicy::default()
    }
}

impl Play<'_> {
    fn visit(&mut self) -> Option<Box<Visit>> {
        let (who, how) = (self.byte()?, self.byte()?);
        Some(Box::new(Visit {
            room: room(who)?,
            person: person(who),
            name: "somebody".to_owned(),
            avatar: None,
            role: role(how >> 2),
            policy: policy(self.byte()?),
            banned: how % 16 == 15,
            from: (how & 64 != 0).then(|| std::net::IpAddr::from([10, 0, 0, who % 4])),
        }))
    }

    /// A page attends, or attends no more.
    pub(super) fn line(&mut self) -> Option<Input> {
        let pick = self.byte()?;
        let line = LineId(u64::from(pick % 16));
        if pick & 128 != 0 {
            self.lines.remove(&line);
            self.inside.remove(&line);
            return Some(if pick & 64 != 0 { Input::Deaf { line } } else { Input::Quit { line } });
        }
        self.lines.insert(line);
        self.inside.remove(&line);
        Some(Input::Attend { line, visit: self.visit()? })
    }

    pub(super) fn question(&mut self) -> Option<Question> {
        let (what, who) = (self.byte()?, self.byte()?);
        let (room, asking) = (room(who)?, person(who));
        Some(match what % 16 {
            0..=3 => Question::Knock { visit: self.visit()?, device: "k".to_owned() },
            4 => Question::Door(self.visit()?),
            5 => Question::Chat { room, person: asking, to: Some(person(what >> 4)), write: what & 64 == 0 },
            6 => {
                let message = Message {
                    id: MessageId::from(u128::from(what)),
                    from: asking,
                    name: String::new(),
                    to: (what & 64 == 0).then(|| person(what >> 4)),
                    at: u64::MAX,
                    text: String::new(),
                    reply_to: None,
                    edited: false,
                    file: None,
                    reactions: Vec::new(),
                    deed: None,
                };
                Question::Written { room, message: Box::new(message) }
            }
            7 => Question::Changed {
                room,
                policy: Some(change(self.byte()?)),
                role: (what & 64 == 0).then(|| (asking, role(what >> 4))),
            },
            8 => Question::End { room, person: (what & 64 == 0).then_some(asking) },
            9 if what & 128 == 0 => Question::Running(vec![room]),
            9 if what & 64 == 0 => Question::Whereabouts(asking),
            9 if what & 32 == 0 => Question::Knows { room, person: asking },
            9 if what & 16 == 0 => {
                let event = Event::ConversationLeft { id: RoomId::from(1) };
                Question::TellPeople { people: (0..8).map(AccountId::from).collect(), event: Box::new(event) }
            }
            10 if what & 64 == 0 => {
                let identity = asking.identity("k");
                let strained = u32::from(self.byte()?) * 4;
                let measured = Measured { identity, span: 20_000, concealed: 0, frozen: 0, dropped: 0, strained };
                Question::Measured { room, person: asking, measured }
            }
            10 => Question::Pardon { room, person: asking },
            9 => Question::Leave { person: asking, may_return: self.byte()? & 1 == 0 },
            _ => Question::Act { room, person: asking, act: Box::new(self.act()?) },
        })
    }

    fn act(&mut self) -> Option<Act> {
        let (what, pick) = (self.byte()?, self.byte()?);
        let (person, on) = (person(pick), pick & 128 == 0);
        Some(match what % 25 {
            0 => Act::Hand { up: on },
            1 => Act::React { emoji: String::from_utf8_lossy(&self.chunk()?).into_owned() },
            2 => Act::Admit { person },
            3 => Act::AdmitAll,
            4 => Act::Deny { person },
            5 => Act::Lock { on },
            6 => Act::Lobby { lobby: lobby(pick) },
            7 | 8 => Act::Allow { what: allowed(pick), on },
            9 | 10 => Act::Mute { person, what: allowed(pick >> 3) },
            11 => Act::MuteAll,
            12 => Act::AskToUnmute { person: on.then_some(person) },
            13 => Act::StopCameras,
            14 => Act::LowerHand { person },
            15 => Act::Promote { person },
            16 => Act::Demote { person },
            17 => Act::Rename { person, name: String::from_utf8_lossy(&self.chunk()?).into_owned() },
            18 => Act::Remove { person, may_return: on },
            19 => Act::Spotlight { person: on.then_some(person) },
            20 => Act::Pause { on },
            21 => Act::MoveToLobby { person },
            22 => Act::HandOver { person },
            23 => Act::MoveHere { identity: person.identity("k") },
            _ if pick == 0 => Act::EndForAll,
            _ => Act::LowerHands,
        })
    }

    /// Nothing of a meeting's inside is told to a page that was not told first that it is inside.
    pub(super) fn told(&mut self, line: LineId, event: &Event) {
        assert!(self.lines.contains(&line), "told a page that does not attend");
        match event {
            Event::Meeting { state } => {
                let secret = state.waiting.is_empty() && state.invited.is_empty();
                assert!(state.role.leads() || secret, "the door is for those who lead");
                self.inside.insert(line);
            }
            // Refused: its place went to another, or there is none.
            Event::Waiting { .. }
            | Event::Outside
            | Event::Denied
            | Event::Removed { .. }
            | Event::Ended
            | Event::Refused { .. } => {
                self.inside.remove(&line);
            }
            Event::Reaction { .. }
            | Event::Muted { .. }
            | Event::AskedToUnmute
            | Event::Message { .. }
            | Event::MessageDeleted { .. } => {
                assert!(self.inside.contains(&line), "{event:?} for somebody outside");
            }
            Event::People { .. }
            | Event::Presence { .. }
            | Event::Calls { .. }
            | Event::CallsLooked
            | Event::Awaited { .. }
            | Event::Free { .. }
            | Event::Invitations { .. }
            | Event::Voicemail
            | Event::Conversation { .. }
            | Event::ConversationLeft { .. }
            | Event::Line { .. }
            | Event::LineDeleted { .. }
            | Event::Typing { .. }
            | Event::Read { .. } => {
                panic!("no page said that it is here")
            }
            Event::Admitted { .. } | Event::Pong => panic!("said by the shell alone"),
        }
    }
}
