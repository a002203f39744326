//! What does not pass at all.

use std::collections::BTreeSet;

use super::packet::{Packet, Protocol, Side};

/// One kind of cut. Packets vanish; nobody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// Nothing passes.
    Everything,
    /// No datagrams pass: the firewall that lets web pages through and no calls.
    Udp,
    /// No streams pass: signalling dies while media goes on.
    Tcp,
    /// Nothing passes from or to this port, of TCP or of UDP.
    Port(u16),
}

/// All cuts of one direction.
#[derive(Debug, Clone, Default)]
pub struct Cuts(BTreeSet<Cut>);

impl Cuts {
    /// Adds one.
    pub fn add(&mut self, cut: Cut) {
        self.0.insert(cut);
    }

    /// Removes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether one of them concerns this packet.
    pub fn stop(&self, packet: &Packet) -> bool {
        self.0.iter().any(|cut| match cut {
            Cut::Everything => true,
            Cut::Udp => packet.protocol() == Protocol::Udp,
            Cut::Tcp => packet.protocol() == Protocol::Tcp,
            Cut::Port(port) => {
                matches!(packet.protocol(), Protocol::Udp | Protocol::Tcp)
                    && [Side::Source, Side::Destination]
                        .iter()
                        .any(|side| packet.endpoint(*side).is_some_and(|end| end.port() == *port))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, Cuts};
    use crate::engine::forge::{self, at};

    #[test]
    fn each_cut_stops_its_own_and_nothing_else() {
        let (phone, server) = (at("10.77.1.2:5000"), at("10.77.0.1:443"));
        let (there, back) = (forge::udp(phone, server, b""), forge::tcp(server, phone, b""));
        let ping = forge::ping(at("10.77.1.2:443"), *server.ip(), b"");
        for (cut, expected) in [
            (Cut::Everything, [true, true, true]),
            (Cut::Udp, [true, false, false]),
            (Cut::Tcp, [false, true, false]),
            (Cut::Port(443), [true, true, false]),
            (Cut::Port(80), [false, false, false]),
        ] {
            let mut cuts = Cuts::default();
            cuts.add(cut);
            assert_eq!([&there, &back, &ping].map(|packet| cuts.stop(packet)), expected, "{cut:?}");
            cuts.clear();
            assert!(!cuts.stop(&there));
        }
    }
}
