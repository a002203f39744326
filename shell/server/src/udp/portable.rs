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

/// Sends what waits, in order of arrival; says whether the kernel's buffer is full.
pub fn send(socket: &UdpSocket, outbox: &mut Outbox) -> (Traffic, bool) {
    let mut traffic = Traffic::default();
    let mut blocked = false;
    outbox.keep_order();
    for place in 0..outbox.len() {
        let (destination, bytes) = outbox.at(place);
        match send_one(socket, destination, bytes) {
            Ok(length) => {
                traffic.sent += 1;
                traffic.send_calls += 1;
                traffic.sent_bytes += length as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                blocked = true;
                break;
            }
            Err(error) => {
                tracing::trace!(%error, %destination, "send");
                traffic.dropped_unreachable += 1;
            }
        }
        outbox.done(place);
    }
    outbox.sweep();
    (traffic, blocked)
}

fn send_one(socket: &UdpSocket, destination: std::net::SocketAddr, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match socket.send_to(bytes, destination) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
