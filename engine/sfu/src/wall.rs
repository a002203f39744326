//! What stands between rooms: a panic ends the room in which it happened, and no other.
//!
//! **Nobody sees what a panic left half changed.** All that belongs to a room hangs on its peers and tracks, and rooms never
//! touch each other's. So while anything is done, [`Sfu::at_work`] says for which room; when it ends in a panic, all that is that
//! room's is thrown away: its peers with their transports, keys and queues, its tracks with what is kept of them, the
//! addresses that lead there. What all rooms share (maps, timers, the row of those with something to send) is changed by single
//! calls that are through or were never begun; counts over all are counted again. The people of the room are told to join
//! anew, under new names. What is done by the clock for all has a wall for each: see [`Sfu::for_each_peer`].
//!
//! A panic that no room can be blamed for, or a second one while the room is thrown away, makes the whole engine a
//! [lost](Sfu::is_lost) one: it does nothing more, and its owner takes another.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proto::{ParticipantId, RoomId, media::Event};

use crate::{Sfu, peer::Peer, slab::Key, track::Track};

/// Where a test can let something break.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A packet that is forwarded.
    Packet,
    /// What a transport wants to send.
    Drain,
    /// An order of the hub.
    Command,
    /// A look at all peers by the clock.
    Tick,
    /// A look at who is heard.
    Hearing,
    /// A look at who has fallen silent.
    Silence,
    /// Reports to one peer.
    Reports,
}

impl Sfu {
    /// Whether it broke in a way that no room can be blamed for: it does nothing more.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// Lets the next thing of a kind that is done for `peer` end in a panic; for tests, and in their builds alone.
    #[doc(hidden)]
    pub fn plant(&mut self, peer: ParticipantId, place: Place) {
        self.planted = self.peers_by_id.get(&peer).map(|key| (*key, place));
    }

    /// Does something; what breaks ends with its room. A wall may stand within another, for a part of what is done there.
    pub(crate) fn walled<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.lost {
            return None;
        }
        let outside = self.at_work.take();
        let done = catch_unwind(AssertUnwindSafe(|| act(self)));
        if done.is_err() {
            self.give_up();
        }
        self.at_work = outside;
        done.ok()
    }

    /// Does something for a peer, if it is there.
    pub(crate) fn walled_for<T>(&mut self, key: Key<Peer>, act: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let room = self.peers.get(key)?.room;
        self.walled(|sfu| {
            sfu.at_work = Some(room);
            act(sfu)
        })
    }

    /// Does something for each peer, behind a wall each.
    pub(crate) fn for_each_peer(&mut self, mut act: impl FnMut(&mut Self, Key<Peer>)) {
        for slot in 0..self.peers.slots() {
            if let Some(key) = self.peers.key_at(slot) {
                self.walled_for(key, |sfu| act(sfu, key));
            }
        }
    }

    /// Does something for each track, behind a wall each.
    pub(crate) fn for_each_track(&mut self, mut act: impl FnMut(&mut Self, Key<Track>)) {
        for slot in 0..self.tracks.slots() {
            let Some(key) = self.tracks.key_at(slot) else { continue };
            let room = self.tracks.get(key).map(|track| track.room);
            self.walled(|sfu| {
                sfu.at_work = room;
                act(sfu, key);
            });
        }
    }

    /// Notes for whom the next thing is done.
    pub(crate) fn work_for(&mut self, key: Key<Peer>) {
        self.at_work = self.peers.get(key).map(|peer| peer.room);
    }

    /// Where a test may have planted something.
    #[inline]
    pub(crate) fn pass(&mut self, key: Key<Peer>, place: Place) {
        if cfg!(debug_assertions) && self.planted == Some((key, place)) {
            self.planted = None;
            panic!("planted by a test");
        }
    }

    /// Ends the room that was at work.
    fn give_up(&mut self) {
        self.lost = match self.at_work.take() {
            // What broke may break again while it is taken apart.
            Some(room) => catch_unwind(AssertUnwindSafe(|| self.throw_away(room))).is_err(),
            None => true,
        };
    }

    fn throw_away(&mut self, room: RoomId) {
        self.counted.rooms_broken += 1;
        let tracks: Vec<Key<Track>> =
            self.tracks.iter_mut().filter(|(_, track)| track.room == room).map(|(key, _)| key).collect();
        let peers: Vec<(Key<Peer>, ParticipantId)> =
            self.peers.iter_mut().filter(|(_, peer)| peer.room == room).map(|(key, peer)| (key, peer.id)).collect();
        tracing::error!(room.id = %room, peers = peers.len(), "a room broke and was ended; the others go on");
        self.rooms.remove(&room);
        tracks.into_iter().for_each(|key| self.drop_walled(|sfu| sfu.tracks.remove(key)));
        for (key, peer) in peers {
            self.drop_walled(|sfu| sfu.peers.remove(key));
            self.timers.set(self.now, key, None);
            // As after an offer that could not be accepted: all that helps is to join anew.
            self.tell(Event::OfferRefused { peer, why: "the room broke".to_owned() });
        }
        self.tracks_by_id.retain(|_, key| self.tracks.get(*key).is_some());
        self.peers_by_id.retain(|_, key| self.peers.get(*key).is_some());
        self.addresses.retain(|key| self.peers.get(key).is_some());
        self.subscriptions = self.peers.iter_mut().map(|(_, peer)| peer.taken.len()).sum();
    }

    /// Takes something out and lets go of it, whatever that comes to.
    fn drop_walled<T>(&mut self, take: impl FnOnce(&mut Self) -> T) {
        let taken = take(self);
        if catch_unwind(AssertUnwindSafe(|| drop(taken))).is_err() {
            tracing::error!("a part of a broken room could not be taken apart");
        }
    }
}
