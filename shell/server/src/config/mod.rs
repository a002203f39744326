//! The settings, checked: what the rest of the server may rely on.
//!
//! A flag goes before a variable, a variable before the file, the file before the default. [`raw`] holds the list of
//! settings; the reference page docs/config.md is generated from it by the tests below.

pub mod raw;

use std::{
    collections::BTreeMap,
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::tls::acme;

pub use raw::{Audience, KEYS, Key, LogFormat, Raw};

/// What the server was told, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    /// How HTTP is protected.
    pub transport: Transport,
    /// Names that a certificate of our own is good for, besides the machine's.
    pub tls_names: Vec<String>,
    /// Whether a reverse proxy stands in front, whose headers are believed.
    pub behind_proxy: bool,
    /// The media plane.
    pub media: Media,
    /// Whom clients reach through the relay besides our own media.
    pub turn_peers: ::turn::Peers,
    /// Who may read `/metrics`.
    pub metrics: Audience,
    /// API keys that replace the kept one; empty when the kept one counts. Values are secrets.
    pub api_keys: BTreeMap<String, String>,
    /// The database, when it is not the file in the data folder.
    pub database: Option<String>,
    /// The most bytes of all files of chats together, when somebody said it.
    pub files_quota: Option<u64>,
    /// How many voice messages one person may have.
    pub mailboxes: Mailboxes,
    /// How long the place of somebody is kept whose line broke.
    pub seat_kept: Duration,
    /// How long a call rings.
    pub rings: Duration,
    /// Whether push services may be private ones.
    pub push_private: bool,
    /// Whether servers that administrators name may be private ones.
    pub outgoing_private: bool,
    /// Whether programs that attend are asked about under their older paths too.
    pub old_attendance: bool,
    /// What is logged.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
}

/// How many voice messages one person may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailboxes {
    /// So many.
    pub messages: u32,
    /// Of so many bytes in all.
    pub bytes: u64,
}

impl Default for Mailboxes {
    /// A hundred messages of a minute take 25 MB; the rest is for those who talk longer.
    fn default() -> Self {
        Self { messages: 100, bytes: 100 * 1024 * 1024 }
    }
}

/// How HTTP is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    /// Not at all: loopback, behind a proxy, or because somebody insisted.
    Plain,
    /// By a certificate that the server signs for itself.
    Own,
    /// By a certificate of the operator.
    Certificate {
        /// The chain.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
    /// By certificates of an ACME server, and by our own until the first is there.
    Acme(acme::Settings),
}

/// What the media plane was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The port of all threads; 0 for any.
    pub port: u16,
    /// How many threads.
    pub threads: usize,
    /// Own addresses to use; empty for all usable ones.
    pub addresses: Vec<IpAddr>,
    /// Addresses as seen from outside.
    pub public: Vec<IpAddr>,
}

/// Why the settings cannot be used; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("The configuration file {path} cannot be read ({source}). Check --config or PARLOR_CONFIG.")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("The configuration file {path} is wrong in line {line}: {message}. See docs/config.md.")]
    File {
        /// Which file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A flag or variable has a value that cannot be used.
    #[error("{name} cannot be used: {message}.")]
    Value {
        /// The flag or variable.
        name: String,
        /// What was expected.
        message: String,
    },
    /// One half of the certificate is missing.
    #[error("tls_certificate and tls_key belong together: give both or none.")]
    HalfCertificate,
    /// Certificates are asked for, and something else says where they come from or that there is no TLS.
    #[error("acme_names and {0} exclude each other: the certificate comes from one place.")]
    AcmeAnd(&'static str),
    /// Nobody agreed.
    #[error(
        "acme_names asks for certificates: read the terms of service of that ACME server, and agree with acme_accept_terms = true."
    )]
    AcmeTerms,
    /// The protocol knows no other scheme.
    #[error("acme_directory has to begin with https://.")]
    AcmeDirectory,
    /// No ACME server gives certificates for names without a dot.
    #[error("acme_names holds {0}, which is no public name: for local networks there is tls_names.")]
    AcmeName(String),
    /// There is no home to put the data folder in.
    #[error("There is no home folder to keep data in. Say where with --data or PARLOR_DATA.")]
    NoHome,
    /// A call would be over before anybody could answer, or ring on for minutes.
    #[error("rings has to be from 5 to 120 seconds.")]
    Rings,
    /// No thread could carry media.
    #[error("media_threads has to be 1 or more.")]
    NoThreads,
}

