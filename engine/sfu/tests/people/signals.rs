//! What is not media: data packets, speakers, comings and goings, and what strangers send.

use std::time::Duration;

use str0m::{RtcConfig, format::Codec};

use crate::world::{ROOM, World};
use proto::{
    RoomId,
    livekit::{DataPacket, SipDtmf, UserPacket, data_packet::Value},
    media::{AddPeer, Command, Connection, Event, Kind, Verdict},
    prost::Message,
    quality::Cause,
};

fn text(payload: &str, to: &[&str]) -> Vec<u8> {
    let user = UserPacket { payload: payload.into(), ..UserPacket::default() };
    let destination_identities = to.iter().map(|t| (*t).to_owned()).collect();
    DataPacket { destination_identities, value: Some(Value::User(user)), ..DataPacket::default() }.encode_to_vec()
}

/// Who said what to `name`, and how.
fn heard(world: &World, name: &str) -> Vec<(String, String, String)> {
    let read = |(label, bytes): &(String, Vec<u8>)| {
        let packet = DataPacket::decode(&**bytes).unwrap();
        let Some(Value::User(user)) = packet.value else { panic!("a user packet") };
        (label.clone(), packet.participant_identity, String::from_utf8(user.payload).unwrap())
    };
    world.clients[name].data.iter().map(read).collect()
}

fn said(label: &str, who: &str, what: &str) -> (String, String, String) {
    (label.to_owned(), who.to_owned(), what.to_owned())
}

#[test]
fn data_reaches_all_or_those_named() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    world.clients.get_mut("ann").unwrap().send_data("_reliable", &text("to all", &[]));
    world.clients.get_mut("ann").unwrap().send_data("_lossy", &text("to bob", &["bob"]));
    world.clients.get_mut("bob").unwrap().send_data("_reliable", b"\xff\xff\xff");
    world.run(Duration::from_millis(200));
    assert_eq!(heard(&world, "bob"), [said("_reliable", "ann", "to all"), said("_lossy", "ann", "to bob")]);
    assert_eq!(heard(&world, "cid"), [said("_reliable", "ann", "to all")]);
    assert_eq!(heard(&world, "ann"), []);
    assert_eq!((world.stats().data_forwarded, world.stats().data_malformed), (3, 1));
}

#[test]
fn who_may_not_send_data_is_not_heard() {
    let mut world = World::with(&["ann", "bob"]);
    let peer = world.clients["ann"].id;
    world.command(Command::AllowData { peer, allowed: false });
    world.clients.get_mut("ann").unwrap().send_data("_reliable", &text("psst", &[]));
    world.run(Duration::from_millis(200));
    assert_eq!(heard(&world, "bob"), []);
    world.command(Command::AllowData { peer, allowed: true });
    world.clients.get_mut("ann").unwrap().send_data("_reliable", &text("hello", &[]));
    world.run(Duration::from_millis(200));
    assert_eq!(heard(&world, "bob"), [said("_reliable", "ann", "hello")]);
}

/// A key of the keypad, as clients send it.
fn key(code: u32, digit: &str) -> Vec<u8> {
    let value = Some(Value::SipDtmf(SipDtmf { code, digit: digit.to_owned() }));
    DataPacket { participant_identity: "mallory".into(), value, ..DataPacket::default() }.encode_to_vec()
}

/// Who pressed what, as `name` was told.
fn keys(world: &World, name: &str) -> Vec<(String, String, u32, String)> {
    let read = |(label, bytes): &(String, Vec<u8>)| {
        let packet = DataPacket::decode(&**bytes).unwrap();
        let Some(Value::SipDtmf(SipDtmf { code, digit })) = packet.value else { panic!("a key") };
        (label.clone(), packet.participant_identity, code, digit)
    };
    world.clients[name].data.iter().map(read).collect()
}

#[test]
fn keys_of_the_keypad_reach_the_others_in_order_by_whoever_pressed_them() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    for (code, digit) in [(1, "1"), (2, "2"), (11, "#")] {
        world.clients.get_mut("ann").unwrap().send_data("_reliable", &key(code, digit));
    }
    world.run(Duration::from_millis(200));
    let pressed = |code, digit: &str| ("_reliable".to_owned(), "ann".to_owned(), code, digit.to_owned());
    for name in ["bob", "cid"] {
        assert_eq!(keys(&world, name), [pressed(1, "1"), pressed(2, "2"), pressed(11, "#")]);
    }
    assert_eq!(keys(&world, "ann"), []);

    let peer = world.clients["ann"].id;
    world.command(Command::AllowData { peer, allowed: false });
    world.clients.get_mut("ann").unwrap().send_data("_reliable", &key(3, "3"));
    world.run(Duration::from_millis(200));
    assert_eq!(keys(&world, "bob").len(), 3, "who may send no data presses nothing");
}

