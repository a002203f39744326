//! What nobody should send, by name; and what nobody thought of, by chance.

mod common;

use common::*;
use proto::{ParticipantId, id::IdSource};
use stun_types::{message::*, prelude::MessageWrite};
use turn::*;
use turn_types::{attribute::*, message::*};

/// What comes of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    Silence,
    Code(u16),
    Payload,
}
use Outcome::*;

/// A client with an allocation, a permission and a channel for the media plane.
fn settled() -> (World, Login) {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    assert_eq!(world.bind(stream(1), &login, 0x4000, MEDIA), 0);
    (world, login)
}

fn request(method: Method, attributes: &Attributes, login: Option<&Login>) -> Vec<u8> {
    kind(MessageClass::Request, method, attributes, login)
}

fn kind(class: MessageClass, method: Method, attributes: &Attributes, login: Option<&Login>) -> Vec<u8> {
    write(MessageType::from_class_method(class, method), 0x77.into(), attributes, login).finish()
}

fn set(mut bytes: Vec<u8>, place: usize, with: &[u8]) -> Vec<u8> {
    bytes[place..place + with.len()].copy_from_slice(with);
    bytes
}

/// Adds bytes behind a message, and to its length.
fn longer(mut bytes: Vec<u8>, by: &[u8]) -> Vec<u8> {
    bytes.extend(by);
    let length = u16::try_from(bytes.len() - 20).expect("short enough");
    set(bytes, 2, &length.to_be_bytes())
}

