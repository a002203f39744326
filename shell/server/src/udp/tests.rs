//! Real sockets on the loopback interface, each way of sending against each way of receiving.

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use mio::{Events, Poll};

use super::*;

/// Enough to see runs, batches, and both together several times over.
const DATAGRAMS: usize = 30 * AT_ONCE;

/// Sent between two looks at the receiver: its buffer has to hold them when the system grants no more than usual.
const AT_ONCE: usize = 99;

struct End {
    sockets: Sockets,
    poll: Poll,
}

impl End {
    fn new(addresses: &[IpAddr], mode: Mode) -> Self {
        let poll = Poll::new().unwrap();
        let mut sockets = Sockets::bind(addresses, 0).unwrap();
        sockets.set_mode(mode);
        sockets.register(poll.registry()).unwrap();
        Self { sockets, poll }
    }

    fn at(&self, index: usize) -> SocketAddr {
        self.sockets.addresses()[index]
    }

    fn queue(&mut self, destination: SocketAddr, datagrams: &[&[u8]]) {
        assert!(self.sockets.queue(Train::row(Path::udp(self.at(0), destination), datagrams)).is_none());
    }

    fn flush(&mut self) {
        while self.sockets.is_ready_to_send() {
            self.sockets.flush(self.poll.registry());
        }
    }

    fn wait(&mut self) {
        let mut events = Events::with_capacity(8);
        self.poll.poll(&mut events, Some(Duration::from_secs(10))).unwrap();
        assert!(!events.is_empty(), "nothing happens any more");
        for event in &events {
            self.sockets.wake(event.token(), event.is_readable(), event.is_writable());
        }
    }

    /// Waits for and reads datagrams until `count` have come: source, own address, bytes.
    fn read(&mut self, count: usize) -> Vec<(SocketAddr, SocketAddr, Vec<u8>)> {
        let mut all = Vec::new();
        while all.len() < count {
            if !self.sockets.is_ready() {
                self.wait();
            }
            self.sockets.receive(|path, bytes| all.push((path.theirs, path.ours, bytes.to_vec())));
        }
        all
    }
}

const LOCAL: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1)), IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2))];

#[cfg(target_os = "linux")]
const MODES: [Mode; 3] = [Mode::Segments, Mode::Batches, Mode::Singles];
#[cfg(not(target_os = "linux"))]
const MODES: [Mode; 1] = [Mode::Singles];

/// The `number`-th datagram: its number, then filling, so that sizes repeat, shrink and grow.
fn datagram(number: usize) -> Vec<u8> {
    let size = [1_188, 1_188, 1_188, 1_188, 400, 90, 90, 1_999, 4][number % 9];
    let mut bytes = vec![number as u8; size];
    bytes[..4].copy_from_slice(&(number as u32).to_be_bytes());
    bytes
}

#[test]
fn every_way_carries_thousands_intact_and_in_order() {
    for sending in MODES {
        for receiving in MODES {
            let mut sender = End::new(&LOCAL[..1], sending);
            let mut receiver = End::new(&LOCAL, receiving);
            let mut next: BTreeMap<SocketAddr, Vec<Vec<u8>>> = BTreeMap::new();
            for start in (0..DATAGRAMS).step_by(AT_ONCE) {
                for number in start..start + AT_ONCE {
                    if number % 3 == 0 {
                        let row: Vec<Vec<u8>> = (number..(number + 3).min(start + AT_ONCE)).map(datagram).collect();
                        let row: Vec<&[u8]> = row.iter().map(Vec::as_slice).collect();
                        sender.queue(receiver.at(number / 3 % 2), &row);
                    }
                }
                sender.flush();
                for (source, own, bytes) in receiver.read(AT_ONCE) {
                    assert_eq!(source, sender.at(0));
                    next.entry(own).or_default().push(bytes);
                }
            }
            for index in 0..2 {
                let expected: Vec<_> = (0..DATAGRAMS).filter(|n| n / 3 % 2 == index).map(datagram).collect();
                assert!(
                    next[&receiver.at(index)] == expected,
                    "{sending:?} to {receiving:?}: lost, damaged or reordered"
                );
            }
            let traffic = sender.sockets.traffic();
            assert_eq!(traffic.sent, DATAGRAMS as u64);
            assert_eq!(traffic.sent_bytes, receiver.sockets.traffic().received_bytes);
            if sending != Mode::Singles {
                assert!(traffic.send_calls < 100, "{} calls", traffic.send_calls);
            }
        }
    }
}

