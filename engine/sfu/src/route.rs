//! The way of a packet: from the publisher's transport along its track's route into the subscribers'.
//!
//! This runs for every packet and every subscriber of it. Nothing here searches, allocates or logs above `trace`, but for
//! sound that was lost and is put together again.

use proto::media::Kind;
use str0m::{
    format::PayloadParams,
    media::{KeyframeRequestKind, Pt},
    rtp::{RtpPacket, Ssrc},
};

use crate::{
    Output, Place, Sfu,
    egress::{
        header::Marks,
        history::Packet,
        outlet::Leaving,
        pace::Waiting,
        train::{Urgency, Yard},
    },
    forward::{
        Verdict,
        frame::{Frame, Seen},
        red::Red,
    },
    peer::{Peer, Source},
    slab::Key,
    track::{Subscription, Track, layer_of_rid, means},
};

impl Sfu {
    /// Forwards one packet of `from` to all who take its track.
    pub(crate) fn route(&mut self, from: Key<Peer>, packet: RtpPacket) {
        let Some(source) = self.source_of(from, packet.header.ssrc) else {
            return; // of a section without a track
        };
        self.pass(from, Place::Packet);
        let Some(format) = self.format_of(from, source.track, packet.header.payload_type) else {
            return;
        };
        let Ok(red) = read_copies(&format, &packet) else {
            return;
        };
        let Some(track) = self.tracks.get_mut(source.track) else {
            return;
        };
        self.counted.packets_in += 1;
        let ssrc = packet.header.ssrc;
        let found = track.kind == Kind::Audio && track.recent.has(ssrc, *packet.seq_no);
        // Also while it is muted: what was held back then is not missing afterwards.
        if !found {
            track.numbered(source.layer, ssrc, *packet.seq_no);
        }
        // Here and not at the client: somebody whom a host muted is not heard, whatever that client goes on sending.
        if track.muted {
            return;
        }
        let (codec, now) = (format.spec().codec, self.now);
        let Seen { frame, places, shape } = track.read(&source, codec, &packet);
        if track.arrived(now, source.layer, ssrc, frame.view.layers(), packet.payload.len()) {
            track.aim(now);
        }
        if track.kind == Kind::Audio {
            track.voice.arrive(packet.header.ext_vals.audio_level);
        }
        if frame.keyframe {
            track.keyframe_came(source.layer);
        }
        let values = &packet.header.ext_vals;
        let packet = Packet {
            source: ssrc,
            sequence: *packet.seq_no,
            timestamp: packet.header.timestamp,
            marker: packet.header.marker,
            format: format.pt(),
            red,
            places,
            marks: Marks::of(values, source.layered, shape),
            at: packet.timestamp,
            payload: packet.payload,
        };
        if track.kind == Kind::Audio {
            for lost in track.recent.arrived(&packet) {
                self.found(from, source, format, lost);
            }
            if found {
                return; // its own sound came with a later one
            }
        }
        self.spread(from, source, format, &frame, packet);
    }

    /// Goes on with a packet that was found in another, as if it had come.
    fn found(&mut self, from: Key<Peer>, source: Source, format: PayloadParams, packet: Packet) {
        self.counted.packets_found += 1;
        if let Some(track) = self.tracks.get_mut(source.track) {
            track.numbered(source.layer, packet.source, packet.sequence);
        }
        self.spread(from, source, format, &Frame::WHOLE, packet);
    }

    /// Gives one packet of a track to all who take it, and keeps it.
    fn spread(&mut self, from: Key<Peer>, source: Source, format: PayloadParams, frame: &Frame, packet: Packet) {
        let Some(track) = self.tracks.get_mut(source.track) else {
            return;
        };
        let (now, ssrc) = (self.now, packet.source);
        self.outputs.extend(track.tapped(format.spec().codec, &packet).map(Output::Tapped));
        let arrival = packet.arrival(format.spec().clock_rate.get());
        let urgency = urgency(track, &packet);
        let before = (track.kind == Kind::Audio).then(|| track.recent.before(&packet));
        let mut awaited = false;
        for subscription in track.subscriptions.iter_mut().filter(|s| s.outlet.is_some()) {
            // Nothing is for those who are not there yet, or not there any more.
            let Some(peer) = self.peers.get_mut(subscription.peer).filter(|peer| peer.connected) else {
                continue;
            };
            // Pictures that would only come later and later stop here, before they have numbers.
            if track.kind == Kind::Video && peer.wire.as_ref().is_some_and(|wire| wire.downlink.pace.is_full()) {
                subscription.forward.begin_again();
                continue;
            }
            match subscription.forward.decide(source.layer, ssrc, frame, &arrival) {
                Verdict::Drop => {}
                Verdict::AwaitKeyframe => awaited = true,
                Verdict::Send { numbers, switched } => {
                    let wire = peer.wire.as_mut().filter(|_| track.kind == Kind::Video);
                    if let Some(wire) = wire
                        && wire.downlink.pace.holds(now)
                    {
                        let Packet { source: stream, sequence, .. } = packet;
                        let (track, bytes) = (source.track, packet.payload.len() as u16);
                        wire.downlink.pace.wait(Waiting { track, source: stream, sequence, numbers, bytes });
                        self.yard.look_after(subscription.peer, now);
                    } else {
                        let leaving = Leaving { packet: &packet, before, numbers: &numbers, urgency };
                        if !send(subscription, peer, &mut self.yard, format, leaving) {
                            continue;
                        }
                        self.counted.packets_forwarded += 1;
                    }
                    if numbers.empty {
                        subscription.forward.emptied(numbers.sequence);
                    }
                    self.counted.layer_switches += u64::from(switched);
                }
            }
        }
        track.keep(source.layer, packet);
        if awaited {
            track.want_keyframe(source.layer);
        }
        if let Some(ssrc) = track.take_request(now, source.layer) {
            self.request_keyframe(from, ssrc);
        }
    }

