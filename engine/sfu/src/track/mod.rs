//! A published track: what comes in, layer by layer, and who takes it.

mod demand;
mod holes;
pub(crate) mod keyframe;
mod limit;
mod parts;
mod rate;
mod recent;
mod wanted;

use std::time::{Duration, Instant};

use proto::{
    RoomId, Source, TrackId, VoicemailId,
    media::{ExpectedTrack, Kind, Layer, Quality, Tapped, Wish},
};
use str0m::{
    format::{Codec, PayloadParams},
    media::Pt,
    rtp::{RtpPacket, Ssrc},
};

use crate::{
    allocate::Standing,
    descriptor::structure::Layers,
    egress::{
        history::{History, Packet},
        outlet::{Outlet, SourceClock},
    },
    forward::{
        Forward,
        choice::{LAYERS, choose, inside},
        frame::{Reader, Seen},
    },
    peer::{self, Peer},
    slab::Key,
    speakers::Voice,
};
use holes::Holes;
pub(crate) use limit::Limit;
use parts::Parts;
use rate::Rate;
use recent::Recent;
use wanted::Told;

/// A track and its route.
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) room: RoomId,
    pub(crate) publisher: Key<Peer>,
    pub(crate) kind: Kind,
    source: Option<Source>,
    pub(crate) muted: bool,
    /// The message that it is recorded as.
    tap: Option<VoicemailId>,
    /// The codec that the answer put first: what a subscriber has to be able to take.
    pub(crate) codec: Option<PayloadParams>,
    pub(crate) voice: Voice,
    pub(crate) subscriptions: Vec<Subscription>,
    /// The codecs wanted by the publisher, which each answer has to put first again.
    pub(crate) codecs: Vec<String>,
    announced: Vec<Layer>,
    /// Which layers its publisher was told to be wanted.
    told: Told,
    /// Whether its layers come as streams of their own.
    simulcast: bool,
    layers: [Ingest; 3],
    histories: [History; 3],
    /// The last pieces, where it is sound, and what those take by themselves: many a packet brings copies of those before it.
    pub(crate) recent: Recent,
    alone: Rate,
    formats: Vec<PayloadParams>,
}

/// One subscriber of a track.
pub(crate) struct Subscription {
    pub(crate) peer: Key<Peer>,
    /// The way out, once a section carries the track.
    pub(crate) outlet: Option<Outlet>,
    pub(crate) forward: Forward,
    /// What the subscriber wants; `forward` knows it as far as there is bandwidth for it.
    wish: Wish,
    limit: Limit,
    /// What is remembered of it from one division of the subscriber's budget to the next.
    pub(crate) standing: Standing,
    /// Whether the subscriber was last told that it flows.
    pub(crate) told_flowing: bool,
}

/// One incoming layer.
#[derive(Debug, Default)]
struct Ingest {
    ssrc: Option<Ssrc>,
    last_packet: Option<Instant>,
    rate: Rate,
    parts: Parts,
    holes: Holes,
    hungry: bool,
    asked: Option<Instant>,
    clock: Option<(Ssrc, SourceClock)>,
    reader: Reader,
}

impl Track {
    /// A track that begins to be published.
    pub(crate) fn new(room: RoomId, publisher: Key<Peer>, expected: ExpectedTrack) -> Self {
        let ExpectedTrack { track, kind, source, codecs, layers, muted, cids: _ } = expected;
        Self {
            id: track,
            room,
            publisher,
            kind,
            source,
            muted,
            tap: None,
            codec: None,
            voice: Voice::default(),
            subscriptions: Vec::new(),
            codecs,
            announced: layers,
            told: Told::new(),
            simulcast: false,
            layers: Default::default(),
            histories: Default::default(),
            recent: Recent::default(),
            alone: Rate::default(),
            formats: Vec::new(),
        }
    }

    /// Has it recorded as a message, if it is a voice.
    pub(crate) fn record(&mut self, message: Option<VoicemailId>) {
        self.tap = message.filter(|_| self.is_voice());
    }

    /// What is recorded of a packet: nothing of a track that is not, and nothing of what carries no sound.
    pub(crate) fn tapped(&self, codec: Codec, packet: &Packet) -> Option<Tapped> {
        let message = self.tap.filter(|_| codec == Codec::Opus && !packet.payload.is_empty())?;
        Some(Tapped { message, stream: *packet.source, timestamp: packet.timestamp, sound: packet.sound().to_vec() })
    }

    /// Notes a packet of `layer`, and of the `part` of it, with a payload of `bytes`. Returns whether the layer has come
    /// (back) to life with it.
    pub(crate) fn arrived(&mut self, now: Instant, layer: Quality, ssrc: Ssrc, part: Layers, bytes: usize) -> bool {
        let ingest = &mut self.layers[layer as usize];
        let woke = !ingest.sends(now);
        if woke {
            ingest.rate.restart();
            self.alone.restart();
            ingest.parts = Parts::default();
        }
        ingest.rate.count(bytes);
        ingest.parts.count(part, bytes);
        ingest.ssrc = Some(ssrc);
        ingest.last_packet = Some(now);
        woke
    }

    /// Notes the number of a packet of `layer`.
    pub(crate) fn numbered(&mut self, layer: Quality, ssrc: Ssrc, number: u64) {
        self.layers[layer as usize].holes.note(ssrc, number);
    }

    /// The part of what it sends that never came here, from 0 to 1; of the layer of which most is missing. What one missed
    /// that has stopped is no excuse for a line that others come by.
    pub(crate) fn missing(&self, now: Instant) -> f32 {
        let sending = self.layers.iter().filter(|layer| layer.sends(now));
        sending.map(|layer| layer.holes.part()).fold(0.0, f32::max)
    }

