//! TLS to the server: whom we trust, and what to do when that does not suffice.

use std::{io, sync::Arc};

use anyhow::{Context as _, anyhow, bail};
use rustls::{
    CertificateError, ClientConfig, RootCertStore, client::Resumption, crypto::aws_lc_rs, pki_types::ServerName,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::tungstenite;

/// Trusts the CAs of the system, or those in the file that `SSL_CERT_FILE` names.
pub fn settings() -> anyhow::Result<Arc<ClientConfig>> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Systems hold certificates that are too old to be understood; they are none to rely on.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        bail!("No certificate of a CA was found to check the server's with. {ADVICE} {}", why.join("; "));
    }
    let mut settings = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS cannot be spoken")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // Each participant is somebody else's machine, which was never here.
    settings.resumption = Resumption::disabled();
    Ok(Arc::new(settings))
}

/// Speaks TLS with the server at `authority`.
pub async fn secure(
    settings: Arc<ClientConfig>,
    authority: &str,
    stream: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    TlsConnector::from(settings).connect(name, stream).await
}

/// What to tell whoever started us about a connection that was not made.
pub fn explain(error: tungstenite::Error) -> anyhow::Error {
    let tls = match &error {
        tungstenite::Error::Io(error) => error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()),
        _ => None,
    };
    match tls {
        Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature)) => {
            anyhow!("the server's certificate is not trusted: it is of no CA that we know. {ADVICE}")
        }
        Some(rustls::Error::InvalidCertificate(why)) => anyhow!("the server's certificate is not trusted: {why}"),
        _ => anyhow::Error::new(error).context("the server refused"),
    }
}

/// How a CA gets known.
const ADVICE: &str = "Put its certificate (PEM) into a file and name that in the variable SSL_CERT_FILE; where Parlor signs \
                      its certificate itself, that is ca.pem in its data folder.";
