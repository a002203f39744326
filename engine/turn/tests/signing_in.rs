//! Who is let in: challenges, credentials, nonces, revocations, paces.

mod common;

use std::time::Duration;

use common::*;
use proto::ParticipantId;
use stun_types::{attribute::*, message::*};
use turn::*;
use turn_types::{attribute::*, message::*};

#[test]
fn a_stranger_is_challenged() {
    for method in [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
        let mut world = World::new(config());
        let answer = world.ask(stream(1), method, &udp(), STRANGER);
        assert_eq!(answer.code(), 401);
        let message = answer.message();
        assert_eq!(message.attribute::<Realm>().unwrap().realm(), REALM);
        assert!(message.attribute::<Nonce>().unwrap().nonce().starts_with("obMatJos2AAAB"));
        assert!(message.attribute::<PasswordAlgorithms>().is_ok());
        for absent in [Username::TYPE, Software::TYPE, MessageIntegrity::TYPE, Fingerprint::TYPE] {
            assert!(!message.has_attribute(absent), "{absent}");
        }
    }
}

#[test]
fn a_browser_gets_an_allocation_with_an_md5_key() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    let answer = world.ask(stream(1), ALLOCATE, &udp(), Some(&login));
    assert_eq!(answer.code(), 0);
    assert!(answer.is_sealed(&login));
    assert!(is_relayed(answer.relayed()));
    assert_eq!(answer.mapped(), at("198.51.100.1:40000"));
    assert_eq!(answer.lifetime(), 600);
    assert!(!answer.message().has_attribute(Software::TYPE));
    assert_eq!(world.turn.stats().allocations, 1);
}

#[test]
fn a_newer_client_gets_an_allocation_with_a_sha256_key() {
    let mut world = World::new(config());
    let login = Login { algorithm: Some(PasswordAlgorithmValue::SHA256), ..world.login(stream(1), 1) };
    let answer = world.ask(stream(1), ALLOCATE, &udp(), Some(&login));
    assert_eq!(answer.code(), 0);
    assert!(answer.is_sealed(&login));
    assert!(answer.message().has_attribute(MessageIntegritySha256::TYPE));
}

#[test]
fn half_of_the_algorithms_is_a_bad_request() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    let offered = PasswordAlgorithms::new(&[PasswordAlgorithmValue::SHA256, PasswordAlgorithmValue::MD5]);
    let other = PasswordAlgorithms::new(&[PasswordAlgorithmValue::MD5]);
    let chosen = PasswordAlgorithm::new(PasswordAlgorithmValue::MD5);
    for attributes in [
        vec![with(offered)],
        vec![with(chosen.clone())],
        vec![with(other), with(chosen.clone())],
        vec![raw(0x8002, &[0, 9, 0, 0]), with(chosen)],
    ] {
        assert_eq!(world.ask(stream(1), ALLOCATE, &attributes, Some(&login)).code(), 400);
    }
}

#[test]
fn a_seal_without_a_name_is_a_bad_request() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    let kind = MessageType::from_class_method(MessageClass::Request, ALLOCATE);
    for left_out in 0..3 {
        let mut request = write(kind, 9.into(), &udp(), None);
        let all: [&dyn AttributeWrite; 3] = [
            &Username::new(&login.username).unwrap(),
            &Realm::new(&login.realm).unwrap(),
            &Nonce::new(&login.nonce).unwrap(),
        ];
        for (_, attribute) in all.iter().enumerate().filter(|(place, _)| *place != left_out) {
            request.add_attribute(*attribute).unwrap();
        }
        request.add_message_integrity_with_key(&login.key().0, IntegrityAlgorithm::Sha1).unwrap();
        let answer = world.give(stream(1), &request.finish()).unwrap();
        assert_eq!(answer.code(), 400);
        assert!(!answer.message().has_attribute(MessageIntegrity::TYPE));
    }
}

#[test]
fn wrong_names_passwords_and_realms_are_challenged_again() {
    let mut world = World::new(config());
    let good = world.login(stream(1), 1);
    let other = world.secret.credentials(ParticipantId::from(2), world.now.unix);
    for wrong in [
        Login { password: "wrong".into(), ..good.clone() },
        Login { password: other.password, ..good.clone() },
        Login { username: other.username, ..good.clone() },
        Login { username: "ann".into(), ..good.clone() },
        Login { username: "1:ann".into(), ..good.clone() },
        Login { username: ":".into(), ..good.clone() },
        Login { username: good.username.replace("17", "18"), ..good.clone() },
        Login { username: format!("{}{}", "0".repeat(60), good.username), ..good.clone() },
        Login { realm: "elsewhere.example.org".into(), ..good.clone() },
    ] {
        let answer = world.ask(stream(1), ALLOCATE, &udp(), Some(&wrong));
        assert_eq!(answer.code(), 401, "{}", wrong.username);
        assert!(answer.message().attribute::<Nonce>().is_ok());
        assert!(!answer.is_sealed(&wrong));
    }
    assert_eq!(world.turn.stats().allocations, 0);
}

