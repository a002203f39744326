//! Real threads with real sockets on the loopback interface.

use std::net::{Ipv4Addr, UdpSocket};

use proto::{
    ParticipantId, RoomId,
    media::{AddPeer, Event},
};
use tokio::sync::mpsc::{Receiver, channel};

use super::crossing::tests::check;
use super::*;
use crate::{turn::trains, voicemail::taps};

const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn options(threads: usize, port: u16) -> Options {
    Options { threads, port, addresses: vec![LOCAL], public: Vec::new(), seed: 7 }
}

fn started(threads: usize) -> (Threads, Receiver<hub::Input>) {
    let (events, inbox) = channel(16);
    (start(&options(threads, 0), events, trains().0, taps().0).unwrap(), inbox)
}

fn add(number: u128) -> Command {
    Command::AddPeer(AddPeer {
        room: RoomId::from(1),
        peer: ParticipantId::from(number),
        identity: "ann".parse().unwrap(),
        may_send_data: true,
        hidden: false,
        tap: None,
    })
}

#[tokio::test]
async fn commands_and_datagrams_reach_the_thread_they_are_for() {
    let (threads, _inbox) = started(2);
    assert_eq!(threads.handles().len(), 2);
    threads.handles()[1].send(add(1)).unwrap();
    assert_eq!(threads.handles()[0].stats().await.unwrap().peers, 0);
    assert_eq!(threads.handles()[1].stats().await.unwrap().peers, 1);
    let stranger = UdpSocket::bind((LOCAL, 0)).unwrap();
    for _ in 0..200 {
        stranger.send_to(b"noise", (LOCAL, threads.port())).unwrap();
    }
    // The state is waited for, not a time. Which thread gets them is for the kernel to say, but one gets them all.
    let received = async || {
        let mut each = Vec::new();
        for handle in threads.handles() {
            each.push(handle.traffic().await.unwrap().received);
        }
        each
    };
    let mut counts = received().await;
    while counts.iter().sum::<u64>() < 200 {
        tokio::task::yield_now().await;
        counts = received().await;
    }
    counts.sort_unstable();
    assert_eq!(counts, [0, 200]);
}

#[tokio::test]
async fn on_one_port_a_check_reaches_the_thread_that_it_names_wherever_it_came() {
    let (threads, _inbox) = started(3);
    for shard in 0..3_u8 {
        for _ in 0..20 {
            // Each from a port of its own, so that the kernel spreads them.
            let client = UdpSocket::bind((LOCAL, 0)).unwrap();
            client.send_to(&check(shard), (LOCAL, threads.port())).unwrap();
        }
        while threads.handles()[usize::from(shard)].stats().await.unwrap().datagrams_in < 20 {
            tokio::task::yield_now().await;
        }
    }
    for handle in threads.handles() {
        assert_eq!(handle.stats().await.unwrap().datagrams_in, 20);
    }
}

#[tokio::test]
async fn a_panic_ends_the_rooms_of_the_thread_and_nothing_else() {
    let (threads, mut inbox) = started(1);
    let handle = &threads.handles()[0];
    handle.send(add(1)).unwrap();
    handle.send(add(2)).unwrap();
    handle.send(Command::RemovePeer { peer: ParticipantId::from(1) }).unwrap();
    handle.push(Message::Break).unwrap();
    match inbox.recv().await.unwrap() {
        hub::Input::Media { shard: Shard(0), event: Event::OfferRefused { peer, .. } } => {
            assert_eq!(peer, ParticipantId::from(2));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(handle.stats().await.unwrap().peers, 0);
    handle.send(add(3)).unwrap();
    assert_eq!(handle.stats().await.unwrap().peers, 1, "the thread lives");
}

#[tokio::test]
async fn a_panic_in_one_room_ends_that_room_and_no_other_of_the_thread() {
    let (threads, mut inbox) = started(1);
    let handle = &threads.handles()[0];
    for number in 1..=4 {
        let Command::AddPeer(mut add) = add(number) else { unreachable!("it is one") };
        add.room = RoomId::from(number % 2);
        handle.send(Command::AddPeer(add)).unwrap();
    }
    // Breaks at the next look at who speaks.
    handle.push(Message::Plant { peer: ParticipantId::from(3), place: sfu::Place::Tick }).unwrap();
    let mut told = std::collections::BTreeSet::new();
    while told.len() < 2 {
        match inbox.recv().await.unwrap() {
            hub::Input::Media { event: Event::OfferRefused { peer, .. }, .. } => assert!(told.insert(peer)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(told, [1, 3].map(ParticipantId::from).into());
    let stats = handle.stats().await.unwrap();
    assert_eq!((stats.peers, stats.rooms_broken), (2, 1), "the other room is there");
}

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let (threads, _inbox) = started(2);
    let port = threads.port();
    let (events, _other) = channel(1);
    // With more than one thread the port is shared, but with nobody else.
    let error = start(&options(2, port), events, trains().0, taps().0).unwrap_err();
    let text = format!(
        "UDP port {port} on 127.0.0.1 is in use: stop the program that uses it, or choose another with --media-port."
    );
    assert_eq!(error.to_string(), text);

    let taken = std::net::TcpListener::bind((LOCAL, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let (events, _other) = channel(1);
    let error = start(&options(1, port), events, trains().0, taps().0).unwrap_err().to_string();
    assert!(error.starts_with(&format!("TCP port {port} on 127.0.0.1 is in use: ")), "{error}");
}

#[test]
fn without_an_address_there_is_no_media() {
    let (events, _inbox) = channel(1);
    let nowhere = Options { addresses: Vec::new(), ..options(1, 0) };
    assert!(matches!(start(&nowhere, events, trains().0, taps().0), Err(StartError::NoAddress)));
}

#[tokio::test]
async fn stop_ends_the_threads() {
    let (threads, mut inbox) = started(2);
    let handles = threads.handles().to_vec();
    threads.stop();
    assert!(inbox.recv().await.is_none(), "no thread holds the way to the hub any more");
    assert_eq!(handles[0].send(add(1)), Err(Unsent::Ended(Box::new(add(1)))));
    assert_eq!(handles[1].stats().await, None);
}
