//! What nobody should send to the media plane, by name: offers and the candidates in them, and checks from strangers.

use std::time::Duration;

use proto::media::{Command, Event, Kind};
use str0m::{RtcConfig, format::Codec};

use crate::world::World;

/// What comes of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Answered,
    Refused,
}
use Outcome::*;

/// The offer of a client that joins.
fn offer() -> String {
    let mut world = World::new();
    let add = world.newcomer("ann");
    world.enter("ann", add, RtcConfig::new(), Codec::Vp8);
    world.clients.get_mut("ann").unwrap().offer().1
}

/// What becomes of somebody in a room with a call who offers this.
fn try_offer(sdp: &str) -> Outcome {
    let mut world = World::new();
    let add = world.newcomer("eve");
    let peer = add.peer;
    world.enter("eve", add, RtcConfig::new(), Codec::Vp8);
    world.command(Command::Offer { peer, id: 1, sdp: sdp.to_owned() });
    let refused = world.events.iter().find_map(|event| match event {
        Event::OfferRefused { why, .. } => Some(why.clone()),
        _ => None,
    });
    let answered = world.events.iter().any(|event| matches!(event, Event::Answer { .. }));
    assert_ne!(refused.is_some(), answered, "one of both, and once");
    assert!(!refused.as_ref().is_some_and(|why| why.contains("panicked")), "{refused:?}");
    assert_eq!(world.stats().rooms_broken, 0);
    world.run(Duration::from_millis(50));
    if answered { Answered } else { Refused }
}

/// Adds lines behind the first section's head.
fn with(sdp: &str, lines: &str) -> String {
    let at = sdp.find("a=mid:").unwrap();
    format!("{}{lines}{}", &sdp[..at], &sdp[at..])
}

fn without(sdp: &str, prefix: &str) -> String {
    sdp.split_inclusive("\r\n").filter(|line| !line.starts_with(prefix)).collect()
}

fn section(sdp: &str, number: usize) -> &str {
    let starts: Vec<usize> = sdp.match_indices("\r\nm=").map(|(at, _)| at + 2).collect();
    &sdp[starts[number]..starts.get(number + 1).copied().unwrap_or(sdp.len())]
}

