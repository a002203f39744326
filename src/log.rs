//! Where the log goes: stderr, for people or for machines.

use std::io::{IsTerminal as _, stderr};

use anyhow::Context as _;
use server::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts it. What is written to it holds ids, and neither tokens nor names nor addresses of people.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .with_context(|| format!("The log filter `{}` cannot be read: see `log` in docs/config.md", config.log))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    match config.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
