//! A published track: what comes in, layer by layer, and who takes it.

pub(crate) mod keyframe;

use std::time::{Duration, Instant};

use proto::{
    RoomId, TrackId,
    media::{ExpectedTrack, Kind, Layer, Quality},
};
use str0m::{format::PayloadParams, media::Pt, rtp::Ssrc};

use crate::{
    egress::{
        history::{History, Packet},
        outlet::{Outlet, SourceClock},
    },
    forward::{
        Forward,
        choice::{LAYERS, choose},
    },
    peer::Peer,
    slab::Key,
    speakers::Voice,
};

/// A track and its route.
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) room: RoomId,
    pub(crate) publisher: Key<Peer>,
    pub(crate) kind: Kind,
    pub(crate) muted: bool,
    /// The codec that the answer put first: what a subscriber has to be able to take.
    pub(crate) codec: Option<PayloadParams>,
    pub(crate) voice: Voice,
    pub(crate) subscriptions: Vec<Subscription>,
    /// The codecs wanted by the publisher, which each answer has to put first again.
    pub(crate) codecs: Vec<String>,
    announced: Vec<Layer>,
    layers: [Ingest; 3],
    histories: [History; 3],
    formats: Vec<PayloadParams>,
}

/// One subscriber of a track.
pub(crate) struct Subscription {
    pub(crate) peer: Key<Peer>,
    /// The way out, once a section carries the track.
    pub(crate) outlet: Option<Outlet>,
    pub(crate) forward: Forward,
}

/// One incoming layer.
#[derive(Debug, Default)]
struct Ingest {
    ssrc: Option<Ssrc>,
    last_packet: Option<Instant>,
    hungry: bool,
    asked: Option<Instant>,
    clock: Option<(Ssrc, SourceClock)>,
}

impl Track {
    /// A track that begins to be published.
    pub(crate) fn new(room: RoomId, publisher: Key<Peer>, expected: ExpectedTrack) -> Self {
        let ExpectedTrack { track, kind, codecs, layers, muted, cids: _ } = expected;
        Self {
            id: track,
            room,
            publisher,
            kind,
            muted,
            codec: None,
            voice: Voice::default(),
            subscriptions: Vec::new(),
            codecs,
            announced: layers,
            layers: Default::default(),
            histories: Default::default(),
            formats: Vec::new(),
        }
    }

    /// Notes a packet of `layer`. Returns whether the layer has come (back) to life with it.
    pub(crate) fn arrived(&mut self, now: Instant, layer: Quality, ssrc: Ssrc) -> bool {
        let ingest = &mut self.layers[layer as usize];
        let woke = !ingest.sends(now);
        ingest.ssrc = Some(ssrc);
        ingest.last_packet = Some(now);
        woke
    }

    /// Aims every subscription at the layer that is best for it now, and notes which keyframes that takes.
    pub(crate) fn aim(&mut self, now: Instant) {
        if self.kind == Kind::Audio {
            return;
        }
        let sending = LAYERS.map(|l| self.layers[l as usize].sends(now));
        for subscription in &mut self.subscriptions {
            if subscription.outlet.is_none() {
                continue;
            }
            let layer = choose(&subscription.forward.wish(), &self.announced, sending);
            if subscription.forward.aim(layer)
                && let Some(awaited) = subscription.forward.waits_for()
            {
                self.layers[awaited as usize].hungry = true;
            }
        }
    }

    /// Notes that somebody needs a keyframe of `layer`.
    pub(crate) fn want_keyframe(&mut self, layer: Quality) {
        self.layers[layer as usize].hungry = true;
    }

    /// Notes that a keyframe of `layer` has begun: all who waited are served.
    pub(crate) fn keyframe_came(&mut self, layer: Quality) {
        self.layers[layer as usize].hungry = false;
    }

    /// The layer, by its SSRC, to be asked for a keyframe now: wanted by somebody, and not asked too recently.
    pub(crate) fn take_request(&mut self, now: Instant, layer: Quality) -> Option<Ssrc> {
        let muted = self.muted;
        let ingest = &mut self.layers[layer as usize];
        let ssrc = ingest.ssrc.filter(|_| ingest.hungry && !muted)?;
        let pause = if ingest.sends(now) { BETWEEN_REQUESTS } else { BETWEEN_REQUESTS_TO_SILENCE };
        if ingest.asked.is_some_and(|asked| now.saturating_duration_since(asked) < pause) {
            return None;
        }
        ingest.asked = Some(now);
        Some(ssrc)
    }

    /// The description of payload type `pt`, if it turned up before.
    pub(crate) fn format(&self, pt: Pt) -> Option<PayloadParams> {
        self.formats.iter().find(|f| f.pt() == pt).copied()
    }

    /// Keeps the description of a payload type. A publisher that invents more of them than there are codecs is
    /// looked up again and again, which costs it and nobody else.
    pub(crate) fn remember_format(&mut self, params: PayloadParams) {
        if self.formats.len() < MOST_FORMATS {
            self.formats.push(params);
        }
    }

    /// Forgets the numbers of codecs: a new offer of the publisher may have changed them.
    pub(crate) fn forget_formats(&mut self) {
        self.formats.clear();
        self.subscriptions.iter_mut().for_each(Subscription::forget_terms);
    }

