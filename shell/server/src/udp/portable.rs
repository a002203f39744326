//! One system call per datagram: works everywhere.

use std::io;

use mio::net::UdpSocket;

use super::{Traffic, batch::Batch, outbox::Outbox};

/// Reads a batch; says whether more may be waiting.
pub fn receive(socket: &UdpSocket, batch: &mut Batch) -> bool {
    batch.clear();
    let mut failed = 0;
    while let Some(slot) = batch.next_slot() {
        match socket.recv_from(slot) {
            Ok((length, source)) => batch.push(source, length),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
            Err(error) => {
                // Such as the answer to something we sent earlier that nobody took: the socket itself is well.
                tracing::trace!(%error, "receive");
                failed += 1;
                if failed == super::batch::SIZE {
                    return false;
                }
            }
        }
    }
    true
}

/// Sends what waits, one by one; says whether the kernel's buffer is full.
pub fn send(socket: &UdpSocket, outbox: &mut Outbox) -> (Traffic, bool) {
    let mut traffic = Traffic::default();
    while !outbox.is_empty() {
        outbox.runs(1, 1);
        let Some(run) = outbox.last_runs().first() else {
            break;
        };
        let (destination, bytes) = outbox.content(run);
        match send_one(socket, destination, bytes) {
            Ok(length) => {
                traffic.sent += 1;
                traffic.send_calls += 1;
                traffic.sent_bytes += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return (traffic, true),
            Err(error) => {
                tracing::trace!(%error, %destination, "send");
                traffic.dropped_unreachable += 1;
            }
        }
        outbox.done(1);
    }
    (traffic, false)
}

fn send_one(socket: &UdpSocket, destination: std::net::SocketAddr, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match socket.send_to(bytes, destination) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
