//! `cargo xtask run`: from a fresh clone to a running server.

use std::{
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    CRITICAL, npm, place,
    steps::{Outcome, Stop, call},
    tools,
};

/// Builds everything that changed and becomes `parlor serve`.
pub fn run(arguments: &[String], started_in: &Path) -> ExitCode {
    let arguments = match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    };
    match build() {
        Ok(()) => serve(arguments, started_in),
        Err(Stop::Failed(why) | Stop::Skipped(why)) => {
            eprintln!("xtask run: {why}");
            ExitCode::from(CRITICAL)
        }
    }
}

fn build() -> Outcome {
    tools::rust()?;
    tools::node()?;
    tools::install(&[&tools::COMPILER])?;
    npm::build_client()?;
    if !place::binary("release").exists() {
        println!("The first build compiles some 400 crates: about ten minutes on two cores.");
    }
    call(Command::new("cargo").args(["build", "--release"]))
}

/// Replaces this process, so that signals reach the server and its exit code reaches the caller.
#[cfg(unix)]
fn serve(arguments: &[String], started_in: &Path) -> ExitCode {
    use std::os::unix::process::CommandExt;

    let error = server(arguments, started_in).exec();
    eprintln!("xtask run: {} cannot be started: {error}", place::binary("release").display());
    ExitCode::from(CRITICAL)
}

/// Waits for the server; the console sends Ctrl+C to both.
#[cfg(not(unix))]
fn serve(arguments: &[String], started_in: &Path) -> ExitCode {
    match server(arguments, started_in).status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(CRITICAL)),
        Err(error) => {
            eprintln!("xtask run: {} cannot be started: {error}", place::binary("release").display());
            ExitCode::from(CRITICAL)
        }
    }
}

fn server(arguments: &[String], started_in: &Path) -> Command {
    let mut command = Command::new(place::binary("release"));
    // Paths in the arguments are meant from where the command was typed.
    command.arg("serve").args(arguments).current_dir(started_in);
    command
}
