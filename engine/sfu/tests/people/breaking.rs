//! Something breaks while it is done for one room: that room ends, and nobody else notices.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use proto::{
    RoomId, TrackId,
    media::{Command, Event, Kind, Wish},
};
use sfu::Place;
use str0m::{RtcConfig, format::Codec};

use crate::world::World;

/// Two rooms of two; the first of each sends sound and pictures to the other.
fn two_rooms() -> (World, [[TrackId; 2]; 2]) {
    let mut world = World::new();
    for (name, room) in [("ann", 1), ("bob", 1), ("cid", 2), ("dan", 2)] {
        let mut add = world.newcomer(name);
        add.room = RoomId::from(room);
        world.enter(name, add, RtcConfig::new(), Codec::Vp8);
        world.negotiate(name);
    }
    let connected = |world: &World| world.events.iter().filter(|e| matches!(e, Event::Connected { .. })).count();
    world.run_until("all are connected", |world| connected(world) == 4);
    let tracks = [("ann", "bob"), ("cid", "dan")].map(|(from, to)| {
        let tracks = [Kind::Audio, Kind::Video].map(|kind| world.publish(from, kind, &[]));
        tracks.iter().for_each(|track| world.subscribe(to, *track));
        tracks
    });
    world.run(Duration::from_secs(2));
    (world, tracks)
}

/// Numbers missing in what came since, and how many came.
fn gaps(world: &World, name: &str, track: TrackId, from: Instant) -> (u64, usize) {
    let numbers: BTreeSet<u64> = world.clients[name].since(track, from).map(|seen| seen.sequence).collect();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return (u64::MAX, 0) };
    (last - first + 1 - numbers.len() as u64, numbers.len())
}

fn refused(world: &World) -> BTreeSet<proto::ParticipantId> {
    let peers = world.events.iter().filter_map(|event| match event {
        Event::OfferRefused { peer, .. } => Some(*peer),
        _ => None,
    });
    peers.collect()
}

#[test]
fn a_panic_ends_one_room_and_the_others_lose_nothing() {
    let by_the_clock = [Place::Tick, Place::Hearing, Place::Silence, Place::Reports];
    for place in [Place::Packet, Place::Drain, Place::Command].into_iter().chain(by_the_clock) {
        let (mut world, [[_, camera], [other_voice, other_camera]]) = two_rooms();
        let (from, before) = (world.now, world.stats());
        world.run(Duration::from_millis(500));
        // Who takes is where orders and reports are for; who sends is where packets come from.
        let whose = if matches!(place, Place::Command | Place::Reports) { "bob" } else { "ann" };
        world.plant(whose, place);
        if place == Place::Command {
            let peer = world.clients["bob"].id;
            world.command(Command::Prefer { peer, track: camera, wish: Wish::default() });
        }
        let gone: BTreeSet<_> = ["ann", "bob"].map(|name| world.clients[name].id).into();
        world.run(Duration::from_secs(2));
        assert_eq!(refused(&world), gone, "{place:?}: those of the room are told, and only those");
        let stats = world.stats();
        assert_eq!((stats.rooms_broken, stats.peers, stats.tracks, stats.subscriptions), (1, 2, 2, 2), "{place:?}");
        assert!(!world.is_lost());
        world.clients.remove("ann");
        world.clients.remove("bob");

        // What still comes for those who are gone, and what the hub still says of them.
        for peer in gone {
            world.command(Command::Prefer { peer, track: camera, wish: Wish::default() });
            world.command(Command::RemovePeer { peer });
        }
        // They come back into the same room, and it works.
        for name in ["ann", "bob"] {
            world.join(name);
        }
        world.run(Duration::from_secs(1));
        let again = world.publish("ann", Kind::Audio, &[]);
        world.subscribe("bob", again);
        let since = world.now;
        world.run(Duration::from_secs(2));
        let (missing, came) = gaps(&world, "bob", again, since);
        assert!(missing == 0 && came > 80, "{place:?}: {missing} of {came}");

        let seconds = (world.now - from).as_secs_f64();
        for (track, rate) in [(other_voice, 50.0), (other_camera, 33.3)] {
            let (missing, came) = gaps(&world, "dan", track, from);
            assert_eq!(missing, 0, "{place:?}");
            assert!(came as f64 > 0.99 * rate * seconds - 2.0, "{place:?}: {came} in {seconds} s");
        }
        assert_eq!(world.stats().packets_given_up, before.packets_given_up);
    }
}

#[test]
fn what_is_found_out_in_a_look_at_all_is_told_although_one_room_breaks() {
    for place in [Place::Tick, Place::Hearing, Place::Silence] {
        let (mut world, [[voice, _], _]) = two_rooms();
        world.clients.get_mut("ann").unwrap().publication(voice).level = -12;
        world.run(Duration::from_secs(1));
        // She falls silent with the look in which the other room breaks. Nobody says it again.
        world.command(Command::Mute { track: voice, muted: true });
        world.events.clear();
        world.plant("cid", place);
        world.run(Duration::from_secs(1));
        assert_eq!(world.stats().rooms_broken, 1);
        let ann = world.clients["ann"].id;
        let silenced = world.events.iter().any(|event| {
            matches!(event, Event::Speakers { changes, .. } if changes.iter().any(|s| s.peer == ann && !s.active))
        });
        assert!(silenced, "{place:?}");
    }
}
