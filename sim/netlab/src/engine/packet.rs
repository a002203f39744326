//! One IPv4 packet: reading what routers and NATs look at, and rewriting it with its checksums.
//!
//! A [`Packet`] was checked once: its header is whole and its length is what the header says. What lies behind that
//! header may still be anything, so ports are an `Option`.

use std::net::{Ipv4Addr, SocketAddrV4};

use super::checksum;

/// An IPv4 packet whose header holds what it promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    bytes: Vec<u8>,
}

/// Which end of a packet is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Who sent it.
    Source,
    /// Whom it is for.
    Destination,
}

/// What an IPv4 packet carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// Control messages and pings.
    Icmp,
    /// Streams.
    Tcp,
    /// Datagrams.
    Udp,
    /// Anything else, by its number.
    Other(u8),
}

/// The place of a packet among the pieces of a larger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment {
    /// What all pieces share, together with both addresses and the protocol.
    pub id: u16,
    /// Whether this piece holds the ports.
    pub is_first: bool,
}

impl Packet {
    /// Takes what a TUN device gave. Nothing for IPv6, and for what is cut short.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (version, total) = (bytes.first()? >> 4, usize::from(u16_at(bytes, 2)?));
        let header = header_length(bytes)?;
        (version == 4 && header >= HEADER && (header..=bytes.len()).contains(&total))
            .then(|| Self { bytes: bytes[..total].to_vec() })
    }

    /// The whole packet, as it goes to a device.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its length in bytes, header included: what a line has to carry.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// What it carries.
    pub fn protocol(&self) -> Protocol {
        Protocol::from(self.bytes[PROTOCOL])
    }

    /// The address at that end.
    pub fn address(&self, side: Side) -> Ipv4Addr {
        address(&self.bytes, side).expect("the header is whole")
    }

    /// Address and port at that end, where there are ports: TCP and UDP. For a ping, the identifier is the port of the
    /// asking end, as NATs treat it (RFC 5508, section 3.1), and 0 that of the other. Nothing for all else, and for
    /// later fragments.
    pub fn endpoint(&self, side: Side) -> Option<SocketAddrV4> {
        endpoint(&self.bytes, side)
    }

    /// Its place among the pieces, if it is a piece.
    pub fn fragment(&self) -> Option<Fragment> {
        let (id, place) = (u16_at(&self.bytes, 4)?, u16_at(&self.bytes, 6)?);
        let is_first = place & OFFSET == 0;
        (!is_first || place & MORE != 0).then_some(Fragment { id, is_first })
    }

    /// Gives that end another address and port; see [`Packet::endpoint`] for what a port is.
    pub fn rewrite(&mut self, side: Side, to: SocketAddrV4) {
        rewrite(&mut self.bytes, side, to);
    }

    /// Gives that end another address alone: for a later fragment, whose checksum of ports and all is in the first.
    pub fn readdress(&mut self, side: Side, to: Ipv4Addr) {
        replace_address(&mut self.bytes, side, to);
    }

    /// What lies behind the IP header.
    pub(super) fn payload(&self) -> &[u8] {
        &self.bytes[header_length(&self.bytes).expect("the header is whole")..]
    }

    pub(super) fn payload_mut(&mut self) -> &mut [u8] {
        let header = header_length(&self.bytes).expect("the header is whole");
        &mut self.bytes[header..]
    }
}

impl From<u8> for Protocol {
    fn from(number: u8) -> Self {
        match number {
            1 => Self::Icmp,
            6 => Self::Tcp,
            17 => Self::Udp,
            other => Self::Other(other),
        }
    }
}

/// As [`Packet::endpoint`], of bytes that may end anywhere: an ICMP error quotes no more than a beginning.
pub(super) fn endpoint(bytes: &[u8], side: Side) -> Option<SocketAddrV4> {
    let address = address(bytes, side)?;
    if u16_at(bytes, 6)? & OFFSET != 0 {
        return None;
    }
    let behind = bytes.get(header_length(bytes)?..)?;
    let port = match Protocol::from(bytes[PROTOCOL]) {
        Protocol::Tcp | Protocol::Udp => u16_at(behind, port_place(side))?,
        Protocol::Icmp if is_identified(behind, side) => u16_at(behind, ECHO_ID)?,
        Protocol::Icmp if is_identified(behind, opposite(side)) => 0,
        _ => return None,
    };
    Some(SocketAddrV4::new(address, port))
}

