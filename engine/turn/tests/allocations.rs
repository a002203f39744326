//! Allocations, permissions and channels: what is given, refused and taken away, with every error code.

mod common;

use common::*;
use proto::ParticipantId;
use stun_types::AddressFamily;
use turn::*;
use turn_types::{attribute::*, message::*};

#[test]
fn what_cannot_be_had_is_refused_with_its_code() {
    let v4 = || with(RequestedAddressFamily::new(AddressFamily::IPV4));
    let v6 = || with(RequestedAddressFamily::new(AddressFamily::IPV6));
    let second = || with(AdditionalAddressFamily::new(AddressFamily::IPV6));
    let token = || with(ReservationToken::new(1));
    let udp = || with(RequestedTransport::new(17));
    let only_v4 = || Config { media: vec![at(MEDIA).into()], ..config() };
    let only_v6 = || Config { media: vec![at(MEDIA6).into()], ..config() };
    let cases: Vec<(&str, Config, Attributes, u16)> = vec![
        ("no transport", config(), vec![], 400),
        ("TCP as transport", config(), vec![with(RequestedTransport::new(6))], 442),
        ("a transport of two bytes", config(), vec![raw(0x0019, &[17, 0])], 400),
        ("IPv4 by name", config(), vec![udp(), v4()], 0),
        ("IPv6", config(), vec![udp(), v6()], 0),
        ("IPv6 where media has none", only_v4(), vec![udp(), v6()], 440),
        ("IPv4 where media has none", only_v6(), vec![udp()], 440),
        ("a family that does not exist", config(), vec![udp(), raw(0x0017, &[3, 0, 0, 0])], 440),
        ("a family of no bytes", config(), vec![udp(), raw(0x0017, &[])], 400),
        ("a second family", config(), vec![udp(), second()], 0),
        ("a second family of IPv4", config(), vec![udp(), raw(0x8000, &[1, 0, 0, 0])], 400),
        ("one family and a second", config(), vec![udp(), v4(), second()], 400),
        ("an even port", config(), vec![udp(), with(EvenPort::new(false))], 0),
        ("a pair of ports", config(), vec![udp(), with(EvenPort::new(true))], 508),
        ("a pair of ports twice", config(), vec![udp(), with(EvenPort::new(true)), second()], 400),
        ("a pair of ports of sockets", real(&[]), vec![udp(), with(EvenPort::new(true))], 508),
        ("a token", config(), vec![udp(), token()], 508),
        ("a token and an even port", config(), vec![udp(), token(), with(EvenPort::new(false))], 400),
        ("a token and a family", config(), vec![udp(), token(), v4()], 400),
        ("a token of one byte", config(), vec![udp(), raw(0x0022, &[1])], 400),
        ("no fragments", config(), vec![udp(), with(DontFragment::new())], 0),
        ("no fragments from a socket", real(&[]), vec![udp(), with(DontFragment::new())], 420),
        ("a lifetime of three bytes", config(), vec![udp(), raw(0x000d, &[0, 0, 1])], 400),
    ];
    for (name, config, attributes, code) in cases {
        let mut world = World::new(config);
        let login = world.login(stream(1), 1);
        let answer = world.ask(stream(1), ALLOCATE, &attributes, Some(&login));
        assert_eq!(answer.code(), code, "{name}");
        assert!(answer.is_sealed(&login), "{name}");
        assert_eq!(world.turn.stats().allocations, usize::from(code == 0), "{name}");
    }
}

#[test]
fn families_and_even_ports_are_as_asked_for() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    let attributes = vec![with(RequestedTransport::new(17)), with(RequestedAddressFamily::new(AddressFamily::IPV6))];
    assert!(world.ask(stream(1), ALLOCATE, &attributes, Some(&login)).relayed().is_ipv6());
    for number in 2..10 {
        let login = world.login(stream(number), number.into());
        let attributes = vec![with(RequestedTransport::new(17)), with(EvenPort::new(false))];
        assert_eq!(world.ask(stream(number), ALLOCATE, &attributes, Some(&login)).relayed().port() % 2, 0);
    }
    let login = world.login(stream(20), 20);
    let attributes = vec![with(RequestedTransport::new(17)), with(AdditionalAddressFamily::new(AddressFamily::IPV6))];
    let answer = world.ask(stream(20), ALLOCATE, &attributes, Some(&login));
    assert!(answer.relayed().is_ipv4());
    assert_eq!(answer.message().attribute::<AddressErrorCode>().unwrap().error().code(), 440);
}

