//! The settings exactly as somebody wrote them: in the file, in the environment, or as flags.
//!
//! The list below is the only one. The file's shape, the flags, the variables, the reference page and the sample all
//! come from it. What the settings mean together is decided in the parent module, not here.

use std::{collections::BTreeMap, net::IpAddr, net::SocketAddr, path::PathBuf};

use serde::Deserialize;

/// One setting, as the command line and the reference page need to know it.
#[derive(Debug)]
pub struct Key {
    /// Its name in the file; the flag and the variable are made from it.
    pub name: &'static str,
    /// What the value looks like.
    pub value: &'static str,
    /// What holds when nobody says anything.
    pub default: &'static str,
    /// What it does, line by line.
    pub doc: &'static [&'static str],
    /// Whether there is a flag: secrets have none, since everybody on the machine can read the command lines.
    pub flag: bool,
    /// A line for the sample file.
    pub sample: &'static str,
    set: fn(&mut Raw, &str) -> Result<(), String>,
}

impl Key {
    /// The flag without its dashes, such as `media-port`.
    pub fn flag_name(&self) -> String {
        self.name.replace('_', "-")
    }

    /// The variable, such as `PARLOR_MEDIA_PORT`.
    pub fn variable(&self) -> String {
        format!("PARLOR_{}", self.name.to_uppercase())
    }

    /// What it does, as one text.
    pub fn text(&self) -> String {
        self.doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
    }

    /// Puts a value given as text into `raw`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn set(&self, raw: &mut Raw, text: &str) -> Result<(), String> {
        (self.set)(raw, text)
    }
}

macro_rules! keys {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident: $kind:ty = $value:literal, $default:literal, $sample:literal, flag: $flag:literal;
    )+) => {
        /// Every setting as it was written, or `None` where nothing was.
        #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Raw {
            $(
                $(#[doc = $doc])+
                pub $name: Option<$kind>,
            )+
        }

        impl Raw {
            /// These settings, and where nothing is said here, those of `lower`.
            pub fn over(self, lower: Raw) -> Raw {
                Raw { $($name: self.$name.or(lower.$name),)+ }
            }
        }

        /// All settings, in the order of the reference page.
        pub const KEYS: &[Key] = &[$(
            Key {
                name: stringify!($name),
                value: $value,
                default: $default,
                doc: &[$($doc),+],
                flag: $flag,
                sample: $sample,
                set: |raw, text| {
                    raw.$name = Some(<$kind as FromText>::from_text(text)?);
                    Ok(())
                },
            },
        )+];
    };
}

