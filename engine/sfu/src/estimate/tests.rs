//! The whole estimator, behind a virtual bottleneck ([`super::bed`]) and under hostile reports.

use std::time::Duration;

use super::{
    Departure, Estimator,
    bed::{Bed, Chance, Link, Source},
    receiver::encode,
};
use crate::testing::start;

/// The numbers of each test, over all seeds: for `--nocapture`.
struct Seen(&'static str, Vec<f64>);

impl Seen {
    fn check(&mut self, seed: u64, number: f64, allowed: std::ops::RangeInclusive<f64>) {
        assert!(allowed.contains(&number), "seed {seed}: {}: {number:.2}, not in {allowed:?}", self.0);
        self.1.push(number);
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.1.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (self.1.first(), self.1.last()) {
            println!("{}: {least:.2} to {most:.2}, median {:.2}", self.0, self.1[self.1.len() / 2]);
        }
    }
}

const SEEDS: std::ops::Range<u64> = 0..20;
const LAYERS: &[f64] = &[150e3, 500e3, 1.2e6, 2.5e6];

#[test]
fn it_finds_what_gets_through() {
    for (rate, name, queues) in
        [(300e3, "300 kbit/s", "its queue"), (1e6, "1 Mbit/s", "its queue"), (5e6, "5 Mbit/s", "its queue")]
    {
        let (mut share, mut queue) = (Seen(name, vec![]), Seen(queues, vec![]));
        for seed in SEEDS {
            let mut bed = Bed::new(seed, Link::new(rate), &[Source::Elastic(8e6)]);
            let flow = &bed.run(40.0).flows[0];
            share.check(seed, flow.mean(15.0..40.0) * 1e3 / rate, 0.7..=1.05);
            queue.check(seed, flow.queue(15.0..40.0), 0.0..=150.0);
        }
    }
}

#[test]
fn a_wide_link_is_found_within_a_second() {
    let mut seen = Seen("seconds to 3 Mbit/s at a join", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(50e6), &[Source::Layers(LAYERS)]);
        let flow = &bed.run(10.0).flows[0];
        seen.check(seed, flow.first(0.0, |kbps| kbps > 2600.0), 0.0..=1.0);
        assert!(flow.within(1.0..10.0).all(|sample| sample.available > 2500.0), "seed {seed}");
    }
}

#[test]
fn a_narrow_link_is_found_at_once_at_a_join() {
    let (mut falls, mut queue) = (Seen("seconds to 350 kbit/s at a join", vec![]), Seen("queue after 4 s", vec![]));
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(300e3), &[Source::Elastic(8e6)]);
        let flow = &bed.run(20.0).flows[0];
        falls.check(seed, flow.first(0.0, |kbps| kbps > 0.0 && kbps < 350.0), 0.0..=1.0);
        queue.check(seed, flow.queue(4.0..20.0), 0.0..=150.0);
    }
}

#[test]
fn a_narrower_link_is_respected_within_two_seconds() {
    let (mut falls, mut queue) = (Seen("seconds to fall", vec![]), Seen("queue after", vec![]));
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(5e6), &[Source::Elastic(8e6)]);
        bed.run(20.0).link.rate = 1e6;
        let flow = &bed.run(20.0).flows[0];
        falls.check(seed, flow.first(20.0, |kbps| kbps < 1100.0), 0.0..=2.0);
        queue.check(seed, flow.queue(23.0..40.0), 0.0..=150.0);
        assert!(flow.mean(25.0..40.0) > 600.0, "seed {seed}: {}", flow.mean(25.0..40.0));
    }
}

