//! The certificate, as far as it can be judged without the outside: the operator's, one of an ACME server, or our own.

use std::fs;

use server::{
    Config,
    config::Transport,
    tls::{
        Facts, acme,
        look::{self, Own},
    },
};

use super::finding::Findings;

/// What would be shown, or is. `runs`: a server runs with these settings.
pub fn look(config: &Config, runs: bool, findings: &mut Findings) {
    match &config.transport {
        Transport::Plain if config.behind_proxy => {
            findings.skipped(ABOUT, "The reverse proxy in front has it. TURN does not pass such a proxy.");
        }
        Transport::Plain if config.listen.ip().is_loopback() => {
            findings.skipped(ABOUT, "Pages are served to this machine alone, where none is needed.");
        }
        Transport::Plain => findings.warning(
            ABOUT,
            "Plain HTTP is served to others: browsers give them no camera and no microphone.",
            "Leave out --insecure-http, or give a certificate with --tls-certificate and --tls-key.",
        ),
        Transport::Own => own(config, findings),
        Transport::Certificate { certificate, key } => match look::files(certificate, key) {
            Ok(facts) => judge(&facts, "Renew it: the server reads it again by itself.", findings),
            Err(error) => findings.critical(ABOUT, error.to_string(), "The server does not start like this."),
        },
        Transport::Acme(settings) => match look::acme(settings, &config.data) {
            Ok(kept) => asked_for(settings, kept.as_ref(), runs, findings),
            Err(error) => findings.critical(ABOUT, error.to_string(), "The server does not start like this."),
        },
    }
}

/// Whether the server that runs shows what lies in the file. It was asked by its address.
pub fn in_use(config: &Config, shown: &[u8], findings: &mut Findings) {
    let (file, remedy) = match &config.transport {
        Transport::Plain => return,
        Transport::Certificate { certificate, .. } => (
            certificate.clone(),
            "It reads the file again within seconds. If this stays, its log says what is wrong with the file.",
        ),
        // By an address our own is shown, whatever there is for names.
        Transport::Own | Transport::Acme(_) => {
            (config.data.join("certificate.pem"), "Look whether it runs with this data folder.")
        }
    };
    let Ok(pem) = fs::read_to_string(&file) else { return };
    if !look::is_first(&pem, shown) {
        let seen = format!("The server shows another certificate than the one in {}.", file.display());
        findings.warning("certificate in use", seen, remedy);
    }
}

fn own(config: &Config, findings: &mut Findings) {
    const REMEDY: &str = "Trust the authority on each device: the page /trust of the server says how. For people from elsewhere, have \
                          a public one with --acme-names, or with --tls-certificate and --tls-key.";
    let seen = match look::own(&config.data) {
        Err(error) => {
            return findings.critical(ABOUT, error.to_string(), "The server does not start like this.");
        }
        Ok(None) => "The server will make an authority and a certificate of its own at the first start.".to_owned(),
        Ok(Some(Own { authority, until, .. })) if until <= server::unix() => {
            format!("{} has ended; the next start makes another, which has to be trusted anew.", authority.name)
        }
        Ok(Some(Own { authority, certificate, .. })) => {
            let whom = certificate.map_or_else(String::new, |facts| format!(" for {}", facts.subjects().join(", ")));
            format!(
                "The server's own authority signs{whom}. It is {}, SHA-256 {}.",
                authority.name, authority.fingerprint
            )
        }
    };
    findings.warning(ABOUT, format!("{seen} Browsers warn until they trust it."), REMEDY);
}