    /// A subscriber lost the picture of a track, which it gets as `ssrc`.
    pub(crate) fn keyframe_wanted(&mut self, subscriber: Key<Peer>, track: Key<Track>, ssrc: u32) {
        let Some(track) = self.tracks.get_mut(track) else {
            return;
        };
        let carries = |s: &&mut Subscription| s.outlet.as_ref().is_some_and(|outlet| outlet.ssrc() == ssrc);
        let Some(layer) = track.subscription(subscriber).filter(carries).and_then(|s| s.forward.layer()) else {
            return;
        };
        track.want_keyframe(layer);
        let publisher = track.publisher;
        if let Some(ssrc) = track.take_request(self.now, layer) {
            self.request_keyframe(publisher, ssrc);
        }
    }

    /// Asks a publisher for a keyframe of one layer.
    pub(crate) fn request_keyframe(&mut self, publisher: Key<Peer>, ssrc: Ssrc) {
        let Some(peer) = self.peers.get_mut(publisher) else {
            return;
        };
        let Some(transport) = &mut peer.transport else {
            return;
        };
        let asked = transport.with(|rtc| {
            let mut api = rtc.direct_api();
            let stream = api.stream_rx(&ssrc);
            stream.map(|stream| stream.request_keyframe(KeyframeRequestKind::Pli)).is_some()
        });
        match asked {
            Ok(true) => self.counted.keyframe_requests += 1,
            Ok(false) => {}
            Err(fault) => peer.fault = Some(fault),
        }
        self.mark_dirty(publisher);
    }

    /// Where packets of `ssrc` belong; asked of the transport once, then remembered.
    fn source_of(&mut self, from: Key<Peer>, ssrc: Ssrc) -> Option<Source> {
        let peer = self.peers.get_mut(from)?;
        if let Some(source) = peer.sources.get(&*ssrc) {
            return Some(*source);
        }
        let (mid, rid) = peer
            .transport
            .as_mut()?
            .with(|rtc| rtc.direct_api().stream_rx(&ssrc).map(|stream| (stream.mid(), stream.rid())))
            .ok()??;
        let track = peer.sections.sent(mid)?;
        let source = Source { track, layer: layer_of_rid(rid.as_deref()), layered: rid.is_some() };
        peer.remember_source(*ssrc, source);
        Some(source)
    }

    /// What the publisher means by payload type `pt`.
    fn format_of(&mut self, from: Key<Peer>, track: Key<Track>, pt: Pt) -> Option<PayloadParams> {
        let track = self.tracks.get_mut(track)?;
        if let Some(format) = track.format(pt) {
            return Some(format);
        }
        let transport = self.peers.get_mut(from)?.transport.as_mut()?;
        let format = transport.with(|rtc| rtc.codec_config().find(|format| means(format, pt)).copied()).ok()??;
        track.remember_format(format);
        Some(format)
    }
}

/// Where the parts of a packet are that carries sound with copies; `Err` when it says that it does and does not.
fn read_copies(format: &PayloadParams, packet: &RtpPacket) -> Result<Option<Red>, ()> {
    // What only fills the publisher's line has no parts; its number is left out further on.
    if format.pt() == packet.header.payload_type || packet.payload.is_empty() {
        return Ok(None);
    }
    Red::read(&packet.payload).map(Some).ok_or(())
}

/// More of the same picture follows at once; where many watch, it is worth a moment to send it together.
fn urgency(track: &Track, packet: &Packet) -> Urgency {
    let crowd = track.subscriptions.len() >= CROWD;
    if track.kind == Kind::Video && !packet.marker && crowd { Urgency::Soon } else { Urgency::Now }
}

/// Writes one packet for one subscriber.
pub(crate) fn send(
    subscription: &mut Subscription,
    peer: &mut Peer,
    yard: &mut Yard,
    format: PayloadParams,
    leaving: Leaving<'_>,
) -> bool {
    let (Some(outlet), Some(wire)) = (&mut subscription.outlet, &mut peer.wire) else {
        return false;
    };
    if !outlet.knows(leaving.packet.format)
        && let Some(transport) = &mut peer.transport
        && let Err(fault) = transport.with(|rtc| outlet.learn(rtc, format))
    {
        peer.fault = Some(fault);
        return false;
    }
    outlet.send(wire, yard, leaving.packet.at, leaving)
}

/// So many who watch make a crowd. To fewer, waiting brings little.
const CROWD: usize = 16;
