use std::time::{Duration, Instant};

use super::{Barrier, Path};
use crate::engine::{
    chance::Chance,
    cut::Cut,
    forge::{self, at},
    impairment::{Impairment, Limit, Mtu, Rate},
    packet::Packet,
};

/// 1,250 bytes: 10 ms at a megabit per second. Its number stands in the payload.
fn packet(number: u32) -> Packet {
    let mut payload = [0; 1222];
    payload[..4].copy_from_slice(&number.to_be_bytes());
    forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), &payload)
}

fn number(packet: &Packet) -> u32 {
    u32::from_be_bytes(packet.bytes()[28..32].try_into().unwrap())
}

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// Sends so many packets at that pace; gives number and arrival of each, in the order of arrival.
fn played(impairment: Impairment, count: u32, pace: Duration) -> (Vec<(u32, Duration)>, Path) {
    let start = Instant::now();
    let mut path = Path::new(start, impairment, Chance::new(9, 1));
    let mut arrived = Vec::new();
    let mut take = |path: &mut Path, until: Option<Instant>| {
        while let Some(due) = path.poll_timeout().filter(|due| until.is_none_or(|until| *due <= until)) {
            while let Some(packet) = path.poll_output(due) {
                arrived.push((number(&packet), due - start));
            }
        }
    };
    for index in 0..count {
        let now = start + pace * index;
        take(&mut path, Some(now));
        if path.admit(&packet(index)).is_ok() {
            path.carry(now, packet(index));
        }
    }
    take(&mut path, None);
    (arrived, path)
}

#[test]
fn delay_is_exact_and_keeps_the_order() {
    let (arrived, _) = played(Impairment { delay: ms(50), ..Impairment::PERFECT }, 100, ms(7));
    let expected: Vec<_> = (0..100).map(|index| (index, ms(50) + ms(7) * index)).collect();
    assert_eq!(arrived, expected);
}

#[test]
fn packets_of_one_moment_keep_their_order() {
    let (arrived, _) = played(Impairment { delay: ms(50), ..Impairment::PERFECT }, 100, Duration::ZERO);
    assert!(arrived.is_sorted());
}

#[test]
fn jitter_stays_in_its_bounds_and_keeps_the_order() {
    let (arrived, _) = played(Impairment { delay: ms(50), jitter: ms(30), ..Impairment::PERFECT }, 5000, ms(1));
    let extra: Vec<Duration> = arrived.iter().map(|(index, at)| *at - ms(50) - ms(1) * *index).collect();
    assert!(arrived.is_sorted());
    assert!(extra.iter().all(|extra| *extra <= ms(30)));
    assert!(extra.iter().max().unwrap().saturating_sub(*extra.iter().min().unwrap()) > ms(25));
}

#[test]
fn late_packets_are_overtaken_at_their_share() {
    let impairment = Impairment { delay: ms(20), reorder: 0.05, late_by: ms(15), ..Impairment::PERFECT };
    let (arrived, path) = played(impairment, 10_000, ms(5));
    assert_eq!(arrived.len(), 10_000);
    let late = arrived.iter().filter(|(index, at)| *at == ms(35) + ms(5) * *index).count();
    assert!((400..600).contains(&late), "{late} late");
    assert_eq!(path.counters().late, late as u64);
    assert!(!arrived.iter().is_sorted_by_key(|(index, _)| *index));
}

#[test]
fn doubles_come_at_their_share_and_at_once() {
    let (arrived, path) = played(Impairment { duplicate: 0.1, ..Impairment::PERFECT }, 10_000, ms(1));
    let doubled = arrived.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!((900..1100).contains(&doubled), "{doubled} doubled");
    assert_eq!(arrived.len(), 10_000 + doubled);
    assert_eq!(path.counters().duplicated, doubled as u64);
    assert_eq!(path.counters().packets_out, arrived.len() as u64);
}

#[test]
fn a_narrow_line_carries_its_rate_and_delays_by_its_queue() {
    let impairment =
        Impairment { delay: ms(20), rate: Some(Rate::megabits(1)), queue: Limit::Time(ms(200)), ..Impairment::PERFECT };
    // 10 seconds of one and a half times the rate.
    let (arrived, path) = played(impairment, 1500, Duration::from_micros(6667));
    let (first, last) = (arrived[0].1, arrived.last().unwrap().1);
    let rate = (arrived.len() - 1) as f64 * 10_000.0 / (last - first).as_secs_f64();
    assert!((rate / 1_000_000.0 - 1.0).abs() < 0.001, "carried {rate} bit/s");
    let slowest = arrived.iter().map(|(index, at)| *at - Duration::from_micros(6667) * *index).max().unwrap();
    assert!(slowest <= ms(220) && slowest > ms(205), "the slowest took {slowest:?}");
    assert_eq!(path.counters().dropped.queue, 1500 - arrived.len() as u64);
}

#[test]
fn what_was_lost_used_the_rate_up_all_the_same() {
    let impairment = Impairment { loss: 0.5, rate: Some(Rate::megabits(1)), ..Impairment::PERFECT };
    let (arrived, path) = played(impairment, 1000, ms(10));
    assert!((450..550).contains(&arrived.len()));
    assert_eq!(path.counters().dropped.loss + arrived.len() as u64, 1000);
    assert_eq!(path.counters().dropped.queue, 0);
    assert!(arrived.iter().all(|(index, at)| *at == ms(10) * (*index + 1)));
}

#[test]
fn barriers_are_told_apart_and_counted() {
    let mtu = Mtu { bytes: 1249, is_silent: false };
    let mut path = Path::new(Instant::now(), Impairment { mtu: Some(mtu), ..Impairment::PERFECT }, Chance::new(1, 1));
    assert_eq!(path.admit(&packet(0)), Err(Barrier::TooLong(mtu)));
    path.cut(Cut::Udp);
    assert_eq!(path.admit(&packet(0)), Err(Barrier::Cut));
    path.heal();
    path.set(Instant::now(), Impairment { mtu: Some(Mtu { bytes: 1250, ..mtu }), ..Impairment::PERFECT });
    assert_eq!(path.admit(&packet(0)), Ok(()));
    let counters = path.counters();
    assert_eq!((counters.packets_in, counters.bytes_in), (3, 3750));
    assert_eq!((counters.dropped.mtu, counters.dropped.cut), (1, 1));
}

#[test]
fn the_same_seed_does_the_same() {
    let impairment = Impairment { loss: 0.1, jitter: ms(10), reorder: 0.1, duplicate: 0.1, ..Impairment::PERFECT };
    assert_eq!(played(impairment, 1000, ms(3)).0, played(impairment, 1000, ms(3)).0);
}
