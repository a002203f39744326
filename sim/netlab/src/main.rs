//! `netlab`: labs for people and for tests in other languages. See docs/netlab.md.

use std::process::ExitCode;

fn main() -> ExitCode {
    run()
}

#[cfg(target_os = "linux")]
mod verbs;

#[cfg(target_os = "linux")]
fn run() -> ExitCode {
    verbs::run(std::env::args().skip(1).collect())
}

#[cfg(not(target_os = "linux"))]
fn run() -> ExitCode {
    eprintln!("netlab: this needs network namespaces, and so Linux");
    ExitCode::FAILURE
}