keys! {
    /// The folder where everything lies that must survive a restart: the database, the API key, the certificate.
    /// It is made when missing, readable by its owner only.
    data: PathBuf = "DIR", "`$XDG_DATA_HOME/parlor`, or `~/.local/share/parlor`", "data = \"/var/lib/parlor\"", flag: true;
    /// Where browsers and SDKs connect, over TCP. Port 0 takes any free port.
    /// Beyond loopback the server speaks TLS; see `tls_certificate`.
    listen: SocketAddr = "ADDRESS:PORT", "`127.0.0.1:7880`", "listen = \"0.0.0.0:7880\"", flag: true;
    /// The port of all media, over UDP and, for networks that let no UDP through, over TCP. Port 0 takes any that is free.
    media_port: u16 = "PORT", "`7882`", "media_port = 7882", flag: true;
    /// How many threads carry media. A room lives on exactly one of them.
    media_threads: u8 = "N", "one for each processor core, at most 16", "media_threads = 4", flag: true;
    /// The addresses of this machine that carry media, when not all should.
    media_address: Addresses = "IP[,IP...]", "each address of an interface that is up, loopback only when there is no other", "media_address = [\"192.0.2.10\"]", flag: true;
    /// Addresses under which the outside reaches this machine, when a router translates them one to one.
    /// A loopback address here makes the server offer loopback too.
    public_address: Addresses = "IP[,IP...]", "none", "public_address = [\"203.0.113.7\"]", flag: true;
    /// Whom clients reach through the TURN relay besides this server's own media: nobody; or everyone on the public
    /// Internet, and of private and special addresses those in the ranges named, as in `public,10.20.0.0/16`.
    turn_peers: TurnPeers = "none|public[,RANGE...]", "`none`", "turn_peers = \"none\"", flag: false;
    /// The certificate chain (PEM). When its file changes it is read again, within seconds or at once after SIGHUP. Without one,
    /// a server beyond loopback signs one for itself with an authority of its own, and prints that one's fingerprint.
    tls_certificate: PathBuf = "FILE", "none", "tls_certificate = \"/etc/parlor/fullchain.pem\"", flag: true;
    /// The private key that belongs to `tls_certificate` (PEM).
    tls_key: PathBuf = "FILE", "none", "tls_key = \"/etc/parlor/privkey.pem\"", flag: true;
    /// Names under which people in the local network reach this server, besides what the machine is called and its addresses:
    /// the certificate that it signs for itself is good for them too.
    tls_names: Names = "NAME[,NAME...]", "none", "tls_names = [\"talk.lan\"]", flag: true;
    /// Public names to get certificates for by itself, from an ACME server such as Let's Encrypt. It checks each name by a
    /// connection to TCP port 443, which therefore has to reach `listen` (TLS-ALPN-01). Renewed when a third of the life is left.
    acme_names: Names = "NAME[,NAME...]", "none", "acme_names = [\"meet.example.org\"]", flag: true;
    /// That you have read the terms of service of the ACME server and agree. Nothing is asked of it before.
    acme_accept_terms: bool = "true|false", "`false`", "acme_accept_terms = true", flag: true;
    /// An e-mail address that the ACME server may write to.
    acme_contact: Contact = "ADDRESS", "none", "acme_contact = \"admin@example.org\"", flag: true;
    /// Where the directory of the ACME server is: a trial server of the same kind, or one of your own.
    acme_directory: String = "URL", "`https://acme-v02.api.letsencrypt.org/directory`", "acme_directory = \"https://acme-v02.api.letsencrypt.org/directory\"", flag: true;
    /// Certificates (PEM) to trust the ACME server by, besides those that the system trusts: for one of your own.
    acme_roots: PathBuf = "FILE", "none", "acme_roots = \"/etc/parlor/ca.pem\"", flag: true;
    /// Speak plain HTTP beyond loopback. Browsers then give no camera and no microphone to pages from other machines.
    insecure_http: bool = "true|false", "`false`", "insecure_http = false", flag: true;
    /// A reverse proxy stands in front: speak plain HTTP, and believe its `X-Forwarded-For`, `-Host` and `-Proto`.
    behind_proxy: bool = "true|false", "`false`", "behind_proxy = false", flag: true;
    /// Who may read `/metrics`: only this machine, or everyone who reaches the server.
    metrics: Audience = "loopback|everyone", "`loopback`", "metrics = \"loopback\"", flag: true;
    /// Keys that sign media tokens, with their secrets. They replace the key that is made at first start and kept in
    /// `keys.toml` in the data folder. In the variable: `key: secret`, several separated by commas or line breaks.
    api_keys: ApiKeys = "KEY: SECRET", "one key, made at first start", "api_keys = { my-key = \"a secret of 32 characters or more\" }", flag: false;
    /// The database, when it is not the SQLite file in the data folder.
    database: String = "URL", "`parlor.db` in the data folder", "database = \"postgres://parlor@localhost/parlor\"", flag: false;
    /// The most that the files of all chats may take on the disk together, in megabytes. A room's files take at most
    /// 1,024 in any case.
    files_quota: u64 = "MEGABYTES", "half of what the disk has free, at most 20480", "files_quota = 20000", flag: true;
    /// How many voice messages one person may have. Who would leave one more is told that there is no room. 0: nobody leaves any.
    voicemail_messages: u32 = "N", "`100`", "voicemail_messages = 100", flag: true;
    /// The most that the voice messages of one person may take on the disk, in megabytes. They count to `files_quota` too.
    voicemail_quota: u64 = "MEGABYTES", "`100`", "voicemail_quota = 100", flag: true;
    /// How long the place of somebody is kept whose line broke, in seconds: so long they come back as if they had never been
    /// away, also after the server was started anew. The others see them greyed out.
    seat_kept: u32 = "SECONDS", "`300`", "seat_kept = 300", flag: true;
    /// How long a call rings, in seconds, until the caller is told that nobody answers: from 5 to 120.
    rings: u16 = "SECONDS", "`30`", "rings = 30", flag: true;
    /// Wake closed browsers through push services in private networks too, also by `http://`: for a push service of your own, and
    /// for tests. Whoever has an account can then make this server send requests to such addresses.
    push_private: bool = "true|false", "`false`", "push_private = false", flag: true;
    /// Let the feeds and webhooks that administrators name lie in private networks and on this machine, also under `http://`. Without
    /// it only public servers are asked, by `https://`.
    outgoing_private: bool = "true|false", "`false`", "outgoing_private = false", flag: true;
    /// Answer about programs that attend under `/online_attendants/` and `/notify_ws/` too, for scripts that know no others; see
    /// docs/attendance.md. They ask with an app password.
    old_attendance: bool = "true|false", "`false`", "old_attendance = false", flag: true;
    /// What is logged: a level (`error`, `warn`, `info`, `debug`, `trace`), or levels for parts, such as `info,hub=debug`.
    log: String = "FILTER", "`info,str0m=error`", "log = \"info,str0m=error\"", flag: true;
    /// How the log is written: for people, or one JSON object a line for machines.
    log_format: LogFormat = "text|json", "`text`", "log_format = \"text\"", flag: true;
}

/// One or several addresses: in the file a text or a list, elsewhere separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Addresses(pub Vec<IpAddr>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(IpAddr),
    Many(Vec<IpAddr>),
}

impl From<OneOrMany> for Addresses {
    fn from(written: OneOrMany) -> Self {
        match written {
            OneOrMany::One(address) => Self(vec![address]),
            OneOrMany::Many(addresses) => Self(addresses),
        }
    }
}