#[test]
fn named_hostile_offers() {
    let good = offer();
    let first = section(&good, 0).to_owned();
    let head = &good[..good.find("m=").unwrap()];
    assert_eq!(try_offer(&good), Answered);
    let cases: Vec<(&str, String, Outcome)> = vec![
        ("nothing", String::new(), Refused),
        ("a line break", "\r\n".to_owned(), Refused),
        ("one letter", "v".to_owned(), Refused),
        ("zeros", "\0".repeat(500), Refused),
        ("what is no SDP", "{\"type\":\"offer\"}".to_owned(), Refused),
        ("half an offer", good[..good.len() / 2].to_owned(), Refused),
        ("another version", good.replacen("v=0", "v=1", 1), Refused),
        ("a version of a hundred digits", good.replacen("v=0", &format!("v={}", "9".repeat(100)), 1), Refused),
        (
            "a session number beyond all",
            good.replacen("o=", "o=- 99999999999999999999999999 2 IN IP4 0.0.0.0 ", 1),
            Refused,
        ),
        ("256 kilobytes and one", format!("{good}{}", "a".repeat(256 * 1024 + 1 - good.len())), Refused),
        ("10,000 sections", format!("{good}{}", "m=audio 9 X 0\r\n".repeat(10_000)), Refused),
        ("129 sections", format!("{good}{}", "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n".repeat(129)), Refused),
        ("65 candidates", with(&good, &"a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".repeat(65)), Refused),
        (
            "33 header extensions",
            with(&good, &(1..=33).map(|n| format!("a=extmap:{n} urn:x:{n}\r\n")).collect::<String>()),
            Refused,
        ),
        ("no fingerprint", without(&good, "a=fingerprint:"), Refused),
        ("no user name", without(&good, "a=ice-ufrag:"), Refused),
        ("no password", without(&good, "a=ice-pwd:"), Refused),
        ("no setup", without(&good, "a=setup:"), Answered),
        ("no name of any section", without(&good, "a=mid:"), Refused),
        ("a section twice", format!("{good}{first}"), Refused),
        ("no sections", head.to_owned(), Refused),
        ("a fingerprint of an unknown kind", good.replace("sha-256", "md-2"), Answered),
        ("a fingerprint that is none", good.replace("a=fingerprint:sha-256 ", "a=fingerprint:sha-256 zz:"), Refused),
        (
            "a payload type of 300",
            first_replaced(&good, &first, "a=rtpmap:", "a=rtpmap:300 x/1\r\na=rtpmap:"),
            Answered,
        ),
        ("a clock of no ticks", good.replace("opus/48000", "opus/0"), Refused),
        ("a clock beyond all", good.replace("opus/48000", "opus/99999999999999"), Refused),
        ("two directions", with(&good, "a=sendonly\r\na=recvonly\r\n"), Refused),
        ("an attribute of 100 kilobytes", with(&good, &format!("a=x:{}\r\n", "y".repeat(100_000))), Answered),
        ("an attribute without a name", with(&good, "a=\r\n"), Refused),
        ("a name of 60,000 letters", good.replacen("a=mid:", &format!("a=mid:{}", "m".repeat(60_000)), 1), Refused),
        ("an empty name", good.replacen("a=mid:", "a=mid:\r\na=x:", 1), Refused),
        ("letters of other scripts", with(&good, "a=x:\u{202e}\u{fdfd}\r\n"), Answered),
        ("an ssrc of 2^32", with(&good, "a=ssrc:4294967296 cname:x\r\n"), Answered),
        (
            "two hundred ssrcs",
            with(&good, &(0..200).map(|n| format!("a=ssrc:{n} cname:x\r\n")).collect::<String>()),
            Answered,
        ),
        ("a group of ssrcs that are not there", with(&good, "a=ssrc-group:FID 1 2\r\n"), Answered),
        ("layers without names", with(&good, "a=simulcast:send ;;;\r\n"), Answered),
        ("a hundred layers", with(&good, &format!("a=simulcast:send {}\r\n", ["l"; 100].join(";"))), Answered),
        ("a port of 70000", good.replacen("m=audio 9", "m=audio 70000", 1), Answered),
        ("a port below zero", good.replacen("m=audio 9", "m=audio -1", 1), Answered),
        ("a section of an unknown kind", good.replacen("m=audio", "m=smell", 1), Answered),
        ("a protocol nobody speaks", good.replacen("UDP/TLS/RTP/SAVPF", "RTP/AVP", 1), Refused),
        ("a bundle with a stranger", good.replacen("a=group:BUNDLE ", "a=group:BUNDLE stranger ", 1), Refused),
        ("a bundle of nothing", good.replacen("a=group:BUNDLE ", "a=group:BUNDLE\r\na=x:", 1), Refused),
        ("only line feeds", good.replace("\r\n", "\n"), Answered),
        ("only carriage returns", good.replace("\r\n", "\r"), Refused),
    ];
    check(cases, try_offer);
}

fn first_replaced(sdp: &str, first: &str, what: &str, by: &str) -> String {
    sdp.replacen(first, &first.replacen(what, by, 1), 1)
}

