//! Narrow lines, and layers that nobody wants.

use std::time::Duration;

use crate::{meeting::assert_seamless, world::World};
use proto::{
    TrackId,
    media::{Connection, Event, Kind, Quality, Wish},
};

const RIDS: [&str; 3] = ["q", "h", "f"];

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// The layer that somebody saw last.
fn layer(world: &World, name: &str, track: TrackId) -> char {
    world.clients[name].seen[&track].last().unwrap().layer
}

#[test]
fn pictures_get_smaller_and_pause_and_come_back_without_a_seam() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.run(seconds(3));
    assert_eq!(layer(&world, "bob", track), 'f', "no limit is known");
    for (budget, expected) in [(200_000, 'h'), (100_000, 'q')] {
        world.limit("bob", Some(budget));
        world.run(seconds(1));
        assert_eq!(layer(&world, "bob", track), expected, "{budget}");
    }
    assert_eq!(world.take_stream_states("bob"), []);

    world.limit("bob", Some(50_000));
    assert_eq!(world.take_stream_states("bob"), [(track, false)], "at once");
    let paused = world.now;
    world.run(seconds(5));
    assert_eq!(world.clients["bob"].since(track, paused).count(), 0);

    world.limit("bob", Some(100_000));
    world.run(seconds(1));
    assert_eq!(world.take_stream_states("bob"), [(track, true)]);
    assert!(world.clients["bob"].since(track, paused).next().unwrap().keyframe);
    assert_eq!(layer(&world, "bob", track), 'q');
    world.limit("bob", Some(1_000_000));
    world.run(seconds(1));
    assert_eq!(layer(&world, "bob", track), 'f');
    world.limit("bob", Some(100_000));
    world.limit("bob", None);
    world.run(seconds(1));
    assert_eq!(layer(&world, "bob", track), 'f');
    assert_eq!(world.take_stream_states("bob"), []);
    let seen = &world.clients["bob"].seen[&track];
    let (before, after) = seen.split_at(seen.partition_point(|s| s.at < paused));
    assert_seamless(before);
    assert_seamless(after);
    let (last, first) = (before.last().unwrap(), &after[0]);
    assert_eq!((first.sequence, first.picture), (last.sequence + 1, last.picture.map(|picture| picture + 1)));
}

#[test]
fn who_speaks_is_seen_and_everybody_is_heard_when_there_is_little() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    let mut tracks = Vec::new();
    for name in ["ann", "bob"] {
        let (sound, picture) = (world.publish(name, Kind::Audio, &[]), world.publish(name, Kind::Video, &RIDS));
        world.subscribe("cid", sound);
        world.subscribe("cid", picture);
        world.clients.get_mut(name).unwrap().publication(sound).level = -80;
        tracks.push((sound, picture));
    }
    let [(ann_sound, ann), (bob_sound, bob)] = tracks[..] else { unreachable!("two people") };
    world.run(seconds(3));
    world.limit("cid", Some(260_000));
    world.clients.get_mut("bob").unwrap().publication(bob_sound).level = -10;
    world.run(seconds(2));
    assert_eq!(world.take_stream_states("cid"), []);
    assert!((700_000..900_000).contains(&world.wanted("cid").unwrap()), "{:?}", world.wanted("cid"));
    // Sound takes some 53 kbit/s each, the smallest layers 71: all of it just fits, and now it does not.
    world.limit("cid", Some(200_000));
    assert_eq!(world.take_stream_states("cid"), [(ann, false)]);
    world.limit("cid", Some(10_000));
    assert_eq!(world.take_stream_states("cid"), [(bob, false)]);
    let at = world.now;
    world.run(seconds(2));
    for sound in [ann_sound, bob_sound] {
        assert!(world.clients["cid"].since(sound, at).count() > 90);
    }
    assert_eq!(world.clients["cid"].since(bob, at).count(), 0);
    world.limit("cid", Some(200_000));
    world.run(seconds(5));
    assert_eq!(world.take_stream_states("cid"), [(bob, true)]);
}

