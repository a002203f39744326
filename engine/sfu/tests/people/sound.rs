//! Sound over lines that lose packets: what a copy brings back, and who gets more of them.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    time::{Duration, Instant},
};

use proto::{
    TrackId,
    media::{Kind, Wish},
};
use str0m::{RtcConfig, format::Codec};

use crate::world::{AUDIO, COPY, Seen, World};

fn config(copies: bool) -> RtcConfig {
    RtcConfig::new().clear_codecs().enable_opus(true, copies).enable_vp8(true)
}

/// Ann speaks, with copies or without; bob hears her, who takes copies or not.
fn world(with: bool, takes: bool) -> (World, TrackId) {
    let mut world = World::new();
    world.join_with("ann", config(with), Codec::Vp8);
    world.join_with("bob", config(takes), Codec::Vp8);
    world.run_until("both are connected", |world| world.clients.values().all(|client| client.has_channels()));
    let track = world.expect_in("ann", Kind::Audio, true, if with { &["red"] } else { &[] });
    world.clients.get_mut("ann").unwrap().add_track(track, Kind::Audio, &[]);
    world.negotiate("ann");
    world.clients.get_mut("ann").unwrap().publication(track).copies = with;
    world.subscribe("bob", track);
    world.run(Duration::from_secs(1));
    (world, track)
}

fn heard(world: &World, track: TrackId, since: Instant) -> Vec<Seen> {
    world.clients["bob"].since(track, since).cloned().collect()
}

/// The timestamps of all pieces, those in copies too; each has to be what was sent.
fn pieces(heard: &[Seen]) -> BTreeSet<u32> {
    let mut pieces = BTreeSet::new();
    for packet in heard {
        let sound = packet.sound.as_ref().unwrap();
        if packet.codec == Codec::Opus {
            pieces.insert(packet.timestamp);
            continue;
        }
        let copies = sound.chunks(4).take_while(|header| header[0] & 0x80 != 0).count();
        let mut rest = &sound[4 * copies + 1..];
        for header in sound.chunks(4).take(copies) {
            let piece = rest.split_off(..usize::from(header[3])).unwrap();
            assert!(piece == AUDIO || piece == COPY, "{piece:?}");
            pieces.insert(packet.timestamp - (u32::from(header[1]) << 6 | u32::from(header[2]) >> 2));
        }
        assert_eq!(rest, AUDIO);
        pieces.insert(packet.timestamp);
    }
    pieces
}

/// How many pieces lie between the first and the last, and how many of them are missing.
fn gaps(pieces: &BTreeSet<u32>) -> (usize, usize) {
    let (first, last) = (pieces.first().unwrap(), pieces.last().unwrap());
    let all = ((last - first) / 960) as usize + 1;
    (all, all - pieces.len())
}

#[test]
fn what_a_publishers_line_lost_is_found_in_copies_for_those_who_take_none() {
    for takes in [false, true] {
        let (mut world, track) = world(true, takes);
        let start = world.now;
        world.lose_up = Some(("ann", 4));
        world.run(Duration::from_secs(4));
        let heard = heard(&world, track, start);
        let numbers: BTreeSet<u64> = heard.iter().map(|packet| packet.sequence).collect();
        let (first, last) = (numbers.first().unwrap(), numbers.last().unwrap());
        assert_eq!(numbers.len() as u64, last - first + 1, "none is missing");
        assert_eq!(numbers.len(), heard.len(), "none comes twice");
        assert_eq!(gaps(&pieces(&heard)).1, 0);
        let found = heard.iter().filter(|packet| packet.sound.as_deref() == Some(&COPY)).count();
        assert!((45..=55).contains(&found), "{found} of 200");
        assert_eq!(world.stats().packets_found, found as u64);
    }
}

