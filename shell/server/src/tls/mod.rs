//! The certificates: the operator's, those of an ACME server, or our own; and what keeps them fresh while people talk.
//!
//! A change reaches new handshakes only: connections that are open go on as they began.

pub mod acme;
pub mod authority;
mod files;
pub mod look;
mod own;
mod pair;
mod shown;

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rustls::{ServerConfig, crypto::aws_lc_rs};
use tokio::{sync::watch, time::sleep};

use self::{
    acme::Acme,
    authority::{AuthorityError, Known},
    files::{Files, Mark},
    own::{Own, OwnError},
    shown::{CHALLENGE, Chooser, Shown},
};
use crate::{
    addresses, clock,
    config::{Config, Transport},
    folder::{Folder, FolderError},
};

pub use pair::{Facts, Pair, fingerprint};

/// What is needed to speak TLS, and to tell of it. Copies share it.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The protocol's settings.
    pub config: Arc<ServerConfig>,
    /// The authority of our own, where certificates are ours.
    pub known: Option<Arc<Known>>,
    /// The names that certificates are got for from an ACME server.
    pub public_names: Vec<String>,
    shown: watch::Receiver<Shown>,
    counts: Arc<Counts>,
}

/// What somebody is shown who comes by a certain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facing {
    /// Whether our own authority signed it.
    pub is_own: bool,
    /// Until when it is good, in seconds since 1970.
    pub until: u64,
}

/// What keeps certificates fresh: the one that writes what is shown.
#[derive(Debug)]
pub struct Keeper {
    source: Source,
    shown: watch::Sender<Shown>,
    counts: Arc<Counts>,
    hangup: Hangup,
}

#[derive(Debug)]
enum Source {
    Files(Files, Mark),
    Own(Own),
    Acme(Own, Acme),
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
    Mismatch(rustls::Error),
    /// A certificate that came while the server runs has ended already, or is not good yet.
    #[error("The certificate has expired, or is not good yet. Check tls_certificate and tls_key.")]
    Over,
    /// Reading files broke.
    #[error("The certificate could not be read because reading broke. Check tls_certificate and tls_key.")]
    Broke,
    /// The settings of the protocol are refused.
    #[error("TLS cannot be set up ({0}). Look whether this build is sound.")]
    Settings(rustls::Error),
    /// Our own authority, or its certificate.
    #[error(
        "The certificate of this server's own cannot be had ({0}). Remove ca.pem and ca-key.pem from the data folder to have a \
         new authority made, or give a certificate with --tls-certificate and --tls-key."
    )]
    Authority(#[from] AuthorityError),
    /// What was kept of our own cannot be read.
    #[error("{} cannot be read ({source}). Run this as the user of the server.", path.display())]
    Kept {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What an ACME server needs.
    #[error(transparent)]
    Acme(#[from] acme::StartError),
    /// The data folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl From<OwnError> for TlsError {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Folder(error) => Self::Folder(error),
            OwnError::Authority(error) => Self::Authority(error),
        }
    }
}

/// Takes the first certificate of whatever kind the settings want, and makes it where that is ours to do. `interfaces` are the
/// addresses of this machine. Nothing where no TLS is spoken.
///
/// # Errors
/// When there is none to begin with.
pub fn open(config: &Config, folder: &Folder, interfaces: &[IpAddr]) -> Result<Option<(Tls, Keeper)>, TlsError> {
    let now = clock::unix();
    let own = |names: &[String]| Own::open(folder, names, &config.media.public, interfaces, now);
    let mut hangup = Hangup::deaf();
    let mut shown = Shown::default();
    let source = match &config.transport {
        Transport::Plain => return Ok(None),
        Transport::Own => {
            let (own, pair) = own(&config.tls_names)?;
            shown.usual = Some(pair);
            Source::Own(own)
        }
        Transport::Certificate { certificate, key } => {
            let files = Files { certificate: certificate.clone(), key: key.clone() };
            let (pair, mark) = files.read()?;
            if pair.until < now {
                tracing::error!("the certificate in {} has expired: browsers refuse it", certificate.display());
            }
            shown.usual = Some(pair);
            hangup = Hangup::listen();
            Source::Files(files, mark)
        }
        Transport::Acme(settings) => {
            let names: Vec<String> = settings.names.iter().chain(&config.tls_names).cloned().collect();
            let (own, pair) = own(&names)?;
            shown.usual = Some(pair);
            let (acme, kept) = Acme::open(settings, folder)?;
            // One that has ended would be worse than our own: nobody can click that away.
            shown.public = kept.filter(|pair| pair.is_good(now));
            hangup = Hangup::listen();
            Source::Acme(own, acme)
        }
    };
    let (known, public_names) = match &source {
        Source::Files(..) => (None, Vec::new()),
        Source::Own(own) => (Some(Arc::new(own.known().clone())), Vec::new()),
        Source::Acme(own, acme) => (Some(Arc::new(own.known().clone())), acme.names().to_vec()),
    };
    let (shown, seen) = watch::channel(shown);
    let mut settings = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Settings)?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Chooser(seen.clone())));
    settings.alpn_protocols = vec![HTTP.to_vec()];
    if matches!(source, Source::Acme(..)) {
        settings.alpn_protocols.push(CHALLENGE.to_vec());
    }
    let counts = Arc::new(Counts::default());
    let tls = Tls { config: Arc::new(settings), known, public_names, shown: seen, counts: counts.clone() };
    Ok(Some((tls, Keeper { source, shown, counts, hangup })))
}

