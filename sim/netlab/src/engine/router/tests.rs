use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use super::{Attachment, Direction, Port, Router, Strays};
use crate::engine::{
    cut::Cut,
    forge::{self, at},
    icmp,
    impairment::{Impairment, Mtu},
    nat::{Kind, Timeouts},
    packet::{Packet, Side},
};

const PHONE: Port = Port::Client(0);
const LAPTOP: Port = Port::Client(1);

fn address(text: &str) -> Ipv4Addr {
    text.parse().unwrap()
}

fn late(millis: u64) -> Impairment {
    Impairment { delay: Duration::from_millis(millis), ..Impairment::PERFECT }
}

/// A phone behind a symmetric NAT, 30 ms up and 40 ms down; a laptop without one, 5 ms each way.
fn world(now: Instant) -> Router {
    let phone = Attachment {
        local: address("10.77.1.2"),
        public: address("10.78.1.1"),
        gateway: address("10.77.1.1"),
        nat: Kind::Symmetric,
        timeouts: Timeouts::default(),
        up: late(30),
        down: late(40),
    };
    let laptop = Attachment {
        local: address("10.77.2.2"),
        public: address("10.78.2.1"),
        gateway: address("10.77.2.1"),
        nat: Kind::None,
        up: late(5),
        down: late(5),
        ..phone
    };
    Router::new(now, 1, [address("10.77.0.1"), address("10.77.0.2")], address("10.77.0.254"), [phone, laptop])
}

/// Everything that arrives, with the milliseconds since `start`.
fn arrivals(router: &mut Router, start: Instant) -> Vec<(u128, Port, Packet)> {
    let mut found = Vec::new();
    let mut take = |router: &mut Router, now: Instant| {
        while let Some((port, packet)) = router.poll_output(now) {
            found.push(((now - start).as_millis(), port, packet));
        }
    };
    take(router, start);
    while let Some(due) = router.poll_timeout() {
        take(router, due);
    }
    found
}

#[test]
fn a_question_and_its_answer_take_the_way_of_the_line() {
    let start = Instant::now();
    let mut router = world(start);
    router.handle(start, PHONE, forge::udp(at("10.77.1.2:5000"), at("10.77.0.2:80"), b"question").bytes());
    let (took, port, packet) = arrivals(&mut router, start).remove(0);
    assert_eq!((took, port), (30, Port::Server));
    let seen = packet.endpoint(Side::Source).unwrap();
    assert_eq!(*seen.ip(), address("10.78.1.1"));
    router.handle(start, Port::Server, forge::udp(at("10.77.0.2:80"), seen, b"answer").bytes());
    let (took, port, packet) = arrivals(&mut router, start).remove(0);
    assert_eq!((took, port), (40, PHONE));
    assert_eq!(packet.endpoint(Side::Destination), Some(at("10.77.1.2:5000")));
    let counters = router.line(0).path(Direction::Up).counters();
    assert_eq!((counters.packets_in, counters.packets_out, counters.bytes_out), (1, 1, 36));
    assert_eq!(router.strays(), Strays::default());
}

#[test]
fn clients_reach_each_other_over_both_lines() {
    let start = Instant::now();
    let mut router = world(start);
    router.handle(start, PHONE, forge::udp(at("10.77.1.2:5000"), at("10.77.2.2:9"), b"").bytes());
    let (took, port, packet) = arrivals(&mut router, start).remove(0);
    assert_eq!((took, port), (35, LAPTOP));
    let seen = packet.endpoint(Side::Source).unwrap();
    // The laptop may answer from there, and from nowhere else.
    for (from, is_admitted) in [("10.77.2.2:9", true), ("10.77.2.2:10", false)] {
        router.handle(start, LAPTOP, forge::udp(at(from), seen, b"").bytes());
        assert_eq!(arrivals(&mut router, start).len(), usize::from(is_admitted));
    }
    assert_eq!(router.line(0).path(Direction::Down).counters().dropped.nat, 1);
}

#[test]
fn what_belongs_nowhere_is_counted_and_dropped() {
    let start = Instant::now();
    let mut router = world(start);
    router.handle(start, PHONE, &[0x60, 0, 0, 0]);
    router.handle(start, PHONE, forge::udp(at("10.77.1.3:5000"), at("10.77.0.1:80"), b"").bytes());
    router.handle(start, Port::Server, forge::udp(at("10.77.0.3:5000"), at("10.77.2.2:80"), b"").bytes());
    assert_eq!(arrivals(&mut router, start), []);
    // The phone is behind a NAT: its own address is not of this world either. Who asks for such is told.
    for elsewhere in ["8.8.8.8:53", "10.77.1.2:5000"] {
        router.handle(start, LAPTOP, forge::udp(at("10.77.2.2:5000"), at(elsewhere), b"").bytes());
        let (took, port, answer) = arrivals(&mut router, start).remove(0);
        assert_eq!((took, port, answer.bytes()[20..22].to_vec()), (10, LAPTOP, vec![3, 13]));
        assert_eq!(icmp::quoted(&answer).map(|(_, _, to)| to), Some(at(elsewhere)));
    }
    assert_eq!(router.strays(), Strays { unreadable: 1, foreign: 2, homeless: 2 });
}

