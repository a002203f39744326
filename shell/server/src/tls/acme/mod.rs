//! Certificates for public names from an ACME server (RFC 8555), proved by TLS-ALPN-01 (RFC 8737) on our own listener: it asks
//! for no second port and no other program.
//!
//! The protocol is the library's; when to ask, how to answer the check and what to keep is decided here.

mod http;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::{crypto::aws_lc_rs, pki_types::PrivatePkcs8KeyDer, sign::CertifiedKey};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};

use self::http::Http;
use super::{
    Hangup, Upkeep,
    pair::{Pair, PairError},
};
use crate::{
    clock,
    folder::{Folder, FolderError},
};

/// What to ask for, and whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The names, in lower case; at least one.
    pub names: Vec<String>,
    /// Where the ACME server's directory is; `https` (RFC 8555, section 6.1).
    pub directory: String,
    /// Whom it may write to when something is wrong with a certificate.
    pub contact: Option<String>,
    /// Certificates of whom to trust when speaking to it, besides whom the system trusts.
    pub roots: Option<PathBuf>,
}

/// Why it cannot even be tried; each reads as one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The certificates to trust the ACME server by.
    #[error("{} holds no certificates in PEM form that could be trusted ({reason}). Check acme_roots.", path.display())]
    Roots {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The data folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
enum Failed {
    /// The server refused or could not be reached.
    #[error("{0}")]
    Server(#[from] instant_acme::Error),
    /// It could not convince itself that a name is ours.
    #[error(
        "{name} could not be checked: {reason}. The check comes to TCP port 443 of {name}: see that the name leads to this server \
         and that the port reaches `listen`"
    )]
    Check {
        /// Which name.
        name: String,
        /// What the server says.
        reason: String,
    },
    /// It knows no way to check that we know.
    #[error(
        "{0} is not to be checked by TLS-ALPN-01, says the server: another one has to be chosen with acme_directory"
    )]
    NoWay(String),
    /// It takes for ever.
    #[error("there is no answer")]
    Slow,
    /// What came is no certificate for our key and names.
    #[error("what came is no certificate for these names ({0})")]
    Useless(String),
    /// Something could not be made.
    #[error("a key or a request could not be made ({0})")]
    Make(#[from] rcgen::Error),
    /// A key could not be used.
    #[error("a key that was made cannot be used ({0})")]
    Key(#[from] rustls::Error),
    /// The data folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl Failed {
    /// Whether the server says that it was asked too often.
    fn is_rate_limit(&self) -> bool {
        problem(self).is_some_and(|kind| kind.ends_with(":rateLimited"))
    }

    /// Whether the server has forgotten our account: a test server that was started anew, or another one at the same place.
    fn is_unknown_account(&self) -> bool {
        problem(self).is_some_and(|kind| kind.ends_with(":accountDoesNotExist"))
    }
}

fn problem(failed: &Failed) -> Option<&str> {
    match failed {
        Failed::Server(instant_acme::Error::Api(problem)) => problem.r#type.as_deref(),
        _ => None,
    }
}

/// A certificate as it is kept, with whom it is from.
#[derive(Serialize, Deserialize)]
struct Kept {
    directory: String,
    certificate: String,
    key: String,
}

/// An account as it is kept, with whose it is.
#[derive(Serialize, Deserialize)]
struct KeptAccount {
    directory: String,
    credentials: AccountCredentials,
}

/// Asks an ACME server for certificates.
pub struct Acme {
    settings: Settings,
    folder: Folder,
    http: Http,
    account: Option<Account>,
    /// What could not be written, by file: a certificate that was given is good all the same.
    unwritten: BTreeMap<&'static str, String>,
}

impl fmt::Debug for Acme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acme").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Acme {
    /// Makes ready to ask, and gives the certificate that was kept, if it is of the same server.
    ///
    /// # Errors
    /// When files cannot be read.
    pub fn open(settings: &Settings, folder: &Folder) -> Result<(Self, Option<Pair>), StartError> {
        let http = Http::new(settings.roots.as_deref())?;
        let pair = folder.read(CERTIFICATE)?.and_then(|text| kept(settings, &text));
        let acme = Self {
            settings: settings.clone(),
            folder: folder.clone(),
            http,
            account: None,
            unwritten: BTreeMap::new(),
        };
        Ok((acme, pair))
    }

    /// The certificate that was kept, if it is of the server that the settings name; nothing is made or asked.
    ///
    /// # Errors
    /// When there is nothing to trust in `acme_roots`, so that the server would not start.
    pub fn look(settings: &Settings, data: &Path) -> Result<Option<Pair>, StartError> {
        Http::new(settings.roots.as_deref())?;
        Ok(std::fs::read_to_string(data.join(CERTIFICATE)).ok().and_then(|text| kept(settings, &text)))
    }

    /// The names that certificates are asked for.
    pub fn names(&self) -> &[String] {
        &self.settings.names
    }

    /// Gets a certificate when there is none for all names, and a new one when a third of its life is left; tries again when
    /// that fails, ever less often, and at once after SIGHUP.
    pub(super) async fn keep(&mut self, upkeep: Upkeep<'_>, hangup: &mut Hangup) {
        let mut failures = 0;
        let mut not_before = 0;
        loop {
            self.write_again();
            take_ended_away(upkeep);
            let due = self.due(upkeep.shown.borrow().public.as_ref()).max(not_before);
            let wait = due.saturating_sub(clock::unix());
            if wait > 0 {
                // In pieces: the calendar may jump, and a laptop may sleep.
                let piece = Duration::from_secs(wait).min(if self.unwritten.is_empty() { NAP } else { WRITE_AGAIN });
                tokio::select! {
                    () = sleep(piece) => {}
                    () = hangup.heard() => {
                        let days = wait / 86_400;
                        tracing::info!("the certificate for {} is renewed in {days} days", self.settings.names.join(", "));
                    }
                }
                continue;
            }
            let names = self.settings.names.join(", ");
            let got = match timeout(ATTEMPT, self.obtain(upkeep)).await {
                Ok(got) => got,
                Err(_) => Err(Failed::Slow),
            };
            upkeep.shown.send_modify(|shown| shown.challenges.clear());
            match got {
                Ok(pair) => {
                    failures = 0;
                    not_before = clock::unix() + between(&pair);
                    let days = pair.until.saturating_sub(clock::unix()) / 86_400;
                    tracing::info!("new connections to {names} are shown a new certificate, good for {days} days");
                    upkeep.counts.replaced();
                    upkeep.shown.send_modify(|shown| shown.public = Some(pair));
                }
                Err(failed) => {
                    upkeep.counts.failed();
                    let pause = pause(failures, failed.is_rate_limit());
                    failures += 1;
                    if failed.is_unknown_account() {
                        self.forget();
                    }
                    let shown = match upkeep.shown.borrow().public.as_ref().map(|pair| pair.is_good(clock::unix())) {
                        Some(true) => "the one before stays",
                        _ => "our own is shown meanwhile, which browsers warn of",
                    };
                    tracing::error!(
                        "no certificate for {names} from {}: {failed}; {shown}; the next attempt is in {} minutes, or at once after \
                         SIGHUP",
                        self.settings.directory,
                        pause.as_secs().div_ceil(60),
                    );
                    rest(pause, upkeep, hangup).await;
                }
            }
        }
    }

    /// When to ask, in seconds since 1970.
    fn due(&self, pair: Option<&Pair>) -> u64 {
        match pair {
            Some(pair) if self.settings.names.iter().all(|name| pair.is_for(name)) => pair.due(),
            _ => 0,
        }
    }

    async fn obtain(&mut self, upkeep: Upkeep<'_>) -> Result<Pair, Failed> {
        let account = self.account().await?;
        let names: Vec<Identifier> = self.settings.names.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let name = authorization.identifier().to_string().to_ascii_lowercase();
            let Some(mut challenge) = authorization.challenge(ChallengeType::TlsAlpn01) else {
                return Err(Failed::NoWay(name));
            };
            let proof = proof(&name, challenge.key_authorization().digest().as_ref())?;
            upkeep.shown.send_modify(|shown| drop(shown.challenges.insert(name, proof)));
            challenge.set_ready().await?;
        }
        let ready = order.poll_ready(&PATIENCE).await;
        if !matches!(ready, Ok(OrderStatus::Ready)) {
            return Err(match why(&mut order).await {
                Some(check) => check,
                None => ready.map_or_else(Failed::Server, |_| Failed::Useless("the order is invalid".to_owned())),
            });
        }
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(self.settings.names.clone())?;
        params.distinguished_name = DistinguishedName::new();
        order.finalize_csr(params.serialize_request(&key)?.der()).await?;
        let certificate = order.poll_certificate(&PATIENCE).await?;
        let kept = Kept { directory: self.settings.directory.clone(), certificate, key: key.serialize_pem() };
        let pair =
            Pair::read(&kept.certificate, &kept.key).map_err(|error: PairError| Failed::Useless(error.to_string()))?;
        if let Some(name) = self.settings.names.iter().find(|name| !pair.is_for(name)) {
            return Err(Failed::Useless(format!("{name} is not in it")));
        }
        let now = clock::unix();
        if !pair.is_good(now) {
            let Pair { since, until, .. } = pair;
            return Err(Failed::Useless(format!("it is good from {since} to {until}, and it is {now} by our clock")));
        }
        // One file, so that it is there as a whole or not at all.
        self.write(CERTIFICATE, serde_json::to_string(&kept).map_err(instant_acme::Error::from)?);
        Ok(pair)
    }

    /// Keeps a text, now or when that can be done again: servers give only so many certificates and accounts in a week.
    fn write(&mut self, name: &'static str, text: String) {
        self.unwritten.insert(name, text);
        self.write_again();
    }

    fn write_again(&mut self) {
        let folder = &self.folder;
        self.unwritten.retain(|name, text| match folder.write(name, text) {
            Ok(()) => false,
            Err(error) => {
                let minutes = WRITE_AGAIN.as_secs() / 60;
                tracing::error!(
                    "{name} could not be kept and would be lost at a restart: {error}; tried again in {minutes} minutes"
                );
                true
            }
        });
    }

    /// The account: the one at hand, the one that was kept, or a new one.
    async fn account(&mut self) -> Result<Account, Failed> {
        if let Some(account) = &self.account {
            return Ok(account.clone());
        }
        let builder = Account::builder_with_http(Box::new(self.http.clone()));
        let kept = self.folder.read(ACCOUNT)?.and_then(|text| serde_json::from_str::<KeptAccount>(&text).ok());
        let account = match kept.filter(|kept| kept.directory == self.settings.directory) {
            Some(kept) => builder.from_credentials(kept.credentials).await?,
            None => {
                let contact: Vec<String> =
                    self.settings.contact.iter().map(|address| format!("mailto:{address}")).collect();
                let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
                // The settings are refused without the operator's word.
                let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
                let directory = self.settings.directory.clone();
                let (account, credentials) = builder.create(&new, directory.clone(), None).await?;
                let kept = serde_json::to_string(&KeptAccount { directory, credentials });
                self.write(ACCOUNT, kept.map_err(instant_acme::Error::from)?);
                account
            }
        };
        self.account = Some(account.clone());
        Ok(account)
    }

    fn forget(&mut self) {
        self.account = None;
        self.unwritten.remove(ACCOUNT);
        if let Err(error) = self.folder.remove(ACCOUNT) {
            tracing::error!("the account that the ACME server does not know any more cannot be forgotten: {error}");
        }
    }
}

