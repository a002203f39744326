//! What lies ready to be shown, for whoever asks without starting a server: nothing is made, and nobody is asked.

use std::{fs, io, path::Path};

use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{
    Facts, TlsError,
    acme::{self, Acme},
    authority::{Authority, Known},
    files::Files,
    own::{CA, CA_KEY, CERTIFICATE},
    pair::Pair,
};

/// What a data folder holds of our own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// The authority.
    pub authority: Known,
    /// Until when that is good, in seconds since 1970.
    pub until: u64,
    /// What it signed last, if that lies beside it.
    pub certificate: Option<Facts>,
}

/// What the operator's files say.
///
/// # Errors
/// When they cannot be read or do not fit together: the server does not start with them.
pub fn files(certificate: &Path, key: &Path) -> Result<Facts, TlsError> {
    let files = Files { certificate: certificate.to_owned(), key: key.to_owned() };
    files.read().map(|(pair, _)| pair.facts())
}

/// Our own authority in a data folder; nothing when the server makes it at its next start.
///
/// # Errors
/// When it is damaged, so that the server does not start, or cannot be read.
pub fn own(data: &Path) -> Result<Option<Own>, TlsError> {
    let read = |name: &str| match fs::read_to_string(data.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TlsError::Kept { path: data.join(name), source }),
    };
    let (Some(certificate), Some(key)) = (read(CA)?, read(CA_KEY)?) else { return Ok(None) };
    let authority = Authority::read(&certificate, &key)?;
    let certificate = read(CERTIFICATE)?.and_then(|pem| Facts::read(&pem));
    Ok(Some(Own { until: authority.until(), authority: authority.known, certificate }))
}

/// The certificate of an ACME server in a data folder; nothing when it is asked for at the next start.
///
/// # Errors
/// When the settings keep the server from starting.
pub fn acme(settings: &acme::Settings, data: &Path) -> Result<Option<Facts>, TlsError> {
    Ok(Acme::look(settings, data)?.as_ref().map(Pair::facts))
}

/// Whether the first certificate of a text in PEM form is this one.
pub fn is_first(pem: &str, certificate: &[u8]) -> bool {
    CertificateDer::from_pem_slice(pem.as_bytes()).is_ok_and(|first| *first == *certificate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{folder::Folder, tls::own};

    #[test]
    fn what_was_made_is_found_and_nothing_is_made_by_looking() {
        let place = tempfile::tempdir().unwrap();
        assert_eq!(super::own(place.path()).unwrap(), None);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
        let folder = Folder::open(place.path()).unwrap();
        let now = 1_800_000_000;
        let (made, pair) = own::Own::open(&folder, &[], &[], &["192.168.1.5".parse().unwrap()], now).unwrap();
        let found = super::own(place.path()).unwrap().unwrap();
        assert_eq!((&found.authority, found.certificate.as_ref()), (made.known(), Some(&pair.facts())));
        assert!(found.until > pair.until);
        assert!(found.certificate.unwrap().subjects().contains(&"192.168.1.5".to_owned()));
        let pem = fs::read_to_string(place.path().join(CERTIFICATE)).unwrap();
        assert!(is_first(&pem, &pair.key.cert[0]) && !is_first(&found.authority.pem, &pair.key.cert[0]));
        folder.write(CA, "damaged").unwrap();
        assert!(super::own(place.path()).unwrap_err().to_string().contains("ca.pem"));
    }
}