#[test]
fn a_repeated_request_gets_the_same_answer_and_another_a_mismatch() {
    let mut world = World::new(config());
    let login = world.login(datagram(1), 1);
    let request = world.request(ALLOCATE, &udp(), Some(&login));
    let first = world.give(datagram(1), &request).unwrap();
    world.pass(3);
    assert_eq!(world.give(datagram(1), &request).unwrap().0, first.0);
    assert_eq!(world.ask(datagram(1), ALLOCATE, &udp(), Some(&login)).code(), 437);
    assert_eq!(world.turn.stats().allocations, 1);
}

#[test]
fn requests_without_an_allocation_are_a_mismatch() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&login)).code(), 437);
    assert_eq!(world.permit(stream(1), &login, MEDIA), 437);
    assert_eq!(world.bind(stream(1), &login, 0x4000, MEDIA), 437);
}

#[test]
fn somebody_elses_credentials_are_wrong() {
    let mut world = World::new(config());
    world.allocate(stream(1), 1);
    let other = world.login(stream(1), 2);
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&other)).code(), 441);
    assert_eq!(world.permit(stream(1), &other, MEDIA), 441);
    assert_eq!(world.bind(stream(1), &other, 0x4000, MEDIA), 441);
    assert_eq!(world.ask(stream(1), ALLOCATE, &udp(), Some(&other)).code(), 437);
}

#[test]
fn a_participant_an_address_and_all_have_their_quota() {
    let mut world = World::new(config());
    for number in 1..=4 {
        world.allocate(stream(number), 1);
    }
    let login = world.login(stream(5), 1);
    assert_eq!(world.ask(stream(5), ALLOCATE, &udp(), Some(&login)).code(), 486);
    world.turn.handle(world.now, Input::Closed { client: stream(1) });
    assert_eq!(world.ask(stream(5), ALLOCATE, &udp(), Some(&login)).code(), 0);

    // One /64 counts as one, two do not.
    let limits = Limits { of_address: 2, allocations: 4, ..Limits::default() };
    let mut world = World::new(Config { limits, ..config() });
    let from = |address: &str| Client { remote: at(address), ..stream(1) };
    let all = ["[2001:db8::1]:1", "[2001:db8::2:1]:2", "[2001:db8::3]:3", "[2001:db8:0:1::1]:4", "198.51.100.9:5"];
    let mut codes: Vec<_> = Vec::new();
    for (number, address) in (1..).zip(all.into_iter().chain(["192.88.99.1:6"])) {
        let login = world.login(from(address), number);
        codes.push(world.ask(from(address), ALLOCATE, &udp(), Some(&login)).code());
    }
    assert_eq!(codes, [0, 0, 486, 0, 0, 508]);
}

#[test]
fn permissions_and_channels_are_limited() {
    let limits = Limits { permissions: 2, channels: 1, ..Limits::default() };
    let media = ["203.0.113.1:1", "203.0.113.2:1", "203.0.113.3:1"];
    let all = media.iter().map(|address| at(address).into()).collect();
    let mut world = World::new(Config { limits, media: all, ..config() });
    let (login, _) = world.allocate(stream(1), 1);
    let three = media.iter().map(|address| peer(address)).collect();
    assert_eq!(world.ask(stream(1), CREATE_PERMISSION, &three, Some(&login)).code(), 508);
    assert_eq!(world.carried(stream(1), &world_send(media[0])), None, "all or nothing");
    assert_eq!(world.permit(stream(1), &login, media[0]), 0);
    assert_eq!(world.permit(stream(1), &login, media[0]), 0, "renewed");
    assert_eq!(world.bind(stream(1), &login, 0x4000, media[1]), 0);
    assert_eq!(world.permit(stream(1), &login, media[2]), 508);
    assert_eq!(world.bind(stream(1), &login, 0x4001, media[0]), 508);
    world.pass(300);
    assert_eq!(world.permit(stream(1), &login, media[2]), 0, "the others have ended");
}

fn world_send(to: &str) -> Vec<u8> {
    World::new(config()).send(to, b"x")
}

#[test]
fn lifetimes_are_at_least_the_default_and_at_most_the_longest() {
    let longer = Limits { lifetime: std::time::Duration::from_secs(3600), ..Limits::default() };
    let shorter = Limits { lifetime: std::time::Duration::from_secs(60), ..Limits::default() };
    for (limits, wished, given) in [
        (Limits::default(), 1, 600),
        (Limits::default(), 601, 600),
        (Limits::default(), u32::MAX, 600),
        (longer, 1, 600),
        (longer, 777, 777),
        (longer, u32::MAX, 3600),
        (shorter, 777, 60),
    ] {
        let mut world = World::new(Config { limits, ..config() });
        let login = world.login(stream(1), 1);
        let attributes = vec![with(RequestedTransport::new(17)), with(Lifetime::new(wished))];
        assert_eq!(world.ask(stream(1), ALLOCATE, &attributes, Some(&login)).lifetime(), given);
        let answer = world.ask(stream(1), REFRESH, &vec![with(Lifetime::new(wished))], Some(&login));
        assert_eq!(answer.lifetime(), given);
    }
}

