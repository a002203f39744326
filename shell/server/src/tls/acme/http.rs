//! One request to an ACME server: HTTPS over a connection of its own, with limits on time and size.
//!
//! A handful of requests every two months: no pool, no redirects, no proxy.

use std::{
    error::Error as StdError, fs, future::Future, io, path::Path, pin::Pin, pin::pin, sync::Arc, time::Duration,
};

use axum::body::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Response, Uri, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use super::StartError;

/// Sends requests. Copies share what they trust.
#[derive(Clone)]
pub struct Http(TlsConnector);

type Fault = Box<dyn StdError + Send + Sync>;

impl Http {
    /// Trusts whom the system trusts, and `roots`.
    ///
    /// # Errors
    /// When there is nothing to trust in `roots`.
    pub fn new(roots: Option<&Path>) -> Result<Self, StartError> {
        let mut trusted = RootCertStore::empty();
        // A system without any is no fault here: `roots` may be enough, and a handshake will say it else.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = roots {
            let wrong = |reason: String| StartError::Roots { path: path.to_owned(), reason };
            let text = fs::read(path).map_err(|error| wrong(error.to_string()))?;
            let more: Vec<_> = CertificateDer::pem_slice_iter(&text)
                .collect::<Result<_, _>>()
                .map_err(|error| wrong(error.to_string()))?;
            if trusted.add_parsable_certificates(more).0 == 0 {
                return Err(wrong("there is none".to_owned()));
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions that it comes with")
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let tls = self.0.clone();
        Box::pin(async move {
            let host = request.uri().host().unwrap_or_default().to_owned();
            let told = |error: Fault| Error::Other(format!("{host} cannot be asked: {}", root(&*error)).into());
            match timeout(REQUEST, exchange(tls, request)).await {
                Ok(Ok(response)) => Ok(response.into()),
                Ok(Err(error)) => Err(told(error)),
                Err(_) => Err(told("it does not answer".into())),
            }
        })
    }
}

async fn exchange(tls: TlsConnector, request: Request<BodyWrapper<Bytes>>) -> Result<Response<Full<Bytes>>, Fault> {
    let uri = request.uri().clone();
    if uri.scheme_str() != Some("https") {
        return Err("its address has to begin with https://".into());
    }
    let host = uri.host().ok_or("its address names no host")?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((bare, uri.port_u16().unwrap_or(443))).await?;
    let stream = tls.connect(ServerName::try_from(bare.to_owned())?, stream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let (mut head, body) = request.into_parts();
    if let Some(authority) = uri.authority() {
        head.headers.insert(header::HOST, authority.as_str().parse()?);
    }
    head.uri = uri.path_and_query().map_or_else(|| Ok(Uri::from_static("/")), |path| path.as_str().parse())?;
    let answered = async {
        let (head, body) = sender.send_request(Request::from_parts(head, body)).await?.into_parts();
        let body = Limited::new(body, LARGEST).collect().await?.to_bytes();
        Ok::<_, Fault>(Response::from_parts(head, Full::new(body)))
    };
    let mut answered = pin!(answered);
    // The connection moves the bytes of the answer; it may end as soon as it has the last.
    tokio::select! {
        biased;
        answer = answered.as_mut() => answer,
        _ = connection => answered.await,
    }
}

/// What lies at the bottom of an error: the part that says something.
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(deeper) = last.source() {
        last = deeper;
    }
    // Of TLS the cause hides in an error of the stream.
    let io = last.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    io.map_or_else(|| last.to_string(), ToString::to_string)
}

/// How long one request may take. Servers answer within seconds; signing is asked after anew.
const REQUEST: Duration = Duration::from_secs(30);
/// The largest answer, in bytes: chains and lists of orders have some kilobytes.
const LARGEST: usize = 1024 * 1024;
