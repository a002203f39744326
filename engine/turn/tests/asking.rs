//! Our client against our server: what it says is understood, and what it hears is what was meant.

mod common;

use common::*;
use turn::{
    Carried, Framing, Input, Output,
    asking::{Asking, Heard},
};

/// Gives the server what a client says; what it answers.
fn answers(world: &mut World, bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut framing = Framing::new();
    assert_eq!(framing.push(bytes), bytes.len());
    let mut answers = Vec::new();
    while let Some(message) = framing.next_message().expect("clients say what can be cut") {
        let carried = world.turn.handle(world.now, Input::Message { client: stream(1), bytes: message });
        if let Some(Carried::ToMedia { media, payload, .. }) = carried {
            answers.push([media.to_string().as_bytes(), b" ", payload].concat());
        }
        while let Some(Output::ToClient { bytes, .. }) = world.turn.poll_output() {
            answers.push(bytes);
        }
    }
    answers
}

fn client(world: &World, participant: u128) -> Asking {
    let credentials = world.secret.credentials(participant.into(), world.now.unix);
    Asking::new(&credentials.username, &credentials.password, 5)
}

#[test]
fn it_signs_in_allocates_and_reaches_the_media_plane() {
    let mut world = World::new(config());
    let mut asking = client(&world, 7);
    let first = asking.begin();
    let challenge = answers(&mut world, &first).remove(0);
    let Heard::Say(again) = asking.hear(&challenge) else { panic!("no second try") };
    let granted = answers(&mut world, &again).remove(0);
    let Heard::Allocated(relayed) = asking.hear(&granted) else { panic!("no allocation") };
    assert!(turn::is_relayed(relayed));

    let sent = asking.send(at(MEDIA), b"ping");
    let said = answers(&mut world, &sent);
    assert_eq!(asking.hear(&said[0]), Heard::Nothing, "the permission is there");
    assert_eq!(said[1], format!("{MEDIA} ping").into_bytes());
    let again = asking.send(at(MEDIA), b"pong!");
    assert_eq!(answers(&mut world, &again), [format!("{MEDIA} pong!").into_bytes()], "one permission is enough");

    let back = world.media_sends(relayed, MEDIA, b"back").unwrap();
    assert_eq!(asking.hear(&back), Heard::Came { peer: at(MEDIA), payload: b"back".to_vec() });
}

#[test]
fn what_is_refused_is_heard_as_that() {
    let mut world = World::new(config());
    let mut stranger = Asking::new("1:nobody", "wrong", 5);
    let first = stranger.begin();
    let challenge = answers(&mut world, &first).remove(0);
    let Heard::Say(again) = stranger.hear(&challenge) else { panic!("no second try") };
    let refused = answers(&mut world, &again).remove(0);
    assert_eq!(stranger.hear(&refused), Heard::Refused(401));
    assert_eq!(stranger.hear(b"nonsense"), Heard::Nothing);
}
