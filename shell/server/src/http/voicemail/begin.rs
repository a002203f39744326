//! `POST /api/v1/calls/{id}/voicemail`: begin to speak a message for whoever did not answer. Answers 201 with a [`Recording`].

use std::{sync::Arc, time::Instant};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use proto::{
    AccountId, CallId, Person, Refusal, VoicemailId,
    api::Recording,
    call::{CallRecord, Stage, Why},
    id::IdSource,
};

use crate::{
    clock,
    http::{App, calls, problem::Fault, who::Member},
    random, token,
    voicemail::{self, AFTER, About, LASTS, Message, SPEAKING, What, voice},
};

/// Looks whether nobody answered, and opens a room to speak in.
#[utoipa::path(
    post, path = "/api/v1/calls/{id}/voicemail", operation_id = "beginVoicemail", tag = "voicemail",
    summary = "Begin to speak a message",
    security(("session" = [])),
    extensions(("x-problems" = json!(["not_found", "not_allowed", "storage_full", "server_full", "too_often"]))),
    params(
        ("id" = String, Path, description = "The id of the call that was not answered."),
    ),
    responses(
        (status = 201, description = "Where to send the microphone. A message that was begun before is forgotten.", body = Recording),
    ),
)]
pub async fn handle(
    State(app): State<Arc<App>>,
    Member(me): Member,
    Path(call): Path<String>,
) -> Result<(StatusCode, Json<Recording>), Fault> {
    app.calls.take(Instant::now(), &Person::Account(me.account.id))?;
    let message = offered(&app, &call, me.account.id).await?;
    if app.voicemail.has_answered(message.call) {
        return Err(Refusal::NotAllowed.into());
    }
    // Said before anybody speaks for three minutes. What is kept counts once more when it is sent.
    let (count, size) = app.store.voicemail_size(message.to).await?;
    let limits = &app.mailboxes;
    if count >= limits.messages
        || size + voice::LARGEST as u64 / 4 > limits.bytes
        || !app.files.has_place(voice::LARGEST as u64)
    {
        return Err(Refusal::StorageFull.into());
    }
    let greeting = app.store.greeting(message.to).await?.map(|greeting| greeting.ms);
    let about = About { by: me.account.id, what: What::Message(message) };
    let recording = open(&app, about).await?;
    Ok((StatusCode::CREATED, Json(Recording { greeting, ..recording })))
}

/// Opens a room to speak in. What was begun before is forgotten.
pub(super) async fn open(app: &Arc<App>, about: About) -> Result<Recording, Fault> {
    let id: VoicemailId = IdSource::new(random::seed()).next(clock::unix_ms());
    let serial = u32::from_le_bytes(random::bytes());
    let former =
        app.voicemail.begin(Instant::now(), id, about, serial).map_err(|voicemail::Full| Refusal::ServerFull)?;
    if let Some(former) = former {
        super::close(app, former).await;
    }
    app.tasks.spawn("voicemail", &app.tasks.stop, end(app.clone(), id, about.by));
    let token = token::sign(&app.keys, &voicemail::pass(id), clock::unix(), SPEAKING);
    Ok(Recording { id, token, seconds: about.what.seconds(), greeting: None })
}

/// To whom somebody may speak after a call.
///
/// # Errors
/// When they may not: not after this call, or not any more.
pub(super) async fn offered(app: &App, call: &str, me: AccountId) -> Result<Message, Fault> {
    let call: CallId = call.parse().map_err(|_| Refusal::NotFound)?;
    // What could not be written is not read; the rest is.
    calls::settled(app).await;
    let record = app.store.call(call).await?.ok_or(Refusal::NotFound)?;
    let mut message = message(&record, me)?;
    // Whoever was blocked since is told nothing of it, and not heard either.
    message.barred |= app.store.blockers(me).await?.contains(&message.to);
    let left = clock::unix_ms().checked_sub(record.ended.ok_or(Refusal::NotAllowed)?);
    if left.is_some_and(|left| u128::from(left) > AFTER.as_millis()) {
        return Err(Refusal::NotAllowed.into());
    }
    app.store.account(message.to).await?.filter(|account| !account.disabled).ok_or(Refusal::NotFound)?;
    Ok(message)
}

