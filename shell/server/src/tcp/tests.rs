//! Real connections on the loopback interface.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
};

use mio::{Events, Poll};

use super::*;

/// What begins with the number of a media thread is a check for it.
fn whose(datagram: &[u8]) -> Option<Shard> {
    datagram.first().filter(|number| **number < 4).map(|number| Shard(*number))
}

struct Thread {
    connections: Connections,
    poll: Poll,
    now: Instant,
    got: Vec<(Path, Vec<u8>)>,
}

impl Thread {
    fn new(shard: u8, listeners: Listeners) -> Self {
        let poll = Poll::new().unwrap();
        let mut connections = Connections::new(Shard(shard), listeners);
        connections.register(poll.registry()).unwrap();
        Self { connections, poll, now: Instant::now(), got: Vec::new() }
    }

    fn listening() -> (Self, SocketAddr) {
        let listeners = Listeners::bind(&[(Ipv4Addr::LOCALHOST, 0).into()]).unwrap();
        let address = listeners.addresses()[0];
        (Self::new(0, listeners), address)
    }

    /// Rounds until `done`.
    fn until(&mut self, mut done: impl FnMut(&mut Self) -> bool) {
        let mut events = Events::with_capacity(64);
        while !done(self) {
            if !self.connections.is_ready() {
                self.poll.poll(&mut events, Some(Duration::from_secs(10))).unwrap();
                assert!(!events.is_empty(), "nothing happens any more");
                for event in &events {
                    self.connections.wake(event.token(), event.is_readable(), event.is_writable());
                }
            }
            let registry = self.poll.registry();
            self.connections.accept(self.now, registry);
            self.connections.receive(registry, whose, |path, bytes| self.got.push((path, bytes.to_vec())));
            self.connections.flush(registry);
        }
    }

    fn open(&self) -> u64 {
        self.connections.traffic().open
    }

    fn datagrams(&self) -> Vec<&[u8]> {
        self.got.iter().map(|(_, bytes)| bytes.as_slice()).collect()
    }

    fn tidy(&mut self, after: Duration, known: &[SocketAddr]) {
        self.connections.tidy(self.now + after, self.poll.registry(), |end| known.contains(&end.address));
    }
}

fn send(stream: &mut TcpStream, datagrams: &[&[u8]]) {
    let mut bytes = Vec::new();
    datagrams.iter().for_each(|datagram| assert!(frames::put(&mut bytes, datagram)));
    stream.write_all(&bytes).unwrap();
}

/// Whether the other side has closed it.
fn is_closed(mut stream: TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    match stream.read(&mut [0; 9]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
    }
}

#[test]
fn datagrams_pass_both_ways() {
    let (mut thread, address) = Thread::listening();
    let mut client = TcpStream::connect(address).unwrap();
    send(&mut client, &[b"\0check", b"one", &[7; 1_500]]);
    thread.until(|thread| thread.got.len() == 3);
    assert_eq!(thread.datagrams(), [b"\0check".as_slice(), b"one", &[7; 1_500]]);
    let path = thread.got[0].0;
    assert_eq!(path, Path { over: Over::Tcp, ours: address, theirs: client.local_addr().unwrap() });

    thread.connections.queue(&Train::row(path, &[b"yes", b"no"]));
    thread.until(|thread| !thread.connections.is_ready());
    let mut answer = [0; 9];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"\0\x03yes\0\x02no");
    drop(client);
    thread.until(|thread| thread.open() == 0);
    thread.connections.queue(&Train::row(path, &[b"too late"]));
    assert_eq!(thread.connections.traffic().dropped_unreachable, 1);
}

#[test]
fn a_connection_goes_to_the_thread_that_it_names() {
    let (mut first, address) = Thread::listening();
    let mut client = TcpStream::connect(address).unwrap();
    // The name arrives in pieces, and something is behind it already.
    client.write_all(&[0, 6, 2]).unwrap();
    first.until(|thread| thread.open() == 1 && !thread.connections.is_ready());
    client.write_all(b"check\0\x04more").unwrap();
    first.until(|thread| !thread.connections.leaving.is_empty());
    let leaving: Vec<(Shard, Connection)> = first.connections.leaving().collect();
    assert_eq!((leaving.len(), leaving[0].0, first.open()), (1, Shard(2), 0));
    assert!(first.got.is_empty());

    let mut third = Thread::new(2, Listeners::none());
    for (_, connection) in leaving {
        third.connections.adopt(third.now, third.poll.registry(), connection);
    }
    third.until(|thread| thread.got.len() == 2);
    assert_eq!(third.datagrams(), [b"\x02check".as_slice(), b"more"]);
    third.connections.queue(&Train::row(third.got[0].0, &[b"yes"]));
    third.until(|thread| !thread.connections.is_ready());
    let mut answer = [0; 5];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"\0\x03yes");
}

#[test]
fn who_speaks_something_else_is_shown_out() {
    for words in [b"GET / HTTP/1.1\r\n\r\n".as_slice(), b"\0\x05hello", &[0x16, 3, 1, 0, 200]] {
        let (mut thread, address) = Thread::listening();
        let mut client = TcpStream::connect(address).unwrap();
        client.write_all(words).unwrap();
        thread.until(|thread| thread.connections.traffic().accepted == 1 && thread.open() == 0);
        assert!(thread.got.is_empty());
        assert!(is_closed(client), "{words:?}");
    }
}

