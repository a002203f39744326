//! ICMP errors: the one that a line sends itself, and the packet that every error quotes.
//!
//! An error quotes the beginning of the packet that it is about (RFC 792). Behind a NAT the quoted packet has to be
//! translated like the real one, or nobody recognises it (RFC 5508, section 4).

use std::net::{Ipv4Addr, SocketAddrV4};

use super::{
    checksum,
    packet::{self, HEADER, HEADER_CHECKSUM, ICMP_CHECKSUM, Packet, Protocol, Side, put},
};

/// The answer to a packet too long for what comes next: "fragmentation needed", with the size that would pass
/// (RFC 1191, section 4). Nothing where no answer may be given.
pub fn fragmentation_needed(about: &Packet, from: Ipv4Addr, mtu: u16) -> Option<Packet> {
    unreachable(about, from, FRAGMENTATION_NEEDED, mtu)
}

/// The answer to a packet for an address that is not of this world: "administratively prohibited" (RFC 1812, section
/// 5.2.7.1), which unlike "network unreachable" ends a program's waiting at once.
pub fn prohibited(about: &Packet, from: Ipv4Addr) -> Option<Packet> {
    unreachable(about, from, PROHIBITED, 0)
}

/// Never about an ICMP error, a later piece or what is for many (RFC 1122, section 3.2.2).
fn unreachable(about: &Packet, from: Ipv4Addr, code: u8, mtu: u16) -> Option<Packet> {
    let destination = about.address(Side::Destination);
    let is_later_piece = about.fragment().is_some_and(|fragment| !fragment.is_first);
    if is_error(about) || is_later_piece || destination.is_multicast() || destination.is_broadcast() {
        return None;
    }
    let quoted = &about.bytes()[..about.length().min(QUOTED)];
    let mut bytes = vec![0x45, 0xC0];
    bytes.extend(u16::try_from(HEADER + 8 + quoted.len()).expect("a quotation is short").to_be_bytes());
    bytes.extend([0, 0, 0, 0, TTL, 1, 0, 0]);
    bytes.extend(from.octets());
    bytes.extend(about.address(Side::Source).octets());
    let sum = checksum::full(&[&bytes]);
    put(&mut bytes, HEADER_CHECKSUM, &sum.to_be_bytes());
    bytes.extend([UNREACHABLE, code, 0, 0, 0, 0]);
    bytes.extend(mtu.to_be_bytes());
    bytes.extend(quoted);
    let mut answer = Packet::parse(&bytes).expect("it was made here");
    seal(&mut answer);
    Some(answer)
}

/// Both ends and the protocol of the packet that an ICMP error is about: source, then destination.
pub fn quoted(error: &Packet) -> Option<(Protocol, SocketAddrV4, SocketAddrV4)> {
    let quoted = is_error(error).then(|| error.payload().get(8..))??;
    let protocol = Protocol::from(*quoted.get(9)?);
    Some((protocol, packet::endpoint(quoted, Side::Source)?, packet::endpoint(quoted, Side::Destination)?))
}

/// Rewrites one end of the quoted packet.
pub fn rewrite_quoted(error: &mut Packet, side: Side, to: SocketAddrV4) {
    if is_error(error) {
        if let Some(quoted) = error.payload_mut().get_mut(8..) {
            packet::rewrite(quoted, side, to);
        }
        seal(error);
    }
}

fn is_error(packet: &Packet) -> bool {
    packet.protocol() == Protocol::Icmp
        && packet.fragment().is_none()
        && packet.payload().first().is_some_and(|kind| ERRORS.contains(kind))
}

/// Computes the checksum anew: errors are rare and short.
fn seal(error: &mut Packet) {
    let behind = error.payload_mut();
    put(behind, ICMP_CHECKSUM, &[0, 0]);
    let sum = checksum::full(&[behind]);
    put(behind, ICMP_CHECKSUM, &sum.to_be_bytes());
}

/// Unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792).
const ERRORS: &[u8] = &[3, 4, 5, 11, 12];
const UNREACHABLE: u8 = 3;
const FRAGMENTATION_NEEDED: u8 = 4;
const PROHIBITED: u8 = 13;
/// As much of the packet as keeps the error within the 576 bytes that everybody takes (RFC 1812, section 4.3.2.3).
const QUOTED: usize = 576 - HEADER - 8;
/// What Linux begins with.
const TTL: u8 = 64;

#[cfg(test)]
mod tests {
    use super::{fragmentation_needed, quoted, rewrite_quoted};
    use crate::engine::{
        forge::{self, at},
        packet::{Packet, Protocol, Side},
    };

    #[test]
    fn an_error_names_the_size_and_quotes_the_packet() {
        let (phone, server) = (at("10.77.1.2:5000"), at("10.77.0.1:80"));
        let long = forge::udp(phone, server, &[1; 1400]);
        let error = fragmentation_needed(&long, "10.77.1.1".parse().unwrap(), 1200).unwrap();
        assert_eq!(error.length(), 576);
        assert_eq!(error.address(Side::Destination), *phone.ip());
        assert_eq!(error.bytes()[20..22], [3, 4]);
        assert_eq!(error.bytes()[26..28], 1200u16.to_be_bytes());
        assert_eq!(quoted(&error), Some((Protocol::Udp, phone, server)));
        assert!(forge::sums_are_right(&error));
        assert_eq!(fragmentation_needed(&error, "10.77.1.1".parse().unwrap(), 100), None);
    }

    #[test]
    fn a_quoted_packet_is_rewritten_with_its_sums() {
        let (phone, server, public) = (at("10.77.1.2:5000"), at("10.77.0.1:80"), at("10.78.1.1:40000"));
        let short = forge::udp(phone, server, &[1; 100]);
        let mut error = fragmentation_needed(&short, "10.77.1.1".parse().unwrap(), 100).unwrap();
        rewrite_quoted(&mut error, Side::Source, public);
        assert_eq!(quoted(&error), Some((Protocol::Udp, public, server)));
        assert!(forge::sums_are_right(&error));
        let inner = Packet::parse(&error.bytes()[28..]).unwrap();
        assert!(forge::sums_are_right(&inner));
    }

    #[test]
    fn a_ping_is_no_error() {
        let ping = forge::ping(at("10.77.1.2:77"), "10.77.0.1".parse().unwrap(), b"x");
        assert_eq!(quoted(&ping), None);
    }
}
