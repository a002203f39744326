//! What one participant takes of others, and whom it lets take its own.
//!
//! Whether it may is `room::roles`.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    Identity, ParticipantId, TrackId, livekit,
    media::{Quality, Wish},
};

use super::{pace::Pace, publication::quality};
use crate::config::{LIST, PERMISSIONS};

/// What one participant takes of others. Every track in here is live, so the room's tracks bound it.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    /// Whether tracks are taken without being asked for.
    auto: bool,
    /// What was asked for by hand.
    by_hand: BTreeMap<TrackId, bool>,
    /// How the tracks are wanted, where that was said.
    wishes: BTreeMap<TrackId, Wish>,
    /// What the media thread was told to send.
    pub(crate) taken: BTreeSet<TrackId>,
    /// Of those taken, whether they flow, where the client was told; all others do.
    pub(crate) flowing: BTreeMap<TrackId, bool>,
    /// What is wanted and not allowed; the client knows.
    pub(crate) denied: BTreeSet<TrackId>,
    /// How much it has chosen of late.
    pub(crate) chosen: Pace,
    /// What was chosen too fast, to be taken or left in a moment.
    pub(crate) late: BTreeSet<TrackId>,
    /// Where a wish came too fast, to be passed on in a moment.
    pub(crate) late_wishes: BTreeSet<TrackId>,
}

impl Subscriptions {
    /// Takes nothing yet.
    pub(crate) fn new(auto: bool) -> Self {
        Self {
            auto,
            by_hand: BTreeMap::new(),
            wishes: BTreeMap::new(),
            taken: BTreeSet::new(),
            flowing: BTreeMap::new(),
            denied: BTreeSet::new(),
            chosen: Pace::default(),
            late: BTreeSet::new(),
            late_wishes: BTreeSet::new(),
        }
    }

    /// Whether a track was asked for by hand.
    pub(crate) fn asked(&self, track: TrackId) -> bool {
        self.by_hand.get(&track) == Some(&true)
    }

    /// Whether a track is wanted.
    pub(crate) fn wants(&self, track: TrackId) -> bool {
        self.by_hand.get(&track).copied().unwrap_or(self.auto)
    }

    /// Notes what was asked for by hand.
    pub(crate) fn choose(&mut self, track: TrackId, subscribe: bool) {
        self.by_hand.insert(track, subscribe);
    }

    /// How a track is wanted.
    pub(crate) fn wish(&self, track: TrackId) -> Wish {
        self.wishes.get(&track).copied().unwrap_or_default()
    }

    /// Notes how a track is wanted; says whether that is news.
    pub(crate) fn set_wish(&mut self, track: TrackId, wish: Wish) -> bool {
        let news = self.wish(track) != wish;
        self.wishes.insert(track, wish);
        news
    }

    /// A track is no longer taken; says whether it was.
    pub(crate) fn leave(&mut self, track: TrackId) -> bool {
        self.flowing.remove(&track);
        self.taken.remove(&track)
    }

    /// A track has ended.
    pub(crate) fn forget(&mut self, track: TrackId) {
        self.by_hand.remove(&track);
        self.wishes.remove(&track);
        self.leave(track);
        self.denied.remove(&track);
        self.late.remove(&track);
        self.late_wishes.remove(&track);
    }
}

/// What an `update_track_settings` says.
pub(crate) fn wish_of(settings: &livekit::UpdateTrackSettings) -> Wish {
    // A client that names a size leaves the quality at zero, which would read as "low".
    let size = (settings.width > 0 && settings.height > 0).then_some((settings.width, settings.height));
    let quality = if size.is_some() { Some(Quality::High) } else { quality(settings.quality) };
    Wish {
        enabled: !settings.disabled && quality.is_some(),
        quality: quality.unwrap_or(Quality::Low),
        size,
        pinned: settings.priority == FIRST,
    }
}

/// The highest priority that a client can give a track; zero says nothing.
const FIRST: u32 = 1;

/// Whom a publisher lets take its tracks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Everybody who may at all.
    Everybody,
    /// Only who is listed.
    Listed(Vec<Entry>),
}

/// One line of a [`Permission::Listed`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    who: Who,
    // `None` stands for all tracks.
    tracks: Option<BTreeSet<TrackId>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Who {
    Stay(ParticipantId),
    Identity(Identity),
}

impl Permission {
    /// What a `subscription_permission` says. Lines that name nobody are dropped, which denies.
    pub(crate) fn new(request: &livekit::SubscriptionPermission) -> Self {
        if request.all_participants {
            return Self::Everybody;
        }
        Self::Listed(request.track_permissions.iter().take(PERMISSIONS).filter_map(Entry::new).collect())
    }

    /// Whether a track may be taken by somebody.
    pub(crate) fn allows(&self, id: ParticipantId, identity: &Identity, track: TrackId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Listed(entries) => entries.iter().any(|entry| {
                let meant = match &entry.who {
                    Who::Stay(stay) => *stay == id,
                    Who::Identity(named) => named == identity,
                };
                meant && entry.tracks.as_ref().is_none_or(|tracks| tracks.contains(&track))
            }),
        }
    }
}

impl Entry {
    fn new(request: &livekit::TrackPermission) -> Option<Self> {
        let who = match request.participant_identity.parse() {
            Ok(identity) => Who::Identity(identity),
            Err(_) => Who::Stay(request.participant_sid.parse().ok()?),
        };
        // Several times the tracks that a publisher can have.
        let most = LIST * LIST;
        let listed = || request.track_sids.iter().take(most).filter_map(|sid| sid.parse().ok()).collect();
        Some(Self { who, tracks: (!request.all_tracks).then(listed) })
    }
}
