//! Clients that differ: in their codecs, in the numbers they give them, in what their networks lose.

use std::time::Duration;

use proto::media::{Event, Kind, Wish};
use str0m::{
    RtcConfig,
    format::{Codec, FormatParams},
    media::Frequency,
};

use crate::world::{AUDIO, COPY, World};

fn join(world: &mut World, name: &'static str, config: RtcConfig, video: Codec) {
    world.join_with(name, config, video);
    world.run_until("all are connected", |world| world.clients[name].has_channels());
}

#[test]
fn numbers_of_codecs_are_each_clients_own() {
    let mut world = World::with(&["ann"]);
    let mut config = RtcConfig::new().clear_codecs().enable_opus(true, false);
    let like_firefox = FormatParams::default();
    config.codec_config().add_config(
        120.into(),
        Some(124.into()),
        Codec::Vp8,
        Frequency::NINETY_KHZ,
        None,
        like_firefox,
    );
    join(&mut world, "bob", config, Codec::Vp8);
    for (from, to) in [("ann", "bob"), ("bob", "ann")] {
        let track = world.publish(from, Kind::Video, &[]);
        world.subscribe(to, track);
        world.run(Duration::from_secs(1));
        let seen = &world.clients[to].seen[&track];
        assert!(seen.len() > 20 && seen.iter().all(|s| s.codec == Codec::Vp8));
    }
}

#[test]
fn av1_keeps_its_dependency_descriptors() {
    let mut world = World::new();
    join(&mut world, "ann", RtcConfig::new(), Codec::Av1);
    join(&mut world, "bob", RtcConfig::new(), Codec::Vp8);
    let track = world.expect_in("ann", Kind::Video, true, &["av1"]);
    world.clients.get_mut("ann").unwrap().add_track(track, Kind::Video, &[]);
    let answer = world.negotiate("ann");
    let mime = world.events.iter().find_map(|event| match event {
        Event::TrackPublished { mime, .. } => Some(mime.as_str()),
        _ => None,
    });
    assert_eq!(mime, Some("video/AV1"), "{answer}");
    world.subscribe("bob", track);
    world.run(Duration::from_secs(2));
    let seen = &world.clients["bob"].seen[&track];
    assert!(seen.len() > 40 && seen.iter().all(|s| s.codec == Codec::Av1));
    assert!(seen[0].keyframe);
    for packet in seen {
        assert_eq!(packet.described, Some(if packet.keyframe { 40 } else { 3 }));
    }
}

#[test]
fn layers_inside_a_stream_are_cut_to_what_is_shown() {
    let mut world = World::new();
    join(&mut world, "ann", RtcConfig::new(), Codec::Vp9);
    join(&mut world, "bob", RtcConfig::new(), Codec::Vp9);
    let track = world.expect_in("ann", Kind::Video, true, &["vp9"]);
    world.clients.get_mut("ann").unwrap().add_track(track, Kind::Video, &[]);
    world.negotiate("ann");
    world.subscribe("bob", track);
    world.run(Duration::from_secs(1));
    let small = world.now;
    world.prefer("bob", track, Wish { size: Some((320, 180)), ..Wish::default() });
    world.run(Duration::from_secs(1));
    let large = world.now;
    world.prefer("bob", track, Wish::default());
    world.run(Duration::from_secs(1));

    let seen = &world.clients["bob"].seen[&track];
    assert!(seen.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1), "no gap anywhere");
    let tops = |from, to| {
        let ends = seen.iter().filter(move |s| s.at >= from && s.at < to && s.marker);
        ends.map(|s| s.layer).collect::<String>()
    };
    let between = tops(small, large);
    assert!(between.len() > 25 && between.trim_start_matches('2').chars().all(|top| top == '0'), "{between}");
    let after = tops(large, world.now);
    assert!(after.trim_start_matches('0').len() > 15 && after.trim_start_matches('0').chars().all(|top| top == '2'));
    let up = seen.iter().find(|s| s.at >= large && s.layer == '2').unwrap();
    assert!(up.keyframe, "more detail begins with a keyframe");
    let requests = &world.clients.get_mut("ann").unwrap().publication(track).layers[0].requests;
    assert!(requests.len() <= 3, "{requests:?}");
}

#[test]
fn the_codec_wanted_stays_first_in_later_answers() {
    let mut world = World::with(&["ann"]);
    let track = world.expect_in("ann", Kind::Video, true, &["vp9"]);
    world.clients.get_mut("ann").unwrap().add_track(track, Kind::Video, &[]);
    for answer in [world.negotiate("ann"), world.negotiate("ann")] {
        let section = answer.split("m=").last().unwrap();
        let first = section.split(' ').nth(3).unwrap();
        assert!(section.contains(&format!("a=rtpmap:{first} VP9/90000")), "{section}");
    }
}

