//! `/api/v1/rooms`: make rooms, change them, say who belongs to them, come in, and act in their meetings.

pub mod act;
pub mod bans;
pub mod change;
pub mod create;
pub mod delete;
pub mod guess;
pub mod invite;
pub mod invited;
pub mod join;
pub mod measure;
pub mod meetings;
pub mod members;
pub mod mine;
pub mod minutes;
pub mod now;
pub mod pardon;
pub mod rate;
pub mod ratings;
pub mod remove_member;
pub mod report;
pub mod set_member;
pub mod stays;
pub mod turns;
pub mod view;

use std::{collections::BTreeMap, time::Instant};

use hub::{Answer, Face, Pass, Question, Visit};
use proto::{
    AccountId, Person, Refusal, Role, RoomName,
    api::{MyRoom, Present, Room, Ticket},
};
use store::StoredRoom;

use super::{App, Caller, problem::Fault, session, who::Somebody};
pub use crate::account::names::shown as readable;
use crate::{account::views, clock, code::Code, token};

/// The room behind a code for somebody who may be in its meeting, as its people ask for it all the time: then it is no guess.
/// Whoever spends the guesses of an address must not silence those who sit in a meeting behind the same.
pub async fn find_for(app: &App, caller: Caller, person: &Person, code: &str) -> Result<StoredRoom, Fault> {
    if let Some(read) = Code::read(code)
        && let Ok(room) = read.as_str().parse()
    {
        let question = Question::Knows { room, person: person.clone() };
        let Answer::Knows(known) = ask(app, question).await? else { return Err(wrong_answer()) };
        if known {
            return app.store.room_by_code(read.as_str()).await?.ok_or(Refusal::RoomUnknown.into());
        }
    }
    find(app, caller, code).await
}

/// The room behind a code, which counts as a guess when there is none.
pub async fn find(app: &App, caller: Caller, code: &str) -> Result<StoredRoom, Fault> {
    let _turn = app.guesses.turn(caller).await;
    let now = Instant::now();
    // Taken before the wait, so that guesses sent side by side count as well; given back when it was no guess.
    app.limits.misses.take(now, caller)?;
    let found = match Code::read(code) {
        Some(code) => app.store.room_by_code(code.as_str()).await?,
        None => None,
    };
    let Some(stored) = found else {
        if app.limits.misses.allows(now, caller).is_err() {
            tracing::warn!(%caller, "too many wrong room codes from {caller}; it has to wait");
        }
        return Err(Refusal::RoomUnknown.into());
    };
    app.limits.misses.give_back(caller);
    Ok(stored)
}

/// A room for somebody who may change it.
pub async fn find_own(app: &App, caller: Caller, account: AccountId, code: &str) -> Result<StoredRoom, Fault> {
    let stored = find(app, caller, code).await?;
    match role(app, &stored, &Person::Account(account)).await? {
        Role::Owner => Ok(stored),
        Role::Host | Role::Member | Role::Guest => Err(Refusal::NotAllowed.into()),
    }
}

/// A room for somebody who leads it.
pub async fn find_led(app: &App, caller: Caller, account: AccountId, code: &str) -> Result<StoredRoom, Fault> {
    let stored = find(app, caller, code).await?;
    if role(app, &stored, &Person::Account(account)).await?.leads() {
        Ok(stored)
    } else {
        Err(Refusal::NotAllowed.into())
    }
}

/// Somebody may come to the door again. `false` when nobody kept them out.
pub async fn pardon(app: &App, stored: &StoredRoom, person: Person) -> Result<bool, Fault> {
    let pardoned = app.store.unban(stored.room.id, &person).await?;
    if pardoned {
        ask(app, Question::Pardon { room: name(&stored.room)?, person }).await?;
    }
    Ok(pardoned)
}

/// What somebody is to a room: by what is kept, and by the call that it carries, of which whoever is out leads nothing any more.
pub async fn role(app: &App, stored: &StoredRoom, person: &Person) -> Result<Role, Fault> {
    // It may have been deleted since it was found.
    let role = app.store.room_role(stored.room.id, person).await?.ok_or(Refusal::RoomUnknown)?;
    let question = Question::Role { room: name(&stored.room)?, person: person.clone(), stored: role };
    let Answer::Role(role) = ask(app, question).await? else { return Err(wrong_answer()) };
    Ok(role)
}

/// What media tokens and the hub call a room.
pub fn name(room: &Room) -> Result<RoomName, Fault> {
    room.code.parse().map_err(|_| {
        tracing::error!(room.id = %room.id, "room {} has a code that is no name", room.id);
        Fault::Internal
    })
}

