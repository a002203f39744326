//! A certificate chain with its key, and what stands in it. Where it comes from is not known here.

use std::{fmt, net::IpAddr, sync::Arc};

use rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use sha2::{Digest as _, Sha256};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer as _};

/// What a server shows to be believed, and what it proves it with.
#[derive(Clone)]
pub struct Pair {
    /// As the handshake wants it.
    pub key: Arc<CertifiedKey>,
    /// From when the first certificate is good, in seconds since 1970.
    pub since: u64,
    /// Until when, in seconds since 1970.
    pub until: u64,
    /// The names in it, in lower case.
    pub names: Vec<String>,
    /// The addresses in it.
    pub addresses: Vec<IpAddr>,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The names that it is for, in lower case.
    pub names: Vec<String>,
    /// The addresses that it is for.
    pub addresses: Vec<IpAddr>,
    /// From when it is good, in seconds since 1970.
    pub since: u64,
    /// Until when, in seconds since 1970.
    pub until: u64,
}

/// Why texts are no pair.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PairError {
    /// There is no certificate in the one, or none that can be read.
    #[error("there is no certificate in PEM form")]
    NoCertificate,
    /// There is no key in the other.
    #[error("there is no private key in PEM form")]
    NoKey,
    /// They are not for each other, or of a kind that cannot be used.
    #[error("certificate and key cannot be used together ({0})")]
    Mismatch(#[from] rustls::Error),
}

impl Pair {
    /// Reads a chain and a key, both PEM.
    ///
    /// # Errors
    /// When something is missing, or they do not belong together.
    pub fn read(certificate: &str, key: &str) -> Result<Self, PairError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| PairError::NoCertificate)?;
        let first = chain.first().ok_or(PairError::NoCertificate)?;
        let Facts { names, addresses, since, until } = Facts::of(first).ok_or(PairError::NoCertificate)?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| PairError::NoKey)?;
        let key = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())?;
        Ok(Self { key: Arc::new(key), since, until, names, addresses })
    }

    /// What the first certificate says.
    pub fn facts(&self) -> Facts {
        let Self { names, addresses, since, until, .. } = self;
        Facts { names: names.clone(), addresses: addresses.clone(), since: *since, until: *until }
    }

    /// Whether it is for this name, itself or by its `*.` (RFC 9525, section 6.3).
    pub fn is_for(&self, name: &str) -> bool {
        is_for(&self.names, name)
    }

    /// Whether it is good at `now`, in seconds since 1970.
    pub fn is_good(&self, now: u64) -> bool {
        (self.since..=self.until).contains(&now)
    }

    /// When to get the next one, in seconds since 1970: when a third of its life is left (R20).
    pub fn due(&self) -> u64 {
        self.until - self.until.saturating_sub(self.since) / 3
    }
}

impl Facts {
    /// What the first certificate of a text in PEM form says; `None` when there is none that can be understood.
    pub fn read(pem: &str) -> Option<Self> {
        Self::of(&CertificateDer::from_pem_slice(pem.as_bytes()).ok()?)
    }

    fn of(certificate: &[u8]) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
        let validity = parsed.validity();
        // A time before 1970 is before any that counts.
        let seconds = |time: x509_parser::time::ASN1Time| u64::try_from(time.timestamp()).unwrap_or(0);
        let (names, addresses) = subjects(&parsed);
        Some(Self { names, addresses, since: seconds(validity.not_before), until: seconds(validity.not_after) })
    }

    /// Whether it is for this name, itself or by its `*.` (RFC 9525, section 6.3).
    pub fn is_for(&self, name: &str) -> bool {
        is_for(&self.names, name)
    }

    /// All that it is for, as texts.
    pub fn subjects(&self) -> Vec<String> {
        self.names.iter().cloned().chain(self.addresses.iter().map(IpAddr::to_string)).collect()
    }
}

/// Its key is nobody's business.
impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair").field("names", &self.names).field("until", &self.until).finish_non_exhaustive()
    }
}

fn is_for(names: &[String], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let above = name.split_once('.').map(|(_, above)| above);
    names.iter().any(|own| *own == name || above.is_some_and(|above| own.strip_prefix("*.") == Some(above)))
}

fn subjects(certificate: &X509Certificate<'_>) -> (Vec<String>, Vec<IpAddr>) {
    let (mut names, mut addresses) = (Vec::new(), Vec::new());
    let extension = certificate.subject_alternative_name().ok().flatten();
    for name in extension.iter().flat_map(|extension| &extension.value.general_names) {
        match name {
            GeneralName::DNSName(name) => names.push(name.to_ascii_lowercase()),
            GeneralName::IPAddress(bytes) => addresses.extend(address(bytes)),
            _ => {}
        }
    }
    (names, addresses)
}

/// An address as certificates write it: four bytes or sixteen (RFC 5280, section 4.2.1.6).
pub fn address(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes).map(IpAddr::from).or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// SHA-256 of a certificate as browsers and systems show it: bytes in hexadecimal with colons between.
pub fn fingerprint(certificate: &[u8]) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_times_are_read_and_what_is_no_pair_is_refused() {
        let own = rcgen::generate_simple_self_signed(["a.example".to_owned(), "*.B.example".to_owned()]).unwrap();
        let (certificate, key) = (own.cert.pem(), own.signing_key.serialize_pem());
        let pair = Pair::read(&certificate, &key).unwrap();
        for (name, expected) in [
            ("a.example", true),
            ("A.Example", true),
            ("x.b.example", true),
            ("b.example", false),
            ("x.y.b.example", false),
            ("c.example", false),
            ("example", false),
        ] {
            assert_eq!(pair.is_for(name), expected, "{name}");
        }
        assert!(pair.is_good(1_800_000_000) && !pair.is_good(pair.until + 1));
        assert_eq!(pair.until - pair.due(), (pair.until - pair.since) / 3);
        assert_eq!(Facts::read(&certificate), Some(pair.facts()));
        assert_eq!(Facts::read(&key), None);

        assert_eq!(Pair::read("", &key).unwrap_err(), PairError::NoCertificate);
        assert_eq!(Pair::read(&key, &key).unwrap_err(), PairError::NoCertificate);
        assert_eq!(Pair::read(&certificate, "").unwrap_err(), PairError::NoKey);
        assert_eq!(Pair::read(&certificate, &certificate).unwrap_err(), PairError::NoKey);
        let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
        assert!(matches!(Pair::read(&certificate, &other), Err(PairError::Mismatch(_))));
        let cut = certificate.replace(&certificate[200..400], "");
        assert!(Pair::read(&cut, &key).is_err());
    }

    #[test]
    fn a_fingerprint_looks_as_in_browsers() {
        assert!(fingerprint(b"").starts_with("E3:B0:C4:42:"));
        assert_eq!(fingerprint(b"").len(), 32 * 3 - 1);
    }
}
