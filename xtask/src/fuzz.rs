//! `cargo xtask fuzz`: random bytes against everything that reads from the network.
//!
//! With a nightly toolchain and cargo-fuzz each target runs under libFuzzer, which learns from the branches it reaches.
//! Without them the same entry points run in an ordinary test over seeds and random changes of them: that finds shallow
//! mistakes only, and it says so.

use std::{
    fs,
    path::Path,
    process::{Command, ExitCode},
};

use crate::{
    CRITICAL,
    steps::{Steps, call},
    tools,
};

/// Runs all targets or one, each for some seconds.
pub fn fuzz(arguments: &[String]) -> ExitCode {
    let mut seconds = SECONDS;
    let mut wanted = None;
    for argument in arguments {
        match argument.parse() {
            Ok(number) => seconds = number,
            Err(_) => wanted = Some(argument.as_str()),
        }
    }
    let targets: Vec<String> =
        targets().into_iter().filter(|target| wanted.is_none_or(|wanted| wanted == target)).collect();
    if targets.is_empty() {
        eprintln!("xtask fuzz: no such target; there are: {}", self::targets().join(", "));
        return ExitCode::from(CRITICAL);
    }
    let mut steps = Steps::new("xtask fuzz");
    if has_fuzzer() {
        for target in &targets {
            steps.run(target, &format!("cargo xtask fuzz {target} {seconds}"), || {
                let corpus = format!("fuzz/corpus/{target}");
                fs::create_dir_all(&corpus)
                    .map_err(|error| crate::steps::Stop::Failed(format!("{corpus}: {error}")))?;
                let mut fuzzer = Command::new("rustup");
                fuzzer.args(["run", "nightly", "cargo", "fuzz", "run", target, &corpus]);
                let seeds = format!("fuzz/seeds/{target}");
                if Path::new(&seeds).is_dir() {
                    fuzzer.arg(seeds);
                }
                call(fuzzer.args([
                    "--",
                    &format!("-max_total_time={seconds}"),
                    "-max_len=8192",
                    "-print_final_stats=1",
                ]))
            });
        }
    } else {
        println!(
            "There is no nightly toolchain with cargo-fuzz here, so nothing guides the search: the ordinary test runs."
        );
        println!("For the real thing: rustup toolchain install nightly && cargo install cargo-fuzz");
        steps.run("random inputs, unguided", "cargo test -p server --test hostile", || {
            call(
                Command::new("cargo")
                    .args(["test", "-p", "server", "--test", "hostile", "--", "--nocapture"])
                    .env("PARLOR_HOSTILE_SECONDS", seconds.to_string()),
            )
        });
    }
    steps.finish()
}

fn targets() -> Vec<String> {
    let mut targets: Vec<String> = fs::read_dir("fuzz/fuzz_targets")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.path().file_stem().map(|name| name.to_string_lossy().into_owned()))
        .collect();
    targets.sort();
    targets
}

fn has_fuzzer() -> bool {
    tools::is_quiet_success(Command::new("rustup").args(["run", "nightly", "cargo", "fuzz", "--version"]))
}

/// How long each target runs unless told otherwise: enough to see a shallow panic, short enough to wait for.
const SECONDS: u32 = 60;