#[test]
fn named_hostile_inputs() {
    let (_, login) = settled();
    let refresh = request(REFRESH, &vec![], Some(&login));
    let binding = request(BINDING, &vec![], STRANGER);
    let send = |attributes: Attributes| kind(MessageClass::Indication, SEND, &attributes, STRANGER);
    let good_send = World::new(config()).send(MEDIA, b"payload!");
    let fingerprinted = {
        let kind = MessageType::from_class_method(MessageClass::Request, BINDING);
        let mut write = write(kind, 1.into(), &vec![], STRANGER);
        stun_types::prelude::MessageWriteExt::add_fingerprint(&mut write).unwrap();
        write.finish()
    };
    let integrity = refresh[refresh.len() - 24..].to_vec();
    let cases: Vec<(&str, Vec<u8>, Outcome)> = vec![
        ("nothing", vec![], Silence),
        ("one zero", vec![0], Silence),
        ("one byte of a channel", vec![0x40], Silence),
        ("half a header of a channel", vec![0x40, 0, 0], Silence),
        ("nineteen bytes", binding[..19].to_vec(), Silence),
        ("twenty zeros", vec![0; 20], Silence),
        ("twenty times 255", vec![255; 20], Silence),
        ("a wrong magic cookie", set(binding.clone(), 4, &[0x21, 0x12, 0xa4, 0x43]), Silence),
        ("no magic cookie, as before RFC 5389", set(binding.clone(), 4, &[1, 2, 3, 4]), Silence),
        ("a length of 65535", set(binding.clone(), 2, &[255, 255]), Silence),
        ("a length of 65532", set(binding.clone(), 2, &[255, 252]), Silence),
        ("a length of 4 with nothing behind", set(binding.clone(), 2, &[0, 4]), Silence),
        ("a length that is no multiple of four", set([&binding[..], &[0; 3]].concat(), 2, &[0, 3]), Silence),
        ("a byte behind the message", [&binding[..], &[0]].concat(), Silence),
        ("an attribute behind the message", [&binding[..], &[0x80, 0x22, 0, 0]].concat(), Silence),
        ("a second message behind the message", [&binding[..], &binding[..]].concat(), Silence),
        ("half a header of an attribute", set([&binding[..], &[0, 6]].concat(), 2, &[0, 2]), Silence),
        ("an attribute longer than the message", longer(binding.clone(), &[0, 6, 0, 5, 1, 2, 3, 4]), Silence),
        ("an attribute of 65535 bytes", longer(binding.clone(), &[0, 6, 255, 255]), Silence),
        ("a known attribute of no bytes", longer(binding.clone(), &[0, 6, 0, 0]), Code(0)),
        ("three hundred attributes", longer(binding.clone(), &[0x80, 0x22, 0, 0].repeat(300)), Code(0)),
        ("three hundred unknown attributes", longer(binding.clone(), &[0x70, 0x22, 0, 0].repeat(300)), Code(420)),
        ("a message of the longest length", longer(binding.clone(), &[0x80, 0x22, 0, 0].repeat(507)), Code(0)),
        ("a message that is too long", longer(binding.clone(), &[0x80, 0x22, 0, 0].repeat(508)), Silence),
        ("a message of 64 kilobytes", longer(binding.clone(), &[0x80, 0x22, 0, 0].repeat(16_378)), Silence),
        ("a wrong fingerprint", set(fingerprinted.clone(), 27, &[fingerprinted[27] ^ 1]), Silence),
        ("an attribute behind the fingerprint", longer(fingerprinted.clone(), &[0x70, 0x22, 0, 0]), Code(0)),
        ("a fingerprint of two bytes", longer(binding.clone(), &[0x80, 0x28, 0, 2, 1, 2, 0, 0]), Silence),
        ("an unknown attribute", longer(binding.clone(), &[0x00, 0x03, 0, 0]), Code(420)),
        ("an unknown method", kind(MessageClass::Request, Method::new(0xfff), &vec![], STRANGER), Silence),
        ("CONNECT of RFC 6062", request(CONNECT, &vec![peer(MEDIA)], Some(&login)), Silence),
        ("Send as a request", request(SEND, &vec![peer(MEDIA)], Some(&login)), Silence),
        ("Data as a request", request(DATA, &vec![peer(MEDIA)], Some(&login)), Silence),
        ("Allocate as an indication", kind(MessageClass::Indication, ALLOCATE, &udp(), Some(&login)), Silence),
        ("Refresh as an indication", kind(MessageClass::Indication, REFRESH, &vec![], Some(&login)), Silence),
        ("a Binding indication", kind(MessageClass::Indication, BINDING, &vec![], STRANGER), Silence),
        ("a Data indication of a client", kind(MessageClass::Indication, DATA, &vec![peer(MEDIA)], None), Silence),
        ("a success as if we had asked", kind(MessageClass::Success, ALLOCATE, &udp(), Some(&login)), Silence),
        ("an error as if we had asked", kind(MessageClass::Error, BINDING, &vec![], STRANGER), Silence),
        ("no integrity", request(REFRESH, &vec![], STRANGER), Code(401)),
        ("a wrong integrity", set(refresh.clone(), refresh.len() - 1, &[refresh[refresh.len() - 1] ^ 1]), Code(401)),
        ("a method changed under its integrity", set(refresh.clone(), 0, &[0, 8]), Code(401)),
        ("an integrity of one byte", longer(binding.clone(), &[0, 8, 0, 1, 9, 0, 0, 0]), Code(0)),
        (
            "an integrity of one byte, alone",
            longer(request(REFRESH, &vec![], STRANGER), &[0, 0x1c, 0, 1, 9, 0, 0, 0]),
            Code(400),
        ),
        ("an integrity twice", longer(refresh.clone(), &integrity), Code(0)),
        ("an attribute behind the integrity", longer(refresh.clone(), &[0x00, 0x0d, 0, 4, 0, 0, 0, 0]), Code(0)),
        ("an unknown attribute behind the integrity", longer(refresh.clone(), &[0x70, 0x22, 0, 0]), Code(0)),
        ("a zeroed integrity", set(refresh.clone(), refresh.len() - 20, &[0; 20]), Code(401)),
        ("a name that is no UTF-8", request(REFRESH, &vec![raw(6, &[255, 254])], Some(&login)), Code(400)),
        ("a peer without an address", request(CREATE_PERMISSION, &vec![raw(0x12, b"")], Some(&login)), Code(400)),
        (
            "a peer of IPv6 in four bytes",
            request(CREATE_PERMISSION, &vec![raw(0x12, &[0, 2, 0, 0, 1, 2, 3, 4])], Some(&login)),
            Code(400),
        ),
        ("a peer that is nowhere", request(CREATE_PERMISSION, &vec![peer("0.0.0.0:0")], Some(&login)), Code(403)),
        (
            "a hundred peers",
            request(CREATE_PERMISSION, &(0..100).map(|_| peer("203.0.113.1:1")).collect(), Some(&login)),
            Code(403),
        ),
        (
            "a channel number of no bytes",
            request(CHANNEL_BIND, &vec![raw(0xc, b""), peer(MEDIA)], Some(&login)),
            Code(400),
        ),
        (
            "a channel below the range",
            request(CHANNEL_BIND, &vec![with(ChannelNumber::new(0x3fff)), peer(MEDIA)], Some(&login)),
            Code(400),
        ),
        (
            "a channel above the range",
            request(CHANNEL_BIND, &vec![with(ChannelNumber::new(0x8000)), peer(MEDIA)], Some(&login)),
            Code(400),
        ),
        ("a lifetime of five bytes", request(REFRESH, &vec![raw(0x0d, b"12345")], Some(&login)), Code(400)),
        ("a second Allocate", request(ALLOCATE, &udp(), Some(&login)), Code(437)),
        ("payload for an unbound channel", channel(0x4001, b"x"), Silence),
        ("payload for the last channel", channel(0x7fff, b"x"), Silence),
        ("payload below the channels", channel(0x3fff, b"0123456789abcdefghij"), Silence),
        ("payload for a reserved channel", channel(0x8000, b"x"), Silence),
        ("payload for channel 0xffff", channel(0xffff, b"x"), Silence),
        ("a channel longer than its message", vec![0x40, 0, 0, 2, 1], Silence),
        ("a channel of 65535 bytes", vec![0x40, 0, 255, 255, 1], Silence),
        ("a channel of no bytes", channel(0x4000, b""), Payload),
        ("a channel that is too long", channel(0x4000, &[0; MESSAGE]), Silence),
        ("payload for media", channel(0x4000, b"x"), Payload),
        ("a Send without a peer", send(vec![raw(0x13, b"x")]), Silence),
        ("a Send without data", send(vec![peer(MEDIA)]), Silence),
        ("a Send of no bytes", send(vec![peer(MEDIA), raw(0x13, b"")]), Payload),
        ("a Send with an unknown attribute", send(vec![peer(MEDIA), raw(0x13, b"x"), raw(0x7001, b"")]), Silence),
        ("a Send to somebody else", send(vec![peer("198.51.100.9:9"), raw(0x13, b"x")]), Silence),
        ("a Send to another port of media", send(vec![peer("203.0.113.1:22"), raw(0x13, b"x")]), Silence),
        ("a Send to a peer of another family", send(vec![peer(MEDIA6), raw(0x13, b"x")]), Silence),
        ("a Send whose data are longer than it", set(good_send.clone(), 34, &[255, 255]), Silence),
        ("a TLS greeting", vec![0x16, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3], Silence),
        ("a DTLS record", [&[22, 254, 253][..], &[0; 40]].concat(), Silence),
        ("an RTP packet", [&[0x80, 111][..], &[0; 40]].concat(), Silence),
        ("a request of HTTP", b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".to_vec(), Silence),
    ];
    assert!(cases.len() >= 40);
    for (name, bytes, expected) in cases {
        for who in [stream(1), datagram(9)] {
            // Whoever has no allocation gets nothing out of it either.
            let (mut world, _) = settled();
            let carried = world.turn.handle(world.now, Input::Message { client: who, bytes: &bytes }).is_some();
            let answer = world.turn.poll_output();
            let outcome = match (carried, answer) {
                (true, None) => Payload,
                (false, None) => Silence,
                (false, Some(Output::ToClient { bytes, .. })) => Code(Answer(bytes).code()),
                other => panic!("{name}: {other:?}"),
            };
            if who == stream(1) {
                assert_eq!(outcome, expected, "{name}");
            } else {
                assert_ne!(outcome, Payload, "{name}: for somebody without an allocation");
            }
            assert_eq!(world.turn.poll_output(), None, "{name}");
            assert_eq!(world.turn.stats().allocations, 1, "{name}");
            assert!(world.carried(stream(1), &channel(0x4000, b"alive")).is_some(), "{name}");
        }
    }
}

#[test]
fn no_cut_of_a_good_message_does_anything() {
    let (mut world, login) = settled();
    let zero = request(REFRESH, &vec![with(Lifetime::new(0))], Some(&login));
    for length in 0..zero.len() {
        assert!(world.give(stream(1), &zero[..length]).is_none());
    }
    assert_eq!(world.turn.stats().allocations, 1);
    assert_eq!(world.give(stream(1), &zero).unwrap().code(), 0);
    assert_eq!(world.turn.stats().allocations, 0);
}

#[test]
fn no_changed_bit_ends_an_allocation() {
    let (mut world, login) = settled();
    let zero = request(REFRESH, &vec![with(Lifetime::new(0))], Some(&login));
    for bit in 0..zero.len() * 8 {
        let mut bytes = zero.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &bytes });
        while world.turn.poll_output().is_some() {}
        assert_eq!(world.turn.stats().allocations, 1, "bit {bit}");
    }
}

