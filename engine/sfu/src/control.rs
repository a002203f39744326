//! What the hub can order, except for offers (see `negotiate`).
//!
//! Commands and events cross on their way, so an order may name somebody who has just gone: that is no error.

use proto::{
    ParticipantId, RoomId, TrackId,
    media::{AddPeer, Command, Event, ExpectedTrack, Wish},
};

use crate::{
    Place, Sfu,
    peer::Peer,
    slab::Key,
    track::{Subscription, Track},
};

impl Sfu {
    pub(crate) fn control(&mut self, command: Command) {
        self.at_work = self.concerned(&command);
        match command {
            Command::AddPeer(add) => self.add_peer(add),
            Command::RemovePeer { peer } => self.remove_peer(peer),
            Command::ExpectTrack { peer, track } => self.expect_track(peer, track),
            Command::Offer { peer, id, sdp } => self.offer(peer, id, &sdp),
            Command::Subscribe { peer, track } => self.subscribe(peer, track),
            Command::Unsubscribe { peer, track } => self.unsubscribe(peer, track),
            Command::Prefer { peer, track, wish } => self.prefer(peer, track, wish),
            Command::Mute { track, muted } => self.mute(track, muted),
            Command::RemoveTrack { track } => self.remove_track(track),
            Command::AllowData { peer, allowed } => {
                if let Some(peer) = self.peer_mut(peer) {
                    peer.may_send_data = allowed;
                }
            }
        }
    }

    /// The room that a command is about.
    fn concerned(&self, command: &Command) -> Option<RoomId> {
        let of_track = |track: &TrackId| Some(self.tracks.get(*self.tracks_by_id.get(track)?)?.room);
        match command {
            Command::AddPeer(add) => Some(add.room),
            Command::RemovePeer { peer }
            | Command::ExpectTrack { peer, .. }
            | Command::Offer { peer, .. }
            | Command::Subscribe { peer, .. }
            | Command::Unsubscribe { peer, .. }
            | Command::Prefer { peer, .. }
            | Command::AllowData { peer, .. } => Some(self.peers.get(*self.peers_by_id.get(peer)?)?.room),
            Command::Mute { track, .. } | Command::RemoveTrack { track } => of_track(track),
        }
    }

    fn add_peer(&mut self, add: AddPeer) {
        if self.peers_by_id.contains_key(&add.peer) {
            tracing::debug!(peer = %add.peer, "is here already");
            return;
        }
        if self.rooms.is_empty() {
            self.ticks.start(self.now);
        }
        let (id, room) = (add.peer, add.room);
        let key = self.peers.insert(Peer::new(add));
        self.peers_by_id.insert(id, key);
        self.rooms.entry(room).or_default().members.insert(key);
    }

    fn remove_peer(&mut self, id: ParticipantId) {
        let Some(key) = self.peers_by_id.remove(&id) else {
            return;
        };
        let Some(peer) = self.peers.get(key) else {
            return;
        };
        let (room, published, taken) = (peer.room, peer.published.clone(), peer.taken.clone());
        published.into_iter().for_each(|track| self.end_track(track));
        taken.into_keys().for_each(|track| self.drop_subscription(key, track));
        self.close_transport(key);
        self.peers.remove(key);
        self.timers.set(self.now, key, None);
        if let Some(members) = self.rooms.get_mut(&room).map(|r| &mut r.members) {
            members.remove(&key);
            if members.is_empty() {
                self.rooms.remove(&room);
            }
        }
    }

    fn expect_track(&mut self, id: ParticipantId, track: ExpectedTrack) {
        let Some(key) = self.peers_by_id.get(&id).copied() else {
            return;
        };
        let known = self.tracks_by_id.contains_key(&track.track);
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        if known || peer.expected.iter().any(|e| e.track == track.track) {
            tracing::debug!(peer = %id, track = %track.track, "a second codec of a track is not taken in");
            return;
        }
        if !peer.expect(track) {
            tracing::debug!(peer = %id, "publishes as many tracks as it may");
            return;
        }
        // Its section may have come before it.
        let matched = self.match_expected(key);
        self.publish(key, matched, &Default::default());
    }

    fn subscribe(&mut self, id: ParticipantId, track_id: TrackId) {
        let (Some(key), Some(track_key)) = (self.peers_by_id.get(&id), self.tracks_by_id.get(&track_id)) else {
            tracing::debug!(peer = %id, track = %track_id, "nothing to take");
            return;
        };
        let (key, track_key) = (*key, *track_key);
        let (Some(peer), Some(track)) = (self.peers.get_mut(key), self.tracks.get_mut(track_key)) else {
            return;
        };
        if track.room != peer.room || peer.taken.contains_key(&track_id) {
            return;
        }
        peer.taken.insert(track_id, track_key);
        peer.sections.wait(self.now, track_key, track.kind);
        track.subscriptions.push(Subscription::new(key, track.kind));
        self.subscriptions += 1;
        self.count_or_not(key);
        self.tell_layers_wanted(track_key);
        self.mark_dirty(key); // which sets the time to ask for sections
    }

