//! The binary: reads the command line, runs the command, and turns its end into an exit code.

mod cli;
mod cmd;
#[cfg(feature = "counted")]
mod counted;
mod log;

use std::process::ExitCode;

use clap::Parser as _;

/// 0: right. 1: a warning, the work was done. 2: critical, it was not. 3: unknown.
///
/// A supervisor may start again after 1, and should have somebody look after 2; what went wrong stands on stderr in one
/// sentence. A panic is nothing that we foresaw: its end is unknown.
fn main() -> ExitCode {
    match std::panic::catch_unwind(|| cli::Cli::try_parse().map(cmd::run)) {
        Ok(Ok(Ok(code))) => code,
        Ok(Ok(Err(error))) => fail(&error),
        Ok(Err(usage)) => cli::explain(&usage),
        Err(_) => ExitCode::from(3),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("{error:#}");
    ExitCode::from(2)
}