    /// Reads what a packet of `source` says of its frame.
    pub(crate) fn read(&mut self, source: &peer::Source, codec: Codec, packet: &RtpPacket) -> Seen {
        self.simulcast |= source.layered;
        let descriptor = packet.header.ext_vals.user_values.get();
        let ingest = &mut self.layers[source.layer as usize];
        ingest.reader.read(packet.header.ssrc, codec, &packet.payload, descriptor)
    }

    /// Aims every subscription at the layer that is best for it now, and notes which keyframes that takes.
    pub(crate) fn aim(&mut self, now: Instant) {
        if self.kind == Kind::Audio {
            return;
        }
        let sending = self.sending(now);
        for subscription in &mut self.subscriptions {
            if let Some(awaited) = subscription.aim(&self.announced, sending, self.simulcast) {
                self.layers[awaited as usize].hungry = true;
            }
        }
    }

    fn sending(&self, now: Instant) -> [bool; 3] {
        LAYERS.map(|layer| self.layers[layer as usize].sends(now))
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

    /// The description of payload type `pt`, or of the sound that comes with copies under it, if it turned up before.
    pub(crate) fn format(&self, pt: Pt) -> Option<PayloadParams> {
        self.formats.iter().find(|format| means(format, pt)).copied()
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

    /// Keeps a packet of `layer`: of pictures for those who have to be sent it again; sound would come too late then, and goes
    /// along with what follows.
    pub(crate) fn keep(&mut self, layer: Quality, packet: Packet) {
        match self.kind {
            Kind::Video => self.histories[layer as usize].keep(packet),
            Kind::Audio => {
                self.alone.count(packet.sound().len());
                self.recent.keep(packet);
            }
        }
    }

    /// Sets whether nothing of it is to reach anybody; says whether that is new. What came before does not go along with what
    /// comes after.
    pub(crate) fn mute(&mut self, muted: bool) -> bool {
        self.recent.forget();
        !std::mem::replace(&mut self.muted, muted) && muted
    }

    /// What is kept, and one subscription.
    pub(crate) fn histories_and(&mut self, peer: Key<Peer>) -> (&[History; 3], Option<&mut Subscription>) {
        (&self.histories, self.subscriptions.iter_mut().find(|s| s.peer == peer))
    }

    /// The same with the formats that turned up so far.
    pub(crate) fn kept(&mut self, peer: Key<Peer>) -> (&[History; 3], &[PayloadParams], Option<&mut Subscription>) {
        (&self.histories, &self.formats, self.subscriptions.iter_mut().find(|s| s.peer == peer))
    }

    /// Whether it is somebody's voice, and not the sound of a screen.
    pub(crate) fn is_voice(&self) -> bool {
        self.kind == Kind::Audio && self.source == Some(Source::Microphone)
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
        let (wish, limit, standing) = (Wish::default(), Limit::default(), Standing::default());
        Self { peer, outlet: None, forward: Forward::new(kind), wish, limit, standing, told_flowing: true }
    }

    /// Notes what the subscriber wants.
    pub(crate) fn set_wish(&mut self, wish: Wish) {
        self.wish = wish;
        self.pass_wish_on();
    }

    /// Begins under a budget that was not divided yet with this one: with the least.
    pub(crate) fn begin_limited(&mut self) {
        self.limit = Limit::Least;
    }

    fn pass_wish_on(&mut self) {
        self.forward.set_wish(self.limit.apply(self.wish));
        self.forward.limit(u8::MAX, self.limit.temporal());
    }

    /// Aims at the layer that is best now. Returns which one it needs a keyframe of.
    fn aim(&mut self, announced: &[Layer], sending: [bool; 3], simulcast: bool) -> Option<Quality> {
        self.outlet.as_ref()?;
        let wish = self.forward.wish();
        // Layers that are announced and come as one stream are inside it.
        let inside_one = !simulcast && announced.len() > 1;
        self.forward.show(if inside_one { inside(&wish, announced) } else { u8::MAX });
        let layer = choose(&wish, announced, sending);
        if self.forward.aim(layer) { self.forward.waits_for() } else { None }
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

/// Whether payload type `pt` is a format's own, or that of its sound with copies (RFC 2198).
pub(crate) fn means(format: &PayloadParams, pt: Pt) -> bool {
    format.pt() == pt || format.red() == Some(pt)
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
            source: None,
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
        assert!(track.arrived(now, Quality::High, 7.into(), Layers::default(), 100));
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
        track.arrived(now, Quality::Low, 7.into(), Layers::default(), 100);
        track.want_keyframe(Quality::Low);
        assert!(track.take_request(after(1600), Quality::Low).is_some());
        assert!(track.take_request(after(4500), Quality::Low).is_none());
        assert!(track.take_request(after(4600), Quality::Low).is_some());
        assert!(track.arrived(after(4700), Quality::Low, 7.into(), Layers::default(), 100), "back to life");
        track.muted = true;
        assert!(track.take_request(after(9000), Quality::Low).is_none());
    }

    #[test]
    fn what_a_layer_missed_that_has_stopped_excuses_nobody() {
        let (mut track, now) = (track(), start());
        let came = |track: &mut Track, at, layer, ssrc: u32, number| {
            track.numbered(layer, ssrc.into(), number);
            track.arrived(at, layer, ssrc.into(), Layers::default(), 100);
        };
        for number in 0..100 {
            came(&mut track, now, Quality::High, 7, 2 * number);
            came(&mut track, now, Quality::Low, 8, number);
        }
        assert!(track.missing(now) > 0.4);
        let later = now + ALIVE;
        came(&mut track, later, Quality::Low, 8, 100);
        assert_eq!(track.missing(later), 0.0, "subscribers get the other by now");
    }
}