#[test]
fn a_link_that_is_wide_again_is_found_within_15_seconds() {
    for (source, name) in [(Source::Elastic(8e6), "climb, elastic"), (Source::Layers(LAYERS), "climb, layers")] {
        let mut climbs = Seen(name, vec![]);
        for seed in SEEDS {
            let mut bed = Bed::new(seed, Link::new(5e6), &[source]);
            bed.run(10.0).link.rate = 1e6;
            bed.run(15.0 + seed as f64 / 5.0).link.rate = 5e6;
            let since = bed.now() as f64 / 1e3;
            let flow = &bed.run(20.0).flows[0];
            let aim = if matches!(source, Source::Layers(_)) { 2550.0 } else { 3000.0 };
            climbs.check(seed, flow.first(since, |kbps| kbps > aim), 0.0..=15.0);
        }
    }
}

#[test]
fn room_that_is_not_used_is_found_by_probes() {
    let (mut climbs, mut cost) = (Seen("seconds to 2.5 Mbit/s", vec![]), Seen("padding, kbit/s", vec![]));
    for seed in SEEDS {
        let source = Source::Fixed { sends: 400e3, wants: 2.5e6 };
        let mut bed = Bed::new(seed, Link::new(500e3), &[source]);
        bed.run(15.0).link.rate = 5e6;
        let flow = &bed.run(20.0).flows[0];
        climbs.check(seed, flow.first(15.0, |kbps| kbps > 2500.0), 0.0..=10.0);
        let padding = flow.within(0.0..15.0).last().unwrap().probes;
        cost.check(seed, padding as f64 * 8.0 / 15e3, 0.0..=20.0);
    }
}

#[test]
fn random_loss_is_not_a_limit() {
    for (rate, name) in [(1e6, "5 % loss at 1 Mbit/s"), (5e6, "5 % loss at 5 Mbit/s")] {
        let mut share = Seen(name, vec![]);
        for seed in SEEDS {
            let mut bed = Bed::new(seed, Link { loss: 0.05, ..Link::new(rate) }, &[Source::Elastic(8e6)]);
            let flow = &bed.run(40.0).flows[0];
            share.check(seed, flow.mean(15.0..40.0) * 1e3 / rate, 0.6..=1.1);
            assert!((0.0..0.12).contains(&flow.estimator.lost()));
        }
    }
}

#[test]
fn jitter_is_not_a_queue() {
    for (rate, name) in [(300e3, "jitter at 300 kbit/s"), (600e3, "jitter at 600 kbit/s"), (2e6, "jitter at 2 Mbit/s")]
    {
        let mut share = Seen(name, vec![]);
        for seed in SEEDS {
            let jitter = 20.0 + 30.0 * seed as f64 / 20.0;
            let mut bed = Bed::new(seed, Link { jitter, ..Link::new(rate) }, &[Source::Elastic(4e6)]);
            let flow = &bed.run(40.0).flows[0];
            share.check(seed, flow.mean(15.0..40.0) * 1e3 / rate, 0.6..=1.1);
        }
    }
}

/// As over a radio whose other users come and go: the delay rises and falls by 50 ms within a tenth of a second.
#[test]
fn a_delay_that_wanders_is_not_a_queue() {
    for (loss, name) in [(0.0, "kbit/s of 5,000, wandering delay"), (0.05, "the same, 5 % loss")] {
        let (mut least, mut share) = (Seen("at least", vec![]), Seen(name, vec![]));
        for seed in SEEDS {
            let link = Link { wander: 50.0, delay: 125.0, loss, ..Link::new(5e6) };
            let mut bed = Bed::new(seed, link, &[Source::Layers(LAYERS)]);
            let flow = &bed.run(60.0).flows[0];
            let lowest = flow.within(15.0..60.0).map(|sample| sample.available).fold(f64::INFINITY, f64::min);
            least.check(seed, lowest, 350.0..=5e3);
            share.check(seed, flow.mean(15.0..60.0), 700.0..=5e3);
        }
    }
}

