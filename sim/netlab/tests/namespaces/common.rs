//! What the tests in namespaces share: servers that echo, and waiting for something until a deadline.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use netlab::{Host, Lab};

/// Longer than anything takes that will happen at all.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A datagram service of the lab's server that answers who it saw, a line feed, and what it got.
pub struct Mirror {
    pub address: SocketAddr,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Mirror {
    pub fn start(lab: &Lab, address: usize) -> Self {
        let socket = bind(lab.server(), &format!("{}:0", lab.server().addresses()[address]));
        let address = socket.local_addr().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let heard = is_over.clone();
        socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let thread = thread::spawn(move || {
            let mut buffer = [0; 2048];
            while !heard.load(Ordering::Relaxed) {
                match socket.recv_from(&mut buffer) {
                    Ok((length, from)) => {
                        let mut answer = format!("{from}\n").into_bytes();
                        answer.extend(&buffer[..length]);
                        // Who asked may be unreachable by now.
                        let _ = socket.send_to(&answer, from);
                    }
                    Err(error) => assert!(is_timeout(error.kind()) || error.kind() == ErrorKind::ConnectionRefused),
                }
            }
        });
        Self { address, is_over, thread: Some(thread) }
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// A datagram socket of a host.
pub fn bind(host: Host, address: &str) -> UdpSocket {
    host.inside(|| UdpSocket::bind(address)).unwrap()
}

/// Asks once and waits for that answer; gives what the mirror saw.
pub fn ask(socket: &UdpSocket, to: SocketAddr, question: &str) -> SocketAddr {
    socket.send_to(question.as_bytes(), to).unwrap();
    answer(socket, question)
}

/// Waits for the answer to that question, past those to others.
pub fn answer(socket: &UdpSocket, question: &str) -> SocketAddr {
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut buffer = [0; 2048];
    loop {
        let length = socket.recv(&mut buffer).expect("an answer in time");
        let text = std::str::from_utf8(&buffer[..length]).unwrap();
        let (seen, what) = text.split_once('\n').unwrap();
        if what == question {
            return seen.parse().unwrap();
        }
    }
}

/// A stream service of the server for one connection, which sends back what it gets.
pub fn stream_echo(lab: &Lab) -> SocketAddr {
    let address = format!("{}:0", lab.server().addresses()[0]);
    let listener = lab.server().inside(|| TcpListener::bind(address)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer) {
            if stream.write_all(&buffer[..length]).is_err() {
                return;
            }
        }
    });
    address
}

/// Waits for something to be so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < DEADLINE, "not in time: {what}");
        thread::yield_now();
    }
}

pub fn is_timeout(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

pub fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}
