//! Who writes other people's addresses on datagrams of their own, or sends what no client does: nothing of it may end a
//! session, take it over or be seen by anybody.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    time::{Duration, Instant},
};

use str0m::{RtcConfig, format::Codec};

use crate::world::{Intruder, World};
use proto::{
    TrackId,
    media::{Event, Kind},
};

/// A handshake record around a message (RFC 6347, section 4.3.2), with its own number among messages.
fn record(kind: u8, number: u16, length: u32, offset: u32, body: &[u8]) -> Vec<u8> {
    let bytes3 = |n: u32| n.to_be_bytes()[1..].to_vec();
    let fragment =
        [&[kind][..], &bytes3(length), &number.to_be_bytes(), &bytes3(offset), &bytes3(body.len() as u32), body]
            .concat();
    wrap(22, 0, &fragment)
}

/// A record (RFC 6347, section 4.1).
fn wrap(kind: u8, epoch: u16, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16).to_be_bytes();
    [&[kind, 0xfe, 0xfd][..], &epoch.to_be_bytes(), &[0, 0, 0, 0, 9, 9], &length, body].concat()
}

/// A client's greeting, as bytes: version, random, no session, no cookie, cipher suites, compression, extensions.
fn hello(version: [u8; 2], suites: &[u16], compression: &[u8], extensions: &[u8]) -> Vec<u8> {
    let suites: Vec<u8> = suites.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    [
        &version[..],
        &[0x66; 32],
        &[0, 0],
        &(suites.len() as u16).to_be_bytes(),
        &suites,
        &[compression.len() as u8],
        compression,
        &(extensions.len() as u16).to_be_bytes(),
        extensions,
    ]
    .concat()
}

fn whole(body: &[u8]) -> Vec<u8> {
    record(1, 0, body.len() as u32, 0, body)
}

const GOOD: [u8; 2] = [0xfe, 0xfd];
/// ECDHE with ECDSA and AES in GCM, which everybody has.
const SUITE: u16 = 0xc02b;

