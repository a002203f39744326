//! The server that runs at the configured address, if one does: asked as a browser asks it.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::{Context as _, bail};
use proto::api::{Problem, Trial};
use rustls::{
    ClientConfig, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use server::{Config, config::Transport};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::ports::{Over, holders};

/// A server that runs.
#[derive(Debug, Clone)]
pub struct Live {
    /// Where it is reached from this machine.
    pub at: SocketAddr,
    /// How TLS is spoken with it, where it is.
    pub tls: Option<Arc<ClientConfig>>,
    /// The certificate that it showed.
    pub shown: Arc<OnceLock<CertificateDer<'static>>>,
    /// Its process, as far as this user may see.
    pub process: Option<u32>,
    /// Its version.
    pub version: String,
    /// Whether it was set up.
    pub set_up: bool,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its text.
    pub body: String,
}

/// Anything that bytes go through both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Live {
    /// The Parlor that listens where the settings say; `None` when there is none.
    pub async fn find(config: &Config) -> anyhow::Result<Option<Self>> {
        if config.listen.port() == 0 {
            return Ok(None);
        }
        let shown = Arc::new(OnceLock::new());
        let tls = match config.transport {
            Transport::Plain => None,
            Transport::Own | Transport::Certificate { .. } | Transport::Acme(_) => Some(trusting(&shown)?),
        };
        let at = SocketAddr::new(from_here(config.listen.ip()), config.listen.port());
        let mut live = Self { at, tls, shown, process: None, version: String::new(), set_up: false };
        let Ok(answer) = live.ask("GET", "/api/v1/server").await else { return Ok(None) };
        let Ok(view) = serde_json::from_str::<proto::api::ServerView>(&answer.body) else { return Ok(None) };
        live.process = holders(Over::Tcp, at.port()).first().copied();
        live.version = view.version;
        live.set_up = view.set_up;
        Ok(Some(live))
    }

    /// A connection, with TLS where the server speaks it.
    pub async fn connect(&self) -> anyhow::Result<Box<dyn Stream>> {
        let stream = timeout(PATIENCE, TcpStream::connect(self.at)).await.context("no connection in time")??;
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::IpAddress(self.at.ip().into());
        let secure = timeout(PATIENCE, TlsConnector::from(tls.clone()).connect(name, stream));
        Ok(Box::new(secure.await.context("no TLS in time")??))
    }

    /// Asks over HTTP.
    pub async fn ask(&self, method: &str, path: &str) -> anyhow::Result<Answer> {
        let mut stream = self.connect().await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n",
            self.at
        );
        let mut bytes = Vec::new();
        let conversation = async {
            stream.write_all(request.as_bytes()).await?;
            // Some ends of TLS are cut short by those who close at once; what was read counts.
            let _ = stream.take(LARGEST).read_to_end(&mut bytes).await;
            anyhow::Ok(())
        };
        timeout(PATIENCE, conversation).await.context("no answer in time")??;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").context("no HTTP")?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no HTTP status")?;
        Ok(Answer { status, body: body.to_owned() })
    }

    /// Begins a connection test.
    pub async fn begin_trial(&self) -> anyhow::Result<Trial> {
        let answer = self.ask("POST", "/api/v1/trials").await?;
        if answer.status != 200 {
            let problem = serde_json::from_str::<Problem>(&answer.body);
            bail!(problem.map_or_else(|_| format!("it answered {}", answer.status), |problem| problem.message));
        }
        serde_json::from_str(&answer.body).context("it answered something else")
    }
}

/// Where a server that listens there is reached from the same machine.
fn from_here(listens: IpAddr) -> IpAddr {
    match listens {
        IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        one => one,
    }
}

/// TLS that takes any certificate and notes it: this is a conversation within one machine, with a server that is judged by
/// what it shows.
fn trusting(shown: &Arc<OnceLock<CertificateDer<'static>>>) -> anyhow::Result<Arc<ClientConfig>> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let noting = Noting { provider: provider.clone(), shown: shown.clone() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("TLS cannot be spoken")?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(noting))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[derive(Debug)]
struct Noting {
    provider: Arc<CryptoProvider>,
    shown: Arc<OnceLock<CertificateDer<'static>>>,
}

impl ServerCertVerifier for Noting {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // Each connection shows the same; the first is kept.
        let _ = self.shown.set(end_entity.clone().into_owned());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// How long the server may take for anything. It is on this machine.
const PATIENCE: Duration = Duration::from_secs(5);
/// No answer that is read is longer.
const LARGEST: u64 = 1 << 20;