/// Candidates of clients are not used: the server answers to whoever proves to know the password, and connects to nobody.
#[test]
fn named_hostile_candidates() {
    let good = offer();
    let cases: Vec<(&str, &str, Outcome)> = vec![
        ("a private address", "1 1 udp 2130706431 192.168.1.1 9 typ host", Answered),
        ("our own loopback", "1 1 udp 2130706431 127.0.0.1 7880 typ host", Answered),
        ("the loopback of IPv6", "1 1 udp 2130706431 ::1 7880 typ host", Answered),
        ("a mapped loopback", "1 1 udp 2130706431 ::ffff:127.0.0.1 7880 typ host", Answered),
        ("the metadata of a cloud", "1 1 udp 2130706431 169.254.169.254 80 typ host", Answered),
        ("everybody", "1 1 udp 2130706431 255.255.255.255 9 typ host", Answered),
        ("a group", "1 1 udp 2130706431 224.0.0.1 9 typ host", Answered),
        ("nobody", "1 1 udp 2130706431 0.0.0.0 0 typ host", Answered),
        ("a hidden name", "1 1 udp 2130706431 3f9d4a8e-1111-4222-8333-444444444444.local 9 typ host", Answered),
        ("a name to look up", "1 1 udp 2130706431 example.org 9 typ host", Answered),
        ("a priority beyond all", "1 1 udp 99999999999 192.0.2.1 9 typ host", Answered),
        ("a port of 70000", "1 1 udp 1 192.0.2.1 70000 typ host", Answered),
        ("a component of 300", "1 300 udp 1 192.0.2.1 9 typ host", Answered),
        ("no kind", "1 1 udp 1 192.0.2.1 9", Answered),
        ("an unknown kind", "1 1 udp 1 192.0.2.1 9 typ cloud", Answered),
        ("an unknown transport", "1 1 pigeon 1 192.0.2.1 9 typ host", Answered),
        ("nothing", "", Answered),
        ("a foundation of 60,000 letters", "LONG 1 udp 1 192.0.2.1 9 typ host", Answered),
    ];
    let build =
        |candidate: &str| with(&good, &format!("a=candidate:{}\r\n", candidate.replace("LONG", &"f".repeat(60_000))));
    check(cases, |candidate| {
        let mut world = World::new();
        let add = world.newcomer("eve");
        let peer = add.peer;
        world.enter("eve", add, RtcConfig::new(), Codec::Vp8);
        world.command(Command::Offer { peer, id: 1, sdp: build(candidate) });
        world.clients.remove("eve");
        world.run(Duration::from_secs(2));
        assert_eq!(world.to_others, 0, "{candidate}: something was sent there");
        try_offer(&build(candidate))
    });
}

fn check<T: AsRef<str>>(cases: Vec<(&str, T, Outcome)>, outcome: impl Fn(&str) -> Outcome) {
    let wrong: Vec<(&str, Outcome)> = cases
        .iter()
        .map(|(name, input, expected)| (*name, *expected, outcome(input.as_ref())))
        .filter(|(_, expected, found)| expected != found)
        .map(|(name, _, found)| (name, found))
        .collect();
    assert_eq!(wrong, []);
}

/// A STUN message (RFC 8489, section 5).
fn stun(kind: u16, cookie: u32, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, value) in attributes {
        body.extend(kind.to_be_bytes());
        body.extend((value.len() as u16).to_be_bytes());
        body.extend(*value);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    [&kind.to_be_bytes()[..], &(body.len() as u16).to_be_bytes(), &cookie.to_be_bytes(), &[7; 12], &body].concat()
}

