//! Which addresses of this machine are worth offering.

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv4Addr},
};

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
    fn this_machine_has_an_address() {
        assert!(!own().unwrap().is_empty());
    }
}
