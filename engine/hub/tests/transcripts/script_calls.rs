//! The lines of a transcript about calls and about being there.

use std::collections::BTreeSet;

use hub::{Arrival, Book, Callee, Input, Onward, Placed, Question, Wishes};
use proto::{
    AccountId, CallId, DeviceKey, Person, RoomId,
    api::{CallAct, Contact, Event, MyPresence},
    presence::{Chosen, SeenBy},
};

use crate::words::Words;

/// `olga: here`, `olga2: here idle`, `mia: here dnd`, `mia: here on=d3`; `olga: call mia max video anyway at planning`; `mia: ring`, `mia: pick-up`,
/// `mia: pick-up hold`, `mia: decline later`, `mia: decline nowhere`, `mia: decline @Tablet`, `olga: hangup`, `olga: hold`, `olga: go-on`, `olga: merge with 2`, `olga: add max`,
/// `olga: transfer max`, `olga: hand-over with 2`, each also with `#2` for the second call; whom nobody sees and whose browser can be
/// woken is `asleep`, as in `olga: call mia asleep`; who wants calls elsewhere is `olga: call mia always>max`, `busy>max`,
/// `unanswered>voicemail`, also with `add` and `transfer`, and `max!` has blocked one of them; `olga: call mia favoured`; `mia: choose dnd note=Library`;
/// `olga: await mia anew`, `olga: await mia hidden`, `olga: await-no-more mia`; `mia: look`, `mia: book +olga -max seen-by=contacts`, which `here` may say too;
/// `olga: typing for mia max`, told to the devices of those.
pub fn input(words: &mut Words, who: &str, parts: &[&str]) -> Option<Input> {
    let ask = |question| Some(Input::Ask { ask: 4, question });
    let with = || {
        let at = parts.iter().position(|part| *part == "with").unwrap();
        id(parts[at + 1].parse().unwrap())
    };
    let act = |words: &mut Words, act| {
        let named = match &act {
            CallAct::Add { .. } | CallAct::Transfer { .. } => Some(callee(words, parts[1])),
            _ => None,
        };
        let wishes = wishes(words, parts);
        let named = named.map(|named| Callee { wakes: parts.contains(&"asleep"), wishes, ..named });
        let number = parts.iter().find_map(|part| part.strip_prefix('#'));
        let call = number.map_or(words.calls.len(), |number| number.parse().unwrap());
        let agent = parts.iter().find_map(|part| part.strip_prefix('@')).unwrap_or_default().to_owned();
        ask(Question::CallAct { call: id(call), account: account(words, who), act, named, agent })
    };
    match parts[0] {
        "here" => {
            let account = account(words, who);
            let device = on(parts).unwrap_or_else(|| device(who));
            let idle = parts.contains(&"idle");
            let book = book(words, &parts[1..]);
            words.books.entry(account).or_insert_with(|| book.clone());
            let arrival = Arrival {
                account,
                name: name(&device),
                device,
                idle,
                said: said(&parts[1..]),
                book,
                unseen: unseen(words, account),
            };
            Some(Input::Here { line: words.line(who), arrival: Box::new(arrival) })
        }
        "call" => ask(Question::Call(Box::new(placed(words, who, &parts[1..])))),
        "book" => {
            let (account, book) = (account(words, who), book(words, &parts[1..]));
            let before = words.books.insert(account, book.clone()).unwrap_or_default();
            ask(Question::Book { account, before, book })
        }
        "choose" => ask(Question::Choose { account: account(words, who), said: said(&parts[1..]) }),
        "await" => {
            let (name, avatar, note) = (parts[1].to_owned(), None, None);
            let hidden = parts.contains(&"hidden");
            let person = Contact { account: account(words, parts[1]), name, avatar, note, hidden };
            let account = account(words, who);
            ask(Question::Await { account, person, anew: parts.contains(&"anew") })
        }
        "await-no-more" => {
            let (account, person) = (account(words, who), account(words, parts[1]));
            ask(Question::AwaitNoMore { account, person })
        }
        "sign-out-everywhere" => ask(Question::SignedOut(account(words, who))),
        "look" => ask(Question::Looked(account(words, who))),
        "typing" => {
            let people = parts[2..].iter().map(|name| account(words, name)).collect();
            let event = Event::Typing { conversation: RoomId::from(1), account: account(words, who) };
            ask(Question::TellPeople { people, event: Box::new(event) })
        }
        "ring" => act(words, CallAct::Ring { device: device(who) }),
        "pick-up" => act(words, CallAct::Answer { device: device(who), hold: parts.contains(&"hold") }),
        "hold" => act(words, CallAct::Hold),
        "go-on" => act(words, CallAct::Resume { device: device(who) }),
        "merge" => act(words, CallAct::Merge { with: with() }),
        "hand-over" => act(words, CallAct::HandOver { with: with() }),
        "add" => {
            let person = account(words, parts[1]);
            act(words, CallAct::Add { person })
        }
        "transfer" => {
            let person = account(words, parts[1]);
            act(words, CallAct::Transfer { person })
        }
        "decline" => {
            // A client of old does not say where; a browser that was woken has no page, and the server knows what it is called.
            let silent = |part: &&&str| part.starts_with(['#', '@']) || **part == "nowhere";
            let reply = parts[1..].iter().find(|part| !silent(part)).map(|reply| (*reply).to_owned());
            let device = (!parts.contains(&"nowhere")).then(|| device(who));
            act(words, CallAct::Decline { device, reply })
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

/// The device that a line names.
fn on(parts: &[&str]) -> Option<DeviceKey> {
    parts.iter().find_map(|part| part.strip_prefix("on=")).map(|key| key.parse().unwrap())
}

fn device(who: &str) -> DeviceKey {
    if who.ends_with('2') { "d2" } else { "d1" }.parse().unwrap()
}

fn name(device: &DeviceKey) -> String {
    if device.as_str() == "d2" { "Telephone" } else { "Laptop" }.to_owned()
}

/// `+olga` is a favourite, `-max` is blocked; `seen-by=nobody` or `seen-by=contacts`, who are the favourites here.
fn book(words: &mut Words, parts: &[&str]) -> Book {
    let listed = |words: &mut Words, mark: char| {
        let marked = parts.iter().filter_map(|part| part.strip_prefix(mark)).collect::<Vec<_>>();
        marked.into_iter().map(|name| account(words, name)).collect()
    };
    let seen_by = parts.iter().find_map(|part| part.strip_prefix("seen-by="));
    let seen_by = seen_by.map_or(SeenBy::Everyone, |name| SeenBy::from_name(name).unwrap());
    let favourites = listed(words, '+');
    Book { blocked: listed(words, '-'), seen_by, contacts: favourites.clone(), favourites }
}

/// Who has chosen not to be seen by somebody, as it is kept.
fn unseen(words: &Words, by: AccountId) -> BTreeSet<AccountId> {
    let hides = |book: &Book| match book.seen_by {
        SeenBy::Everyone => false,
        SeenBy::Contacts => !book.contacts.contains(&by) || book.blocked.contains(&by),
        SeenBy::Nobody => true,
    };
    words.books.iter().filter(|(whose, book)| **whose != by && hides(book)).map(|(whose, _)| *whose).collect()
}

fn said(parts: &[&str]) -> MyPresence {
    let note = parts.iter().find_map(|part| part.strip_prefix("note=")).unwrap_or_default().to_owned();
    MyPresence { chosen: chosen(parts), note }
}

fn chosen(parts: &[&str]) -> Chosen {
    let other = |part: &str| {
        part == "idle"
            || part.starts_with("on=")
            || part.starts_with("note=")
            || part.starts_with("seen-by=")
            || part.starts_with(['+', '-'])
    };
    match parts.iter().find(|part| !other(part)) {
        None | Some(&"automatic") => Chosen::Automatic,
        Some(&"dnd") => Chosen::DoNotDisturb,
        Some(&"busy") => Chosen::Busy,
        Some(&"away") => Chosen::Away,
        Some(other) => panic!("nobody is {other}"),
    }
}

fn callee(words: &mut Words, name: &str) -> Callee {
    let shown = name.trim_end_matches(char::is_numeric).to_owned();
    let (account, wishes) = (account(words, name), Wishes::default());
    Callee { account, name: shown, avatar: None, barred: false, wakes: false, favoured: false, wishes }
}

/// Where somebody wants calls to go.
fn wishes(words: &mut Words, parts: &[&str]) -> Wishes {
    let mut onward = |when: &str| {
        let to = parts.iter().find_map(|part| part.strip_prefix(when)?.strip_prefix('>'))?;
        Some(match to {
            "voicemail" => Onward::Voicemail,
            name => {
                let barred = name.ends_with('!');
                Onward::Person(Box::new(Callee { barred, ..callee(words, name.trim_end_matches('!')) }))
            }
        })
    };
    Wishes { always: onward("always"), busy: onward("busy"), unanswered: onward("unanswered") }
}

fn placed(words: &mut Words, who: &str, parts: &[&str]) -> Placed {
    let wants = wishes(words, parts);
    let callee = |words: &mut Words, name: &str| Callee {
        favoured: parts.contains(&"favoured"),
        wishes: wants.clone(),
        barred: parts.contains(&"barred"),
        wakes: parts.contains(&"asleep"),
        ..callee(words, name)
    };
    let caller = callee(words, who);
    let at = parts.iter().position(|part| *part == "at");
    let called = parts
        .iter()
        .take(at.unwrap_or(parts.len()))
        .filter(|part| !["video", "anyway", "barred", "asleep", "favoured"].contains(part) && !part.contains('>'));
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
