//! The certificate that this server signs for itself: made when missing, made anew before it ends and when the machine has an
//! address or a name that is not in it.

use std::{fs, net::IpAddr};

use super::{
    TlsError,
    authority::{Authority, AuthorityError, Known, Subjects},
    pair::Pair,
};
use crate::folder::{Folder, FolderError};

/// The authority and what it signs for.
#[derive(Debug)]
pub struct Own {
    folder: Folder,
    authority: Authority,
    names: Vec<String>,
    public: Vec<IpAddr>,
    refused: Vec<String>,
}

/// Why the own certificate cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// The data folder failed.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The authority failed.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

impl Own {
    /// Takes the authority kept in `folder`, and makes it first when there is none. `more` are names besides the machine's
    /// own, `public` addresses besides those of its interfaces, which are `interfaces`; `now` in seconds since 1970.
    ///
    /// # Errors
    /// When something can be neither read nor made.
    pub fn open(
        folder: &Folder,
        more: &[String],
        public: &[IpAddr],
        interfaces: &[IpAddr],
        now: u64,
    ) -> Result<(Self, Pair), TlsError> {
        let host = fs::read_to_string("/etc/hostname").unwrap_or_default().trim().to_ascii_lowercase();
        let names = names(&host, more);
        let wanted = subjects(&names, public, interfaces);
        let kept = match (folder.read(CA)?, folder.read(CA_KEY)?) {
            (Some(certificate), Some(key)) => Some(Authority::read(&certificate, &key)?),
            _ => None,
        };
        let authority = match kept.filter(|authority| authority.until() > now) {
            Some(authority) => authority,
            None => {
                let host = if host.is_empty() { "this machine" } else { &host };
                let (authority, certificate, key) = Authority::make(host, &wanted, now)?;
                // The key first: a certificate without its key would be taken for damage.
                folder.write(CA_KEY, &key)?;
                folder.write(CA, &certificate)?;
                tracing::info!(
                    "this server has an authority of its own now, {}; browsers trust its certificates once they trust that",
                    authority.known.name
                );
                authority
            }
        };
        let mut own = Self { folder: folder.clone(), authority, names, public: public.to_owned(), refused: Vec::new() };
        let kept = match (folder.read(CERTIFICATE)?, folder.read(KEY)?) {
            // What cannot be read any more is made anew: nobody knows it by heart.
            (Some(certificate), Some(key)) => Pair::read(&certificate, &key).ok(),
            _ => None,
        };
        let pair = match kept {
            Some(pair) if !own.authority.signed(&pair) => {
                tracing::warn!(
                    "the self-signed certificate of before gives way to one of this server's own authority: \
                     browsers warn once more, and no more where that is trusted"
                );
                own.issue(&wanted, now)?
            }
            Some(pair) => match own.renewed(&pair, interfaces, now)? {
                Some(newer) => newer,
                None => pair,
            },
            None => own.issue(&wanted, now)?,
        };
        Ok((own, pair))
    }

    /// What people take along to trust it.
    pub fn known(&self) -> &Known {
        &self.authority.known
    }

    /// A new certificate, when `pair` has to give way: two thirds of its life are over, or the machine has a name or an
    /// address now that is not in it.
    ///
    /// # Errors
    /// When one is needed and cannot be made.
    pub fn renewed(&mut self, pair: &Pair, interfaces: &[IpAddr], now: u64) -> Result<Option<Pair>, OwnError> {
        let wanted = subjects(&self.names, &self.public, interfaces);
        let (permitted, _) = self.authority.permits(&wanted);
        let is_old = now >= pair.due() || !pair.is_good(now);
        let lacks_name = permitted.names.iter().any(|name| !pair.names.contains(name));
        let lacks = |address: &&IpAddr| !pair.addresses.contains(address);
        let lacks_address =
            permitted.addresses.iter().filter(|address| self.counts(**address, interfaces)).any(|a| lacks(&a));
        // At its end an authority signs nothing that lives longer; one certificate a minute would help nobody.
        if (is_old && pair.until < self.authority.until()) || lacks_name || lacks_address {
            return self.issue(&wanted, now).map(Some);
        }
        Ok(None)
    }

    /// Whether an address that is missing is reason enough. IPv6 gives machines a new one every day (RFC 8981), under which nobody
    /// looks for them; it counts where it was named, or where there is nothing else.
    fn counts(&self, address: IpAddr, interfaces: &[IpAddr]) -> bool {
        let v4 = interfaces.iter().any(|address| address.is_ipv4() && !address.is_loopback());
        address.is_ipv4() || self.public.contains(&address) || !v4
    }

    fn issue(&mut self, wanted: &Subjects, now: u64) -> Result<Pair, OwnError> {
        let (permitted, refused) = self.authority.permits(wanted);
        if refused != self.refused {
            if !refused.is_empty() {
                tracing::warn!(
                    "the own authority was made before {} belonged to this machine and cannot vouch for that; to have a new one, \
                     which people have to trust anew, remove {CA} from the data folder and restart",
                    refused.join(", ")
                );
            }
            self.refused = refused;
        }
        let (certificate, key) = self.authority.issue(&permitted, now)?;
        let pair = Pair::read(&certificate, &key).map_err(AuthorityError::from)?;
        self.folder.write(KEY, &key)?;
        self.folder.write(CERTIFICATE, &certificate)?;
        Ok(pair)
    }
}

fn subjects(names: &[String], public: &[IpAddr], interfaces: &[IpAddr]) -> Subjects {
    let mut addresses: Vec<IpAddr> = interfaces.iter().chain(public).copied().collect();
    addresses.sort();
    addresses.dedup();
    Subjects { names: names.to_owned(), addresses }
}

