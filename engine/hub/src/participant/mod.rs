//! One participant: who it is, what it publishes and what it takes.
//!
//! It knows nothing of the others; what concerns two of them is in `room`.

pub(crate) mod pace;
pub(crate) mod profile;
pub(crate) mod publication;
pub(crate) mod subscription;
pub(crate) mod tally;

use std::{collections::BTreeMap, time::Instant};

use proto::{
    Identity, ParticipantId, Person, Rights, RoomName, SessionId, Source, TrackId,
    livekit::{self, DisconnectReason, participant_info},
    media::Verdict,
    quality::Unheard,
};

use crate::{Join, Pass, room::Owed};
use pace::Pace;
use profile::Profile;
use publication::{Track, known};
use subscription::{Permission, Subscriptions};
use tally::Tally;

/// Whether media flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// Never yet.
    New,
    /// It does.
    Up,
    /// It did, and may again.
    Down,
}

/// One stay in a room.
#[derive(Debug)]
pub(crate) struct Participant {
    /// Its id.
    pub(crate) id: ParticipantId,
    /// Its stable name within the room.
    pub(crate) identity: Identity,
    /// Whose stay it is.
    pub(crate) person: Person,
    /// What its token grants.
    pub(crate) granted: Rights,
    /// What it may: what is granted, within the room's policy.
    pub(crate) rights: Rights,
    /// What it says of itself.
    pub(crate) profile: Profile,
    /// Its socket; `None` while that is lost.
    pub(crate) session: Option<SessionId>,
    /// Whether its client closed that socket by itself, and will hardly come back.
    pub(crate) closed: bool,
    /// Whether it took the place of an earlier stay: then it is known to have been in, whatever its media does.
    pub(crate) returned: bool,
    /// Whether those outside of this server were told that it is in.
    pub(crate) heralded: bool,
    /// Its media.
    pub(crate) link: Link,
    /// What it publishes, announced tracks included. Bounded by [`crate::Config::tracks_per_participant`].
    pub(crate) tracks: BTreeMap<TrackId, Track>,
    /// What it takes of others.
    pub(crate) subscriptions: Subscriptions,
    /// Whom it lets take its tracks.
    pub(crate) permission: Permission,
    /// The last verdict on its connection, for those who come later.
    pub(crate) verdict: Option<Verdict>,
    /// Why nobody hears its open microphone, if so.
    pub(crate) unheard: Option<Unheard>,
    /// Until when the word of its client counts that its computer does not keep up.
    pub(crate) strained_until: Option<Instant>,
    /// Whether it gets smaller pictures than it shows, for want of room.
    pub(crate) smaller: bool,
    /// What is gathered of this minute.
    pub(crate) tally: Tally,
    /// How often its client said what it measured.
    pub(crate) measures: Pace,
    /// How much it has made the others hear of late.
    pub(crate) told: Pace,
    /// What they will hear in a moment.
    pub(crate) owed: Owed,
    /// How many offers it has made of late.
    pub(crate) offers: Pace,
    /// The offer that came too early and waits.
    pub(crate) late_offer: Option<livekit::SessionDescription>,
    joined_ms: u64,
    version: u32,
    client_protocol: i32,
    capabilities: Vec<i32>,
}

impl Participant {
    /// A newcomer, whose rights the room's policy does not narrow yet.
    pub(crate) fn new(
        id: ParticipantId,
        session: Option<SessionId>,
        joined_ms: u64,
        join: &Join,
        person: Person,
    ) -> Self {
        let client = join.client.as_ref();
        Self {
            id,
            identity: join.identity.clone(),
            person,
            granted: join.rights.clone(),
            rights: join.rights.clone(),
            profile: Profile::new(join),
            session,
            closed: false,
            returned: false,
            heralded: false,
            link: Link::New,
            tracks: BTreeMap::new(),
            subscriptions: Subscriptions::new(join.auto_subscribe),
            permission: Permission::Everybody,
            verdict: None,
            unheard: None,
            strained_until: None,
            smaller: false,
            tally: Tally::default(),
            measures: Pace::default(),
            told: Pace::default(),
            owed: Owed::default(),
            offers: Pace::default(),
            late_offer: None,
            joined_ms,
            version: 1,
            client_protocol: client.map_or(0, |c| c.client_protocol),
            capabilities: client.map_or(Vec::new(), |c| known::<livekit::client_info::Capability>(&c.capabilities)),
        }
    }

