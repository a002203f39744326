//! What a line does to the packets of real programs.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Instant,
};

use super::common::{DEADLINE, Mirror, answer, ask, bind, ms, stream_echo, until};
use netlab::{Client, Impairment, Kind, Lab, Limit, Mtu, Rate, Topology};

/// One client behind a NAT, on a perfect line.
fn lab() -> Option<Lab> {
    Lab::or_skip(&Topology::new(1).client(Client::new("phone").nat(Kind::PortRestricted)))
}

fn late(millis: u64) -> Impairment {
    Impairment { delay: ms(millis), ..Impairment::PERFECT }
}

#[test]
fn a_round_trip_takes_both_delays() {
    let Some(lab) = lab() else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    phone.set(late(60), late(90));
    let socket = bind(*phone, "0.0.0.0:0");
    let fastest = (0..5)
        .map(|round| {
            let start = Instant::now();
            ask(&socket, mirror.address, &format!("round {round}"));
            start.elapsed()
        })
        .min()
        .unwrap();
    assert!(fastest >= ms(150), "{fastest:?}");
    assert!(fastest < ms(180), "{fastest:?}: the fastest of five is not that late on a machine this busy");
}

#[test]
fn packets_are_lost_at_their_share_and_the_counters_agree() {
    let Some(lab) = lab() else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    phone.set(Impairment { loss: 0.1, ..Impairment::PERFECT }, Impairment::PERFECT);
    let socket = bind(*phone, "0.0.0.0:0");
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let (mut answered, mut buffer) = (0, [0; 100]);
    // In small heaps, so that no buffer of a socket overflows.
    for heap in 1..=100 {
        for _ in 0..20 {
            socket.send_to(b"question", mirror.address).unwrap();
        }
        until("all are lost or through", || {
            let up = phone.counters().up;
            up.packets_in == heap * 20 && up.packets_out + up.dropped.loss == up.packets_in
        });
        while answered < phone.counters().up.packets_out {
            socket.recv(&mut buffer).expect("an answer to each that came through");
            answered += 1;
        }
    }
    let up = phone.counters().up;
    assert_eq!((up.packets_in, up.dropped.loss), (2000, 2000 - answered));
    assert!((160..240).contains(&up.dropped.loss), "{} of 2000 lost", up.dropped.loss);
}

#[test]
fn without_datagrams_streams_go_on_and_the_other_way_round() {
    let Some(lab) = lab() else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    let socket = bind(*phone, "0.0.0.0:0");
    let to = stream_echo(&lab);
    let mut stream = phone.inside(|| TcpStream::connect(to)).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut said = |text: &[u8; 4]| {
        stream.write_all(text).unwrap();
        let mut heard = [0; 4];
        stream.read_exact(&mut heard).map(|()| heard == *text)
    };
    assert!(said(b"both").unwrap());
    ask(&socket, mirror.address, "both");

    phone.cut_udp();
    socket.send_to(b"cut", mirror.address).unwrap();
    until("the datagram is swallowed", || phone.counters().up.dropped.cut == 1);
    assert!(said(b"tcp.").unwrap());

    phone.heal();
    phone.cut_tcp();
    ask(&socket, mirror.address, "udp");
    let dropped = phone.counters().up.dropped.cut;
    thread::scope(|scope| {
        let waiting = scope.spawn(|| said(b"late"));
        until("a segment is swallowed", || phone.counters().up.dropped.cut > dropped);
        phone.heal();
        // TCP sends it again.
        assert!(waiting.join().unwrap().unwrap());
    });

    phone.cut_port(mirror.address.port());
    let dropped = phone.counters().up.dropped.cut;
    socket.send_to(b"cut", mirror.address).unwrap();
    until("the datagram is swallowed", || phone.counters().up.dropped.cut == dropped + 1);
    assert!(said(b"tcp.").unwrap());
    phone.heal();
    phone.cut();
    socket.send_to(b"cut", mirror.address).unwrap();
    until("the datagram is swallowed", || phone.counters().up.dropped.cut == dropped + 2);
    phone.heal();
    assert_eq!(*ask(&socket, mirror.address, "healed").ip().to_string(), *"10.78.1.1");
}

