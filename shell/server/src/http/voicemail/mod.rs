//! `/api/v1/voicemail`: messages for whoever did not answer a call, spoken and heard, and the greeting before them.

pub mod audio;
pub mod begin;
pub mod greeting;
pub mod list;
pub mod mark;
pub mod remove;
pub mod send;
pub mod stop;

use std::io;

use hub::Question;
use proto::{AccountId, FileId, Refusal, VoicemailId, api::Event, media::message_room};

use super::{App, problem::Fault, rooms};
use crate::{files::Draft, random, voicemail::Whole};

/// The id in a path.
fn named(id: &str) -> Result<VoicemailId, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound)
}

/// Ends the room in which a message was spoken.
async fn close(app: &App, id: VoicemailId) {
    // Without a hub there is no room either.
    let _ = app.control.ask(Question::End { room: message_room(id), person: None }).await;
}

/// Tells the devices of somebody that their messages are others than before.
async fn tell(app: &App, account: AccountId) -> Result<(), Fault> {
    let event = Box::new(Event::Voicemail);
    rooms::ask(app, Question::TellPeople { people: vec![account], event }).await?;
    Ok(())
}

/// Writes what was spoken to the disk. It stays when it is kept.
async fn write(app: &App, whole: &Whole) -> Result<Draft, Fault> {
    let broken = |error| broken(&error);
    if !app.files.has_place(whole.file.len() as u64) {
        return Err(Refusal::StorageFull.into());
    }
    let file = FileId::from(u128::from_le_bytes(random::bytes()));
    let mut draft = app.files.begin(file).await.map_err(broken)?.ok_or(Refusal::ServerFull)?;
    draft.write(&whole.file).await.map_err(broken)?;
    draft.settle().await.map_err(broken)?;
    Ok(draft)
}

fn broken(error: &io::Error) -> Fault {
    if error.kind() == io::ErrorKind::StorageFull {
        tracing::error!("the disk is full: a message could not be kept");
        return Refusal::StorageFull.into();
    }
    tracing::error!(%error, "a message could not be kept");
    Fault::Internal
}
