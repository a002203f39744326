//! A participant on the media plane: one transport, its sections, its channels.
//!
//! A peer knows no other peer; what goes from one to another goes through [`crate::Sfu`].

pub(crate) mod admission;
pub(crate) mod answer;
pub(crate) mod channels;
pub(crate) mod offer;
pub(crate) mod sections;
pub(crate) mod transport;
pub(crate) mod way;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::{Duration, Instant},
};

use proto::{
    Identity, ParticipantId, RoomId, TrackId, VoicemailId,
    media::{AddPeer, ExpectedTrack, Quality},
};

use crate::{
    allot::Allotment,
    egress::wire::Wire,
    hearing::Hearing,
    path::{End, Over, Path},
    quality::Line,
    slab::Key,
    speakers::Speaking,
    track::Track,
};
use admission::Admission;
use channels::Channels;
use sections::Sections;
use transport::{Fault, Transport};
use way::{Heard, Way};

/// One participant.
pub(crate) struct Peer {
    pub(crate) id: ParticipantId,
    pub(crate) room: RoomId,
    pub(crate) identity: Identity,
    pub(crate) may_send_data: bool,
    pub(crate) hidden: bool,
    /// The message that its microphone is recorded as.
    pub(crate) tap: Option<VoicemailId>,
    /// `None` until the first offer, and after the client closed it. Four fifths of all that is kept of a peer, and nothing
    /// that a packet on its way to the peer needs: so it lies apart.
    pub(crate) transport: Option<Box<Transport>>,
    /// How packets leave; `None` until there are keys.
    pub(crate) wire: Option<Wire>,
    pub(crate) way: Way,
    /// The track of each stream that it receives, by SSRC; some are of the past.
    pub(crate) streams: BTreeMap<u32, Key<Track>>,
    pub(crate) sections: Sections,
    pub(crate) channels: Channels,
    /// Announced tracks whose section has not come yet.
    pub(crate) expected: Vec<ExpectedTrack>,
    pub(crate) published: Vec<Key<Track>>,
    pub(crate) taken: BTreeMap<TrackId, Key<Track>>,
    /// Which streams of it the transport gets to see.
    pub(crate) admission: Admission,
    /// Which layer of which track an incoming SSRC carries, as found out with its first packet.
    pub(crate) sources: BTreeMap<u32, Source>,
    /// The ends of the ways that lead here.
    pub(crate) ends: Vec<End>,
    pub(crate) speaking: Speaking,
    /// When it last counted as speaking.
    pub(crate) spoke: Option<Instant>,
    pub(crate) line: Line,
    /// Whether its voice is heard.
    pub(crate) hearing: Hearing,
    pub(crate) allotment: Allotment,
    /// Whether the hub was told that it is connected.
    pub(crate) connected: bool,
    pub(crate) heard: Option<Instant>,
    /// Whether it has something to drain and stands in the queue for that.
    pub(crate) dirty: bool,
    /// What broke it outside its own turn; it is ended when drained.
    pub(crate) fault: Option<Fault>,
}

/// Where packets of one SSRC belong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) track: Key<Track>,
    pub(crate) layer: Quality,
    /// Whether it is one of several layers.
    pub(crate) layered: bool,
}

impl Peer {
    pub(crate) fn new(add: AddPeer) -> Self {
        let AddPeer { room, peer, identity, may_send_data, hidden, tap } = add;
        Self {
            id: peer,
            room,
            identity,
            may_send_data,
            hidden,
            tap,
            transport: None,
            wire: None,
            way: Way::default(),
            streams: BTreeMap::new(),
            sections: Sections::new(),
            channels: Channels::default(),
            expected: Vec::new(),
            published: Vec::new(),
            taken: BTreeMap::new(),
            admission: Admission::default(),
            sources: BTreeMap::new(),
            ends: Vec::new(),
            speaking: Speaking::default(),
            spoke: None,
            line: Line::default(),
            hearing: Hearing::default(),
            allotment: Allotment::default(),
            connected: false,
            heard: None,
            dirty: false,
            fault: None,
        }
    }

