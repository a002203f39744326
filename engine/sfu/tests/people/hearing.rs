//! Whether who speaks is heard, and what is counted of a line.

use std::time::Duration;

use crate::world::World;
use proto::{
    TrackId,
    media::{Event, Kind},
    quality::{Cause, Sample, Unheard, Way},
};

/// What was said of somebody's voice since the last time.
fn told(world: &mut World, name: &str) -> Vec<Option<Unheard>> {
    let id = world.clients[name].id;
    let told = world.events.extract_if(.., |event| matches!(event, Event::Unheard { .. }));
    let changes = told.flat_map(|event| match event {
        Event::Unheard { changes, .. } => changes,
        _ => Vec::new(),
    });
    changes.filter(|(peer, _)| *peer == id).map(|(_, why)| why).collect()
}

/// Ann's voice, which bob takes.
fn voice(world: &mut World) -> TrackId {
    let track = world.publish("ann", Kind::Audio, &[]);
    world.clients.get_mut("ann").unwrap().publication(track).level = -30;
    world.subscribe("bob", track);
    track
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn an_open_microphone_of_which_nothing_arrives_is_told() {
    let mut world = World::with(&["ann", "bob"]);
    let track = voice(&mut world);
    world.run(seconds(12));
    assert_eq!(told(&mut world, "ann"), [], "she is heard");
    world.clients.get_mut("ann").unwrap().publication(track).layers[0].sending = false;
    world.run(seconds(4));
    assert_eq!(told(&mut world, "ann"), []);
    world.run(seconds(2));
    assert_eq!(told(&mut world, "ann"), [Some(Unheard::Blocked)]);
    world.clients.get_mut("ann").unwrap().publication(track).layers[0].sending = true;
    world.run(seconds(1));
    assert_eq!(told(&mut world, "ann"), [None]);
    world.clients.get_mut("ann").unwrap().publication(track).layers[0].sending = false;
    world.mute(track, true);
    world.run(seconds(20));
    assert_eq!(told(&mut world, "ann"), [], "who is muted is not missed");
    assert_eq!(told(&mut world, "bob"), []);
}

#[test]
fn a_microphone_that_gives_no_sound_at_all_is_told() {
    let mut world = World::with(&["ann", "bob"]);
    let track = voice(&mut world);
    world.clients.get_mut("ann").unwrap().publication(track).level = -127;
    world.run(seconds(12));
    assert_eq!(told(&mut world, "ann"), [Some(Unheard::Silent)]);
    world.clients.get_mut("ann").unwrap().publication(track).level = -90;
    world.run(seconds(1));
    assert_eq!(told(&mut world, "ann"), [None]);
    world.clients.get_mut("ann").unwrap().publication(track).level = -127;
    world.run(seconds(30));
    assert_eq!(told(&mut world, "ann"), [], "it is known to work");
}

#[test]
fn who_speaks_and_is_taken_by_nobody_is_told() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Audio, &[]);
    world.clients.get_mut("ann").unwrap().publication(track).level = -20;
    world.run(seconds(7));
    assert_eq!(told(&mut world, "ann"), [Some(Unheard::Untaken)]);
    world.subscribe("bob", track);
    world.run(seconds(2));
    assert_eq!(told(&mut world, "ann"), [None]);
    world.leave("bob");
    world.run(seconds(20));
    assert_eq!(told(&mut world, "ann"), [], "who is alone speaks to nobody");
}

#[test]
fn lines_are_measured_every_five_seconds() {
    let mut world = World::with(&["ann", "bob"]);
    voice(&mut world);
    world.run(seconds(11));
    let bob = world.clients["bob"].id;
    let samples: Vec<Sample> = world
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Measured { span, samples, .. } => {
                assert_eq!(*span, seconds(5));
                samples.iter().find(|(peer, _)| *peer == bob).map(|(_, sample)| *sample)
            }
            _ => None,
        })
        .collect();
    assert_eq!(samples.len(), 2);
    assert!(samples.iter().all(|s| s.way == Some(Way::Udp) && s.lost_down == 0.0 && s.verdict.cause.is_none()));
    assert!(samples.iter().all(|s| s.late < Duration::from_millis(10)), "{samples:?}");
}

#[test]
fn who_watches_somebody_with_a_bad_upload_is_not_blamed_for_it() {
    let mut world = World::with(&["ann", "bob"]);
    let sound = voice(&mut world);
    let picture = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", picture);
    world.run(seconds(6));
    world.lose_up = Some(("ann", 4));
    world.events.clear();
    world.run(seconds(20));
    let [ann, bob] = ["ann", "bob"].map(|name| world.clients[name].id);
    let causes = |of| -> Vec<Option<Cause>> {
        let changes = world.events.iter().filter_map(|event| match event {
            Event::Quality { changes, .. } => Some(changes.clone()),
            _ => None,
        });
        changes.flatten().filter(|(peer, _)| *peer == of).map(|(_, verdict)| verdict.cause).collect()
    };
    assert_eq!(causes(ann), [Some(Cause::Upload)]);
    assert!(causes(bob).iter().all(Option::is_none), "{:?}", causes(bob));
    assert!(world.clients["bob"].seen[&sound].len() > 500);
}

#[test]
fn what_a_host_muted_excuses_no_bad_line_afterwards() {
    let mut world = World::with(&["ann", "bob"]);
    let sound = voice(&mut world);
    world.run(seconds(2));
    // Her client goes on sending what nobody gets.
    world.mute(sound, true);
    world.run(seconds(8));
    world.mute(sound, false);
    world.lose_every = Some(5);
    world.events.clear();
    world.run(seconds(6));
    let bob = world.clients["bob"].id;
    let lost = world.events.iter().filter_map(|event| match event {
        Event::Measured { samples, .. } => samples.iter().find(|(peer, _)| *peer == bob).map(|(_, s)| s.lost_down),
        _ => None,
    });
    let most = lost.fold(0.0, f32::max);
    assert!(most > 0.1, "a fifth of all that goes to him is lost: {most}");
}
