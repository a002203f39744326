//! Every question of rights, in one place: who may enter, see, publish, take and rename.
//!
//! Pure; the caller refuses. What a token grants is [`proto::Rights`].

use proto::{Refusal, Source, TrackId, livekit};

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
    let source = source_of(request.source);
    // Otherwise a camera could be published under the name of a microphone, which the token allows.
    let fits = source.is_none_or(|source| kind_of(source) == request.r#type());
    if !publisher.rights.may_publish(source) || (!publisher.rights.sources.is_empty() && !fits) {
        return Err(Refusal::NotAllowed);
    }
    if publisher.tracks.len() >= config.tracks_per_participant {
        return Err(Refusal::TooMany);
    }
    Ok(())
}

/// What comes from a source.
fn kind_of(source: Source) -> livekit::TrackType {
    match source {
        Source::Camera | Source::Screen => livekit::TrackType::Video,
        Source::Microphone | Source::ScreenAudio => livekit::TrackType::Audio,
    }
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