/// What arrives from a client's own address and is not the client's; the real greeting is given.
fn hostile_handshakes(real: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let plain = hello(GOOD, &[SUITE], &[0], &[]);
    let set = |at: usize, with: &[u8]| {
        let mut bytes = real.to_vec();
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
    vec![
        ("one byte", vec![22]),
        ("half a header", real[..7].to_vec()),
        ("a header and nothing", real[..13].to_vec()),
        ("a header that promises 65535 bytes", set(11, &[255, 255])),
        ("a record of no bytes", wrap(22, 0, &[])),
        ("nine records of no bytes", wrap(22, 0, &[]).repeat(9)),
        ("half a greeting", real[..real.len() / 2].to_vec()),
        ("a greeting with a byte behind it", [real, &[0]].concat()),
        ("a greeting that says it is longer", set(14, &[0, 255, 255])),
        ("a greeting of sixteen megabytes", set(14, &[255, 255, 255])),
        ("a fragment of no bytes", record(1, 0, 0, 0, &[])),
        ("a fragment of no bytes of a long greeting", record(1, 0, 4_000, 0, &[])),
        ("a fragment of no bytes in the middle", record(1, 0, 4_000, 2_000, &[])),
        ("a fragment that begins behind the end", record(1, 0, 40, 50, &[1; 10])),
        ("a fragment that ends behind the end", record(1, 0, 40, 30, &[1; 20])),
        ("the first part of a greeting that never goes on", record(1, 0, 900, 0, &plain[..40])),
        ("the second part of a greeting that never began", record(1, 0, 900, 40, &[7; 100])),
        ("a greeting of another", whole(&plain)),
        ("a greeting without ciphers", whole(&hello(GOOD, &[], &[0], &[]))),
        ("a greeting with the cipher that hides nothing", whole(&hello(GOOD, &[0], &[0], &[]))),
        (
            "a greeting with an odd length of ciphers",
            whole(&[&GOOD[..], &[6; 32], &[0, 0, 0, 3, 1, 2, 3, 1, 0]].concat()),
        ),
        ("a greeting with ten thousand ciphers", whole(&hello(GOOD, &[SUITE; 600], &[0], &[]))),
        ("a greeting without compression", whole(&hello(GOOD, &[SUITE], &[], &[]))),
        ("a greeting that compresses", whole(&hello(GOOD, &[SUITE], &[1], &[]))),
        ("a greeting of DTLS 1.0", whole(&hello([0xfe, 0xff], &[SUITE], &[0], &[]))),
        ("a greeting of TLS 1.2", whole(&hello([3, 3], &[SUITE], &[0], &[]))),
        ("a greeting of DTLS 9", whole(&hello([0xf6, 0xf6], &[SUITE], &[0], &[]))),
        ("a greeting without a body", whole(&[])),
        ("a greeting of one byte", whole(&[0xfe])),
        ("a greeting with a session of 255 bytes", whole(&[&GOOD[..], &[6; 32], &[255], &[1; 40]].concat())),
        ("a greeting with a cookie of 255 bytes", whole(&[&GOOD[..], &[6; 32], &[0, 255], &[1; 40]].concat())),
        ("an extension longer than the greeting", whole(&hello(GOOD, &[SUITE], &[0], &[0, 10, 255, 255]))),
        ("no protection profile", whole(&hello(GOOD, &[SUITE], &[0], &[0, 14, 0, 3, 0, 0, 0]))),
        ("a protection profile nobody knows", whole(&hello(GOOD, &[SUITE], &[0], &[0, 14, 0, 5, 0, 2, 9, 9, 0]))),
        ("a hundred extensions", whole(&hello(GOOD, &[SUITE], &[0], &[0xfa, 0xfa, 0, 0].repeat(100)))),
        ("a greeting of message 1", record(1, 1, plain.len() as u32, 0, &plain)),
        ("a greeting of message 65535", record(1, 65_535, plain.len() as u32, 0, &plain)),
        ("a greeting of a server", record(2, 0, 40, 0, &[3; 40])),
        ("a request to greet again", record(3, 0, 3, 0, &[0xfe, 0xff, 0])),
        ("a certificate before its time", record(11, 0, 3, 0, &[0, 0, 0])),
        ("a certificate of no bytes", record(11, 1, 0, 0, &[])),
        ("a certificate chain of nothing", record(11, 1, 3, 0, &[0, 0, 0])),
        ("a certificate of sixteen megabytes", record(11, 1, 0xff_ffff, 0, &[0xff; 30])),
        ("a certificate that is none", record(11, 1, 14, 0, &[0, 0, 11, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8])),
        ("a key exchange before its time", record(16, 0, 66, 0, &[65; 66])),
        ("a key that is no point", record(16, 2, 66, 0, &[65; 66])),
        ("a proof before its time", record(15, 3, 8, 0, &[4, 3, 0, 4, 1, 2, 3, 4])),
        ("an end in the clear", record(20, 4, 12, 0, &[0; 12])),
        ("an end before its time", record(20, 0, 12, 0, &[0; 12])),
        ("a message of an unknown kind", record(99, 0, 4, 0, &[1; 4])),
        ("a change of keys before there are any", wrap(20, 0, &[1])),
        ("a change of keys of no bytes", wrap(20, 0, &[])),
        ("an alarm in the clear", wrap(21, 0, &[2, 40])),
        ("a farewell in the clear", wrap(21, 0, &[1, 0])),
        ("an alarm of one byte", wrap(21, 0, &[2])),
        ("an alarm under keys", wrap(21, 1, &[2; 26])),
        ("an end under keys that are not there", wrap(22, 1, &[9; 48])),
        ("data in the clear", wrap(23, 0, b"hello")),
        ("data under keys that are not there", wrap(23, 1, &[5; 60])),
        ("data of a far epoch", wrap(23, 65_535, &[5; 60])),
        ("a heartbeat", wrap(24, 0, &[1, 0x40, 0])),
        ("a connection id", wrap(25, 0, &[1; 30])),
        ("a record of DTLS 1.3", [&[0x2f, 1, 2, 0, 9][..], &[7; 9]].concat()),
        ("a greeting among noise", [real, &[255; 30]].concat()),
        ("noise of a record's kind", vec![22; 1_200]),
    ]
}

/// Whether a datagram belongs to a handshake or what comes after it (RFC 7983, section 7).
fn is_dtls(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| (20..=63).contains(first))
}

