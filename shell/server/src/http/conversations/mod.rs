//! `/api/v1/conversations`: conversations between people, who is in them, and how far each has read.
//!
//! A conversation is a room without a door: its lines and files are written and read by the endpoints of [`super::chat`] and
//! [`super::files`], which ask here whose they are. **Who is in it reads and writes, and nobody else, whatever they are on this
//! server.** What happens is told to every device of everybody in it.

pub mod add;
pub mod find;
pub mod leave;
pub mod list;
pub mod make;
pub mod read;
pub mod rename;
pub mod typing;
pub mod view;

use hub::Question;
use proto::{
    AccountId, MessageId, Person, Refusal, RoomId,
    api::{Companion, Conversation, Deed, Event, Message},
    id::IdSource,
};
use store::{Account, Seen, StoredConversation, Talker};

use super::{App, problem::Fault, rooms::ask};
use crate::{account::views, clock, random};

/// Whether somebody may write to another: the one place where that is decided, for what is written between two, and for taking
/// somebody into a group.
///
/// Whoever has blocked them answers as somebody does who is shut out: which of the two it is, nobody is told.
///
/// # Errors
/// When they may not.
pub async fn may_write(app: &App, from: AccountId, to: AccountId, shut_out: bool) -> Result<(), Fault> {
    let shut = shut_out || app.store.blockers(from).await?.contains(&to);
    if shut { Err(Refusal::NotAllowed.into()) } else { Ok(()) }
}

/// A conversation that somebody is in, and who they are there. To everybody else there is none.
pub async fn find(app: &App, id: RoomId, person: &Person) -> Result<Talk, Fault> {
    let Person::Account(account) = person else { return Err(Refusal::RoomUnknown.into()) };
    let found = app.store.conversation(id).await?;
    let talk = found.and_then(|stored| {
        let me = stored.people.iter().find(|talker| talker.account == *account)?.clone();
        Some(Talk { stored, me })
    });
    talk.ok_or(Refusal::RoomUnknown.into())
}

/// As above, by what stands in the path.
async fn named(app: &App, id: &str, account: AccountId) -> Result<Talk, Fault> {
    let id = id.parse().map_err(|_| Refusal::RoomUnknown)?;
    find(app, id, &Person::Account(account)).await
}

/// A conversation with somebody in it.
#[derive(Debug, Clone)]
pub struct Talk {
    /// The conversation.
    pub stored: StoredConversation,
    /// Who asks.
    pub me: Talker,
}

impl Talk {
    /// Whether I may write in it.
    ///
    /// # Errors
    /// When I may not.
    pub async fn writes(&self, app: &App) -> Result<(), Fault> {
        match (&self.stored.name, &self.others()[..]) {
            (None, [other]) => may_write(app, self.me.account, other.account, other.disabled).await,
            // The other's account is gone.
            (None, _) => Err(Refusal::NotAllowed.into()),
            (Some(_), _) => Ok(()),
        }
    }

    /// The name of a group; between two nobody makes, renames or leaves anything.
    fn group(&self) -> Result<&str, Refusal> {
        self.stored.name.as_deref().ok_or(Refusal::NotAllowed)
    }

    fn others(&self) -> Vec<&Talker> {
        self.stored.people.iter().filter(|talker| talker.account != self.me.account).collect()
    }
}

/// Tells everybody in a conversation that a line is new or another now, and gives it back. The number is read first: what it
/// counts is in the line.
pub async fn tell_line(app: &App, id: RoomId, line: MessageId) -> Result<Message, Fault> {
    let stored = app.store.conversation(id).await?.ok_or(Refusal::RoomUnknown)?;
    let message = app.store.message(id, line).await?.ok_or(Refusal::NotFound)?;
    let event = Event::Line { conversation: id, number: stored.number, message: message.clone() };
    // Whoever came later does not read it, and is not told of it either: the gap in what they count makes their pages ask.
    let readers = stored.people.iter().filter(|talker| talker.since <= message.at).map(|talker| talker.account);
    tell(app, readers.collect(), event).await?;
    Ok(message)
}

