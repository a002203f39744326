//! Certificates, as real clients see them: read again while connections go on, and signed by an authority of the server's own.

use std::{fs, io, net::IpAddr, sync::Arc};

use proto::api::{Certificate, Trial};
use rcgen::{CertificateParams, KeyPair};
use rustix::process::{Signal, getpid, kill_process};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::harness::{Reply, Server, ask};

/// Shakes hands as a client that trusts `root` alone and wants to reach `name`.
pub async fn connect(server: &Server, root: &str, name: &str) -> io::Result<TlsStream<TcpStream>> {
    connect_at(server.web().port(), root, name).await
}

/// The same, at a port of this machine.
pub async fn connect_at(port: u16, root: &str, name: &str) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = match name.parse::<IpAddr>() {
        Ok(address) => ServerName::from(address),
        Err(_) => ServerName::try_from(name.to_owned()).unwrap(),
    };
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// The first certificate that was shown.
pub fn shown(stream: &TlsStream<TcpStream>) -> Vec<u8> {
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

/// Shakes hands again and again until it is as wanted.
pub async fn until(server: &Server, root: &str, name: &str, wanted: impl Fn(&[u8]) -> bool) -> TlsStream<TcpStream> {
    loop {
        if let Ok(stream) = connect(server, root, name).await
            && wanted(&shown(&stream))
        {
            return stream;
        }
        tokio::task::yield_now().await;
    }
}

/// A number out of `/metrics`, read over TLS.
pub async fn metric(server: &Server, root: &str, name: &str, metric: &str) -> String {
    let stream = connect(server, root, name).await.unwrap();
    let page = ask(stream, "GET", "/metrics", &[], "").await.body;
    let line = page.lines().find(|line| line.starts_with(metric)).unwrap_or_else(|| panic!("no {metric} in {page}"));
    line[metric.len()..].trim().to_owned()
}

/// What the connection test says of the certificate to whoever comes by `name`: whose it is, and its days.
pub async fn told(server: &Server, root: &str, name: &str) -> (Certificate, u32) {
    let stream = connect(server, root, name).await.unwrap();
    let headers = [("host", name), ("content-type", "application/json")];
    let trial: Trial = ask(stream, "POST", "/api/v1/trials", &headers, "").await.json();
    (trial.certificate, trial.certificate_days.unwrap())
}

/// Says that there is something new, to all servers of this process: each may hear it more often than its test says it. One that
/// listens has to run.
pub fn hang_up() {
    kill_process(getpid(), Signal::HUP).unwrap();
}

/// A request over plain HTTP, to the port of TLS.
async fn plain(server: &Server, path: &str, headers: &[(&str, &str)]) -> Reply {
    let stream = TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
    ask(stream, "GET", path, headers, "").await
}

#[tokio::test]
async fn a_new_certificate_is_shown_to_new_connections_and_a_broken_one_to_nobody() {
    let files = tempfile::tempdir().unwrap();
    let (certificate, key) = (files.path().join("c.pem"), files.path().join("k.pem"));
    let put = |until| {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let pair = KeyPair::generate().unwrap();
        let pem = params.self_signed(&pair).unwrap().pem();
        fs::write(&certificate, &pem).unwrap();
        fs::write(&key, pair.serialize_pem()).unwrap();
        pem
    };
    let first = put(2200);
    let server = Server::start_bare(|raw| {
        raw.tls_certificate = Some(certificate.clone());
        raw.tls_key = Some(key.clone());
    })
    .await;
    let mut old = BufReader::new(connect(&server, &first, "localhost").await.unwrap());

    let (whose, long) = told(&server, &first, "localhost").await;
    assert_eq!(whose, Certificate::Given);

    let second = put(2150);
    hang_up();
    until(&server, &second, "localhost", |_| true).await;
    assert!(connect(&server, &first, "localhost").await.is_err());
    let fifty_years = long - told(&server, &second, "localhost").await.1;
    assert!((18_261..=18_263).contains(&fifty_years), "{fifty_years}");

    // Who was there before has not noticed.
    old.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let (mut line, mut length) = (String::new(), 0);
    while old.read_line(&mut line).await.unwrap() > 2 {
        length =
            line.to_ascii_lowercase().strip_prefix("content-length: ").map_or(length, |n| n.trim().parse().unwrap());
        line.clear();
    }
    let mut body = vec![0; length];
    old.read_exact(&mut body).await.unwrap();
    assert_eq!(body, b"ok\n");

    let refused = async || metric(&server, &second, "localhost", "parlor_tls_certificates_refused_total ").await;
    let before = refused().await;
    fs::write(&certificate, "nothing").unwrap();
    hang_up();
    while refused().await == before {}
    assert_eq!(metric(&server, &second, "localhost", "parlor_tls_certificates_replaced_total ").await, "1");
    let ends = metric(&server, &second, "localhost", "parlor_tls_certificate_expires_seconds{source=\"files\"} ").await;
    assert!(ends.parse::<u64>().unwrap() > server::unix());
    server.stop().await;
}

#[tokio::test]
async fn whoever_trusts_the_servers_own_authority_is_not_warned() {
    let server = Server::start_bare(|raw| {
        raw.listen = Some("0.0.0.0:0".parse().unwrap());
        raw.tls_names = Some(server::config::raw::Names(vec!["talk.lan".to_owned()]));
    })
    .await;
    let fingerprint = server.started.fingerprint.clone().unwrap();
    let named = server.started.trust.clone().unwrap();
    assert!(named.starts_with("http://") && named.ends_with(&format!(":{}/trust", server.web().port())), "{named}");
    assert!(server.started.to_string().contains(&named), "{}", server.started);

    // Taken along as a phone would: over plain HTTP, before anything is trusted.
    let root = plain(&server, "/trust/parlor-ca.pem", &[]).await;
    assert_eq!((root.status, root.header("content-type")), (200, "application/x-pem-file"));
    let root = root.body;
    let der = CertificateDer::from_pem_slice(root.as_bytes()).unwrap();
    assert_eq!(server::tls::fingerprint(&der), fingerprint);
    for name in ["localhost", "127.0.0.1", "talk.lan"] {
        connect(&server, &root, name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(connect(&server, &root, "bank.example").await.is_err());
    let (whose, days) = told(&server, &root, "talk.lan").await;
    assert_eq!(whose, Certificate::Own);
    assert!((395..=397).contains(&days), "{days}");

    for (headers, title) in
        [(&[][..], "Trust this server"), (&[("accept-language", "fr")], "Faire confiance à ce serveur")]
    {
        let reply = plain(&server, "/trust", headers).await;
        assert_eq!(reply.status, 200);
        let body = reply.body.replace("<br>", "");
        assert!(body.contains(title) && body.contains(&fingerprint) && !body.contains('{'), "{body}");
        assert!(reply.header("content-security-policy").contains("default-src 'self'"));
        let stream = connect(&server, &root, "localhost").await.unwrap();
        assert!(ask(stream, "GET", "/trust", headers, "").await.body.contains(title));
    }
    let kind = async |path| plain(&server, path, &[]).await.header("content-type").to_owned();
    assert_eq!(kind("/trust/parlor-ca.crt").await, "application/x-x509-ca-cert");
    assert_eq!(kind("/trust/parlor-ca.mobileconfig").await, "application/x-apple-aspen-config");
    assert!(kind("/trust/style.css").await.starts_with("text/css"));

    // Nothing else is to be had without TLS.
    for path in ["/", "/healthz", "/metrics", "/api/v1/server", "/trust/ca-key.pem", "/rtc/v1"] {
        let reply = plain(&server, path, &[]).await;
        assert_eq!(reply.status, 400, "{path}");
        assert!(reply.body.contains("https://"));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_check_of_an_acme_server_gets_no_certificate_where_none_is_expected() {
    let server = Server::start_bare(|raw| raw.listen = Some("0.0.0.0:0".parse().unwrap())).await;
    let root = plain(&server, "/trust/parlor-ca.pem", &[]).await.body;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"acme-tls/1".to_vec()];
    let stream = TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    assert!(TlsConnector::from(Arc::new(config)).connect(name, stream).await.is_err());
    server.stop().await;
}
