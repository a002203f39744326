//! Streams cut into messages, whatever pieces they come in.

mod common;

use common::*;
use stun_types::message::*;
use turn::*;

fn all(bytes: &[u8], pieces: impl Fn(usize) -> usize) -> Result<Vec<Vec<u8>>, FramingError> {
    let (mut framing, mut found, mut rest, mut turn) = (Framing::new(), Vec::new(), bytes, 0);
    while !rest.is_empty() {
        let piece = pieces(turn).clamp(1, rest.len());
        let taken = framing.push(&rest[..piece]);
        assert!(taken > 0, "no space although everything was taken out");
        rest = &rest[taken..];
        turn += 1;
        while let Some(message) = framing.next_message()? {
            found.push(message.to_vec());
        }
    }
    Ok(found)
}

fn conversation() -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    let mut messages = vec![world.request(BINDING, &vec![], STRANGER), world.request(BINDING, &vec![], Some(&login))];
    messages.extend((0..9).map(|length| channel(0x4000 + length, &vec![7; length.into()])));
    messages.extend([world.send(MEDIA, &[1; 1500]), channel(0x7fff, &[2; MESSAGE - 4]), channel(0x4000, b"")]);
    let mut bytes = Vec::new();
    for message in &messages {
        bytes.extend(message);
        bytes.resize(bytes.len().next_multiple_of(4), 0xee);
    }
    (bytes, messages)
}

#[test]
fn every_split_gives_the_same_messages() {
    let (bytes, messages) = conversation();
    for size in [1, 2, 3, 4, 5, 7, 19, 20, 21, 64, 1_000, 2_048, 5_000, 100_000] {
        assert_eq!(all(&bytes, |_| size).as_ref(), Ok(&messages), "pieces of {size}");
    }
    for seed in 0..200 {
        let mut chance = proto::id::IdSource::new(seed);
        let sizes: Vec<usize> = (0..1_000).map(|_| 1 + chance.draw() as usize % 97).collect();
        assert_eq!(all(&bytes, |turn| sizes[turn % sizes.len()]).as_ref(), Ok(&messages), "seed {seed}");
    }
    let short = &bytes[..400];
    let expected = all(short, |_| 400);
    for cut in 1..400 {
        assert_eq!(all(short, |turn| if turn == 0 { cut } else { 400 }), expected, "cut at {cut}");
    }
}

#[test]
fn what_is_no_message_is_refused_as_soon_as_it_shows() {
    let long = u16::try_from(MESSAGE - 4 + 1).unwrap().to_be_bytes();
    let cases: [(&str, Vec<u8>, FramingError); 10] = [
        ("RTP", vec![0x80], FramingError::Unknown),
        ("HTTP", b"GET ".to_vec(), FramingError::TooLong(4 + 0x5420)),
        ("POST", b"POST".to_vec(), FramingError::TooLong(4 + 0x5354)),
        ("TLS", vec![0x16, 3, 1, 2, 0], FramingError::Unknown),
        ("a wrong cookie", vec![0, 1, 0, 0, 0x21, 0x13], FramingError::Unknown),
        ("a body of three bytes", vec![0, 1, 0, 3], FramingError::Unknown),
        ("a body that is too long", vec![0, 1, 0xff, 0xfc], FramingError::TooLong(20 + 0xfffc)),
        ("a body that is a little too long", vec![0, 1, 7, 0xf0], FramingError::TooLong(MESSAGE + 4)),
        ("payload that is too long", vec![0x40, 0, 0xff, 0xff], FramingError::TooLong(4 + 65_536)),
        ("payload that is a little too long", vec![0x40, 0, long[0], long[1]], FramingError::TooLong(MESSAGE + 4)),
    ];
    for (name, bytes, error) in cases {
        assert_eq!(all(&bytes, |_| 1), Err(error), "{name}");
        assert_eq!(all(&bytes, |_| 100), Err(error), "{name}");
        // And it stays refused.
        let mut framing = Framing::new();
        framing.push(&bytes);
        assert_eq!(framing.next_message(), Err(error), "{name}");
        assert_eq!(framing.next_message(), Err(error), "{name}");
    }
}

#[test]
fn a_stream_that_nobody_takes_out_holds_a_bounded_amount() {
    let mut framing = Framing::new();
    let flood = channel(0x4000, &[0; 1_000]);
    let taken: usize = (0..1_000).map(|_| framing.push(&flood)).sum();
    assert!(taken <= 4 * MESSAGE, "{taken}");
    assert!(framing.space().is_empty());
    framing.filled(1_000_000);
    let mut found = 0;
    while let Ok(Some(_)) = framing.next_message() {
        found += 1;
    }
    assert_eq!(found, taken / flood.len());
    assert!(!framing.space().is_empty());
}
