//! The command line: four verbs.

mod check;
mod exec;
mod hold;
mod run;

use std::{fs, process::ExitCode};

use netlab::{Lab, Scenario, StartError};

/// Does what the command line asks for. Errors are one line on standard error and the exit code 1; a command line that
/// cannot be read, 2.
pub fn run(arguments: Vec<String>) -> ExitCode {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["check"] => check::check(),
        ["hold", scenario] => hold::hold(scenario),
        ["exec", lab, host, "--", program, rest @ ..] => exec::exec(lab, host, program, rest),
        ["run", scenario, "--in", host, "--", program, rest @ ..] => run::run(scenario, Some(host), program, rest),
        ["run", scenario, "--", program, rest @ ..] => run::run(scenario, None, program, rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    result.unwrap_or_else(|error| {
        eprintln!("netlab: {error}");
        ExitCode::FAILURE
    })
}

fn scenario(path: &str) -> Result<Scenario, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Scenario::parse(&text).map_err(|error| format!("{path}: {error}"))
}

fn start(scenario: &Scenario) -> Result<Lab, String> {
    Lab::start(&scenario.topology).map_err(|error| match error {
        StartError::Io(error) => format!("cannot start the lab: {error}"),
        error => error.to_string(),
    })
}

const USAGE: &str = "\
netlab check
    says what this machine can do; the exit code is 0 if that is enough for a lab
netlab run SCENARIO.toml [--in HOST] -- COMMAND...
    runs the command while the scenario happens, in that host or, without one, outside of the lab
netlab exec LAB HOST -- COMMAND...
    runs the command in a host of a lab that runs; within `netlab run`, LAB is $NETLAB
netlab hold SCENARIO.toml
    prints one line of JSON and `ready`, obeys lines such as `cut-udp phone`, ends at the end of its input
";
