//! Takes out of a peer's transport what came in and what has to go out.

use std::time::{Duration, Instant};

use proto::media::Event;
use str0m::{
    Event as Happened, IceConnectionState, Output as Out,
    net::{Protocol, Transmit},
};

use crate::{
    Output, Place, Sfu,
    egress::{feedback, wire::Wire},
    path::{Over, Path},
    peer::Peer,
    slab::Key,
};

impl Sfu {
    /// Sends what was queued for a peer and takes in what that brings.
    pub(crate) fn drain(&mut self, key: Key<Peer>) {
        self.pass(key, Place::Drain);
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let fault = peer.fault.take();
        let Some(transport) = &mut peer.transport else {
            return self.set_timer(key, None);
        };
        match fault.map_or_else(|| transport.advance(self.now), Err) {
            Ok(()) => self.drain_received(key),
            Err(fault) => self.end_broken(key, &fault),
        }
    }

    /// Takes out everything, up to the time when the transport wants to go on by itself.
    pub(crate) fn drain_received(&mut self, key: Key<Peer>) {
        loop {
            let Some(transport) = self.peers.get_mut(key).and_then(|peer| peer.transport.as_mut()) else {
                return self.set_timer(key, None);
            };
            match transport.poll() {
                Ok(Out::Transmit(transmit)) => self.transmit(key, transmit),
                Ok(Out::Event(event)) => self.happened(key, event),
                Ok(Out::Timeout(at)) => return self.drained(key, at),
                Err(fault) => return self.end_broken(key, &fault),
            }
        }
    }

    /// Nothing is left in a peer's transport until `at`.
    fn drained(&mut self, key: Key<Peer>, at: Instant) {
        // Never at once: whatever a transport does at a time which has passed, the thread must not spin.
        self.set_timer(key, Some(at.max(self.now + SHORTEST_WAIT)));
        self.take_keys(key);
        self.flush_backlog(key);
        self.note_connection(key);
    }

    /// Takes out the packet that was just handed in. A publisher's packets mostly come several at a time, and to look for what
    /// else there may be goes through all parts of the transport and mostly finds nothing; so that is done once for all of
    /// them, by [`Sfu::settle`].
    pub(crate) fn take_packet(&mut self, key: Key<Peer>) {
        loop {
            let Some(transport) = self.peers.get_mut(key).and_then(|peer| peer.transport.as_mut()) else {
                return self.set_timer(key, None);
            };
            match transport.poll() {
                Ok(Out::Event(event @ Happened::RtpPacket(_))) => {
                    if self.unsettled.last() != Some(&key) {
                        self.unsettled.push(key);
                    }
                    return self.happened(key, event);
                }
                Ok(Out::Transmit(transmit)) => self.transmit(key, transmit),
                Ok(Out::Event(event)) => self.happened(key, event),
                Ok(Out::Timeout(at)) => return self.drained(key, at),
                Err(fault) => return self.end_broken(key, &fault),
            }
        }
    }

    /// Takes out what is left where only packets were taken.
    pub(crate) fn settle(&mut self) {
        while let Some(key) = self.unsettled.pop() {
            // A wall for each: those behind one that breaks would wait for ever.
            self.walled(|sfu| {
                sfu.work_for(key);
                sfu.drain_received(key);
            });
        }
    }

