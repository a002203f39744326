//! Requests to servers that others have named (R12): never to this machine or its network unless the operator allows that,
//! never further than to the first answer, and with limits on time and size.
//!
//! A name is looked up once, every address that it has is checked, and the connection goes to one of those.

use std::{
    error::Error as StdError,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Response, Uri, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// Sends requests. Copies share whom they trust.
#[derive(Clone)]
pub struct Outgoing {
    tls: TlsConnector,
    private: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// It is no address to send anything to: another scheme than `https`, a name and password in it, no host.
    #[error("that is no address of https")]
    Unfit,
    /// The host has an address of this machine, of a private network or with another special purpose.
    #[error("its host is no public one")]
    Private,
    /// The host is not found.
    #[error("its host is not found")]
    Unknown,
    /// It could not be reached, or what it said is no answer.
    #[error("it cannot be reached ({0})")]
    Unreachable(String),
    /// It took too long.
    #[error("it does not answer")]
    Slow,
}

/// How much of an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Its status and headers.
    Head,
    /// All of it.
    Whole,
}

type Fault = Box<dyn StdError + Send + Sync>;

impl Outgoing {
    /// Trusts whom the system trusts. `private`: whether hosts may be private ones, and be reached without TLS.
    pub fn new(private: bool) -> Self {
        let mut trusted = RootCertStore::empty();
        // A system without any is no fault here: a handshake will say it.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions that it comes with")
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)), private }
    }

    /// Whether an address is one that could be asked, wherever its host may turn out to be.
    pub fn is_fit(&self, uri: &Uri) -> bool {
        is_tls(uri, self.private).is_some() && bare_host(uri).is_some()
    }

    /// Looks whether something may be sent there, and to which addresses.
    ///
    /// # Errors
    /// When it may not, or nobody is found.
    pub async fn look_up(&self, uri: &Uri) -> Result<Vec<SocketAddr>, OutgoingError> {
        match timeout(PATIENCE, self.addresses(uri)).await {
            Ok(addresses) => addresses,
            Err(_) => Err(OutgoingError::Slow),
        }
    }

    /// Sends a request, and gives back what is answered to it. A redirection is an answer.
    ///
    /// # Errors
    /// When it may not be sent there, or nothing comes back.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, OutgoingError> {
        match timeout(PATIENCE, self.exchange(request, Wanted::Whole)).await {
            Ok(answer) => answer,
            Err(_) => Err(OutgoingError::Slow),
        }
    }

    /// Sends a request, and gives back how it is answered as soon as that is known: whatever else the answer holds is not waited for.
    ///
    /// # Errors
    /// When it may not be sent there, or nothing comes back.
    pub async fn tell(&self, request: Request<Full<Bytes>>) -> Result<Response<()>, OutgoingError> {
        match timeout(PATIENCE, self.exchange(request, Wanted::Head)).await {
            Ok(answer) => answer.map(|answer| answer.map(drop)),
            Err(_) => Err(OutgoingError::Slow),
        }
    }

    async fn addresses(&self, uri: &Uri) -> Result<Vec<SocketAddr>, OutgoingError> {
        let tls = is_tls(uri, self.private).ok_or(OutgoingError::Unfit)?;
        let host = bare_host(uri).ok_or(OutgoingError::Unfit)?;
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let found: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(|_| OutgoingError::Unknown)?.collect();
        if found.is_empty() {
            return Err(OutgoingError::Unknown);
        }
        // One is enough: whoever names both means this one.
        if !self.private && !found.iter().map(SocketAddr::ip).all(::turn::is_public) {
            return Err(OutgoingError::Private);
        }
        Ok(found)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>, wanted: Wanted) -> Result<Response<Bytes>, OutgoingError> {
        let addresses = self.addresses(request.uri()).await?;
        let told = |error: Fault| OutgoingError::Unreachable(error.to_string());
        let stream = TcpStream::connect(&addresses[..]).await.map_err(|error| told(error.into()))?;
        if is_tls(request.uri(), self.private) == Some(false) {
            return converse(stream, request, wanted).await.map_err(told);
        }
        let host = bare_host(request.uri()).ok_or(OutgoingError::Unfit)?.to_owned();
        let name = ServerName::try_from(host).map_err(|_| OutgoingError::Unfit)?;
        let stream = self.tls.connect(name, stream).await.map_err(|error| told(error.into()))?;
        converse(stream, request, wanted).await.map_err(told)
    }
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("private", &self.private).finish_non_exhaustive()
    }
}

