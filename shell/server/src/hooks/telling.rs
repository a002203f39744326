//! What happened as text: LiveKit's `WebhookEvent` in JSON, with a field `call` of our own where it is about a call.

use hub::{Happened, Happening};
use proto::{
    api::{HookCall, HookParty},
    call::{CallRecord, Stage, Why},
    livekit::{Room, WebhookEvent},
    media::spoken_in,
};
use serde_json::Value;

use super::fit::fit;
use crate::trials;

/// What it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rooms,
    Calls,
}

/// What hooks are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// When it happened, in milliseconds since 1970.
    pub(super) at: u64,
    pub(super) body: String,
}

/// The name of what administrators send to see whether it arrives.
pub(super) const TEST: &str = "test";

/// The text of what happened; nothing for rooms that the server makes for itself, and of what cannot be told. `id` is the same for all
/// hooks.
pub(super) fn tell(happened: Happened, id: String) -> Option<Told> {
    let Happened { at, what } = happened;
    let mut event = WebhookEvent { id, created_at: seconds(at), ..WebhookEvent::default() };
    let (name, call) = match what {
        Happening::RoomStarted { room } => {
            event.room = Some(room);
            ("room_started", None)
        }
        Happening::RoomFinished { room, reason } => {
            event.room = Some(room);
            event.room_end_reason = reason.into();
            ("room_finished", None)
        }
        Happening::ParticipantJoined { room, participant } => {
            (event.room, event.participant) = (Some(room), Some(participant));
            ("participant_joined", None)
        }
        Happening::ParticipantLeft { room, participant } => {
            (event.room, event.participant) = (Some(room), Some(participant));
            ("participant_left", None)
        }
        Happening::ParticipantAborted { room, participant } => {
            (event.room, event.participant) = (Some(room), Some(participant));
            ("participant_connection_aborted", None)
        }
        Happening::TrackPublished { room, participant, track } => {
            (event.room, event.participant, event.track) = (Some(room), Some(participant), Some(track));
            ("track_published", None)
        }
        Happening::TrackUnpublished { room, participant, track } => {
            (event.room, event.participant, event.track) = (Some(room), Some(participant), Some(track));
            ("track_unpublished", None)
        }
        Happening::CallStarted(record) => ("call_started", Some(record)),
        Happening::CallAnswered(record) => ("call_answered", Some(record)),
        Happening::CallEnded(record) => ("call_ended", Some(record)),
    };
    if event.room.as_ref().is_some_and(is_our_own) {
        return None;
    }
    let kind = if call.is_some() { Kind::Calls } else { Kind::Rooms };
    Some(Told { name, kind, at, body: text(event, name, call.as_ref())? })
}

/// What is sent to see whether it arrives.
pub(super) fn test(id: String, at: u64) -> Option<Told> {
    let event = WebhookEvent { id, created_at: seconds(at), ..WebhookEvent::default() };
    Some(Told { name: TEST, kind: Kind::Rooms, at, body: text(event, TEST, None)? })
}

/// The text of an event. One that cannot be written is left out: the others are told all the same.
fn text(mut event: WebhookEvent, name: &str, call: Option<&CallRecord>) -> Option<String> {
    name.clone_into(&mut event.event);
    fit(&mut event);
    match written(&event, call) {
        Ok(text) => Some(text),
        Err(error) => {
            tracing::error!(%error, event = name, "what happened cannot be written for webhooks, which are not told of it");
            None
        }
    }
}

fn written(event: &WebhookEvent, call: Option<&CallRecord>) -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(event)?;
    if let (Value::Object(fields), Some(record)) = (&mut value, call) {
        fields.insert("call".to_owned(), serde_json::to_value(told(record))?);
    }
    Ok(value.to_string())
}

/// Rooms of a connection test, and those in which a message is spoken: nobody meets there.
fn is_our_own(room: &Room) -> bool {
    room.name.starts_with(trials::PREFIX) || room.name.parse().is_ok_and(|name| spoken_in(&name).is_some())
}

fn seconds(ms: u64) -> i64 {
    i64::try_from(ms / 1_000).unwrap_or(i64::MAX)
}

fn told(record: &CallRecord) -> HookCall {
    let caller = record.legs.first().map(|leg| leg.account);
    let parties = record.parties().map(|leg| HookParty {
        account: leg.account,
        name: leg.name.clone(),
        caller: Some(leg.account) == caller,
        stage: stage(leg.stage).to_owned(),
        why: why(leg.stage),
        forwarder: leg.forwarder,
    });
    HookCall {
        id: record.id,
        room: record.room.to_string(),
        video: record.video,
        began: record.began,
        answered: record.answered,
        ended: record.ended,
        reason: record.ended.and_then(|_| reason(record)),
        parties: parties.collect(),
    }
}

/// Of a call that was answered what ended it; else why the first who was called did not come. Who let it ring somebody else does
/// not count.
fn reason(record: &CallRecord) -> Option<Why> {
    let reasons = |skip| record.parties().skip(skip).filter_map(|leg| why(leg.stage));
    if record.answered.is_none() {
        let called = || reasons(1);
        return called().find(|why| *why != Why::Forwarded).or_else(|| called().next());
    }
    let ends = |why: &Why| matches!(why, Why::HungUp | Why::Lost | Why::Failed | Why::Merged | Why::Transferred);
    Some(reasons(0).find(ends).unwrap_or(Why::Over))
}

fn why(stage: Stage) -> Option<Why> {
    match stage {
        Stage::Ended { why } => Some(why),
        _ => None,
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Dialing => "dialing",
        Stage::Ringing => "ringing",
        Stage::Connecting => "connecting",
        Stage::Active => "active",
        Stage::Held => "held",
        Stage::Ended { .. } => "ended",
    }
}