/// The certificate in the text that was kept.
fn kept(settings: &Settings, text: &str) -> Option<Pair> {
    let kept = serde_json::from_str::<Kept>(text).ok()?;
    // What one server gave for a trial must not be shown as another's.
    if kept.directory != settings.directory {
        return None;
    }
    Pair::read(&kept.certificate, &kept.key).ok()
}

/// What a check is shown: a certificate that signs itself and holds the digest (RFC 8737, section 3).
fn proof(name: &str, digest: &[u8]) -> Result<Arc<CertifiedKey>, Failed> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&key)?.der().clone();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    // Not `from_der`: that refuses the certificate for a critical extension that it does not know, which is the point of it.
    let key = aws_lc_rs::default_provider().key_provider.load_private_key(key.into())?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate], key)))
}

/// What the server found when it looked whether the names are ours.
async fn why(order: &mut Order) -> Option<Failed> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        if authorization.refresh().await.is_err() {
            return None;
        }
        let reason = authorization.challenges.iter().find_map(|challenge| challenge.error.as_ref());
        if let Some(reason) = reason {
            let reason = reason.detail.clone().unwrap_or_else(|| reason.to_string());
            let name = authorization.identifier().to_string();
            return Some(Failed::Check { name, reason: reason.trim_end_matches('.').to_owned() });
        }
    }
    None
}