#[test]
fn an_allocation_ends_by_itself_unless_it_is_refreshed() {
    let mut world = World::new(config());
    let (login, relayed) = world.allocate(stream(1), 1);
    assert_eq!(world.turn.poll_timeout(), Some(world.now.at + std::time::Duration::from_secs(600)));
    world.pass(500);
    assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&login)).lifetime(), 600);
    assert_eq!(world.permit(stream(1), &login, MEDIA), 0);
    world.pass(200);
    assert!(world.media_sends(relayed, MEDIA, b"here").is_some());
    world.pass(400);
    assert_eq!(world.turn.handle(world.now, Input::Timeout), None);
    assert_eq!(world.turn.stats().allocations, 0);
    assert_eq!(world.turn.poll_timeout(), None);
    assert_eq!(world.media_sends(relayed, MEDIA, b"gone"), None);
}

#[test]
fn a_lifetime_of_zero_ends_an_allocation() {
    let mut world = World::new(config());
    let (login, relayed) = world.allocate(stream(1), 1);
    let zero = vec![with(Lifetime::new(0))];
    let answer = world.ask(stream(1), REFRESH, &zero, Some(&login));
    assert_eq!((answer.code(), answer.lifetime()), (0, 0));
    assert!(answer.is_sealed(&login));
    assert_eq!(world.ask(stream(1), REFRESH, &zero, Some(&login)).code(), 437);
    let answer = world.ask(stream(1), ALLOCATE, &udp(), Some(&login));
    assert_eq!(answer.code(), 0);
    assert_ne!(answer.relayed(), relayed, "a relayed address rests");
}

#[test]
fn a_refresh_of_another_family_is_a_mismatch() {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    let family = |family| vec![with(RequestedAddressFamily::new(family))];
    assert_eq!(world.ask(stream(1), REFRESH, &family(AddressFamily::IPV6), Some(&login)).code(), 443);
    assert_eq!(world.ask(stream(1), REFRESH, &family(AddressFamily::IPV4), Some(&login)).code(), 0);
}

#[test]
fn a_closed_connection_takes_its_allocation_along() {
    let mut world = World::new(config());
    let (_, relayed) = world.allocate(stream(1), 1);
    world.turn.handle(world.now, Input::Closed { client: stream(2) });
    assert_eq!(world.turn.stats().allocations, 1);
    world.turn.handle(world.now, Input::Closed { client: stream(1) });
    assert_eq!(world.turn.stats().allocations, 0);
    assert_eq!(world.media_sends(relayed, MEDIA, b"gone"), None);
}

#[test]
fn permissions_need_a_peer_of_the_right_kind() {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    let cases: Vec<(&str, Attributes, u16)> = vec![
        ("none", vec![], 400),
        ("an address of no family", vec![raw(0x0012, &[0, 3, 0, 0, 0, 0, 0, 0])], 400),
        ("an address that is too short", vec![raw(0x0012, &[0, 1, 0])], 400),
        ("IPv6", vec![peer(MEDIA6)], 443),
        ("the media plane", vec![peer(MEDIA)], 0),
        ("without a port", vec![peer("203.0.113.1:0")], 0),
        ("another port of it", vec![peer("203.0.113.1:80")], 403),
        ("it and another", vec![peer(MEDIA), peer("198.51.100.1:1")], 403),
    ];
    for (name, attributes, code) in cases {
        let answer = world.ask(stream(1), CREATE_PERMISSION, &attributes, Some(&login));
        assert_eq!(answer.code(), code, "{name}");
        assert!(answer.is_sealed(&login), "{name}");
    }
}