    /// Sends what str0m wants sent. SRTP it cannot seal itself: see `egress::keys`.
    fn transmit(&mut self, key: Key<Peer>, transmit: Transmit) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        // What str0m has of a relayed path, it has from what came by it.
        let over = match transmit.proto {
            Protocol::Udp if peer.is_relayed(transmit.destination) => Over::Relay,
            Protocol::Udp => Over::Udp,
            _ => Over::Tcp,
        };
        let path = Path { over, ours: transmit.source, theirs: transmit.destination };
        match feedback::is_report(&transmit.contents) {
            // An answer goes back by the way of its question, everything else by the way that was chosen.
            None if transmit.contents.first().is_some_and(|first| STUN.contains(first)) => {
                self.outputs.push_back(Output::Transmit { path, bytes: transmit.contents.into() });
            }
            None => {
                let path = peer.suggest(path);
                self.outputs.push_back(Output::Transmit { path, bytes: transmit.contents.into() });
            }
            Some(true) => {
                peer.suggest(path);
                if let Some(wire) = &mut peer.wire {
                    wire.forward(&mut self.yard, self.now, &transmit.contents);
                }
            }
            Some(false) => debug_assert!(false, "str0m was given a packet to send"),
        }
    }

    fn happened(&mut self, key: Key<Peer>, event: Happened) {
        match event {
            Happened::RtpPacket(packet) => self.route(key, packet),
            Happened::SenderFeedback(report) => self.clock_told(key, &report),
            Happened::ChannelData(data) => self.data_arrived(key, &data),
            Happened::ChannelOpen(id, label) => self.with_peer(key, |peer| peer.channels.opened(id, &label)),
            Happened::ChannelClose(id) => self.with_peer(key, |peer| peer.channels.closed(id)),
            Happened::PeerStats(stats) => {
                self.with_peer(key, |peer| stats.ingress_loss_fraction.into_iter().for_each(|l| peer.line.lost_up(l)));
            }
            Happened::IceConnectionStateChange(IceConnectionState::Disconnected) => self.disconnected(key),
            Happened::Closed => self.end_transport(key),
            _ => {}
        }
    }

    fn take_keys(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        // By then DTLS has sent something, so the path is known.
        if let (Some(transport), Some(path)) = (&mut peer.transport, peer.way.path())
            && let Some(keying) = transport.take_keying()
        {
            peer.wire = Some(Wire::new(self.now, key, &keying, path));
            self.count_or_not(key);
        }
    }

    fn with_peer(&mut self, key: Key<Peer>, act: impl FnOnce(&mut Peer)) {
        if let Some(peer) = self.peers.get_mut(key) {
            act(peer);
        }
    }

    fn flush_backlog(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let Some(transport) = &mut peer.transport else {
            return;
        };
        match transport.with(|rtc| peer.channels.flush(rtc)) {
            Ok(false) => {}
            Ok(true) => self.mark_dirty(key),
            Err(fault) => self.end_broken(key, &fault),
        }
    }

    /// Tells the hub when a peer has come (back) to life.
    fn note_connection(&mut self, key: Key<Peer>) {
        let now = self.now;
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let up = peer.transport.as_ref().is_some_and(|t| t.is_connected());
        if up && !peer.connected && !peer.is_silent(now) {
            peer.connected = true;
            let id = peer.id;
            self.tell(Event::Connected { peer: id });
            // Nothing was sent to it until now.
            self.begin_pictures_again(key);
        }
    }

    /// All that a peer takes begins with a keyframe that it can receive.
    pub(crate) fn begin_pictures_again(&mut self, key: Key<Peer>) {
        let Some(taken) = self.peers.get(key).map(|peer| peer.taken.clone()) else {
            return;
        };
        for track in taken.into_values() {
            if let Some(track) = self.tracks.get_mut(track) {
                if let Some(subscription) = track.subscription(key) {
                    subscription.forward.begin_again();
                }
                track.aim(self.now);
            }
        }
    }

    /// Tells the hub that nothing comes from a peer any more.
    pub(crate) fn disconnected(&mut self, key: Key<Peer>) {
        if let Some(peer) = self.peers.get_mut(key)
            && std::mem::take(&mut peer.connected)
        {
            let peer = peer.id;
            self.tell(Event::Disconnected { peer });
        }
    }

    /// Sets when the peer wants to be woken: by its transport at `transport`, or to ask for sections.
    pub(crate) fn set_timer(&mut self, key: Key<Peer>, transport: Option<Instant>) {
        let sections = self.peers.get(key).and_then(|peer| peer.sections_deadline());
        self.timers.set(self.now, key, [transport, sections].into_iter().flatten().min());
    }
}

/// What datagrams of STUN begin with (RFC 7983).
const STUN: std::ops::RangeInclusive<u8> = 0..=3;
/// Shorter than any timer of a transport that matters to a person.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);
