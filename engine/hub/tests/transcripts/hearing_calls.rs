//! How what people hear of calls and of each other looks in a transcript.

use proto::{
    AccountId, CallId, DeviceKey, Person, Presence,
    api::{Call, Contact, Event, Reachable},
    call::{CallRecord, Stage},
};

use crate::{hearing::list, words::Words};

pub fn is_about(event: &Event) -> bool {
    matches!(
        event,
        Event::People { .. }
            | Event::Presence { .. }
            | Event::Calls { .. }
            | Event::CallsLooked
            | Event::Awaited { .. }
            | Event::Free { .. }
            | Event::Invitations { .. }
            | Event::Voicemail
            | Event::Typing { .. }
            | Event::Refused { .. }
    )
}

pub fn event(words: &Words, event: &Event) -> String {
    match event {
        Event::People { people, awaited } => {
            let there = people.iter().map(|one| {
                let who = words.who(&Person::Account(one.account));
                format!("{who} {}{}", found(one), note(&one.note))
            });
            let waits = if awaited.is_empty() { String::new() } else { format!("; waits for {}", names(awaited)) };
            format!("there: {}{waits}", list(there))
        }
        Event::Presence { person } => {
            let who = words.who(&Person::Account(person.account));
            format!("{who} is {}{}", found(person), note(&person.note))
        }
        Event::Typing { account, .. } => format!("{} is writing", words.who(&Person::Account(*account))),
        Event::Calls { calls, .. } => format!("calls: {}", list(calls.iter().map(|one| call(words, one)))),
        Event::Awaited { people } => format!("waits for {}", names(people)),
        Event::Free { person } => format!("{} is free", person.name),
        Event::Invitations { invitations, .. } => {
            let asked = invitations.iter().map(|one| {
                assert_eq!((one.title.as_str(), &one.name), ("Standup", &words.who(&Person::Account(one.by))));
                format!("{} by {}", one.code, one.name)
            });
            format!("invited into: {}", list(asked))
        }
        Event::CallsLooked => "calls were looked at".to_owned(),
        Event::Voicemail => "messages are others than before".to_owned(),
        other => panic!("{other:?} is told elsewhere"),
    }
}

/// `#1 to mia (ringing on 2): connecting`, `#1 from olga (active): ended: hungUp [over]`
pub fn call(words: &Words, call: &Call) -> String {
    let others = call.others.iter().map(|party| {
        assert_eq!(party.name, words.who(&Person::Account(party.account)));
        let on = if party.devices > 0 { format!(" on {}", party.devices) } else { String::new() };
        let reply = party.reply.as_ref().map(|reply| format!(", says {reply}")).unwrap_or_default();
        let by = party.forwarder.map(|by| format!(", by {}", words.who(&Person::Account(by)))).unwrap_or_default();
        format!("{} ({}{on}{by}{reply})", party.name, stage(party.stage))
    });
    let way = if call.outgoing { "to" } else { "from" };
    let video = if call.video { " with video" } else { "" };
    let on = call.on.as_ref().map(|on| format!(" on {}", on.name)).unwrap_or_default();
    let declined = call.declined.as_ref().map(|on| format!(" on {}", on.name)).unwrap_or_default();
    let over = if call.ended.is_some() { " [over]" } else { "" };
    let by = call.forwarder.map(|by| format!(" [by {}]", words.who(&Person::Account(by)))).unwrap_or_default();
    let returned = call.returned.as_ref().map(|from| format!(" [returned from {from}]")).unwrap_or_default();
    assert_eq!(call.held.is_some(), call.stage == Stage::Held);
    assert!(call.answered.is_some() || call.stage != Stage::Active || call.outgoing, "who is in has answered");
    format!(
        "#{}{video} {way} {}: {}{on}{declined}{by}{returned}{over}",
        u128::from(call.id),
        list(others),
        stage(call.stage)
    )
}

/// `#1 wakes mia but for d1`
pub fn woken(words: &Words, what: &str, call: CallId, account: AccountId, here: &[DeviceKey]) -> String {
    let here: Vec<&str> = here.iter().map(DeviceKey::as_str).collect();
    let but = if here.is_empty() { String::new() } else { format!(" but for {}", here.join(", ")) };
    format!("#{} {what} {}{but}", u128::from(call), words.who(&Person::Account(account)))
}

/// `somebody is free, told mia but for d1`
pub fn freed(words: &Words, account: AccountId, here: &[DeviceKey]) -> String {
    let here: Vec<&str> = here.iter().map(DeviceKey::as_str).collect();
    let but = if here.is_empty() { String::new() } else { format!(" but for {}", here.join(", ")) };
    format!("somebody is free, told {}{but}", words.who(&Person::Account(account)))
}

fn names(people: &[Contact]) -> String {
    list(people.iter().map(|one| one.name.clone()))
}

pub fn stage(stage: Stage) -> String {
    match stage {
        Stage::Ended { why } => why.name().to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn note(note: &Option<String>) -> String {
    note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default()
}

fn found(person: &Reachable) -> &'static str {
    if person.hidden {
        assert_eq!((person.presence, person.since), (Presence::Offline, 0), "whoever is hidden is nothing else");
        return "hidden";
    }
    match person.presence {
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