    /// Keeps a packet of `layer` for those who have to be sent it again. Sound is not: it would come too late.
    pub(crate) fn keep(&mut self, layer: Quality, packet: Packet) {
        if self.kind == Kind::Video {
            self.histories[layer as usize].keep(packet);
        }
    }

    /// What is kept, and one subscription.
    pub(crate) fn histories_and(&mut self, peer: Key<Peer>) -> (&[History; 3], Option<&mut Subscription>) {
        (&self.histories, self.subscriptions.iter_mut().find(|s| s.peer == peer))
    }

    /// Ticks of its timestamps in a second: the same for all codecs of a kind that we take.
    pub(crate) fn clock_rate(&self) -> u32 {
        if self.kind == Kind::Audio { 48_000 } else { 90_000 }
    }

    /// Notes the publisher's clock for `layer`.
    pub(crate) fn set_clock(&mut self, layer: Quality, source: Ssrc, clock: SourceClock) {
        self.layers[layer as usize].clock = Some((source, clock));
    }

    /// The publisher's clocks, by stream.
    pub(crate) fn clocks(&self) -> [Option<(Ssrc, SourceClock)>; 3] {
        [0, 1, 2].map(|layer: usize| self.layers[layer].clock)
    }

    pub(crate) fn subscription(&mut self, peer: Key<Peer>) -> Option<&mut Subscription> {
        self.subscriptions.iter_mut().find(|s| s.peer == peer)
    }
}

impl Subscription {
    pub(crate) fn new(peer: Key<Peer>, kind: Kind) -> Self {
        Self { peer, outlet: None, forward: Forward::new(kind) }
    }

    /// Begins to flow through `outlet`, whose receiver has seen nothing yet.
    pub(crate) fn flow_through(&mut self, outlet: Outlet) {
        self.outlet = Some(outlet);
        self.forward.restart();
    }

    /// Stops: the section that carried it went away.
    pub(crate) fn displace(&mut self) {
        self.outlet = None;
        self.forward.restart();
    }

    /// Forgets what was negotiated: an offer may have changed it.
    pub(crate) fn forget_terms(&mut self) {
        self.outlet.iter_mut().for_each(Outlet::forget_terms);
    }
}

impl Ingest {
    fn sends(&self, now: Instant) -> bool {
        self.last_packet.is_some_and(|last| now.saturating_duration_since(last) < ALIVE)
    }
}

/// The layer that a rid names; a track without rids is all one layer, the highest.
pub(crate) fn layer_of_rid(rid: Option<&str>) -> Quality {
    match rid {
        Some("q") => Quality::Low,
        Some("h") => Quality::Medium,
        _ => Quality::High,
    }
}

/// A layer without a packet for this long has stopped: browsers send no layer more rarely than about once a second.
const ALIVE: Duration = Duration::from_millis(1500);
/// Twenty people who join at once need one keyframe, not twenty; and a publisher that answers requests all the time
/// sends nothing but keyframes.
const BETWEEN_REQUESTS: Duration = Duration::from_millis(500);
/// A layer that sends nothing (a paused encoder) is asked now and then only.
const BETWEEN_REQUESTS_TO_SILENCE: Duration = Duration::from_secs(3);
/// As many video codecs as there are, twice.
const MOST_FORMATS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn track() -> Track {
        let expected = ExpectedTrack {
            track: TrackId::from(1),
            kind: Kind::Video,
            cids: Vec::new(),
            codecs: Vec::new(),
            layers: Vec::new(),
            muted: false,
        };
        Track::new(RoomId::from(1), Key::new(0, 0), expected)
    }

    #[test]
    fn a_layer_is_asked_once_in_half_a_second_for_all_who_wait() {
        let (mut track, now) = (track(), start());
        let after = |ms| now + Duration::from_millis(ms);
        track.want_keyframe(Quality::High);
        assert_eq!(track.take_request(now, Quality::High), None, "nothing came in yet");
        assert!(track.arrived(now, Quality::High, 7.into()));
        assert_eq!(track.take_request(now, Quality::High), Some(7.into()));
        track.want_keyframe(Quality::High);
        assert_eq!(track.take_request(after(499), Quality::High), None);
        assert_eq!(track.take_request(after(500), Quality::High), Some(7.into()), "still wanted");
        track.keyframe_came(Quality::High);
        assert_eq!(track.take_request(after(2000), Quality::High), None);
    }

    #[test]
    fn a_silent_layer_is_asked_rarely_and_a_muted_one_never() {
        let (mut track, now) = (track(), start());
        let after = |ms| now + Duration::from_millis(ms);
        track.arrived(now, Quality::Low, 7.into());
        track.want_keyframe(Quality::Low);
        assert!(track.take_request(after(1600), Quality::Low).is_some());
        assert!(track.take_request(after(4500), Quality::Low).is_none());
        assert!(track.take_request(after(4600), Quality::Low).is_some());
        assert!(track.arrived(after(4700), Quality::Low, 7.into()), "back to life");
        track.muted = true;
        assert!(track.take_request(after(9000), Quality::Low).is_none());
    }
}