#[test]
fn after_a_change_of_address_the_old_one_is_nobodys() {
    let start = Instant::now();
    let mut router = world(start);
    router.handle(start, PHONE, forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), b"").bytes());
    let seen = arrivals(&mut router, start)[0].2.endpoint(Side::Source).unwrap();
    router.handle(start, Port::Server, forge::udp(at("10.77.0.1:80"), seen, b"under way").bytes());
    router.change_address(0, address("10.77.1.3"), address("10.78.1.2"));
    assert_eq!(arrivals(&mut router, start), [], "what was under way meets another NAT");
    router.handle(start, PHONE, forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), b"").bytes());
    router.handle(start, Port::Server, forge::udp(at("10.77.0.1:80"), seen, b"").bytes());
    assert_eq!(arrivals(&mut router, start), []);
    assert_eq!(router.strays(), Strays { unreadable: 0, foreign: 1, homeless: 1 });
    router.handle(start, PHONE, forge::udp(at("10.77.1.3:5000"), at("10.77.0.1:80"), b"").bytes());
    assert_eq!(arrivals(&mut router, start)[0].2.address(Side::Source), address("10.78.1.2"));
}

#[test]
fn who_sends_too_much_at_once_is_told_by_the_router_before_the_line() {
    let start = Instant::now();
    let mut router = world(start);
    let narrow = Impairment { mtu: Some(Mtu { bytes: 1200, is_silent: false }), ..late(30) };
    for direction in [Direction::Up, Direction::Down] {
        router.line_mut(0).path_mut(direction).set(start, narrow);
    }
    let long = [0; 1300];
    router.handle(start, PHONE, forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), &long).bytes());
    let (took, port, answer) = arrivals(&mut router, start).remove(0);
    assert_eq!((took, port), (0, PHONE));
    assert_eq!((answer.address(Side::Source), answer.bytes()[20..22].to_vec()), (address("10.77.1.1"), vec![3, 4]));
    // To the server, which sees the public address; and to the laptop, over its own line.
    router.handle(start, Port::Server, forge::udp(at("10.77.0.1:80"), at("10.78.1.1:12000"), &long).bytes());
    let (took, port, answer) = arrivals(&mut router, start).remove(0);
    assert_eq!((took, port, answer.address(Side::Source)), (0, Port::Server, address("10.77.0.254")));
    router.handle(start, LAPTOP, forge::udp(at("10.77.2.2:80"), at("10.78.1.1:12000"), &long).bytes());
    let (took, port, _) = arrivals(&mut router, start).remove(0);
    assert_eq!((took, port), (10, LAPTOP));
    // Silently: nobody is told.
    let silent = Impairment { mtu: Some(Mtu { bytes: 1200, is_silent: true }), ..late(30) };
    router.line_mut(0).path_mut(Direction::Up).set(start, silent);
    router.handle(start, PHONE, forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), &long).bytes());
    assert_eq!(arrivals(&mut router, start), []);
    assert_eq!(router.line(0).path(Direction::Up).counters().dropped.mtu, 2);
}

#[test]
fn cut_and_unplugged_lines_swallow() {
    let start = Instant::now();
    let mut router = world(start);
    let question = forge::tcp(at("10.77.2.2:5000"), at("10.77.0.1:80"), b"");
    let answer = forge::tcp(at("10.77.0.1:80"), at("10.77.2.2:5000"), b"");
    let mut exchange = |change: fn(&mut super::Line)| {
        change(router.line_mut(1));
        router.handle(start, LAPTOP, question.bytes());
        router.handle(start, Port::Server, answer.bytes());
        arrivals(&mut router, start).iter().map(|(_, port, _)| *port).collect::<Vec<_>>()
    };
    assert_eq!(exchange(|line| line.cut(Cut::Udp)), [Port::Server, LAPTOP]);
    assert_eq!(exchange(|line| line.cut(Cut::Tcp)), []);
    assert_eq!(exchange(|line| line.heal()), [Port::Server, LAPTOP]);
    assert_eq!(exchange(|line| line.path_mut(Direction::Up).cut(Cut::Everything)), [LAPTOP]);
    assert_eq!(exchange(|line| line.heal()), [Port::Server, LAPTOP]);
    assert_eq!(exchange(|line| line.plug(false)), [Port::Server]);
    let counters = router.line(1).path(Direction::Down).counters();
    assert_eq!((counters.dropped.cut, counters.dropped.unplugged), (1, 1));
}
