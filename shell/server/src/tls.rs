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
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| empty(key_path, "private key"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Tls { config: Arc::new(config), fingerprint, self_signed })
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
