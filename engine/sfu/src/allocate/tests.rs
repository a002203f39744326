//! What holds for all inputs, tried with many; and a few divisions as a table.

use proto::{id::IdSource, media::Quality};

use super::{ladder::Supply, *};
use crate::testing::start;

const SEEDS: std::ops::Range<u64> = 0..300;
const TICK: Duration = Duration::from_millis(300);

/// One person's subscriptions and the time.
struct Viewer {
    now: Instant,
    demands: Vec<Demand>,
    allocator: Allocator,
}

impl Viewer {
    fn new(demands: Vec<Demand>) -> Self {
        Self { now: start(), demands, allocator: Allocator::default() }
    }

    /// Microphones and cameras, screens, and speakers as chance has it.
    fn any(chance: &mut IdSource) -> Self {
        let mut below = |n: u64| chance.draw() % n;
        let mut demands = Vec::new();
        for _ in 0..1 + below(12) {
            if below(3) == 0 {
                demands.push(demand(Kind::Audio, Class::Rest, [0, 0, 10_000 + below(50_000)], [0; 3], 1));
                continue;
            }
            let class = [Class::First, Class::Screen, Class::Rest, Class::Rest, Class::Rest][below(5) as usize];
            let mut rates = [20_000 + below(200_000), 50_000 + below(700_000), 100_000 + below(3_000_000)];
            for rate in &mut rates {
                *rate *= u64::from(below(4) > 0);
            }
            let temporal = if below(2) == 0 { [0; 3] } else { [450, 650, 1000] };
            demands.push(demand(Kind::Video, class, rates, temporal, 1 + below(1_000_000)));
        }
        Self::new(demands)
    }

    fn divide(&mut self, budget: u64) -> Outcome {
        self.allocator.divide(self.now, budget, &mut self.demands)
    }

    /// Some time at one budget.
    fn stay(&mut self, time: Duration, budget: u64) {
        let end = self.now + time;
        while self.now < end {
            self.now += TICK;
            self.divide(budget);
        }
    }

    fn given(&self) -> Vec<Given> {
        self.demands.iter().map(|demand| demand.standing.given).collect()
    }

    fn top(&self) -> u64 {
        self.demands.iter().map(wanted).sum()
    }

    fn sound(&self) -> u64 {
        self.demands.iter().filter(|d| d.kind == Kind::Audio).map(Demand::rate).sum()
    }

    /// Pictures, who goes first standing first.
    fn ranked(&self) -> Vec<&Demand> {
        self.allocator.order.iter().map(|(_, at)| &self.demands[*at]).collect()
    }

    /// What pictures have beyond the least.
    fn extra(demand: &Demand) -> u64 {
        demand.rate() - demand.ladder.steps().first().filter(|_| demand.level > 0).map_or(0, |step| step.rate)
    }
}

fn demand(kind: Kind, class: Class, rates: [u64; 3], temporal: [u16; 3], area: u64) -> Demand {
    let supplies = rates.map(|rate| Supply { rate, temporal });
    Demand::new(kind, class, area, Ladder::new(&supplies, Quality::High), Standing::default())
}

/// Whether some who were paused are seen in `after`.
fn somebody_appears(before: &[Given], after: &[Given]) -> bool {
    before.iter().zip(after).any(|(had, has)| *had == Given::Paused && matches!(has, Given::Share(_)))
}

/// Whether somebody has less in `after`.
fn somebody_lost(before: &[Given], after: &[Given]) -> bool {
    before.iter().zip(after).any(|pair| match pair {
        (Given::Share(had), Given::Share(has)) => has < had,
        (Given::Share(_), _) => true,
        _ => false,
    })
}

#[test]
fn never_is_more_given_than_there_is() {
    for seed in SEEDS {
        let chance = &mut IdSource::new(seed);
        let mut viewer = Viewer::any(chance);
        let most = viewer.top() + 1;
        for _ in 0..50 {
            viewer.now += Duration::from_millis(chance.draw() % 5_000);
            let budget = chance.draw() % most;
            let outcome = viewer.divide(budget);
            let sound = viewer.sound();
            assert!(outcome.given <= budget.max(sound), "seed {seed}: {outcome:?} of {budget}");
            let silent =
                viewer.demands.iter().any(|d| d.kind == Kind::Audio && !matches!(d.standing.given, Given::Share(_)));
            assert!(!silent, "seed {seed}: sound was paused");
        }
    }
}

