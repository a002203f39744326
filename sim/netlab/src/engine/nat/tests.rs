use std::{
    net::SocketAddrV4,
    time::{Duration, Instant},
};

use super::{Kind, Nat, Timeouts};
use crate::engine::{
    chance::Chance,
    forge::{self, at},
    icmp,
    packet::{Packet, Side},
};

/// A NAT and a clock, told as a conversation: who sends to whom, and what is seen.
struct World {
    nat: Nat,
    now: Instant,
    make: fn(SocketAddrV4, SocketAddrV4, &[u8]) -> Packet,
}

const PHONE: &str = "10.77.1.2:5000";

impl World {
    fn new(kind: Kind) -> Self {
        let nat = Nat::new(kind, "10.78.1.1".parse().unwrap(), Timeouts::default(), Chance::new(4, 0));
        Self { nat, now: Instant::now(), make: forge::udp }
    }

    /// Sends from the inside; gives what the other end sees as the source.
    fn out(&mut self, from: &str, to: &str) -> SocketAddrV4 {
        let packet = self.nat.leave(self.now, (self.make)(at(from), at(to), b"out")).expect("it leaves");
        assert!(forge::sums_are_right(&packet));
        assert_eq!(packet.endpoint(Side::Destination), Some(at(to)));
        packet.endpoint(Side::Source).unwrap()
    }

    /// Sends from outside; gives whom it reaches.
    fn back(&mut self, from: &str, to: SocketAddrV4) -> Option<SocketAddrV4> {
        let packet = self.nat.enter(self.now, (self.make)(at(from), to, b"in"))?;
        assert!(forge::sums_are_right(&packet));
        assert_eq!(packet.endpoint(Side::Source), Some(at(from)));
        packet.endpoint(Side::Destination)
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }
}

/// Server, another port of it, another server.
const REMOTES: [&str; 3] = ["10.77.0.1:80", "10.77.0.1:81", "10.77.0.2:80"];

#[test]
fn each_kind_maps_and_filters_as_its_name_says() {
    for (kind, is_one_port, may_answer) in [
        (Kind::FullCone, true, [true, true, true]),
        (Kind::AddressRestricted, true, [true, true, false]),
        (Kind::PortRestricted, true, [true, false, false]),
        (Kind::Symmetric, false, [true, false, false]),
    ] {
        for make in [forge::udp, forge::tcp] {
            let mut world = World { make, ..World::new(kind) };
            let seen = world.out(PHONE, REMOTES[0]);
            assert_eq!(seen.ip().to_string(), "10.78.1.1");
            assert_eq!(world.out(PHONE, REMOTES[0]), seen, "{kind:?}: the mapping lasts");
            let answers = REMOTES.map(|remote| world.back(remote, seen).is_some());
            assert_eq!(answers, may_answer, "{kind:?}");
            let others = [world.out(PHONE, REMOTES[1]), world.out(PHONE, REMOTES[2])];
            assert_eq!(others == [seen, seen], is_one_port, "{kind:?}");
            assert!(is_one_port || (others[0] != seen && others[1] != seen && others[0] != others[1]));
            // Now that all were sent to, each may answer where it was sent from.
            for (remote, seen) in REMOTES.iter().zip([seen, others[0], others[1]]) {
                assert_eq!(world.back(remote, seen), Some(at(PHONE)), "{kind:?}");
            }
            // And nobody where nothing was sent from.
            assert_eq!(world.back(REMOTES[0], SocketAddrV4::new(*seen.ip(), 9)), None);
        }
    }
}

#[test]
fn without_a_nat_everything_passes_as_it_is() {
    let mut world = World::new(Kind::None);
    assert_eq!(world.out(PHONE, REMOTES[0]), at(PHONE));
    assert_eq!(world.back(REMOTES[2], at(PHONE)), Some(at(PHONE)));
}

#[test]
fn endpoints_inside_and_protocols_do_not_share_ports() {
    let mut world = World::new(Kind::PortRestricted);
    let first = world.out(PHONE, REMOTES[0]);
    let second = world.out("10.77.1.2:5001", REMOTES[0]);
    assert_ne!(first, second);
    world.make = forge::tcp;
    assert_eq!(world.back(REMOTES[0], first), None, "the port is one of UDP");
}

#[test]
fn a_mapping_lives_as_long_as_something_leaves() {
    let mut world = World::new(Kind::FullCone);
    let seen = world.out(PHONE, REMOTES[0]);
    for _ in 0..3 {
        world.wait(29);
        assert_eq!(world.out(PHONE, REMOTES[0]), seen);
    }
    world.wait(29);
    assert_eq!(world.back(REMOTES[0], seen), Some(at(PHONE)), "what comes in does not keep it");
    world.wait(1);
    assert_eq!(world.back(REMOTES[0], seen), None);
    assert_ne!(world.out(PHONE, REMOTES[0]), seen);
    world.make = forge::tcp;
    let seen = world.out(PHONE, REMOTES[0]);
    world.wait(2 * 3600);
    assert_eq!(world.back(REMOTES[0], seen), Some(at(PHONE)));
    world.wait(240);
    assert_eq!(world.back(REMOTES[0], seen), None);
}