#[test]
fn much_reliable_data_arrives_whole_and_in_order() {
    let mut world = World::with(&["ann", "bob"]);
    let filler = "x".repeat(60_000);
    for round in 0..5 {
        for part in 0..2 {
            let message = text(&format!("{round}.{part} {filler}"), &[]);
            world.clients.get_mut("ann").unwrap().send_data("_reliable", &message);
        }
        world.run(Duration::from_secs(1));
    }
    let order: Vec<_> = heard(&world, "bob").into_iter().map(|(_, _, t)| t[..3].to_owned()).collect();
    let expected: Vec<_> = (0..5).flat_map(|r| [format!("{r}.0"), format!("{r}.1")]).collect();
    assert_eq!(order, expected);
}

#[test]
fn a_client_that_takes_nothing_costs_its_own_data_only() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    let stuck = world.clients.remove("bob").unwrap();
    let filler = "x".repeat(50_000);
    for round in 0..40 {
        world.clients.get_mut("ann").unwrap().send_data("_reliable", &text(&format!("{round:02} {filler}"), &[]));
        world.run(Duration::from_millis(200));
    }
    assert_eq!(heard(&world, "cid").len(), 40);
    assert!(world.stats().data_dropped > 0);
    assert_eq!(world.stats().peers_broken, 0);
    drop(stuck);
}

#[test]
fn who_speaks_is_told_and_who_is_muted_is_not() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Audio, &[]);
    world.clients.get_mut("ann").unwrap().publication(track).level = -12;
    let ann = world.clients["ann"].id;
    let speaking = |world: &World| {
        let changes = world.events.iter().filter_map(|event| match event {
            Event::Speakers { room, changes } if *room == RoomId::from(ROOM) => Some(changes.clone()),
            _ => None,
        });
        changes.flatten().filter(|s| s.peer == ann).map(|s| (s.active, s.level)).next_back()
    };
    world.run(Duration::from_secs(1));
    let (active, level) = speaking(&world).unwrap();
    assert!(active && (level - 0.25).abs() < 0.02, "{level}");
    world.command(Command::Mute { track, muted: true });
    world.run(Duration::from_millis(400));
    assert_eq!(speaking(&world), Some((false, 0.0)));
    world.events.clear();
    world.run(Duration::from_secs(2));
    assert_eq!(speaking(&world), None);
}

#[test]
fn who_is_hidden_never_speaks() {
    let mut world = World::with(&["ann"]);
    let hidden = AddPeer { hidden: true, ..world.newcomer("ghost") };
    world.enter("ghost", hidden, RtcConfig::new(), Codec::Vp8);
    let track = world.publish("ghost", Kind::Audio, &[]);
    world.clients.get_mut("ghost").unwrap().publication(track).level = -12;
    world.subscribe("ann", track);
    world.run(Duration::from_secs(2));
    assert!(world.clients["ann"].seen[&track].len() > 50, "but it is heard");
    assert!(!world.events.iter().any(|e| matches!(e, Event::Speakers { .. })));
}

#[test]
fn a_client_that_is_not_who_it_said_ends_alone() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Audio, &[]);
    world.subscribe("bob", track);
    let eve = world.newcomer("eve");
    let peer = eve.peer;
    world.enter("eve", eve, RtcConfig::new(), Codec::Vp8);
    world.negotiate_changed("eve", |sdp| {
        let (_, rest) = sdp.split_once("a=fingerprint:sha-256 ").unwrap();
        let (fingerprint, _) = rest.split_once("\r\n").unwrap();
        sdp.replace(fingerprint, &["AB"; 32].join(":"))
    });
    world.run(Duration::from_secs(2));
    let refused = |event: &Event| matches!(event, Event::OfferRefused { peer: p, .. } if *p == peer);
    assert!(world.events.iter().any(refused));
    assert!(!world.events.contains(&Event::Connected { peer }));
    assert_eq!(world.stats().peers_broken, 1);
    let before = world.now;
    world.run(Duration::from_secs(1));
    assert!(world.clients["bob"].since(track, before).count() > 40);
}

#[test]
fn media_goes_on_through_an_ice_restart_from_a_new_address() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(1));
    world.clients.get_mut("ann").unwrap().restart_ice();
    let answer = world.negotiate("ann");
    assert!(answer.contains("a=ice-ufrag:03"), "the new name still says shard and slot: {answer}");
    let before = world.now;
    world.run(Duration::from_secs(2));
    assert!(world.clients["bob"].since(track, before).count() > 50);
    assert_eq!(world.stats().peers_broken, 0);
}

#[test]
fn an_answer_holds_our_candidates_and_no_more_than_it_must() {
    let mut world = World::with(&[]);
    world.join("ann");
    let answer = world.negotiate("ann");
    assert!(answer.contains(" 192.0.2.1 7882 typ host\r\n"), "{answer}");
    assert!(answer.contains(" 203.0.113.1 7882 typ host\r\n"));
    assert_eq!(answer.matches("a=inactive").count(), 6, "nothing is carried yet");
    assert!(!answer.contains("a=ssrc") && !answer.contains("a=msid:"));
    assert!(answer.len() < 9_000, "{}", answer.len());
}