/// A certificate that has ended is worse than one that can be clicked away.
fn take_ended_away(upkeep: Upkeep<'_>) {
    let ended = |pair: &Pair| !pair.is_good(clock::unix());
    if upkeep.shown.borrow().public.as_ref().is_some_and(ended) {
        upkeep.shown.send_modify(|shown| shown.public = None);
    }
}

/// Waits so long, or until SIGHUP. A certificate that ends meanwhile is shown no longer.
async fn rest(pause: Duration, upkeep: Upkeep<'_>, hangup: &mut Hangup) {
    let end = Instant::now() + pause;
    loop {
        take_ended_away(upkeep);
        let until = upkeep.shown.borrow().public.as_ref().map(|pair| pair.until);
        let left = until.map(|until| Duration::from_secs(until.saturating_sub(clock::unix()).saturating_add(1)));
        let left = left.unwrap_or(pause).min(end.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return;
        }
        tokio::select! {
            () = sleep(left.min(NAP)) => {}
            () = hangup.heard() => return,
        }
    }
}

/// The shortest time, in seconds, after a certificate came until the next is asked for: what comes may be due at once, when a clock
/// is wrong, and public servers give the same only five times a week.
fn between(pair: &Pair) -> u64 {
    BETWEEN.as_secs().min(pair.until.saturating_sub(pair.since) / 3)
}

