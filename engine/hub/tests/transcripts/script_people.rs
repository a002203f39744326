//! The lines of a transcript that people and pages make beside media: knocking, attending, acts, chat.

use hub::{Input, Invites, Join, Question, Visit};
use proto::{
    ChangePolicy, Lobby, MessageId, Person, Policy, Rights, Role, RoomName,
    api::{Act, Allowed, Measured, Message},
};

use crate::words::Words;

/// The room that all of this is about.
const ROOM: &str = "standup";

/// One line, if it is of this kind. Roles: `olga..` owner, `hugo..` host, `mia..` member; everybody else is a guest.
pub fn input(words: &mut Words, who: &str, parts: &[&str]) -> Option<Input> {
    let room = || -> RoomName { ROOM.parse().unwrap() };
    let ask = |question| Some(Input::Ask { ask: 3, question });
    match (who, parts[0]) {
        ("stored", _) => {
            store(words, parts);
            Some(Input::Timeout)
        }
        ("server", "running") => ask(Question::Running(vec!["planning".parse().unwrap(), room()])),
        ("server", "erased") => ask(Question::Erased { room: room(), id: MessageId::from(1) }),
        ("server", "end") => ask(Question::End { room: room(), person: parts.get(1).map(|name| words.somebody(name)) }),
        ("server", "changed") => {
            let role = parts.get(2).map(|role| (words.somebody(parts[1]), Role::from_name(role).unwrap()));
            let policy = (parts.get(1) == Some(&"policy")).then(|| change_to(&words.stored));
            ask(Question::Changed { room: room(), policy, role })
        }
        ("server", "leave") => {
            let may_return = parts.get(2) == Some(&"returnable");
            ask(Question::Leave { person: words.somebody(parts[1]), may_return })
        }
        ("server", "knows") => ask(Question::Knows { room: room(), person: words.somebody(parts[1]) }),
        ("server", "pardon") => ask(Question::Pardon { room: room(), person: words.somebody(parts[1]) }),
        ("server", "whereabouts") => ask(Question::Whereabouts(words.somebody(parts[1]))),
        (_, "knock") => {
            let device = if who.ends_with('2') { "d2" } else { "d1" };
            ask(Question::Knock { visit: visit(words, who, parts), device: device.to_owned() })
        }
        // `invite mia max banned=max`, `invite mia at planning`
        (_, "invite") => {
            let mut account = |name: &str| match words.somebody(name) {
                Person::Account(account) => account,
                other => panic!("{other} has no account"),
            };
            let banned = parts.iter().filter_map(|part| part.strip_prefix("banned=")).map(&mut account).collect();
            let named = parts[1..].iter().take_while(|part| **part != "at").filter(|part| !part.contains('='));
            let people = named.map(|name| account(name)).collect();
            let invites = Box::new(Invites { title: "Standup".to_owned(), people, banned });
            ask(Question::Invite { room: at(parts), person: words.somebody(who), invites })
        }
        (_, "come" | "not-now") => {
            let come = parts[0] == "come";
            ask(Question::Invitation { visit: visit(words, who, parts), come })
        }
        (_, "stays") => ask(Question::Stays { room: room(), person: words.somebody(who) }),
        (_, "door") => ask(Question::Door(visit(words, who, parts))),
        (_, "attend") => Some(Input::Attend { line: words.line(who), visit: visit(words, who, parts) }),
        (_, "quit") => Some(Input::Quit { line: words.line(who) }),
        (_, "sign-out") => Some(Input::SignedOut { line: words.line(who) }),
        (_, "lose-line") => Some(Input::Deaf { line: words.line(who) }),
        (_, "enter") => Some(Input::Join { session: words.session(who), join: Box::new(enter(words, who, parts)) }),
        (_, "do") => {
            let act = Box::new(act(words, &parts[1..]));
            ask(Question::Act { room: room(), person: words.somebody(who), act })
        }
        (_, "feels") => {
            let device = if who.ends_with('2') { "d2" } else { "d1" };
            let person = words.somebody(who);
            let [concealed, strained] = [parts[1], parts[2]].map(|part| part.parse().unwrap());
            let identity = person.identity(device);
            let measured = Measured { identity, span: 20_000, concealed, frozen: 0, dropped: 0, strained };
            ask(Question::Measured { room: room(), person, measured })
        }
        (_, "may-write" | "may-read") => {
            let to = parts.get(1).map(|name| words.somebody(name));
            let write = parts[0] == "may-write";
            ask(Question::Chat { room: room(), person: words.somebody(who), to, write })
        }
        (_, "wrote") => {
            let message = Box::new(message(words, who, parts));
            ask(Question::Written { room: room(), message })
        }
        _ => None,
    }
}

/// `stored: guests lobby=off locked no-share no-history members-only`
fn store(words: &mut Words, parts: &[&str]) {
    words.stored = Policy::OWNED;
    for part in parts {
        match *part {
            "default" => {}
            "locked" => words.stored.locked = true,
            "members-only" => words.stored.guests = false,
            "no-history" => words.stored.history = false,
            "no-camera" => words.stored.camera = false,
            "no-share" => words.stored.share = false,
            other => words.stored.lobby = lobby(other.strip_prefix("lobby=").unwrap()),
        }
    }
}

fn lobby(name: &str) -> Lobby {
    match name {
        "off" => Lobby::Off,
        "guests" => Lobby::Guests,
        "everyone" => Lobby::Everyone,
        other => panic!("no lobby {other}"),
    }
}