#[test]
fn whom_nothing_was_sent_to_for_long_may_send_no_more() {
    let mut world = World::new(Kind::PortRestricted);
    let seen = world.out(PHONE, REMOTES[0]);
    world.wait(20);
    world.out(PHONE, REMOTES[1]);
    world.wait(20);
    assert_eq!(world.back(REMOTES[1], seen), Some(at(PHONE)));
    assert_eq!(world.back(REMOTES[0], seen), None);
}

#[test]
fn a_rebind_forgets_all_and_gives_other_ports() {
    let mut world = World::new(Kind::FullCone);
    let seen = world.out(PHONE, REMOTES[0]);
    world.nat.rebind();
    assert_eq!(world.back(REMOTES[0], seen), None);
    let after = world.out(PHONE, REMOTES[0]);
    assert_ne!(after, seen);
    assert_eq!(world.back(REMOTES[0], after), Some(at(PHONE)));
    world.nat.change_public("10.78.1.2".parse().unwrap());
    assert_eq!(world.out(PHONE, REMOTES[0]).ip().to_string(), "10.78.1.2");
}

#[test]
fn later_pieces_follow_their_first() {
    let mut world = World::new(Kind::Symmetric);
    let (phone, server) = (at(PHONE), at(REMOTES[0]));
    let pieces = forge::fragments(phone, server, &[1; 3000], 1000);
    assert_eq!(world.nat.leave(world.now, pieces[1].clone()), None, "nobody knows whose it is");
    let seen = pieces.iter().map(|piece| world.nat.leave(world.now, piece.clone()).unwrap()).collect::<Vec<_>>();
    assert!(seen.iter().all(|piece| piece.address(Side::Source).to_string() == "10.78.1.1"));
    let public = seen[0].endpoint(Side::Source).unwrap();
    let back = forge::fragments(server, public, &[2; 3000], 1000);
    for piece in back {
        assert_eq!(world.nat.enter(world.now, piece).unwrap().address(Side::Destination), *phone.ip());
    }
}

#[test]
fn complaints_find_whom_they_are_for() {
    let mut world = World::new(Kind::Symmetric);
    let seen = world.out(PHONE, REMOTES[0]);
    // The server refuses what it got; the complaint quotes the public source.
    let got = forge::udp(seen, at(REMOTES[0]), b"out");
    let complaint = icmp::fragmentation_needed(&got, "10.77.0.254".parse().unwrap(), 1000).unwrap();
    let inside = world.nat.enter(world.now, complaint).unwrap();
    assert_eq!(inside.address(Side::Destination), *at(PHONE).ip());
    assert_eq!(icmp::quoted(&inside).unwrap().1, at(PHONE));
    assert!(forge::sums_are_right(&inside));
    // The phone refuses what came in; the complaint quotes the phone, and leaves quoting the public address.
    let came = forge::udp(at(REMOTES[0]), at(PHONE), b"in");
    let complaint = icmp::fragmentation_needed(&came, *at(PHONE).ip(), 1000).unwrap();
    let outside = world.nat.leave(world.now, complaint).unwrap();
    assert_eq!(outside.address(Side::Source), *seen.ip());
    assert_eq!(icmp::quoted(&outside).unwrap().2, seen);
    assert!(forge::sums_are_right(&outside));
}

#[test]
fn pings_pass_by_their_identifier() {
    let mut world = World::new(Kind::PortRestricted);
    let ping = forge::ping(at("10.77.1.2:77"), "10.77.0.1".parse().unwrap(), b"x");
    let left = world.nat.leave(world.now, ping).unwrap();
    let seen = left.endpoint(Side::Source).unwrap();
    assert_eq!(seen.ip().to_string(), "10.78.1.1");
    let mut answer = left.bytes().to_vec();
    answer.copy_within(12..16, 16);
    answer[12..16].copy_from_slice(&[10, 77, 0, 1]);
    answer[20] = 0;
    let inside = world.nat.enter(world.now, Packet::parse(&answer).unwrap()).unwrap();
    assert_eq!(inside.endpoint(Side::Destination), Some(at("10.77.1.2:77")));
}

#[test]
fn when_all_ports_are_taken_the_next_is_dropped() {
    let mut world = World::new(Kind::Symmetric);
    let start = world.now;
    for index in 0..super::PORTS {
        let remote = SocketAddrV4::new("10.77.0.1".parse().unwrap(), index + 1);
        assert!(
            world
                .nat
                .open(
                    start,
                    super::Inside {
                        protocol: crate::engine::packet::Protocol::Udp,
                        inside: at(PHONE),
                        remote: Some(remote),
                    }
                )
                .is_some()
        );
    }
    assert_eq!(world.nat.leave(start, forge::udp(at(PHONE), at("10.77.0.2:1"), b"")), None);
    world.wait(30);
    world.out(PHONE, "10.77.0.2:1");
    assert_eq!(world.nat.mappings.len(), 1, "the old ones are gone");
}
