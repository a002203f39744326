//! Connections that ask for nothing: how long they are kept.

use std::{sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    net::TcpStream,
    time::Instant,
};

use crate::harness::Server;

/// After how long the server ends a connection over which nothing is said, in virtual time: what waits for nothing but time
/// waits no longer than it takes to look at the clock.
async fn kept(mut stream: impl AsyncRead + Unpin) -> Duration {
    tokio::time::pause();
    let start = Instant::now();
    let ended = stream.read(&mut [0]).await;
    let kept = start.elapsed();
    tokio::time::resume();
    // TLS may say good bye, or be cut.
    assert!(!matches!(ended, Ok(1..)), "{ended:?}");
    kept
}

#[tokio::test]
async fn who_asks_for_nothing_is_kept_ten_seconds() {
    let few = |kept: Duration| (9..=10).contains(&kept.as_secs());
    let plain = Server::start_bare(|_| {}).await;
    let silent = TcpStream::connect(plain.web()).await.unwrap();
    let plain_kept = kept(silent).await;
    assert!(few(plain_kept), "{plain_kept:?}");
    plain.stop().await;

    let server = Server::start_bare(|raw| raw.listen = Some("0.0.0.0:0".parse().unwrap())).await;
    let connect = async || TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
    let no_greeting = kept(connect().await).await;
    assert!(few(no_greeting), "{no_greeting:?}");

    let certificate = std::fs::read(server.folder.path().join("ca.pem")).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&certificate).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("localhost").unwrap();
    let secure = connector.connect(name, connect().await).await.unwrap();
    let no_request = kept(secure).await;
    assert!(few(no_request), "shaking hands and asking is one time: {no_request:?}");
    server.stop().await;
}
