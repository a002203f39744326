//! Whom clients may reach through us.
//!
//! A relay that reaches anybody reaches the operator's own network too. By default ours reaches the media plane and
//! nothing else; an operator can open it, and even then every special-purpose range stays shut.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use crate::Media;

/// Whom clients may reach besides the media plane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Peers {
    /// Nobody.
    #[default]
    None,
    /// Everybody whose address is in no range of [`SPECIAL`] and none of the media plane's, whose other ports belong to
    /// this machine; and relays of other clients. Each allocation has a socket ([`crate::Output::OpenRelay`]).
    Real {
        /// Ranges that are reached although they are special, or ours: for tests on loopback.
        allowed: Vec<Range>,
    },
}

/// A range of addresses, as in `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    first: IpAddr,
    bits: u8,
}

/// Why a text is no range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an address, a slash and how many bits count, as in 10.0.0.0/8")]
pub struct ParseRangeError;

impl Range {
    /// The addresses whose first `bits` bits are those of `first`; nothing if there are not as many.
    pub fn new(first: IpAddr, bits: u8) -> Option<Self> {
        (bits <= if first.is_ipv4() { 32 } else { 128 }).then_some(Self { first, bits })
    }

    /// Whether an address is in here. A wrapped form ([`embedded`]) is in the range that it is written in.
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.first, ip) {
            (IpAddr::V4(first), IpAddr::V4(ip)) => {
                (first.to_bits() ^ ip.to_bits()).checked_shr(32 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(first), IpAddr::V6(ip)) => {
                (first.to_bits() ^ ip.to_bits()).checked_shr(128 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// The first address.
    pub fn first(&self) -> IpAddr {
        match self.first {
            IpAddr::V4(ip) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                Ipv4Addr::from_bits(ip.to_bits() & mask).into()
            }
            IpAddr::V6(ip) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                Ipv6Addr::from_bits(ip.to_bits() & mask).into()
            }
        }
    }

    /// The last address.
    pub fn last(&self) -> IpAddr {
        match self.first {
            IpAddr::V4(ip) => {
                Ipv4Addr::from_bits(ip.to_bits() | u32::MAX.checked_shr(u32::from(self.bits)).unwrap_or(0)).into()
            }
            IpAddr::V6(ip) => {
                Ipv6Addr::from_bits(ip.to_bits() | u128::MAX.checked_shr(u32::from(self.bits)).unwrap_or(0)).into()
            }
        }
    }
}

impl FromStr for Range {
    type Err = ParseRangeError;

    fn from_str(text: &str) -> Result<Self, ParseRangeError> {
        let (first, bits) = text.split_once('/').ok_or(ParseRangeError)?;
        let first = first.parse().map_err(|_| ParseRangeError)?;
        Self::new(first, bits.parse().map_err(|_| ParseRangeError)?).ok_or(ParseRangeError)
    }
}

/// The IPv4 addresses that an IPv6 address stands for or passes through, so that no notation leads around a range.
pub fn embedded(ip: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let at = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    let found = match [a, b, c, d, e, f] {
        // The unspecified address and loopback look like compatible ones and are none (RFC 4291, section 2.5).
        [0, 0, 0, 0, 0, 0] if g == 0 && h <= 1 => [None, None],
        // Mapped (RFC 4291, section 2.5.5.2), compatible (2.5.5.1), translated (RFC 2765).
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0, 0, 0, 0, 0xffff, 0] => [Some(at(g, h)), None],
        // 6to4 (RFC 3056, section 2).
        [0x2002, ..] => [Some(at(b, c)), None],
        // NAT64, the well-known prefix (RFC 6052, section 2.1).
        [0x64, 0xff9b, 0, 0, 0, 0] => [Some(at(g, h)), None],
        // NAT64, the local prefix (RFC 8215): as a /96 and as a /48 (RFC 6052, section 2.2).
        [0x64, 0xff9b, 1, ..] => [Some(at(g, h)), Some(at(d, (e & 0xff) << 8 | f >> 8))],
        // Teredo: the server, and the client with its bits turned (RFC 4380, section 4).
        [0x2001, 0, ..] => [Some(at(c, d)), Some(at(!g, !h))],
        // ISATAP (RFC 5214, section 6.1), in any prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe] => [Some(at(g, h)), None],
        _ => [None, None],
    };
    found.into_iter().flatten()
}

