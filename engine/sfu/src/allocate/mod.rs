//! Who gets what when the line is narrow: one budget, divided over all that one person takes.
//!
//! Sound comes first and is never paused. Then everybody visible is seen at all, in the order of [`Class`], and only then
//! does anybody get more than the least. What somebody has is kept while it fits; what is short is taken from those who
//! rank last, at once. More is given with some room to spare, and not soon after something was taken, so that nothing goes
//! back and forth. A budget that grows takes from nobody, with one exception: whoever was not seen at all is seen before
//! others are seen better.
//!
//! This module knows numbers only: [`crate::allot`] gathers them and does what comes out.

pub(crate) mod ladder;
#[cfg(test)]
mod tests;

use std::{
    cmp::Reverse,
    time::{Duration, Instant},
};

use proto::media::Kind;

use ladder::{Ladder, Share};

/// Who goes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Who speaks or spoke a moment ago, and what the subscriber has pinned.
    First,
    /// A shared screen: of no use to anybody who cannot read it.
    Screen,
    /// All other pictures.
    #[default]
    Rest,
}

/// What one subscription wants and had.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    pub(crate) kind: Kind,
    pub(crate) class: Class,
    /// The size asked for, in pixels.
    pub(crate) area: u64,
    /// What there is; empty while nothing is wanted, or nothing comes.
    pub(crate) ladder: Ladder,
    /// What its sound takes by itself, in bit/s, where packets may bring copies of those before them; zero of what does not flow.
    pub(crate) alone: u64,
    /// What it had; afterwards, what it has.
    pub(crate) standing: Standing,
    level: usize,
}

/// What a subscription has, and what is remembered of it until the budget is divided again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) given: Given,
    class: Class,
    top: Option<Share>,
    lowered: Option<Instant>,
}

/// What a subscription gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Given {
    /// Nothing is wanted, or nothing comes.
    #[default]
    Nothing,
    /// Nothing, for want of bandwidth.
    Paused,
    /// This much.
    Share(Share),
}

/// What came of dividing a budget. Rates are in bit/s.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Outcome {
    /// What flows now.
    pub(crate) given: u64,
    /// What would have to be there for everybody to get all that is wanted.
    pub(crate) wanted: u64,
    /// The part of the layers wanted that is not given, from 0 to 1.
    pub(crate) deficit: f32,
}

/// Divides budgets. It holds nothing but memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Allocator {
    /// Pictures, who goes first standing first.
    order: Vec<(Class, usize)>,
}

impl Demand {
    pub(crate) fn new(kind: Kind, class: Class, area: u64, ladder: Ladder, standing: Standing) -> Self {
        Self { kind, class, area: area.max(1), ladder, alone: 0, standing, level: 0 }
    }

    fn rate(&self) -> u64 {
        self.ladder.steps()[..self.level].last().map_or(0, |step| step.rate)
    }

    /// What it takes to get to `level`, beyond what it has.
    fn cost(&self, level: usize) -> Option<u64> {
        let step = self.ladder.steps().get(level.checked_sub(1)?)?;
        Some(step.rate.saturating_sub(self.rate()))
    }

    /// What has to be left for one step more.
    fn price(&self) -> Option<u64> {
        let next = self.ladder.steps().get(self.level)?;
        Some(next.rate.saturating_sub(self.rate()) + spare(next.rate))
    }

    fn rise(&mut self, level: usize, left: &mut u64) {
        *left -= self.cost(level).unwrap_or_default();
        self.level = level;
    }

    fn rested(&self, now: Instant) -> bool {
        self.standing.lowered.is_none_or(|at| now.saturating_duration_since(at) >= REST)
    }

    /// Whether it ranks higher or wants more than when the budget was last divided: then it may take from those who rank
    /// lower than it.
    fn has_risen(&self) -> bool {
        let Standing { given, class, top, .. } = self.standing;
        given == Given::Nothing || self.class < class || self.ladder.top().map(|step| step.share) > top
    }

    fn settle(&mut self, now: Instant) {
        let steps = self.ladder.steps();
        let given = match steps[..self.level].last() {
            Some(step) => Given::Share(step.share),
            None if steps.is_empty() => Given::Nothing,
            None => Given::Paused,
        };
        let less = match (self.standing.given, given) {
            (Given::Share(had), Given::Share(has)) => {
                has < had && Some(had) <= self.ladder.top().map(|step| step.share)
            }
            (Given::Share(_), Given::Paused) => true,
            _ => false,
        };
        let lowered = if less { Some(now) } else { self.standing.lowered };
        self.standing = Standing { given, class: self.class, top: self.ladder.top().map(|step| step.share), lowered };
    }
}

