//! One TCP connection: what came in and waits for its other half, what waits to leave.

use std::{
    io::{self, Write as _},
    time::Instant,
};

use mio::net::TcpStream;
use sfu::{Over, Path, Train};

use super::{
    Traffic,
    frames::{self, Frames},
};

/// A connection of one client.
#[derive(Debug)]
pub struct Connection {
    pub io: TcpStream,
    pub path: Path,
    inbound: Frames,
    outbound: Vec<u8>,
    /// How much of `outbound` has left.
    left: usize,
    /// Whether the kernel may have something for us; the poll tells only of changes.
    pub readable: bool,
    /// Whether the kernel had no room; the poll tells when it has.
    pub blocked: bool,
    /// Whether the poll was asked to tell.
    pub watched: bool,
    /// When it was opened.
    pub opened: Instant,
}

/// Why a connection is of no use any more.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    #[error("the client closed it")]
    Closed,
    #[error(transparent)]
    Broken(#[from] io::Error),
    #[error(transparent)]
    Foreign(#[from] frames::TooLong),
}

impl Connection {
    /// # Errors
    /// When it has ended already.
    pub fn new(io: TcpStream, now: Instant) -> io::Result<Self> {
        // Each frame is a packet that somebody waits for.
        io.set_nodelay(true)?;
        let path = Path { over: Over::Tcp, ours: io.local_addr()?, theirs: io.peer_addr()? };
        Ok(Self {
            io,
            path,
            inbound: Frames::default(),
            outbound: Vec::new(),
            left: 0,
            readable: true,
            blocked: false,
            watched: false,
            opened: now,
        })
    }

    /// Reads what has come and hands out the datagrams in it.
    ///
    /// # Errors
    /// When the connection is of no use any more.
    pub fn receive(&mut self, traffic: &mut Traffic, mut each: impl FnMut(Path, &[u8])) -> Result<(), Ended> {
        // A client that sends without pause takes turns with the others.
        for _ in 0..READS {
            while let Some(datagram) = self.inbound.next()? {
                traffic.received += 1;
                traffic.received_bytes += datagram.len() as u64;
                each(self.path, datagram);
            }
            match self.inbound.read(&mut self.io) {
                Ok(0) => return Err(Ended::Closed),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.readable = false;
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The first datagram, once it is whole, which stays to be received.
    ///
    /// # Errors
    /// When the connection is of no use any more.
    pub fn peek(&mut self) -> Result<Option<&[u8]>, Ended> {
        loop {
            match self.inbound.read(&mut self.io) {
                Ok(0) => return Err(Ended::Closed),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.readable = false;
                    break;
                }
                Err(error) => return Err(error.into()),
            }
            if self.inbound.peek()?.is_some() {
                break;
            }
        }
        Ok(self.inbound.peek()?)
    }

    /// Puts the datagrams of a train behind what waits. What does not fit is dropped, whole datagrams at a time, as a network
    /// would.
    pub fn queue(&mut self, train: &Train, traffic: &mut Traffic) {
        for datagram in train.datagrams() {
            let waits = self.outbound.len() - self.left;
            if waits + frames::HEAD + datagram.len() > BACKLOG || !frames::put(&mut self.outbound, datagram) {
                traffic.dropped_full += 1;
                continue;
            }
            traffic.sent += 1;
            traffic.sent_bytes += datagram.len() as u64;
        }
    }

    /// Whether something waits that the kernel might take.
    pub fn is_ready_to_send(&self) -> bool {
        !self.blocked && !self.outbound.is_empty()
    }

    /// Sends what waits, as far as the kernel takes it.
    ///
    /// # Errors
    /// When the connection is of no use any more.
    pub fn flush(&mut self) -> Result<(), Ended> {
        while self.left < self.outbound.len() {
            match self.io.write(&self.outbound[self.left..]) {
                Ok(0) => return Err(Ended::Closed),
                Ok(count) => self.left += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.blocked = true;
                    // What has left makes room, but not for every few bytes.
                    if self.left > BACKLOG / 2 {
                        self.outbound.drain(..self.left);
                        self.left = 0;
                    }
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.outbound.clear();
        self.left = 0;
        Ok(())
    }
}

/// Half a second of 4 Mbit/s. What waits longer than that comes too late; the estimate falls long before, as what waits
/// here arrives ever later.
const BACKLOG: usize = 256 * 1024;

/// Reads of one connection in one round.
const READS: usize = 4;