/// Where a peer is, if it may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The media plane, at this socket.
    Media(SocketAddr),
    /// Elsewhere.
    Real,
}

/// Decides whom clients may reach.
#[derive(Debug)]
pub(crate) struct Reach {
    media: Vec<Media>,
    peers: Peers,
    /// The sockets of allocations: two clients may meet here. As many as there are allocations.
    relays: BTreeSet<SocketAddr>,
}

impl Reach {
    pub(crate) fn new(media: Vec<Media>, peers: Peers) -> Self {
        Self { media, peers, relays: BTreeSet::new() }
    }

    /// An allocation has a socket.
    pub(crate) fn open(&mut self, relay: SocketAddr) {
        self.relays.insert(relay);
    }

    /// It has none any more.
    pub(crate) fn close(&mut self, relay: SocketAddr) {
        self.relays.remove(&relay);
    }

    /// No others have one.
    pub(crate) fn close_all_but(&mut self, relays: BTreeSet<SocketAddr>) {
        self.relays = relays;
    }

    /// Where payload for `peer` goes. The media plane is itself at exactly its addresses: its host's other ports are
    /// anybody's.
    pub(crate) fn place(&self, peer: SocketAddr) -> Option<Place> {
        if let Some(media) = self.media.iter().find(|media| media.address == peer) {
            return Some(Place::Media(media.socket));
        }
        let is_real = self.relays.contains(&peer) || (peer.port() != 0 && self.is_real(peer.ip()));
        is_real.then_some(Place::Real)
    }

    /// Whether a permission for `peer` is given. RFC 8656, section 9.2, has the port ignored; towards the media plane we
    /// take only its own or none, so that nobody gets a permission that could never be used.
    pub(crate) fn permits(&self, peer: SocketAddr) -> bool {
        self.media
            .iter()
            .any(|media| media.address.ip() == peer.ip() && (peer.port() == 0 || media.address.port() == peer.port()))
            || self.relays.contains(&peer)
            || self.is_real(peer.ip())
    }

    /// The addresses under which clients may know a socket of the media plane.
    pub(crate) fn names(&self, socket: SocketAddr) -> impl Iterator<Item = SocketAddr> {
        self.media.iter().filter(move |media| media.socket == socket).map(|media| media.address)
    }

    /// Whether anybody of this family can be reached at all.
    pub(crate) fn has_family(&self, is_v4: bool) -> bool {
        self.has_relays() || self.media.iter().any(|media| media.address.is_ipv4() == is_v4)
    }

    /// Whether allocations have sockets.
    pub(crate) fn has_relays(&self) -> bool {
        matches!(self.peers, Peers::Real { .. })
    }

    fn is_real(&self, ip: IpAddr) -> bool {
        let Peers::Real { allowed } = &self.peers else {
            return false;
        };
        let is_ours = |ip| self.media.iter().any(|media| media.address.ip() == ip || media.socket.ip() == ip);
        let is_fine = |ip: IpAddr| allowed.iter().any(|range| range.contains(ip)) || !(is_special(ip) || is_ours(ip));
        let inner_is_fine = match ip {
            IpAddr::V4(_) => true,
            IpAddr::V6(ip) => embedded(ip).all(|inner| is_fine(inner.into())),
        };
        inner_is_fine && is_fine(ip)
    }
}

/// Whether an address is of the public Internet, in whatever notation: in no range of [`SPECIAL`], nor leading into one.
pub fn is_public(ip: IpAddr) -> bool {
    let inner = match ip {
        IpAddr::V4(_) => true,
        IpAddr::V6(ip) => embedded(ip).all(|inner| !is_special(inner.into())),
    };
    inner && !is_special(ip)
}