/// A full queue does not shrink either, as long as more comes than goes; but it runs over.
#[test]
fn a_full_queue_is_no_longer_way() {
    let mut took = Seen("seconds to 300 of 1,000 kbit/s, 200 ms of queue", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { longest_queue: 200.0, ..Link::new(5e6) }, &[Source::Layers(LAYERS)]);
        bed.run(20.0);
        bed.link.rate = 1e6;
        bed.run(10.0);
        bed.link.rate = 300e3;
        let flow = &bed.run(20.0).flows[0];
        took.check(seed, flow.first(30.0, |kbps| kbps < 350.0), 0.0..=2.0);
        let most = flow.within(33.0..50.0).map(|sample| sample.available).fold(0.0, f64::max);
        assert!(most < 600.0, "seed {seed}: {most}");
    }
}

/// As when a telephone goes from one cell to another, or a route changes.
#[test]
fn a_way_that_becomes_longer_is_no_queue() {
    let (mut soon, mut least) =
        (Seen("seconds to all pictures over a longer way", vec![]), Seen("kbit/s at least", vec![]));
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { delay: 10.0, ..Link::new(8e6) }, &[Source::Layers(LAYERS)]);
        bed.run(20.0);
        bed.link.delay = 150.0;
        let flow = &bed.run(20.0).flows[0];
        soon.check(seed, flow.first(21.0, |kbps| kbps > 2_548.0), 0.0..=3.0);
        let lowest = flow.within(20.0..40.0).map(|sample| sample.available).fold(f64::INFINITY, f64::min);
        least.check(seed, lowest, 1_000.0..=3e3);
    }
}

#[test]
fn a_path_that_loses_much_is_not_left_empty() {
    let mut share = Seen("15 % loss at 2 Mbit/s", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { loss: 0.15, ..Link::new(2e6) }, &[Source::Elastic(8e6)]);
        share.check(seed, bed.run(40.0).flows[0].mean(15.0..40.0) / 2e3, 0.4..=1.1);
    }
}

#[test]
fn packets_that_come_in_bunches_are_not_a_queue() {
    let (mut share, mut queue) = (Seen("gathered for 20 ms, 2 Mbit/s", vec![]), Seen("its queue", vec![]));
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { gather: 20.0, ..Link::new(2e6) }, &[Source::Elastic(8e6)]);
        let flow = &bed.run(40.0).flows[0];
        share.check(seed, flow.mean(15.0..40.0) / 2e3, 0.7..=1.05);
        queue.check(seed, flow.queue(15.0..40.0), 0.0..=150.0);
    }
}

#[test]
fn pictures_that_leave_at_once_are_not_a_queue() {
    let (mut share, mut queue) = (Seen("not paced, 1 Mbit/s", vec![]), Seen("its queue", vec![]));
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(1e6), &[Source::Elastic(8e6)]);
        bed.flows[0].pace = 1e3;
        let flow = &bed.run(40.0).flows[0];
        share.check(seed, flow.mean(15.0..40.0) / 1e3, 0.7..=1.05);
        queue.check(seed, flow.queue(15.0..40.0), 0.0..=150.0);
    }
}

#[test]
fn a_long_way_takes_no_longer_to_fill() {
    let mut share = Seen("600 ms there and back, 5 Mbit/s", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { delay: 300.0, ..Link::new(5e6) }, &[Source::Elastic(8e6)]);
        share.check(seed, bed.run(40.0).flows[0].mean(15.0..40.0) / 5e3, 0.6..=1.05);
    }
}

/// A layer that does not fit is tried by probes, not by sending it.
#[test]
fn a_layer_that_does_not_fit_does_not_come_and_go() {
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(1e6), &[Source::Layers(LAYERS)]);
        let flow = &bed.run(60.0).flows[0];
        assert!(flow.within(20.0..60.0).all(|sample| (550.0..1248.0).contains(&sample.available)), "seed {seed}");
    }
}

