//! The lines of a transcript about calls and about being there.

use hub::{Arrival, Callee, Input, Placed, Question};
use proto::{AccountId, CallId, DeviceKey, Person, api::CallAct, presence::Chosen};

use crate::words::Words;

/// `olga: here`, `olga2: here idle`, `mia: here dnd`; `olga: call mia max video anyway at planning`; `mia: ring`, `mia: pick-up`,
/// `mia: decline later`, `olga: hangup`, each also with `#2` for the second call; `mia: choose dnd`.
pub fn input(words: &mut Words, who: &str, parts: &[&str]) -> Option<Input> {
    let ask = |question| Some(Input::Ask { ask: 4, question });
    let act = |words: &mut Words, act| {
        let number = parts.iter().find_map(|part| part.strip_prefix('#'));
        let call = number.map_or(words.calls.len(), |number| number.parse().unwrap());
        ask(Question::CallAct { call: id(call), account: account(words, who), act })
    };
    match parts[0] {
        "here" => {
            let (account, device) = (account(words, who), device(who));
            let idle = parts.contains(&"idle");
            let arrival = Arrival { account, name: name(&device), device, idle, chosen: chosen(&parts[1..]) };
            Some(Input::Here { line: words.line(who), arrival: Box::new(arrival) })
        }
        "call" => ask(Question::Call(Box::new(placed(words, who, &parts[1..])))),
        "choose" => ask(Question::Choose { account: account(words, who), chosen: chosen(&parts[1..]) }),
        "ring" => act(words, CallAct::Ring { device: device(who) }),
        "pick-up" => act(words, CallAct::Answer { device: device(who) }),
        "decline" => {
            let reply = parts[1..].iter().find(|part| !part.starts_with('#')).map(|reply| (*reply).to_owned());
            act(words, CallAct::Decline { reply })
        }
        "hangup" => act(words, CallAct::End),
        _ => None,
    }
}

/// The number of a call is its id.
pub fn id(number: usize) -> CallId {
    CallId::from(number as u128)
}

fn account(words: &mut Words, who: &str) -> AccountId {
    match words.somebody(who) {
        Person::Account(account) => account,
        other => panic!("{other} has no account"),
    }
}

fn device(who: &str) -> DeviceKey {
    if who.ends_with('2') { "d2" } else { "d1" }.parse().unwrap()
}

fn name(device: &DeviceKey) -> String {
    if device.as_str() == "d2" { "Telephone" } else { "Laptop" }.to_owned()
}

fn chosen(parts: &[&str]) -> Chosen {
    match parts.iter().find(|part| **part != "idle") {
        None | Some(&"automatic") => Chosen::Automatic,
        Some(&"dnd") => Chosen::DoNotDisturb,
        Some(&"busy") => Chosen::Busy,
        Some(&"away") => Chosen::Away,
        Some(other) => panic!("nobody is {other}"),
    }
}

fn placed(words: &mut Words, who: &str, parts: &[&str]) -> Placed {
    let callee = |words: &mut Words, name: &str| Callee {
        account: account(words, name),
        name: name.trim_end_matches(char::is_numeric).to_owned(),
        avatar: None,
    };
    let caller = callee(words, who);
    let at = parts.iter().position(|part| *part == "at");
    let called = parts.iter().take(at.unwrap_or(parts.len())).filter(|part| !["video", "anyway"].contains(part));
    Placed {
        id: id(words.calls.len() + 1),
        room: at.map_or("standup", |at| parts[at + 1]).parse().unwrap(),
        device: device(who),
        callees: called.map(|name| callee(words, name)).collect(),
        caller,
        video: parts.contains(&"video"),
        anyway: parts.contains(&"anyway"),
    }
}
