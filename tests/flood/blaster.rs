//! Sends what nobody should, as fast as it is told, from one address: datagrams that mean nothing, TLS handshakes that never
//! go on, and WebSockets that are opened for nothing.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustls::{ClientConfig, ClientConnection, pki_types::ServerName};
use socket2::{Domain, Socket, Type};

/// Where to, and how much.
#[derive(Debug, Clone)]
pub struct Load {
    /// Where pages are.
    pub web: SocketAddr,
    /// Where media is.
    pub media: SocketAddr,
    /// The one address that all comes from: this one, and no port.
    pub from: Ipv4Addr,
    /// Datagrams a second.
    pub datagrams: u32,
    /// Handshakes at once that never go on.
    pub half_open: usize,
    /// WebSockets opened a second.
    pub opens: u32,
    /// Whom to trust, to shake hands at all.
    pub tls: Arc<ClientConfig>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Counts {
    /// Datagrams that left.
    pub datagrams: AtomicU64,
    /// Handshakes begun, whose connections were accepted.
    pub handshakes: AtomicU64,
    /// The most that were open at once, as far as this end could see.
    pub held: AtomicU64,
    /// WebSockets asked for.
    pub opens: AtomicU64,
    /// Of them, those that were answered: with a refusal, as the token is none.
    pub answered: AtomicU64,
}

/// A flood. It ends when it is dropped.
pub struct Blaster {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    pub counts: Arc<Counts>,
    began: Instant,
}

impl Blaster {
    pub fn start(load: &Load) -> Self {
        let (stop, counts) = (Arc::new(AtomicBool::new(false)), Arc::new(Counts::default()));
        let spawn = |work: fn(&Load, &AtomicBool, &Counts)| {
            let (load, stop, counts) = (load.clone(), stop.clone(), counts.clone());
            thread::spawn(move || work(&load, &stop, &counts))
        };
        let mut threads = vec![spawn(datagrams), spawn(half_open)];
        threads.extend((0..OPENERS).map(|_| spawn(opens)));
        Self { stop, threads, counts, began: Instant::now() }
    }

    /// So many a second since it began.
    pub fn per_second(&self, count: &AtomicU64) -> f64 {
        count.load(Ordering::Relaxed) as f64 / self.began.elapsed().as_secs_f64()
    }
}

impl Drop for Blaster {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.drain(..).for_each(|thread| thread.join().unwrap());
    }
}

/// Does something so many times a second, in portions, until it is told to stop.
fn paced(per_second: u32, stop: &AtomicBool, mut act: impl FnMut(u64)) {
    let (began, mut done) = (Instant::now(), 0_u64);
    while !stop.load(Ordering::Relaxed) {
        let due = (began.elapsed().as_secs_f64() * f64::from(per_second)) as u64;
        // What could not be done in time is not made up for.
        done = done.max(due.saturating_sub(u64::from(per_second) / 10 + 1));
        while done < due {
            act(done);
            done += 1;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn datagrams(load: &Load, stop: &AtomicBool, counts: &Counts) {
    // From some ports, so that every media thread gets its part.
    let sockets: Vec<UdpSocket> = (0..PORTS).map(|_| UdpSocket::bind((load.from, 0)).unwrap()).collect();
    sockets.iter().for_each(|socket| socket.connect(load.media).unwrap());
    let noise: Vec<Vec<u8>> = (0..256).map(noise).collect();
    paced(load.datagrams, stop, |number| {
        // A full queue is the receiver's business.
        let socket = &sockets[(number / 256) as usize % sockets.len()];
        if socket.send(&noise[number as usize % noise.len()]).is_ok() {
            counts.datagrams.fetch_add(1, Ordering::Relaxed);
        }
    });
}

/// A datagram that looks like a check for somebody, a report, sound, a handshake, or nothing at all.
fn noise(number: u64) -> Vec<u8> {
    let mut state = number + 1;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let length = 20 + usize::from(draw()) * 4;
    let mut bytes: Vec<u8> = (0..length).map(|_| draw()).collect();
    match number % 5 {
        0 => {
            // For the one media thread or the other.
            let name = format!("{:02x}{number:018x}:x", number % 2);
            let body = [&[0, 6, 0, 22][..], name.as_bytes(), &[0, 0]].concat();
            bytes = [&[0, 1, 0, body.len() as u8, 0x21, 0x12, 0xa4, 0x42][..], &[number as u8; 12], &body].concat();
            // Some with as much behind it as no packet has.
            bytes.resize(bytes.len() + if number.is_multiple_of(3) { 1_600 } else { 0 }, 0);
        }
        1 => bytes[..2].copy_from_slice(&[0x80, 200]),
        2 => bytes[..2].copy_from_slice(&[0x90, 111]),
        3 => bytes[..3].copy_from_slice(&[22, 0xfe, 0xfd]),
        _ => {}
    }
    bytes
}

fn connect(load: &Load) -> std::io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((load.from, 0)).into())?;
    socket.connect_timeout(&load.web.into(), PATIENCE)?;
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn half_open(load: &Load, stop: &AtomicBool, counts: &Counts) {
    let mut held: Vec<TcpStream> = Vec::new();
    paced(2 * load.half_open as u32, stop, |_| {
        if held.len() >= load.half_open {
            // The oldest makes place for one that has its time before it.
            drop(held.remove(0));
        }
        if let Ok(mut stream) = connect(load)
            && stream.write_all(&GREETING).is_ok()
        {
            counts.handshakes.fetch_add(1, Ordering::Relaxed);
            held.push(stream);
            counts.held.fetch_max(held.len() as u64, Ordering::Relaxed);
        }
    });
}

fn opens(load: &Load, stop: &AtomicBool, counts: &Counts) {
    let ask = format!(
        "GET /rtc/v1?access_token=none HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        load.web
    );
    paced(load.opens / OPENERS, stop, |_| {
        counts.opens.fetch_add(1, Ordering::Relaxed);
        let answered = || -> std::io::Result<bool> {
            let mut stream = connect(load)?;
            let name = ServerName::from(load.web.ip());
            let mut tls = ClientConnection::new(load.tls.clone(), name).map_err(std::io::Error::other)?;
            let mut tls = rustls::Stream::new(&mut tls, &mut stream);
            tls.write_all(ask.as_bytes())?;
            let mut answer = [0; 12];
            tls.read_exact(&mut answer)?;
            Ok(answer.starts_with(b"HTTP/1.1"))
        };
        if answered().unwrap_or(false) {
            counts.answered.fetch_add(1, Ordering::Relaxed);
        }
    });
}

/// The first bytes of a TLS greeting of 512 bytes.
const GREETING: [u8; 11] = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];
/// Ports that datagrams come from.
const PORTS: usize = 8;
/// Threads that open WebSockets, each one at a time.
const OPENERS: u32 = 8;
/// How long one of them waits for anything.
const PATIENCE: Duration = Duration::from_secs(1);
