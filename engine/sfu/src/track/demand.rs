//! What a track says about the bandwidth it takes: to those who divide it, and to its publisher.

use std::time::{Duration, Instant};

use proto::{
    Source,
    media::{Kind, Layer, Quality},
};

use super::{Limit, Track, rate, wanted::Layers};
use crate::{
    allocate::{
        Class, Demand,
        ladder::{Ladder, Supply},
    },
    forward::choice::{LAYERS, most_wanted},
    peer::Peer,
    slab::Key,
};

impl Track {
    /// Works out what the layers take, `elapsed` after the last time.
    pub(crate) fn measure(&mut self, elapsed: Duration) {
        for layer in &mut self.layers {
            layer.rate.work_out(elapsed);
            layer.parts.fade();
            layer.holes.fade();
        }
        self.alone.work_out(elapsed);
    }

    /// Which layers the publisher should be told that anybody wants, if that is news.
    pub(crate) fn layers_wanted(&mut self, now: Instant) -> Option<Layers> {
        if self.kind == Kind::Audio {
            return None;
        }
        let wishes = self.subscriptions.iter().map(|s| &s.wish).filter(|wish| wish.enabled);
        let most = wishes.map(|wish| most_wanted(wish, &self.announced)).max();
        self.told.tell(now, most)
    }

    /// Where the subscription of `peer` stands; `place` is where it stood when last looked for.
    pub(crate) fn place_of(&self, peer: Key<Peer>, place: usize) -> Option<usize> {
        let stays = self.subscriptions.get(place).is_some_and(|s| s.peer == peer);
        if stays { Some(place) } else { self.subscriptions.iter().position(|s| s.peer == peer) }
    }

    /// What a subscription wants, and what there is, for a budget to be divided; `None` while it has no way out. `speaks`
    /// says whether the publisher does.
    pub(crate) fn demand(&self, now: Instant, place: usize, speaks: bool) -> Option<Demand> {
        let subscription = self.subscriptions.get(place).filter(|s| s.outlet.is_some())?;
        let wish = &subscription.wish;
        let class = match self.source {
            _ if speaks || wish.pinned => Class::First,
            Some(Source::Screen) => Class::Screen,
            _ => Class::Rest,
        };
        let most = most_wanted(wish, &self.announced);
        let size = wish.size.unwrap_or_else(|| self.size_of(most));
        let area = u64::from(size.0) * u64::from(size.1);
        let flows = wish.enabled && !self.muted;
        let ladder = if flows { Ladder::new(&self.supplies(now), most) } else { Ladder::default() };
        let mut demand = Demand::new(self.kind, class, area, ladder, subscription.standing);
        if self.kind == Kind::Audio && ladder.top().is_some() {
            demand.alone = self.alone.get(rate::USUAL_SOUND);
            if !subscription.outlet.as_ref()?.takes_copies() {
                demand.ladder.cost(demand.alone);
            }
        }
        Some(demand)
    }

    /// Does for a subscription what the subscriber's budget allows. Returns the layer of which that takes a keyframe.
    pub(crate) fn limit(&mut self, now: Instant, place: usize, limit: Limit) -> Option<Quality> {
        let sending = self.sending(now);
        let subscription = self.subscriptions.get_mut(place)?;
        if std::mem::replace(&mut subscription.limit, limit) == limit {
            return None;
        }
        subscription.pass_wish_on();
        let awaited =
            subscription.aim(&self.announced, sending, self.simulcast).filter(|_| self.kind == Kind::Video)?;
        self.layers[awaited as usize].hungry = true;
        Some(awaited)
    }

    fn supplies(&self, now: Instant) -> [Supply; 3] {
        let mut supplies = LAYERS.map(|layer| {
            let ingest = &self.layers[layer as usize];
            if !ingest.sends(now) {
                return Supply::default();
            }
            let (width, height) = self.size_of(layer);
            let usual = if self.kind == Kind::Audio { rate::USUAL_SOUND } else { rate::usual(width, height) };
            Supply { rate: ingest.rate.get(usual), temporal: ingest.parts.temporal() }
        });
        let [low, medium, whole] = &mut supplies;
        if low.rate == 0 && medium.rate == 0 {
            // What has no layers beside it may have some inside it: the lowest one low, a middle one medium.
            let up_to = self.layers[Quality::High as usize].parts.spatial();
            let part = |thousandths: u16| Supply { rate: whole.rate * u64::from(thousandths) / 1000, ..*whole };
            if up_to[0] < 1000 {
                *low = part(up_to[0]);
            }
            if up_to[1] < 1000 {
                *medium = part(up_to[1]);
            }
        }
        supplies
    }

    /// The size of a layer in pixels, announced or as cameras usually have it.
    fn size_of(&self, layer: Quality) -> (u32, u32) {
        let sized = |l: &&Layer| l.quality == layer && l.width > 0 && l.height > 0;
        let announced = self.announced.iter().find(sized).map(|l| (l.width, l.height));
        announced.unwrap_or(USUAL_SIZES[layer as usize])
    }
}

/// What LiveKit's clients make of a camera, by layer.
const USUAL_SIZES: [(u32, u32); 3] = [(320, 180), (640, 360), (1280, 720)];