impl Allocator {
    /// Divides `budget`, in bit/s, and notes with each demand what it gets.
    pub(crate) fn divide(&mut self, now: Instant, budget: u64, demands: &mut [Demand]) -> Outcome {
        let mut left = budget;
        self.order.clear();
        for (at, demand) in demands.iter_mut().enumerate() {
            demand.level = 0;
            if demand.kind == Kind::Audio {
                demand.level = demand.ladder.steps().len();
                left = left.saturating_sub(demand.rate());
            } else if demand.ladder.top().is_some() {
                self.order.push((demand.class, at));
            }
        }
        // Of equals the larger, which is looked at; then in an order that never changes by itself.
        self.order.sort_unstable_by_key(|(class, at)| (*class, Reverse(demands[*at].area), *at));
        for (_, at) in &self.order {
            show(now, &mut demands[*at], &mut left);
        }
        for class in self.order.chunk_by(|a, b| a.0 == b.0) {
            for (_, at) in class {
                keep(&mut demands[*at], &mut left);
            }
            raise(class, demands, &mut left, Demand::has_risen);
        }
        for class in self.order.chunk_by(|a, b| a.0 == b.0) {
            raise(class, demands, &mut left, |demand| demand.rested(now));
        }
        demands.iter_mut().for_each(|demand| demand.settle(now));
        outcome(demands)
    }
}

/// Gives the least there is, if that fits.
fn show(now: Instant, demand: &mut Demand, left: &mut u64) {
    let paused = demand.standing.given == Given::Paused;
    let fits = if paused { demand.price() } else { demand.cost(1) }.is_some_and(|price| price <= *left);
    if fits && (!paused || demand.rested(now) || demand.has_risen()) {
        demand.rise(1, left);
    }
}

/// Gives what it had, or the most below that fits.
fn keep(demand: &mut Demand, left: &mut u64) {
    let Given::Share(had) = demand.standing.given else {
        return;
    };
    if demand.level == 0 {
        return;
    }
    let fits = |level: &usize| demand.cost(*level).is_some_and(|cost| cost <= *left);
    if let Some(level) = (demand.level + 1..=demand.ladder.level(had)).rev().find(fits) {
        demand.rise(level, left);
    }
}

/// Gives step after step to those of one class for whom `may` holds: the next to whoever has least for the size that it
/// asked for, and can have more.
fn raise(class: &[(Class, usize)], demands: &mut [Demand], left: &mut u64, may: impl Fn(&Demand) -> bool) {
    loop {
        let can = |at: &usize| {
            let demand = &demands[*at];
            demand.level > 0 && may(demand) && demand.price().is_some_and(|price| price <= *left)
        };
        let least = |at: &usize| u128::from(demands[*at].rate()) * FINE / u128::from(demands[*at].area);
        let Some(next) = class.iter().map(|(_, at)| *at).filter(can).min_by_key(least) else {
            return;
        };
        let level = demands[next].level + 1;
        demands[next].rise(level, left);
    }
}

fn outcome(demands: &[Demand]) -> Outcome {
    let mut outcome = Outcome::default();
    let (mut asked, mut missing) = (0_usize, 0_usize);
    for demand in demands {
        let top = demand.ladder.top();
        outcome.given += demand.rate();
        outcome.wanted += wanted(demand);
        if let (Kind::Video, Some(top)) = (demand.kind, top) {
            let layers = top.share.layer as usize + 1;
            let flowing = match demand.standing.given {
                Given::Share(share) => share.layer as usize + 1,
                Given::Paused | Given::Nothing => 0,
            };
            asked += layers;
            missing += layers.saturating_sub(flowing);
        }
    }
    outcome.deficit = if asked == 0 { 0.0 } else { missing as f32 / asked as f32 };
    outcome
}

/// What a budget has to hold for a demand to get all that it wants, in bit/s.
fn wanted(demand: &Demand) -> u64 {
    let top = demand.ladder.top().map_or(0, |step| step.rate);
    if demand.kind == Kind::Audio { top } else { top + spare(top) }
}

/// What has to be left over when a layer of this rate begins: encoders swing by about that much, and a keyframe comes with
/// it.
fn spare(rate: u64) -> u64 {
    rate * 15 / 100
}

/// How long after something was taken from a subscription it gets nothing more: an estimate that fell comes back in less,
/// and a change that lasts a shorter time is a flicker.
const REST: Duration = Duration::from_secs(4);
/// Parts of a bit per pixel that count when two are compared.
const FINE: u128 = 1 << 20;
