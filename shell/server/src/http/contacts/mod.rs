//! `/api/v1/people`: who can be called, and when they are free; and `/api/v1/contacts`: my phone book.

pub mod add;
pub mod book;
pub mod change;
pub mod export;
pub mod import;
pub mod list;
pub mod remove;
pub mod wait;
pub mod wait_no_more;

use hub::{Book, Question};
use proto::{AccountId, Refusal, api::ChangeContact, presence::SeenBy};
use tokio::sync::MutexGuard;

use super::{App, problem::Fault, rooms};
use crate::{account::names, vcard};

/// Whom somebody likes to hear, and whom not, and who sees them, as it is kept.
pub async fn kept(app: &App, account: AccountId) -> Result<Book, Fault> {
    let (favourites, blocked) = app.store.likes(account).await?;
    let seen_by = app.store.seen_by(account).await?;
    // A long list, that counts for nobody else.
    let contacts = if seen_by == SeenBy::Contacts { app.store.known(account).await? } else { Vec::new() };
    Ok(Book {
        favourites: favourites.into_iter().collect(),
        blocked: blocked.into_iter().collect(),
        seen_by,
        contacts: contacts.into_iter().collect(),
    })
}

/// Whose turn it is to change their phone book, or who sees them: changes of one come one after the other, so that the hub does not
/// hear the older of two last.
#[derive(Debug)]
pub struct Turn<'app> {
    app: &'app App,
    account: AccountId,
    before: Book,
    _one: Option<MutexGuard<'app, ()>>,
}

/// Waits for it.
pub async fn turn(app: &App, account: AccountId) -> Result<Turn<'_>, Fault> {
    let one = app.changes.turn(account).await;
    Ok(Turn { app, account, before: kept(app, account).await?, _one: one })
}

impl Turn<'_> {
    /// Tells the hub what is kept now, and what was before: of whoever is not here it does not know.
    pub async fn told(self) -> Result<(), Fault> {
        let Self { app, account, before, _one } = self;
        let book = kept(app, account).await?;
        rooms::ask(app, Question::Book { account, before, book }).await.map(drop)
    }
}

/// What somebody wrote of an entry, without blanks around it.
fn readable(wanted: ChangeContact) -> Result<ChangeContact, Refusal> {
    let ChangeContact { name, circle, phones, mails, favourite, blocked } = wanted;
    Ok(ChangeContact {
        name: name
            .map(|name| if name.trim().is_empty() { Ok(String::new()) } else { names::shown(&name) })
            .transpose()?,
        circle: circle.map(|circle| text(&circle, vcard::CIRCLE)).transpose()?,
        phones: phones.map(|phones| list(&phones, vcard::PHONE)).transpose()?,
        mails: mails.map(|mails| list(&mails, vcard::MAIL)).transpose()?,
        favourite,
        blocked,
    })
}

fn list(texts: &[String], most: usize) -> Result<Vec<String>, Refusal> {
    let texts: Vec<String> = texts.iter().map(|one| text(one, most)).collect::<Result<_, _>>()?;
    let texts: Vec<String> = texts.into_iter().filter(|one| !one.is_empty()).collect();
    if texts.len() > vcard::EACH { Err(Refusal::TooMany) } else { Ok(texts) }
}

fn text(text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    let sound = text.chars().count() <= most && !text.chars().any(char::is_control);
    sound.then(|| text.to_owned()).ok_or(Refusal::BadText)
}

impl From<store::AddContactsError> for Fault {
    fn from(error: store::AddContactsError) -> Self {
        match error {
            store::AddContactsError::Full => Refusal::TooMany.into(),
            store::AddContactsError::Write(error) => error.into(),
        }
    }
}

/// The most entries of one phone book: several times what anybody keeps by hand.
const MOST: u32 = 2_000;