/// As [`Packet::rewrite`], of bytes that may end anywhere. A checksum that is not there is not needed.
pub(super) fn rewrite(bytes: &mut [u8], side: Side, to: SocketAddrV4) {
    let Some(before) = endpoint(bytes, side) else { return };
    let (old, new) = (pseudo(before), pseudo(to));
    let (protocol, header) = (Protocol::from(bytes[PROTOCOL]), header_length(bytes).expect("`endpoint` found it"));
    replace_address(bytes, side, *to.ip());
    let behind = &mut bytes[header..];
    match protocol {
        // The address counts into the checksum by the pseudo-header (RFC 768, RFC 9293 section 3.1).
        Protocol::Tcp | Protocol::Udp => {
            put(behind, port_place(side), &to.port().to_be_bytes());
            let place = if protocol == Protocol::Udp { UDP_CHECKSUM } else { TCP_CHECKSUM };
            let Some(checksum) = u16_at(behind, place) else { return };
            let is_udp = protocol == Protocol::Udp;
            if is_udp && checksum == 0 {
                // RFC 768: the sender made none.
                return;
            }
            let adjusted = match checksum::adjusted(checksum, &old, &new) {
                0 if is_udp => 0xFFFF,
                adjusted => adjusted,
            };
            put(behind, place, &adjusted.to_be_bytes());
        }
        Protocol::Icmp if is_identified(behind, side) => {
            put(behind, ECHO_ID, &to.port().to_be_bytes());
            if let Some(checksum) = u16_at(behind, ICMP_CHECKSUM) {
                let adjusted = checksum::adjusted(checksum, &old[4..], &new[4..]);
                put(behind, ICMP_CHECKSUM, &adjusted.to_be_bytes());
            }
        }
        _ => {}
    }
}

fn replace_address(bytes: &mut [u8], side: Side, to: Ipv4Addr) {
    let (Some(before), Some(checksum)) = (address(bytes, side), u16_at(bytes, HEADER_CHECKSUM)) else { return };
    let adjusted = checksum::adjusted(checksum, &before.octets(), &to.octets());
    put(bytes, HEADER_CHECKSUM, &adjusted.to_be_bytes());
    put(bytes, address_place(side), &to.octets());
}

fn address(bytes: &[u8], side: Side) -> Option<Ipv4Addr> {
    let place = address_place(side);
    let octets: [u8; 4] = bytes.get(place..place + 4)?.try_into().ok()?;
    Some(Ipv4Addr::from(octets))
}

/// Whether the identifier of a ping belongs to that end: who asks has chosen it (RFC 792).
fn is_identified(icmp: &[u8], side: Side) -> bool {
    matches!((icmp.first(), side), (Some(&ECHO_REQUEST), Side::Source) | (Some(&ECHO_REPLY), Side::Destination))
}

pub(super) fn header_length(bytes: &[u8]) -> Option<usize> {
    Some(usize::from(bytes.first()? & 0x0F) * 4)
}

pub(super) fn u16_at(bytes: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(place..place + 2)?.try_into().ok()?))
}

/// Writes where there is room: what an ICMP error did not quote needs no rewriting.
pub(super) fn put(bytes: &mut [u8], place: usize, what: &[u8]) {
    if let Some(room) = bytes.get_mut(place..place + what.len()) {
        room.copy_from_slice(what);
    }
}

/// Address and port as the six bytes that count into a checksum.
fn pseudo(endpoint: SocketAddrV4) -> [u8; 6] {
    let ([a, b, c, d], [high, low]) = (endpoint.ip().octets(), endpoint.port().to_be_bytes());
    [a, b, c, d, high, low]
}

fn address_place(side: Side) -> usize {
    match side {
        Side::Source => 12,
        Side::Destination => 16,
    }
}

fn port_place(side: Side) -> usize {
    match side {
        Side::Source => 0,
        Side::Destination => 2,
    }
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Source => Side::Destination,
        Side::Destination => Side::Source,
    }
}

/// An IPv4 header without options (RFC 791, section 3.1), as all places below.
pub(super) const HEADER: usize = 20;
const PROTOCOL: usize = 9;
pub(super) const HEADER_CHECKSUM: usize = 10;
/// In the field of flags and offset: more fragments follow.
const MORE: u16 = 0x2000;
/// In the field of flags and offset: where the fragment belongs, in units of eight bytes.
const OFFSET: u16 = 0x1FFF;
/// RFC 768.
pub(super) const UDP_CHECKSUM: usize = 6;
/// RFC 9293, section 3.1.
pub(super) const TCP_CHECKSUM: usize = 16;
/// RFC 792, as the three below.
pub(super) const ICMP_CHECKSUM: usize = 2;
const ECHO_ID: usize = 4;
const ECHO_REPLY: u8 = 0;
const ECHO_REQUEST: u8 = 8;

