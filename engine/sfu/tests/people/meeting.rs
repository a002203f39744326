//! People meet: the engine with real str0m clients, on virtual time.

use std::time::Duration;

use crate::world::{Seen, World};
use proto::media::{Event, Kind, Quality, Wish};
use str0m::{RtcConfig, format::Codec};

const RIDS: [&str; 3] = ["q", "h", "f"];

fn wish(quality: Quality) -> Wish {
    Wish { quality, ..Wish::default() }
}

/// Consecutive packets of one stream are consecutive in number, in time, and in picture.
pub fn assert_seamless(seen: &[Seen]) {
    for pair in seen.windows(2) {
        let [a, b] = pair else { unreachable!("windows of two") };
        assert_eq!(b.ssrc, a.ssrc);
        assert_eq!(b.sequence, a.sequence + 1, "{pair:?}");
        let ticks = b.timestamp.wrapping_sub(a.timestamp);
        assert!((1..180_000).contains(&ticks), "{pair:?}");
        assert_eq!(b.picture.unwrap(), (a.picture.unwrap() + 1) & 0x7fff, "{pair:?}");
    }
}

#[test]
fn two_people_see_and_hear_each_other() {
    let mut world = World::with(&["ann", "bob"]);
    for (from, to) in [("ann", "bob"), ("bob", "ann")] {
        let (sound, picture) = (world.publish(from, Kind::Audio, &[]), world.publish(from, Kind::Video, &RIDS));
        world.subscribe(to, sound);
        world.subscribe(to, picture);
        world.run(Duration::from_secs(3));
        let client = &world.clients[to];
        assert!(client.seen[&sound].len() > 130, "{}", client.seen[&sound].len());
        let seen = &client.seen[&picture];
        assert!(seen.len() > 70, "{}", seen.len());
        assert!(seen[0].keyframe, "it begins with a keyframe");
        assert_seamless(seen);
        let id = client.id;
        for track in [sound, picture] {
            assert!(world.events.contains(&Event::Subscribed { peer: id, track }));
        }
    }
    let stats = world.stats();
    assert_eq!((stats.peers, stats.tracks, stats.subscriptions), (2, 4, 4));
    assert_eq!(stats.peers_broken, 0);
}

#[test]
fn nothing_is_kept_for_somebody_whose_media_never_connects() {
    let mut world = World::with(&["ann"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    let add = world.newcomer("bob");
    world.enter("bob", add, RtcConfig::new(), Codec::Vp8);
    world.subscribe("bob", track);
    world.negotiate("bob");
    let bob = world.clients.remove("bob").unwrap(); // behind a firewall: it has an answer and is never heard
    world.run(Duration::from_secs(5));
    assert!(world.events.contains(&Event::Subscribed { peer: bob.id, track }));
    assert!(world.stats().packets_in > 100);
    assert_eq!(world.stats().packets_forwarded, 0);
}

#[test]
fn a_layer_asked_for_shows_within_a_second() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(2));
    assert_eq!(world.clients["bob"].seen[&track].last().unwrap().layer, 'f');
    for (quality, layer) in [(Quality::Low, 'q'), (Quality::Medium, 'h'), (Quality::High, 'f'), (Quality::Low, 'q')] {
        let asked = world.now;
        world.prefer("bob", track, wish(quality));
        world.run(Duration::from_secs(1));
        let switch = world.clients["bob"].since(track, asked).find(|s| s.layer == layer).unwrap();
        assert!(switch.keyframe && switch.at - asked < Duration::from_millis(700), "{:?}", switch.at - asked);
        assert_eq!(world.clients["bob"].seen[&track].last().unwrap().layer, layer);
    }
    let shown = Wish { size: Some((300, 170)), ..Wish::default() };
    world.prefer("bob", track, Wish { size: Some((640, 360)), ..shown });
    world.run(Duration::from_secs(1));
    assert_eq!(world.clients["bob"].seen[&track].last().unwrap().layer, 'h');
    assert_seamless(&world.clients["bob"].seen[&track]);
    assert_eq!(world.stats().layer_switches, 5);
}

#[test]
fn a_layer_that_dies_is_replaced() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(2));
    world.clients.get_mut("ann").unwrap().publication(track).layers[2].sending = false;
    world.run(Duration::from_secs(3));
    assert_eq!(world.clients["bob"].seen[&track].last().unwrap().layer, 'h');
    world.clients.get_mut("ann").unwrap().publication(track).layers[2].sending = true;
    world.run(Duration::from_secs(1));
    assert_eq!(world.clients["bob"].seen[&track].last().unwrap().layer, 'f');
    assert_seamless(&world.clients["bob"].seen[&track]);
}

#[test]
fn many_who_join_cause_few_keyframes() {
    let mut world = World::with(&["ann", "bob", "cid", "dan", "eve"]);
    let track = world.publish("ann", Kind::Video, &[]);
    for _ in 0..4 {
        for name in ["bob", "cid", "dan", "eve"] {
            world.subscribe(name, track);
            world.run(Duration::from_millis(20));
        }
        world.run(Duration::from_millis(400));
    }
    for name in ["bob", "cid", "dan", "eve"] {
        assert!(world.clients[name].seen[&track].len() > 20, "{name}");
    }
    let requests = &world.clients.get_mut("ann").unwrap().publication(track).layers[0].requests;
    assert!((1..=4).contains(&requests.len()), "{requests:?}");
    for pair in requests.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_millis(490), "{pair:?}");
    }
}