#[test]
fn copies_of_sound_go_to_those_who_take_them() {
    let mut world = World::new();
    let takes_copies = |copies| RtcConfig::new().clear_codecs().enable_opus(true, copies).enable_vp8(true);
    for (name, copies) in [("ann", true), ("bob", true), ("eve", false)] {
        join(&mut world, name, takes_copies(copies), Codec::Vp8);
    }
    let track = world.expect_in("ann", Kind::Audio, true, &["red"]);
    world.clients.get_mut("ann").unwrap().add_track(track, Kind::Audio, &[]);
    let answer = world.negotiate("ann");
    let section = answer.split("m=").last().unwrap();
    let numbers: Vec<&str> = section.lines().next().unwrap().split(' ').skip(3).collect();
    for (number, name) in numbers.into_iter().zip(["red", "opus"]) {
        assert!(section.contains(&format!("a=rtpmap:{number} {name}/48000/2")), "{section}");
    }
    assert!(world.events.iter().any(|e| matches!(e, Event::TrackPublished { mime, .. } if mime == "audio/red")));

    world.clients.get_mut("ann").unwrap().publication(track).copies = true;
    ["bob", "eve"].into_iter().for_each(|name| world.subscribe(name, track));
    world.run(Duration::from_secs(1));
    let heard = |name: &str| {
        let seen = &world.clients[name].seen[&track];
        assert!(seen.len() > 40, "{name} heard {} packets", seen.len());
        assert!(seen.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1), "{name}: no gap");
        seen.iter().map(|packet| (packet.codec, packet.sound.clone().unwrap())).collect::<Vec<_>>()
    };
    assert!(
        heard("bob")
            .iter()
            .skip(1) // whose copy is of sound that bob was not there for
            .all(|(codec, sound)| *codec == Codec::Red && sound.ends_with(&[&COPY[..], &AUDIO].concat()))
    );
    assert!(heard("eve").iter().all(|(codec, sound)| *codec == Codec::Opus && *sound == AUDIO));
}

#[test]
fn what_fills_a_publishers_line_is_no_gap_in_the_sound() {
    for copies in [true, false] {
        let mut world = World::new();
        for name in ["ann", "bob"] {
            join(
                &mut world,
                name,
                RtcConfig::new().clear_codecs().enable_opus(true, true).enable_vp8(true),
                Codec::Vp8,
            );
        }
        let track = world.publish("ann", Kind::Audio, &[]);
        world.subscribe("bob", track);
        let ann = world.clients.get_mut("ann").unwrap().publication(track);
        (ann.copies, ann.fills) = (copies, true);
        world.run(Duration::from_secs(1));
        let heard = &world.clients["bob"].seen[&track];
        assert!((40..=52).contains(&heard.len()), "copies {copies}: {} packets", heard.len());
        assert!(heard.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1), "copies {copies}: no gap");
        assert!(heard.iter().all(|packet| packet.sound.as_ref().is_some_and(|sound| sound.ends_with(&AUDIO))));
    }
}

#[test]
fn sound_that_claims_copies_it_has_not_goes_to_nobody() {
    let mut world = World::new();
    for name in ["ann", "bob"] {
        join(&mut world, name, RtcConfig::new().clear_codecs().enable_opus(true, true).enable_vp8(true), Codec::Vp8);
    }
    let track = world.publish("ann", Kind::Audio, &[]);
    world.subscribe("bob", track);
    world.run(Duration::from_millis(200));
    let from = world.now;
    let ann = world.clients.get_mut("ann").unwrap();
    (ann.publication(track).copies, ann.publication(track).broken) = (true, true);
    world.run(Duration::from_millis(200));
    assert_eq!(world.clients["bob"].since(track, from).count(), 0);
    world.clients.get_mut("ann").unwrap().publication(track).broken = false;
    let from = world.now;
    world.run(Duration::from_millis(200));
    assert!(world.clients["bob"].since(track, from).count() > 5, "and whoever mends it is heard");
}

#[test]
fn who_cannot_decode_a_track_is_told_so() {
    let mut world = World::with(&["ann"]);
    let config = RtcConfig::new().clear_codecs().enable_opus(true, false).enable_h264(true);
    join(&mut world, "bob", config, Codec::H264);
    let track = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(1));
    let peer = world.clients["bob"].id;
    assert!(world.events.contains(&Event::SubscriptionFailed { peer, track }));
    assert!(!world.events.contains(&Event::Subscribed { peer, track }));
    assert!(world.clients["bob"].seen.is_empty() && world.clients["bob"].sections.is_empty());
    assert_eq!(world.stats().subscriptions, 0);
}

#[test]
fn what_is_lost_is_sent_again() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &["q", "h", "f"]);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(1));
    world.lose_every = Some(20);
    let from = world.now;
    world.run(Duration::from_secs(5));
    world.lose_every = None;
    world.run(Duration::from_secs(1));
    let mut numbers: Vec<_> = world.clients["bob"].since(track, from).map(|s| s.sequence).collect();
    numbers.sort_unstable();
    let whole = numbers.last().unwrap() - numbers[0] + 1;
    assert!(numbers.len() as u64 >= whole - 1, "{} of {whole}", numbers.len());
}

/// The seal counts the rounds of the numbers, and no packet says in which it is.
#[test]
fn a_stream_that_is_seen_for_the_first_time_after_its_numbers_came_round_is_let_through() {
    for kind in [Kind::Audio, Kind::Video] {
        let mut world = World::with(&["ann", "bob"]);
        let track = world.publish("ann", kind, &[]);
        world.clients.get_mut("ann").unwrap().publication(track).first = 65_500;
        world.subscribe("bob", track);
        let mut lost = 0;
        world.withhold = Some(Box::new(move |bytes| {
            let is_media = (128..192).contains(&bytes[0]) && !(192..224).contains(&bytes[1]);
            lost += u32::from(is_media);
            is_media && lost < 60
        }));
        world.run(Duration::from_secs(3));
        let numbers: Vec<u64> = world.clients["bob"].seen[&track].iter().map(|seen| seen.sequence).collect();
        assert!(numbers.len() > 30, "{kind:?}: {}", numbers.len());
        assert!(numbers.is_sorted_by(|a, b| a < b), "{kind:?}: none comes twice");
    }
}