impl Config {
    /// Gathers the settings from `flags`, the variables that `variable` knows, and `file`, and checks them.
    ///
    /// # Errors
    /// When something cannot be read, is unknown, or contradicts something else.
    pub fn load(
        flags: Raw,
        file: Option<&Path>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut variables = Raw::default();
        for key in KEYS {
            let name = key.variable();
            if let Some(text) = variable(&name) {
                key.set(&mut variables, &text).map_err(|message| ConfigError::Value { name, message })?;
            }
        }
        let file = match file {
            Some(path) => read(path)?,
            None => Raw::default(),
        };
        let home = default_data(&variable);
        Self::check(flags.over(variables).over(file), home)
    }

    fn check(raw: Raw, home: Option<PathBuf>) -> Result<Self, ConfigError> {
        let listen = raw.listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), LISTEN));
        let behind_proxy = raw.behind_proxy.unwrap_or(false);
        let insecure = raw.insecure_http == Some(true);
        let acme = acme_settings(&raw, behind_proxy)?;
        let transport = match (raw.tls_certificate, raw.tls_key, acme) {
            (Some(certificate), Some(key), _) => Transport::Certificate { certificate, key },
            (None, None, Some(settings)) => Transport::Acme(settings),
            (None, None, None) if listen.ip().is_loopback() || behind_proxy || insecure => Transport::Plain,
            (None, None, None) => Transport::Own,
            _ => return Err(ConfigError::HalfCertificate),
        };
        let threads = match raw.media_threads {
            Some(0) => return Err(ConfigError::NoThreads),
            Some(threads) => usize::from(threads),
            None => std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_DEFAULT_THREADS)),
        };
        let rings = raw.rings.map_or(hub::Config::default().rings, |seconds| Duration::from_secs(seconds.into()));
        if !(LEAST_RINGS..=MOST_RINGS).contains(&rings) {
            return Err(ConfigError::Rings);
        }
        let port = raw.media_port.unwrap_or(MEDIA);
        Ok(Self {
            data: raw.data.or(home).ok_or(ConfigError::NoHome)?,
            listen,
            transport,
            tls_names: raw.tls_names.unwrap_or_default().0,
            behind_proxy,
            media: Media {
                port,
                threads,
                addresses: raw.media_address.unwrap_or_default().0,
                public: raw.public_address.unwrap_or_default().0,
            },
            turn_peers: raw.turn_peers.unwrap_or_default().0,
            metrics: raw.metrics.unwrap_or(Audience::Loopback),
            api_keys: raw.api_keys.unwrap_or_default().0,
            database: raw.database,
            seat_kept: raw.seat_kept.map_or(hub::Config::default().seat_kept, |s| Duration::from_secs(s.into())),
            rings,
            push_private: raw.push_private.unwrap_or(false),
            files_quota: raw.files_quota.map(|megabytes| megabytes.saturating_mul(1024 * 1024)),
            outgoing_private: raw.outgoing_private.unwrap_or(false),
            old_attendance: raw.old_attendance.unwrap_or(false),
            mailboxes: Mailboxes {
                messages: raw.voicemail_messages.unwrap_or(Mailboxes::default().messages),
                bytes: raw
                    .voicemail_quota
                    .map_or(Mailboxes::default().bytes, |megabytes| megabytes.saturating_mul(1024 * 1024)),
            },
            log: raw.log.unwrap_or_else(|| LOG.to_owned()),
            log_format: raw.log_format.unwrap_or(LogFormat::Text),
        })
    }

    /// Where the database is: the PostgreSQL that was named, or SQLite in the data folder.
    pub fn database(&self) -> store::Target {
        match &self.database {
            Some(url) => store::Target::Postgres(url.clone()),
            None => store::Target::Sqlite(self.data.clone()),
        }
    }

    /// What is allowed and yet likely to be regretted, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.transport == Transport::Plain && !self.behind_proxy && !self.listen.ip().is_loopback() {
            warnings.push(format!(
                "Plain HTTP is served on {}: others can listen in, and browsers on other machines give no camera and no microphone.",
                self.listen
            ));
        }
        for (key, secret) in &self.api_keys {
            if secret.len() < GOOD_SECRET {
                warnings.push(format!("The secret of API key {key} has fewer than {GOOD_SECRET} characters."));
            }
        }
        warnings
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data", &self.data)
            .field("listen", &self.listen)
            .field("transport", &self.transport)
            .field("behind_proxy", &self.behind_proxy)
            .field("media", &self.media)
            .field("metrics", &self.metrics)
            .field("api_keys", &self.api_keys.keys())
            .field("log", &self.log)
            .field("log_format", &self.log_format)
            .finish_non_exhaustive()
    }
}

