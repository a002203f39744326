//! How what those outside are told looks in a transcript.

use hub::Happening;
use proto::{
    call::{CallRecord, Stage},
    livekit::{DisconnectReason, ParticipantInfo, Room, TrackInfo, participant_info::State},
};

use crate::{hearing::list, words::Words};

/// `room_started standup`, `participant_left standup: ann, CLIENT_INITIATED; 0 in`
pub fn line(words: &Words, what: &Happening) -> String {
    match what {
        Happening::RoomStarted { room } => format!("room_started {}", room.name),
        Happening::RoomFinished { room, reason } => format!("room_finished {}, {}", room.name, reason.as_str_name()),
        Happening::ParticipantJoined { room, participant } => {
            assert_eq!(participant.state(), State::Active);
            format!("participant_joined {}", at(words, room, participant))
        }
        Happening::ParticipantLeft { room, participant } => {
            format!("participant_left {}", left(words, room, participant))
        }
        Happening::ParticipantAborted { room, participant } => {
            format!("participant_connection_aborted {}", left(words, room, participant))
        }
        Happening::TrackPublished { room, participant, track } => {
            format!("track_published {}, {}", at(words, room, participant), name(words, track))
        }
        Happening::TrackUnpublished { room, participant, track } => {
            format!("track_unpublished {}, {}", at(words, room, participant), name(words, track))
        }
        Happening::CallStarted(record) => format!("call_started {}", call(record)),
        Happening::CallAnswered(record) => format!("call_answered {}", call(record)),
        Happening::CallEnded(record) => {
            assert!(record.ended.is_some());
            format!("call_ended {}", call(record))
        }
    }
}

fn at(words: &Words, room: &Room, participant: &ParticipantInfo) -> String {
    let who = words.people.get(&participant.sid.parse().unwrap()).map_or(&participant.identity, |name| name);
    format!("{}: {who}", room.name)
}

fn left(words: &Words, room: &Room, participant: &ParticipantInfo) -> String {
    let reason = DisconnectReason::try_from(participant.disconnect_reason).unwrap().as_str_name();
    format!("{}, {reason}; {} in", at(words, room, participant), room.num_participants)
}

fn name(words: &Words, track: &TrackInfo) -> String {
    words.name(&track.sid)
}

fn call(record: &CallRecord) -> String {
    let legs = record.parties().map(|leg| match leg.stage {
        Stage::Ended { why } => format!("{} {}", leg.name, why.name()),
        stage => format!("{} {stage:?}", leg.name).to_lowercase(),
    });
    format!("#{}: {}", u128::from(record.id), list(legs))
}