#[test]
fn a_stale_nonce_is_replaced() {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    world.pass(599);
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&login)).code(), 0);
    world.pass(2);
    let answer = world.ask(stream(1), REFRESH, &Vec::new(), Some(&login));
    assert_eq!(answer.code(), 438);
    assert!(answer.is_sealed(&login));
    let nonce = answer.message().attribute::<Nonce>().unwrap().nonce().to_owned();
    assert_eq!(answer.message().attribute::<Realm>().unwrap().realm(), REALM);
    let login = Login { nonce, ..login };
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&login)).code(), 0);
}

#[test]
fn a_nonce_of_another_connection_is_stale() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    for other in [stream(2), datagram(1)] {
        assert_eq!(world.ask(other, ALLOCATE, &udp(), Some(&login)).code(), 438);
    }
    assert_eq!(world.ask(stream(1), ALLOCATE, &udp(), Some(&login)).code(), 0);
}

#[test]
fn credentials_make_no_allocation_after_their_end_but_refresh_one() {
    let mut world = World::new(config());
    let (login, relayed) = world.allocate(stream(1), 1);
    let late = world.login(stream(2), 1);
    world.pass(300);
    assert_eq!(world.ask(stream(2), ALLOCATE, &udp(), Some(&late)).code(), 401);
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&login)).code(), 0);
    assert_eq!(world.permit(stream(1), &login, MEDIA), 0);
    assert!(world.media_sends(relayed, MEDIA, b"still").is_some());
}

#[test]
fn credentials_that_would_live_too_long_are_refused() {
    let mut world = World::new(config());
    let ahead =
        |seconds| world.secret.credentials(ParticipantId::from(1), world.now.unix + Duration::from_secs(seconds));
    let (nearly, far) = (ahead(60), ahead(61));
    let login = world.login(stream(1), 1);
    for (credentials, code) in [(far, 401), (nearly, 0)] {
        let login = Login { username: credentials.username, password: credentials.password, ..login.clone() };
        assert_eq!(world.ask(stream(1), ALLOCATE, &udp(), Some(&login)).code(), code);
    }
}

#[test]
fn who_was_removed_loses_everything_and_gets_nothing_new() {
    let mut world = World::new(config());
    let (ann, relayed) = world.allocate(stream(1), 1);
    let (_, of_bob) = world.allocate(stream(2), 2);
    assert_eq!(world.permit(stream(1), &ann, MEDIA), 0);
    let spare = world.login(stream(3), 1);
    let participant = ParticipantId::from(1);
    assert_eq!(world.turn.handle(world.now, Input::Revoke { participant }), None);
    assert_eq!(world.turn.stats().allocations, 1);
    assert_eq!(world.media_sends(relayed, MEDIA, b"gone"), None);
    assert_eq!(world.carried(stream(1), &world_send(MEDIA)), None);
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&ann)).code(), 437);
    assert_eq!(world.ask(stream(1), ALLOCATE, &udp(), Some(&ann)).code(), 401);
    assert_eq!(world.ask(stream(3), ALLOCATE, &udp(), Some(&spare)).code(), 401);
    world.pass(299);
    assert_eq!(world.ask(stream(3), ALLOCATE, &udp(), Some(&spare)).code(), 401);
    assert_ne!(of_bob, relayed);
    // Credentials that were made afterwards count.
    let again = world.login(stream(3), 1);
    assert_eq!(world.ask(stream(3), ALLOCATE, &udp(), Some(&again)).code(), 0);
}

#[test]
fn who_left_stays_out_of_a_server_that_begins_anew() {
    let mut world = World::new(config());
    let (ann, _) = world.allocate(stream(1), 1);
    assert_eq!(world.turn.handle(world.now, Input::Revoke { participant: ParticipantId::from(1) }), None);
    world.turn = Turn::after(&mut world.turn, Config { seed: 8, ..config() });
    assert_eq!(world.turn.stats().allocations, 0);
    let (bob, _) = world.allocate(stream(2), 2);
    let ann = Login { nonce: world.login(stream(1), 1).nonce, ..ann };
    assert_eq!(world.ask(stream(1), ALLOCATE, &udp(), Some(&ann)).code(), 401);
    assert_eq!(world.ask(stream(2), REFRESH, &Vec::new(), Some(&bob)).code(), 0);
}

#[test]
fn what_breaks_over_a_client_ends_it_alone() {
    let mut world = World::new(real(&[]));
    let (_, first) = world.allocate_real(stream(1), "203.0.113.1:50001");
    let (bob, _) = world.allocate_real(stream(2), "203.0.113.1:50002");
    assert_eq!(world.permit(stream(2), &bob, "203.0.113.1:50001"), 0, "two clients may meet");
    world.turn.give_up(world.now, stream(1));
    assert_eq!(world.turn.poll_output(), Some(Output::CloseRelay { allocation: first }));
    assert_eq!((world.turn.poll_output(), world.turn.stats().allocations), (None, 1));
    assert_eq!(world.ask(stream(2), REFRESH, &Vec::new(), Some(&bob)).code(), 0);
    assert_eq!(world.permit(stream(2), &bob, "203.0.113.1:50002"), 0);
    assert_eq!(world.bind(stream(2), &bob, 0x4000, "203.0.113.1:50001"), 403, "nobody is there now");
    let (_, again) = world.allocate_real(stream(1), "203.0.113.1:50001");
    assert_ne!(again, first);
}