#[test]
fn what_only_an_overtaken_packet_has_a_copy_of_is_found_as_well() {
    let (mut world, track) = world(true, false);
    let start = world.now;
    let (mut number, late) = (0, Rc::new(RefCell::new(None)));
    let kept = Rc::clone(&late);
    let is_sound = |bytes: &[u8]| matches!(bytes, [128..192, second, ..] if !(192..224).contains(second));
    // Of eight packets the sixth is lost, and the seventh overtaken by the eighth.
    world.withhold = Some(Box::new(move |bytes| {
        number += u64::from(is_sound(bytes));
        if is_sound(bytes) && number % 8 == 6 {
            *kept.borrow_mut() = Some(bytes.to_vec());
        }
        is_sound(bytes) && matches!(number % 8, 5 | 6)
    }));
    world.intruder = Some(Box::new(move |bytes| {
        let late = if is_sound(bytes) { late.borrow_mut().take() } else { None };
        (Vec::new(), late.into_iter().collect())
    }));
    world.run(Duration::from_secs(4));
    let heard = heard(&world, track, start);
    let (all, missing) = gaps(&pieces(&heard));
    assert!(all > 150 && missing == 0, "{missing} of {all} are missing");
    assert_eq!(heard.len(), all, "none comes twice");
}

#[test]
fn nothing_is_heard_that_was_said_before_a_host_allowed_it() {
    for takes in [false, true] {
        let (mut world, track) = world(true, takes);
        world.mute(track, true);
        world.run(Duration::from_millis(100));
        let start = world.now;
        world.mute(track, false);
        world.run(Duration::from_secs(1));
        let heard = heard(&world, track, start);
        let first = pieces(&heard).first().copied();
        assert_eq!(first, Some(heard[0].timestamp), "no copy of an earlier one goes along");
        assert!(heard.len() > 45 && heard.iter().all(|seen| takes || seen.sound.as_deref() == Some(&AUDIO)));
    }
}

#[test]
fn what_a_publishers_line_lost_is_no_reason_to_send_more() {
    let (mut world, _) = world(false, false);
    world.lose_up = Some(("ann", 9));
    world.run(Duration::from_secs(20));
    let before = world.sent();
    world.run(Duration::from_secs(10));
    let datagrams = world.sent() - before;
    assert!(datagrams < 900, "{datagrams} datagrams for 500 pieces");
}

#[test]
fn what_was_found_does_not_hide_what_a_line_loses() {
    let (mut world, track) = world(true, false);
    world.lose_up = Some(("ann", 9));
    world.run(Duration::from_secs(12));
    world.lose_every = Some(13);
    world.run(Duration::from_secs(15));
    let start = world.now;
    world.run(Duration::from_secs(10));
    let (all, missing) = gaps(&pieces(&heard(&world, track, start)));
    assert!(all > 450 && missing <= 1, "{missing} of {all} are missing");
}

#[test]
fn a_line_that_is_full_gets_less_again_and_not_more() {
    let (mut world, track) = world(false, false);
    world.carries = Some(60); // with reports, to ann as well
    world.run(Duration::from_secs(40));
    let start = world.now;
    world.run(Duration::from_secs(60));
    let (all, missing) = gaps(&pieces(&heard(&world, track, start)));
    assert!(missing * 4 < all, "{missing} of {all} are missing");
}

#[test]
fn sound_that_leaves_again_is_seen_to_arrive() {
    let (mut world, track) = world(false, false);
    // Of whoever takes no pictures, nobody is told what arrives.
    let picture = world.publish("ann", Kind::Video, &[]);
    world.subscribe("bob", picture);
    world.lose_every = Some(9);
    world.run(Duration::from_secs(12));
    let start = world.now;
    world.run(Duration::from_secs(10));
    let mut places = BTreeSet::new();
    let seen = world.clients["bob"].since(track, start).chain(world.clients["bob"].since(picture, start));
    seen.for_each(|seen| assert!(places.insert(seen.place.unwrap()), "{seen:?}"));
    let missing = usize::from(places.last().unwrap() - places.first().unwrap()) + 1 - places.len();
    // Of sound, hardly any; of pictures one in nine, and they are sent again under other numbers.
    let pictures = places.len() - world.clients["bob"].since(track, start).count();
    assert!(missing < pictures / 6, "{missing} are missing of {}", places.len());
}

