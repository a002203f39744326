//! How what people hear of calls and of each other looks in a transcript.

use proto::{
    Person, Presence,
    api::{Call, Event},
    call::{CallRecord, Stage},
};

use crate::{hearing::list, words::Words};

pub fn is_about(event: &Event) -> bool {
    matches!(event, Event::People { .. } | Event::Presence { .. } | Event::Calls { .. } | Event::Refused { .. })
}

pub fn event(words: &Words, event: &Event) -> String {
    match event {
        Event::People { people } => {
            let there = people.iter().map(|one| {
                let who = words.who(&Person::Account(one.account));
                format!("{who} {}", presence(one.presence))
            });
            format!("there: {}", list(there))
        }
        Event::Presence { person } => {
            format!("{} is {}", words.who(&Person::Account(person.account)), presence(person.presence))
        }
        Event::Calls { calls, .. } => format!("calls: {}", list(calls.iter().map(|one| call(words, one)))),
        other => panic!("{other:?} is told elsewhere"),
    }
}

/// `#1 to mia (ringing on 2): connecting`, `#1 from olga (active): ended: hungUp [over]`
pub fn call(words: &Words, call: &Call) -> String {
    let others = call.others.iter().map(|party| {
        assert_eq!(party.name, words.who(&Person::Account(party.account)));
        let on = if party.devices > 0 { format!(" on {}", party.devices) } else { String::new() };
        let reply = party.reply.as_ref().map(|reply| format!(", says {reply}")).unwrap_or_default();
        format!("{} ({}{on}{reply})", party.name, stage(party.stage))
    });
    let way = if call.outgoing { "to" } else { "from" };
    let video = if call.video { " with video" } else { "" };
    let on = call.on.as_ref().map(|on| format!(" on {}", on.name)).unwrap_or_default();
    let over = if call.ended.is_some() { " [over]" } else { "" };
    assert!(call.answered.is_some() || call.stage != Stage::Active || call.outgoing, "who is in has answered");
    format!("#{}{video} {way} {}: {}{on}{over}", u128::from(call.id), list(others), stage(call.stage))
}

pub fn stage(stage: Stage) -> String {
    match stage {
        Stage::Ended { why } => why.name().to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "available",
        Presence::Busy => "busy",
        Presence::InCall => "in a call",
        Presence::Away => "away",
        Presence::DoNotDisturb => "not to be disturbed",
        Presence::Offline => "offline",
    }
}

pub fn keep(words: &mut Words, record: CallRecord) {
    match words.calls.iter_mut().find(|known| known.id == record.id) {
        Some(known) => *known = record,
        None => words.calls.push(record),
    }
}