#[test]
fn no_sequence_of_bytes_panics() {
    let mut chance = IdSource::new(0x7042);
    let (_, login) = settled();
    let seeds = [
        request(ALLOCATE, &udp(), Some(&login)),
        request(REFRESH, &vec![with(Lifetime::new(9))], Some(&login)),
        request(CREATE_PERMISSION, &vec![peer(MEDIA)], Some(&login)),
        request(CHANNEL_BIND, &vec![peer(MEDIA), with(ChannelNumber::new(0x4001))], Some(&login)),
        request(BINDING, &vec![], STRANGER),
        World::new(config()).send(MEDIA, b"payload"),
        channel(0x4000, b"payload"),
    ];
    let (mut world, _) = settled();
    for _ in 0..20_000 {
        let mut below = |end: usize| chance.draw() as usize % end;
        let mut bytes = seeds[below(seeds.len())].clone();
        for _ in 0..below(5) {
            let place = below(bytes.len());
            match below(4) {
                0 => bytes[place] = below(256) as u8,
                1 => bytes.truncate(place + 1),
                2 => bytes.insert(place, below(256) as u8),
                _ => bytes[place] ^= 1 << below(8),
            }
        }
        if below(4) == 0 {
            let body = bytes.len().saturating_sub(20) as u16;
            if bytes.len() > 4 {
                bytes[2..4].copy_from_slice(&body.to_be_bytes());
            }
        }
        let who = [stream(1), stream(2), datagram(1)][below(3)];
        let carried = world.turn.handle(world.now, Input::Message { client: who, bytes: &bytes });
        if let Some(Carried::ToMedia { media, .. }) = carried {
            assert_eq!(media, at(MEDIA));
        }
        while world.turn.poll_output().is_some() {}
        if below(100) == 0 {
            world.pass(1);
        }
    }
    world.turn.handle(world.now, Input::Revoke { participant: ParticipantId::from(1) });
    assert_eq!(world.turn.stats().allocations, 0);
}
