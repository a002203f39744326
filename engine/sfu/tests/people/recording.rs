//! What is recorded of somebody who speaks a message.

use std::time::Duration;

use proto::{
    VoicemailId,
    media::{AddPeer, Kind},
};
use str0m::{RtcConfig, format::Codec};

use crate::world::{AUDIO, World};

const MESSAGE: u128 = 9;

/// Ann speaks a message, with copies; bob is in the same room, and his sound is nobody's business.
fn world(copies: bool) -> (World, proto::TrackId) {
    let mut world = World::new();
    for name in ["ann", "bob"] {
        let tap = (name == "ann").then(|| VoicemailId::from(MESSAGE));
        let add = AddPeer { tap, ..world.newcomer(name) };
        let config = RtcConfig::new().clear_codecs().enable_opus(true, copies).enable_vp8(true);
        world.enter(name, add, config, Codec::Vp8);
        world.negotiate(name);
        world.run_until("all are connected", |world| world.clients[name].has_channels());
    }
    let codecs: &[&str] = if copies { &["red"] } else { &[] };
    let track = world.expect_in("ann", Kind::Audio, true, codecs);
    world.clients.get_mut("ann").unwrap().add_track(track, Kind::Audio, &[]);
    world.negotiate("ann");
    world.clients.get_mut("ann").unwrap().publication(track).copies = copies;
    (world, track)
}

#[test]
fn a_microphone_is_recorded_packet_by_packet_and_without_its_copies() {
    for copies in [true, false] {
        let (mut world, _) = world(copies);
        world.publish("bob", Kind::Audio, &[]);
        world.run(Duration::from_secs(1));
        let tapped = std::mem::take(&mut world.tapped);
        assert!((45..=51).contains(&tapped.len()), "{}", tapped.len());
        assert!(tapped.iter().all(|packet| packet.message == VoicemailId::from(MESSAGE) && packet.sound == AUDIO));
        assert!(tapped.windows(2).all(|pair| pair[1].timestamp == pair[0].timestamp.wrapping_add(960)));
        assert!(tapped.windows(2).all(|pair| pair[1].stream == pair[0].stream));
    }
}

#[test]
fn nothing_is_recorded_of_whoever_is_muted_or_shows_pictures() {
    let (mut world, track) = world(false);
    world.publish("ann", Kind::Video, &[]);
    world.mute(track, true);
    world.tapped.clear();
    world.run(Duration::from_secs(1));
    assert_eq!(world.tapped, []);
    world.mute(track, false);
    world.run(Duration::from_secs(1));
    assert!(world.tapped.len() > 40 && world.tapped.iter().all(|packet| packet.sound == AUDIO));
}
