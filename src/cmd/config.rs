//! `parlor config check`: says whether the server would start with these settings, as far as they tell.

use std::process::ExitCode;

use crate::cli::Settings;

/// What to do with the configuration.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Reads the flags, the environment and the file, and says what comes out.
    Check(Settings),
}

/// Carries it out. Warnings make the exit code 1.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Verb::Check(settings) = args.verb;
    let config = settings.load()?;
    println!("{config:#?}");
    let warnings = config.warnings();
    for warning in &warnings {
        eprintln!("Warning: {warning}");
    }
    println!("The configuration is right.");
    Ok(ExitCode::from(u8::from(!warnings.is_empty())))
}
