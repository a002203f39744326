//! What the server would stand on: addresses, the data folder and the database.

use std::{fs, net::IpAddr};

use proto::api::Reach;
use server::{Config, addresses};
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
