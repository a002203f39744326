//! A certificate authority of this server's own, for networks that no public one looks into.
//!
//! It is made once and kept: people trust it by hand. It can vouch for this machine and for local networks and for nothing
//! else, so that whoever steals its key cannot pass for a bank (RFC 5280, section 4.2.1.10).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use x509_parser::{
    certificate::X509Certificate, extensions::GeneralName, prelude::FromDer as _, time::ASN1Time, x509::X509Name,
};

use super::pair::{Pair, PairError, fingerprint};
use crate::random;

/// The authority, ready to sign.
#[derive(Debug)]
pub struct Authority {
    /// What people take along to trust it.
    pub known: Known,
    issuer: Issuer<'static, KeyPair>,
    until: u64,
    names: Vec<String>,
    ranges: Vec<Vec<u8>>,
}

/// The public half: its certificate, for whoever wants to trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it calls itself, as systems list it.
    pub name: String,
    /// Its certificate, PEM.
    pub pem: String,
    /// The same, DER.
    pub der: Vec<u8>,
    /// SHA-256 of that, as systems show it.
    pub fingerprint: String,
}

/// For what a certificate is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    /// Names, in lower case.
    pub names: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
}

/// Why an authority cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// What was kept is no certificate of an authority with its key.
    #[error("the kept certificate of the own authority cannot be read")]
    Damaged,
    /// Something could not be made.
    #[error(transparent)]
    Make(#[from] rcgen::Error),
    /// What was made is no pair.
    #[error(transparent)]
    Pair(#[from] PairError),
}

impl Authority {
    /// Makes one for `subjects` and local networks, and gives it with its certificate and key, PEM. `host` is what the
    /// machine is called, `now` in seconds since 1970.
    ///
    /// # Errors
    /// When the cryptography fails.
    pub fn make(host: &str, subjects: &Subjects, now: u64) -> Result<(Self, String, String), AuthorityError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        // Two authorities of one name would be taken for each other: the letters at the end tell them apart.
        let name = format!("Parlor on {host} ({})", random::text::<6>().to_uppercase());
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.distinguished_name.push(DnType::OrganizationName, "Parlor, the server's own authority");
        params.not_before = at(now.saturating_sub(EARLIER))?.to_datetime();
        params.not_after = at(now + LIFE)?.to_datetime();
        // It signs servers' certificates and no further authorities.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let permitted_subtrees = permitted(subjects);
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        let (certificate, key) = (params.self_signed(&key)?.pem(), key.serialize_pem());
        Ok((Self::read(&certificate, &key)?, certificate, key))
    }

    /// Takes one that was kept.
    ///
    /// # Errors
    /// When that is damaged.
    pub fn read(certificate: &str, key: &str) -> Result<Self, AuthorityError> {
        let damaged = |_| AuthorityError::Damaged;
        let der = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|_| AuthorityError::Damaged)?;
        let pair = Pair::read(certificate, key)?;
        let (_, parsed) = X509Certificate::from_der(&der).map_err(|_| AuthorityError::Damaged)?;
        let mut names = Vec::new();
        let mut ranges = Vec::new();
        let constraints = parsed.name_constraints().map_err(|_| AuthorityError::Damaged)?;
        let permitted = constraints.and_then(|constraints| constraints.value.permitted_subtrees.as_ref());
        for subtree in permitted.into_iter().flatten() {
            match &subtree.base {
                GeneralName::DNSName(name) => names.push(name.to_ascii_lowercase()),
                GeneralName::IPAddress(range) => ranges.push(range.to_vec()),
                _ => {}
            }
        }
        let known = Known {
            name: common_name(parsed.subject()).ok_or(AuthorityError::Damaged)?.to_owned(),
            pem: certificate.to_owned(),
            fingerprint: fingerprint(&der),
            der: der.to_vec(),
        };
        let issuer = Issuer::from_ca_cert_der(&der, KeyPair::from_pem(key).map_err(damaged)?)?;
        Ok(Self { known, issuer, until: pair.until, names, ranges })
    }

    /// Until when it is good, in seconds since 1970.
    pub fn until(&self) -> u64 {
        self.until
    }

    /// What it may vouch for, out of `wanted`; and, as texts, what it may not.
    pub fn permits(&self, wanted: &Subjects) -> (Subjects, Vec<String>) {
        let (names, no_names): (Vec<_>, Vec<_>) =
            wanted.names.iter().cloned().partition(|name| self.names.iter().any(|base| is_below(name, base)));
        let (addresses, no_addresses): (Vec<_>, Vec<_>) =
            wanted.addresses.iter().copied().partition(|ip| self.ranges.iter().any(|range| is_within(*ip, range)));
        let refused = no_names.into_iter().chain(no_addresses.iter().map(IpAddr::to_string)).collect();
        (Subjects { names, addresses }, refused)
    }

    /// Signs a certificate for a key made for it, and gives both, PEM. `subjects` are such as [`Authority::permits`] let through.
    ///
    /// # Errors
    /// When the cryptography fails.
    pub fn issue(&self, subjects: &Subjects, now: u64) -> Result<(String, String), AuthorityError> {
        // A key each, from which rcgen takes the serial number: no two certificates may share it.
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(subjects.names.clone())?;
        params.subject_alt_names.extend(subjects.addresses.iter().map(|address| SanType::IpAddress(*address)));
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Parlor");
        params.not_before = at(now.saturating_sub(EARLIER))?.to_datetime();
        params.not_after = at((now + LEAF_LIFE).min(self.until))?.to_datetime();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer)?;
        // The authority's own goes along, so that a browser's viewer shows what to compare the fingerprint with.
        Ok((certificate.pem() + &self.known.pem, key.serialize_pem()))
    }

    /// Whether it signed this pair.
    pub fn signed(&self, pair: &Pair) -> bool {
        let Some(first) = pair.key.cert.first() else { return false };
        let own = X509Certificate::from_der(&self.known.der);
        match (X509Certificate::from_der(first), own) {
            // The names hold letters that are drawn for each authority, and nobody else writes to our folder.
            (Ok((_, leaf)), Ok((_, own))) => {
                leaf.issuer().as_raw() == own.subject().as_raw() && leaf.subject().as_raw() != own.subject().as_raw()
            }
            _ => false,
        }
    }
}