#[test]
fn a_bucket_that_lets_bursts_through_is_not_probed_for_ever() {
    let (mut cost, mut queue, mut long) = (Seen("padding, kbit/s", vec![]), Seen("queue behind a bucket", vec![]), 0);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { bucket: 30e3, ..Link::new(1e6) }, &[Source::Layers(LAYERS)]);
        let flow = &bed.run(60.0).flows[0];
        cost.check(seed, flow.samples.last().unwrap().probes as f64 * 8.0 / 60e3, 0.0..=20.0);
        let waits = flow.queue(20.0..60.0);
        queue.check(seed, waits, 0.0..=300.0);
        // What a bucket lets through at the start counts as what the path carries, for one of these seeds.
        long += usize::from(waits > 200.0);
    }
    assert!(long <= 1, "{long} of {} queues are longer than 200 ms", SEEDS.count());
}

#[test]
fn reordering_is_neither_loss_nor_queue() {
    let mut share = Seen("5 % overtaken at 1 Mbit/s", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link { overtaken: 0.05, ..Link::new(1e6) }, &[Source::Elastic(4e6)]);
        let flow = &bed.run(40.0).flows[0];
        share.check(seed, flow.mean(15.0..40.0) / 1e3, 0.6..=1.05);
        assert!(flow.estimator.lost() < 0.04, "seed {seed}: {}", flow.estimator.lost());
    }
}

#[test]
fn a_bottleneck_without_a_queue_is_found_by_its_losses() {
    let mut share = Seen("a queue of 20 ms at 1 Mbit/s", vec![]);
    for seed in SEEDS {
        let link = Link { longest_queue: 20.0, ..Link::new(1e6) };
        let mut bed = Bed::new(seed, link, &[Source::Elastic(8e6)]);
        let flow = &bed.run(40.0).flows[0];
        share.check(seed, flow.mean(10.0..40.0) / 1e3, 0.4..=1.3);
    }
}

#[test]
fn two_share_a_link() {
    let mut ratio = Seen("greater share over smaller", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(3e6), &[Source::Elastic(8e6), Source::Elastic(8e6)]);
        bed.run(70.0);
        let [one, other] = [0, 1].map(|at| bed.flows[at].mean(20.0..70.0));
        ratio.check(seed, one.max(other) / one.min(other), 1.0..=3.0);
        let queue = bed.flows[0].queue(20.0..70.0);
        assert!(queue < 200.0, "seed {seed}: {queue}");
    }
}

#[test]
fn without_reports_nothing_is_known_and_nothing_limited() {
    let mut bed = Bed::new(1, Link { answers: false, ..Link::new(5e6) }, &[Source::Elastic(3e6)]);
    let flow = &bed.run(10.0).flows[0];
    let estimator = &flow.estimator;
    assert_eq!((estimator.available(), estimator.acknowledged(), estimator.round_trip()), (None, None, None));
    assert_eq!((estimator.queued(), estimator.lost()), (Duration::ZERO, 0.0));
    assert!(!estimator.pressed() && flow.samples.last().unwrap().probes == 0);
}

#[test]
fn when_reports_stop_less_is_sent_until_they_are_back() {
    let mut back = Seen("seconds to 2 Mbit/s after silence", vec![]);
    for seed in SEEDS {
        let mut bed = Bed::new(seed, Link::new(5e6), &[Source::Elastic(3e6)]);
        bed.run(10.0).link.answers = false;
        let estimator = &bed.run(4.0).flows[0].estimator;
        assert!(estimator.pressed() && estimator.available().unwrap() < 500_000, "seed {seed}");
        bed.link.answers = true;
        let flow = &bed.run(10.0).flows[0];
        back.check(seed, flow.first(14.0, |kbps| kbps > 2000.0), 0.0..=5.0);
    }
}