fn is_special(ip: IpAddr) -> bool {
    // Beyond 2000::/3 nothing is assigned to anybody (RFC 4291, section 2.4, and IANA's list of IPv6 address space).
    let is_assigned = match ip {
        IpAddr::V4(_) => true,
        IpAddr::V6(ip) => ip.segments()[0] >> 13 == 1,
    };
    !is_assigned || SPECIAL.iter().any(|range| range.contains(ip))
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Range {
    Range { first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits }
}

const fn v6(a: u16, b: u16, c: u16, d: u16, bits: u8) -> Range {
    Range { first: IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)), bits }
}

const fn low(e: u16, f: u16, g: u16, h: u16, bits: u8) -> Range {
    Range { first: IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, e, f, g, h)), bits }
}

/// All ranges with a special purpose: IANA's two registries (RFC 6890 and what followed), whether reachable from
/// everywhere or not, and multicast.
pub const SPECIAL: &[Range] = &[
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 31, 196, 0, 24),
    v4(192, 52, 193, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(192, 175, 48, 0, 24),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
    v4(255, 255, 255, 255, 32),
    low(0, 0, 0, 0, 128),
    low(0, 0, 0, 1, 128),
    low(0, 0xffff, 0, 0, 96),
    low(0xffff, 0, 0, 0, 96),
    v6(0x64, 0xff9b, 0, 0, 96),
    v6(0x64, 0xff9b, 1, 0, 48),
    v6(0x100, 0, 0, 0, 64),
    v6(0x100, 0, 0, 1, 64),
    v6(0x2001, 0, 0, 0, 23),
    v6(0x2001, 0xdb8, 0, 0, 32),
    v6(0x2002, 0, 0, 0, 16),
    v6(0x2620, 0x4f, 0x8000, 0, 48),
    v6(0x3fff, 0, 0, 0, 20),
    v6(0x5f00, 0, 0, 0, 16),
    v6(0xfc00, 0, 0, 0, 7),
    v6(0xfe80, 0, 0, 0, 10),
    v6(0xff00, 0, 0, 0, 8),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_where_they_end() {
        for (text, inside, outside) in [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
            ("172.16.0.0/12", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]),
            (
                "255.255.255.255/32",
                ["255.255.255.255", "255.255.255.255"],
                ["255.255.255.254", "::ffff:255.255.255.255"],
            ),
            ("2001::/23", ["2001::", "2001:1ff:ffff::"], ["2001:200::", "2000:ffff::"]),
            ("::1/128", ["::1", "::1"], ["::", "::2"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
            ("::/0", ["::", "ffff::"], ["0.0.0.0", "1.1.1.1"]),
        ] {
            let range: Range = text.parse().expect("a range");
            for ip in inside {
                assert!(range.contains(ip.parse().expect("an address")), "{ip} is in {text}");
            }
            for ip in outside {
                assert!(!range.contains(ip.parse().expect("an address")), "{ip} is not in {text}");
            }
            assert!(range.contains(range.first()) && range.contains(range.last()), "{text}");
        }
        for text in ["10.0.0.0", "10.0.0.0/33", "::/129", "x/8", "10.0.0.0/", "/8", ""] {
            assert_eq!(text.parse::<Range>(), Err(ParseRangeError), "{text}");
        }
    }

    #[test]
    fn what_is_wrapped_is_found() {
        for form in [
            "::ffff:10.1.2.3",
            "::10.1.2.3",
            "::ffff:0:10.1.2.3",
            "2002:a01:203::1",
            "64:ff9b::10.1.2.3",
            "64:ff9b:1::10.1.2.3",
            "64:ff9b:1:a01:2:300::",
            "2001:0:a01:203::1",
            "2001:0:1:1:0:0:f5fe:fdfc",
            "2606:4700::5efe:10.1.2.3",
            "2606:4700::200:5efe:10.1.2.3",
        ] {
            let found: Vec<_> = embedded(form.parse().expect("an address")).collect();
            assert!(found.contains(&Ipv4Addr::new(10, 1, 2, 3)), "{form}: {found:?}");
        }
        assert_eq!(embedded("2606:4700::1111".parse().expect("an address")).count(), 0);
    }
}