impl Tls {
    /// Whether what is shown under the server's name is somebody else's word, so that browsers trust it without being told to.
    pub fn is_trusted(&self) -> bool {
        self.known.is_none() || self.shown.borrow().public.is_some()
    }

    /// Whether a certificate is being waited for, and our own is shown meanwhile.
    pub fn is_waiting(&self) -> bool {
        !self.public_names.is_empty() && self.shown.borrow().public.is_none()
    }

    /// What is shown now to whoever comes by this name or address.
    pub fn facing(&self, host: &str) -> Option<Facing> {
        let shown = self.shown.borrow();
        let (pair, is_public) = shown.choose(Some(host))?;
        Some(Facing { is_own: self.known.is_some() && !is_public, until: pair.until })
    }

    /// Until when each certificate is good, in seconds since 1970, by where it comes from.
    pub fn ends(&self) -> Vec<(&'static str, u64)> {
        let shown = self.shown.borrow();
        let usual = if self.known.is_some() { "own" } else { "files" };
        let of = |name, pair: &Option<pair::Pair>| pair.as_ref().map(|pair| (name, pair.until));
        [of("acme", &shown.public), of(usual, &shown.usual)].into_iter().flatten().collect()
    }

    /// How often certificates were replaced, refused, and not got.
    pub fn counted(&self) -> Counted {
        let Counts { replaced, refused, failed } = &*self.counts;
        let [replaced, refused, failed] = [replaced, refused, failed].map(|count| count.load(Ordering::Relaxed));
        Counted { replaced, refused, failed }
    }
}

/// Whether a handshake was a check of an ACME server: nothing follows it (RFC 8737, section 3).
pub fn is_check(connection: &rustls::ServerConnection) -> bool {
    connection.alpn_protocol() == Some(CHALLENGE)
}

/// What happened to certificates since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// New ones that are shown.
    pub replaced: u64,
    /// New ones in the operator's files that cannot be used.
    pub refused: u64,
    /// Attempts to get one that failed.
    pub failed: u64,
}

/// Each number stands alone; they are never read as one.
#[derive(Debug, Default)]
struct Counts {
    replaced: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
}

impl Counts {
    fn replaced(&self) {
        self.replaced.fetch_add(1, Ordering::Relaxed);
    }

    fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}

/// What those who look after certificates share.
#[derive(Debug, Clone, Copy)]
struct Upkeep<'a> {
    shown: &'a watch::Sender<Shown>,
    counts: &'a Counts,
}

impl Keeper {
    /// Looks after the certificates until the server stops.
    pub async fn run(self) {
        let Self { source, shown, counts, mut hangup } = self;
        let upkeep = Upkeep { shown: &shown, counts: &counts };
        match source {
            Source::Files(files, mark) => files.keep(mark, upkeep, &mut hangup).await,
            Source::Own(own) => keep_own(own, upkeep).await,
            Source::Acme(own, mut acme) => {
                tokio::join!(keep_own(own, upkeep), acme.keep(upkeep, &mut hangup));
            }
        }
    }
}

/// Renews our own certificate in time, and when the machine has moved.
async fn keep_own(mut own: Own, upkeep: Upkeep<'_>) {
    loop {
        sleep(LOOK).await;
        let Some(pair) = upkeep.shown.borrow().usual.clone() else { return };
        let interfaces = match addresses::own() {
            Ok(interfaces) => interfaces,
            Err(error) => {
                tracing::debug!(%error, "the addresses of this machine cannot be read");
                continue;
            }
        };
        match own.renewed(&pair, &interfaces, clock::unix()) {
            Ok(None) => {}
            Ok(Some(newer)) => {
                tracing::info!("new connections are shown a new certificate of this server's own authority");
                upkeep.counts.replaced();
                upkeep.shown.send_modify(|shown| shown.usual = Some(newer));
            }
            Err(error) => tracing::error!("the certificate of this server's own could not be made anew: {error}"),
        }
    }
}

/// SIGHUP: somebody says that there is something new. Only where it means something: whoever runs the server in a terminal and
/// closes that should end it, as ever.
#[derive(Debug)]
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    #[cfg(unix)]
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::hangup());
        if let Err(error) = &signal {
            tracing::warn!(%error, "SIGHUP cannot be listened to; files are looked at every few seconds anyway");
        }
        Self { signal: signal.ok() }
    }

    #[cfg(not(unix))]
    fn listen() -> Self {
        Self::deaf()
    }

    fn deaf() -> Self {
        Self {
            #[cfg(unix)]
            signal: None,
        }
    }

    /// Done when it comes.
    async fn heard(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}

/// What is spoken besides: HTTP and, behind the first bytes, TURN, whose clients offer no protocol.
const HTTP: &[u8] = b"http/1.1";
/// How often this machine's addresses are looked at: a laptop that changes its network is away for longer anyway.
const LOOK: Duration = Duration::from_secs(60);
