//! The certificate: the operator's, or one of our own that is made once and kept.

use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, SanType};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use sha2::{Digest as _, Sha256};
use x509_parser::{certificate::X509Certificate, extensions::GeneralName, prelude::FromDer as _, time::ASN1Time};

use crate::folder::{Folder, FolderError};

/// What is needed to speak TLS.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The protocol's settings.
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the certificate, as browsers show it.
    pub fingerprint: String,
    /// Whether the certificate is our own.
    pub self_signed: bool,
    /// When the certificate ends, in seconds since 1970; `None` when it does not say so in a way that we understand.
    pub ends: Option<u64>,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The names and addresses that it is for.
    pub names: Vec<String>,
    /// From when on it is good, in seconds since 1970.
    pub begins: u64,
    /// Until when.
    pub ends: u64,
}

/// What the first certificate of a text in PEM form says; `None` when there is none that can be understood.
pub fn facts(pem: &str) -> Option<Facts> {
    let first = CertificateDer::pem_slice_iter(pem.as_bytes()).next()?.ok()?;
    facts_of(&first)
}

/// Whether the first certificate of a text in PEM form is this one.
pub fn is_first(pem: &str, certificate: &CertificateDer<'_>) -> bool {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .next()
        .is_some_and(|first| first.is_ok_and(|first| first == *certificate))
}

fn facts_of(certificate: &CertificateDer<'_>) -> Option<Facts> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let unix = |time: ASN1Time| u64::try_from(time.timestamp()).unwrap_or(0);
    let alternative = parsed.subject_alternative_name().ok().flatten();
    let names = alternative.iter().flat_map(|names| &names.value.general_names).filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| IpAddr::from(bytes).to_string()),
        },
        _ => None,
    });
    let validity = parsed.validity();
    Some(Facts { names: names.collect(), begins: unix(validity.not_before), ends: unix(validity.not_after) })
}

impl Facts {
    /// Whether it is for this name or address; `*` stands for one label (RFC 6125, section 6.4.3).
    pub fn names_host(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.names.iter().any(|name| {
            let wild = name.strip_prefix("*.").and_then(|rest| Some((rest, host.split_once('.')?.1)));
            name.eq_ignore_ascii_case(host) || wild.is_some_and(|(rest, parent)| rest.eq_ignore_ascii_case(parent))
        })
    }
}

/// Why TLS cannot be spoken; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file of the operator cannot be read.
    #[error("{} cannot be read ({source}). Check tls_certificate and tls_key.", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file holds no certificate or no key.
    #[error("{} holds no {what} in PEM form. Check tls_certificate and tls_key.", path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// The key does not belong to the certificate, or is of a kind that cannot be used.
    #[error("The certificate and its key cannot be used together ({0}). Check tls_certificate and tls_key.")]
    Mismatch(#[from] rustls::Error),
    /// Our own certificate cannot be made.
    #[error("No certificate could be made ({0}). Give one with --tls-certificate and --tls-key.")]
    Make(#[from] rcgen::Error),
    /// The data folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Takes the operator's certificate.
///
/// # Errors
/// When the files cannot be read or do not fit together.
pub fn from_files(certificate: &Path, key: &Path) -> Result<Tls, TlsError> {
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|source| TlsError::Read { path: path.to_owned(), source });
    assemble(&read(certificate)?, certificate, &read(key)?, key, false)
}

/// Takes the certificate kept in `folder`, and makes it first when it is missing. It names `addresses`, `localhost` and
/// the host.
///
/// # Errors
/// When it can be neither read nor made.
pub fn self_signed(folder: &Folder, addresses: &[IpAddr]) -> Result<Tls, TlsError> {
    let (certificate, key) = match (folder.read(CERTIFICATE)?, folder.read(KEY)?) {
        (Some(certificate), Some(key)) => (certificate, key),
        _ => {
            let pair = KeyPair::generate()?;
            let certificate = params(addresses)?.self_signed(&pair)?;
            // The key first: a certificate without its key would be taken for damage.
            folder.write(KEY, &pair.serialize_pem())?;
            folder.write(CERTIFICATE, &certificate.pem())?;
            (certificate.pem(), pair.serialize_pem())
        }
    };
    assemble(&certificate, &folder.path().join(CERTIFICATE), &key, &folder.path().join(KEY), true)
}

fn params(addresses: &[IpAddr]) -> Result<CertificateParams, rcgen::Error> {
    let host = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let mut names = vec!["localhost".to_owned()];
    names
        .extend(Some(host.trim().to_owned()).filter(|name| !name.is_empty() && name.is_ascii() && name != "localhost"));
    let mut params = CertificateParams::new(names)?;
    params.subject_alt_names.extend(addresses.iter().map(|address| SanType::IpAddress(*address)));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Parlor, self-signed");
    Ok(params)
}

fn assemble(
    certificate: &str,
    certificate_path: &Path,
    key: &str,
    key_path: &Path,
    self_signed: bool,
) -> Result<Tls, TlsError> {
    let empty = |path: &Path, what| TlsError::Empty { path: path.to_owned(), what };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| empty(certificate_path, "certificate"))?;
    let first = chain.first().ok_or_else(|| empty(certificate_path, "certificate"))?;
    let fingerprint = fingerprint(first);
    let ends = facts_of(first).map(|facts| facts.ends);
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| empty(key_path, "private key"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Tls { config: Arc::new(config), fingerprint, self_signed, ends })
}

fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// The kept certificate.
const CERTIFICATE: &str = "certificate.pem";
/// Its key.
const KEY: &str = "certificate-key.pem";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_certificate_is_made_once_and_kept() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let first = self_signed(&folder, &["192.0.2.1".parse().unwrap()]).unwrap();
        let again = self_signed(&folder, &[]).unwrap();
        assert_eq!(first.fingerprint, again.fingerprint);
        assert_eq!(first.fingerprint.len(), 32 * 3 - 1);
        assert!(first.self_signed);
        let files = from_files(&place.path().join(CERTIFICATE), &place.path().join(KEY)).unwrap();
        assert_eq!(files.fingerprint, first.fingerprint);
    }

    #[test]
    fn a_certificate_says_for_whom_and_until_when_it_is() {
        let mut params = params(&["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()]).unwrap();
        params.subject_alt_names.push(SanType::DnsName("*.example.org".try_into().unwrap()));
        params.not_before = rcgen::date_time_ymd(2026, 1, 2);
        params.not_after = rcgen::date_time_ymd(2026, 4, 2);
        let pem = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
        let facts = facts(&pem).unwrap();
        assert_eq!((facts.begins, facts.ends), (1_767_312_000, 1_775_088_000));
        for host in ["localhost", "LOCALHOST", "192.0.2.1", "[2001:db8::1]", "meet.example.org"] {
            assert!(facts.names_host(host), "{host} in {:?}", facts.names);
        }
        for host in ["example.org", "a.b.example.org", "192.0.2.2", ""] {
            assert!(!facts.names_host(host), "{host}");
        }
        assert_eq!(super::facts("nothing"), None);
    }

    #[test]
    fn files_that_are_no_certificate_are_named() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        self_signed(&folder, &[]).unwrap();
        let (certificate, key) = (place.path().join(CERTIFICATE), place.path().join(KEY));
        folder.write("empty", "").unwrap();
        let empty = place.path().join("empty");
        assert!(matches!(from_files(&empty, &key), Err(TlsError::Empty { what: "certificate", .. })));
        assert!(matches!(from_files(&certificate, &empty), Err(TlsError::Empty { what: "private key", .. })));
        assert!(matches!(from_files(Path::new("/nowhere"), &key), Err(TlsError::Read { .. })));
        folder.write("other", &KeyPair::generate().unwrap().serialize_pem()).unwrap();
        assert!(matches!(from_files(&certificate, &place.path().join("other")), Err(TlsError::Mismatch(_))));
    }
}
