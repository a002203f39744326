//! Payload in both directions, and whom it reaches.

mod common;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use common::*;
use stun_types::{AddressFamily, message::*};
use turn::*;
use turn_types::{attribute::*, message::*};

#[test]
fn send_and_data_indications_carry_payload() {
    let mut world = World::new(config());
    let (login, relayed) = world.allocate(stream(1), 1);
    let bytes = world.send(MEDIA, b"ping!");
    assert_eq!(world.carried(stream(1), &bytes), None, "without a permission");
    assert_eq!(world.media_sends(relayed, MEDIA, b"pong"), None, "without a permission");
    assert_eq!(world.permit(stream(1), &login, MEDIA), 0);
    assert_eq!(world.carried(stream(1), &bytes), Some((relayed, at(MEDIA), b"ping!".to_vec())));
    for payload in [&b""[..], b"p", b"po", b"pon", b"pong", &[7; 1500]] {
        let bytes = world.media_sends(relayed, MEDIA, payload).unwrap();
        let message = Message::from_bytes(&bytes).unwrap();
        assert_eq!(message.get_type(), MessageType::from_class_method(MessageClass::Indication, DATA));
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(message.attribute::<Data>().unwrap().data(), payload);
        let peer = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
        assert_eq!(peer, at(MEDIA));
    }
    // Another client has nothing of it.
    assert_eq!(world.carried(stream(2), &bytes), None);
    assert_eq!(world.media_sends(at("192.0.2.77:60000"), MEDIA, b"pong"), None);
    assert_eq!(world.media_sends(relayed, "203.0.113.1:80", b"pong"), None, "no socket of the media plane");
}

#[test]
fn channels_carry_payload_and_are_padded_in_streams_only() {
    for (who, padding) in [(stream(1), 3), (datagram(1), 0)] {
        let mut world = World::new(config());
        let (login, relayed) = world.allocate(who, 1);
        assert_eq!(world.carried(who, &channel(0x4001, b"early")), None);
        assert_eq!(world.bind(who, &login, 0x4001, MEDIA), 0);
        assert_eq!(world.carried(who, &channel(0x4001, b"hello")), Some((relayed, at(MEDIA), b"hello".to_vec())));
        let padded = [channel(0x4001, b"hello"), vec![9; 3]].concat();
        assert_eq!(world.carried(who, &padded), Some((relayed, at(MEDIA), b"hello".to_vec())));
        assert_eq!(world.carried(who, &channel(0x4002, b"hello")), None, "an unbound channel");
        let back = world.media_sends(relayed, MEDIA, b"world").unwrap();
        assert_eq!(back, [channel(0x4001, b"world"), vec![0; padding]].concat());
        assert_eq!(world.media_sends(relayed, MEDIA, &[0; MESSAGE + 1]), None, "longer than anything we send");
        // The permission ends after five minutes, the channel after ten.
        world.pass(300);
        assert_eq!(world.media_sends(relayed, MEDIA, b"world"), None);
        assert!(world.carried(who, &channel(0x4001, b"hello")).is_some());
        assert_eq!(world.permit(who, &login, MEDIA), 0);
        assert!(world.media_sends(relayed, MEDIA, b"world").is_some());
        assert_eq!(world.ask(who, REFRESH, &Vec::new(), Some(&login)).code(), 0);
        world.pass(300);
        assert_eq!(world.carried(who, &channel(0x4001, b"hello")), None);
    }
}

#[test]
fn an_ipv6_client_reaches_media_by_ipv6() {
    let mut world = World::new(config());
    let who = Client { remote: at("[2001:db8::7]:40000"), ..stream(1) };
    let login = world.login(who, 1);
    let attributes = vec![with(RequestedTransport::new(17)), with(RequestedAddressFamily::new(AddressFamily::IPV6))];
    let relayed = world.ask(who, ALLOCATE, &attributes, Some(&login)).relayed();
    assert_eq!(world.permit(who, &login, MEDIA6), 0);
    let bytes = world.send(MEDIA6, b"ping");
    assert_eq!(world.carried(who, &bytes), Some((relayed, at(MEDIA6), b"ping".to_vec())));
    let back = world.media_sends(relayed, MEDIA6, b"pong").unwrap();
    let message = Message::from_bytes(&back).unwrap();
    assert_eq!(message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id()), at(MEDIA6));
}