fn permitted(subjects: &Subjects) -> Vec<GeneralSubtree> {
    let ranges = LOCAL_RANGES.iter().map(|(address, prefix)| (*address, *prefix));
    let mut ranges: Vec<(IpAddr, u8)> = ranges.collect();
    for address in &subjects.addresses {
        if !ranges.iter().any(|(base, prefix)| is_within(*address, &subnet_bytes(*base, *prefix))) {
            // Of an IPv6 network the whole: a machine changes its address in it every day (RFC 8981).
            ranges.push((*address, if address.is_ipv4() { 32 } else { 64 }));
        }
    }
    let mut names: Vec<String> = LOCAL_NAMES.iter().map(|&name| name.to_owned()).collect();
    for name in &subjects.names {
        if !names.iter().any(|base| is_below(name, base)) {
            names.push(name.clone());
        }
    }
    let names = names.into_iter().map(GeneralSubtree::DnsName);
    let ranges = ranges.into_iter().map(|(address, prefix)| subnet(address, prefix)).map(GeneralSubtree::IpAddress);
    names.chain(ranges).collect()
}

/// A range with the bits beyond its prefix set to zero, as the rules for certificates want it.
fn subnet(address: IpAddr, prefix: u8) -> CidrSubnet {
    match CidrSubnet::from_addr_prefix(address, prefix) {
        CidrSubnet::V4(address, mask) => CidrSubnet::V4(and(address, mask), mask),
        CidrSubnet::V6(address, mask) => CidrSubnet::V6(and(address, mask), mask),
    }
}

fn subnet_bytes(address: IpAddr, prefix: u8) -> Vec<u8> {
    match subnet(address, prefix) {
        CidrSubnet::V4(address, mask) => [address, mask].concat(),
        CidrSubnet::V6(address, mask) => [address, mask].concat(),
    }
}

fn and<const N: usize>(address: [u8; N], mask: [u8; N]) -> [u8; N] {
    std::array::from_fn(|at| address[at] & mask[at])
}

/// Whether a range permits an address: as many bytes of address, then of mask (RFC 5280, section 4.2.1.10).
fn is_within(address: IpAddr, range: &[u8]) -> bool {
    let bytes = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let (base, mask) = range.split_at(range.len() / 2);
    base.len() == bytes.len() && bytes.iter().zip(base).zip(mask).all(|((byte, base), mask)| byte & mask == *base)
}

