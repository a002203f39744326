//! The budgets of subscribers: gathers what each one takes, lets [`crate::allocate`] divide, and does what comes out.
//!
//! The cost is that of what one person takes, whoever else is in the room; nothing here runs for a packet.

use std::time::Duration;

use proto::{
    ParticipantId, TrackId,
    media::{Event, Kind},
};
use str0m::rtp::Ssrc;

use crate::{
    Sfu,
    allocate::{Allocator, Demand, Given, Outcome},
    egress::body::MOST_BEFORE,
    peer::Peer,
    slab::Key,
    track::Track,
};

/// What bandwidth there is to one peer, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Allotment {
    /// In bit/s; `None` when nothing is known, and everything that is wanted flows.
    budget: Option<u64>,
    /// What it is in any case, whatever the line carries.
    cap: Option<u64>,
    outcome: Outcome,
    /// Whether pictures are held back altogether.
    paused: bool,
    /// Where its subscriptions stood among those of their tracks, in the order of the tracks' ids.
    places: Vec<usize>,
}

/// Memory for dividing budgets that is used again.
#[derive(Default)]
pub(crate) struct Desk {
    allocator: Allocator,
    demands: Vec<Demand>,
    /// Track and place of each demand.
    of: Vec<(Key<Track>, usize)>,
    changes: Vec<(TrackId, bool)>,
    requests: Vec<(Key<Peer>, Ssrc)>,
}

impl Allotment {
    /// What flows now by the last division, in bit/s; zero without a budget.
    pub(crate) fn given(&self) -> u64 {
        self.outcome.given
    }

    /// The part of the layers wanted that is not given, from 0 to 1.
    pub(crate) fn deficit(&self) -> f32 {
        self.outcome.deficit
    }

    /// Whether pictures are held back altogether.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused
    }
}

impl Peer {
    /// What bandwidth there is to it, in bit/s; `None` lifts all limits. Returns whether [`Sfu::allot`] should run at once:
    /// when there is less than what flows, or the first word on it. Else the next tick is soon enough.
    pub(crate) fn set_budget(&mut self, budget: Option<u64>) -> bool {
        let budget = [budget, self.allotment.cap].into_iter().flatten().min();
        let former = std::mem::replace(&mut self.allotment.budget, budget);
        former.is_some() != budget.is_some() || budget.is_some_and(|budget| budget < self.allotment.given())
    }

    /// The bandwidth, in bit/s, with which it would get all that it wants: how far it is worth to probe. `None` without a
    /// budget.
    pub(crate) fn wanted(&self) -> Option<u64> {
        self.allotment.budget.map(|_| self.allotment.outcome.wanted)
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.allotment.budget.is_some()
    }
}

impl Sfu {
    /// Caps what is sent to a peer beside sound, in bit/s with all headers, whatever its line carries. What tests of
    /// the division begin with: an estimate takes its time.
    #[doc(hidden)]
    pub fn cap(&mut self, peer: ParticipantId, cap: Option<u64>) {
        let Some(key) = self.peers_by_id.get(&peer).copied() else {
            return;
        };
        if let Some(peer) = self.peers.get_mut(key) {
            peer.allotment.cap = cap;
            let budget = peer.wire.as_ref().and_then(|wire| wire.downlink.budget());
            if peer.set_budget(budget) {
                self.allot(key);
            }
        }
    }

    /// The bandwidth, in bit/s, with which a peer would get all that it wants; `None` while it has no budget. For tests.
    #[doc(hidden)]
    pub fn wanted(&self, peer: ParticipantId) -> Option<u64> {
        self.peers.get(*self.peers_by_id.get(&peer)?)?.wanted()
    }

    /// Works out what layers take, and divides all budgets anew.
    pub(crate) fn allot_all(&mut self) {
        let now = self.now;
        let last = self.ticks.measured.replace(now);
        let elapsed = last.map_or(Duration::ZERO, |last| now.saturating_duration_since(last));
        self.for_each_track(|sfu, key| {
            if let Some(track) = sfu.tracks.get_mut(key) {
                track.measure(elapsed);
            }
        });
        self.for_each_peer(|sfu, key| {
            if sfu.peers.get(key).is_some_and(Peer::is_limited) {
                sfu.allot(key);
            }
        });
    }

