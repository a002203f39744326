//! Every question of rights, in one place: who may enter, see, publish, take and rename.
//!
//! Pure; the caller refuses. What a token grants is [`proto::Rights`].

use proto::{Refusal, TrackId, livekit};

use crate::{
    Config, Join,
    participant::{Participant, profile::Profile, source_of},
};

/// Whether what a newcomer brings keeps to the limits.
pub(crate) fn may_enter(join: &Join) -> Result<(), Refusal> {
    Profile::new(join).check()
}

/// Whether `viewer` is told of `other`.
pub(crate) fn may_see(viewer: &Participant, other: &Participant) -> bool {
    viewer.id == other.id || !other.rights.hidden
}

/// Whether a participant may announce a track.
pub(crate) fn may_publish(
    config: &Config,
    publisher: &Participant,
    request: &livekit::AddTrackRequest,
) -> Result<(), Refusal> {
    if !publisher.rights.may_publish(source_of(request.source)) {
        return Err(Refusal::NotAllowed);
    }
    if publisher.tracks.len() >= config.tracks_per_participant {
        return Err(Refusal::TooMany);
    }
    Ok(())
}

/// Whether a participant may take tracks at all.
pub(crate) fn may_subscribe(subscriber: &Participant) -> bool {
    subscriber.rights.subscribe
}

/// Whether `subscriber` may take this track of `publisher`: it needs its own right, must see the publisher, and the
/// publisher must let it.
pub(crate) fn may_take(subscriber: &Participant, publisher: &Participant, track: TrackId) -> bool {
    may_subscribe(subscriber)
        && subscriber.id != publisher.id
        && may_see(subscriber, publisher)
        && publisher.permission.allows(subscriber.id, &subscriber.identity, track)
}

/// Whether a participant may say this of itself.
pub(crate) fn may_become(participant: &Participant, profile: &Profile) -> Result<(), Refusal> {
    if !participant.rights.own_metadata {
        return Err(Refusal::NotAllowed);
    }
    profile.check()
}