#[test]
fn behind_a_nat_clients_know_media_by_its_public_address() {
    let (public, private) = (at("203.0.113.1:7882"), at("10.0.0.5:7882"));
    let media = vec![Media { address: private, socket: private }, Media { address: public, socket: private }];
    let mut world = World::new(Config { media, ..config() });
    let (login, relayed) = world.allocate(stream(1), 1);
    assert_eq!(world.permit(stream(1), &login, "203.0.113.1:7882"), 0);
    let named = |bytes: Vec<u8>| {
        let message = Message::from_bytes(&bytes).unwrap();
        message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id())
    };
    // Before it ever sent: as it may.
    assert_eq!(named(world.media_sends(relayed, "10.0.0.5:7882", b"x").unwrap()), public);
    assert_eq!(world.permit(stream(1), &login, "10.0.0.5:7882"), 0);
    for address in ["10.0.0.5:7882", "203.0.113.1:7882"] {
        let bytes = world.send(address, b"x");
        assert_eq!(world.carried(stream(1), &bytes).unwrap().1, private);
        assert_eq!(named(world.media_sends(relayed, "10.0.0.5:7882", b"x").unwrap()), at(address), "as it last did");
    }
}

#[test]
fn a_permission_for_media_is_none_for_its_other_ports() {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    assert_eq!(world.permit(stream(1), &login, "203.0.113.1:0"), 0);
    for other in ["203.0.113.1:0", "203.0.113.1:22", "203.0.113.1:7883"] {
        let bytes = world.send(other, b"x");
        assert_eq!(world.carried(stream(1), &bytes), None, "{other}");
    }
    assert_eq!(world.turn.stats().dropped, 3);
}

/// The addresses at the borders of all special ranges, and each IPv4 address in all its wrapped forms.
fn special() -> Vec<IpAddr> {
    let mut all: Vec<IpAddr> = SPECIAL.iter().flat_map(|range| [range.first(), range.last()]).collect();
    let well_known =
        ["127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "224.0.0.1", "::1", "fe80::1", "ff02::1"];
    all.extend(well_known.map(|address| address.parse::<IpAddr>().expect("an address")));
    for ip in all.clone() {
        if let IpAddr::V4(ip) = ip {
            all.extend(wrapped(ip).map(IpAddr::from));
        }
    }
    // Beyond global unicast.
    all.extend(["4000::1", "fec0::1", "::2", "200::1"].map(|address| address.parse::<IpAddr>().expect("an address")));
    all
}

fn wrapped(ip: Ipv4Addr) -> [Ipv6Addr; 9] {
    let bits = ip.to_bits();
    let (high, low) = ((bits >> 16) as u16, bits as u16);
    [
        ip.to_ipv6_mapped(),
        Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
        Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
        Ipv6Addr::new(0x64, 0xff9b, 1, high, low >> 8, low << 8, 0, 0),
        Ipv6Addr::new(0x2001, 0, high, low, 0, 0, 0, 0),
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, !high, !low),
    ]
}

fn family_of(ip: IpAddr) -> AddressFamily {
    if ip.is_ipv4() { AddressFamily::IPV4 } else { AddressFamily::IPV6 }
}

