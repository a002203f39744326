//! Every question of rights, in one place: who may enter, see, publish, take and rename.
//!
//! Pure; the caller refuses. What a token grants is [`proto::Rights`].

use proto::{
    AccountId, Person, Policy, Refusal, Rights, Role, Source, TrackId,
    api::{Act, Allowed, Door},
    livekit,
};

use super::attendance::Attendance;
use crate::{
    Config, Join, Visit,
    barred::Return,
    participant::{Participant, profile::Profile, publication::what_of, source_of},
};

/// The attribute of media tokens and participants that holds the role; see [`Role::name`].
pub(crate) const ROLE: &str = "role";

/// Whether what a newcomer brings keeps to the limits.
pub(crate) fn may_enter(join: &Join) -> Result<(), Refusal> {
    Profile::new(join).check()
}

/// Who comes with a token, and as what. Only our own tokens carry a role; all others are the operator's word.
pub(crate) fn who(join: &Join) -> (Person, Role) {
    let role = join.attributes.iter().find(|(key, _)| key == ROLE).and_then(|(_, name)| Role::from_name(name));
    match (Person::of(&join.identity), role) {
        (person @ (Person::Account(_) | Person::Guest(_)), Some(role)) => (person, role),
        _ => (Person::Other(join.identity.clone()), Role::Member),
    }
}

/// What somebody is here: what is stored, or what this meeting made of them, whichever is more.
pub(crate) fn here(stored: Role, attendance: Option<&Attendance>) -> Role {
    // The strongest role is the smallest.
    attendance.map_or(stored, |known| known.role.min(stored))
}

/// What somebody is who leads no more.
pub(crate) fn without_office(person: &Person) -> Role {
    if matches!(person, Person::Guest(_)) { Role::Guest } else { Role::Member }
}

/// What somebody finds at the door, the strongest reason first.
pub(crate) fn door(
    visit: &Visit,
    policy: &Policy,
    attendance: Option<&Attendance>,
    barred: Option<Return>,
    full: bool,
) -> Door {
    let role = here(visit.role, attendance);
    // Also one who holds a ticket: who may not come by it any more is not expected any more.
    let known = attendance.is_some_and(|known| !known.waits());
    let waits = attendance.is_some_and(Attendance::waits);
    let moved = barred == Some(Return::Lobby) || attendance.is_some_and(Attendance::is_moved);
    if visit.banned || barred == Some(Return::Never) {
        Door::Removed
    } else if policy.locked && !known && !waits && !role.leads() {
        Door::Locked
    } else if full {
        Door::Full
    } else if known || role.leads() {
        Door::Open
    } else if !may_come(role, policy) {
        Door::MembersOnly
    } else if policy.lobby.holds(role) || policy.locked || moved {
        Door::Knock
    } else {
        Door::Open
    }
}

/// Whether who finds this at the door comes in at once, and not only after waiting.
pub(crate) fn passes(door: Door) -> Result<bool, Refusal> {
    match door {
        Door::Open => Ok(true),
        Door::Knock => Ok(false),
        Door::Removed => Err(Refusal::Removed),
        Door::Locked => Err(Refusal::Locked),
        Door::Full => Err(Refusal::RoomFull),
        Door::MembersOnly => Err(Refusal::MembersOnly),
    }
}

/// Whether the way in was open to somebody of this role before, and is not now.
pub(crate) fn is_shut_out(role: Role, before: &Policy, now: &Policy) -> bool {
    let open = |policy: &Policy| !policy.locked && !policy.lobby.holds(role) && may_come(role, policy);
    !role.leads() && open(before) && !open(now)
}

/// Whether the room takes such people in at all.
pub(crate) fn may_come(role: Role, policy: &Policy) -> bool {
    policy.guests || role != Role::Guest
}

/// Whether somebody may do an act at all; see [`may_do_to`] for what it does to somebody else.
pub(crate) fn may_act(role: Role, act: &Act) -> Result<(), Refusal> {
    if role.may(act) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// Whether somebody may ask others in, and in whose name: those who lead let people in. Guests know nobody whom they could ask.
pub(crate) fn may_invite(person: &Person, role: Role) -> Result<AccountId, Refusal> {
    match person {
        Person::Account(account) if role.may_invite() => Ok(*account),
        Person::Account(_) | Person::Guest(_) | Person::Other(_) => Err(Refusal::NotAllowed),
    }
}

/// Whether somebody may do something to another.
pub(crate) fn may_do_to(role: Role, other: Role) -> Result<(), Refusal> {
    if role.may_do_to(other) { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// Whether somebody may be sent to the lobby: those who lead never wait, and who came by the operator's word has no door.
pub(crate) fn may_be_moved(person: &Person, role: Role) -> Result<(), Refusal> {
    if role.leads() || matches!(person, Person::Other(_)) { Err(Refusal::NotAllowed) } else { Ok(()) }
}

/// Whether somebody who leads may leave the lead to another. Only the owner makes more hosts than there are; a host passes
/// on what nobody else has.
pub(crate) fn may_hand_over(role: Role, others_lead: bool) -> Result<(), Refusal> {
    if role == Role::Owner || !others_lead { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// What the media token of one of our own people grants, before the room's policy.
pub(crate) fn of_ours() -> Rights {
    let sources = vec![Source::Camera, Source::Microphone, Source::Screen, Source::ScreenAudio];
    Rights { sources, own_metadata: false, ..Rights::FULL }
}

/// What is left of granted rights under a policy.
pub(crate) fn rights(granted: &Rights, role: Role, policy: &Policy) -> Rights {
    let mut rights = granted.clone();
    let allowed = |source: &Source| policy.allows(role, use_of(*source));
    let all = of_ours().sources;
    if !all.iter().all(allowed) {
        if rights.sources.is_empty() {
            rights.sources = all;
        }
        rights.sources.retain(allowed);
        // An empty list would allow everything.
        rights.publish &= !rights.sources.is_empty();
    }
    rights.data &= policy.allows(role, Allowed::Chat);
    rights
}

/// Which use of the media plane a source is.
pub(crate) fn use_of(source: Source) -> Allowed {
    match source {
        Source::Microphone => Allowed::Microphone,
        Source::Camera => Allowed::Camera,
        Source::Screen | Source::ScreenAudio => Allowed::Share,
    }
}

/// Whether a participant may unmute a track of its own.
pub(crate) fn may_unmute(role: Role, policy: &Policy, track: &livekit::TrackInfo) -> bool {
    policy.allows(role, what_of(track))
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