/// One or several names of hosts, in lower case: in the file a text or a list, elsewhere separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "TextOrTexts")]
pub struct Names(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrTexts {
    One(String),
    Many(Vec<String>),
}

impl TryFrom<TextOrTexts> for Names {
    type Error = String;

    fn try_from(written: TextOrTexts) -> Result<Self, String> {
        match written {
            TextOrTexts::One(text) => Self::from_text(&text),
            TextOrTexts::Many(names) => names.iter().map(|text| name(text)).collect::<Result<_, _>>().map(Self),
        }
    }
}

impl FromText for Names {
    fn from_text(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(name).collect::<Result<_, _>>().map(Self)
    }
}

/// A name as certificates hold it: letters, digits and hyphens between dots (RFC 1123, section 2.1).
fn name(text: &str) -> Result<String, String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_address = text.split('.').next_back().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if text.len() <= 253 && text.split('.').all(is_label) && !is_address {
        return Ok(text.to_ascii_lowercase());
    }
    Err(format!(
        "`{text}` is no name of a host, such as meet.example.org; letters beyond a to z are written as xn--..."
    ))
}

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Contact(pub String);

impl TryFrom<String> for Contact {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::from_text(&text)
    }
}

impl FromText for Contact {
    fn from_text(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let is_printable = text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b',' | b':' | b'?'));
        match text.split_once('@') {
            Some((who, host)) if is_printable && !who.is_empty() && name(host).is_ok() => Ok(Self(text.to_owned())),
            _ => Err("expected one e-mail address, such as admin@example.org".to_owned()),
        }
    }
}

/// Whom clients reach through the relay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TurnPeers(pub ::turn::Peers);

impl TryFrom<String> for TurnPeers {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::from_text(&text)
    }
}

impl FromText for TurnPeers {
    fn from_text(text: &str) -> Result<Self, String> {
        let mut words = text.split(',').map(str::trim);
        match words.next() {
            Some("none") if words.next().is_none() => Ok(Self(::turn::Peers::None)),
            Some("public") => {
                let ranges = words.map(|range| range.parse().map_err(|error| format!("`{range}`: {error}")));
                Ok(Self(::turn::Peers::Real { allowed: ranges.collect::<Result<_, String>>()? }))
            }
            _ => Err("expected `none`, or `public` with ranges behind it, as in `public,10.20.0.0/16`".to_owned()),
        }
    }
}

/// Who may read something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Programs on the same machine.
    Loopback,
    /// Everyone who reaches the server.
    Everyone,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// API keys with their secrets. Prints as dots.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ApiKeys(pub BTreeMap<String, String>);

impl std::fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys().map(|key| format!("{key}: ..."))).finish()
    }
}

/// A value given as text, by a flag or a variable.
trait FromText: Sized {
    fn from_text(text: &str) -> Result<Self, String>;
}

impl FromText for PathBuf {
    fn from_text(text: &str) -> Result<Self, String> {
        if text.is_empty() { Err("expected a path".to_owned()) } else { Ok(Self::from(text)) }
    }
}

impl FromText for String {
    fn from_text(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl FromText for SocketAddr {
    fn from_text(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:7880".to_owned())
    }
}

impl FromText for u16 {
    fn from_text(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| "expected a number from 0 to 65535".to_owned())
    }
}

impl FromText for u32 {
    fn from_text(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| "expected a whole number".to_owned())
    }
}

impl FromText for u64 {
    fn from_text(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| "expected a number".to_owned())
    }
}

impl FromText for u8 {
    fn from_text(text: &str) -> Result<Self, String> {
        text.trim().parse().map_err(|_| "expected a number from 1 to 255".to_owned())
    }
}

impl FromText for bool {
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err("expected true or false".to_owned()),
        }
    }
}

impl FromText for Addresses {
    fn from_text(text: &str) -> Result<Self, String> {
        let one = |part: &str| part.parse().map_err(|_| format!("`{part}` is not an IP address"));
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect::<Result<_, _>>().map(Self)
    }
}

impl FromText for Audience {
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "loopback" => Ok(Self::Loopback),
            "everyone" => Ok(Self::Everyone),
            _ => Err("expected loopback or everyone".to_owned()),
        }
    }
}

impl FromText for LogFormat {
    fn from_text(text: &str) -> Result<Self, String> {
        match text.trim() {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("expected text or json".to_owned()),
        }
    }
}

impl FromText for ApiKeys {
    fn from_text(text: &str) -> Result<Self, String> {
        let mut keys = BTreeMap::new();
        for pair in text.split([',', '\n']).map(str::trim).filter(|pair| !pair.is_empty()) {
            // The pair itself is never repeated in the message: it may hold the secret.
            let (key, secret) = pair.split_once(':').ok_or("expected `key: secret`")?;
            let (key, secret) = (key.trim(), secret.trim());
            if key.is_empty() || secret.is_empty() {
                return Err("expected `key: secret`, both not empty".to_owned());
            }
            keys.insert(key.to_owned(), secret.to_owned());
        }
        if keys.is_empty() { Err("expected `key: secret`".to_owned()) } else { Ok(Self(keys)) }
    }
}
