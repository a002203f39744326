//! What leaves for subscribers: its times, what is sent again, and that nothing is ever sealed twice under one number.

use std::time::Duration;

use proto::media::{Kind, Quality, Wish};

use crate::world::World;

const RIDS: [&str; 3] = ["q", "h", "f"];

fn wish(quality: Quality) -> Wish {
    Wish { quality, ..Wish::default() }
}

#[test]
fn reports_tell_the_publishers_time_over_changes_of_layers() {
    let mut world = World::with(&["ann", "bob"]);
    let (camera, voice) = (world.publish("ann", Kind::Video, &RIDS), world.publish("ann", Kind::Audio, &[]));
    world.subscribe("bob", camera);
    world.subscribe("bob", voice);
    for quality in [Quality::High, Quality::Low, Quality::Medium, Quality::High] {
        world.prefer("bob", camera, wish(quality));
        world.run(Duration::from_secs(4));
    }
    let bob = &world.clients["bob"];
    for (track, rate) in [(camera, 90_000.0), (voice, 48_000.0)] {
        let reports = &bob.reports[&track];
        assert!(reports.len() >= 12, "{} reports", reports.len());
        // The client's own clock, by the first report; all others, and the packets in between, have to agree.
        let first = reports[0];
        let wall = |at: std::time::Instant| first.wall + at.saturating_duration_since(first.at);
        for report in reports {
            let apart = wall(report.at).as_secs_f64() - report.wall.as_secs_f64();
            assert!(apart.abs() < 0.001, "the clock jumped by {apart} s");
            let shown = bob.seen[&track].iter().rev().find(|seen| seen.at <= report.at).unwrap();
            let ticks = f64::from(report.timestamp.wrapping_sub(shown.timestamp) as i32);
            let passed = report.wall.as_secs_f64() - wall(shown.at).as_secs_f64();
            assert!((ticks / rate - passed).abs() < 0.015, "{} ticks for {passed} s", ticks);
        }
    }
}

#[test]
fn what_is_lost_over_changes_of_layers_is_sent_again_as_it_was() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.subscribe("cid", track);
    world.run(Duration::from_secs(1));
    let from = world.now;
    world.lose_every = Some(9);
    for quality in [Quality::Low, Quality::High, Quality::Medium, Quality::Low, Quality::High] {
        world.prefer("bob", track, wish(quality));
        world.run(Duration::from_secs(2));
    }
    world.lose_every = None;
    world.run(Duration::from_secs(1));
    for name in ["bob", "cid"] {
        let mut seen: Vec<_> = world.clients[name].since(track, from).cloned().collect();
        seen.sort_by_key(|s| s.sequence);
        for pair in seen.windows(2) {
            let [a, b] = pair else { unreachable!("windows of two") };
            assert_eq!(b.sequence, a.sequence + 1, "{name}: {pair:?}");
            assert_eq!(b.picture.unwrap(), (a.picture.unwrap() + 1) & 0x7fff, "{name}: {pair:?}");
            assert!((1..180_000).contains(&b.timestamp.wrapping_sub(a.timestamp)), "{name}: {pair:?}");
            assert!(b.keyframe || a.layer == b.layer, "{name}: {pair:?}");
        }
    }
    let stats = world.stats();
    assert!(stats.packets_repaired > 50, "{}", stats.packets_repaired);
    let lost = world.seals.counts().0 as u64 / 9;
    assert!(stats.packets_repaired < 2 * lost, "{} for {lost} lost", stats.packets_repaired);
}

/// The oracle is in `World`: it looks at every datagram of every test. Here is a day on which much happens.
#[test]
fn no_number_is_used_twice_whatever_happens() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let camera = world.publish("ann", Kind::Video, &RIDS);
    let screen = world.publish("bob", Kind::Video, &[]);
    let voice = world.publish("ann", Kind::Audio, &[]);
    for (name, track) in [("bob", camera), ("cid", camera), ("cid", screen), ("ann", screen), ("cid", voice)] {
        world.subscribe(name, track);
    }
    world.lose_every = Some(7);
    for _ in 0..150 {
        let name = ["bob", "cid"][draw(2) as usize];
        match draw(6) {
            0 => world.prefer(name, camera, Wish { enabled: false, ..Wish::default() }),
            1 => world.unsubscribe("cid", [camera, screen, voice][draw(3) as usize]),
            2 => world.subscribe("cid", [camera, screen, voice][draw(3) as usize]),
            3 => world.mute(camera, draw(2) == 0),
            _ => world.prefer(name, camera, wish([Quality::Low, Quality::Medium, Quality::High][draw(3) as usize])),
        }
        world.run(Duration::from_millis(5 * (1 + draw(100))));
    }
    let (packets, reports) = world.seals.counts();
    assert!(packets > 3_000 && reports > 100, "{packets} packets and {reports} reports");
    assert_eq!(world.stats().peers_broken, 0);
}
