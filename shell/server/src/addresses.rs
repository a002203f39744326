//! Which addresses of this machine are worth offering.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv4Addr},
};

use proto::api::Reach;

use crate::config;

/// The addresses of the interfaces that are up, loopback last; no link-local ones, which need a scope that no
/// candidate line carries.
///
/// # Errors
/// When the system does not tell.
pub fn own() -> io::Result<Vec<IpAddr>> {
    let up = if_addrs::get_if_addrs()?.into_iter().filter(if_addrs::Interface::is_oper_up);
    Ok(usable(up.map(|interface| interface.ip())))
}

/// The addresses to receive media on, out of those that this machine has, and the addresses to offer besides.
///
/// Loopback is used where there is nothing else, or when it was asked for as a public address: that is how a test, or a
/// laptop without a network, has a meeting with itself.
pub fn for_media(config: &config::Media, own: &[IpAddr]) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let mut addresses = match config.addresses.as_slice() {
        [] => {
            let beyond: Vec<IpAddr> = own.iter().copied().filter(|address| !address.is_loopback()).collect();
            if beyond.is_empty() { own.to_vec() } else { beyond }
        }
        chosen => chosen.to_vec(),
    };
    let mut public = Vec::new();
    for address in &config.public {
        if address.is_loopback() || own.contains(address) {
            if !addresses.contains(address) {
                addresses.push(*address);
            }
        } else {
            public.push(*address);
        }
    }
    if addresses.is_empty() {
        addresses.push(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    (addresses, public)
}

/// From how far an address can be reached, as far as the address tells.
pub fn reach(address: IpAddr) -> Reach {
    match address.to_canonical() {
        address if address.is_loopback() || address.is_unspecified() => Reach::Machine,
        // Private ones (RFC 1918), those behind a provider's NAT (RFC 6598), and those of one link (RFC 3927).
        IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() || is_shared(v4) => Reach::Network,
        // Unique local (RFC 4193), and those of one link (RFC 4291, section 2.5.6).
        IpAddr::V6(v6) if v6.is_unique_local() || v6.is_unicast_link_local() => Reach::Network,
        _ => Reach::Everywhere,
    }
}

fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && second & 0b1100_0000 == 64
}

fn usable(addresses: impl Iterator<Item = IpAddr>) -> Vec<IpAddr> {
    let link_local = |address: &IpAddr| match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    let all: BTreeSet<IpAddr> = addresses.filter(|a| !link_local(a) && !a.is_unspecified()).collect();
    let (loopback, beyond): (Vec<_>, Vec<_>) = all.into_iter().partition(IpAddr::is_loopback);
    beyond.into_iter().chain(loopback).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[track_caller]
    fn check(own: &[&str], chosen: &[&str], public: &[&str], addresses: &[&str], offered: &[&str]) {
        let media = config::Media { port: 0, threads: 1, addresses: ips(chosen), public: ips(public) };
        assert_eq!(for_media(&media, &ips(own)), (ips(addresses), ips(offered)));
    }

    #[test]
    fn loopback_is_the_last_resort() {
        check(&["192.0.2.1", "127.0.0.1"], &[], &[], &["192.0.2.1"], &[]);
        check(&["127.0.0.1", "::1"], &[], &[], &["127.0.0.1", "::1"], &[]);
        check(&[], &[], &[], &["127.0.0.1"], &[]);
    }

    #[test]
    fn a_public_address_is_offered_besides_and_loopback_on_demand() {
        check(&["192.0.2.1", "127.0.0.1"], &[], &["203.0.113.7"], &["192.0.2.1"], &["203.0.113.7"]);
        check(&["192.0.2.1", "127.0.0.1"], &[], &["127.0.0.1"], &["192.0.2.1", "127.0.0.1"], &[]);
        check(&["192.0.2.1", "127.0.0.1"], &["127.0.0.1"], &[], &["127.0.0.1"], &[]);
        check(&["192.0.2.1"], &[], &["192.0.2.1"], &["192.0.2.1"], &[]);
    }

    #[test]
    fn link_local_addresses_are_left_out() {
        let found = usable(ips(&["::1", "fe80::1", "169.254.1.1", "10.0.0.2", "127.0.0.1", "10.0.0.2"]).into_iter());
        assert_eq!(found, ips(&["10.0.0.2", "127.0.0.1", "::1"]));
    }

    #[test]
    fn how_far_an_address_is_reached_from_is_told_by_its_range() {
        let all = |texts: &[&str]| ips(texts).into_iter().map(reach).collect::<Vec<_>>();
        assert_eq!(all(&["127.0.0.1", "::1", "::ffff:127.0.0.1"]), [Reach::Machine; 3]);
        let near = ["10.0.0.1", "192.168.1.1", "172.31.0.1", "100.64.0.1", "169.254.1.1", "fd00::1", "fe80::1"];
        assert_eq!(all(&near), [Reach::Network; 7]);
        assert_eq!(all(&["203.0.113.7", "172.32.0.1", "100.128.0.1", "2001:db8::1"]), [Reach::Everywhere; 4]);
    }

    #[test]
    fn this_machine_has_an_address() {
        assert!(!own().unwrap().is_empty());
    }
}