#[test]
fn a_narrow_line_carries_its_rate_in_bytes() {
    let Some(lab) = lab() else { return };
    let phone = lab.client(0);
    let rate = Rate::megabits(2);
    let narrow = Impairment { rate: Some(rate), queue: Limit::Bytes(60_000), ..Impairment::PERFECT };
    phone.set(narrow, Impairment::PERFECT);
    let (server, socket) = (bind(lab.server(), "10.77.0.1:0"), bind(*phone, "0.0.0.0:0"));
    server.set_read_timeout(Some(DEADLINE)).unwrap();
    let to = server.local_addr().unwrap();
    let arrivals = thread::scope(|scope| {
        scope.spawn(|| {
            // Never empty, never full: at most 40 packets of 1,028 bytes wait.
            for heap in 0..15 {
                until("the queue is half empty", || {
                    let up = phone.counters().up;
                    up.packets_in == heap * 20 && up.queued_packets < 20
                });
                for _ in 0..20 {
                    socket.send_to(&[0; 1000], to).unwrap();
                }
            }
        });
        (0..300).map(|_| (server.recv(&mut [0; 1100]).unwrap(), Instant::now()).1).collect::<Vec<_>>()
    });
    let took = *arrivals.last().unwrap() - arrivals[0];
    let expected = rate.time_for(299 * 1028);
    assert!(took > expected.mul_f64(0.95), "{took:?} instead of {expected:?}");
    assert!(took < expected.mul_f64(1.15), "{took:?} instead of {expected:?}");
    assert_eq!(phone.counters().up.dropped.total(), 0);

    // 200 kB at once into a queue of 60.
    for _ in 0..200 {
        socket.send_to(&[0; 1000], to).unwrap();
    }
    until("all came to the line", || phone.counters().up.packets_in == 500);
    let up = phone.counters().up;
    assert!(up.queued_bytes <= 60_000);
    assert!((120..=142).contains(&up.dropped.queue), "{} dropped", up.dropped.queue);
}

#[test]
fn what_is_too_long_is_answered_or_vanishes() {
    let Some(lab) = lab() else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    let narrow = |is_silent| Impairment { mtu: Some(Mtu { bytes: 1000, is_silent }), ..Impairment::PERFECT };
    let socket = bind(*phone, "0.0.0.0:0");
    let long = "x".repeat(1300);

    phone.set(narrow(true), Impairment::PERFECT);
    for round in 1..=2 {
        socket.send_to(long.as_bytes(), mirror.address).unwrap();
        until("it vanished", || phone.counters().up.dropped.mtu == round);
    }
    ask(&socket, mirror.address, "short");

    // Told the size, the kernel of either end sends pieces, which the NAT translates.
    phone.set(narrow(false), narrow(false));
    socket.set_read_timeout(Some(ms(200))).unwrap();
    let mut buffer = [0; 2048];
    until("both ends learned the size", || {
        socket.send_to(long.as_bytes(), mirror.address).unwrap();
        socket.recv(&mut buffer).is_ok_and(|length| length > 1300)
    });
    let both = phone.counters();
    assert!(both.up.dropped.mtu >= 3 && both.down.dropped.mtu >= 1, "{both:?}");
    assert_eq!(both.down.dropped.nat, 0);

    let to = stream_echo(&lab);
    let mut stream = phone.inside(|| TcpStream::connect(to)).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let sent = vec![7; 200_000];
    thread::scope(|scope| {
        let mut writer = stream.try_clone().unwrap();
        scope.spawn(move || writer.write_all(&vec![7; 200_000]).unwrap());
        let mut heard = vec![0; sent.len()];
        stream.read_exact(&mut heard).unwrap();
        assert_eq!(heard, sent);
    });
}

#[test]
fn doubles_and_late_ones_reach_the_program() {
    let Some(lab) = lab() else { return };
    let (phone, mirror) = (lab.client(0), Mirror::start(&lab, 0));
    let socket = bind(*phone, "0.0.0.0:0");
    phone.set(Impairment { duplicate: 1.0, ..Impairment::PERFECT }, Impairment::PERFECT);
    ask(&socket, mirror.address, "twice");
    answer(&socket, "twice");
    // The first is late by far, the second is not: the second is answered first.
    phone.set(Impairment { reorder: 1.0, late_by: ms(400), ..Impairment::PERFECT }, Impairment::PERFECT);
    socket.send_to(b"first", mirror.address).unwrap();
    until("the first is under way", || phone.counters().up.late == 1);
    phone.set(Impairment::PERFECT, Impairment::PERFECT);
    ask(&socket, mirror.address, "second");
    assert_eq!(phone.counters().up.under_way, 1);
    answer(&socket, "first");
}