fn is_content(bytes: &[u8]) -> bool {
    matches!(bytes, [128..=191, second, ..] if !(192..=223).contains(second))
}

fn connected(world: &World) -> usize {
    world.events.iter().filter(|event| matches!(event, Event::Connected { .. })).count()
}

/// The first greeting of a client in a world of its own.
fn greeting() -> Vec<u8> {
    let seen: Rc<RefCell<Option<Vec<u8>>>> = Rc::default();
    let mut world = World::new();
    let keep = seen.clone();
    world.intruder = Some(Box::new(move |bytes| {
        if is_dtls(bytes) {
            keep.borrow_mut().get_or_insert_with(|| bytes.to_vec());
        }
        Default::default()
    }));
    world.join("ann");
    world.run_until("she is connected", |world| connected(world) == 1);
    seen.take().expect("she greeted")
}

/// Lets somebody else's datagrams arrive before those of a handshake: before the first, or before each.
fn before(these: Vec<Vec<u8>>, each: bool) -> Intruder {
    let mut first = true;
    Box::new(move |bytes| {
        let now = is_dtls(bytes) && (each || std::mem::take(&mut first));
        (if now { these.clone() } else { Vec::new() }, Vec::new())
    })
}

/// Whether a client gets through within the time that clients have patience for.
fn gets_through(intruder: Intruder) -> bool {
    let mut world = World::new();
    world.join("ann");
    world.intruder = Some(intruder);
    let end = world.now + Duration::from_secs(14);
    while connected(&world) == 0 && world.now < end {
        world.run(Duration::from_millis(50));
    }
    assert_eq!(world.stats().peers_broken, u64::from(connected(&world) == 0), "it breaks, or it goes well");
    connected(&world) == 1
}

#[test]
fn no_bad_handshake_ends_a_session_that_begins() {
    let cases = hostile_handshakes(&greeting());
    assert!(cases.len() >= 60, "{}", cases.len());
    let all: Vec<Vec<u8>> = cases.iter().map(|(_, bytes)| bytes.clone()).collect();
    let lost: Vec<&str> = cases
        .iter()
        .filter(|(_, bytes)| !gets_through(before(vec![bytes.clone()], false)))
        .map(|case| case.0)
        .collect();
    assert_eq!(lost, [""; 0], "one datagram before the client's first");
    assert!(gets_through(before(all, false)), "all of them");
}

/// Whoever knows the addresses of both ends and guesses the moment when the client was answered can be faster with the next
/// message than the client. Nothing is authentic then; the client comes anew.
#[test]
fn only_a_race_that_nobody_can_decide_is_lost() {
    let winners: Vec<&str> = hostile_handshakes(&greeting())
        .into_iter()
        .filter(|(_, bytes)| !gets_through(before(vec![bytes.clone()], true)))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        winners,
        [
            "a greeting of message 1",
            "a certificate chain of nothing",
            "a certificate of sixteen megabytes",
            "a certificate that is none",
            "a proof before its time"
        ]
    );
}

/// As CVE-2023-51443 and its like: somebody greets from elsewhere, earlier than the client.
#[test]
fn who_greets_from_elsewhere_is_not_heard() {
    let real = greeting();
    let mut world = World::new();
    world.join("ann");
    let stranger = "198.51.100.7:4000".parse().unwrap();
    let before = world.stats();
    for (_, bytes) in hostile_handshakes(&real) {
        world.datagram(stranger, &bytes);
    }
    for _ in 0..100 {
        world.datagram(stranger, &real);
        world.run(Duration::from_millis(5));
        world.datagram(stranger, &real);
    }
    world.run_until("she is connected", |world| connected(world) == 1);
    let after = world.stats();
    assert!(after.datagrams_unknown >= before.datagrams_unknown + 200);
    assert_eq!(after.peers_broken, 0);
    assert_eq!(world.to_others, 0, "a stranger gets no answer, from where an answer could go on to somebody else");
}

