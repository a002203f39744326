//! A certificate of the operator, by path, read again whenever its files change.
//!
//! What is in the files counts and not their times: symbolic links, copies that keep times and file systems without fine
//! times change them in ways of their own.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use tokio::time::sleep;

use super::{
    Hangup, TlsError, Upkeep,
    pair::{Pair, PairError},
};
use crate::clock;

/// Where they are.
#[derive(Debug, Clone)]
pub struct Files {
    /// The chain.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// What was in both files; nothing when one cannot be read.
pub type Mark = Option<[u8; 32]>;

impl Files {
    /// Reads both, and says what was in them.
    ///
    /// # Errors
    /// When one cannot be read, or they do not belong together.
    pub fn read(&self) -> Result<(Pair, Mark), TlsError> {
        let (pair, mark) = self.look();
        Ok((pair?, mark))
    }

    fn look(&self) -> (Result<Pair, TlsError>, Mark) {
        let (certificate, key) = match (text(&self.certificate), text(&self.key)) {
            (Ok(certificate), Ok(key)) => (certificate, key),
            (Err(error), _) | (_, Err(error)) => return (Err(error), None),
        };
        let mut hash = Sha256::new();
        hash.update(u64::try_from(certificate.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(&certificate);
        hash.update(&key);
        let empty = |path: &Path, what| TlsError::Empty { path: path.to_owned(), what };
        let pair = Pair::read(&certificate, &key).map_err(|error| match error {
            PairError::NoCertificate => empty(&self.certificate, "certificate"),
            PairError::NoKey => empty(&self.key, "private key"),
            PairError::Mismatch(error) => TlsError::Mismatch(error),
        });
        (pair, Some(hash.finalize().into()))
    }

    /// Looks on another thread: the files may lie on a network that hangs.
    async fn look_aside(&self) -> (Result<Pair, TlsError>, Mark) {
        let files = self.clone();
        match tokio::task::spawn_blocking(move || files.look()).await {
            Ok(looked) => looked,
            Err(_) => (Err(TlsError::Broke), None),
        }
    }

    /// Looks for ever, and shows what is new and good. What cannot be used is told once, and what was shown before stays.
    /// `shown` is what was in the files when they were read first.
    pub async fn keep(&self, mut shown: Mark, upkeep: Upkeep<'_>, hangup: &mut Hangup) {
        let mut seen = shown;
        loop {
            let asked = tokio::select! {
                () = sleep(POLL) => false,
                () = hangup.heard() => true,
            };
            let (mut pair, mut mark) = self.look_aside().await;
            if !asked {
                if mark == seen {
                    continue;
                }
                // One file is written after the other: they count once they hold still.
                sleep(SETTLE).await;
                let before = mark;
                (pair, mark) = self.look_aside().await;
                if mark != before {
                    continue;
                }
            }
            seen = mark;
            let pair = pair.and_then(|pair| if pair.is_good(clock::unix()) { Ok(pair) } else { Err(TlsError::Over) });
            match pair {
                Ok(_) if mark == shown => {
                    tracing::info!("the certificate was read again: it is the one that is shown");
                }
                Ok(pair) => {
                    tracing::info!("new connections are shown the new certificate from {}", self.certificate.display());
                    upkeep.counts.replaced();
                    shown = mark;
                    upkeep.shown.send_modify(|all| all.usual = Some(pair));
                }
                Err(error) => {
                    upkeep.counts.refused();
                    tracing::error!("the new certificate is not used, the one before stays: {error}");
                }
            }
        }
    }
}

fn text(path: &Path) -> Result<String, TlsError> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
    read.map(|_| text).map_err(|source| TlsError::Read { path: path.to_owned(), source })
}

/// How often the files are looked at. Renewals come weeks before an end; somebody who waits for one says so with SIGHUP.
pub const POLL: Duration = Duration::from_secs(10);
/// How long files have to hold still.
const SETTLE: Duration = Duration::from_secs(1);
/// The longest file, in bytes: a hundred times a chain. A path that leads to a device must not fill the memory.
const LARGEST: u64 = 1024 * 1024;

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::generate_simple_self_signed;
    use tokio::sync::watch;

    use super::{super::shown::Shown, *};
    use crate::tls::Counts;

    struct Place {
        _folder: tempfile::TempDir,
        files: Files,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let files = Files { certificate: folder.path().join("c.pem"), key: folder.path().join("k.pem") };
            Self { _folder: folder, files }
        }

        fn put(&self, name: &str) {
            let own = generate_simple_self_signed([name.to_owned()]).unwrap();
            fs::write(&self.files.certificate, own.cert.pem()).unwrap();
            fs::write(&self.files.key, own.signing_key.serialize_pem()).unwrap();
        }
    }

