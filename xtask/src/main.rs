//! `cargo xtask`: everything that is done to this repository, as one program without dependencies.
//!
//! It checks what the machine has, installs what the web client and the tests need, builds in the right order, and says
//! which step failed and how to run that step alone. It contains no rule of the product: those are in the crates it builds.
//! Start reading at [`run`], [`test`] and [`check`], one per command.

#![forbid(unsafe_code)]

mod bench;
mod check;
mod fuzz;
mod layers;
mod licences;
mod npm;
mod place;
mod python;
mod run;
mod steps;
mod test;
mod tidy;
mod tools;

use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let Ok(started_in) = env::current_dir() else {
        eprintln!("xtask: the current folder does not exist any more; change into the repository and try again");
        return ExitCode::from(CRITICAL);
    };
    if let Err(error) = env::set_current_dir(place::root()) {
        eprintln!("xtask: cannot enter {}: {error}", place::root().display());
        return ExitCode::from(CRITICAL);
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    match command {
        "run" => run::run(rest, &started_in),
        "test" => test::test(rest),
        "check" => check::check(rest),
        "fuzz" => fuzz::fuzz(rest),
        "screens" => test::screens(),
        "bench" => bench::bench(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        unknown => {
            eprint!("xtask: there is no command `{unknown}`\n\n{USAGE}");
            ExitCode::from(CRITICAL)
        }
    }
}

/// What `cargo xtask help` prints.
const USAGE: &str = "\
cargo xtask run [-- ARGUMENTS]      build the client and the release binary, start `parlor serve ARGUMENTS`
cargo xtask test [rust|web|api|e2e] set up what the tests need, run all of them or one part
            [--repeat N | --ten]    repeat the browser tests
            [-- ARGUMENTS]          pass these on to that part's test runner
cargo xtask check [STEP]            formatting, lints, types, layers, sizes, generated files; `check list` names the steps
cargo xtask fuzz [TARGET] [SECONDS] hunt for panics in everything that reads from the network
cargo xtask screens                 take the screenshots under docs/screens again
cargo xtask bench [ROW]             measure what forwarding costs: docs/performance.md
            [--no-build] [--no-write] [--server FILE]
cargo xtask bench web               measure what a meeting costs the page: docs/performance.md
";

/// The exit code of anything that did not work, as for the server itself: 0 right, 1 warning, 2 critical, 3 unknown.
pub const CRITICAL: u8 = 2;