#[test]
fn a_pause_is_silent_and_ends_with_a_keyframe() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(2));
    world.prefer("bob", track, Wish { enabled: false, ..Wish::default() });
    let paused = world.now;
    world.run(Duration::from_secs(2));
    assert_eq!(world.clients["bob"].since(track, paused).count(), 0);
    world.prefer("bob", track, Wish::default());
    world.run(Duration::from_secs(1));
    let seen: Vec<_> = world.clients["bob"].since(track, paused).cloned().collect();
    assert!(seen.len() > 10 && seen[0].keyframe);
    assert_seamless(&seen);
    let last = world.clients["bob"].seen[&track].iter().rfind(|s| s.at < paused).unwrap();
    assert_eq!(seen[0].sequence, last.sequence + 1);
}

#[test]
fn more_tracks_than_sections_are_asked_for() {
    let mut world = World::with(&["ann", "bob"]);
    let tracks: Vec<_> = (0..6).map(|_| world.publish("ann", Kind::Video, &[])).collect();
    tracks.iter().for_each(|track| world.subscribe("bob", *track));
    world.run(Duration::from_secs(2));
    let bob = &world.clients["bob"];
    // Three were free; the free ones are taken with the same offer that brings three more.
    assert_eq!(bob.requests, [(0, 3)]);
    assert_eq!(bob.sections.len(), 6);
    for track in tracks {
        assert!(bob.seen[&track].len() > 10);
    }
}

#[test]
fn sections_of_those_who_left_are_used_again_with_new_streams() {
    let mut world = World::with(&["ann", "bob"]);
    let mut ssrcs = Vec::new();
    for _ in 0..5 {
        let track = world.publish("ann", Kind::Video, &RIDS);
        world.subscribe("bob", track);
        world.run(Duration::from_secs(2));
        let seen = &world.clients["bob"].seen[&track];
        assert!(seen.len() > 30, "{}", seen.len());
        assert_eq!(seen[0].sequence, 1000);
        ssrcs.push(seen[0].ssrc);
        // What the subscriber says of the new stream is heard, too.
        let before = world.stats().keyframe_requests;
        world.prefer("bob", track, wish(Quality::Low));
        world.run(Duration::from_secs(1));
        assert!(world.stats().keyframe_requests > before);

        world.leave("ann");
        world.run(Duration::from_secs(1));
        assert!(world.clients["bob"].sections.is_empty(), "the section says that it carries nothing");
        assert_eq!(world.clients["bob"].requests.last(), Some(&(0, 0)));
        world.join("ann");
        world.run_until("ann is back", |world| world.clients["ann"].has_channels());
    }
    let count = ssrcs.len();
    ssrcs.sort_unstable();
    ssrcs.dedup();
    assert_eq!(ssrcs.len(), count, "each track came with an SSRC of its own");
    let stats = world.stats();
    assert_eq!((stats.peers, stats.tracks, stats.subscriptions, stats.peers_broken), (2, 0, 0, 0));
}

#[test]
fn an_inactive_section_ends_its_track_and_a_new_one_begins_another() {
    let mut world = World::with(&["ann", "bob"]);
    let first = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", first);
    world.run(Duration::from_secs(1));
    world.clients.get_mut("ann").unwrap().stop_track(first);
    world.negotiate("ann");
    let peer = world.clients["ann"].id;
    assert!(world.events.contains(&Event::TrackEnded { peer, track: first }));
    let second = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", second);
    world.run(Duration::from_secs(1));
    assert!(world.clients["bob"].seen[&second].len() > 10);
    assert_eq!(world.stats().tracks, 1);
}

#[test]
fn a_client_with_ids_of_its_own_is_understood() {
    let mut world = World::with(&["ann"]);
    let track = world.expect("ann", Kind::Video, false);
    let client = world.clients.get_mut("ann").unwrap();
    client.add_track(track, Kind::Video, &RIDS);
    world.negotiate("ann");
    let published = |event: &Event| match event {
        Event::TrackPublished { track: t, mime, .. } if *t == track => Some(mime.clone()),
        _ => None,
    };
    assert_eq!(world.events.iter().find_map(published).as_deref(), Some("video/VP8"));
}

#[test]
fn what_goes_to_one_subscriber_leaves_in_a_row() {
    let mut world = World::with(&["ann", "bob", "cid", "dan"]);
    let tracks: Vec<_> = (0..6).map(|_| world.publish("ann", Kind::Audio, &[])).collect();
    for name in ["bob", "cid", "dan"] {
        tracks.iter().for_each(|track| world.subscribe(name, *track));
    }
    world.run(Duration::from_secs(1));
    world.largest_batch.clear();
    world.run(Duration::from_secs(1));
    let ann = world.clients["ann"].address;
    let mut runs: Vec<_> = world.largest_batch.iter().filter(|to| **to != ann).collect();
    assert!(runs.len() >= 18, "{runs:?}");
    runs.dedup();
    assert_eq!(runs.len(), 3, "{:?}", world.largest_batch);
}

#[test]
fn sound_alone_is_not_counted() {
    let mut world = World::with(&["ann", "bob"]);
    let (sound, picture) = (world.publish("ann", Kind::Audio, &[]), world.publish("ann", Kind::Video, &RIDS));
    let placed = |world: &mut World, track| {
        world.run(Duration::from_millis(100));
        let from = world.now;
        world.run(Duration::from_millis(500));
        let places: Vec<_> = world.clients["bob"].since(track, from).map(|seen| seen.place).collect();
        assert!(places.len() > 10, "it flows");
        places.iter().filter(|place| place.is_some()).count() * 100 / places.len()
    };
    world.subscribe("bob", sound);
    assert_eq!(placed(&mut world, sound), 0, "reports on it would be of no use");
    world.subscribe("bob", picture);
    assert_eq!((placed(&mut world, sound), placed(&mut world, picture)), (100, 100), "now both share the line");
    world.unsubscribe("bob", picture);
    assert_eq!(placed(&mut world, sound), 0);
}