    /// Marks a change that others are about to be told: clients ignore what is not newer than what they have.
    pub(crate) fn touch(&mut self) {
        self.version = self.version.saturating_add(1);
    }

    /// Whether others may take something of it now.
    pub(crate) fn is_publisher(&self) -> bool {
        self.tracks.values().any(Track::is_live)
    }

    /// How clients see it: the whole list of its tracks, since what is absent counts as unpublished.
    pub(crate) fn view(&self) -> livekit::ParticipantInfo {
        // There is no JOINING: to enter is one step here.
        let state = match self.link {
            Link::New => participant_info::State::Joined,
            Link::Up | Link::Down => participant_info::State::Active,
        };
        livekit::ParticipantInfo {
            sid: self.id.to_string(),
            identity: self.identity.to_string(),
            state: state.into(),
            tracks: self.tracks.values().filter(|track| track.is_live()).map(|track| track.described.clone()).collect(),
            metadata: self.profile.metadata.clone(),
            joined_at: i64::try_from(self.joined_ms / 1_000).unwrap_or(i64::MAX),
            joined_at_ms: i64::try_from(self.joined_ms).unwrap_or(i64::MAX),
            name: self.profile.name.clone(),
            version: self.version,
            permission: Some(permission(&self.rights)),
            is_publisher: self.is_publisher(),
            kind: participant_info::Kind::Standard.into(),
            attributes: self.profile.attributes.clone().into_iter().collect(),
            client_protocol: self.client_protocol,
            capabilities: self.capabilities.clone(),
            ..livekit::ParticipantInfo::default()
        }
    }

    /// How clients see it when it has left.
    pub(crate) fn farewell(&self, reason: DisconnectReason) -> livekit::ParticipantInfo {
        livekit::ParticipantInfo {
            state: participant_info::State::Disconnected.into(),
            tracks: Vec::new(),
            is_publisher: false,
            version: self.version.saturating_add(1),
            disconnect_reason: reason.into(),
            ..self.view()
        }
    }

    /// The same for who could not hear it when it was said: no more than tells who it was.
    pub(crate) fn late_farewell(&self, reason: DisconnectReason) -> livekit::ParticipantInfo {
        livekit::ParticipantInfo { metadata: String::new(), attributes: Default::default(), ..self.farewell(reason) }
    }

    /// Since when it, or the stay in whose place it came, has been in, in milliseconds since 1970.
    pub(crate) fn joined_ms(&self) -> u64 {
        self.joined_ms
    }

    /// Whether it was in at that time, in milliseconds since 1970.
    pub(crate) fn was_in(&self, at_ms: u64) -> bool {
        self.joined_ms <= at_ms
    }

    /// The claims of its next token.
    pub(crate) fn pass(&self, room: &RoomName) -> Pass {
        Pass {
            room: room.clone(),
            identity: self.identity.clone(),
            name: self.profile.name.clone(),
            metadata: self.profile.metadata.clone(),
            attributes: self.profile.attributes.clone().into_iter().collect(),
            // A policy narrows what the operator granted only while it stands.
            rights: if matches!(self.person, Person::Other(_)) { &self.granted } else { &self.rights }.clone(),
        }
    }
}

fn permission(rights: &Rights) -> livekit::ParticipantPermission {
    livekit::ParticipantPermission {
        can_subscribe: rights.subscribe,
        can_publish: rights.publish,
        can_publish_data: rights.data,
        can_publish_sources: rights.sources.iter().map(|source| track_source(*source).into()).collect(),
        hidden: rights.hidden,
        can_update_metadata: rights.own_metadata,
        ..livekit::ParticipantPermission::default()
    }
}

fn track_source(source: Source) -> livekit::TrackSource {
    match source {
        Source::Camera => livekit::TrackSource::Camera,
        Source::Microphone => livekit::TrackSource::Microphone,
        Source::Screen => livekit::TrackSource::ScreenShare,
        Source::ScreenAudio => livekit::TrackSource::ScreenShareAudio,
    }
}

/// The source which a track names, if it names one.
pub(crate) fn source_of(source: i32) -> Option<Source> {
    match livekit::TrackSource::try_from(source).unwrap_or(livekit::TrackSource::Unknown) {
        livekit::TrackSource::Unknown => None,
        livekit::TrackSource::Camera => Some(Source::Camera),
        livekit::TrackSource::Microphone => Some(Source::Microphone),
        livekit::TrackSource::ScreenShare => Some(Source::Screen),
        livekit::TrackSource::ScreenShareAudio => Some(Source::ScreenAudio),
    }
}