#[test]
fn who_falls_silent_is_missed_and_found_again() {
    let mut world = World::with(&["ann", "bob"]);
    let ann = world.clients["ann"].id;
    let client = world.clients.remove("ann").unwrap();
    world.run(Duration::from_secs(16));
    assert!(world.events.contains(&Event::Disconnected { peer: ann }));
    let verdict = Verdict { connection: Connection::Lost, cause: Some(Cause::Lost) };
    let lost = |event: &Event| matches!(event, Event::Quality { changes, .. } if changes.contains(&(ann, verdict)));
    assert!(world.events.iter().any(lost));
    world.events.clear();
    world.clients.insert("ann", client);
    world.run_until("she is back", |world| world.events.contains(&Event::Connected { peer: ann }));
}

#[test]
fn a_bad_offer_ends_one_peer_and_no_other() {
    let mut world = World::with(&["ann", "bob", "cid"]);
    let track = world.publish("bob", Kind::Video, &[]);
    world.subscribe("cid", track);
    world.run(Duration::from_secs(1));
    let peer = world.clients["ann"].id;
    for sdp in ["", "v=0\r\n", &"m=video 9 X 1\r\n".repeat(500), "m=audio 0 \u{0} x\r\na=mid:\r\n"] {
        world.events.clear();
        world.command(Command::Offer { peer, id: 9, sdp: sdp.to_owned() });
        let refused = |event: &Event| matches!(event, Event::OfferRefused { peer: p, .. } if *p == peer);
        assert!(world.events.iter().any(refused), "{sdp:?}");
    }
    let before = world.now;
    world.run(Duration::from_secs(1));
    assert!(world.clients["cid"].since(track, before).count() > 25);
}

#[test]
fn strangers_and_garbage_change_nothing() {
    let mut world = World::with(&["ann", "bob"]);
    let track = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", track);
    world.run(Duration::from_secs(1));
    let ann = world.clients["ann"].address;
    let mut noise = 1_u32;
    for round in 0..2000_usize {
        let mut bytes = vec![0; round % 80];
        for byte in &mut bytes {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (noise >> 24) as u8;
        }
        // The first byte decides what it is taken for: STUN, DTLS, RTP.
        if let Some(first) = bytes.first_mut() {
            *first = [0, 1, 22, 23, 128, 144][round % 6];
        }
        let source = if round % 2 == 0 { ann } else { "198.51.100.1:9".parse().unwrap() };
        world.datagram(source, &bytes);
    }
    let before = world.now;
    world.run(Duration::from_secs(1));
    assert!(world.clients["bob"].since(track, before).count() > 25);
    assert!(world.stats().datagrams_unknown >= 1000);
    assert_eq!(world.stats().peers_broken, 0);
}

#[test]
fn rooms_do_not_mix() {
    let mut world = World::with(&["ann", "bob"]);
    let eve = AddPeer { room: RoomId::from(ROOM + 1), ..world.newcomer("eve") };
    world.enter("eve", eve, RtcConfig::new(), Codec::Vp8);
    world.negotiate("eve");
    world.run_until("eve is there", |world| world.clients["eve"].has_channels());
    let track = world.publish("ann", Kind::Video, &[]);
    world.subscribe("eve", track);
    world.clients.get_mut("ann").unwrap().send_data("_reliable", &text("private", &[]));
    world.run(Duration::from_secs(1));
    assert_eq!(heard(&world, "eve"), []);
    assert!(world.clients["eve"].seen.is_empty());
    assert_eq!(world.stats().subscriptions, 0);
    assert_eq!(heard(&world, "bob").len(), 1);
}

#[test]
fn not_one_packet_of_a_muted_track_is_passed_on() {
    let mut world = World::with(&["ann", "bob"]);
    let sound = world.publish("ann", Kind::Audio, &[]);
    let picture = world.publish("ann", Kind::Video, &["q", "h", "f"]);
    for track in [sound, picture] {
        world.subscribe("bob", track);
    }
    world.run(Duration::from_secs(2));
    for track in [sound, picture] {
        world.command(Command::Mute { track, muted: true });
    }
    let (muted, before) = (world.now, world.stats());
    world.run(Duration::from_secs(3));
    let after = world.stats();
    assert!(after.packets_in > before.packets_in + 100, "ann's client does not obey");
    assert_eq!(after.packets_forwarded, before.packets_forwarded);
    assert_eq!(after.keyframe_requests, before.keyframe_requests);
    let bob = &world.clients["bob"];
    assert!([sound, picture].iter().all(|track| bob.since(*track, muted + Duration::from_millis(50)).next().is_none()));

    let unmuted = world.now;
    for track in [sound, picture] {
        world.command(Command::Mute { track, muted: false });
    }
    world.run(Duration::from_secs(2));
    let bob = &world.clients["bob"];
    assert!(bob.since(sound, unmuted).count() > 50);
    assert!(bob.since(picture, unmuted).next().is_some_and(|seen| seen.keyframe), "pictures begin with a whole one");
    for track in [sound, picture] {
        let numbers: Vec<u64> = bob.seen[&track].iter().map(|seen| seen.sequence).collect();
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "nothing is missed, so nothing is asked for");
    }
}