/// What to ask an ACME server for, if anything.
fn acme_settings(raw: &Raw, behind_proxy: bool) -> Result<Option<acme::Settings>, ConfigError> {
    let names = raw.acme_names.clone().unwrap_or_default().0;
    if names.is_empty() {
        return Ok(None);
    }
    let others = [
        ("tls_certificate", raw.tls_certificate.is_some() || raw.tls_key.is_some()),
        ("insecure_http", raw.insecure_http == Some(true)),
        ("behind_proxy", behind_proxy),
    ];
    if let Some((other, _)) = others.iter().find(|(_, is_given)| *is_given) {
        return Err(ConfigError::AcmeAnd(other));
    }
    if let Some(name) = names.iter().find(|name| !name.contains('.')) {
        return Err(ConfigError::AcmeName(name.clone()));
    }
    if raw.acme_accept_terms != Some(true) {
        return Err(ConfigError::AcmeTerms);
    }
    let directory = raw.acme_directory.clone().unwrap_or_else(|| LETS_ENCRYPT.to_owned());
    if !directory.starts_with("https://") {
        return Err(ConfigError::AcmeDirectory);
    }
    let contact = raw.acme_contact.clone().map(|contact| contact.0);
    Ok(Some(acme::Settings { names, directory, contact, roots: raw.acme_roots.clone() }))
}

fn read(path: &Path) -> Result<Raw, ConfigError> {
    let text = fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|error| ConfigError::File {
        path: path.to_owned(),
        line: error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count()),
        message: error.message().replace('\n', " "),
    })
}

/// Where data lies when nobody says anything (XDG base directory specification).
fn default_data(variable: &impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))?;
    Some(base.join("parlor"))
}

/// The life of rooms, a line each. The media library warns of what clients offer and nobody can act upon.
const LOG: &str = "info,str0m=error";
/// The ACME server that anybody may use without an account made elsewhere.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// The port of HTTP: LiveKit's, so that its tools find the server.
const LISTEN: u16 = 7880;
/// The first UDP port: LiveKit's port for all media over one.
const MEDIA: u16 = 7882;
/// One ring of a telephone: with less a call is over before anybody looks.
const LEAST_RINGS: Duration = Duration::from_secs(5);
/// Whoever has not answered for two minutes is not there, and the caller's devices stay open meanwhile.
const MOST_RINGS: Duration = Duration::from_secs(120);
/// More threads than this are opened only when asked for: each is one more port in the firewall.
const MOST_DEFAULT_THREADS: usize = 16;
/// HMAC-SHA-256 gains nothing from longer keys than 32 bytes, and shorter ones can be guessed.
const GOOD_SECRET: usize = 32;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