#[test]
fn what_begins_under_a_budget_begins_small() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.run(seconds(3));
    world.limit("bob", Some(100_000));
    world.subscribe("bob", track);
    world.run(seconds(3));
    assert!(world.clients["bob"].seen[&track].iter().all(|seen| seen.layer == 'q'));
    assert!(world.clients["bob"].seen[&track].len() > 50);
}

#[test]
fn pictures_that_do_not_fit_make_a_connection_poor() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.run(seconds(11));
    let bob = world.clients["bob"].id;
    let told = |world: &World| {
        let verdicts = world.events.iter().filter_map(|event| match event {
            Event::Quality { changes, .. } => Some(changes.clone()),
            _ => None,
        });
        verdicts.flatten().filter(|(peer, _)| *peer == bob).map(|(_, verdict)| verdict.connection).next_back()
    };
    assert_eq!(told(&world), Some(Connection::Excellent));
    world.limit("bob", Some(100_000));
    world.run(seconds(5));
    assert_eq!(told(&world), Some(Connection::Good));
    world.limit("bob", Some(0));
    world.run(seconds(5));
    assert_eq!(told(&world), Some(Connection::Poor));
    world.limit("bob", Some(1_000_000));
    world.run(seconds(16));
    assert_eq!(told(&world), Some(Connection::Excellent));
}

#[test]
fn layers_that_nobody_wants_are_called_off_and_called_for() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.run(seconds(4));
    assert_eq!(world.take_layers_wanted(), [], "somebody may come");
    world.run(seconds(2));
    assert_eq!(world.take_layers_wanted(), [(track, [false; 3])]);

    world.subscribe("bob", track);
    assert_eq!(world.take_layers_wanted(), [(track, [true; 3])], "at once");
    world.subscribe("cid", track);
    for name in ["bob", "cid"] {
        world.prefer(name, track, Wish { quality: Quality::Low, ..Wish::default() });
    }
    world.run(seconds(6));
    assert_eq!(world.take_layers_wanted(), [(track, [true, false, false])]);
    world.prefer("cid", track, Wish { size: Some((640, 360)), ..Wish::default() });
    assert_eq!(world.take_layers_wanted(), [(track, [true, true, false])]);
    world.prefer("cid", track, Wish { enabled: false, ..Wish::default() });
    world.unsubscribe("bob", track);
    world.run(seconds(6));
    assert_eq!(world.take_layers_wanted(), [(track, [false; 3])]);
}

#[test]
fn want_of_bandwidth_calls_no_layer_off() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.run(seconds(2));
    world.limit("bob", Some(0));
    world.run(seconds(10));
    assert_eq!(world.take_layers_wanted(), []);
}

#[test]
fn a_layer_that_is_called_for_shows_as_soon_as_it_comes() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &RIDS);
    world.subscribe("bob", track);
    world.prefer("bob", track, Wish { quality: Quality::Low, ..Wish::default() });
    world.run(seconds(8));
    assert_eq!(world.take_layers_wanted(), [(track, [true, false, false])]);
    let sending = |world: &mut World, on: bool| {
        let layers = &mut world.clients.get_mut("ann").unwrap().publication(track).layers;
        layers[1..].iter_mut().for_each(|layer| layer.sending = on);
    };
    sending(&mut world, false);
    world.run(seconds(3));
    world.prefer("bob", track, Wish::default());
    assert_eq!(world.take_layers_wanted(), [(track, [true; 3])]);
    let asked = world.now;
    world.run(seconds(1));
    assert_eq!(layer(&world, "bob", track), 'q', "what there is goes on meanwhile");
    assert!(world.clients["bob"].since(track, asked).count() > 30);
    sending(&mut world, true);
    world.run(Duration::from_millis(700));
    assert_eq!(layer(&world, "bob", track), 'f');
    assert_seamless(&world.clients["bob"].seen[&track]);
}
