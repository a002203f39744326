//! `parlor doctor`: what would keep this server from working, or does, and what to do about it.
//!
//! It looks at the machine with the settings of `parlor serve`, and changes nothing. Where a server runs at the configured
//! address, it is asked too, and sound is sent through it and back over each way that media may take. What only a firewall
//! further out knows is told by the connection test in a browser (`/test`).

mod certificate;
mod finding;
mod line;
mod live;
mod machine;
mod ports;
mod surroundings;
mod trip;

use std::process::ExitCode;

use anyhow::Context as _;
use proto::api::{TrialOver, TrialWay};
use server::{Config, VERSION};

use crate::cli::Settings;
use finding::Findings;
use live::Live;
use ports::Running;

/// With which settings, and for whom.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print one JSON object in place of the table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

/// Looks at everything. The exit code is that of the worst finding: 0 right, 1 warning, 2 critical, 3 unknown.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.settings.load()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("No threads can be started")?;
    let findings = runtime.block_on(examine(&config))?;
    if args.json {
        println!("{:#}", findings.json());
    } else {
        print!("{}", findings.table());
    }
    Ok(findings.exit_code())
}

async fn examine(config: &Config) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    for warning in config.warnings() {
        findings.warning("settings", warning, "See docs/config.md.");
    }
    let live = Live::find(config).await?;
    let process = live.as_ref().and_then(|live| live.process);
    let media = surroundings::addresses(config, &mut findings);
    let running = match (&live, process) {
        (None, _) => Running::No,
        (Some(_), None) => Running::Unseen,
        (Some(_), Some(process)) => Running::As(process),
    };
    ports::look(config, &media, running, &mut findings);
    certificate::look(config, live.is_some(), &mut findings);
    surroundings::database(config, &mut findings).await;
    machine::look(config, process, &mut findings);
    match live {
        Some(live) => answers(config, &live, &mut findings).await,
        None => findings.skipped(
            "server",
            format!("No Parlor answers at {}. Run this again while it does: then media is tried too.", config.listen),
        ),
    }
    Ok(findings)
}

/// What the server that runs says and does.
async fn answers(config: &Config, live: &Live, findings: &mut Findings) {
    let at = live.at;
    match live.ask("GET", "/healthz").await {
        Ok(answer) if answer.status == 200 => {
            findings.right("server", format!("Parlor {} runs at {at} and is well.", live.version));
        }
        Ok(answer) => findings.critical(
            "server",
            format!("Parlor {} runs at {at} and says: {}", live.version, answer.body.trim()),
            "Look at its log; a restart brings everybody back.",
        ),
        Err(error) => {
            findings.unknown("server", format!("{at} does not say how it is ({error:#})."), "Look at its log.")
        }
    }
    if live.version != VERSION {
        let seen = format!("The server is version {}, this program is {VERSION}.", live.version);
        findings.warning("version", seen, "Restart the server, or run the program that it was started from.");
    }
    if !live.set_up {
        findings.warning(
            "set-up",
            "The server is not set up: nobody can sign in.",
            "Open the address that it printed at its start.",
        );
    }
    if let Some(shown) = live.shown.get() {
        certificate::in_use(config, shown, findings);
    }
    let trial = match live.begin_trial().await {
        Ok(trial) => trial,
        Err(error) => {
            let remedy = "Run this again in a minute.";
            return findings.unknown("media", format!("The server begins no test ({error:#})."), remedy);
        }
    };
    for way in trial.ways.iter().filter(|way| way.over != TrialOver::Any) {
        round_trip(live, way, findings).await;
    }
}

async fn round_trip(live: &Live, way: &TrialWay, findings: &mut Findings) {
    let (about, what, remedy) = match way.over {
        TrialOver::Any | TrialOver::Udp => (
            "media over UDP",
            format!("UDP {}", way.addresses.join(", ")),
            "Look for a firewall on this machine (nft list ruleset); calls use TCP meanwhile and are a little slower.",
        ),
        TrialOver::Tcp => (
            "media over TCP",
            format!("TCP {}", way.addresses.join(", ")),
            "Look for a firewall on this machine (nft list ruleset): who has no UDP depends on it.",
        ),
        TrialOver::Relay => (
            "media over TURN",
            format!("TURN at {}", live.at),
            "Look at the server's log: who has nothing but TLS depends on it.",
        ),
    };
    if !way.offered {
        return findings.skipped(about, "A reverse proxy stands in front, and passes no TURN on.");
    }
    match trip::run(live, way).await {
        Ok(outcome) => findings.right(
            about,
            format!(
                "{what}: sound came back after {} ms; {} packets were under way for {} ms on the average.",
                outcome.first.as_millis(),
                outcome.packets,
                outcome.delay.as_millis()
            ),
        ),
        Err(error) => findings.critical(about, format!("{what}: {error:#}."), remedy),
    }
}
