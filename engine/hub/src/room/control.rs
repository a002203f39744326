//! What a host stops: microphones, cameras and shares, of one person or of all. It is stopped on the media plane; the
//! client is told, and need not obey.

use proto::{
    ParticipantId, Person, Refusal, Role, TrackId,
    api::{Allowed, Event},
    livekit::{self, DisconnectReason, leave_request::Action, signal_response::Message as Response},
    media::Command,
};

use super::{Room, attendance::Attendance, publishing, roles, telling::Audience};
use crate::{
    desk::Desk,
    participant::{profile::Profile, publication::what_of},
};

/// The attribute that tells LiveKit's clients since when a hand is up, in milliseconds since 1970.
const HAND: &str = "hand";

/// Everything of the media plane that can be stopped.
pub(super) const STOPPABLE: [Allowed; 3] = [Allowed::Microphone, Allowed::Camera, Allowed::Share];

impl Room {
    /// Brings all participants of a person in line with what that person is called, is and may now: their profiles, their
    /// rights, and what they send.
    pub(super) fn align(&mut self, desk: &mut Desk, person: &Person) {
        let Some(attendance) = self.people.of(person) else { return };
        let (role, rules) = (attendance.role, self.rules());
        for id in attendance.participants.clone() {
            let (Some(participant), Some(attendance)) = (self.participants.get_mut(&id), self.people.of(person)) else {
                continue;
            };
            let (profile, rights) = (participant.profile.clone(), participant.rights.clone());
            participant.profile.name.clone_from(&attendance.name);
            mark(&mut participant.profile, person, attendance);
            participant.rights = roles::rights(&participant.granted, role, &rules);
            let changed = profile != participant.profile || rights != participant.rights;
            let role_of = |profile: &Profile| profile.attributes.get(roles::ROLE).cloned();
            // A hand is no matter of the token.
            let renewed = rights != participant.rights
                || profile.name != participant.profile.name
                || role_of(&profile) != role_of(&participant.profile);
            let data = participant.rights.data;
            if data != rights.data {
                desk.media(self.shard, Command::AllowData { peer: id, allowed: data });
            }
            let forbidden: Vec<Allowed> = STOPPABLE.into_iter().filter(|what| !rules.allows(role, *what)).collect();
            let stopped = self.stop_tracks(desk, id, &forbidden);
            if changed || !stopped.is_empty() {
                self.announce(desk, id, Audience::All);
            }
            if renewed {
                self.refresh_token(desk, id);
            }
            self.tell_stopped(desk, person, &stopped);
        }
    }

    /// Stops something of one person.
    pub(super) fn stop_person(&mut self, desk: &mut Desk, person: &Person, what: Allowed) -> Result<(), Refusal> {
        if what == Allowed::Chat {
            return Err(Refusal::BadSetting);
        }
        let mut stopped = Vec::new();
        for id in self.inside(person)?.participants.clone() {
            let of_one = self.stop_tracks(desk, id, &[what]);
            if !of_one.is_empty() {
                self.announce(desk, id, Audience::All);
                stopped = of_one;
            }
        }
        self.tell_stopped(desk, person, &stopped);
        Ok(())
    }

    /// Stops something of all who do not lead.
    pub(super) fn stop_all(&mut self, desk: &mut Desk, what: Allowed) -> Result<(), Refusal> {
        let led = self.people.iter().filter(|(_, attendance)| attendance.is_in() && !attendance.role.leads());
        for person in led.map(|(person, _)| person.clone()).collect::<Vec<_>>() {
            self.stop_person(desk, &person, what)?;
        }
        Ok(())
    }

    /// Stops what one participant sends of these; says what of them there was. Microphones and cameras are muted, so that
    /// their owner can start them again; a share ends.
    fn stop_tracks(&mut self, desk: &mut Desk, id: ParticipantId, these: &[Allowed]) -> Vec<Allowed> {
        let shard = self.shard;
        let Some(participant) = self.participants.get_mut(&id) else { return Vec::new() };
        let session = participant.session;
        let mut stopped = Vec::new();
        let mut ends: Vec<TrackId> = Vec::new();
        for track in participant.tracks.values_mut() {
            let what = what_of(&track.described);
            if !these.contains(&what) || (what != Allowed::Share && track.described.muted) {
                continue;
            }
            if !stopped.contains(&what) {
                stopped.push(what);
            }
            if what == Allowed::Share {
                ends.push(track.id);
                continue;
            }
            track.described.muted = true;
            desk.media(shard, Command::Mute { track: track.id, muted: true });
            desk.tell(session, muted(track.id));
        }
        for track in ends {
            desk.media(shard, Command::RemoveTrack { track });
            desk.tell(session, publishing::unpublished(track.to_string()));
            if let Some(ended) = self.forget_track(desk, id, track) {
                self.herald_track_ended(desk, id, &ended);
            }
        }
        stopped
    }

    fn tell_stopped(&self, desk: &mut Desk, person: &Person, stopped: &[Allowed]) {
        for what in stopped {
            self.tell_inside(desk, &Event::Muted { what: *what }, |other, _| other == person);
        }
    }

    /// Ends all stays of one person, which the others are told.
    pub(super) fn leave_all(&mut self, desk: &mut Desk, person: &Person, reason: DisconnectReason) {
        let own = self.people.of(person).map(|attendance| attendance.participants.clone()).unwrap_or_default();
        for id in own {
            self.remove(desk, id, reason, Action::Disconnect);
        }
    }
}

/// Writes into a participant's profile what the person is, and that the hand is up: SDKs read attributes.
pub(super) fn mark(profile: &mut Profile, person: &Person, attendance: &Attendance) {
    let ours = !matches!(person, Person::Other(_));
    let attributes = &mut profile.attributes;
    // The attributes of people who came by the operator's word are the application's, until somebody made them a host.
    let known = attributes.get(roles::ROLE).is_some_and(|name| name == Role::Host.name());
    if ours || attendance.role.leads() || known {
        attributes.insert(roles::ROLE.to_owned(), attendance.role.name().to_owned());
    }
    match attendance.hand {
        Some(since) => drop(attributes.insert(HAND.to_owned(), since.to_string())),
        None if ours => drop(attributes.remove(HAND)),
        None => {}
    }
}

/// Tells a client that its track is muted; it does that then, as if its own user had.
pub(super) fn muted(track: TrackId) -> Response {
    Response::Mute(livekit::MuteTrackRequest { sid: track.to_string(), muted: true })
}