fn world_send(to: &str) -> Vec<u8> {
    World::new(config()).send(to, b"x")
}

#[test]
fn strangers_are_answered_at_a_pace_and_known_clients_always() {
    for who in [stream as fn(u8) -> Client, datagram] {
        let mut world = World::new(config());
        let (login, _) = world.allocate(who(1), 1);
        let request = world.request(ALLOCATE, &udp(), STRANGER);
        let answered = (0..1_000).filter(|_| world.give(who(1), &request).is_some()).count();
        assert!((30..=32).contains(&answered), "{answered}");
        assert_eq!(world.turn.stats().unanswered, 1_000 - answered as u64);
        let binding = world.request(BINDING, &Vec::new(), STRANGER);
        assert!(world.give(who(1), &binding).is_none(), "a Binding request is a stranger's too");
        for _ in 0..100 {
            assert_eq!(world.ask(who(1), REFRESH, &Vec::new(), Some(&login)).code(), 0);
        }
        assert!(world.give(who(2), &request).is_some(), "somebody else pays");
        world.pass(1);
        let answered = (0..1_000).filter(|_| world.give(who(1), &request).is_some()).count();
        assert_eq!(answered, 4);
    }
}

#[test]
fn paces_of_streams_are_bounded_and_forgotten() {
    let limits = Limits { streams: 2, ..Limits::default() };
    let mut world = World::new(Config { limits, ..config() });
    let request = world.request(ALLOCATE, &udp(), STRANGER);
    assert!(world.give(stream(1), &request).is_some());
    assert!(world.give(stream(2), &request).is_some());
    assert!(world.give(stream(3), &request).is_none());
    assert_eq!(world.turn.handle(world.now, Input::Closed { client: stream(1) }), None);
    assert!(world.give(stream(3), &request).is_some());
}

#[test]
fn a_binding_request_is_answered_with_the_address() {
    let mut world = World::new(config());
    let answer = world.ask(datagram(1), BINDING, &Vec::new(), STRANGER);
    assert_eq!((answer.code(), answer.mapped()), (0, at("198.51.100.1:40000")));
    let mapped = Client { remote: at("[::ffff:198.51.100.9]:1"), ..datagram(1) };
    assert_eq!(world.ask(mapped, BINDING, &Vec::new(), STRANGER).mapped(), at("198.51.100.9:1"));
    let v6 = Client { remote: at("[2001:db8::5]:1"), ..datagram(1) };
    assert_eq!(world.ask(v6, BINDING, &Vec::new(), STRANGER).mapped(), at("[2001:db8::5]:1"));
}

#[test]
fn a_fingerprint_is_answered_with_one() {
    let mut world = World::new(config());
    let kind = MessageType::from_class_method(MessageClass::Request, BINDING);
    let mut request = write(kind, 5.into(), &Vec::new(), None);
    request.add_fingerprint().unwrap();
    let request = request.finish();
    assert!(world.give(datagram(1), &request).unwrap().message().has_attribute(Fingerprint::TYPE));
    let login = world.login(stream(1), 1);
    let kind = MessageType::from_class_method(MessageClass::Request, ALLOCATE);
    let mut request = write(kind, 6.into(), &udp(), Some(&login));
    request.add_fingerprint().unwrap();
    let answer = world.give(stream(1), &request.finish()).unwrap();
    assert!(answer.message().has_attribute(Fingerprint::TYPE) && answer.is_sealed(&login));
}

#[test]
fn unknown_attributes_are_named() {
    let mut world = World::new(config());
    let answer = world.ask(datagram(1), BINDING, &vec![raw(0x7001, b"x"), raw(0xc001, b"y")], STRANGER);
    assert_eq!(answer.code(), 420);
    let unknown = answer.message().attribute::<UnknownAttributes>().unwrap();
    assert!(unknown.has_attribute(0x7001.into()) && !unknown.has_attribute(0xc001.into()));
    let login = world.login(stream(1), 1);
    let attributes = vec![with(RequestedTransport::new(17)), raw(0x7001, b"x"), raw(0x001e, &[0; 32])];
    let answer = world.ask(stream(1), ALLOCATE, &attributes, Some(&login));
    assert_eq!(answer.code(), 420);
    assert!(answer.is_sealed(&login));
    let unknown = answer.message().attribute::<UnknownAttributes>().unwrap();
    assert!(unknown.has_attribute(0x7001.into()) && unknown.has_attribute(0x001e.into()));
    // A stranger with them is a stranger first.
    assert_eq!(world.ask(stream(1), ALLOCATE, &attributes, STRANGER).code(), 401);
}