/// Who would be spoken to after a call, if its caller may: one other was called, and did not answer.
fn message(record: &CallRecord, me: AccountId) -> Result<Message, Refusal> {
    let own = record.legs.first().filter(|leg| leg.account == me).ok_or(Refusal::NotFound)?;
    let mut others = record.parties().filter(|leg| leg.account != own.account && leg.forwarder.is_none());
    let (Some(other), None) = (others.next(), others.next()) else { return Err(Refusal::NotAllowed) };
    // It is for the one who was called, whoever did not take it for them.
    let next = record.parties().find(|leg| leg.forwarder == Some(other.account));
    let unanswered = matches!(next.unwrap_or(other).stage, Stage::Ended { why } if UNANSWERED.contains(&why));
    if record.answered.is_some() || !unanswered {
        return Err(Refusal::NotAllowed);
    }
    Ok(Message { to: other.account, call: record.id, barred: other.barred })
}

/// Ends the recording when its time is up, and forgets what was not sent by then.
async fn end(app: Arc<App>, id: VoicemailId, by: AccountId) {
    tokio::time::sleep(SPEAKING).await;
    app.voicemail.stop(id, by);
    super::close(&app, id).await;
    tokio::time::sleep(LASTS - SPEAKING).await;
    app.voicemail.forget(id, by);
}

/// What a call has come to that nobody answered.
const UNANSWERED: [Why; 6] =
    [Why::NoAnswer, Why::Busy, Why::Declined, Why::DoNotDisturb, Why::Unreachable, Why::Voicemail];

#[cfg(test)]
mod tests {
    use proto::call::LegRecord;

    use super::*;

    fn leg(account: u128, why: Why) -> LegRecord {
        LegRecord {
            account: account.into(),
            name: "Ann".to_owned(),
            avatar: None,
            stage: Stage::Ended { why },
            device: None,
            reply: None,
            held: None,
            by: None,
            back: None,
            returned: None,
            forwarder: None,
            barred: false,
        }
    }

    fn call(legs: Vec<LegRecord>, answered: Option<u64>) -> CallRecord {
        let room = "bolu-kesi-dafo".parse().unwrap();
        CallRecord { id: 1.into(), room, video: false, began: 1, answered, ended: Some(9), legs }
    }

    #[test]
    fn a_message_is_for_the_one_who_was_called_and_did_not_answer() {
        for why in Why::ALL {
            let record = call(vec![leg(1, Why::Over), leg(2, why)], None);
            let allowed = message(&record, 1.into());
            assert_eq!(allowed.is_ok(), UNANSWERED.contains(&why), "{why:?}");
            assert_eq!(message(&record, 2.into()), Err(Refusal::NotFound), "who was called");
            assert_eq!(message(&record, 3.into()), Err(Refusal::NotFound), "somebody else");
        }
        let unreachable = || leg(2, Why::Unreachable);
        let answered = call(vec![leg(1, Why::Over), unreachable()], Some(3));
        assert_eq!(message(&answered, 1.into()), Err(Refusal::NotAllowed));
        let several = call(vec![leg(1, Why::Over), unreachable(), leg(3, Why::Busy)], None);
        assert_eq!(message(&several, 1.into()), Err(Refusal::NotAllowed));
        let again = call(vec![leg(1, Why::Over), leg(2, Why::NoAnswer), unreachable()], None);
        assert!(message(&again, 1.into()).is_ok(), "of each the last counts");
        for why in [Why::NoAnswer, Why::HungUp] {
            let next = LegRecord { forwarder: Some(2.into()), ..leg(3, why) };
            let forwarded = call(vec![leg(1, Why::Over), leg(2, Why::Forwarded), next], None);
            let allowed = message(&forwarded, 1.into()).map(|message| message.to);
            let expected = if why == Why::NoAnswer { Ok(2.into()) } else { Err(Refusal::NotAllowed) };
            assert_eq!(allowed, expected, "for the one who was called");
        }
        let barred = call(vec![leg(1, Why::Over), LegRecord { barred: true, ..unreachable() }], None);
        assert!(message(&barred, 1.into()).unwrap().barred, "who is blocked is told nothing of it");
    }
}
