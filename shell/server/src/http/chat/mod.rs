//! `/api/v1/rooms/{code}/messages`: the chat of a room. Who may write and read is asked of the hub each time.
//!
//! The lines of a conversation are written and read here too, by its id in place of a code ([`Place`]): who is in it may, and those
//! who are in it are told.

pub mod delete;
pub mod edit;
pub mod list;
pub mod react;
pub mod unreact;
pub mod write;

use std::time::Instant;

use hub::{Answer, Question, Writer};
use proto::{
    MessageId, Person, Refusal, Role, RoomId,
    api::{EMOJI, Message, Reaction},
};
use store::StoredRoom;

use super::{
    App, Caller,
    conversations::{self, Talk},
    problem::Fault,
    rooms::{ask, find_for, name, role, wrong_answer},
};
use crate::clock;

/// Where lines stand.
#[derive(Debug)]
pub enum Place {
    /// In the chat of a room.
    Room(Box<StoredRoom>),
    /// In a conversation, which somebody is in who asks.
    Conversation(Box<Talk>),
}

impl Place {
    /// The room under which lines and files are kept.
    pub fn id(&self) -> RoomId {
        match self {
            Self::Room(stored) => stored.room.id,
            Self::Conversation(talk) => talk.stored.id,
        }
    }
}

/// What stands in the path: the code of a room, or the id of a conversation. No code looks like an id.
pub async fn place(app: &App, caller: Caller, person: &Person, code: &str) -> Result<Place, Fault> {
    match code.parse() {
        Ok(id) => conversations::find(app, id, person).await.map(|talk| Place::Conversation(Box::new(talk))),
        Err(_) => find_for(app, caller, person, code).await.map(|stored| Place::Room(Box::new(stored))),
    }
}

/// Whether somebody in the meeting or conversation may read, or write, perhaps to one person alone; and as whom.
pub async fn writer(
    app: &App,
    place: &Place,
    person: &Person,
    to: Option<Person>,
    write: bool,
) -> Result<Writer, Fault> {
    let stored = match place {
        Place::Room(stored) => stored,
        Place::Conversation(talk) => {
            if write {
                talk.writes(app).await?;
            }
            // Nobody leads here, and what is said is said to all.
            if to.is_some() {
                return Err(Refusal::NotAllowed.into());
            }
            return Ok(Writer { name: talk.me.name.clone(), role: Role::Member, from: talk.me.since });
        }
    };
    let question = Question::Chat { room: name(&stored.room)?, person: person.clone(), to, write };
    let Answer::Chat(writer) = ask(app, question).await? else { return Err(wrong_answer()) };
    Ok(writer?)
}

/// From when on somebody may read, in milliseconds since 1970, and as what: whoever is in the meeting as the hub says, and
/// whoever belongs to the room at any time, when they would not have to wait at its door.
pub async fn reader(app: &App, place: &Place, person: &Person) -> Result<(u64, Role), Fault> {
    let refused = match writer(app, place, person, None, false).await {
        Ok(writer) => return Ok((writer.from, writer.role)),
        Err(fault @ Fault::Refused(Refusal::NotIn)) => fault,
        Err(fault) => return Err(fault),
    };
    let Place::Room(stored) = place else { return Err(refused) };
    let role = role(app, stored, person).await?;
    if role.leads() {
        return Ok((0, role));
    }
    let Person::Account(account) = person else { return Err(refused) };
    let members = app.store.room_members(stored.room.id).await?;
    let belongs = members.iter().any(|(member, _)| member.id == *account);
    let policy = &stored.policy;
    let waits = policy.lobby.holds(role) || policy.locked || !policy.history;
    if !belongs || waits || app.store.is_banned(stored.room.id, person).await? {
        return Err(refused);
    }
    Ok((0, role))
}

/// A line that somebody may read.
pub async fn line(app: &App, room: RoomId, id: &str, person: &Person, from: u64) -> Result<Message, Fault> {
    let id: MessageId = id.parse().map_err(|_| Refusal::NotFound)?;
    let message = app.store.message(room, id).await?.filter(|message| may_read(message, person, from));
    message.ok_or(Refusal::NotFound.into())
}

/// Tells those in the meeting or conversation that a line is new or another now, and gives it back.
pub async fn tell(app: &App, place: &Place, message: Message) -> Result<Message, Fault> {
    let room = match place {
        Place::Room(stored) => name(&stored.room)?,
        Place::Conversation(talk) => return conversations::tell_line(app, talk.stored.id, message.id).await,
    };
    ask(app, Question::Written { room, message: Box::new(message.clone()) }).await?;
    Ok(message)
}

