//! Who is in the room and what they publish, as the server tells it.

use std::collections::BTreeMap;

use proto::{
    Identity, ParticipantId, Source, TrackId,
    livekit::{ParticipantInfo, TrackInfo, TrackSource, TrackType, participant_info},
    media::Kind,
};

use crate::words::{Event, RemoteTrack};

/// The other participants.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    others: BTreeMap<ParticipantId, Other>,
}

#[derive(Debug)]
struct Other {
    version: u32,
    tracks: BTreeMap<TrackId, RemoteTrack>,
}

impl Roster {
    /// Takes what the server says of a participant and tells what is new.
    pub(crate) fn update(&mut self, info: &ParticipantInfo, mut tell: impl FnMut(Event)) {
        let (Ok(participant), Ok(identity)) = (info.sid.parse::<ParticipantId>(), info.identity.parse::<Identity>())
        else {
            return;
        };
        if info.state == i32::from(participant_info::State::Disconnected) {
            if let Some(other) = self.others.remove(&participant) {
                other.tracks.into_keys().for_each(|track| tell(Event::TrackUnpublished { participant, track }));
                tell(Event::ParticipantLeft { participant });
            }
            return;
        }
        if !self.others.contains_key(&participant) {
            if self.others.len() >= MOST_OTHERS {
                return;
            }
            self.others.insert(participant, Other { version: info.version, tracks: BTreeMap::new() });
            tell(Event::ParticipantJoined { participant, identity });
        }
        let Some(other) = self.others.get_mut(&participant) else { return };
        if info.version < other.version {
            return;
        }
        other.version = info.version;
        let now: BTreeMap<TrackId, RemoteTrack> =
            info.tracks.iter().take(MOST_TRACKS).filter_map(remote_track).map(|t| (t.track, t)).collect();
        for track in other.tracks.keys().filter(|t| !now.contains_key(t)) {
            tell(Event::TrackUnpublished { participant, track: *track });
        }
        for (id, track) in &now {
            match other.tracks.get(id) {
                None => tell(Event::TrackPublished { participant, track: track.clone() }),
                Some(before) if before.muted != track.muted => {
                    tell(Event::TrackMuted { track: *id, muted: track.muted });
                }
                Some(_) => {}
            }
        }
        other.tracks = now;
    }

    /// Who publishes a track.
    pub(crate) fn publisher(&self, track: TrackId) -> Option<ParticipantId> {
        self.others.iter().find(|(_, other)| other.tracks.contains_key(&track)).map(|(id, _)| *id)
    }
}

fn remote_track(info: &TrackInfo) -> Option<RemoteTrack> {
    let kind = match TrackType::try_from(info.r#type).ok()? {
        TrackType::Audio => Kind::Audio,
        TrackType::Video => Kind::Video,
        TrackType::Data => return None,
    };
    let source = match TrackSource::try_from(info.source).unwrap_or_default() {
        TrackSource::Unknown => None,
        TrackSource::Camera => Some(Source::Camera),
        TrackSource::Microphone => Some(Source::Microphone),
        TrackSource::ScreenShare => Some(Source::Screen),
        TrackSource::ScreenShareAudio => Some(Source::ScreenAudio),
    };
    Some(RemoteTrack { track: info.sid.parse().ok()?, kind, source, muted: info.muted })
}

/// The most others that are remembered; further ones are not shown. Far above what a room holds.
const MOST_OTHERS: usize = 10_000;

/// The most tracks of one participant; further ones are not shown.
const MOST_TRACKS: usize = 64;

#[cfg(test)]
mod tests {
    use proto::id::IdSource;

    use super::*;

    fn ann(version: u32, tracks: &[(TrackId, bool)]) -> ParticipantInfo {
        let sid: ParticipantId = IdSource::new(9).next(0);
        let tracks =
            tracks.iter().map(|(t, muted)| TrackInfo { sid: t.to_string(), muted: *muted, ..Default::default() });
        ParticipantInfo {
            sid: sid.to_string(),
            identity: "ann".to_owned(),
            version,
            tracks: tracks.collect(),
            ..Default::default()
        }
    }

    fn told(roster: &mut Roster, info: &ParticipantInfo) -> Vec<&'static str> {
        let mut told = Vec::new();
        roster.update(info, |event| {
            told.push(match event {
                Event::ParticipantJoined { .. } => "joined",
                Event::ParticipantLeft { .. } => "left",
                Event::TrackPublished { .. } => "published",
                Event::TrackUnpublished { .. } => "unpublished",
                Event::TrackMuted { muted: true, .. } => "muted",
                _ => "?",
            });
        });
        told
    }

    #[test]
    fn only_what_is_new_is_told() {
        let mut roster = Roster::default();
        let track: TrackId = IdSource::new(1).next(0);
        assert_eq!(told(&mut roster, &ann(1, &[])), ["joined"]);
        assert_eq!(told(&mut roster, &ann(2, &[(track, false)])), ["published"]);
        assert_eq!(told(&mut roster, &ann(3, &[(track, true)])), ["muted"]);
        assert!(told(&mut roster, &ann(2, &[])).is_empty(), "an older version is ignored");
        let mut gone = ann(4, &[]);
        gone.state = participant_info::State::Disconnected.into();
        assert_eq!(told(&mut roster, &gone), ["unpublished", "left"]);
        assert!(told(&mut roster, &gone).is_empty());
    }
}
