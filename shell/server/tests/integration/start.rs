//! Starting: what is refused, in one sentence each; TLS beyond loopback.

use server::RunError;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use crate::{
    harness::{Server, ask, refusal, settings},
    tls,
};

#[track_caller]
fn one_sentence(error: &RunError, holds: &str) {
    let text = error.to_string();
    assert!(text.contains(holds) && !text.contains('\n') && text.ends_with('.'), "{text}");
}

#[tokio::test]
async fn a_port_in_use_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut raw = settings(folder.path());
    raw.listen = Some(taken.local_addr().unwrap());
    let error = refusal(raw).await;
    assert!(matches!(error, RunError::PortInUse(_)));
    one_sentence(&error, "--listen");

    let taken = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mut raw = settings(folder.path());
    raw.media_port = Some(taken.local_addr().unwrap().port());
    one_sentence(&refusal(raw).await, "--media-port");
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_one_sentence() {
    let file = tempfile::NamedTempFile::new().unwrap();
    one_sentence(&refusal(settings(file.path())).await, "--data");
    one_sentence(&refusal(settings(&file.path().join("below"))).await, "--data");
    let server = Server::start().await;
    one_sentence(&refusal(settings(server.folder.path())).await, "in use by another Parlor");
    server.stop().await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let mut raw = settings(folder.path());
    raw.tls_certificate = Some("/nowhere/c.pem".into());
    raw.tls_key = Some("/nowhere/k.pem".into());
    one_sentence(&refusal(raw).await, "tls_certificate");
}

async fn secure(server: &Server, root: &str) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    tls::connect(server, root, "localhost").await
}

#[tokio::test]
async fn beyond_loopback_there_is_tls_with_a_kept_certificate() {
    let beyond = |raw: &mut server::config::Raw| raw.listen = Some("0.0.0.0:0".parse().unwrap());
    let server = Server::start_bare(beyond).await;
    let fingerprint = server.started.fingerprint.clone().expect("our own authority has its fingerprint printed");
    assert!(server.started.open.iter().all(|address| address.starts_with("https://")), "{:?}", server.started.open);
    assert!(server.started.to_string().contains(&fingerprint));
    let certificate = std::fs::read_to_string(server.folder.path().join("ca.pem")).unwrap();
    let stream = secure(&server, &certificate).await.unwrap();
    let reply = ask(stream, "GET", "/healthz", &[], "").await;
    assert_eq!(reply.body, "ok\n");
    assert_eq!(reply.header("strict-transport-security"), "", "nobody could click its warning away any more");

    // Cookies are for TLS alone, whatever the name of the host.
    let json = [("content-type", "application/json"), ("host", "talk.example")];
    let code = server.started.set_up_code.as_deref().unwrap();
    let account = r#"{"name":"admin","password":"a password for the tests"}"#;
    let wanted =
        format!(r#"{{"code":"{code}","serverName":"Test","create":"anyone","signUp":true,"account":{account}}}"#);
    let stream = secure(&server, &certificate).await.unwrap();
    let reply = ask(stream, "POST", "/api/v1/setup", &json, wanted).await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-parlor_session=") && cookie.ends_with("; Secure"), "{reply:?}");

    // Somebody who forgets the s is told.
    let plain = TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
    let reply = ask(plain, "GET", "/", &[], "").await;
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("https://"));

    let (_, folder) = server.stop().await;
    let again = Server::start_bare(|raw| {
        beyond(raw);
        raw.data = Some(folder.path().to_owned());
    })
    .await;
    assert_eq!(again.started.fingerprint, Some(fingerprint));
    assert_eq!(again.started.set_up_code, None);
    assert!(secure(&again, &certificate).await.is_ok());
    again.stop().await;
}

#[tokio::test]
async fn the_operators_certificate_is_used_where_given() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = tempfile::tempdir().unwrap();
    let (certificate, key) = (files.path().join("c.pem"), files.path().join("k.pem"));
    std::fs::write(&certificate, own.cert.pem()).unwrap();
    std::fs::write(&key, own.signing_key.serialize_pem()).unwrap();
    let server = Server::start_bare(|raw| {
        raw.tls_certificate = Some(certificate);
        raw.tls_key = Some(key);
    })
    .await;
    assert_eq!(server.started.fingerprint, None);
    let stream = secure(&server, &own.cert.pem()).await.unwrap();
    let reply = ask(stream, "GET", "/healthz", &[], "").await;
    assert_eq!((reply.status, reply.header("strict-transport-security")), (200, "max-age=31536000"));
    server.stop().await;
}

#[tokio::test]
async fn plain_http_beyond_loopback_only_when_somebody_insists() {
    let server = Server::start_with(|raw| {
        raw.listen = Some("0.0.0.0:0".parse().unwrap());
        raw.insecure_http = Some(true);
    })
    .await;
    let stream = TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
    assert_eq!(ask(stream, "GET", "/healthz", &[], "").await.status, 200);
    assert!(server.started.open.iter().all(|address| address.starts_with("http://")));
    server.stop().await;
}

#[tokio::test]
async fn the_banner_says_where_everything_is() {
    let server = Server::start().await;
    let banner = server.started.to_string();
    assert!(banner.contains(&format!("Open http://127.0.0.1:{}/\n", server.web().port())), "{banner}");
    assert!(banner.contains(&format!("UDP {}", server.started.media_port)), "{banner}");
    assert!(banner.contains(&server.folder.path().display().to_string()), "{banner}");
    server.stop().await;
}

#[tokio::test]
async fn connections_that_ask_for_nothing_do_not_delay_the_end() {
    for listen in ["127.0.0.1:0", "0.0.0.0:0"] {
        let server = Server::start_bare(|raw| raw.listen = Some(listen.parse().unwrap())).await;
        // A browser that connects ahead of need, and one that keeps its connection after an answer.
        let idle = TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
        let begun = TcpStream::connect(("127.0.0.1", server.web().port())).await.unwrap();
        begun.writable().await.unwrap();
        begun.try_write(b"GET /healthz HTTP/1.1\r\n").unwrap();
        let (exit, _) = server.stop().await;
        assert_eq!(exit, server::Exit::Right, "{listen}");
        drop((idle, begun));
    }
}