#[test]
fn a_constant_budget_settles() {
    for seed in SEEDS {
        let chance = &mut IdSource::new(seed);
        let mut viewer = Viewer::any(chance);
        let most = viewer.top() + 1;
        for _ in 0..6 {
            viewer.stay(Duration::from_secs(1), chance.draw() % most);
        }
        let budget = chance.draw() % most;
        viewer.stay(REST * 4, budget);
        let settled = viewer.given();
        viewer.stay(REST * 4, budget);
        assert_eq!(viewer.given(), settled, "seed {seed}");
    }
}

#[test]
fn a_growing_budget_takes_from_nobody_but_to_show_somebody() {
    for seed in SEEDS {
        let chance = &mut IdSource::new(seed);
        let mut viewer = Viewer::any(chance);
        let most = viewer.top();
        for _ in 0..4 {
            viewer.stay(Duration::from_secs(1), chance.draw() % (most / 2 + 1));
        }
        let mut budget = most / 8;
        viewer.stay(TICK, budget);
        while budget <= most {
            let before = viewer.given();
            budget += most / 200 + 1;
            viewer.stay(TICK, budget);
            let after = viewer.given();
            let fair = !somebody_lost(&before, &after) || somebody_appears(&before, &after);
            assert!(fair, "seed {seed} at {budget}: {before:?} {after:?}");
        }
        viewer.stay(REST * 2, most);
        let lacks = |d: &&Demand| d.level < d.ladder.steps().len();
        assert_eq!(viewer.demands.iter().filter(lacks).count(), 0, "seed {seed}: what is wanted is enough");
        assert_eq!(viewer.divide(most).deficit, 0.0);
    }
}

#[test]
fn what_is_short_is_taken_from_those_who_rank_last() {
    for seed in SEEDS {
        let chance = &mut IdSource::new(seed);
        let mut viewer = Viewer::any(chance);
        viewer.stay(REST * 2, viewer.top());
        let budget = chance.draw() % (viewer.top() + 1);
        let outcome = viewer.divide(budget);
        let left = budget.saturating_sub(outcome.given);
        let ranked = viewer.ranked();
        for (place, victim) in ranked.iter().enumerate() {
            let (higher, lower) = (&ranked[..place], &ranked[place + 1..]);
            let Some(missed) = victim.cost(victim.level + 1) else {
                continue;
            };
            let possible: u64 = if victim.level == 0 {
                // All that others have beyond the least, and all that those behind it have.
                higher.iter().map(|d| Viewer::extra(d)).chain(lower.iter().map(|d| d.rate())).sum()
            } else {
                lower.iter().filter(|d| d.class > victim.class).map(|d| Viewer::extra(d)).sum()
            };
            assert!(missed > left + possible, "seed {seed}: {victim:?} lost although {} would do", left + possible);
        }
    }
}

#[test]
fn with_more_nobody_who_ranks_first_is_seen_less() {
    for seed in SEEDS {
        let chance = &mut IdSource::new(seed);
        let fresh = Viewer::any(chance);
        let most = fresh.top() + 1;
        let (less, more) = (chance.draw() % most, chance.draw() % most);
        let divided = |budget: u64| {
            let mut viewer = Viewer::new(fresh.demands.clone());
            viewer.divide(budget);
            let levels: Vec<usize> = viewer.ranked().iter().map(|d| d.level).collect();
            let first = viewer.ranked().first().map(|d| d.class);
            let alone = viewer.ranked().get(1).map(|d| d.class) != first;
            (levels, alone)
        };
        let (poor, _) = divided(less.min(more));
        let (rich, alone) = divided(less.max(more));
        let seen = |levels: &[usize]| levels.iter().map(|level| *level > 0).collect::<Vec<_>>();
        assert!(seen(&rich) >= seen(&poor), "seed {seed}: {poor:?} {rich:?}");
        if alone && seen(&rich) == seen(&poor) {
            assert!(rich.first() >= poor.first(), "seed {seed}: {poor:?} {rich:?}");
        }
    }
}

