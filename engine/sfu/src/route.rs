//! The way of a packet: from the publisher's transport along its track's route into the subscribers'.
//!
//! This runs for every packet and every subscriber of it. Nothing here searches, allocates or logs above `trace`.

use proto::media::Kind;
use str0m::{
    format::PayloadParams,
    media::{KeyframeRequestKind, Mid, Pt},
    rtp::{RtpPacket, Ssrc},
};

use crate::{
    Sfu,
    descriptor::DependencyDescriptor,
    egress::Departure,
    forward::{Verdict, rewrite::Arrival},
    peer::{Peer, Source},
    slab::Key,
    track::{Subscription, Track, keyframe::glance, layer_of_rid},
};

impl Sfu {
    /// Forwards one packet of `from` to all who take its track.
    pub(crate) fn route(&mut self, from: Key<Peer>, mut packet: RtpPacket) {
        let Some(source) = self.source_of(from, packet.header.ssrc) else {
            return; // of a section without a track
        };
        let Some(format) = self.format_of(from, source.track, packet.header.payload_type) else {
            return;
        };
        let Some(track) = self.tracks.get_mut(source.track) else {
            return;
        };
        self.counted.packets_in += 1;
        // Here and not at the client: somebody whom a host muted is not heard, whatever that client goes on sending.
        if track.muted {
            return;
        }
        let ssrc = packet.header.ssrc;
        let (codec, now) = (format.spec().codec, self.now);
        if track.arrived(now, source.layer, ssrc) {
            track.aim(now);
        }
        if let Some(level) = packet.header.ext_vals.audio_level.filter(|_| track.kind == Kind::Audio) {
            track.voice.hear(level);
        }
        let keyframe = strip(&mut packet, source.layered);
        let glance = glance(codec, &packet.payload, keyframe);
        if glance.keyframe {
            track.keyframe_came(source.layer);
        }
        let arrival = Arrival {
            sequence: *packet.seq_no,
            timestamp: packet.header.timestamp,
            at: packet.timestamp,
            clock: format.spec().clock_rate.get(),
            vp8: glance.vp8,
        };
        let mut awaited = false;
        for subscription in track.subscriptions.iter_mut().filter(|s| s.outlet.is_some()) {
            // Before there are keys, and when nobody is there any more, packets would only pile up: str0m keeps them all.
            let Some(peer) = self.peers.get_mut(subscription.peer).filter(|peer| peer.connected) else {
                continue;
            };
            match subscription.forward.decide(source.layer, ssrc, glance.keyframe, &arrival) {
                Verdict::Drop => {}
                Verdict::AwaitKeyframe => awaited = true,
                Verdict::Send { numbers, switched } => {
                    let departure = |payload_type: Pt| Departure {
                        packet: &packet,
                        payload_type,
                        sequence: numbers.sequence,
                        timestamp: numbers.timestamp,
                        vp8: numbers.vp8,
                        resend: codec.is_video(),
                        at: packet.timestamp,
                    };
                    if send(subscription, peer, format, departure) {
                        self.counted.packets_forwarded += 1;
                        self.counted.layer_switches += u64::from(switched);
                        if !std::mem::replace(&mut peer.dirty, true) {
                            self.dirty.push_back(subscription.peer);
                        }
                    }
                }
            }
        }
        if awaited {
            track.want_keyframe(source.layer);
        }
        if let Some(ssrc) = track.take_request(now, source.layer) {
            self.request_keyframe(from, ssrc);
        }
    }

    /// A subscriber lost the picture which section `mid` shows it.
    pub(crate) fn keyframe_wanted(&mut self, subscriber: Key<Peer>, mid: Mid) {
        let Some(key) = self.peers.get(subscriber).and_then(|peer| peer.sections.carried(mid)) else {
            return;
        };
        let Some(track) = self.tracks.get_mut(key) else {
            return;
        };
        let Some(layer) = track.subscription(subscriber).and_then(|s| s.forward.layer()) else {
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
        let format = transport.with(|rtc| rtc.codec_config().find(|p| p.pt() == pt).copied()).ok()??;
        track.remember_format(format);
        Some(format)
    }
}

/// Takes away what concerns the publisher's path only. Returns whether the packet says that a keyframe begins.
fn strip(packet: &mut RtpPacket, layered: bool) -> bool {
    let values = &mut packet.header.ext_vals;
    values.mid = None;
    values.rid = None;
    values.rid_repair = None;
    values.transport_cc = None;
    values.abs_send_time = None;
    let keyframe = values.user_values.get().is_some_and(DependencyDescriptor::begins_keyframe);
    if layered {
        // Each layer counts its frames alone: after a change of layers the descriptors would not add up. Layers of
        // this kind decode without.
        values.user_values.remove::<DependencyDescriptor>();
    }
    keyframe
}

/// Queues one packet for one subscriber.
fn send<'a>(
    subscription: &mut Subscription,
    peer: &mut Peer,
    format: PayloadParams,
    departure: impl FnOnce(Pt) -> Departure<'a>,
) -> bool {
    let (Some(outlet), Some(transport)) = (subscription.outlet, &mut peer.transport) else {
        return false;
    };
    let known = subscription.payload_types.iter().find(|(theirs, _)| *theirs == format.pt()).map(|(_, ours)| *ours);
    let sent = transport.with(|rtc| {
        let ours = known.unwrap_or_else(|| {
            let ours = outlet.payload_type(rtc, format);
            subscription.payload_types.push((format.pt(), ours));
            ours
        });
        ours.is_some_and(|pt| outlet.send(rtc, departure(pt)))
    });
    match sent {
        Ok(sent) => sent,
        Err(fault) => {
            peer.fault = Some(fault);
            true // so that it is drained, and ended then
        }
    }
}