#[test]
fn every_special_range_and_every_wrapped_form_is_forbidden() {
    let all = special();
    assert!(all.len() > 250, "{}", all.len());
    for config in [config(), real(&[])] {
        for family in [AddressFamily::IPV4, AddressFamily::IPV6] {
            let mut world = World::new(config.clone());
            let login = world.login(stream(1), 1);
            let attributes = vec![with(RequestedTransport::new(17)), with(RequestedAddressFamily::new(family))];
            let request = world.request(ALLOCATE, &attributes, Some(&login));
            world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &request });
            if let Some(Output::OpenRelay { allocation, .. }) = world.turn.poll_output() {
                world.turn.handle(world.now, Input::RelayOpened { allocation, address: at("203.0.113.1:50000") });
                world.turn.poll_output();
            }
            for ip in all.iter().filter(|ip| family_of(**ip) == family) {
                let peer = SocketAddr::new(*ip, 7881).to_string();
                assert_eq!(world.permit(stream(1), &login, &peer), 403, "{peer}");
                assert_eq!(world.bind(stream(1), &login, 0x4000, &peer), 403, "{peer}");
                let bytes = world.send(&peer, b"x");
                assert_eq!(world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &bytes }), None);
            }
        }
    }
}

#[test]
fn a_wrapped_form_of_media_is_not_media() {
    let mut world = World::new(config());
    let login = world.login(stream(1), 1);
    let attributes = vec![with(RequestedTransport::new(17)), with(RequestedAddressFamily::new(AddressFamily::IPV6))];
    assert_eq!(world.ask(stream(1), ALLOCATE, &attributes, Some(&login)).code(), 0);
    for form in wrapped(Ipv4Addr::new(203, 0, 113, 1)) {
        let peer = SocketAddr::new(form.into(), 7882).to_string();
        assert_eq!(world.permit(stream(1), &login, &peer), 403, "{peer}");
    }
}

#[test]
fn nobody_but_media_is_reached_by_default() {
    let mut world = World::new(config());
    let (login, _) = world.allocate(stream(1), 1);
    for other in ["1.1.1.1:53", "8.8.8.8:7882", "203.0.112.1:7882"] {
        assert_eq!(world.permit(stream(1), &login, other), 403, "{other}");
        assert_eq!(world.bind(stream(1), &login, 0x4000, other), 403, "{other}");
    }
}

#[test]
fn real_peers_are_reached_through_a_socket_and_need_a_permission_back() {
    let mut world = World::new(real(&["127.0.0.0/8"]));
    let (login, allocation) = world.allocate_real(stream(1), "203.0.113.1:50000");
    for (peer, other) in [("1.1.1.1:53", "1.1.1.2:53"), ("127.0.0.1:9", "127.0.0.2:9")] {
        let (bytes, payload) = (world.send(peer, b"out"), b"back");
        let send = Input::Message { client: stream(1), bytes: &bytes };
        assert_eq!(world.turn.handle(world.now, send), None, "no permission yet");
        let back = |peer| Input::FromPeer { allocation, peer: at(peer), payload };
        assert_eq!(world.turn.handle(world.now, back(peer)), None, "no permission yet");
        assert_eq!(world.permit(stream(1), &login, peer), 0);
        let out = world.turn.handle(world.now, send);
        assert_eq!(out, Some(Carried::ToPeer { allocation, peer: at(peer), payload: b"out" }));
        assert!(bytes_of(world.turn.handle(world.now, back(peer))).starts_with(&[0x00, 0x17]));
        assert_eq!(world.turn.handle(world.now, back(other)), None, "somebody else");
        world.pass(300);
        assert_eq!(world.turn.handle(world.now, back(peer)), None, "the permission has ended");
        assert_eq!(world.ask(stream(1), REFRESH, &Vec::new(), Some(&login)).code(), 0);
    }
    assert_eq!(world.bind(stream(1), &login, 0x4000, "1.1.1.1:53"), 0);
    let payload = b"back";
    let input = Input::FromPeer { allocation, peer: at("1.1.1.1:53"), payload };
    assert_eq!(bytes_of(world.turn.handle(world.now, input)), channel(0x4000, payload));
    // A permission is for an address; a channel for a port of it.
    let input = Input::FromPeer { allocation, peer: at("1.1.1.1:54"), payload };
    assert!(bytes_of(world.turn.handle(world.now, input)).starts_with(&[0x00, 0x17]));
}