    /// Notes a track to come. `false` when it publishes as many as it may.
    pub(crate) fn expect(&mut self, track: ExpectedTrack) -> bool {
        if self.expected.len() + self.published.len() >= MOST_TRACKS {
            return false;
        }
        self.expected.push(track);
        true
    }

    /// Notes an end of its own. Returns the one that was dropped for it, if there were too many.
    pub(crate) fn learn(&mut self, end: End) -> Option<End> {
        if self.ends.contains(&end) {
            return None;
        }
        self.ends.push(end);
        (self.ends.len() > MOST_ENDS).then(|| self.ends.remove(0))
    }

    /// Notes which way ICE would send, and tells which one is taken.
    pub(crate) fn suggest(&mut self, path: Path) -> Path {
        self.way.suggest(path);
        self.follow();
        self.way.path().unwrap_or(path)
    }

    /// Whether `address` is where our own relay has it.
    pub(crate) fn is_relayed(&self, address: SocketAddr) -> bool {
        self.ends.contains(&End { over: Over::Relay, address })
    }

    /// Notes that something came by a way, and goes over to it where that is what the client wants. Tells whether the way that is
    /// left had fallen silent: what was sent there since then is lost.
    pub(crate) fn hear(&mut self, now: Instant, path: Path, what: Heard) -> bool {
        let broken = self.way.is_broken(now);
        if self.way.heard(now, path, what).is_none() {
            return false;
        }
        self.follow();
        if let Some(wire) = self.wire.as_mut().filter(|_| broken) {
            wire.begin_anew(now);
        }
        broken
    }

    fn follow(&mut self) {
        if let (Some(wire), Some(path)) = (&mut self.wire, self.way.path()) {
            wire.set_path(path);
        }
    }

    /// Notes which track a stream carries to it.
    pub(crate) fn remember_stream(&mut self, ssrc: u32, track: Key<Track>) {
        if self.streams.len() >= MOST_STREAMS {
            let taken: BTreeSet<Key<Track>> = self.taken.values().copied().collect();
            self.streams.retain(|_, track| taken.contains(track));
        }
        self.streams.insert(ssrc, track);
    }

    /// Notes where an SSRC belongs.
    pub(crate) fn remember_source(&mut self, ssrc: u32, source: Source) {
        if self.sources.len() >= MOST_SOURCES {
            self.sources.clear(); // those still in use are found out again with their next packets
        }
        self.sources.insert(ssrc, source);
    }

    /// When to look whether to ask it for sections; the first offer comes unasked.
    pub(crate) fn sections_deadline(&self) -> Option<Instant> {
        self.transport.as_ref().and_then(|_| self.sections.deadline())
    }

    /// Whether it speaks, or did a moment ago: those who talk to each other stay large in turn.
    pub(crate) fn spoke_lately(&self, now: Instant) -> bool {
        self.spoke.is_some_and(|spoke| now.saturating_duration_since(spoke) < ATTENTION)
    }

    /// Whether nothing was heard from it for so long that it counts as gone.
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        self.heard.is_none_or(|heard| now.saturating_duration_since(heard) >= SILENCE)
    }
}

/// The members of a room. It exists while it has any.
#[derive(Default)]
pub(crate) struct Room {
    pub(crate) members: BTreeSet<Key<Peer>>,
}

/// Camera, microphone, screen with sound, and as much again; more is refused (R17 speaks of 8 in use, and clients may
/// announce the next before the last has ended).
const MOST_TRACKS: usize = 16;
/// Interfaces of a client times a few networks; the oldest is forgotten and learned again when it is used.
const MOST_ENDS: usize = 16;
/// Tracks times layers, and some for those that changed their SSRC.
const MOST_SOURCES: usize = 96;
/// Twice the sections that a client is let come to; then those of the past are forgotten.
const MOST_STREAMS: usize = 224;
/// How long whoever has spoken is looked at: longer than a pause in a conversation.
const ATTENTION: Duration = Duration::from_secs(10);
/// Clients check their path at least every five seconds; two checks missed and some.
const SILENCE: Duration = Duration::from_secs(12);