/// The names of a machine called `host`, and `more`.
fn names(host: &str, more: &[String]) -> Vec<String> {
    let mut names = vec!["localhost".to_owned()];
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    };
    if is_name(host) && host != "localhost" {
        if host.contains('.') {
            names.push(host.to_owned());
        } else {
            names.push(format!("{host}.local"));
            // Whoever may vouch for a machine called `dev` may vouch for all of `.dev`. No domain of the Internet has a digit or a
            // hyphen at its top but those that begin with `xn--`.
            if host.bytes().any(|byte| byte.is_ascii_digit() || byte == b'-') && !host.starts_with("xn--") {
                names.push(host.to_owned());
            }
        }
    }
    for name in more {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The authority's certificate, and its key.
pub const CA: &str = "ca.pem";
pub const CA_KEY: &str = "ca-key.pem";
/// The certificate that it signed, and its key. Folders of before hold one here that signed itself.
pub const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "certificate-key.pem";

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;
    const DAY: u64 = 86_400;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn place() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        (place, folder)
    }

    #[test]
    fn authority_and_certificate_are_made_once_and_kept() {
        let (_place, folder) = place();
        let at = ips(&["192.168.1.5", "127.0.0.1"]);
        let (own, pair) = Own::open(&folder, &["talk.lan".to_owned()], &[], &at, NOW).unwrap();
        let (again, same) = Own::open(&folder, &["talk.lan".to_owned()], &[], &at, NOW + DAY).unwrap();
        assert_eq!(own.known(), again.known());
        assert_eq!(pair.key.cert, same.key.cert);
        assert!(
            pair.is_for("localhost") && pair.is_for("talk.lan") && pair.addresses == ips(&["127.0.0.1", "192.168.1.5"])
        );
        #[cfg(unix)]
        for file in [CA, CA_KEY, CERTIFICATE, KEY] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }

    #[test]
    fn a_certificate_gives_way_when_it_is_old_or_lacks_an_address() {
        let (_place, folder) = place();
        let at = ips(&["192.168.1.5", "2001:db8::1"]);
        let (mut own, pair) = Own::open(&folder, &[], &[], &at, NOW).unwrap();
        let fresh = |own: &mut Own, at: &[&str], now| own.renewed(&pair, &ips(at), now).unwrap();
        assert!(fresh(&mut own, &["192.168.1.5"], NOW).is_none(), "an address less is no reason");
        assert!(fresh(&mut own, &["192.168.1.5", "fd00::7"], NOW).is_none(), "IPv6 changes every day");
        let moved = fresh(&mut own, &["192.168.1.6", "fd00::7"], NOW).unwrap();
        assert_eq!(moved.addresses, ips(&["192.168.1.6", "fd00::7"]));
        assert!(fresh(&mut own, &["fd00::8"], NOW).is_some(), "where there is nothing else it counts");
        assert!(fresh(&mut own, &["192.168.1.5"], pair.due() - 1).is_none());
        let newer = fresh(&mut own, &["192.168.1.5"], pair.due()).unwrap();
        assert!(newer.until > pair.until);
        // An address that the authority may not vouch for does not make a new certificate every minute.
        assert!(fresh(&mut own, &["192.168.1.5", "203.0.113.9"], NOW).is_none());
        let known = own.known().clone();
        let (own, kept) = Own::open(&folder, &[], &[], &ips(&["192.168.1.5"]), pair.due()).unwrap();
        assert_eq!((own.known(), kept.key.cert[0].clone()), (&known, newer.key.cert[0].clone()));
    }

    #[test]
    fn a_folder_of_before_changes_over_to_an_authority() {
        let (_place, folder) = place();
        let old = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        folder.write(CERTIFICATE, &old.cert.pem()).unwrap();
        folder.write(KEY, &old.signing_key.serialize_pem()).unwrap();
        let (own, pair) = Own::open(&folder, &[], &[], &[], NOW).unwrap();
        assert!(own.authority.signed(&pair) && pair.is_for("localhost"));
        folder.write(CERTIFICATE, "damaged").unwrap();
        let (_, pair) = Own::open(&folder, &[], &[], &[], NOW).unwrap();
        assert!(own.authority.signed(&pair));
        folder.write(CA, "damaged").unwrap();
        let error = Own::open(&folder, &[], &[], &[], NOW).unwrap_err().to_string();
        assert!(error.contains("ca.pem"), "{error}");
    }

    #[test]
    fn an_authority_that_ended_is_made_anew() {
        let (_place, folder) = place();
        let (own, _) = Own::open(&folder, &[], &[], &[], NOW).unwrap();
        let (newer, pair) = Own::open(&folder, &[], &[], &[], NOW + 4000 * DAY).unwrap();
        assert_ne!(own.known(), newer.known());
        assert!(newer.authority.signed(&pair) && pair.is_good(NOW + 4000 * DAY));
    }

    #[test]
    fn a_machine_has_these_names() {
        for (host, more, expected) in [
            ("den-2", &[][..], &["localhost", "den-2.local", "den-2"][..]),
            ("dev", &[], &["localhost", "dev.local"]),
            ("xn--p1ai", &[], &["localhost", "xn--p1ai.local"]),
            ("a.example", &["talk.lan", "a.example"], &["localhost", "a.example", "talk.lan"]),
            ("localhost", &[], &["localhost"]),
            ("no name", &[], &["localhost"]),
            ("", &[], &["localhost"]),
        ] {
            let more: Vec<String> = more.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(names(host, &more), expected, "{host}");
        }
    }
}