fn bytes_of(carried: Option<Carried<'_>>) -> Vec<u8> {
    bytes(carried).expect("it may pass")
}

#[test]
fn with_real_peers_media_goes_its_own_way() {
    let mut world = World::new(real(&[]));
    let (login, allocation) = world.allocate_real(stream(1), "203.0.113.1:50000");
    assert_eq!(world.permit(stream(1), &login, MEDIA), 0);
    let bytes = world.send(MEDIA, b"ping");
    let (relayed, media, _) = world.carried(stream(1), &bytes).unwrap();
    assert!(is_relayed(relayed) && media == at(MEDIA));
    assert!(world.media_sends(relayed, MEDIA, b"pong").is_some());
    // Nobody plays the media plane from outside.
    let input = Input::FromPeer { allocation, peer: at(MEDIA), payload: b"pong" };
    assert_eq!(world.turn.handle(world.now, input), None);
}

#[test]
fn an_allowed_range_opens_no_wrapped_form() {
    let mut world = World::new(real(&["127.0.0.0/8", "::1/128"]));
    let login = world.login(stream(1), 1);
    let attributes = vec![with(RequestedTransport::new(17)), with(RequestedAddressFamily::new(AddressFamily::IPV6))];
    let request = world.request(ALLOCATE, &attributes, Some(&login));
    world.turn.handle(world.now, Input::Message { client: stream(1), bytes: &request });
    let Some(Output::OpenRelay { allocation, family: Family::V6, .. }) = world.turn.poll_output() else { panic!() };
    world.turn.handle(world.now, Input::RelayOpened { allocation, address: at("[2001:db8::1]:50000") });
    world.turn.poll_output();
    assert_eq!(world.permit(stream(1), &login, "[::1]:9"), 0);
    for form in wrapped(Ipv4Addr::LOCALHOST).into_iter().filter(|form| *form != Ipv6Addr::LOCALHOST) {
        let peer = SocketAddr::new(form.into(), 9).to_string();
        assert_eq!(world.permit(stream(1), &login, &peer), 403, "{peer}");
    }
    for open in ["[2606:4700::1111]:9", "[2a00:1450::1]:9"] {
        assert_eq!(world.permit(stream(1), &login, open), 0, "{open}");
    }
}

#[test]
fn with_real_peers_our_own_machine_is_shut_but_for_media_and_relays() {
    let config = Config { media: vec![at("8.8.4.4:7882").into()], ..real(&[]) };
    let mut world = World::new(config);
    let (login, allocation) = world.allocate_real(stream(1), "8.8.4.4:50000");
    assert_eq!(world.permit(stream(1), &login, "8.8.4.4:22"), 403);
    assert_eq!(world.bind(stream(1), &login, 0x4000, "8.8.4.4:22"), 403);
    // With a permission for media, the address has one: nothing but media comes of it.
    assert_eq!(world.permit(stream(1), &login, "8.8.4.4:0"), 0);
    let ssh = world.send("8.8.4.4:22", b"x");
    assert_eq!(world.carried(stream(1), &ssh), None);
    let input = Input::FromPeer { allocation, peer: at("8.8.4.4:22"), payload: b"x" };
    assert_eq!(world.turn.handle(world.now, input), None);
    // Somebody else's relay is on this machine too.
    assert_eq!(world.permit(stream(1), &login, "8.8.4.4:50001"), 403);
    world.allocate_real(stream(2), "8.8.4.4:50001");
    assert_eq!(world.permit(stream(1), &login, "8.8.4.4:50001"), 0);
    let bytes = world.send("8.8.4.4:50001", b"x");
    let input = Input::Message { client: stream(1), bytes: &bytes };
    assert_eq!(
        world.turn.handle(world.now, input),
        Some(Carried::ToPeer { allocation, peer: at("8.8.4.4:50001"), payload: b"x" })
    );
    world.turn.handle(world.now, Input::Closed { client: stream(2) });
    while world.turn.poll_output().is_some() {}
    assert_eq!(world.turn.handle(world.now, input), None, "its socket is anybody's now");
}