#[test]
fn channels_need_a_number_and_a_peer() {
    let mut world = World::new(Config { media: vec![at(MEDIA).into(), at("203.0.113.2:1").into()], ..config() });
    let (login, _) = world.allocate(stream(1), 1);
    assert_eq!(world.ask(stream(1), CHANNEL_BIND, &vec![peer(MEDIA)], Some(&login)).code(), 400);
    let number = vec![with(ChannelNumber::new(0x4000))];
    assert_eq!(world.ask(stream(1), CHANNEL_BIND, &number, Some(&login)).code(), 400);
    for number in [0, 0x3fff, 0x8000, 0xffff] {
        assert_eq!(world.bind(stream(1), &login, number, MEDIA), 400, "{number:x}");
    }
    assert_eq!(world.bind(stream(1), &login, 0x4000, MEDIA6), 443);
    for other in ["203.0.113.1:80", "203.0.113.1:0", "127.0.0.1:7882"] {
        assert_eq!(world.bind(stream(1), &login, 0x4000, other), 403, "{other}");
    }
    assert_eq!(world.bind(stream(1), &login, 0x4000, MEDIA), 0);
    assert_eq!(world.bind(stream(1), &login, 0x4000, MEDIA), 0, "renewed");
    assert_eq!(world.bind(stream(1), &login, 0x4000, "203.0.113.2:1"), 400, "the channel is another's");
    assert_eq!(world.bind(stream(1), &login, 0x4001, MEDIA), 400, "the peer has another");
    assert_eq!(world.bind(stream(1), &login, 0x7fff, "203.0.113.2:1"), 0);
}

#[test]
fn an_allocation_with_a_socket_waits_for_it() {
    let mut world = World::new(real(&[]));
    let login = world.login(datagram(1), 1);
    let request = world.request(ALLOCATE, &udp(), Some(&login));
    assert_eq!(world.turn.handle(world.now, Input::Message { client: datagram(1), bytes: &request }), None);
    let Some(Output::OpenRelay { allocation, family: Family::V4, .. }) = world.turn.poll_output() else { panic!() };
    assert!(world.give(datagram(1), &request).is_none(), "asked again meanwhile");
    assert_eq!(world.ask(datagram(1), REFRESH, &Vec::new(), Some(&login)).code(), 437, "not there yet");
    let address = at("203.0.113.1:50000");
    world.turn.handle(world.now, Input::RelayOpened { allocation, address });
    let Some(Output::ToClient { bytes, .. }) = world.turn.poll_output() else { panic!() };
    assert_eq!(Answer(bytes.clone()).relayed(), address);
    assert!(Answer(bytes.clone()).is_sealed(&login));
    assert_eq!(world.give(datagram(1), &request).unwrap().0, bytes);
    world.turn.handle(world.now, Input::Closed { client: datagram(1) });
    assert_eq!(world.turn.poll_output(), Some(Output::CloseRelay { allocation }));
}

#[test]
fn a_socket_gets_an_even_port_where_one_is_asked_for() {
    for wanted in [false, true] {
        let mut world = World::new(real(&[]));
        let login = world.login(stream(1), 1);
        let mut attributes = udp();
        attributes.extend(wanted.then(|| with(EvenPort::new(false))));
        let request = world.request(ALLOCATE, &attributes, Some(&login));
        world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &request });
        let Some(Output::OpenRelay { even, .. }) = world.turn.poll_output() else { panic!() };
        assert_eq!(even, wanted);
    }
}

#[test]
fn a_socket_that_cannot_be_had_is_no_capacity() {
    let mut world = World::new(real(&[]));
    let login = world.login(stream(1), 1);
    let request = world.request(ALLOCATE, &udp(), Some(&login));
    world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &request });
    let Some(Output::OpenRelay { allocation, .. }) = world.turn.poll_output() else { panic!() };
    world.turn.handle(world.now, Input::RelayFailed { allocation });
    let Some(Output::ToClient { bytes, .. }) = world.turn.poll_output() else { panic!() };
    assert_eq!(Answer(bytes).code(), 508);
    assert_eq!(world.turn.stats().allocations, 0);
    // Too late for anybody.
    world.turn.handle(world.now, Input::RelayFailed { allocation });
    assert_eq!(world.turn.poll_output(), None);
}

#[test]
fn a_socket_that_opens_too_late_is_closed() {
    let mut world = World::new(real(&[]));
    let login = world.login(stream(1), 1);
    let request = world.request(ALLOCATE, &udp(), Some(&login));
    world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &request });
    let Some(Output::OpenRelay { allocation, .. }) = world.turn.poll_output() else { panic!() };
    world.turn.handle(world.now, Input::Revoke { participant: ParticipantId::from(1) });
    assert_eq!(world.turn.poll_output(), Some(Output::CloseRelay { allocation }));
    world.turn.handle(world.now, Input::RelayOpened { allocation, address: at("203.0.113.1:50000") });
    assert_eq!(world.turn.poll_output(), Some(Output::CloseRelay { allocation }));
}