#[test]
fn nothing_in_the_clear_ends_a_session_that_runs() {
    let real = greeting();
    let mut world = World::with(&["ann", "bob"]);
    let voice = world.publish("ann", Kind::Audio, &[]);
    world.subscribe("bob", voice);
    world.run(Duration::from_secs(1));
    let (from, ann) = (world.now, world.clients["ann"].address);
    for (_, bytes) in hostile_handshakes(&real) {
        world.datagram(ann, &bytes);
        world.run(Duration::from_millis(20));
    }
    world.run(Duration::from_secs(1));
    assert_eq!(gaps(&world, "bob", voice, from), 0);
    assert_eq!(world.stats().peers_broken, 0);
    assert!(!world.events.iter().any(|event| matches!(event, Event::OfferRefused { .. } | Event::Disconnected { .. })));
}

#[test]
fn a_handshake_ends_after_ten_seconds() {
    let mut world = World::new();
    world.join("ann");
    // Greets, is answered, and never goes on.
    let mut greeted = false;
    world.withhold = Some(Box::new(move |bytes| is_dtls(bytes) && std::mem::replace(&mut greeted, true)));
    world.run(Duration::from_millis(9_500));
    assert_eq!(world.stats().peers_broken, 0);
    world.run(Duration::from_secs(2));
    assert_eq!(world.stats().peers_broken, 1);
    assert!(world.events.iter().any(|event| matches!(event, Event::OfferRefused { .. })), "she is told to come anew");
}

#[test]
fn another_certificate_than_the_offer_promised_ends_before_it_begins() {
    let mut world = World::new();
    let add = world.newcomer("ann");
    world.enter("ann", add, RtcConfig::new(), Codec::Vp8);
    world.negotiate_changed("ann", |sdp| {
        let at = sdp.find("a=fingerprint:sha-256 ").unwrap() + 22;
        let other = if &sdp[at..at + 2] == "00" { "01" } else { "00" };
        // Each section says it again.
        sdp.replace(&sdp[at..at + 95].to_owned(), &format!("{other}{}", &sdp[at + 2..at + 95]))
    });
    world.run(Duration::from_secs(3));
    assert_eq!(connected(&world), 0);
    assert!(world.events.iter().any(|event| matches!(event, Event::OfferRefused { .. })), "{:?}", world.events.len());
}

/// Numbers that are missing in what came to `name` since `from`.
fn gaps(world: &World, name: &str, track: TrackId, from: Instant) -> u64 {
    let numbers: BTreeSet<u64> = world.clients[name].since(track, from).map(|seen| seen.sequence).collect();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { panic!("nothing came") };
    last - first + 1 - numbers.len() as u64
}

/// Keeps the packets of sound and pictures that clients send.
fn recorder() -> (Intruder, Rc<RefCell<Vec<Vec<u8>>>>) {
    let kept: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
    let keep = kept.clone();
    let record = move |bytes: &[u8]| {
        if is_content(bytes) {
            keep.borrow_mut().push(bytes.to_vec());
        }
        Default::default()
    };
    (Box::new(record), kept)
}

/// A call of which everything that Ann sent is kept.
fn recorded_call() -> (World, TrackId, Vec<Vec<u8>>) {
    let mut world = World::with(&["ann", "bob"]);
    let (record, kept) = recorder();
    world.intruder = Some(record);
    let camera = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", camera);
    world.run(Duration::from_secs(2));
    world.intruder = None;
    let kept = kept.take();
    assert!(kept.len() > 50, "{}", kept.len());
    (world, camera, kept)
}

#[test]
fn what_came_before_is_not_forwarded_again() {
    let (mut world, camera, kept) = recorded_call();
    let (ann, before) = (world.clients["ann"].address, world.stats());
    for bytes in &kept {
        world.datagram(ann, bytes);
    }
    assert_eq!(world.stats().packets_in, before.packets_in);
    assert_eq!(world.stats().packets_forwarded, before.packets_forwarded);
    let from = world.now;
    world.run(Duration::from_secs(1));
    assert_eq!(gaps(&world, "bob", camera, from), 0);
}

#[test]
fn what_was_changed_on_its_way_is_not_forwarded() {
    let (mut world, camera, kept) = recorded_call();
    let ann = world.clients["ann"].address;
    let last = kept.last().unwrap();
    let (from, before) = (world.now, world.stats());
    for (at, high) in (2..last.len()).flat_map(|at| [(at, 1), (at, 128)]) {
        let mut bytes = last.clone();
        bytes[at] ^= high;
        // A number that has not come yet, so that it is no repetition.
        bytes[3] = bytes[3].wrapping_add(9);
        world.datagram(ann, &bytes);
    }
    assert_eq!(world.stats().packets_in, before.packets_in);
    world.run(Duration::from_secs(1));
    assert_eq!(gaps(&world, "bob", camera, from), 0);
}