#[test]
fn whoever_loses_many_packets_hears_all_of_the_sound() {
    for (with, takes) in [(true, true), (false, true), (true, false), (false, false)] {
        let (mut world, track) = world(with, takes);
        world.lose_every = Some(9);
        world.run(Duration::from_secs(12));
        // By now bob has said that he loses many.
        let (start, before) = (world.now, world.sent());
        world.run(Duration::from_secs(10));
        assert_eq!(
            world.sent() - before > 1_400,
            !(with && takes),
            "three times each where no packet can bring copies"
        );
        let heard = heard(&world, track, start);
        let (all, missing) = gaps(&pieces(&heard));
        assert!(all > 450, "{all}");
        assert!(missing <= 1, "with {with}, takes {takes}: {missing} of {all} are missing");
        if with && takes {
            let two = heard.iter().filter(|packet| packet.codec == Codec::Red).count();
            assert_eq!(two, heard.len(), "each packet brings copies");
        } else {
            assert!(heard.iter().all(|packet| packet.codec == Codec::Opus), "sound may be encrypted end to end");
        }
        // A line that loses nothing gets nothing twice.
        world.lose_every = None;
        world.run(Duration::from_secs(75));
        let start = world.now;
        let before = world.sent();
        world.run(Duration::from_secs(10));
        let copies = self::heard(&world, track, start).iter().filter(|packet| packet.codec == Codec::Red).count();
        assert_eq!(copies > 0, with && takes, "only what the publisher sends");
        let datagrams = world.sent() - before; // with reports, to ann as well
        assert!(datagrams < 900, "{datagrams} datagrams for 500 pieces");
    }
}

#[test]
fn copies_count_for_those_alone_who_get_them() {
    // Fifty a second, of 68 bytes in headers and one piece; the copies and what says where they are take eight more.
    const ALONE: u64 = 50 * 8 * 74;
    const WITH: u64 = 50 * 8 * 82;
    for (takes, once) in [(false, ALONE), (true, WITH)] {
        let (mut world, _) = world(true, takes);
        world.limit("bob", Some(1_000_000));
        world.run(Duration::from_secs(10));
        let near = |takes: u64, measured: Option<u64>| measured.is_some_and(|it| it.abs_diff(takes) < takes / 50);
        assert!(near(once, world.wanted("bob")), "{:?} of {once}", world.wanted("bob"));
        world.lose_every = Some(9);
        world.run(Duration::from_secs(12));
        assert!(near(3 * ALONE, world.wanted("bob")), "{:?} of {}", world.wanted("bob"), 3 * ALONE);
    }
}

#[test]
fn no_copy_is_of_sound_from_before_a_subscription_flowed() {
    let (mut world, track) = world(true, true);
    world.lose_every = Some(9);
    world.run(Duration::from_secs(12));
    world.lose_every = None;
    let silence = Wish { enabled: false, ..Wish::default() };
    world.prefer("bob", track, silence);
    world.run(Duration::from_secs(1));
    let start = world.now;
    world.prefer("bob", track, Wish::default());
    world.run(Duration::from_millis(200));
    let heard = heard(&world, track, start);
    let copies =
        |seen: &Seen| seen.sound.as_ref().unwrap().chunks(4).take_while(|header| header[0] & 0x80 != 0).count();
    assert_eq!(heard.iter().take(3).map(copies).collect::<Vec<_>>(), [0, 1, 2]);
    let second = heard[1].sound.as_ref().unwrap();
    assert_eq!(second.len(), 4 + 1 + 2 * AUDIO.len(), "of her first packet, and not of her copy in it");
}