/// The line as it is after a change, told to those in the meeting or conversation.
pub async fn tell_changed(app: &App, place: &Place, id: MessageId) -> Result<Message, Fault> {
    match app.store.message(place.id(), id).await? {
        Some(message) => tell(app, place, message).await,
        None => Err(Refusal::NotFound.into()),
    }
}

/// Puts an emoji of somebody under a line, or takes it away. What is so already stays so.
async fn set_reaction(
    app: &App,
    caller: Caller,
    person: &Person,
    code: &str,
    id: &str,
    emoji: String,
    on: bool,
) -> Result<Message, Fault> {
    let emoji = self::emoji(emoji)?;
    app.writers.take(Instant::now(), person)?;
    let place = place(app, caller, person, code).await?;
    let writer = writer(app, &place, person, None, true).await?;
    let message = line(app, place.id(), id, person, writer.from).await?;
    let is_so = |reaction: &Reaction| reaction.emoji == emoji && reaction.people.contains(person);
    if message.deed.is_some() {
        return Err(Refusal::NotAllowed.into());
    }
    if message.reactions.iter().any(is_so) == on {
        return Ok(message);
    }
    if !app.store.react(place.id(), message.id, person, &emoji, on, clock::unix_ms()).await? && on {
        return Err(Refusal::TooMany.into());
    }
    tell_changed(app, &place, message.id).await
}

/// A text as somebody typed it. `may_be_empty`: beside a file.
pub fn text(text: &str, may_be_empty: bool) -> Result<String, Refusal> {
    let text = text.trim();
    let unreadable = |c: char| c.is_control() && c != '\n' && c != '\t';
    let fits = text.len() <= TEXT && (may_be_empty || !text.is_empty());
    if fits && !text.chars().any(unreadable) { Ok(text.to_owned()) } else { Err(Refusal::BadText) }
}

/// An emoji: short, and nothing that could be read as a word. Which ones a page offers is its own business.
pub fn emoji(text: String) -> Result<String, Refusal> {
    let keycap = text.ends_with('\u{20e3}');
    let sign = |c: char| match c {
        '0'..='9' | '#' | '*' => keycap,
        // Letters by their class, and signs by their use.
        '\u{2139}' | '\u{24c2}' | '\u{1f000}'..='\u{1faff}' => true,
        // Marks that turn the direction of writing.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        _ => !c.is_ascii() && !c.is_control() && !c.is_alphanumeric() && !c.is_whitespace(),
    };
    let shown = |c: char| !matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    let right = text.len() <= EMOJI && text.chars().all(sign) && text.chars().any(shown);
    if right { Ok(text) } else { Err(Refusal::BadText) }
}

fn may_read(message: &Message, person: &Person, from: u64) -> bool {
    let for_them = message.to.as_ref().is_none_or(|to| to == person || message.from == *person);
    for_them && (message.at >= from || message.from == *person)
}

/// The longest text in bytes (R17).
const TEXT: usize = 4_000;
/// Lines of one page of history.
const PAGE: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    /// Four people, each with a skin colour: 41 bytes.
    const FAMILY: &str = "👨🏻\u{200d}👩🏼\u{200d}👧🏽\u{200d}👦🏾";

    #[test]
    fn an_emoji_is_no_word() {
        for right in ["👍", "❤️", "👩‍💻", "🇫🇷", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ℹ️", "🅰️", "☕", FAMILY]
        {
            assert_eq!(emoji(right.to_owned()).as_deref(), Ok(right));
        }
        for wrong in
            ["", "a", "é", "1", "no", "👍a", "👍 ", "\n", "\u{202e}👍", "\u{200d}", &"👍".repeat(13), "<b>", "日"]
        {
            assert_eq!(emoji(wrong.to_owned()), Err(Refusal::BadText), "{wrong:?}");
        }
    }

    #[test]
    fn a_text_is_bounded_and_readable() {
        assert_eq!(text(" two\n\tlines ", false).as_deref(), Ok("two\n\tlines"));
        assert_eq!(text("", true).as_deref(), Ok(""));
        assert!(text(&"é".repeat(2_000), false).is_ok());
        for wrong in ["", "  ", "a\0b", "a\x1b[31m", "a\rb", &"é".repeat(2_001)] {
            assert_eq!(text(wrong, false), Err(Refusal::BadText), "{wrong:.20?}");
        }
    }
}
