//! What each verb of the command line does, one file each.

pub mod bench;
pub mod config;
pub mod doctor;
pub mod reset;
pub mod serve;
pub mod token;

use std::process::ExitCode;

use crate::cli::{Cli, Verb};

/// Carries it out.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Verb::Serve(settings) => serve::run(settings),
        Verb::Config(args) => config::run(args),
        Verb::Doctor(args) => doctor::run(args),
        Verb::Token(args) => token::run(args),
        Verb::Reset(args) => reset::run(args),
        Verb::Bench(args) => bench::run(args),
        Verb::BenchCalls(args) => bench::calls::run(args),
    }
}