#[test]
fn what_is_nobodys_is_closed_after_a_while() {
    let (mut thread, address) = Thread::listening();
    let (silent, mut known, mut unknown) = (
        TcpStream::connect(address).unwrap(),
        TcpStream::connect(address).unwrap(),
        TcpStream::connect(address).unwrap(),
    );
    send(&mut known, &[b"\0check"]);
    send(&mut unknown, &[b"\0guess"]);
    thread.until(|thread| thread.open() == 3 && thread.got.len() == 2);
    let ends = [known.local_addr().unwrap()];
    thread.tidy(GRACE - Duration::from_millis(1), &ends);
    assert_eq!(thread.open(), 3);
    assert!(thread.connections.deadline().is_some(), "there is more to look after");
    thread.tidy(GRACE + TIDY, &ends);
    assert_eq!(thread.open(), 1);
    assert!(is_closed(silent) && is_closed(unknown));
    send(&mut known, &[b"still here"]);
    thread.until(|thread| thread.got.len() == 3);
}

#[test]
fn what_a_client_does_not_read_is_dropped_in_whole_datagrams() {
    const COUNT: usize = 2_000;
    let (mut thread, address) = Thread::listening();
    let mut client = TcpStream::connect(address).unwrap();
    send(&mut client, &[b"\0check"]);
    thread.until(|thread| thread.got.len() == 1);
    let path = thread.got[0].0;
    let mut flooded = 0_u64;
    while thread.connections.traffic().dropped_full == 0 {
        for _ in 0..100 {
            let datagram = vec![flooded as u8; 1_000 + (flooded % 200) as usize];
            thread.connections.queue(&Train::single(path, datagram));
            flooded += 1;
        }
        thread.connections.flush(thread.poll.registry());
        assert!(flooded < 100 * COUNT as u64, "nothing is ever full");
    }
    let expected = thread.connections.traffic().sent;
    let reader = std::thread::spawn(move || {
        let (mut frames, mut seen) = (frames::Frames::default(), 0_u64);
        while seen < expected {
            assert!(frames.read(&mut client).unwrap() > 0, "it was closed after {seen} of {expected}");
            while let Some(frame) = frames.next().unwrap() {
                assert!(frame.len() >= 1_000 && frame.iter().all(|byte| *byte == frame[0]));
                seen += 1;
            }
        }
    });
    thread.until(|thread| !thread.connections.open.values().any(|c| c.blocked || c.is_ready_to_send()));
    reader.join().unwrap();
}

#[test]
fn one_address_gets_so_many_connections_and_its_place_back() {
    let (mut thread, address) = Thread::listening();
    let mut clients = Vec::new();
    for count in 1..=MOST_FROM_ONE {
        clients.push(TcpStream::connect(address).unwrap());
        thread.until(|thread| thread.open() == count as u64);
    }
    let refused = TcpStream::connect(address).unwrap();
    thread.until(|thread| thread.connections.traffic().refused == 1);
    assert!(is_closed(refused));
    clients.pop();
    thread.until(|thread| thread.open() == MOST_FROM_ONE as u64 - 1);
    clients.push(TcpStream::connect(address).unwrap());
    thread.until(|thread| thread.open() == MOST_FROM_ONE as u64);
}

#[test]
fn a_thread_has_so_many_connections_in_all_and_then_places_again() {
    let (mut thread, address) = Thread::listening();
    assert_eq!(thread.connections.most, 4_096);
    // A machine that runs tests has no files for all of them; what counts is that no more are let in.
    thread.connections.most = 3;
    let mut clients: Vec<TcpStream> = Vec::new();
    for count in 1..=3 {
        clients.push(TcpStream::connect(address).unwrap());
        thread.until(|thread| thread.open() == count);
    }
    let refused = TcpStream::connect(address).unwrap();
    thread.until(|thread| thread.connections.traffic().refused == 1);
    assert!(is_closed(refused));
    clients.pop();
    thread.until(|thread| thread.open() == 2);
    clients.push(TcpStream::connect(address).unwrap());
    thread.until(|thread| thread.open() == 3);
}

#[test]
fn a_panic_over_one_connection_ends_that_connection_and_no_other() {
    let (mut thread, address) = Thread::listening();
    let mut ann = TcpStream::connect(address).unwrap();
    let mut bob = TcpStream::connect(address).unwrap();
    send(&mut ann, &[&[0, 1]]);
    send(&mut bob, &[&[0, 2]]);
    thread.until(|thread| thread.got.len() == 2);
    send(&mut ann, &[b"\x00break"]);
    let mut events = Events::with_capacity(64);
    while thread.open() == 2 {
        thread.poll.poll(&mut events, Some(Duration::from_secs(10))).unwrap();
        for event in &events {
            thread.connections.wake(event.token(), event.is_readable(), event.is_writable());
        }
        thread.connections.receive(thread.poll.registry(), whose, |_, bytes| assert_ne!(bytes, b"\x00break"));
    }
    assert_eq!(thread.connections.traffic().broken, 1);
    assert!(is_closed(ann));
    send(&mut bob, &[&[0, 3]]);
    thread.until(|thread| thread.got.len() == 3);
    assert_eq!(thread.datagrams().last(), Some(&&[0, 3][..]));
}