/// Tells everybody in a conversation that a line is gone.
pub async fn tell_erased(app: &App, id: RoomId, line: MessageId) -> Result<(), Fault> {
    let Some(stored) = app.store.conversation(id).await? else { return Ok(()) };
    let event = Event::LineDeleted { conversation: id, number: stored.number, id: line };
    tell(app, accounts(&stored), event).await
}

/// Tells everybody in a conversation how it is now, each as they see it.
async fn tell_state(app: &App, stored: &StoredConversation) -> Result<(), Fault> {
    for account in accounts(stored) {
        if let Some(seen) = app.store.conversations_of(account, Some(stored.id)).await?.pop() {
            let conversation = view(seen, account);
            tell(app, vec![account], Event::Conversation { conversation }).await?;
        }
    }
    Ok(())
}

async fn tell(app: &App, people: Vec<AccountId>, event: Event) -> Result<(), Fault> {
    ask(app, Question::TellPeople { people, event: Box::new(event) }).await.map(drop)
}

fn accounts(stored: &StoredConversation) -> Vec<AccountId> {
    stored.people.iter().map(|talker| talker.account).collect()
}

/// A conversation of somebody as it is now.
async fn mine(app: &App, id: RoomId, account: AccountId) -> Result<Conversation, Fault> {
    let seen = app.store.conversations_of(account, Some(id)).await?.pop();
    seen.map(|seen| view(seen, account)).ok_or(Refusal::RoomUnknown.into())
}

/// As its people see it.
fn view(seen: Seen, me: AccountId) -> Conversation {
    let Seen { conversation: StoredConversation { id, name, number, people }, made, last, read, unread } = seen;
    let others = people.into_iter().filter(|talker| talker.account != me);
    let mut others: Vec<Companion> = others
        .map(|talker| Companion {
            account: talker.account,
            avatar: talker.avatar.map(|version| views::avatar_path(talker.account, &version)),
            name: talker.name,
        })
        .collect();
    // By what is shown: in the order of what people sign in with one could read that.
    others.sort_by_key(|other| (other.name.to_lowercase(), other.account));
    let last = last.map(|mut line| {
        if let Some((end, _)) = line.text.char_indices().nth(SHOWN) {
            line.text.truncate(end);
        }
        line
    });
    let at = last.as_ref().map_or(made, |line| line.at);
    Conversation { id, number, name, people: others, at, last, read, unread }
}

/// A line that says what somebody did.
fn deed(by: &Account, at: u64, deed: Deed) -> Message {
    Message {
        id: IdSource::new(random::seed()).next(at),
        from: Person::Account(by.id),
        name: by.display_name.clone(),
        to: None,
        at,
        text: String::new(),
        reply_to: None,
        edited: false,
        file: None,
        reactions: Vec::new(),
        deed: Some(deed),
    }
}

/// Those of these accounts whom somebody may take into a group, each once, without themselves.
async fn companions(app: &App, me: AccountId, wanted: &[AccountId]) -> Result<Vec<Account>, Fault> {
    // More are not looked up.
    if wanted.len() >= PEOPLE {
        return Err(Refusal::TooMany.into());
    }
    let mut people: Vec<Account> = Vec::with_capacity(wanted.len());
    for id in wanted {
        if *id == me || people.iter().any(|account| account.id == *id) {
            continue;
        }
        let account = app.store.account(*id).await?.ok_or(Refusal::NotFound)?;
        may_write(app, me, *id, account.disabled).await?;
        people.push(account);
    }
    if people.is_empty() { Err(Refusal::NotFound.into()) } else { Ok(people) }
}

/// A moment that is not before anything that the conversation has counted by the clock of this machine.
fn now() -> u64 {
    clock::unix_ms()
}

/// The most people in a group: as many as a meeting shows at once, twice over. One more is not taken in.
const PEOPLE: usize = 50;
/// The most conversations that one person has begun: more than anybody knows people to write to. One more is refused.
const OF_ONE: u32 = 500;
/// So many letters of the last line stand in the list.
const SHOWN: usize = 200;