/// Whether an address is one of TLS; nothing where it is none that may be asked.
fn is_tls(uri: &Uri, private: bool) -> Option<bool> {
    let authority = uri.authority()?;
    match uri.scheme_str() {
        _ if authority.as_str().contains('@') => None,
        Some("https") => Some(true),
        Some("http") if private => Some(false),
        _ => None,
    }
}

/// The host as the resolver takes it: addresses of IPv6 without their brackets.
fn bare_host(uri: &Uri) -> Option<&str> {
    let host = uri.host()?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match bare {
        Some(bare) => bare.parse::<IpAddr>().is_ok().then_some(bare),
        None => Some(host).filter(|host| !host.is_empty()),
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
    wanted: Wanted,
) -> Result<Response<Bytes>, Fault> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let (mut head, body) = request.into_parts();
    if let Some(authority) = head.uri.authority() {
        head.headers.insert(header::HOST, authority.as_str().parse()?);
    }
    head.uri = head.uri.path_and_query().map_or_else(|| Ok(Uri::from_static("/")), |path| path.as_str().parse())?;
    let answered = async {
        let (head, body) = sender.send_request(Request::from_parts(head, body)).await?.into_parts();
        let body = match wanted {
            Wanted::Head => Bytes::new(),
            Wanted::Whole => Limited::new(body, LARGEST).collect().await?.to_bytes(),
        };
        Ok::<_, Fault>(Response::from_parts(head, body))
    };
    let mut answered = pin!(answered);
    // The connection moves the bytes of the answer; it may end as soon as it has the last.
    tokio::select! {
        biased;
        answer = answered.as_mut() => answer,
        _ = connection => answered.await,
    }
}

/// How long the whole of it may take (R12).
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest answer, in bytes (R12).
const LARGEST: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    #[tokio::test]
    async fn who_is_told_something_has_answered_with_the_head() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/told", listener.local_addr().unwrap());
        let (told, private) = (Outgoing::new(true), Outgoing::new(false));
        // The body that it announces never comes, and the connection stays open.
        let answers = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"what happened") {
                assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
            }
            stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n1").await.unwrap();
            stream
        };
        let request = || Request::post(&address).body(Full::new(Bytes::from("what happened"))).unwrap();
        let (answer, _stream) = tokio::join!(told.tell(request()), answers);
        assert_eq!(answer.unwrap().status().as_u16(), 202);
        assert!(matches!(private.tell(request()).await, Err(OutgoingError::Unfit)), "nor is anything private told");
    }

    async fn look(text: &str, private: bool) -> Result<Vec<SocketAddr>, OutgoingError> {
        match text.parse() {
            Ok(uri) => Outgoing::new(private).look_up(&uri).await,
            Err(_) => Err(OutgoingError::Unfit),
        }
    }

    #[tokio::test]
    async fn no_notation_leads_to_this_machine_or_its_network() {
        let hosts = [
            "127.0.0.1",
            "127.1",
            "0",
            "0.0.0.0",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "10.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.168.257",
            "169.254.169.254",
            "0xa9fea9fe",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "localhost",
            "LOCALHOST",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:10.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[2002:a00:1::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[100::1]",
            "[2001::1]",
            "[5f00::1]",
            "[::ffff:0:127.0.0.1]",
        ];
        for host in hosts {
            let looked = look(&format!("https://{host}/push/1"), false).await;
            assert!(matches!(looked, Err(OutgoingError::Private)), "{host}: {looked:?}");
        }
        let unfit = [
            "http://1.1.1.1/",
            "ftp://1.1.1.1/",
            "file:///etc/passwd",
            "https://user@1.1.1.1/",
            "https://a:b@127.0.0.1/",
            "https://",
            "/push",
            "https:///push",
            "https://[fe80::1%25eth0]/",
            "https://[::1",
        ];
        for text in unfit {
            let looked = look(text, false).await;
            assert!(matches!(looked, Err(OutgoingError::Unfit)), "{text}: {looked:?}");
        }
        for text in ["https://1.1.1.1/push", "https://[2606:4700:4700::1111]/push", "https://9.9.9.9:8443"] {
            assert!(look(text, false).await.is_ok(), "{text}");
        }
    }

    #[tokio::test]
    async fn an_operator_may_allow_what_is_private() {
        assert_eq!(look("http://127.0.0.1:9/", true).await.unwrap(), ["127.0.0.1:9".parse().unwrap()]);
        assert_eq!(look("https://10.0.0.1/", true).await.unwrap(), ["10.0.0.1:443".parse().unwrap()]);
        assert!(matches!(look("ftp://10.0.0.1/", true).await, Err(OutgoingError::Unfit)));
    }
}