/// Without sound, a person whose pictures are all paused is sent nothing, and reports nothing.
#[test]
fn who_is_sent_nothing_any_more_is_not_forgotten() {
    let mut back = Seen("seconds to 2.5 Mbit/s after nothing", vec![]);
    for seed in SEEDS {
        for silent in [false, true] {
            let mut bed = Bed::new(seed, Link::new(5e6), &[Source::Pictures(LAYERS)]);
            bed.run(10.0);
            (bed.link.rate, bed.link.answers) = (if silent { 5e6 } else { 60e3 }, !silent);
            bed.run(20.0 + seed as f64 * 0.4);
            (bed.link.rate, bed.link.answers) = (5e6, true);
            let since = bed.now() as f64 / 1e3;
            let flow = &bed.run(20.0).flows[0];
            assert!(flow.first(10.0, |kbps| kbps < 150.0) < 10.0, "seed {seed}: nothing was ever paused");
            back.check(seed, flow.first(since, |kbps| kbps > 2500.0), 0.0..=15.0);
        }
    }
}

#[test]
fn a_lost_report_behind_the_last_packet_is_no_silence() {
    let mut bed = Bed::new(1, Link::new(5e6), &[Source::Elastic(3e6)]);
    bed.run(5.0).flows[0].source = Source::Pictures(&[]);
    bed.run(1.0);
    let (now, estimator) = (bed.time(), &mut bed.flows[0].estimator);
    let before = estimator.available();
    (0..7).for_each(|place| estimator.sent(now, place, 100, Departure::Media));
    for tick in 0..500 {
        assert!(estimator.tick(now + Duration::from_millis(20 * tick), 100_000).is_none());
    }
    assert!(estimator.available() >= before && !estimator.pressed());
}

#[test]
fn a_peer_to_which_nothing_is_sent_keeps_its_rate() {
    let mut bed = Bed::new(3, Link::new(5e6), &[Source::Elastic(3e6)]);
    bed.run(10.0).flows[0].source = Source::Pictures(&[]);
    bed.run(1.0);
    let (now, estimator) = (bed.time() + Duration::from_secs(1000), &mut bed.flows[0].estimator);
    let before = estimator.available();
    assert!(estimator.tick(now, 100_000).is_none());
    assert_eq!(estimator.available(), before);
}

#[test]
fn a_round_trip_is_measured() {
    let mut bed = Bed::new(3, Link::new(5e6), &[Source::Fixed { sends: 1e6, wants: 1e6 }]);
    let round_trip = bed.run(5.0).flows[0].estimator.round_trip().unwrap();
    assert!((50..75).contains(&round_trip.as_millis()), "{round_trip:?}");
}

/// Whatever a peer reports: no panic, a rate within bounds, few probes, a bounded log.
#[test]
fn hostile_reports_break_nothing() {
    for seed in 0..300 {
        let (mut chance, mut now, mut place, mut probes) = (Chance::new(seed), start(), 0_u16, 0);
        let mut estimator = Estimator::new(now);
        for _ in 0..400 {
            match chance.below(4) {
                0 => now += Duration::from_micros(1 << chance.below(26)),
                1 => {
                    for _ in 0..chance.below(60) {
                        estimator.sent(now, place, chance.below(70_000) as usize, Departure::Media);
                        place = place.wrapping_add(1);
                    }
                }
                2 => {
                    let statuses: Vec<_> = (0..chance.below(100))
                        .map(|_| (chance.draw() < 0.8).then(|| chance.below(1 << 20) as i64 - (1 << 19)))
                        .collect();
                    let mut body = encode(place.wrapping_sub(chance.below(120) as u16), &statuses);
                    for _ in 0..chance.below(4) {
                        let at = chance.below(body.len() as u64) as usize;
                        body[at] = chance.below(256) as u8;
                    }
                    estimator.feedback(now, &body[..body.len() - chance.below(3) as usize]);
                }
                _ => {
                    if let Some(probe) = estimator.tick(now, 1 << chance.below(64)) {
                        probes += 1;
                        assert!(probe.bytes < 200_000);
                        estimator.sent(now, place, probe.bytes, Departure::Probe(probe.id));
                        place = place.wrapping_add(1);
                    }
                }
            }
            assert!(estimator.available().is_none_or(|rate| (50_000..=50_000_000).contains(&rate)));
            estimator.acknowledged();
        }
        assert!(probes < 100);
    }
}