fn asked_for(settings: &acme::Settings, kept: Option<&Facts>, runs: bool, findings: &mut Findings) {
    const REMEDY: &str =
        "Its log says why. The check comes to TCP port 443 of each name: see that this port reaches listen.";
    let names = settings.names.join(", ");
    match kept {
        Some(facts) if settings.names.iter().all(|name| facts.is_for(name)) => {
            judge(facts, REMEDY, findings);
        }
        _ if runs => {
            let seen = format!("The server has no certificate for {names} from {} yet.", settings.directory);
            findings.warning(ABOUT, format!("{seen} It shows its own meanwhile, which browsers warn of."), REMEDY);
        }
        _ => findings.right(
            ABOUT,
            format!(
                "At its start the server asks {} for a certificate for {names}. The check comes to TCP port 443 of each name.",
                settings.directory
            ),
        ),
    }
}

fn judge(facts: &Facts, remedy: &str, findings: &mut Findings) {
    let now = server::unix();
    let names = facts.subjects().join(", ");
    let days = facts.until.saturating_sub(now) / DAY;
    if facts.since > now {
        let remedy = "Look at the clock, then at the certificate.";
        return findings.critical(ABOUT, format!("The certificate for {names} is not good yet."), remedy);
    }
    if facts.until <= now {
        return findings.critical(ABOUT, format!("The certificate for {names} has ended."), remedy);
    }
    if names.is_empty() {
        let remedy = "Browsers look at these alone. Have it made again with the server's name as subjectAltName.";
        return findings.critical(ABOUT, "The certificate is for no name (subjectAltName is missing).", remedy);
    }
    let seen = format!("The certificate for {names} is good for {days} days.");
    // Where certificates are short, a third of their life is what is left when they are renewed.
    if days < SOON && facts.until - now < (facts.until - facts.since) / 4 {
        findings.warning(ABOUT, seen, remedy);
    } else {
        findings.right(ABOUT, seen);
    }
}

/// What this is about.
const ABOUT: &str = "certificate";
/// In seconds.
const DAY: u64 = 24 * 60 * 60;
/// Days before the end when a certificate should have been renewed: ACME clients do it after two thirds of 90.
const SOON: u64 = 14;

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(begins: i64, ends: i64, names: &[&str]) -> Facts {
        let at = |days: i64| server::unix().saturating_add_signed(days * 86_400 + 60);
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Facts { names, addresses: Vec::new(), since: at(begins), until: at(ends) }
    }

    fn line(findings: &Findings) -> String {
        findings.table().lines().next().unwrap_or_default().to_owned()
    }

    fn judged(begins: i64, ends: i64, names: &[&str]) -> String {
        let mut findings = Findings::default();
        judge(&facts(begins, ends, names), "", &mut findings);
        line(&findings)
    }

    #[test]
    fn certificates_are_judged_by_their_times_and_names() {
        assert!(
            judged(-1, 89, &["a.example"]).starts_with("right ") && judged(-1, 89, &["a.example"]).contains("89 days")
        );
        assert!(judged(-80, 9, &["a.example"]).starts_with("warning "));
        assert!(judged(-1, 5, &["a.example"]).starts_with("right "), "some live for six days");
        assert!(judged(-90, -1, &["a.example"]).contains("has ended"));
        assert!(judged(1, 90, &["a.example"]).contains("not good yet"));
        assert!(judged(-1, 89, &[]).starts_with("critical "));
    }

    #[test]
    fn a_certificate_that_is_asked_for_is_missed_where_a_server_runs() {
        let settings = acme::Settings {
            names: vec!["a.example".to_owned()],
            directory: "https://ca.example/dir".to_owned(),
            contact: None,
            roots: None,
        };
        let asked = |kept: Option<Facts>, runs| {
            let mut findings = Findings::default();
            asked_for(&settings, kept.as_ref(), runs, &mut findings);
            line(&findings)
        };
        let good = facts(-1, 89, &["a.example"]);
        assert!(asked(Some(good.clone()), true).contains("89 days"));
        assert!(asked(None, false).starts_with("right "));
        assert!(asked(None, true).starts_with("warning "));
        assert!(asked(Some(facts(-1, 89, &["b.example"])), true).starts_with("warning "), "for another name");
        assert!(asked(Some(facts(-90, -1, &["a.example"])), true).starts_with("critical "));
    }
}