    /// Divides the budget of one peer.
    pub(crate) fn allot(&mut self, key: Key<Peer>) {
        let mut desk = std::mem::take(&mut self.desk);
        self.gather(key, &mut desk);
        let Some(peer) = self.peers.get_mut(key) else {
            self.desk = desk;
            return;
        };
        if let Some(wire) = &mut peer.wire {
            let pictures = desk.demands.iter().filter(|demand| demand.kind == Kind::Video);
            let least = pictures.filter_map(|demand| demand.ladder.steps().first()).map(|step| step.rate).min();
            let sound = desk.demands.iter().map(|demand| demand.alone).sum();
            wire.downlink.carries(sound, least.unwrap_or_default());
            if wire.downlink.is_guarded(self.now) {
                let sound = desk.demands.iter_mut().filter(|demand| demand.alone > 0);
                sound.for_each(|demand| demand.ladder.cost(demand.alone * (1 + MOST_BEFORE as u64)));
            }
        }
        peer.allotment.outcome = match peer.allotment.budget {
            Some(budget) => desk.allocator.divide(self.now, budget, &mut desk.demands),
            None => Outcome::default(),
        };
        let (id, limited) = (peer.id, peer.is_limited());
        peer.allotment.paused = limited && desk.demands.iter().any(|demand| demand.standing.given == Given::Paused);
        self.apply(&mut desk, limited);
        for (publisher, ssrc) in desk.requests.drain(..) {
            self.request_keyframe(publisher, ssrc);
        }
        if !desk.changes.is_empty() {
            self.tell(Event::StreamStates { peer: id, changes: std::mem::take(&mut desk.changes) });
        }
        desk.demands.clear();
        desk.of.clear();
        self.desk = desk;
    }

    /// Asks all that a peer takes what is wanted and what there is.
    fn gather(&mut self, key: Key<Peer>, desk: &mut Desk) {
        let Some(peer) = self.peers.get_mut(key) else {
            return;
        };
        let mut places = std::mem::take(&mut peer.allotment.places);
        let Some(peer) = self.peers.get(key) else {
            return;
        };
        places.resize(peer.taken.len(), 0);
        for (track_key, place) in peer.taken.values().zip(&mut places) {
            let Some(track) = self.tracks.get(*track_key) else {
                continue;
            };
            let Some(stands) = track.place_of(key, *place) else {
                continue;
            };
            *place = stands;
            let speaks = self.peers.get(track.publisher).is_some_and(|peer| peer.spoke_lately(self.now));
            if let Some(demand) = track.demand(self.now, stands, speaks) {
                desk.demands.push(demand);
                desk.of.push((*track_key, stands));
            }
        }
        if let Some(peer) = self.peers.get_mut(key) {
            peer.allotment.places = places;
        }
    }

    fn apply(&mut self, desk: &mut Desk, limited: bool) {
        for (demand, (key, place)) in desk.demands.iter().zip(&desk.of) {
            let Some(track) = self.tracks.get_mut(*key) else {
                continue;
            };
            let (limit, standing) =
                if limited { (demand.standing.given.into(), demand.standing) } else { Default::default() };
            let id = track.id;
            let Some(subscription) = track.subscriptions.get_mut(*place) else {
                continue;
            };
            subscription.standing = standing;
            if demand.kind == Kind::Audio {
                continue;
            }
            // What is not wanted, or does not come, is no news of the line.
            let flows = match demand.standing.given {
                _ if !limited => Some(true),
                Given::Nothing => None,
                Given::Paused => Some(false),
                Given::Share(_) => Some(true),
            };
            if let Some(flows) = flows
                && std::mem::replace(&mut subscription.told_flowing, flows) != flows
            {
                desk.changes.push((id, flows));
            }
            let awaited = track.limit(self.now, *place, limit);
            if let Some(ssrc) = awaited.and_then(|layer| track.take_request(self.now, layer)) {
                desk.requests.push((track.publisher, ssrc));
            }
        }
    }

    /// Lets what a peer begins to take begin with the least, when there is a limit.
    pub(crate) fn begin_limited(&mut self, key: Key<Peer>, track: Key<Track>) {
        if self.peers.get(key).is_some_and(Peer::is_limited)
            && let Some(subscription) = self.tracks.get_mut(track).and_then(|track| track.subscription(key))
        {
            subscription.begin_limited();
        }
    }

    /// Tells a publisher which layers of a track anybody wants, if that has changed.
    pub(crate) fn tell_layers_wanted(&mut self, key: Key<Track>) {
        let now = self.now;
        let Some(track) = self.tracks.get_mut(key) else {
            return;
        };
        let (id, publisher) = (track.id, track.publisher);
        if let Some(layers) = track.layers_wanted(now)
            && let Some(peer) = self.peers.get(publisher).map(|peer| peer.id)
        {
            self.tell(Event::LayersWanted { peer, track: id, layers });
        }
    }
}