/// From an address that has proved nothing: no packet of a call is lost over it, nobody else hears of it, and the answer, where
/// there is one, is not much longer than the question.
#[test]
fn named_hostile_datagrams_of_strangers() {
    const COOKIE: u32 = 0x2112_a442;
    let ours = b"0300000000000000000a:x";
    let set = |mut bytes: Vec<u8>, at: usize, with: &[u8]| {
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
    let named = stun(1, COOKIE, &[(6, ours)]);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("one zero", vec![0]),
        ("a header without its end", named[..19].to_vec()),
        ("a check of nobody", stun(1, COOKIE, &[(6, b"nobody:x")])),
        ("a check without a name", stun(1, COOKIE, &[])),
        ("a check with an empty name", stun(1, COOKIE, &[(6, b"")])),
        ("a check with a name of 60,000 letters", stun(1, COOKIE, &[(6, &[b'a'; 60_000])])),
        ("a check with two names", stun(1, COOKIE, &[(6, b"a:b"), (6, ours)])),
        ("a name that is no text", stun(1, COOKIE, &[(6, &[255; 22])])),
        ("our name and no signature", named.clone()),
        ("our name and a short signature", stun(1, COOKIE, &[(6, ours), (8, &[1; 4])])),
        ("our name and a long signature", stun(1, COOKIE, &[(6, ours), (8, &[1; 64])])),
        ("our name and a wrong signature", stun(1, COOKIE, &[(6, ours), (8, &[1; 20])])),
        ("our name that asks for the way", stun(1, COOKIE, &[(6, ours), (0x25, b""), (8, &[1; 20])])),
        ("a name of another thread", stun(1, COOKIE, &[(6, b"ff000000000000000000:x")])),
        ("a place that is not there", stun(1, COOKIE, &[(6, b"03ffffff000000000000:x")])),
        ("an old generation", stun(1, COOKIE, &[(6, b"03000000ffff00000000:x")])),
        ("another cookie", stun(1, 0x2112_a443, &[(6, ours)])),
        ("a length beyond the datagram", set(named.clone(), 2, &[255, 255])),
        ("a length that is no multiple of four", set(named.clone(), 2, &[0, 3])),
        ("an attribute longer than the message", set(named.clone(), 22, &[255, 255])),
        ("an answer that nobody asked for", stun(0x0101, COOKIE, &[(0x20, &[0, 1, 0, 0, 1, 2, 3, 4])])),
        ("an error that nobody asked for", stun(0x0111, COOKIE, &[(9, &[0, 0, 4, 87])])),
        ("an indication", stun(0x0011, COOKIE, &[(6, ours)])),
        ("a request for a relay", stun(3, COOKIE, &[(0x19, &[17, 0, 0, 0])])),
        ("three hundred unknown attributes", stun(1, COOKIE, &[(0x7001, &b""[..]); 300])),
        ("payload of a relay", vec![0x40, 0, 0, 4, 1, 2, 3, 4]),
        ("sound", [&[0x80, 111, 0, 1][..], &[0; 60]].concat()),
        ("sound with sixteen sources and no room for them", [&[0x8f, 111, 0, 1][..], &[0; 20]].concat()),
        (
            "sound with an extension of 260 kilobytes",
            [&[0x90, 111, 0, 1][..], &[0; 8], &[0xbe, 0xde, 255, 255]].concat(),
        ),
        ("a report", [&[0x80, 200, 0, 6][..], &[0; 40]].concat()),
        ("a farewell", vec![0x81, 203, 0, 1, 0, 0, 0, 1]),
        ("a report of a length beyond it", vec![0x80, 201, 255, 255, 0, 0, 0, 1]),
        ("two kilobytes of 255", vec![255; 2_048]),
        ("a request of HTTP", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
        (
            "a question of DNS",
            b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07example\x03org\x00\x00\xff\x00\x01".to_vec(),
        ),
    ];
    assert!(cases.len() >= 30);
    let mut world = World::with(&["ann", "bob"]);
    let voice = world.publish("ann", Kind::Audio, &[]);
    world.subscribe("bob", voice);
    world.run(Duration::from_secs(1));
    let (from, told) = (world.now, world.events.len());
    for (name, bytes) in &cases {
        let (before, sent) = (world.stats(), world.bytes_to_others);
        world.datagram("198.51.100.7:9".parse().unwrap(), bytes);
        let after = world.stats();
        assert_eq!(after.datagrams_in, before.datagrams_in + 1, "{name}");
        let dropped = |stats: sfu::Stats| stats.datagrams_unknown + stats.datagrams_forged;
        assert_eq!(dropped(after), dropped(before) + 1, "{name}");
        assert!(
            world.bytes_to_others - sent <= bytes.len() as u64 + 48,
            "{name}: strangers make us send more than they did"
        );
        world.run(Duration::from_millis(20));
    }
    let numbers: Vec<u64> = world.clients["bob"].since(voice, from).map(|seen| seen.sequence).collect();
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1) && numbers.len() > 30);
    let news = world.events[told..].iter().filter(|e| !matches!(e, Event::Speakers { .. } | Event::Quality { .. }));
    assert_eq!(news.count(), 0);
}