/// How long to wait after the attempt that failed when `failures` had failed before.
fn pause(failures: u32, is_rate_limit: bool) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(3_u32.saturating_pow(failures)).min(LONGEST_PAUSE);
    if is_rate_limit { pause.max(RATE_PAUSE) } else { pause }
}

/// The certificate with its key, and the account.
const CERTIFICATE: &str = "acme-certificate.json";
const ACCOUNT: &str = "acme-account.json";
/// See [`between`].
const BETWEEN: Duration = Duration::from_secs(6 * 3600);
/// How soon it is tried again to keep what could not be kept: somebody has to make room on the disk first.
const WRITE_AGAIN: Duration = Duration::from_secs(600);
/// The longest sleep at a time.
const NAP: Duration = Duration::from_secs(3600);
/// The longest that one attempt may take. Servers check names within seconds.
const ATTEMPT: Duration = Duration::from_secs(300);
/// How long the server may take to check, and to sign.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(90));
/// Public servers count five failed checks of a name in an hour: with this there are four.
const FIRST_PAUSE: Duration = Duration::from_secs(120);
/// A renewal begins a month before the end: there is time, and what is wrong has to be mended by somebody.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// Limits of servers count in hours.
const RATE_PAUSE: Duration = Duration::from_secs(3600);

#[cfg(test)]
mod tests {
    use tokio::sync::watch;

    use super::{
        super::{Counts, shown::Shown},
        *,
    };

    #[test]
    fn pauses_grow_and_stay_below_what_servers_allow() {
        let pauses: Vec<u64> = (0..8).map(|failures| pause(failures, false).as_secs() / 60).collect();
        assert_eq!(pauses, [2, 6, 18, 54, 162, 360, 360, 360]);
        let attempts_in_an_hour = 1 + pauses
            .iter()
            .scan(0, |at, p| {
                *at += p;
                Some(*at)
            })
            .filter(|at| *at < 60)
            .count();
        assert!(attempts_in_an_hour < 5);
        assert_eq!(pause(0, true), RATE_PAUSE);
        assert_eq!(pause(u32::MAX, true), LONGEST_PAUSE);
    }

    #[test]
    fn a_check_sees_the_digest_in_a_critical_extension() {
        let proof = proof("a.example", &[7; 32]).unwrap();
        let (_, certificate) = x509_parser::parse_x509_certificate(&proof.cert[0]).unwrap();
        // RFC 8737, section 3: id-pe-acmeIdentifier, an octet string of 32 bytes.
        let extension = certificate.extensions().iter().find(|e| e.oid.to_id_string() == "1.3.6.1.5.5.7.1.31").unwrap();
        assert!(extension.critical);
        assert_eq!(extension.value, [&[4, 32][..], &[7; 32]].concat());
    }

    /// A certificate that is good from so many seconds ago until in so many.
    fn pair(ago: i64, left: i64) -> Pair {
        let own = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["a.example".to_owned()]).unwrap();
        let at = |seconds: i64| {
            let base = rcgen::date_time_ymd(1970, 1, 1);
            base + Duration::from_secs(u64::try_from(i64::try_from(clock::unix()).unwrap() + seconds).unwrap())
        };
        (params.not_before, params.not_after) = (at(-ago), at(left));
        Pair::read(&params.self_signed(&own).unwrap().pem(), &own.serialize_pem()).unwrap()
    }

    #[tokio::test]
    async fn a_certificate_that_ends_in_a_pause_is_shown_no_longer() {
        let (shown, mut seen) = watch::channel(Shown { public: Some(pair(3600, 0)), ..Shown::default() });
        let counts = Counts::default();
        let upkeep = Upkeep { shown: &shown, counts: &counts };
        let mut hangup = Hangup::deaf();
        tokio::select! {
            () = rest(LONGEST_PAUSE, upkeep, &mut hangup) => panic!("the pause is long"),
            gone = seen.wait_for(|shown| shown.public.is_none()) => drop(gone.unwrap()),
        }
    }

    #[test]
    fn what_is_due_at_once_is_not_asked_for_at_once() {
        let old = pair(89 * 86_400, 86_400);
        assert!(old.due() < clock::unix());
        assert_eq!(between(&old), BETWEEN.as_secs());
        // The life of a trial.
        assert_eq!(between(&pair(0, 24)), 8);
    }
}