    #[test]
    fn files_that_are_no_certificate_are_named() {
        let place = Place::new();
        assert!(matches!(place.files.read(), Err(TlsError::Read { .. })));
        place.put("a.example");
        let empty = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let with = |certificate: &Path, key: &Path| {
            Files { certificate: certificate.to_owned(), key: key.to_owned() }.read().map(|_| ())
        };
        let (certificate, key) = (&place.files.certificate, &place.files.key);
        assert!(matches!(with(&empty, key), Err(TlsError::Empty { what: "certificate", .. })));
        assert!(matches!(with(certificate, &empty), Err(TlsError::Empty { what: "private key", .. })));
        fs::write(&empty, rcgen::KeyPair::generate().unwrap().serialize_pem()).unwrap();
        assert!(matches!(with(certificate, &empty), Err(TlsError::Mismatch(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn what_changes_is_taken_and_what_is_broken_is_refused_once() {
        let place = Place::new();
        place.put("a.example");
        let (pair, mark) = place.files.read().unwrap();
        let (shown, mut seen) = watch::channel(Shown { usual: Some(pair), ..Shown::default() });
        let counts = Counts::default();
        let upkeep = Upkeep { shown: &shown, counts: &counts };
        let name = |shown: &Shown| shown.usual.as_ref().unwrap().names[0].clone();
        let refused = || counts.refused.load(std::sync::atomic::Ordering::Relaxed);
        let story = async {
            // Nothing changes, nothing happens.
            sleep(POLL * 3).await;
            assert!(!seen.has_changed().unwrap());

            place.put("b.example");
            seen.changed().await.unwrap();
            assert_eq!(name(&seen.borrow_and_update()), "b.example");

            // Broken: told once, however often it is looked at.
            fs::write(&place.files.certificate, "nothing").unwrap();
            sleep(POLL * 5).await;
            assert_eq!((name(&seen.borrow_and_update()), refused()), ("b.example".to_owned(), 1));
            fs::remove_file(&place.files.certificate).unwrap();
            sleep(POLL * 5).await;
            assert_eq!((name(&seen.borrow_and_update()), refused()), ("b.example".to_owned(), 2));
            let mut over = rcgen::CertificateParams::new(["c.example".to_owned()]).unwrap();
            over.not_after = rcgen::date_time_ymd(2020, 1, 1);
            let key = rcgen::KeyPair::generate().unwrap();
            fs::write(&place.files.certificate, over.self_signed(&key).unwrap().pem()).unwrap();
            fs::write(&place.files.key, key.serialize_pem()).unwrap();
            sleep(POLL * 5).await;
            assert_eq!((name(&seen.borrow_and_update()), refused()), ("b.example".to_owned(), 3));

            let mut early = rcgen::CertificateParams::new(["c.example".to_owned()]).unwrap();
            early.not_before = rcgen::date_time_ymd(4000, 1, 1);
            early.not_after = rcgen::date_time_ymd(4001, 1, 1);
            fs::write(&place.files.certificate, early.self_signed(&key).unwrap().pem()).unwrap();
            sleep(POLL * 5).await;
            assert_eq!((name(&seen.borrow_and_update()), refused()), ("b.example".to_owned(), 4));

            place.put("d.example");
            seen.changed().await.unwrap();
            assert_eq!(name(&seen.borrow_and_update()), "d.example");
        };
        let mut hangup = Hangup::deaf();
        tokio::select! {
            () = place.files.keep(mark, upkeep, &mut hangup) => unreachable!("it looks for ever"),
            () = story => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn half_of_a_new_pair_is_no_fault() {
        let place = Place::new();
        place.put("a.example");
        let (pair, mark) = place.files.read().unwrap();
        let (shown, mut seen) = watch::channel(Shown { usual: Some(pair), ..Shown::default() });
        let counts = Counts::default();
        let newer = generate_simple_self_signed(["b.example".to_owned()]).unwrap();
        let story = async {
            // It is looked at between the one file and the other.
            fs::write(&place.files.certificate, newer.cert.pem()).unwrap();
            sleep(POLL + SETTLE / 2).await;
            fs::write(&place.files.key, newer.signing_key.serialize_pem()).unwrap();
            seen.changed().await.unwrap();
        };
        let mut hangup = Hangup::deaf();
        tokio::select! {
            () = place.files.keep(mark, Upkeep { shown: &shown, counts: &counts }, &mut hangup) => unreachable!(),
            () = story => {}
        }
        assert_eq!(counts.refused.load(std::sync::atomic::Ordering::Relaxed), 0);
    }
}