/// Somebody at the door of a room, with what is kept about both.
pub async fn visit(
    app: &App,
    caller: Caller,
    stored: &StoredRoom,
    person: Person,
    shown: String,
) -> Result<Visit, Fault> {
    let role = role(app, stored, &person).await?;
    // Whoever owns a room, or was made a host since, is not kept out of it.
    let banned = !role.leads() && app.store.is_banned(stored.room.id, &person).await?;
    let account = match &person {
        Person::Account(id) => app.store.account(*id).await?,
        Person::Guest(_) | Person::Other(_) => None,
    };
    let avatar = account.as_ref().and_then(views::avatar);
    let (policy, from) = (stored.policy.clone(), Some(caller.group()));
    Ok(Visit { room: name(&stored.room)?, person, name: shown, avatar, role, policy, banned, from })
}

/// Somebody's page that wants to be told of a room. Guests gave their name when they joined.
pub async fn attend(app: &App, caller: Caller, somebody: &Somebody, code: &str) -> Result<Visit, Fault> {
    let stored = find_for(app, caller, &somebody.person(), code).await?;
    let shown = somebody.account().map(|account| account.display_name.clone()).unwrap_or_default();
    visit(app, caller, &stored, somebody.person(), shown).await
}

/// What opens the media socket for somebody whom the hub let in.
pub fn ticket(app: &App, pass: &Pass, room: Room) -> Ticket {
    let token = token::sign(&app.keys, pass, clock::unix(), token::LIFE);
    let person = Person::of(&pass.identity);
    app.stays.note(Instant::now(), room.id, &person);
    Ticket { token, identity: pass.identity.clone(), person, room }
}

/// Sessions of an account have ended, or all of them: ends all its stays in meetings, since media tokens are good without a
/// session, and has its pages asked for theirs.
pub async fn leave_all(app: &App, account: AccountId, may_return: bool) -> Result<(), Fault> {
    session::ended(app, account).await?;
    ask(app, Question::Leave { person: Person::Account(account), may_return }).await.map(drop)
}

/// Tells all meetings that know an account what it is there by what is stored now.
pub async fn tell_roles(app: &App, account: AccountId) -> Result<(), Fault> {
    let person = Person::Account(account);
    let Answer::Whereabouts(rooms) = ask(app, Question::Whereabouts(person.clone())).await? else {
        return Err(wrong_answer());
    };
    for room in rooms {
        if let Some(stored) = app.store.room_by_code(room.as_str()).await? {
            let role = role(app, &stored, &person).await?;
            ask(app, Question::Changed { room, policy: None, role: Some((person.clone(), role)) }).await?;
        }
    }
    Ok(())
}

/// Asks the hub.
pub async fn ask(app: &App, question: Question) -> Result<Answer, Fault> {
    app.control.ask(question).await.map_err(|_| Refusal::Stopping.into())
}

/// The hub answered another question than it was asked.
pub fn wrong_answer() -> Fault {
    tracing::error!("the hub answered another question than it was asked");
    Fault::Internal
}

/// What a room is for, as somebody typed it.
fn description(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let unreadable = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.chars().count() > DESCRIPTION || text.chars().any(unreadable) {
        Err(Refusal::BadText)
    } else {
        Ok(text.to_owned())
    }
}

/// The first of those who are in, as faces at the door.
fn faces(people: Vec<Face>) -> Vec<Present> {
    let shown = people.into_iter().take(SHOWN);
    let face = |Face { identity, name, avatar }: Face| Present { identity: identity.as_str().to_owned(), name, avatar };
    shown.map(face).collect()
}

/// Rooms with what goes on in them now.
async fn with_meetings(app: &App, me: AccountId, rooms: Vec<(StoredRoom, Role)>) -> Result<Vec<MyRoom>, Fault> {
    let names = rooms.iter().map(|(stored, _)| name(&stored.room)).collect::<Result<_, _>>()?;
    let Answer::Running(running) = ask(app, Question::Running(names)).await? else { return Err(wrong_answer()) };
    let mut running: BTreeMap<String, (u64, Vec<Face>)> =
        running.into_iter().map(|(name, since, people)| (name.as_str().to_owned(), (since, people))).collect();
    let view = |(stored, role): (StoredRoom, Role)| {
        let meeting = running.remove(&stored.room.code);
        let since = meeting.as_ref().map(|(since, _)| *since);
        let people = meeting.map(|(_, people)| people).unwrap_or_default();
        let count = u32::try_from(people.len()).unwrap_or(u32::MAX);
        // The lobby shows no faces (R9).
        let present = if stored.policy.lobby.holds(role) { Vec::new() } else { faces(people) };
        // What others made and took me up in is theirs to keep.
        let listed = stored.listed || stored.owner != Some(me);
        MyRoom { room: stored.room, role, lobby: stored.policy.lobby, count, present, listed, since }
    };
    Ok(rooms.into_iter().map(view).collect())
}

/// The pre-join screen has room for this many.
const SHOWN: usize = 8;
/// The longest description in characters: a screen full of text.
const DESCRIPTION: usize = 2_000;
/// The most rooms that one account may keep (R17), and the most that are listed.
const OF_ONE: u32 = 1_000;
/// The most people that belong to one room: as many as may be in its meeting.
const MEMBERS: usize = 500;
