//! What the server would stand on: addresses, the certificate, the data folder and the database.

use std::{fs, net::IpAddr};

use proto::api::Reach;
use server::{Config, addresses, config::Transport, tls};
use store::{OpenError, Schema, Store};

use super::finding::Findings;

/// The addresses that browsers are told of. Gives back those on which media is received.
pub fn addresses(config: &Config, findings: &mut Findings) -> Vec<IpAddr> {
    let own = match addresses::own() {
        Ok(own) => own,
        Err(error) => {
            let remedy = "Name the address to use with --media-address.";
            findings.unknown("addresses", format!("The addresses of this machine cannot be read ({error})."), remedy);
            Vec::new()
        }
    };
    let (media, public) = addresses::for_media(&config.media, &own);
    let offered: Vec<IpAddr> = public.iter().chain(&media).copied().collect();
    let best = offered.iter().map(|address| addresses::reach(*address)).max().unwrap_or(Reach::Machine);
    let listed = offered.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
    let seen = format!("Browsers are told to send media to {listed}.");
    // A page that comes from this machine alone is for people at this machine.
    let alone = config.listen.ip().is_loopback() && !config.behind_proxy;
    match best {
        Reach::Everywhere => findings.right("addresses", seen),
        _ if alone => findings.right("addresses", format!("{seen} The page is served to this machine alone.")),
        Reach::Network => findings.warning(
            "addresses",
            format!("{seen} These are private: nobody outside this network reaches them."),
            "On a local network that is right. For people outside, say under which address they reach this machine: \
             --public-address 203.0.113.7, with the ports forwarded under the same numbers.",
        ),
        Reach::Machine => findings.critical(
            "addresses",
            format!("{seen} Nobody else reaches them, while the page is served to others."),
            "Connect a network, or name an address with --media-address or --public-address.",
        ),
    }
    media
}

/// The certificate, as far as it can be judged without the outside.
pub fn certificate(config: &Config, findings: &mut Findings) {
    match &config.transport {
        Transport::Plain if config.behind_proxy => {
            findings.skipped("certificate", "The reverse proxy in front has it. TURN does not pass such a proxy.");
        }
        Transport::Plain if config.listen.ip().is_loopback() => {
            findings.skipped("certificate", "Pages are served to this machine alone, where none is needed.");
        }
        Transport::Plain => findings.warning(
            "certificate",
            "Plain HTTP is served to others: browsers give them no camera and no microphone.",
            "Leave out --insecure-http, or give a certificate with --tls-certificate and --tls-key.",
        ),
        Transport::SelfSigned => own(config, findings),
        Transport::Certificate { certificate, key } => {
            if let Err(error) = tls::from_files(certificate, key) {
                return findings.critical("certificate", error.to_string(), "The server does not start like this.");
            }
            match fs::read_to_string(certificate).ok().and_then(|pem| tls::facts(&pem)) {
                Some(facts) => judge(&facts, findings),
                None => findings.unknown(
                    "certificate",
                    format!("{} cannot be understood.", certificate.display()),
                    "Look at it with: openssl x509 -noout -text -in FILE",
                ),
            }
        }
    }
}

fn own(config: &Config, findings: &mut Findings) {
    const REMEDY: &str = "Browsers ask before they show the page, and refuse TURN over TLS. Give one of a CA that they know \
                          with --tls-certificate and --tls-key.";
    let kept = fs::read_to_string(config.data.join("certificate.pem")).ok().and_then(|pem| tls::facts(&pem));
    let seen = match kept {
        None => "The server will make its own at the first start.".to_owned(),
        Some(facts) if facts.ends <= server::unix() => {
            let remedy = "Delete certificate.pem and certificate-key.pem in the data folder, and restart the server.";
            return findings.critical("certificate", "The server's own certificate has ended.", remedy);
        }
        Some(facts) => format!("The server made its own, for {}.", facts.names.join(", ")),
    };
    findings.warning("certificate", seen, REMEDY);
}

