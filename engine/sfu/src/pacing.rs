//! Follows the line to each peer: what it carries becomes the peer's budget, what it could not carry at once leaves when
//! it can, and what finds out whether it carries more is sent in between.

use proto::media::Kind;

use crate::{
    Sfu,
    egress::{outlet::Leaving, train::Urgency},
    peer::Peer,
    route,
    slab::Key,
    track::Track,
};

impl Sfu {
    /// Takes in when packets arrived at a peer.
    pub(crate) fn arrivals(&mut self, key: Key<Peer>, body: &[u8]) {
        let now = self.now;
        if let Some(wire) = self.peers.get_mut(key).and_then(|peer| peer.wire.as_mut()) {
            wire.downlink.arrivals(now, body);
            self.follow_line(key);
        }
    }

    /// Counts the packets of whoever takes pictures, or is still held back.
    pub(crate) fn count_or_not(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let limited = peer.is_limited();
        if let Some(wire) = &mut peer.wire {
            let is_picture =
                |track: &Key<Track>| self.tracks.get(*track).is_some_and(|track| track.kind == Kind::Video);
            wire.counts = limited || peer.taken.values().any(is_picture);
        }
    }

    /// Does what follows from what is known of a peer's line.
    pub(crate) fn follow_line(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let wanted = peer.wanted();
        let Some(wire) = &mut peer.wire else {
            return;
        };
        let gave_up = wire.downlink.pace.take_gave_up();
        if gave_up > 0 {
            self.counted.packets_given_up += gave_up;
            for track in peer.taken.values() {
                let pictures = self.tracks.get_mut(*track).filter(|track| track.kind == Kind::Video);
                let subscription = pictures.and_then(|track| track.subscription(key));
                subscription.into_iter().for_each(|subscription| subscription.forward.give_up());
            }
        }
        wanted.into_iter().for_each(|wanted| wire.downlink.want(wanted));
        if wire.downlink.is_busy() {
            self.yard.look_after(key, self.now);
        }
        let budget = wire.downlink.budget();
        if peer.set_budget(budget) {
            self.allot(key);
        }
    }

    /// Goes on with all for whom something leaves at a pace.
    pub(crate) fn keep_pace(&mut self) {
        let now = self.now;
        let Some(mut keys) = self.yard.due(now) else {
            return;
        };
        keys.retain(|key| {
            // A wall for each: those behind one that breaks would wait for ever.
            self.walled_for(*key, |sfu| {
                sfu.release(*key);
                sfu.fill(*key);
                sfu.follow_line(*key);
            });
            let wire = self.peers.get(*key).and_then(|peer| peer.wire.as_ref());
            wire.is_some_and(|wire| wire.downlink.is_busy())
        });
        self.yard.looked_at(now, keys);
    }

    /// Sends what waited and may leave by now.
    fn release(&mut self, key: Key<Peer>) {
        let now = self.now;
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        while let Some(waiting) = peer.wire.as_mut().and_then(|wire| wire.downlink.pace.next(now)) {
            let Some(track) = self.tracks.get_mut(waiting.track) else {
                continue;
            };
            let (histories, formats, subscription) = track.kept(key);
            let mut found = histories.iter().filter_map(|h| h.find(now, waiting.source, waiting.sequence));
            let Some(subscription) = subscription else {
                continue; // nobody misses it any more
            };
            let Some(packet) = found.next() else {
                self.counted.packets_given_up += 1;
                continue;
            };
            let leaving = Leaving { packet, before: None, numbers: &waiting.numbers, urgency: Urgency::Now };
            if let Some(format) = formats.iter().find(|format| format.pt() == packet.format)
                && route::send(subscription, peer, &mut self.yard, *format, leaving)
            {
                self.counted.packets_forwarded += 1;
            }
        }
    }

    /// Goes on by the clock, and fills up the row that finds out what a line carries.
    fn fill(&mut self, key: Key<Peer>) {
        let now = self.now;
        let Some(Peer { wire: Some(wire), transport, taken, .. }) = self.peers.get_mut(key) else {
            return;
        };
        wire.downlink.judge(now);
        let Some(mut lacking) = wire.downlink.pace.filling(now) else {
            return;
        };
        for track in taken.values() {
            let Some((_, formats, Some(subscription))) = self.tracks.get_mut(*track).map(|track| track.kept(key))
            else {
                continue;
            };
            let (Some(outlet), Some(format)) = (&mut subscription.outlet, formats.first()) else {
                continue;
            };
            // Where nothing flows, nobody has looked up yet what the last offer says.
            if !outlet.knows(format.pt())
                && let Some(transport) = transport
                && transport.with(|rtc| outlet.learn(rtc, *format)).is_err()
            {
                continue; // it is ended when it next moves by itself
            }
            while lacking > 0
                && let Some(length) = outlet.fill(wire, &mut self.yard, now)
            {
                lacking = lacking.saturating_sub(length);
            }
        }
    }
}