/// Whether `name` is `base` or ends with it behind a dot.
fn is_below(name: &str, base: &str) -> bool {
    name.strip_suffix(base).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

fn common_name<'a>(name: &'a X509Name<'_>) -> Option<&'a str> {
    name.iter_common_name().next().and_then(|part| part.as_str().ok())
}

fn at(seconds: u64) -> Result<ASN1Time, rcgen::Error> {
    let seconds = i64::try_from(seconds).map_err(|_| rcgen::Error::Time)?;
    ASN1Time::from_timestamp(seconds).map_err(|_| rcgen::Error::Time)
}

/// Names of local networks that nobody can own on the Internet: RFC 6762, RFC 8375, and those that ICANN and home routers
/// keep for this.
const LOCAL_NAMES: [&str; 5] = ["localhost", "local", "home.arpa", "internal", "lan"];
/// Addresses of local networks: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291, and this machine itself.
const LOCAL_RANGES: [(IpAddr, u8); 9] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(100, 64, 0, 0)), 10),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
];
/// Ten years: whoever trusted it should not have to do so again while the machine lives.
const LIFE: u64 = 10 * 365 * DAY;
/// Apple's systems refuse more than 825 days of authorities that somebody added, and 398 of all others.
const LEAF_LIFE: u64 = 397 * DAY;
/// Other machines' clocks may be behind ours by this much.
const EARLIER: u64 = DAY;
/// Seconds in a day.
const DAY: u64 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    fn subjects(names: &[&str], addresses: &[&str]) -> Subjects {
        Subjects {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
        }
    }

    const NOW: u64 = 1_800_000_000;

    #[test]
    fn it_vouches_for_this_machine_and_local_networks_alone() {
        let made_for = subjects(&["talk.example"], &["203.0.113.7", "2001:db8:1:2::5"]);
        let (authority, certificate, key) = Authority::make("den", &made_for, NOW).unwrap();
        let wanted = subjects(
            &["talk.example", "a.talk.example", "den.local", "localhost", "bank.example", "xlocal"],
            &[
                "10.1.2.3",
                "172.32.0.1",
                "203.0.113.7",
                "203.0.113.8",
                "2001:db8:1:2:9::1",
                "2001:db8:1:3::5",
                "fd00::1",
            ],
        );
        let (permitted, refused) = authority.permits(&wanted);
        assert_eq!(permitted.names, ["talk.example", "a.talk.example", "den.local", "localhost"]);
        assert_eq!(refused, ["bank.example", "xlocal", "172.32.0.1", "203.0.113.8", "2001:db8:1:3::5"]);
        let again = Authority::read(&certificate, &key).unwrap();
        assert_eq!(again.known, authority.known);
        assert_eq!(again.permits(&wanted), (permitted, refused));
        assert!(authority.known.name.starts_with("Parlor on den ("));
        let (other, ..) = Authority::make("den", &made_for, NOW).unwrap();
        assert_ne!(other.known.name, authority.known.name);
        assert!(Authority::read("", &key).is_err() && Authority::read(&certificate, "").is_err());
    }

    #[test]
    fn what_it_signs_is_what_clients_of_all_systems_take() {
        let (authority, ..) = Authority::make("den", &Subjects::default(), NOW).unwrap();
        let wanted = subjects(&["localhost", "den.local"], &["192.168.1.5", "::1"]);
        let (certificate, key) = authority.issue(&wanted, NOW).unwrap();
        let pair = Pair::read(&certificate, &key).unwrap();
        assert_eq!((&pair.names, &pair.addresses), (&wanted.names, &wanted.addresses));
        assert!(pair.is_good(NOW) && pair.until - pair.since <= 398 * DAY);
        assert_eq!(pair.key.cert.len(), 2);
        assert!(authority.signed(&pair));
        let (other, ..) = Authority::make("den", &Subjects::default(), NOW).unwrap();
        assert!(!other.signed(&pair));
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        assert!(!authority.signed(&Pair::read(&own.cert.pem(), &own.signing_key.serialize_pem()).unwrap()));

        // No certificate outlives whoever signed it.
        let late = NOW + LIFE - 10 * DAY;
        let (certificate, key) = authority.issue(&wanted, late).unwrap();
        assert_eq!(Pair::read(&certificate, &key).unwrap().until, authority.until());
    }
}
