//! Packets for tests, with checksums computed in full.

use std::net::{Ipv4Addr, SocketAddrV4};

use super::{
    checksum,
    packet::{HEADER, HEADER_CHECKSUM, ICMP_CHECKSUM, Packet, Protocol, Side, TCP_CHECKSUM, UDP_CHECKSUM, put},
};

pub(super) fn at(text: &str) -> SocketAddrV4 {
    text.parse().unwrap()
}

pub(super) fn udp(from: SocketAddrV4, to: SocketAddrV4, payload: &[u8]) -> Packet {
    let mut behind = ports(from, to);
    behind.extend((8 + payload.len() as u16).to_be_bytes());
    behind.extend([0, 0]);
    behind.extend(payload);
    packet(17, *from.ip(), *to.ip(), behind)
}

pub(super) fn tcp(from: SocketAddrV4, to: SocketAddrV4, payload: &[u8]) -> Packet {
    let mut behind = ports(from, to);
    behind.extend([0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x10, 0xFF, 0xFF, 0, 0, 0, 0]);
    behind.extend(payload);
    packet(6, *from.ip(), *to.ip(), behind)
}

/// The port of the asking end is the identifier.
pub(super) fn ping(from: SocketAddrV4, to: Ipv4Addr, payload: &[u8]) -> Packet {
    let mut behind = vec![8, 0, 0, 0];
    behind.extend(from.port().to_be_bytes());
    behind.extend([0, 1]);
    behind.extend(payload);
    packet(1, *from.ip(), to, behind)
}

/// One datagram in pieces of so many bytes, a multiple of 8.
pub(super) fn fragments(from: SocketAddrV4, to: SocketAddrV4, payload: &[u8], size: usize) -> Vec<Packet> {
    let whole = udp(from, to, payload);
    let count = whole.payload().len().div_ceil(size);
    whole
        .payload()
        .chunks(size)
        .enumerate()
        .map(|(index, piece)| {
            let place = (index * size / 8) as u16 | if index + 1 < count { 0x2000 } else { 0 };
            let mut bytes = whole.bytes()[..HEADER].to_vec();
            bytes.extend(piece);
            put(&mut bytes, 2, &((HEADER + piece.len()) as u16).to_be_bytes());
            put(&mut bytes, 4, &[0xAB, 0xCD]);
            put(&mut bytes, 6, &place.to_be_bytes());
            put(&mut bytes, HEADER_CHECKSUM, &[0, 0]);
            let sum = checksum::full(&[&bytes[..HEADER]]);
            put(&mut bytes, HEADER_CHECKSUM, &sum.to_be_bytes());
            Packet::parse(&bytes).unwrap()
        })
        .collect()
}

/// Whether all checksums of a whole packet are those of a full computation.
pub(super) fn sums_are_right(packet: &Packet) -> bool {
    let behind = packet.payload();
    let pseudo = pseudo(packet);
    let transport = match packet.protocol() {
        Protocol::Icmp => checksum::full(&[behind]),
        _ => checksum::full(&[&pseudo, behind]),
    };
    checksum::full(&[&packet.bytes()[..HEADER]]) == 0 && transport == 0
}

fn ports(from: SocketAddrV4, to: SocketAddrV4) -> Vec<u8> {
    [from.port().to_be_bytes(), to.port().to_be_bytes()].concat()
}

fn packet(protocol: u8, from: Ipv4Addr, to: Ipv4Addr, behind: Vec<u8>) -> Packet {
    let mut bytes = vec![0x45, 0];
    bytes.extend(((HEADER + behind.len()) as u16).to_be_bytes());
    bytes.extend([0, 0, 0x40, 0, 64, protocol, 0, 0]);
    bytes.extend(from.octets());
    bytes.extend(to.octets());
    let sum = checksum::full(&[&bytes]);
    put(&mut bytes, HEADER_CHECKSUM, &sum.to_be_bytes());
    bytes.extend(behind);
    let mut packet = Packet::parse(&bytes).unwrap();
    let pseudo = pseudo(&packet);
    let (place, pseudo): (usize, &[u8]) = match packet.protocol() {
        Protocol::Udp => (UDP_CHECKSUM, &pseudo),
        Protocol::Tcp => (TCP_CHECKSUM, &pseudo),
        _ => (ICMP_CHECKSUM, &[]),
    };
    let sum = match checksum::full(&[pseudo, packet.payload()]) {
        0 if protocol == 17 => 0xFFFF,
        sum => sum,
    };
    put(packet.payload_mut(), place, &sum.to_be_bytes());
    packet
}

fn pseudo(packet: &Packet) -> Vec<u8> {
    let mut pseudo = packet.address(Side::Source).octets().to_vec();
    pseudo.extend(packet.address(Side::Destination).octets());
    pseudo.extend([0, packet.bytes()[9]]);
    pseudo.extend((packet.payload().len() as u16).to_be_bytes());
    pseudo
}