/// Cameras of three layers, whose names say class and size: `f` first, `s` screen, `c` camera, `C` a camera shown large.
fn room(people: &str) -> Viewer {
    let of = |name: char| match name {
        'f' => demand(Kind::Video, Class::First, CAMERA, [0; 3], 640 * 360),
        's' => demand(Kind::Video, Class::Screen, [0, 0, 1_000_000], [0; 3], 1920 * 1080),
        'C' => demand(Kind::Video, Class::Rest, CAMERA, [0; 3], 1280 * 720),
        'a' => demand(Kind::Audio, Class::Rest, [0, 0, 50_000], [0; 3], 1),
        _ => demand(Kind::Video, Class::Rest, CAMERA, [0; 3], 320 * 180),
    };
    Viewer::new(people.chars().map(of).collect())
}

const CAMERA: [u64; 3] = [100_000, 400_000, 1_500_000];

/// `-` is paused, `0` to `2` the layer.
fn shown(viewer: &Viewer) -> String {
    let sign = |demand: &Demand| match demand.standing.given {
        Given::Nothing => '?',
        Given::Paused => '-',
        Given::Share(share) => char::from(b'0' + share.layer as u8),
    };
    viewer.demands.iter().map(sign).collect()
}

#[test]
fn order_of_a_first_division() {
    for (people, budget, expected) in [
        ("aacc", 50_000, "22--"),
        ("aacc", 210_000, "220-"),
        ("ccc", 300_000, "000"),
        ("ccf", 200_000, "0-0"),
        ("ccs", 1_050_000, "--2"),
        ("ccs", 600_000, "10-"), // the screen does not fit, and what is there is not left lying
        ("cfc", 700_000, "010"),
        ("ccc", 660_000, "100"),
        ("ccC", 660_000, "001"),
        ("ccC", 10_000_000, "222"),
        ("scf", 1_700_000, "201"),
    ] {
        let mut viewer = room(people);
        viewer.divide(budget);
        assert_eq!(shown(&viewer), expected, "{people} with {budget}");
    }
}

#[test]
fn who_begins_to_speak_takes_from_those_who_do_not() {
    let mut viewer = room("ccc");
    viewer.divide(700_000);
    assert_eq!(shown(&viewer), "100");
    viewer.demands[2].class = Class::First;
    viewer.divide(700_000);
    assert_eq!(shown(&viewer), "001");
    viewer.demands[2].class = Class::Rest;
    viewer.stay(REST * 3, 700_000);
    assert_eq!(shown(&viewer), "001", "nobody else needs it more");
}

#[test]
fn what_was_taken_comes_back_after_a_while_and_with_room_to_spare() {
    let mut viewer = room("cc");
    viewer.divide(1_000_000);
    assert_eq!(shown(&viewer), "11");
    viewer.stay(TICK, 500_000);
    assert_eq!(shown(&viewer), "10", "at once");
    viewer.stay(REST - TICK, 1_000_000);
    assert_eq!(shown(&viewer), "10", "not so soon");
    viewer.stay(TICK * 2, 1_000_000);
    assert_eq!(shown(&viewer), "11");
    viewer.stay(TICK, 190_000);
    assert_eq!(shown(&viewer), "0-");
    viewer.stay(REST * 2, 210_000);
    assert_eq!(shown(&viewer), "0-", "that would be a close fit");
    viewer.stay(REST * 2, 220_000);
    assert_eq!(shown(&viewer), "00");
}

#[test]
fn a_layer_that_swings_a_little_does_not_flicker() {
    let mut viewer = room("c");
    viewer.divide(470_000);
    let chance = &mut IdSource::new(9);
    for _ in 0..200 {
        viewer.now += TICK;
        let mut swing = |rate: u64| rate * (90 + chance.draw() % 25) / 100;
        let supplies = CAMERA.map(|rate| Supply { rate: swing(rate), temporal: [0; 3] });
        viewer.demands[0].ladder = Ladder::new(&supplies, Quality::High);
        viewer.divide(470_000);
        assert_eq!(shown(&viewer), "1");
    }
}