fn judge(facts: &tls::Facts, findings: &mut Findings) {
    let now = server::unix();
    let names = facts.names.join(", ");
    let days = facts.ends.saturating_sub(now) / DAY;
    if facts.begins > now {
        let remedy = "Look at the clock, then at the certificate.";
        return findings.critical("certificate", format!("The certificate for {names} is not good yet."), remedy);
    }
    if facts.ends <= now {
        let remedy = "Renew it, then restart the server.";
        return findings.critical("certificate", format!("The certificate for {names} has ended."), remedy);
    }
    if facts.names.is_empty() {
        let remedy = "Browsers look at these alone. Have it made again with the server's name as subjectAltName.";
        return findings.critical("certificate", "The certificate is for no name (subjectAltName is missing).", remedy);
    }
    let seen = format!("The certificate for {names} is good for {days} days.");
    if days < SOON {
        findings.warning("certificate", seen, "Renew it, then restart the server.");
    } else {
        findings.right("certificate", seen);
    }
}

/// The data folder and the database in it, or beside it.
pub async fn database(config: &Config, findings: &mut Findings) {
    match fs::metadata(&config.data) {
        Ok(folder) if !folder.is_dir() => {
            let remedy = "Choose another folder with --data.";
            return findings.critical("data folder", format!("{} is no folder.", config.data.display()), remedy);
        }
        Ok(_) => match fs::read_dir(&config.data) {
            Ok(_) => findings.right("data folder", format!("Data lies in {}.", config.data.display())),
            Err(error) => {
                let remedy = "Run this as the user of the server.";
                return findings.unknown(
                    "data folder",
                    format!("{} cannot be read ({error}).", config.data.display()),
                    remedy,
                );
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            findings.right("data folder", format!("{} is made at the first start.", config.data.display()));
        }
        Err(error) => {
            let remedy = "Run this as the user of the server.";
            return findings.unknown(
                "data folder",
                format!("{} cannot be looked at ({error}).", config.data.display()),
                remedy,
            );
        }
    }
    let look = match Store::look(&config.database()).await {
        Ok(look) => look,
        Err(error @ OpenError::TooNew { .. }) => {
            return findings.critical(
                "database",
                error.to_string(),
                "Use the newer program, or put the copy in backups/ in place.",
            );
        }
        Err(error) => {
            let remedy = "The server does not start without it. Look whether it runs, and whether database is right.";
            return findings.critical("database", error.to_string(), remedy);
        }
    };
    let place = look.place;
    if look.writable == Some(false) {
        let remedy =
            "Look at the owner and the rights of the file, whether the disk is read-only, or the database a replica.";
        return findings.critical("database", format!("The database {place} cannot be written."), remedy);
    }
    findings.right(
        "database",
        match look.schema {
            Schema::Missing => format!("The database {place} is made at the first start."),
            Schema::Behind { found, known } => {
                format!("The database {place} opens; the next start brings its schema from {found} to {known}.")
            }
            Schema::Current => format!("The database {place} opens, and its schema is up to date."),
        },
    );
}

/// In seconds.
const DAY: u64 = 24 * 60 * 60;
/// Days before the end when a certificate should have been renewed: ACME clients do it after two thirds of 90.
const SOON: u64 = 14;

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(begins: i64, ends: i64, names: &[&str]) -> String {
        let at = |days: i64| server::unix().saturating_add_signed(days * 86_400 + 60);
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let mut findings = Findings::default();
        judge(&tls::Facts { names, begins: at(begins), ends: at(ends) }, &mut findings);
        findings.table().lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn certificates_are_judged_by_their_times_and_names() {
        assert!(
            judged(-1, 89, &["a.example"]).starts_with("right ") && judged(-1, 89, &["a.example"]).contains("89 days")
        );
        assert!(judged(-80, 9, &["a.example"]).starts_with("warning "));
        assert!(judged(-90, -1, &["a.example"]).contains("has ended"));
        assert!(judged(1, 90, &["a.example"]).contains("not good yet"));
        assert!(judged(-1, 89, &[]).starts_with("critical "));
    }
}