#[cfg(test)]
mod tests {
    use super::{Packet, Side};
    use crate::engine::{
        chance::Chance,
        forge::{self, at},
    };

    #[test]
    fn what_is_no_whole_ipv4_packet_is_refused() {
        let good = forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), b"hello");
        let bytes = good.bytes();
        assert_eq!(Packet::parse(bytes), Some(good.clone()));
        for length in 0..bytes.len() {
            assert_eq!(Packet::parse(&bytes[..length]), None, "cut after {length}");
        }
        let mut version_six = bytes.to_vec();
        version_six[0] = 0x65;
        let mut short_header = bytes.to_vec();
        short_header[0] = 0x44;
        let mut lying = bytes.to_vec();
        lying[3] = 19;
        for bad in [version_six, short_header, lying] {
            assert_eq!(Packet::parse(&bad), None);
        }
        let mut padded = bytes.to_vec();
        padded.extend([0; 9]);
        assert_eq!(Packet::parse(&padded), Some(good));
    }

    #[test]
    fn ends_are_read_per_protocol() {
        let (phone, server) = (at("10.77.1.2:5000"), at("10.77.0.1:80"));
        for packet in [forge::udp(phone, server, b"x"), forge::tcp(phone, server, b"x")] {
            assert_eq!(packet.endpoint(Side::Source), Some(phone));
            assert_eq!(packet.endpoint(Side::Destination), Some(server));
        }
        let ping = forge::ping(phone, *server.ip(), b"x");
        assert_eq!(ping.endpoint(Side::Source), Some(phone));
        assert_eq!(ping.endpoint(Side::Destination), Some(at("10.77.0.1:0")));
        let pieces = forge::fragments(phone, server, &[7; 2000], 1000);
        assert_eq!(pieces[0].endpoint(Side::Source), Some(phone));
        assert_eq!(pieces[1].endpoint(Side::Source), None);
        assert_eq!(pieces[0].fragment().map(|fragment| fragment.is_first), Some(true));
        assert_eq!(pieces[1].fragment().map(|fragment| fragment.is_first), Some(false));
        assert_eq!(pieces[0].fragment().map(|fragment| fragment.id), pieces[1].fragment().map(|fragment| fragment.id));
        assert_eq!(ping.fragment(), None);
    }

    #[test]
    fn rewriting_leaves_the_checksums_that_a_full_computation_gives() {
        let mut chance = Chance::new(11, 0);
        for round in 0..5_000 {
            let mut end = || {
                let [a, b] = [chance.below(u16::MAX), chance.below(u16::MAX)];
                std::net::SocketAddrV4::new((u32::from(a) << 16 | u32::from(b)).into(), chance.below(u16::MAX))
            };
            let (from, to, new) = (end(), end(), end());
            let payload: Vec<u8> = (0..chance.below(60)).map(|_| chance.below(256) as u8).collect();
            let side = if round % 2 == 0 { Side::Source } else { Side::Destination };
            for mut packet in [forge::udp(from, to, &payload), forge::tcp(from, to, &payload)] {
                packet.rewrite(side, new);
                assert_eq!(packet.endpoint(side), Some(new));
                assert!(forge::sums_are_right(&packet), "round {round}: {packet:?}");
            }
            let mut ping = forge::ping(from, *to.ip(), &payload);
            ping.rewrite(Side::Source, new);
            assert_eq!(ping.endpoint(Side::Source), Some(new));
            assert!(forge::sums_are_right(&ping), "round {round}: {ping:?}");
        }
    }

    #[test]
    fn a_datagram_without_a_checksum_stays_without() {
        let mut bytes = forge::udp(at("10.77.1.2:5000"), at("10.77.0.1:80"), b"x").bytes().to_vec();
        bytes[26..28].fill(0);
        let mut packet = Packet::parse(&bytes).unwrap();
        packet.rewrite(Side::Source, at("10.78.1.1:40000"));
        assert_eq!(packet.bytes()[26..28], [0, 0]);
    }
}
