//! A list of steps: each says what it runs, how long it took, and how to run it alone when it failed.
//!
//! A failed step does not end the list, so that one run shows everything that is wrong.

use std::{
    env,
    io::{self, BufRead, BufReader},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use crate::CRITICAL;

/// So many lines of why a step failed stand in the summary, which is all that one reads of a long log; the rest of them stand
/// where it ran.
const TOLD: usize = 40;

/// Why a step did not pass.
pub enum Stop {
    /// It ran and something is wrong; the text says what.
    Failed(String),
    /// It could not run on this machine; the text says what is missing.
    Skipped(String),
}

/// What a step's body returns.
pub type Outcome = Result<(), Stop>;

/// The steps of one command so far.
pub struct Steps {
    command: &'static str,
    done: Vec<Step>,
}

struct Step {
    name: String,
    again: String,
    outcome: Outcome,
    took: Duration,
}

impl Steps {
    /// No steps yet. `command` is the word of the summary, such as `xtask test`.
    pub fn new(command: &'static str) -> Steps {
        Steps { command, done: Vec::new() }
    }

    /// Runs one step. `again` is the command that repeats it alone. Returns whether it passed.
    pub fn run(&mut self, name: &str, again: &str, body: impl FnOnce() -> Outcome) -> bool {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = body();
        let took = start.elapsed();
        match &outcome {
            Ok(()) => println!("-- {name}: passed in {}", seconds(took)),
            Err(Stop::Failed(why)) => println!("-- {name}: FAILED. {why}\n   alone: {again}"),
            Err(Stop::Skipped(why)) => {
                println!("-- {name}: SKIPPED, NOTHING WAS TESTED HERE. {why}\n   alone: {again}")
            }
        }
        let passed = outcome.is_ok();
        self.done.push(Step { name: name.to_owned(), again: again.to_owned(), outcome, took });
        passed
    }

    /// Prints the summary, whose last line counts the steps, and gives the exit code.
    pub fn finish(self) -> ExitCode {
        println!("\n== summary of {}", self.command);
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for step in &self.done {
            let word = match &step.outcome {
                Ok(()) => {
                    passed += 1;
                    "passed"
                }
                Err(Stop::Failed(_)) => {
                    failed += 1;
                    "FAILED"
                }
                Err(Stop::Skipped(_)) => {
                    skipped += 1;
                    "SKIPPED"
                }
            };
            println!("{word:>8} {:>8}  {}", seconds(step.took), step.name);
            if let Err(Stop::Failed(why) | Stop::Skipped(why)) = &step.outcome {
                for line in why.lines().take(TOLD) {
                    println!("{:>10}{line}", "");
                }
                println!("{:>10}alone: {}", "", step.again);
            }
        }
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        println!("{:>8} {:>8}  all steps", "", seconds(total));
        let bad = failed > 0 || (skipped > 0 && is_ci());
        if skipped > 0 && is_ci() {
            println!("CI=true: what was skipped counts as failed");
        }
        println!("{}: {passed} passed, {failed} failed, {skipped} skipped", self.command);
        if bad { ExitCode::from(CRITICAL) } else { ExitCode::SUCCESS }
    }
}

/// Whether nobody watches, so that a skip must be a failure.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Prints and runs a command; its output goes straight to the terminal.
pub fn call(command: &mut Command) -> Outcome {
    println!("$ {}", shown(command));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Stop::Failed(format!("`{}` ended with {status}", shown(command)))),
        Err(error) => Err(Stop::Failed(format!("`{}` cannot be started: {error}", shown(command)))),
    }
}

/// Prints and runs a command whose output goes to the terminal, and tells which of its lines `pick` found when it failed.
pub fn call_and_tell(command: &mut Command, pick: fn(&str) -> bool) -> Outcome {
    println!("$ {}", shown(command));
    let named = command.get_program().display().to_string();
    let cannot = |error: io::Error| Stop::Failed(format!("`{named}` cannot be run: {error}"));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(cannot)?;
    let mut told = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("just piped")).split(b'\n') {
        let line = line.map_err(cannot)?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if pick(&line) {
            told.push(line.into_owned());
        }
    }
    match child.wait().map_err(cannot)? {
        status if status.success() => Ok(()),
        status => Err(Stop::Failed(
            format!("{}\n`{}` ended with {status}", told.join("\n"), shown(command)).trim().to_owned(),
        )),
    }
}

/// Prints and runs a command and returns what it wrote to its standard output.
pub fn read(command: &mut Command) -> Result<String, Stop> {
    println!("$ {}", shown(command));
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            Err(Stop::Failed(format!("`{}` ended with {}", shown(command), output.status)))
        }
        Err(error) => Err(Stop::Failed(format!("`{}` cannot be started: {error}", shown(command)))),
    }
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let mut text = String::new();
    if let Some(folder) = command.get_current_dir() {
        text.push_str(&format!("(cd {}) ", folder.display()));
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            text.push_str(&format!("{}={} ", name.to_string_lossy(), value.to_string_lossy()));
        }
    }
    text.push_str(&command.get_program().to_string_lossy());
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        if argument.is_empty() || argument.contains([' ', '\'', '"', '&', '$']) {
            text.push_str(&format!(" '{}'", argument.replace('\'', "'\\''")));
        } else {
            text.push_str(&format!(" {argument}"));
        }
    }
    text
}

fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 { format!("{}m {:02}s", whole / 60, whole % 60) } else { format!("{:.1}s", time.as_secs_f32()) }
}