/// A name of a section in the clear, on a packet of a stream that nobody knows: str0m would give the section to it.
#[test]
fn a_stream_that_is_not_the_peers_takes_no_section_over() {
    let (mut world, camera, kept) = recorded_call();
    let (ann, from) = (world.clients["ann"].address, world.now);
    let before = world.stats();
    for (stream, bytes) in (7_u32..).zip(&kept) {
        let mut forged = bytes.clone();
        forged[8..12].copy_from_slice(&stream.to_be_bytes());
        world.datagram(ann, &forged);
        world.run(Duration::from_millis(5));
    }
    let after = world.stats();
    assert_eq!(after.datagrams_forged, before.datagrams_forged + kept.len() as u64);
    world.run(Duration::from_secs(1));
    assert_eq!(gaps(&world, "bob", camera, from), 0);
    let streams: BTreeSet<u32> = world.clients["bob"].since(camera, from).map(|seen| seen.ssrc).collect();
    assert_eq!(streams.len(), 1);
}

#[test]
fn noise_from_a_peers_own_address_does_nothing() {
    let (mut world, camera, kept) = recorded_call();
    let (ann, from) = (world.clients["ann"].address, world.now);
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    for round in 0..20_000_usize {
        let mut noise: Vec<u8> = (0..usize::from(draw()) * 5).map(|_| draw()).collect();
        // As sound or pictures, as reports, as a handshake, or as anything.
        match (round % 4, noise.first_mut()) {
            (0, Some(first)) => *first = 0x80 | (*first & 0x3f),
            (1, Some(first)) => {
                *first = 0x80 | (*first & 0x3f);
                noise.get_mut(1).into_iter().for_each(|kind| *kind = 200 + *kind % 8);
            }
            (2, Some(first)) => *first = 20 + *first % 44,
            _ => {}
        }
        if round % 7 == 0 {
            let real = &kept[round % kept.len()];
            let head = real.len().min(30);
            noise.splice(..head.min(noise.len()), real[..head].iter().copied());
        }
        world.datagram(ann, &noise);
        if round % 200 == 0 {
            world.run(Duration::from_millis(5));
        }
    }
    world.run(Duration::from_secs(1));
    assert_eq!(gaps(&world, "bob", camera, from), 0);
    assert_eq!(world.stats().peers_broken, 0);
    assert!(world.stats().datagrams_forged > 1_000);
}

#[test]
fn packets_longer_than_any_are_dropped() {
    let (mut world, _, kept) = recorded_call();
    let (ann, before) = (world.clients["ann"].address, world.stats());
    let mut long = kept[0].clone();
    long.resize(1_501, 0);
    world.datagram(ann, &long);
    assert_eq!(world.stats().datagrams_forged, before.datagrams_forged + 1);
}

/// A check with a good name and a wrong password, from the address that Ann is at: no sign of life, no change of way, no answer.
#[test]
fn a_check_without_the_password_proves_nothing() {
    let checks: Rc<RefCell<Vec<Vec<u8>>>> = Rc::default();
    let keep = checks.clone();
    let mut world = World::new();
    world.intruder = Some(Box::new(move |bytes| {
        if bytes.first() == Some(&0) {
            keep.borrow_mut().push(bytes.to_vec());
        }
        Default::default()
    }));
    world.join("ann");
    world.run_until("she is connected", |world| connected(world) == 1);
    world.intruder = None;
    let ann = world.clients["ann"].address;
    // Her line breaks; somebody else goes on with checks that she once sent, changed.
    world.withhold = Some(Box::new(|_| true));
    for _ in 0..300 {
        for check in checks.borrow().iter() {
            let mut forged = check.clone();
            forged[10] ^= 1; // within the number of the request, which is signed
            world.datagram(ann, &forged);
        }
        world.run(Duration::from_millis(50));
    }
    assert!(world.stats().datagrams_forged >= 300);
    assert!(world.events.iter().any(|event| matches!(event, Event::Disconnected { .. })), "she is taken for present");
}