    fn unsubscribe(&mut self, id: ParticipantId, track: TrackId) {
        if let Some(key) = self.peers_by_id.get(&id).copied() {
            self.drop_subscription(key, track);
        }
    }

    pub(crate) fn drop_subscription(&mut self, key: Key<Peer>, track_id: TrackId) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let Some(track_key) = peer.taken.remove(&track_id) else {
            return;
        };
        peer.sections.release(self.now, track_key);
        if let Some(track) = self.tracks.get_mut(track_key) {
            track.subscriptions.retain(|s| s.peer != key);
        }
        self.subscriptions -= 1;
        self.count_or_not(key);
        self.mark_dirty(key);
    }

    fn prefer(&mut self, id: ParticipantId, track_id: TrackId, wish: Wish) {
        let (Some(key), Some(track_key)) = (self.peers_by_id.get(&id), self.tracks_by_id.get(&track_id)) else {
            return;
        };
        let (key, track_key) = (*key, *track_key);
        self.pass(key, Place::Command);
        let Some(subscription) = self.tracks.get_mut(track_key).and_then(|track| track.subscription(key)) else {
            return;
        };
        subscription.set_wish(wish);
        self.tell_layers_wanted(track_key);
        if self.peers.get(key).is_some_and(Peer::is_limited) {
            self.allot(key);
        } else {
            self.aim(track_key);
        }
    }

    fn mute(&mut self, id: TrackId, muted: bool) {
        if let Some(track) = self.tracks_by_id.get(&id).and_then(|key| self.tracks.get_mut(*key)) {
            if track.mute(muted) {
                // Nothing flows until it is unmuted: see `route`.
                track.subscriptions.iter_mut().for_each(|subscription| subscription.forward.begin_again());
            }
            return;
        }
        // Still to come: rare, so that a search is right.
        let mut expected = self.peers.iter_mut().flat_map(|(_, peer)| peer.expected.iter_mut());
        if let Some(track) = expected.find(|e| e.track == id) {
            track.muted = muted;
        }
    }

    fn remove_track(&mut self, id: TrackId) {
        if let Some(key) = self.tracks_by_id.get(&id).copied() {
            return self.end_track(key);
        }
        for (_, peer) in self.peers.iter_mut() {
            peer.expected.retain(|e| e.track != id);
        }
    }

    /// Takes a track away from everybody.
    pub(crate) fn end_track(&mut self, key: Key<Track>) {
        let Some(track) = self.tracks.remove(key) else {
            return;
        };
        self.tracks_by_id.remove(&track.id);
        if let Some(publisher) = self.peers.get_mut(track.publisher) {
            publisher.published.retain(|t| *t != key);
            publisher.sources.retain(|_, source| source.track != key);
            publisher.sections.unbind(key);
        }
        for subscription in track.subscriptions {
            if let Some(peer) = self.peers.get_mut(subscription.peer) {
                peer.taken.remove(&track.id);
                peer.sections.release(self.now, key);
            }
            self.subscriptions -= 1;
            self.mark_dirty(subscription.peer);
        }
    }

    /// Ends a peer's transport, as when the client closed it: its tracks end, and what it takes waits for a new offer.
    pub(crate) fn end_transport(&mut self, key: Key<Peer>) {
        self.disconnected(key);
        self.close_transport(key);
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let (id, published) = (peer.id, peer.published.clone());
        for track in peer.sections.update(&[]).displaced {
            if let Some(subscription) = self.tracks.get_mut(track).and_then(|t| t.subscription(key)) {
                subscription.displace();
            }
        }
        for track in published {
            if let Some(track) = self.tracks.get(track).map(|t| t.id) {
                self.tell(Event::TrackEnded { peer: id, track });
            }
            self.end_track(track);
        }
        self.timers.set(self.now, key, None);
    }

    fn close_transport(&mut self, key: Key<Peer>) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        peer.transport = None;
        peer.wire = None;
        peer.way = Default::default();
        peer.streams.clear();
        peer.channels = Default::default();
        peer.admission = Default::default();
        peer.sources.clear();
        peer.fault = None;
        for end in std::mem::take(&mut peer.ends) {
            self.addresses.forget(end, key);
        }
    }

    fn peer_mut(&mut self, id: ParticipantId) -> Option<&mut Peer> {
        self.peers.get_mut(*self.peers_by_id.get(&id)?)
    }
}