#[test]
fn both_families_share_the_port_and_know_their_address() {
    let v6 = IpAddr::V6(std::net::Ipv6Addr::LOCALHOST);
    let mut ours = End::new(&[LOCAL[0], v6], Mode::BEST);
    if ours.sockets.addresses().len() == 1 {
        eprintln!("SKIPPED: this machine has no IPv6 loopback");
        assert!(std::env::var_os("CI").is_none(), "needed under CI");
        return;
    }
    let mut theirs = End::new(&[v6], Mode::BEST);
    assert_eq!(ours.at(0).port(), ours.at(1).port());
    theirs.queue(ours.at(1), &[b"hello"]);
    theirs.flush();
    let (source, own, bytes) = ours.read(1).remove(0);
    assert_eq!((source, own, bytes.as_slice()), (theirs.at(0), ours.at(1), b"hello".as_slice()));
    for number in 0..20 {
        ours.sockets.queue(Train::single(Path::udp(own, source), datagram(number)));
    }
    ours.flush();
    assert_eq!(theirs.read(20).len(), 20);
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_without_segments_is_found_out_and_loses_nothing() {
    let mut sender = End::new(&LOCAL[..1], Mode::Segments);
    let mut receiver = End::new(&LOCAL[..1], Mode::BEST);
    linux::refuse_segments(&sender.sockets.sockets[0].io);
    for number in 0..AT_ONCE / 3 {
        let row = [3 * number, 3 * number + 1, 3 * number + 2].map(|number| vec![number as u8; 1_100]);
        sender.queue(receiver.at(0), &[&row[0], &row[1], &row[2]]);
    }
    sender.flush();
    let got: Vec<u8> = receiver.read(AT_ONCE).into_iter().map(|(_, _, bytes)| bytes[0]).collect();
    assert_eq!(got, (0..AT_ONCE as u8).collect::<Vec<_>>());
    assert_eq!(sender.sockets.sockets[0].mode, Mode::Batches);
    assert_eq!(sender.sockets.traffic().dropped_unreachable, 0);
}

#[test]
fn an_unreachable_destination_costs_nobody_else() {
    for mode in MODES {
        let mut sender = End::new(&LOCAL[..1], mode);
        let mut receiver = End::new(&LOCAL[..1], Mode::BEST);
        // Port zero is nobody's; the kernel refuses it at once and nothing leaves this machine.
        let nowhere = SocketAddr::from((LOCAL[0], 0));
        for number in 0..20 {
            sender.queue(nowhere, &[&[0; 500], &[0; 500]]);
            sender.queue(receiver.at(0), &[&datagram(number)]);
        }
        sender.flush();
        assert_eq!(receiver.read(20).len(), 20);
        assert_eq!(sender.sockets.traffic().dropped_unreachable, 40);
        assert_eq!(sender.sockets.sockets[0].mode, mode, "a bad destination says nothing against the path");
    }
}

#[test]
fn what_is_larger_than_any_media_packet_is_counted_and_dropped() {
    for mode in MODES {
        let mut sender = End::new(&LOCAL[..1], Mode::BEST);
        let mut receiver = End::new(&LOCAL[..1], mode);
        for bytes in [vec![1; 5_000], vec![2; 2_047]] {
            sender.queue(receiver.at(0), &[&bytes]);
        }
        sender.flush();
        assert_eq!(receiver.read(1)[0].2, vec![2; 2_047]);
        assert_eq!(receiver.sockets.traffic().dropped_oversize, 1);
    }
}

#[test]
fn a_blocked_socket_keeps_a_bounded_backlog_until_the_poll_says_that_there_is_room() {
    let mut sender = End::new(&LOCAL[..1], Mode::BEST);
    let destination = sender.at(0);
    let blocked = &mut sender.sockets.sockets[0];
    blocked.readable = false;
    blocked.blocked = true;
    blocked.watch(sender.poll.registry(), Token(0));
    for _ in 0..BACKLOG + 5 {
        sender.sockets.queue(Train::single(Path::udp(destination, destination), vec![0; 10]));
    }
    sender.sockets.flush(sender.poll.registry());
    assert_eq!(sender.sockets.traffic().sent, 0);
    assert_eq!(sender.sockets.traffic().dropped_full, 5);
    assert!(!sender.sockets.is_ready());

    sender.wait();
    assert!(sender.sockets.is_ready_to_send());
    sender.flush();
    assert_eq!(sender.sockets.traffic().sent, BACKLOG as u64);
}

#[test]
fn a_source_that_is_none_of_ours_leaves_through_the_socket_that_fits() {
    let mut sender = End::new(&LOCAL[..1], Mode::BEST);
    let mut receiver = End::new(&LOCAL[..1], Mode::BEST);
    let public = SocketAddr::from(([192, 0, 2, 1], sender.sockets.port()));
    sender.sockets.queue(Train::single(Path::udp(public, receiver.at(0)), b"x".to_vec()));
    sender.flush();
    assert_eq!(receiver.read(1)[0].0, sender.at(0));
}

#[test]
fn a_port_in_use_is_an_error_and_port_zero_finds_one_that_is_free_on_all() {
    let first = Sockets::bind(&LOCAL, 0).unwrap();
    assert!(first.addresses().iter().all(|address| address.port() == first.port()));
    let error = Sockets::bind(&LOCAL, first.port()).unwrap_err();
    assert!(matches!(error, BindError::Socket { ref source, .. } if source.kind() == io::ErrorKind::AddrInUse));
    assert!(matches!(Sockets::bind(&[], 0), Err(BindError::NoAddress)));
    let documentation = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    assert!(matches!(Sockets::bind(&[documentation], 0), Err(BindError::NoAddress)), "an absent address is left out");
    assert_eq!(Sockets::bind(&[documentation, LOCAL[0], LOCAL[0]], 0).unwrap().addresses().len(), 1);
}

#[test]
fn more_than_may_wait_leaves_in_between() {
    let (mut sender, receiver) = (End::new(&LOCAL[..1], Mode::BEST), End::new(&LOCAL[..1], Mode::BEST));
    let (from, to) = (sender.at(0), receiver.at(0));
    let row: Vec<&[u8]> = vec![b"a datagram"; 64];
    for _ in 0..=BACKLOG / row.len() * 3 {
        sender.sockets.queue(Train::row(Path::udp(from, to), &row));
    }
    sender.flush();
    let traffic = sender.sockets.traffic();
    assert_eq!((traffic.dropped_full, traffic.sent), (0, 64 * (BACKLOG as u64 / 64 * 3 + 1)));
}