fn role(who: &str) -> Role {
    match who.trim_end_matches(char::is_numeric) {
        "olga" => Role::Owner,
        // Who is called is a host in the call's room.
        "hugo" | "max" => Role::Host,
        "mia" => Role::Member,
        _ => Role::Guest,
    }
}

/// Every part of a policy.
fn change_to(policy: &Policy) -> ChangePolicy {
    let Policy { guests, lobby, locked, microphone, camera, share, chat, history } = policy.clone();
    ChangePolicy {
        guests: Some(guests),
        lobby: Some(lobby),
        locked: Some(locked),
        microphone: Some(microphone),
        camera: Some(camera),
        share: Some(share),
        chat: Some(chat),
        history: Some(history),
    }
}

/// `knock as Georgina`
fn as_what<'a>(parts: &[&'a str]) -> Option<&'a str> {
    parts.iter().position(|part| *part == "as").and_then(|at| parts.get(at + 1).copied())
}

/// `.. at planning`, if it is not about the usual room.
fn at(parts: &[&str]) -> RoomName {
    let place = parts.iter().position(|part| *part == "at").map_or(ROOM, |place| parts[place + 1]);
    place.parse().unwrap()
}

fn visit(words: &mut Words, who: &str, parts: &[&str]) -> Box<Visit> {
    Box::new(Visit {
        room: at(parts),
        person: words.somebody(who),
        name: as_what(parts).unwrap_or(who.trim_end_matches(char::is_numeric)).to_owned(),
        avatar: parts.iter().find_map(|part| part.strip_prefix("picture=")).map(str::to_owned),
        role: role(who),
        policy: words.stored.clone(),
        banned: parts.contains(&"banned"),
        from: None,
    })
}

/// With the token that a knock gives.
fn enter(words: &mut Words, who: &str, parts: &[&str]) -> Join {
    let device = if who.ends_with('2') { "d2" } else { "d1" };
    let person = words.somebody(who);
    Join {
        room: at(parts),
        identity: person.identity(device),
        name: who.trim_end_matches(char::is_numeric).to_owned(),
        metadata: String::new(),
        attributes: vec![("role".to_owned(), role(who).name().to_owned())],
        rights: Rights { own_metadata: false, ..Rights::FULL },
        auto_subscribe: true,
        resume: None,
        add_tracks: Vec::new(),
        offer: None,
        client: None,
        policy: Some(words.stored.clone()),
        // `enter stored guest`: what the store says by now.
        role: (parts.get(1) == Some(&"stored")).then(|| Role::from_name(parts[2]).unwrap()),
    }
}

fn allowed(name: &str) -> Allowed {
    match name {
        "microphone" => Allowed::Microphone,
        "camera" => Allowed::Camera,
        "share" => Allowed::Share,
        "chat" => Allowed::Chat,
        other => panic!("nobody is allowed {other}"),
    }
}

fn act(words: &mut Words, parts: &[&str]) -> Act {
    let mut person = || -> Person { words.somebody(parts[1]) };
    match parts[0] {
        "hand" => Act::Hand { up: parts[1] == "up" },
        "react" => Act::React { emoji: parts[1].to_owned() },
        "admit" => Act::Admit { person: person() },
        "admit-all" => Act::AdmitAll,
        "deny" => Act::Deny { person: person() },
        "lock" | "unlock" => Act::Lock { on: parts[0] == "lock" },
        "lobby" => Act::Lobby { lobby: lobby(parts[1]) },
        "allow" | "forbid" => Act::Allow { what: allowed(parts[1]), on: parts[0] == "allow" },
        "mute" => Act::Mute { person: person(), what: allowed(parts[2]) },
        "mute-all" => Act::MuteAll,
        "ask" => Act::AskToUnmute { person: Some(person()) },
        "ask-all" => Act::AskToUnmute { person: None },
        "stop-cameras" => Act::StopCameras,
        "lower" => Act::LowerHand { person: person() },
        "lower-all" => Act::LowerHands,
        "promote" => Act::Promote { person: person() },
        "demote" => Act::Demote { person: person() },
        "rename" => Act::Rename { person: person(), name: parts.get(2).unwrap_or(&"").replace('_', " ") },
        "remove" => Act::Remove { person: person(), may_return: true },
        "ban" => Act::Remove { person: person(), may_return: false },
        "spotlight" => Act::Spotlight { person: (parts[1] != "nobody").then(person) },
        "pause" | "resume" => Act::Pause { on: parts[0] == "pause" },
        "to-lobby" => Act::MoveToLobby { person: person() },
        "hand-over" => Act::HandOver { person: person() },
        "move-here" => Act::MoveHere { identity: person().identity(parts[2]) },
        "end" => Act::EndForAll,
        other => panic!("nobody can do {other}"),
    }
}

/// `wrote hello`, `wrote hello to mia`, `wrote hello early` (before anybody came)
fn message(words: &mut Words, who: &str, parts: &[&str]) -> Message {
    Message {
        id: MessageId::from(1),
        from: words.somebody(who),
        name: who.to_owned(),
        to: (parts.get(2) == Some(&"to")).then(|| words.somebody(parts[3])),
        at: if parts.last() == Some(&"early") { 1 } else { u64::MAX },
        text: parts[1].to_owned(),
        reply_to: None,
        edited: false,
        file: None,
        reactions: Vec::new(),
        deed: None,
    }
}
